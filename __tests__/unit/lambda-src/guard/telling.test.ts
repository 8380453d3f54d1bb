import { guardRules } from "../../../../detections";
import { isUnseen, rowOf, takesAway, touches } from "../../../../lambda-src/guard/telling";
import { type ApiCall, apiCallOf } from "../../../../lambda-src/shared/api-call";
import { eventOf } from "./support/events";
import { FILTER_NAME, IRREPARABLE, RESTORABLE, RULE_NAME, STRONGER } from "./support/tampering";

function call(eventName: string, requestParameters: object = {}): ApiCall {
  return apiCallOf(eventOf({ eventSource: "x.amazonaws.com", eventName, requestParameters })) as ApiCall;
}

const ALL = [...RESTORABLE, ...STRONGER, ...IRREPARABLE];

describe("takesAway", () => {
  it.each([
    "StopLogging",
    "DeleteTrail",
    "DisableRule",
    "ScheduleKeyDeletion",
    "RemoveTags",
    "Unsubscribe",
    "RevokeGrant",
  ])("is %s", (eventName) => {
    expect(takesAway(call(eventName))).toBe(true);
  });

  it.each(["UpdateTrail", "PutRule", "EnableRule", "StartLogging", "CancelKeyDeletion", "xDelete"])(
    "isn't %s",
    (eventName) => {
      expect(takesAway(call(eventName))).toBe(false);
    },
  );
});

describe("touches", () => {
  it.each(ALL.filter(({ difference }) => difference !== "key"))(
    "knows what makes it so that $name",
    ({ call: made, difference }) => {
      expect(touches(call(made.eventName, made.requestParameters as object), difference)).toBe(true);
    },
  );

  it("knows the differences of another kind from those that a call makes", () => {
    for (const { call: made, difference } of ALL) {
      const touched = ALL.map((one) => one.difference).filter((id) =>
        touches(call(made.eventName, made.requestParameters as object), id),
      );
      const kinds = new Set(touched.map((id) => id.split(".").slice(0, 2).join(".")));
      const [service] = difference.split(/[.-]/);
      for (const kind of kinds) expect(kind.startsWith(service?.replace(/s$/, "") ?? "")).toBe(true);
    }
  });

  it.each([
    ["PutMetricFilter", { filterName: FILTER_NAME }, `metric-filter.${FILTER_NAME}`, true],
    ["PutMetricFilter", { filterName: "another" }, `metric-filter.${FILTER_NAME}`, false],
    ["PutMetricFilter", {}, `metric-filter.${FILTER_NAME}`, true],
    ["DisableRule", { name: RULE_NAME }, `rule.${RULE_NAME}.state`, true],
    ["DisableRule", { name: "another" }, `rule.${RULE_NAME}.state`, false],
    ["DeleteRule", { name: RULE_NAME }, `rule.${RULE_NAME}`, true],
    ["StopLogging", {}, "trail", false],
    ["DeleteTrail", {}, "trail.logging", false],
    ["DeleteBucket", {}, "bucket.policy", false],
    ["GetTrailStatus", {}, "trail.logging", false],
  ])("%s %j and %s: %s", (eventName, parameters, id, expected) => {
    expect(touches(call(eventName, parameters), id)).toBe(expected);
  });
});

describe("rowOf", () => {
  it.each([
    ["StopLogging", "stop-logging"],
    ["DeleteTrail", "delete-trail"],
    ["UpdateTrail", "update-trail"],
    ["RemoveTags", "update-trail"],
    ["PutInsightSelectors", "event-selectors"],
    ["PutBucketPublicAccessBlock", "bucket"],
    ["DeleteBucket", "irreparable"],
    ["ScheduleKeyDeletion", "key"],
    ["DisassociateKmsKey", "log-group"],
    ["DeleteLogGroup", "irreparable"],
    ["DisableAlarmActions", "alarms-and-rules"],
    ["DeleteAlarms", "irreparable"],
    ["DisableRule", "alarms-and-rules"],
    ["DeleteRule", "irreparable"],
    ["DeleteTopic", "irreparable"],
  ])("of %s is %s", (eventName, row) => {
    expect(rowOf(call(eventName))).toBe(row);
  });
});

describe("isUnseen", () => {
  it("is what changes no part, and what changes something that the guard doesn't look at", () => {
    expect(isUnseen(call("StopLogging"), undefined)).toBe(true);
    expect(isUnseen(call("PutKeyPolicy"), "key")).toBe(true);
    expect(isUnseen(call("DisableKey"), "key")).toBe(false);
  });

  it.each([
    ["PutBucketReplication", true],
    ["PutBucketAcl", true],
    ["PutBucketLogging", true],
    ["PutObjectLockConfiguration", true],
    ["PutBucketPolicy", false],
    ["DeleteBucketEncryption", false],
    ["PutBucketVersioning", false],
  ])("is, of a bucket, what isn't looked at: %s: %s", (eventName, expected) => {
    expect(isUnseen(call(eventName), "bucket")).toBe(expected);
  });
});

it("each call that wakes the guard is one that it sees, or that it tells of", () => {
  const rules = guardRules({
    functionName: "enable_trail",
    roleArn: "arn:aws:iam::123456789012:role/enable_trail",
    bucketName: "b",
    logGroupName: "g",
    ruleNames: [],
    roleNames: [],
    topicNames: [],
  });
  const names = JSON.stringify(rules).match(/"[A-Z][A-Za-z]+"/g) ?? [];
  const calls = names
    .map((name) => call(name.slice(1, -1)))
    .filter(({ eventName }) => /^[A-Z][a-z]+[A-Z]/.test(eventName));
  const ids = ALL.map(({ difference }) => difference);

  expect(calls.length).toBeGreaterThan(30);
  const unknown = calls.filter(
    (one) =>
      !takesAway(one) &&
      !isUnseen(one, /Bucket|Object/.test(one.eventName) ? "bucket" : "trail") &&
      !ids.some((id) => touches(one, id)) &&
      // These change no part, and are told of as such.
      !/Function|Role|Queue|Permission|Parameter|Topic|Subscription/.test(one.eventName),
  );
  expect(unknown.map(({ eventName }) => eventName)).toEqual([]);
});
