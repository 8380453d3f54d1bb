import { setTimeout as sleep } from "node:timers/promises";
import { Work } from "../../../../local/event-plane/work";

describe("Work", () => {
  it("has ended when there is none", async () => {
    await new Work(() => undefined).ended();
  });

  it("has ended once all has, what was begun meanwhile included", async () => {
    const work = new Work(() => undefined);
    const done: string[] = [];
    const later = async (name: string, milliseconds: number): Promise<void> => {
      await sleep(milliseconds);
      done.push(name);
    };
    work.begin(
      later("first", 2).then(() => {
        work.begin(later("third", 10));
      }),
    );
    work.begin(later("second", 5));
    await work.ended();
    expect(done).toEqual(["first", "second", "third"]);
  });

  it("tells of what failed, and has ended all the same", async () => {
    const failures: unknown[] = [];
    const work = new Work((error) => failures.push(error));
    let isDone = false;
    work.begin(Promise.reject(new Error("no")));
    work.begin(
      sleep(2).then(() => {
        isDone = true;
      }),
    );
    await work.ended();
    expect(failures).toEqual([new Error("no")]);
    expect(isDone).toBe(true);
  });
});
