import { attributeOf } from "../change";
import { type Finding, finding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import type { RuleId } from "../rules";
import { isFilterOfTrail } from "./metric-filters";

/** Parts of auditing that stay as they are. No later plan would tell what becomes of them. */
export function judgeNoLongerManaged(context: ReviewContext): Finding[] {
  return context.plan.changes
    .filter(({ action }) => action === "forget")
    .flatMap((change) => {
      const part = partOf(context, change);
      const alerting = part === undefined ? alertingOf(context, change) : undefined;
      return [
        ...(part === undefined ? [] : [forgotten("no-longer-managed", change, part)]),
        ...(alerting === undefined ? [] : [forgotten("alerts-no-longer-managed", change, alerting)]),
      ];
    });
}

function forgotten(rule: RuleId, change: ResourceChange, what: string): Finding {
  return finding(rule, change, `${what} stays, and Terraform no longer manages it`);
}

function partOf({ parts, guard }: ReviewContext, change: ResourceChange): string | undefined {
  const is = (isPart: boolean, name: string) => (isPart ? name : undefined);
  switch (change.type) {
    case "aws_cloudtrail":
      return "A trail";
    case "aws_s3_bucket":
      return is(parts.buckets.has(change, "bucket", "id"), "The bucket of log files");
    case "aws_kms_key":
      return is(parts.keys.has(change, "key_id", "arn"), "The key of log files or log group");
    case "aws_cloudwatch_log_group":
      return is(parts.logGroups.has(change, "name", "arn"), "The trail's log group");
    case "aws_iam_role":
      return is(parts.deliveryRoles.has(change, "name", "arn"), "The role that delivers to the log group");
    case "aws_lambda_function":
      return is(guard.isGuard(attributeOf(change, "before", "function_name")), "The guard");
    default:
      return undefined;
  }
}

function alertingOf(context: ReviewContext, change: ResourceChange): string | undefined {
  const { alerting } = context;
  const is = (isPart: boolean, name: string) => (isPart ? name : undefined);
  switch (change.type) {
    case "aws_cloudwatch_log_metric_filter":
      return is(isFilterOfTrail(context, change), "A metric filter");
    case "aws_cloudwatch_metric_alarm":
      return is(alerting.isAlarm(change), "An alarm");
    case "aws_cloudwatch_composite_alarm":
      return is(alerting.isCompositeAlarm(change), "An alarm");
    case "aws_cloudwatch_event_rule":
      return is(alerting.isEventRule(change), "An event rule");
    case "aws_sns_topic":
      return is(alerting.isTopic(attributeOf(change, "before", "arn")), "A topic that alerts go to");
    default:
      return undefined;
  }
}
