import fc from "fast-check";
import { changeLine, instanceChangeOf } from "../../../../lambda-src/notifier/instance-change";
import { hostileText } from "../shared/hostile-text";
import { ACCOUNT, REGION } from "./support/deployment";
import { instanceEvent, START } from "./support/events";

const CHANGE = {
  eventId: "e7",
  time: "2026-03-25T05:40:00Z",
  instanceId: "i-00000000000000007",
  state: "stopped",
  accountId: ACCOUNT,
  region: REGION,
};

describe("instanceChangeOf", () => {
  it("reads what EventBridge sends", () => {
    expect(instanceChangeOf(instanceEvent(7, { at: START, state: "stopped" }))).toEqual(CHANGE);
  });

  it.each([
    ["another kind", { "detail-type": "EC2 Spot Instance Interruption Warning" }],
    ["no id", { id: "" }],
    ["no time", { time: undefined }],
    ["a time that is none", { time: "yesterday" }],
    ["no detail", { detail: null }],
    ["no instance", { detail: { state: "running" } }],
    ["no state", { detail: { "instance-id": "i-7" } }],
  ])("reads nothing of an event with %s", (_, fields) => {
    expect(instanceChangeOf({ ...instanceEvent(7), ...fields })).toBeUndefined();
  });

  it("throws nothing, whatever the event holds", () => {
    const anything = fc.oneof(hostileText, fc.jsonValue());
    const mangled = fc
      .dictionary(fc.constantFrom("id", "time", "detail", "account", "region"), anything)
      .map((fields) => ({ ...instanceEvent(7), ...fields }));
    fc.assert(
      fc.property(fc.oneof(mangled, anything), (event) => {
        const change = instanceChangeOf(event);
        expect(Object.values(change ?? {}).every((value) => typeof value === "string")).toBe(true);
      }),
    );
  });
});

describe("changeLine", () => {
  it("tells when, which instance and what it is", () => {
    expect(changeLine(CHANGE)).toBe("2026-03-25T05:40:00Z: i-00000000000000007 is stopped");
  });
});
