import type { Attributes } from "../../../../cli/review/plan";
import { type PlanChange, unchanged } from "./support";

const ACCOUNT = "111122223333";

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;
}

export const TOPIC = arn("sns", "alerts");

export const TRAIL: PlanChange = unchanged("aws_cloudtrail.this", {
  name: "trail",
  cloud_watch_logs_group_arn: `${arn("logs", "log-group:trail")}:*`,
  s3_bucket_name: "logs",
  kms_key_id: arn("kms", "key/1"),
  cloud_watch_logs_role_arn: `arn:aws:iam::${ACCOUNT}:role/delivery`,
});

export const FILTER: Attributes = {
  name: "PolicyChanges",
  log_group_name: "trail",
  pattern: "{ ($.eventName = PutRolePolicy) || ($.eventName = CreatePolicy) }",
  metric_transformation: [
    {
      name: "PolicyCount",
      namespace: "CloudTrailMetrics",
      value: "1",
      default_value: "",
      dimensions: null,
      unit: "None",
    },
  ],
};

export const ALARM: Attributes = {
  alarm_name: "Policy changes",
  namespace: "CloudTrailMetrics",
  metric_name: "PolicyCount",
  dimensions: null,
  statistic: "Sum",
  extended_statistic: "",
  period: 300,
  evaluation_periods: 1,
  datapoints_to_alarm: 0,
  threshold: 3,
  threshold_metric_id: null,
  comparison_operator: "GreaterThanOrEqualToThreshold",
  treat_missing_data: "notBreaching",
  unit: "",
  metric_query: [],
  actions_enabled: true,
  alarm_actions: [TOPIC],
};

export const RULE: Attributes = {
  name: "instances",
  arn: arn("events", "rule/instances"),
  event_pattern: JSON.stringify({
    source: ["aws.ec2"],
    "detail-type": ["EC2 Instance State-change Notification"],
    detail: { state: ["running", "stopped"] },
  }),
  state: "ENABLED",
  is_enabled: true,
};

export const TARGET: Attributes = { rule: "instances", target_id: "topic", arn: TOPIC };

/** A trail with one filter, its alarm and an event rule: everything as it is. */
export const STANDING: readonly PlanChange[] = [
  TRAIL,
  unchanged("aws_cloudwatch_log_metric_filter.kept", FILTER),
  unchanged("aws_cloudwatch_metric_alarm.kept", ALARM),
  unchanged("aws_cloudwatch_event_rule.kept", RULE),
  unchanged("aws_cloudwatch_event_target.kept", TARGET),
];
