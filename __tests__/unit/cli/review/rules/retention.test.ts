import type { Attributes } from "../../../../../cli/review/plan";
import { judgeRetention } from "../../../../../cli/review/rules/retention";
import { TRAIL } from "../alerting-plan";
import { change, judged, type PlanChange } from "../support";

type Options = Parameters<typeof change>[3];

function told(...changes: readonly PlanChange[]): string[] {
  return judged(judgeRetention, [TRAIL, ...changes]).map(({ rule, message }) => `${rule}: ${message}`);
}

function logGroup(before: unknown, after: unknown, options: Options = {}): string[] {
  const attributes = (retention_in_days: unknown) => ({ name: "app", retention_in_days });
  return told(change("aws_cloudwatch_log_group.g", attributes(before), attributes(after), options));
}

describe("a log group", () => {
  it.each([
    [90, 120, "120 days instead of 90 days"],
    [365, 0, "for ever instead of 365 days"],
    [365, null, "for ever instead of 365 days"],
  ])("that keeps events %j, then %j days is a warning", (before, after, longer) => {
    expect(logGroup(before, after)).toEqual([`retention-raised: The log group "app" keeps events ${longer}`]);
  });

  it.each([
    [120, 150],
    [365, 90],
    [0, 365],
    [0, 0],
    [365, 365],
  ])("that keeps them %j, then %j days isn't", (before, after) => {
    expect(logGroup(before, after)).toEqual([]);
  });

  it("that is made or removed isn't", () => {
    const attributes = { name: "app", retention_in_days: 3653 };

    expect(told(change("aws_cloudwatch_log_group.g", undefined, attributes))).toEqual([]);
    expect(told(change("aws_cloudwatch_log_group.g", attributes, undefined))).toEqual([]);
  });

  it.each([["365"], [[1]], [true]])("that keeps them %j days isn't known", (after) => {
    expect(logGroup(90, after)).toHaveLength(1);
  });

  it("isn't known where its days aren't, and tells no sensitive ones", () => {
    expect(logGroup(90, 90, { unknown: { retention_in_days: true } })).toEqual([
      expect.stringMatching(/^retention-raised: .* known after apply only/),
    ]);
    expect(logGroup(90, 4711, { sensitive: { retention_in_days: true } })).toEqual([
      'retention-raised: The log group "app" keeps events longer',
    ]);
  });
});

describe("the lifecycle of a bucket of log files", () => {
  const rule = (days: number | null, more: Attributes = {}) => ({
    status: "Enabled",
    filter: [{ prefix: "", and: [], tag: [], object_size_greater_than: null }],
    expiration: days === null ? [] : [{ days }],
    ...more,
  });
  const lifecycle = (
    before: readonly unknown[],
    after: readonly unknown[] | undefined,
    options: Options = {},
  ) =>
    change(
      "aws_s3_bucket_lifecycle_configuration.l",
      { bucket: "logs", rule: before },
      after && { bucket: "logs", rule: after },
      options,
    );

  it.each<[string, readonly unknown[] | undefined, string]>([
    ["later", [rule(500)], "500 days instead of 365 days"],
    ["never", [rule(null)], "for ever instead of 365 days"],
    ["never, disabled", [rule(365, { status: "Disabled" })], "for ever instead of 365 days"],
    ["never, removed", undefined, "for ever instead of 365 days"],
    ["for one prefix only", [rule(365, { filter: [{ prefix: "x/" }] })], "for ever instead of 365 days"],
    ["for one tag only", [rule(365, { filter: [{ tag: [{ key: "a" }] }] })], "for ever instead of 365 days"],
  ])("that lets them expire %s is a warning", (_, after, longer) => {
    expect(told(lifecycle([rule(365)], after))).toEqual([`retention-raised: Log files are kept ${longer}`]);
  });

  it.each<[string, readonly unknown[]]>([
    ["a little later", [rule(400)]],
    ["earlier", [rule(90)]],
    ["as before, by an earlier rule", [rule(9999), rule(365)]],
    ["as before, written otherwise", [rule(365, { filter: [], prefix: "" })]],
  ])("that lets them expire %s isn't", (_, after) => {
    expect(told(lifecycle([rule(365)], after))).toEqual([]);
  });

  it("isn't known where its rules aren't", () => {
    expect(told(lifecycle([rule(365)], [], { unknown: { rule: true } }))).toEqual([
      expect.stringMatching(/^retention-raised: .* known after apply only/),
    ]);
  });

  it("isn't judged where the bucket goes with it, or is another", () => {
    const bucket = change("aws_s3_bucket.b", { bucket: "logs" }, undefined);
    const other = change(
      "aws_s3_bucket_lifecycle_configuration.l",
      { bucket: "shop", rule: [rule(1)] },
      undefined,
    );

    expect(told(lifecycle([rule(365)], undefined), bucket)).toEqual([]);
    expect(told(other)).toEqual([]);
  });

  it("is judged as older providers have it", () => {
    const inline = (days: number) => ({
      bucket: "logs",
      lifecycle_rule: [{ enabled: true, prefix: "", expiration: [{ days }] }],
    });

    expect(told(change("aws_s3_bucket.b", inline(365), inline(700)))).toEqual([
      "retention-raised: Log files are kept 700 days instead of 365 days",
    ]);
  });
});
