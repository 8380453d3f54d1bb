import { type Folded, type FoldOptions, fold } from "../../../../lambda-src/notifier/fold";
import { instanceChangeOf } from "../../../../lambda-src/notifier/instance-change";
import { LOG_GROUP, SETTINGS } from "./support/deployment";
import { instanceEvent, START } from "./support/events";
import { FakeAws } from "./support/fake-aws";
import { FakeTime } from "./support/fake-time";

const ITEM = "ec2-state-change 2026-03-25T05:40:00.000Z";

function scene() {
  const time = new FakeTime(START);
  const fake = new FakeAws(time, LOG_GROUP, SETTINGS.tableName);
  const told: string[][] = [];
  const arrivedBefore: string[][] = [];
  let telling: (note: (arrived: ReadonlySet<string>) => Promise<void>) => Promise<void> = async () => {};
  const tell = async (
    { changes, arrived }: Folded,
    note: (arrived: ReadonlySet<string>) => Promise<void>,
  ) => {
    arrivedBefore.push([...arrived].sort());
    await telling(note);
    told.push(changes.map(({ eventId }) => eventId));
  };
  /** An event of an invocation of its own, unless it is named. */
  const begin = (id: number, { at = time.time, invocationId = `i${id}` } = {}) => {
    const change = instanceChangeOf(instanceEvent(id, { at }));
    if (change === undefined) {
      throw new Error("no change");
    }
    const options: FoldOptions = {
      aws: fake.aws,
      tableName: SETTINGS.tableName,
      invocationId,
      now: time.now,
      sleep: time.sleep,
    };
    return fold(change, tell, options);
  };
  return {
    ...{ time, fake, told, arrivedBefore, begin },
    run: (...work: Promise<"told" | "folded">[]) => time.run(Promise.all(work)),
    onTell: (does: typeof telling) => {
      telling = does;
    },
  };
}

