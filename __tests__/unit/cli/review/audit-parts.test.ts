import type { Attributes } from "../../../../cli/review/plan";
import { ReviewContext } from "../../../../cli/review/review-context";
import { change, type PlanChange, plan } from "./support";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234";
const TRAIL = {
  name: "main",
  s3_bucket_name: "logs",
  kms_key_id: KEY,
  cloud_watch_logs_group_arn: "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
  cloud_watch_logs_role_arn: "arn:aws:iam::111122223333:role/service-role/delivery",
};

/** Whether the change at an address is one of the parts, in a plan of these changes. */
function isPart(
  part: "buckets" | "keys" | "logGroups" | "deliveryRoles",
  attribute: string,
  changes: readonly PlanChange[],
  address: string,
  configuration?: Attributes,
): boolean {
  const { plan: read, parts } = new ReviewContext(plan(changes, configuration));
  const found = read.changes.find((one) => one.address === address);
  if (found === undefined) {
    throw new Error(`no change of ${address}`);
  }
  return parts[part].has(found, attribute);
}

const destroyed = (address: string, attributes: Attributes) => change(address, attributes, undefined);
const made = (address: string, attributes: Attributes, unknown: Attributes = {}) =>
  change(address, undefined, attributes, { unknown });

describe("parts that a trail names", () => {
  const trail = change("aws_cloudtrail.this", TRAIL, TRAIL);

  it.each([
    ["buckets", "bucket", "aws_s3_bucket.x", { bucket: "logs" }],
    ["buckets", "bucket", "aws_s3_bucket_policy.x", { bucket: "logs" }],
    ["keys", "key_id", "aws_kms_key.x", { key_id: "1234" }],
    ["logGroups", "name", "aws_cloudwatch_log_group.x", { name: "trail" }],
    ["deliveryRoles", "name", "aws_iam_role.x", { name: "delivery" }],
    ["deliveryRoles", "role", "aws_iam_role_policy.x", { role: "delivery" }],
  ] as const)("are %s by %s", (part, attribute, address, attributes) => {
    const other = Object.fromEntries(Object.keys(attributes).map((name) => [name, "another"]));

    expect(isPart(part, attribute, [trail, destroyed(address, attributes)], address)).toBe(true);
    expect(isPart(part, attribute, [trail, destroyed(address, other)], address)).toBe(false);
  });

  it("are found by the key's alias", () => {
    const byAlias = { ...TRAIL, kms_key_id: "arn:aws:kms:eu-west-1:111122223333:alias/logs" };
    const changes = [
      change("aws_cloudtrail.this", byAlias, byAlias),
      change("aws_kms_alias.logs", { name: "alias/logs", target_key_id: "1234" }, undefined),
      destroyed("aws_kms_key.x", { key_id: "1234" }),
      destroyed("aws_kms_key.y", { key_id: "5678" }),
    ];

    expect(isPart("keys", "key_id", changes, "aws_kms_key.x")).toBe(true);
    expect(isPart("keys", "key_id", changes, "aws_kms_key.y")).toBe(false);
  });
});

describe("parts whose names aren't known before apply", () => {
  const trail = (reference: string) => ({
    root_module: {
      resources: [
        { address: "aws_cloudtrail.this", expressions: { s3_bucket_name: { references: [reference] } } },
      ],
      module_calls: {
        storage: {
          module: {
            outputs: {
              bucket: { expression: { references: ["aws_s3_bucket.logs.id", "aws_s3_bucket.logs"] } },
            },
          },
        },
      },
    },
  });
  const { s3_bucket_name: _, ...unnamed } = TRAIL;
  const changes = [
    made("aws_cloudtrail.this", unnamed, { s3_bucket_name: true }),
    made('module.storage.aws_s3_bucket.logs["a"]', {}, { bucket: true }),
    made("aws_s3_bucket.other", {}, { bucket: true }),
  ];
  const isBucket = (address: string, reference: string) =>
    isPart("buckets", "bucket", changes, address, trail(reference));

  it("are those that the configuration refers to, through modules", () => {
    expect(isBucket('module.storage.aws_s3_bucket.logs["a"]', "module.storage.bucket")).toBe(true);
    expect(isBucket("aws_s3_bucket.other", "module.storage.bucket")).toBe(false);
  });

  it("may be any where it refers to what a plan doesn't tell", () => {
    expect(isBucket("aws_s3_bucket.other", "local.bucket")).toBe(true);
  });
});

describe("parts in a stack without a trail", () => {
  const lets = (service: string) =>
    JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "*", Resource: "*" }],
    });

  it.each([
    ["buckets", "bucket", "aws_s3_bucket_policy.x", "policy", "bucket"],
    ["keys", "key_id", "aws_kms_key.x", "policy", "key_id"],
    ["deliveryRoles", "name", "aws_iam_role.x", "assume_role_policy", "name"],
  ] as const)("are the %s that let CloudTrail in", (part, attribute, address, policy, name) => {
    const ofService = (service: string) => [
      destroyed(address, { [name]: "central", [policy]: lets(service) }),
    ];

    expect(isPart(part, attribute, ofService("cloudtrail.amazonaws.com"), address)).toBe(true);
    expect(isPart(part, attribute, ofService("config.amazonaws.com"), address)).toBe(false);
  });

  it("are log groups with filters of CloudTrail's fields", () => {
    const group = destroyed("aws_cloudwatch_log_group.x", { name: "central" });
    const filter = (pattern: string) =>
      change("aws_cloudwatch_log_metric_filter.x", { log_group_name: "central", pattern }, undefined);
    const found = (pattern: string) =>
      isPart("logGroups", "name", [group, filter(pattern)], "aws_cloudwatch_log_group.x");

    expect(found("{ $.eventName = StopLogging }")).toBe(true);
    expect(found("ERROR")).toBe(false);
  });
});
