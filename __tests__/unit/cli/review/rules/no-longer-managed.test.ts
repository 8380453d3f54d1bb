import type { Attributes } from "../../../../../cli/review/plan";
import { judgeNoLongerManaged } from "../../../../../cli/review/rules/no-longer-managed";
import { ALARM, arn, FILTER, RULE, STANDING, TOPIC } from "../alerting-plan";
import { change, judged } from "../support";

function forgotten(address: string, attributes: Attributes): string[] {
  return judged(judgeNoLongerManaged, [
    ...STANDING,
    change(address, attributes, undefined, { actions: ["forget"] }),
  ]).map(({ rule, message }) => `${rule}: ${message}`);
}

describe("what Terraform forgets", () => {
  it.each<[string, Attributes, string]>([
    ["aws_cloudtrail.other", { name: "x" }, "A trail"],
    ["aws_s3_bucket.b", { bucket: "logs" }, "The bucket of log files"],
    ["aws_kms_key.k", { key_id: "1" }, "The key of log files or log group"],
    ["aws_cloudwatch_log_group.g", { name: "trail" }, "The trail's log group"],
    ["aws_iam_role.r", { name: "delivery" }, "The role that delivers to the log group"],
    [
      "aws_lambda_function.f",
      { function_name: "keeper", environment: [{ variables: { GUARD_MODE: "enforce" } }] },
      "The guard",
    ],
  ])("blocks where it is a part of auditing: %s", (address, attributes, part) => {
    expect(forgotten(address, attributes)).toEqual([
      `no-longer-managed: ${part} stays, and Terraform no longer manages it`,
    ]);
  });

  it.each<[string, Attributes, string]>([
    ["aws_cloudwatch_log_metric_filter.f", FILTER, "A metric filter"],
    ["aws_cloudwatch_metric_alarm.a", ALARM, "An alarm"],
    [
      "aws_cloudwatch_composite_alarm.a",
      { alarm_name: "Any", alarm_rule: "ALARM('Policy changes')" },
      "An alarm",
    ],
    ["aws_cloudwatch_event_rule.r", RULE, "An event rule"],
    ["aws_sns_topic.t", { arn: TOPIC }, "A topic that alerts go to"],
  ])("is a warning where it tells people: %s", (address, attributes, part) => {
    expect(forgotten(address, attributes)).toEqual([
      `alerts-no-longer-managed: ${part} stays, and Terraform no longer manages it`,
    ]);
  });

  it.each<[string, Attributes]>([
    ["aws_s3_bucket.b", { bucket: "shop" }],
    ["aws_cloudwatch_metric_alarm.a", { ...ALARM, namespace: "Shop" }],
    ["aws_sns_topic.t", { arn: arn("sns", "shop") }],
    ["aws_instance.i", { id: "i-1" }],
  ])("isn't where it is none: %s", (address, attributes) => {
    expect(forgotten(address, attributes)).toEqual([]);
  });

  it("isn't what Terraform destroys", () => {
    expect(judged(judgeNoLongerManaged, [...STANDING, change("aws_cloudtrail.x", {}, undefined)])).toEqual(
      [],
    );
  });
});
