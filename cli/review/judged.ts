import { type KnownResource, leftOut, type ResourceChange } from "./plan";
import type { ReviewContext } from "./review-context";
import { valueAt } from "./tree";

/** In the order of a report. */
export const JUDGED_PARTS = [
  "trails",
  "buckets",
  "keys",
  "logGroups",
  "deliveryRoles",
  "guards",
  "alarms",
  "metricFilters",
  "eventRules",
  "topics",
] as const;

export type JudgedPart = (typeof JUDGED_PARTS)[number];

/** How many parts of auditing a plan has, before or after it: what a review had to judge. */
export type Judged = Readonly<Record<JudgedPart, number>>;

/** What the plan makes has nothing to lose yet: of it, what is found by ARNs that aren't known before apply isn't counted. */
export function judgedIn({ plan, parts, alerting, guard }: ReviewContext): Judged {
  const resources = [...plan.changes, ...leftOut(plan).map(unchanged)];
  const count = (types: readonly string[], isPart: (change: ResourceChange) => boolean) =>
    resources.filter((change) => types.includes(change.type) && isPart(change)).length;
  return {
    trails: count(["aws_cloudtrail"], () => true),
    buckets: count(["aws_s3_bucket"], (change) => parts.buckets.has(change, "bucket")),
    keys: count(KEYS, (change) => parts.keys.has(change, "key_id")),
    logGroups: count(["aws_cloudwatch_log_group"], (change) => parts.logGroups.has(change, "name")),
    deliveryRoles: count(["aws_iam_role"], (change) => parts.deliveryRoles.has(change, "name")),
    guards: count(["aws_lambda_function"], (change) =>
      valuesOf(change, "function_name").some((name) => guard.isGuard(name)),
    ),
    alarms: count(
      ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
      (change) => alerting.isAlarm(change) || alerting.isCompositeAlarm(change),
    ),
    metricFilters: count(["aws_cloudwatch_log_metric_filter"], (change) =>
      parts.logGroups.has(change, "log_group_name"),
    ),
    eventRules: count(
      ["aws_cloudwatch_event_rule"],
      (change) =>
        valuesOf(change, "name").some((name) => guard.isWakingRule(name)) || alerting.isEventRule(change),
    ),
    topics: count(["aws_sns_topic"], (change) =>
      valuesOf(change, "arn").some((arn) => alerting.isTopic(arn)),
    ),
  };
}

const KEYS = ["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"];

function valuesOf({ before, after }: ResourceChange, attribute: string): unknown[] {
  return [before, after].map((side) => valueAt(side, [attribute]));
}

/** As if it were a change of nothing. */
function unchanged({ attributes, ...resource }: KnownResource): ResourceChange {
  return {
    ...resource,
    action: "no-op",
    isImported: false,
    replacedFor: [],
    before: attributes,
    after: attributes,
    afterUnknown: false,
    beforeSensitive: false,
    afterSensitive: false,
  };
}
