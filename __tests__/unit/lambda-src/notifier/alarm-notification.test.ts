import fc from "fast-check";
import { alarmNotificationOf } from "../../../../lambda-src/notifier/alarm-notification";
import { hostileText } from "../shared/hostile-text";
import { ACCOUNT, ALARM, alarmArn } from "./support/deployment";
import { alarmFields, reasonOf, START } from "./support/events";

const MINUTE = 60_000;

function read(fields: object) {
  return alarmNotificationOf(JSON.stringify({ ...alarmFields(), ...fields }));
}

function windowOf(fields: object): readonly (string | undefined)[] {
  const { start, end } = read(fields)?.window ?? {};
  return [start?.toISOString(), end?.toISOString()];
}

describe("alarmNotificationOf", () => {
  it("reads what CloudWatch publishes", () => {
    expect(read({})).toEqual({
      alarmName: ALARM,
      alarmArn: alarmArn(ALARM),
      description: "What IAM Policy Changes tells",
      accountId: ACCOUNT,
      state: "ALARM",
      reason: expect.stringMatching(/^Threshold Crossed: 1 out of the last 1 datapoints \[1\.0 \(25\/03\/26/),
      changedAt: new Date("2026-03-25T05:45:20.123Z"),
      window: { start: new Date(START), end: new Date(START + 5 * MINUTE) },
      counted: 1,
    });
  });

  it("spans all data points, in whatever order, and adds up what they counted", () => {
    const points = [["2.0", START + 5 * MINUTE] as const, ["3.0", START - 5 * MINUTE] as const];
    const NewStateReason = reasonOf(...points);

    expect(windowOf({ NewStateReason })).toEqual(["2026-03-25T05:35:00.000Z", "2026-03-25T05:50:00.000Z"]);
    expect(read({ NewStateReason })?.counted).toBe(5);
  });

  it.each([
    ["1.2E7", 12_000_000],
    ["12345.0", 12_345],
    ["7", 7],
  ])("reads the count %s as %d", (value, expected) => {
    expect(read({ NewStateReason: reasonOf([value, START]) })?.counted).toBe(expected);
  });

  it.each([
    "set by hand",
    "",
    "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].",
    "1.0 (99/99/26 05:40:00)",
  ])("takes the period before the change where the reason names no data point: %j", (NewStateReason) => {
    expect(windowOf({ NewStateReason })).toEqual(["2026-03-25T05:40:20.123Z", "2026-03-25T05:45:20.123Z"]);
    expect(read({ NewStateReason })?.counted).toBeUndefined();
  });

  it("knows no count where the statistic is none of how many", () => {
    const { Trigger } = alarmFields();

    expect(read({ Trigger: { ...Trigger, Statistic: "AVERAGE" } })?.counted).toBeUndefined();
    expect(read({ Trigger: { ...Trigger, Statistic: "AVERAGE" } })?.window?.start).toEqual(new Date(START));
  });

  it.each([
    ["no trigger", { Trigger: undefined }],
    ["a composite alarm's rule", { Trigger: undefined, AlarmRule: "ALARM(a)" }],
    ["a metric-math trigger", { Trigger: { Metrics: [] } }],
    ["a period that is none", { Trigger: { Period: "300" } }],
    ["a period of nothing", { Trigger: { Period: 0 } }],
    ["a period beyond all time", { Trigger: { Period: 1e300 } }],
    ["a period beyond all time, before it", { Trigger: { Period: 1e300 }, NewStateReason: "by hand" }],
    [
      "the first moment of all",
      { StateChangeTime: "-271821-04-20T00:00:00.000Z", NewStateReason: "by hand" },
    ],
  ])("knows no window by %s", (_, fields) => {
    expect(read(fields)?.alarmName).toBe(ALARM);
    expect(read(fields)?.window).toBeUndefined();
  });

  it.each([
    ["no JSON", "ALARM"],
    ["a list", "[]"],
    ["null", "null"],
    ["a notification without a name", JSON.stringify({ ...alarmFields(), AlarmName: "" })],
    ["a notification without an ARN", JSON.stringify({ ...alarmFields(), AlarmArn: 7 })],
    ["a notification without a time", JSON.stringify({ ...alarmFields(), StateChangeTime: "today" })],
  ])("reads nothing of %s", (_, message) => {
    expect(alarmNotificationOf(message)).toBeUndefined();
  });

  it("throws nothing and tells times that can be written, whatever the message holds", () => {
    const anything = fc.oneof(
      hostileText,
      fc.jsonValue(),
      fc.double(),
      fc.constant(reasonOf(["1.0", START])),
    );
    const fields = fc.dictionary(
      fc.constantFrom("NewStateReason", "NewStateValue", "AlarmDescription", "AWSAccountId", "OldStateValue"),
      anything,
    );
    const trigger = fc.dictionary(fc.constantFrom("Period", "Statistic"), anything);
    const time = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      hostileText,
    );
    const message = fc
      .tuple(fields, trigger, time)
      .map(([others, Trigger, StateChangeTime]) =>
        JSON.stringify({ ...alarmFields(), ...others, Trigger, StateChangeTime }),
      );
    fc.assert(
      fc.property(fc.oneof(message, hostileText, fc.json()), (text) => {
        const alarm = alarmNotificationOf(text);
        for (const at of [alarm?.changedAt, alarm?.window?.start, alarm?.window?.end]) {
          expect(at === undefined || at.toISOString()).toBeTruthy();
        }
      }),
      { numRuns: 500 },
    );
  });

  it("reads a reason of any length in no time", () => {
    const began = performance.now();
    read({ NewStateReason: `${"1".repeat(200_000)} ${"1.0 (".repeat(50_000)}` });
    expect(performance.now() - began).toBeLessThan(4000);
  });
});
