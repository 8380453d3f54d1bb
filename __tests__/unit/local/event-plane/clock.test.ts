import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Clock } from "../../../../local/event-plane/clock";

const MINUTE_MS = 60_000;
const settled = async (): Promise<void> => undefined;

function silentClock(): Clock {
  return new Clock((error) => {
    throw error;
  });
}

describe("Clock", () => {
  it("is this machine's until it is turned, and never behind", async () => {
    const clock = silentClock();
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1000);
    expect(clock.ahead).toBe(0);
    await clock.turn(5 * MINUTE_MS, settled);
    expect(clock.ahead).toBeGreaterThanOrEqual(5 * MINUTE_MS - 1000);
    expect(clock.ahead).toBeLessThanOrEqual(5 * MINUTE_MS);
  });

  it("does what is due on the way at its time, and leaves what is due later", async () => {
    const clock = silentClock();
    const began = clock.now().getTime();
    const done: string[] = [];
    const at = (name: string) => async () => {
      done.push(`${name} ${Math.round((clock.now().getTime() - began) / MINUTE_MS)}`);
    };
    clock.after(3 * MINUTE_MS, at("third"));
    clock.after(MINUTE_MS, at("first"));
    clock.after(MINUTE_MS, at("second"));
    clock.after(6 * MINUTE_MS, at("later"));
    await clock.turn(5 * MINUTE_MS, settled);
    expect(done).toEqual(["first 1", "second 1", "third 3"]);
    await clock.turn(MINUTE_MS, settled);
    expect(done).toHaveLength(4);
    clock.stop();
  });

  it("waits for what each thing set off before time goes on", async () => {
    const clock = silentClock();
    const order: string[] = [];
    clock.after(MINUTE_MS, async () => void order.push("first"));
    clock.after(2 * MINUTE_MS, async () => void order.push("second"));
    await clock.turn(3 * MINUTE_MS, async () => {
      await sleep(1);
      order.push("settled");
    });
    expect(order).toEqual(["first", "settled", "second", "settled"]);
  });

  it("does in the same turn what was made due in it", async () => {
    const clock = silentClock();
    let ticks = 0;
    const tick = async (): Promise<void> => {
      ticks += 1;
      clock.after(MINUTE_MS, tick);
    };
    clock.after(MINUTE_MS, tick);
    // Each tick is a few milliseconds late, as the machine's time goes on as well.
    await clock.turn(5 * MINUTE_MS + 1000, settled);
    expect(ticks).toBe(5);
    clock.stop();
  });

  it("does by itself what comes due, and says when it is done", async () => {
    const clock = silentClock();
    const done: string[] = [];
    clock.after(5, async () => {
      done.push("begun");
      await sleep(20);
      done.push("ended");
    });
    clock.at(new Date(0), async () => void done.push("overdue"));
    await sleep(15);
    await clock.ended();
    expect(done).toEqual(["overdue", "begun", "ended"]);
  });

  it("tells of what failed, and goes on", async () => {
    const failures: unknown[] = [];
    const clock = new Clock((error) => failures.push(error));
    let isDone = false;
    clock.after(MINUTE_MS, async () => {
      throw new Error("no");
    });
    clock.after(MINUTE_MS, async () => {
      isDone = true;
    });
    await clock.turn(MINUTE_MS, settled);
    expect(failures).toEqual([new Error("no")]);
    expect(isDone).toBe(true);
  });

  it("does nothing more once it is stopped, not even in a turn", async () => {
    const clock = silentClock();
    const done: string[] = [];
    clock.after(5, async () => void done.push("by itself"));
    clock.after(MINUTE_MS, async () => {
      clock.stop();
      clock.after(MINUTE_MS, async () => void done.push("made due after"));
    });
    clock.after(2 * MINUTE_MS, async () => void done.push("due before"));
    const turned = clock.turn(5 * MINUTE_MS, settled);
    await turned;
    clock.at(new Date(0), async () => void done.push("overdue"));
    await sleep(10);
    expect(done).toEqual(["by itself"]);
  });

  it("does each due thing that isn't cancelled once, in order, at its own time, and never goes back", async () => {
    const scheduled = fc.record({ after: fc.integer({ min: 0, max: 1000 }), isCancelled: fc.boolean() });
    const turns = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(scheduled, { maxLength: 30 }), turns, async (things, minutes) => {
        const clock = silentClock();
        // By its time in minutes, so that what the test takes itself doesn't count.
        const began = clock.now().getTime();
        const minute = () => Math.floor((clock.now().getTime() - began) / MINUTE_MS);
        const done: { index: number; at: number }[] = [];
        const timers = things.map(({ after }, index) =>
          clock.at(
            new Date(began + after * MINUTE_MS + MINUTE_MS / 2),
            async () => void done.push({ index, at: minute() }),
          ),
        );
        for (const [index, { isCancelled }] of things.entries()) {
          if (isCancelled) {
            timers[index]?.cancel();
          }
        }
        let end = 0;
        for (const turn of minutes) {
          const before = clock.now();
          await clock.turn(turn * MINUTE_MS, settled);
          end += turn;
          expect(clock.now() >= before).toBe(true);
        }
        const due = things
          .map(({ after, isCancelled }, index) => ({ index, at: after, isCancelled }))
          .filter(({ at, isCancelled }) => !isCancelled && at < end)
          .sort((one, other) => one.at - other.at)
          .map(({ index, at }) => ({ index, at }));
        clock.stop();
        expect(done).toEqual(due);
      }),
    );
  });
});
