import { type Judged, judgedIn } from "../../../../cli/review/judged";
import { readPlan } from "../../../../cli/review/plan";
import { ReviewContext } from "../../../../cli/review/review-context";
import { NOTHING } from "./reports";
import { change, type PlanChange, plan, unchanged } from "./support";

const GROUP = "/aws/cloudtrail/main";
const TOPIC = "arn:aws:sns:eu-central-1:111122223333:alerts";
const GUARD = "arn:aws:lambda:eu-central-1:111122223333:function:guard";
const STOPPED = JSON.stringify({
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
});

/** Each part once, with its address and attributes, and beside it others of the type that are none. */
const PARTS = {
  "aws_cloudtrail.t": {
    s3_bucket_name: "logs",
    kms_key_id: "arn:aws:kms:eu-central-1:111122223333:key/k",
    cloud_watch_logs_group_arn: `arn:aws:logs:eu-central-1:111122223333:log-group:${GROUP}:*`,
    cloud_watch_logs_role_arn: "arn:aws:iam::111122223333:role/delivery",
  },
  "aws_s3_bucket.b": { bucket: "logs" },
  "aws_s3_bucket.other": { bucket: "site" },
  "aws_kms_key.k": { key_id: "k" },
  "aws_kms_replica_key.other": { key_id: "other" },
  "aws_cloudwatch_log_group.g": { name: GROUP, kms_key_id: null },
  "aws_cloudwatch_log_group.other": { name: "/other" },
  "aws_iam_role.r": { name: "delivery" },
  "aws_iam_role.other": { name: "other" },
  "aws_lambda_function.f": { function_name: "guard", arn: GUARD },
  "aws_lambda_function.other": { function_name: "other", arn: `${GUARD}-2` },
  "aws_cloudwatch_event_rule.stopped": { name: "stopped", event_pattern: STOPPED },
  "aws_cloudwatch_event_target.stopped": { rule: "stopped", arn: GUARD },
  "aws_cloudwatch_event_rule.regular": { name: "regular", schedule_expression: "rate(5 minutes)" },
  "aws_cloudwatch_event_target.regular": { rule: "regular", arn: GUARD },
  "aws_cloudwatch_event_rule.other": { name: "other", schedule_expression: "rate(5 minutes)" },
  "aws_cloudwatch_log_metric_filter.m": {
    log_group_name: GROUP,
    pattern: "{ $.eventName = DeleteTrail }",
    metric_transformation: [{ namespace: "N", name: "M" }],
  },
  "aws_cloudwatch_log_metric_filter.other": { log_group_name: "/other", pattern: "ERROR" },
  "aws_cloudwatch_metric_alarm.a": {
    alarm_name: "a",
    namespace: "N",
    metric_name: "M",
    alarm_actions: [TOPIC],
  },
  "aws_cloudwatch_metric_alarm.other": { alarm_name: "other", namespace: "N", metric_name: "X" },
  "aws_cloudwatch_composite_alarm.c": { alarm_name: "c", alarm_rule: 'ALARM("a")' },
  "aws_sns_topic.t": { name: "alerts", arn: TOPIC },
  "aws_sns_topic.other": { name: "other", arn: `${TOPIC}-2` },
};

const ALL: Judged = {
  trails: 1,
  buckets: 1,
  keys: 1,
  logGroups: 1,
  deliveryRoles: 1,
  guards: 1,
  alarms: 2,
  metricFilters: 1,
  eventRules: 2,
  topics: 1,
};

function counted(changes: readonly PlanChange[]): Judged {
  return judgedIn(new ReviewContext(plan(changes)));
}

describe("judgedIn", () => {
  it.each([
    ["stays", (address: string, attributes: object) => unchanged(address, { ...attributes })],
    ["goes", (address: string, attributes: object) => change(address, { ...attributes }, undefined)],
  ])("counts each part of auditing that %s, and nothing else", (_, made) => {
    expect(counted(Object.entries(PARTS).map(([address, attributes]) => made(address, attributes)))).toEqual(
      ALL,
    );
  });

  it("counts none in a plan without any", () => {
    const others = Object.entries(PARTS).filter(([address]) => address.endsWith(".other"));

    expect(counted(others.map(([address, attributes]) => unchanged(address, attributes)))).toEqual(NOTHING);
  });

  it("counts what is made as far as it is known", () => {
    const made = Object.entries(PARTS).map(([address, attributes]) =>
      change(address, undefined, { ...attributes }),
    );

    // What wakes a guard is found by the guard, which isn't there yet.
    expect(counted(made)).toEqual({ ...ALL, guards: 0, eventRules: 1 });
  });

  it("counts what a plan of some resources leaves out, once", () => {
    const values = {
      root_module: {
        resources: Object.entries(PARTS).map(([address, values]) => ({
          address,
          mode: "managed",
          type: address.split(".")[0],
          values,
        })),
      },
    };
    const text = JSON.stringify({
      format_version: "1.2",
      prior_state: { values },
      planned_values: values,
      resource_changes: [],
    });

    expect(judgedIn(new ReviewContext(readPlan(text)))).toEqual(ALL);
  });
});
