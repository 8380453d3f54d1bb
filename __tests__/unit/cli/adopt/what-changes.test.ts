import { declaredParts, partNamed } from "../../../../cli/adopt/declared";
import { changesOf, tagChanges, withChanges } from "../../../../cli/adopt/what-changes";

const PLACE = { region: "eu-central-1", accountId: "111122223333", partition: "aws" };

function stack(resource: object): string {
  return JSON.stringify({ resource });
}

/** As Terraform has it. */
function reference(to: string): string {
  return `\${${to}}`;
}

describe("declaredParts", () => {
  const json = stack({
    aws_kms_key: { key: { description: "k" } },
    aws_sns_topic: { topic: { name: "Alerts", kms_master_key_id: reference("aws_kms_key.key.arn") } },
    aws_s3_bucket: {
      bucket: {
        bucket: `acme-${reference("data.aws_caller_identity.a.account_id")}-${reference("data.aws_region.r.id")}`,
        provider: "aws.global",
      },
    },
    aws_cloudwatch_metric_alarm: {
      alarm: { alarm_name: "A", alarm_actions: [reference("aws_sns_topic.topic.arn")] },
    },
  });

  it("follows references to what is declared", () => {
    const parts = declaredParts(json, PLACE);

    expect(partNamed(parts, "aws_cloudwatch_metric_alarm", "A")?.arguments.alarm_actions).toEqual([
      "arn:aws:sns:eu-central-1:111122223333:Alerts",
    ]);
  });

  it("knows the region's and the account's, and what is made elsewhere", () => {
    const bucket = declaredParts(json, PLACE).find(({ type }) => type === "aws_s3_bucket");

    expect(bucket).toMatchObject({
      isElsewhere: true,
      arguments: { bucket: "acme-111122223333-eu-central-1" },
    });
  });

  it("has the key's ARN only where the key exists", () => {
    const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1";
    const keyOf = (arn?: string): unknown =>
      partNamed(declaredParts(json, PLACE, arn), "aws_sns_topic", "Alerts")?.arguments.kms_master_key_id;

    expect(keyOf(keyArn)).toBe(keyArn);
    expect(changesOf("aws_sns_topic", {}, { kms_master_key_id: keyOf() })).toEqual([
      "kms_master_key_id: none -> the deployment's key",
    ]);
  });

  it("refuses what is no stack", () => {
    expect(() => declaredParts("[]", PLACE)).toThrow("no resources");
  });
});

