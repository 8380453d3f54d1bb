import { setTimeout as sleep } from "node:timers/promises";
import type { DeployedTrail } from "../../../../local/event-plane/deployed";
import { Faults, parseFaults } from "../../../../local/event-plane/faults";
import { Intake } from "../../../../local/event-plane/intake";
import { Journal } from "../../../../local/event-plane/journal";
import { Work } from "../../../../local/event-plane/work";

const TRAIL: DeployedTrail = {
  Name: "main",
  TrailARN: "arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/main",
  IsMultiRegionTrail: true,
  isLogging: true,
  eventSelectors: [],
  advancedEventSelectors: [],
};

function record(eventName: string) {
  return {
    eventType: "AwsApiCall",
    eventSource: "cloudtrail.amazonaws.com",
    eventName,
    eventID: `id of ${eventName}`,
    awsRegion: "ap-northeast-2",
  };
}

/** An intake, what it handed to the rules, and what it delivered in which batches. */
function intake() {
  const handled: string[] = [];
  const delivered: unknown[][] = [];
  const faults = new Faults();
  const journal = new Journal(() => new Date(0));
  const work = new Work((error) => {
    throw error;
  });
  const taking = new Intake({
    rules: {
      handle: async ({ detail }, region) => {
        handled.push(`${detail.eventName} ${region}`);
      },
    },
    delivery: {
      deliver: async (batch) => {
        delivered.push(batch.map((recorded) => recorded.record.eventName));
        await sleep(1);
      },
    },
    faults,
    journal,
    work,
  });
  const take = (...names: string[]): void => {
    for (const name of names) {
      taking.take(record(name), [TRAIL]);
    }
  };
  const entries = () => journal.since(new Date(0)).map(({ kind, what, detail }) => [kind, what, detail]);
  return { taking, take, handled, delivered, faults, work, entries };
}

describe("Intake", () => {
  it("hands an event to the rules of its region, and the record to the trail", async () => {
    const { take, handled, delivered, work, entries } = intake();
    take("StopLogging");
    await work.ended();
    expect(handled).toEqual(["StopLogging ap-northeast-2"]);
    expect(delivered).toEqual([["StopLogging"]]);
    expect(entries()).toEqual([["recorded", "cloudtrail.amazonaws.com StopLogging", "id of StopLogging"]]);
  });

  it("takes nothing that no trail takes", async () => {
    const { taking, handled, delivered, work, entries } = intake();
    taking.take(record("StopLogging"), [{ ...TRAIL, isLogging: false }]);
    await work.ended();
    expect(handled).toEqual([]);
    expect(delivered).toEqual([]);
    expect(entries()).toEqual([
      ["not recorded", "cloudtrail.amazonaws.com StopLogging", "id of StopLogging"],
    ]);
  });

  it("delivers a record that EventBridge has no event of", async () => {
    const { taking, handled, delivered, work } = intake();
    taking.take({ ...record("Something"), eventType: "Unknown" }, [TRAIL]);
    await work.ended();
    expect(handled).toEqual([]);
    expect(delivered).toEqual([["Something"]]);
  });

  it("delivers together, in their order, what came while others were on their way", async () => {
    const { take, delivered, work } = intake();
    take("One", "Two", "Three");
    await work.ended();
    take("Four");
    await work.ended();
    expect(delivered).toEqual([["One"], ["Two", "Three"], ["Four"]]);
  });

  it.each([
    ["cut:cloudtrail:StopLogging", ["UpdateTrail", "DeleteTrail"]],
    ["cut", []],
    ["cut:iam", ["StopLogging", "UpdateTrail", "DeleteTrail"]],
    ["throttle", ["StopLogging", "UpdateTrail", "DeleteTrail"]],
    ["duplicate:cloudtrail:UpdateTrail", ["StopLogging", "UpdateTrail", "UpdateTrail", "DeleteTrail"]],
    ["reorder:cloudtrail:StopLogging", ["UpdateTrail", "StopLogging", "DeleteTrail"]],
    ["reorder*1", ["UpdateTrail", "StopLogging", "DeleteTrail"]],
    ["reorder", ["UpdateTrail", "StopLogging", "DeleteTrail"]],
    ["reorder:cloudtrail:DeleteTrail", ["StopLogging", "UpdateTrail", "DeleteTrail"]],
  ])("with %s hands on %j, and delivers every record", async (text, expected) => {
    const { taking, take, handled, delivered, faults, work } = intake();
    faults.set(parseFaults(text));
    take("StopLogging", "UpdateTrail", "DeleteTrail");
    await work.ended();
    taking.release();
    await work.ended();
    expect(handled.map((event) => event.split(" ")[0])).toEqual(expected);
    expect(delivered.flat()).toEqual(["StopLogging", "UpdateTrail", "DeleteTrail"]);
  });

  it("holds an event back until another has passed or it is released", async () => {
    const { taking, take, handled, faults, work, entries } = intake();
    faults.set(parseFaults("reorder"));
    take("StopLogging");
    await work.ended();
    expect(handled).toEqual([]);
    taking.release();
    taking.release();
    expect(handled).toEqual(["StopLogging ap-northeast-2"]);
    expect(entries()).toContainEqual(["fault", "event of StopLogging", "reorder"]);
  });
});
