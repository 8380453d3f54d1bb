import { eventsLost, matchesStopLogging, mayMatchTheSame } from "../../../../cli/review/event-pattern-losses";
import { guardRules } from "../../../../detections";

type Pattern = Readonly<Record<string, unknown>>;

const CALLS = { source: ["aws.cloudtrail"], detail: { eventName: ["StopLogging", "DeleteTrail"] } };
const GUARD = "arn:aws:iam::123456789012:role/enable_trail";

function ofRole(...roles: readonly unknown[]): Pattern {
  return {
    ...CALLS,
    detail: { ...CALLS.detail, userIdentity: { sessionContext: { sessionIssuer: { arn: roles } } } },
  };
}

function lost(before: unknown, after: unknown) {
  return eventsLost(
    { pattern: JSON.stringify(before), state: "ENABLED" },
    { pattern: JSON.stringify(after), state: "ENABLED" },
  );
}

describe("eventsLost", () => {
  it.each<[string, Pattern, Pattern, readonly string[] | "unknown"]>([
    ["the same", CALLS, { ...CALLS }, []],
    ["a wider one", CALLS, { source: ["aws.cloudtrail"] }, []],
    ["one call less", CALLS, { ...CALLS, detail: { eventName: ["DeleteTrail"] } }, ["StopLogging"]],
    [
      "one call of any excepted",
      { source: ["aws.cloudtrail"] },
      { source: ["aws.cloudtrail"], detail: { eventName: [{ "anything-but": ["StopLogging"] }] } },
      ["StopLogging", "other events"],
    ],
    [
      "one principal more excepted",
      ofRole({ "anything-but": [GUARD] }, { exists: false }),
      ofRole({ "anything-but": [GUARD, `${GUARD}-2`] }, { exists: false }),
      ["StopLogging"],
    ],
    [
      "users left out",
      ofRole({ "anything-but": [GUARD] }, { exists: false }),
      ofRole({ "anything-but": [GUARD] }),
      ["DeleteTrail", "StopLogging"],
    ],
    [
      "a trail's name asked for",
      CALLS,
      { ...CALLS, detail: { ...CALLS.detail, requestParameters: { name: ["other"] } } },
      ["DeleteTrail", "StopLogging"],
    ],
    [
      "one trail of two",
      { detail: { requestParameters: { name: ["one", "two"] } } },
      { detail: { requestParameters: { name: ["one"] } } },
      ["StopLogging"],
    ],
    [
      "one branch of $or less",
      { detail: { $or: [{ eventName: ["PutRule"] }, { eventName: [{ prefix: "PutBucket" }] }] } },
      { detail: { $or: [{ eventName: [{ prefix: "PutBucket" }] }, { eventName: ["DeleteRule"] }] } },
      ["PutRule"],
    ],
    [
      "a number",
      { detail: { count: [{ numeric: [">", 5] }] } },
      { detail: { count: [{ numeric: [">", 6] }] } },
      ["StopLogging"],
    ],
    ["one that is no pattern", CALLS, { source: "aws.cloudtrail" }, "unknown"],
  ])("judges %s", (_, before, after, expected) => {
    expect(lost(before, after)).toEqual(expected);
  });

  it("counts reads, which EventBridge keeps from rules that are only enabled", () => {
    const pattern = JSON.stringify({ detail: { eventName: ["GetTrailStatus", "StopLogging"] } });

    expect(
      eventsLost(
        { pattern, state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" },
        { pattern, state: "ENABLED" },
      ),
    ).toEqual(["GetTrailStatus"]);
  });
});

describe("eventsLost, of the rules of our own guard", () => {
  const rules = guardRules({
    functionName: "enable_trail",
    otherFunctionNames: ["alarm_notifier"],
    roleArn: GUARD,
    roleNames: ["delivery", "enable_trail"],
    bucketName: "logs-*",
    logGroupName: "trail",
    ruleNames: ["ec2_state_change"],
    topicNames: ["*_CloudWatch_Alarms_Topic", "TrailGuard_Alerts_Topic"],
  });
  const patterns = [rules.tampering, rules.ownParts, rules.alertTopics].map(({ eventPattern }) =>
    JSON.stringify(eventPattern),
  );

  it.each(patterns)("finds a value that is taken from %s", (pattern) => {
    const values = [...new Set(pattern.match(/"[^"]+"(?=[,\]}])/g))].filter(
      (value) => !value.startsWith('"aws.'),
    );
    // Each sixth: all of them take seconds.
    const some = values.filter((_, index) => index % 6 === 0);
    const missed = some.filter((value) => {
      const found = lost(JSON.parse(pattern), JSON.parse(pattern.replaceAll(value, '"none"')));
      return found.length === 0 || found === "unknown";
    });

    expect(some.length).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  it.each(patterns)("finds a role that is excepted from %s", (pattern) => {
    const after = pattern.replace(`["${GUARD}"]`, `["${GUARD}","${GUARD}-2"]`);

    expect(lost(JSON.parse(pattern), JSON.parse(after))).not.toEqual([]);
  });
});

describe("matchesStopLogging", () => {
  it.each<[string, unknown, boolean]>([
    ["the call", CALLS, true],
    ["the call of one trail", { detail: { requestParameters: { name: ["main"] } } }, true],
    ["the call in one account and region", { account: ["1"], region: ["us-east-1"] }, true],
    ["other calls", { detail: { eventName: ["DeleteTrail"] } }, false],
    [
      "the call of another service",
      { source: ["aws.kinesis"], detail: { eventName: ["StopLogging"] } },
      false,
    ],
    ["what EC2 tells", { "detail-type": ["EC2 Instance State-change Notification"] }, false],
    ["what can't be read, and names it", { x: [{ like: "StopLogging" }] }, true],
  ])("judges %s", (_, pattern, expected) => {
    expect(matchesStopLogging(JSON.stringify(pattern))).toBe(expected);
  });
});

describe("mayMatchTheSame", () => {
  it.each<[unknown, unknown, boolean]>([
    [CALLS, { source: ["aws.cloudtrail"] }, true],
    [{ source: ["aws.iam"], detail: { eventName: ["DeleteRole"] } }, { source: ["aws.iam", "aws.s3"] }, true],
    [{ source: ["aws.iam"] }, { source: ["aws.ec2"] }, false],
  ])("of %j and %j is %s", (one, other, expected) => {
    expect(mayMatchTheSame(JSON.stringify(one), JSON.stringify(other))).toBe(expected);
  });
});