describe("fold", () => {
  it("tells of one change once its span is over", async () => {
    const { begin, run, told, time } = scene();

    await expect(run(begin(1, { at: START + 3000 }))).resolves.toEqual(["told"]);
    expect(told).toEqual([["e1"]]);
    expect(time.time).toBe(START + 17_000);
  });

  it("tells of all changes of a span at once, by their time", async () => {
    const { begin, run, told } = scene();

    const work = [14, 3, 9].map((second, n) => begin(n, { at: START + second * 1000 }));

    await expect(run(...work)).resolves.toEqual(["told", "folded", "folded"]);
    expect(told).toEqual([["e1", "e2", "e0"]]);
  });

  it("tells of each span by itself", async () => {
    const { begin, run, told } = scene();
    await run(begin(1, { at: START + 14_000 }), begin(2, { at: START + 15_000 }));

    expect(told).toEqual([["e1"], ["e2"]]);
  });

  it("waits no longer where the span is long over, and not for hours where it is to come", async () => {
    const { begin, run, told, time } = scene();
    await run(begin(1, { at: START - 3600_000 }));
    expect(time.time).toBe(START);

    await run(begin(2, { at: START + 3600_000 }));
    expect(time.time).toBe(START + 17_000);

    await run(begin(3, { at: START + 48 * 3600_000 }));
    expect(time.time).toBe(START + 32_000);
    expect(told).toEqual([["e1"], ["e2"], ["e3"]]);
  });

  it("tells of a change once, however often its event is delivered", async () => {
    const { begin, run, told } = scene();
    const at = START;
    await run(begin(1, { at }), begin(1, { at }), begin(1, { at, invocationId: "other" }));
    await expect(run(begin(1, { at, invocationId: "late" }))).resolves.toEqual(["folded"]);

    expect(told).toEqual([["e1"]]);
  });

  it("tells of what comes later by itself", async () => {
    const { begin, run, told } = scene();
    await run(begin(1, { at: START }));

    await expect(run(begin(2, { at: START }))).resolves.toEqual(["told"]);
    expect(told).toEqual([["e1"], ["e2"]]);
  });

  it("tells of what comes while it tells", async () => {
    const { begin, run, told, onTell } = scene();
    const during: Promise<"told" | "folded">[] = [];
    onTell(async () => {
      if (during.length === 0) {
        during.push(begin(2, { at: START }));
        await Promise.all(during);
      }
    });

    await expect(run(begin(1, { at: START }))).resolves.toEqual(["told"]);
    await expect(during[0]).resolves.toBe("folded");
    expect(told).toEqual([["e1"], ["e2"]]);
  });

  it("makes three calls where one change is told", async () => {
    const { begin, run, fake } = scene();
    await run(begin(1));

    expect(fake.takeCalls()).toEqual(["dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]);
  });

  it("lets DynamoDB forget a span after two days", async () => {
    const { begin, run, fake } = scene();
    await run(begin(1));

    expect(fake.table.get(ITEM)?.expiresAt).toEqual({ N: String(START / 1000 + 172_800) });
  });

  it("tells only where a failed try has not, and of all again once there are more", async () => {
    const { begin, run, fake, arrivedBefore, told, onTell } = scene();
    onTell(async (note) => {
      await note(new Set(["a", "slack b"]));
      throw new Error("c is down");
    });
    await expect(run(begin(1, { at: START }))).rejects.toThrow("c is down");
    await expect(run(begin(1, { at: START }))).rejects.toThrow("c is down");
    await expect(run(begin(2, { at: START + 1000 }))).rejects.toThrow("c is down");
    onTell(async () => {});
    await run(begin(2, { at: START + 1000 }));

    expect(arrivedBefore).toEqual([[], ["a", "slack b"], [], ["a", "slack b"]]);
    expect(told).toEqual([["e1", "e2"]]);
    expect(fake.table.get(ITEM)?.arrived).toBeUndefined();
  });

  it("names what may be untold in the error, what others have left to it as well", async () => {
    const { begin, time, onTell } = scene();
    onTell(async () => {
      throw new Error("a is down");
    });
    const first = begin(1, { at: START });
    const second = begin(2, { at: START + 1000 });

    await expect(time.run(second)).resolves.toBe("folded");
    await expect(time.run(first)).rejects.toThrow(
      `changes of EC2 instances may be untold, 2026-03-25T05:40:00Z: i-00000000000000001 is running; 2026-03-25T05:40:01Z: i-00000000000000002 is running; and what else the table's item "${ITEM}" holds: Error: a is down`,
    );
  });

  it("leaves it to whoever comes next, since its last try may have failed", async () => {
    const { begin, run, told, onTell } = scene();
    onTell(async () => {
      throw new Error("a is down");
    });
    await expect(run(begin(1, { at: START }))).rejects.toThrow("a is down");
    onTell(async () => {});

    await expect(run(begin(2, { at: START + 1000 }))).resolves.toEqual(["told"]);
    await expect(run(begin(1, { at: START }))).resolves.toEqual(["folded"]);
    expect(told).toEqual([["e1", "e2"]]);
  });

  describe("after an invocation that died", () => {
    function dead() {
      const all = scene();
      all.fake.table.set(ITEM, {
        id: { S: ITEM },
        changes: {
          SS: [JSON.stringify(instanceChangeOf(instanceEvent(9)))],
        },
        invocation: { S: "dead" },
        leaseUntil: { N: String(START / 1000 + 300) },
      });
      return all;
    }

    it("leaves it alone while it may still live", async () => {
      const { begin, run, time, told } = dead();
      time.time += 300_000;

      await expect(run(begin(1, { at: START }))).resolves.toEqual(["folded"]);
      expect(told).toEqual([]);
    });

    it("takes over from it, once", async () => {
      const { begin, run, time, told, fake } = dead();
      time.time += 301_000;
      fake.latency = () => 10;

      const outcomes = await run(begin(1, { at: START + 1000 }), begin(2, { at: START + 2000 }));

      expect(outcomes.sort()).toEqual(["folded", "told"]);
      expect(told).toEqual([["e9", "e1", "e2"]]);
    });

    it("takes over though the first answer to that is lost, and the client asks again", async () => {
      const { begin, run, time, told, fake } = dead();
      time.time += 301_000;
      fake.faultOf = (_, input) => (JSON.stringify(input).includes(":other") ? "made twice" : undefined);

      await expect(run(begin(1, { at: START }))).resolves.toEqual(["told"]);
      expect(told).toHaveLength(1);
    });

    it("goes on with its own next try", async () => {
      const { begin, run, time, told } = dead();
      time.time += 60_000;
      await run(begin(9, { at: START, invocationId: "dead" }));

      expect(told).toEqual([["e9"]]);
    });
  });

  it("fails, and isn't caught in a loop, where somebody deletes what it has noted", async () => {
    const { begin, run, fake, onTell } = scene();
    onTell(async () => {
      fake.table.clear();
    });

    await expect(run(begin(1))).rejects.toThrow("the table's item is gone");
  });

  it("refuses what an item can't hold", async () => {
    const { begin, run, fake } = scene();
    fake.faultOf = () => "failed";

    await expect(run(begin(1))).rejects.toThrow(
      /i-00000000000000001 is running.*ServiceUnavailable: dynamodb:UpdateItem failed$/,
    );
  });
});