describe("changesOf", () => {
  it("tells each setting that differs, now and then", () => {
    expect(
      changesOf(
        "aws_cloudwatch_metric_alarm",
        { threshold: 5, period: 300, alarm_actions: ["b", "a"] },
        { threshold: 3, period: 300, alarm_actions: ["a", "b"] },
      ),
    ).toEqual(["threshold: 5 -> 3"]);
  });

  it.each([
    ["nothing at all", { ok_actions: [], unit: undefined, description: "" }, {}],
    ["a default", { treat_missing_data: "missing", actions_enabled: true, state: "ENABLED" }, {}],
    [
      "JSON in another order",
      { event_pattern: '{"a":[1,2],"b":["c"]}' },
      { event_pattern: '{"b":"c","a":[2,1]}' },
    ],
    ["what Terraform leaves", { datapoints_to_alarm: 1 }, {}],
    ["what says which resource it is", { bucket: "a" }, { bucket: "b", force_destroy: false, path: "/x/" }],
  ])("takes %s for the same", (_, existing, declared) => {
    expect(changesOf("aws_x", existing, declared)).toEqual([]);
  });

  it("tells of a nested setting the values that differ", () => {
    const rule = (algorithm: string, key: object) => ({
      rule: [{ by_default: { sse_algorithm: algorithm, ...key }, bucket_key_enabled: true }],
    });

    expect(changesOf("aws_x", rule("AES256", {}), rule("aws:kms", { kms_master_key_id: "k" }))).toEqual([
      "rule.by_default.sse_algorithm: AES256 -> aws:kms",
      "rule.by_default.kms_master_key_id: none -> k",
    ]);
  });

  it("tells a default that a setting goes back to", () => {
    expect(changesOf("aws_x", { treat_missing_data: "breaching" }, {})).toEqual([
      "treat_missing_data: breaching -> missing (by default)",
    ]);
  });

  it("tells statements that go and come", () => {
    const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
    const kept = { Sid: "Kept", Effect: "Allow", Action: "a" };

    expect(
      changesOf(
        "aws_s3_bucket_policy",
        { policy: policy({ Effect: "Allow", Action: ["a"], Sid: "Kept" }, { Sid: "Gone", Action: "b" }) },
        {
          policy: policy(kept, {
            Sid: "Comes",
            Effect: "Deny",
            Action: "c",
            Principal: { Service: "events.amazonaws.com" },
          }),
        },
      ),
    ).toEqual(["policy: without Gone (allows b)", "policy: with Comes (denies c for events.amazonaws.com)"]);
  });

  it("tells a statement that stays by name and says something else", () => {
    const policy = (Action: string): string => JSON.stringify({ Statement: { Sid: "Writes", Action } });

    expect(changesOf("aws_x", { policy: policy("a") }, { policy: policy("b") })).toEqual([
      "policy: with another Writes (allows b)",
    ]);
  });

  it("tells what a trail goes back to recording, and not what it records anyway", () => {
    const selector = {
      read_write_type: "WriteOnly",
      exclude_management_event_sources: ["kms.amazonaws.com"],
    };

    expect(changesOf("aws_cloudtrail", { event_selector: [selector] }, {})).toEqual([
      "event_selector.read_write_type: WriteOnly -> All (by default)",
      "event_selector.exclude_management_event_sources: kms.amazonaws.com -> none",
    ]);
  });

  it("prints no keys that a URL holds", () => {
    expect(changesOf("aws_x", { description: "see https://u:pass@wiki.example.com" }, {})).toEqual([
      "description: see https://***@wiki.example.com -> none",
    ]);
  });

  it("tells variables by name only", () => {
    const changes = changesOf(
      "aws_lambda_function",
      { environment: { variables: ["SECRET"] } },
      { environment: { variables: { MODE: "value" } } },
    );

    expect(changes).toEqual(["environment.variables: SECRET -> MODE"]);
  });

  it("says that a log group kept events for ever", () => {
    expect(
      changesOf("aws_cloudwatch_log_group", { retention_in_days: 0 }, { retention_in_days: 365 }),
    ).toEqual(["retention_in_days: for ever -> 365"]);
  });
});

test("tags that the settings don't have are taken away", () => {
  expect(tagChanges({ owner: "ops", team: "a" }, { team: "b", new: "c" })).toEqual([
    "tags.owner: ops -> none",
    "tags.team: a -> b",
    "tags.new: none -> c",
  ]);
});

test("what is only left has no changes", () => {
  const item = { kind: "topic", name: "T", decision: "leave", notes: [] } as const;

  expect(withChanges([item], [], { team: "a" })).toEqual([{ ...item, before: [], changes: [] }]);
});

test("a bucket's first lifecycle is told by what it deletes", () => {
  const bucket = {
    kind: "bucket",
    name: "logs",
    decision: "adopt",
    becomes: { type: "aws_s3_bucket", arguments: {}, tags: {}, makesLifecycle: true },
    notes: [],
  } as const;
  const declared = [
    { type: "aws_s3_bucket", arguments: {}, isElsewhere: false },
    {
      type: "aws_s3_bucket_lifecycle_configuration",
      arguments: {
        rule: [{ id: "r", noncurrent_version_expiration: [{ noncurrent_days: 90 }], status: "Enabled" }],
      },
      isElsewhere: false,
    },
  ];

  expect(withChanges([bucket], declared, {})[0]?.changes).toEqual([
    "lifecycle.rule.noncurrent_version_expiration.noncurrent_days: none -> 90",
  ]);
});
