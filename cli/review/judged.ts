import { Alerting, listOf } from "./alerting";
import { attributeOf, UNKNOWN } from "./change";
import { GuardParts } from "./guard-parts";
import type { KnownResource, Plan, ResourceChange } from "./plan";
import type { References } from "./references";
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

/**
 * Of what is made, what is reached only by way of a role's policy or a queue of dead letters isn't counted: it has nothing
 * to lose yet.
 *
 * @param context the one that the rules judged by: little is left to be worked out
 */
export function judgedIn(context: ReviewContext): Judged {
  const { parts, references } = context;
  const isMade = context.plan.changes.some((change) => isReached(change) && isNew(change));
  const plan = isMade ? withArns(context.plan, references) : context.plan;
  const alerting = isMade ? new Alerting(plan, parts) : context.alerting;
  const guards = isMade ? [context.guard, new GuardParts(carriedOut(plan))] : [context.guard];

  const byType = new Map<string, ResourceChange[]>();
  for (const change of [...plan.changes, ...leftOut(plan)]) {
    const ofType = byType.get(change.type) ?? [];
    ofType.push(change);
    byType.set(change.type, ofType);
  }
  const count = (type: string, isPart: (change: ResourceChange) => boolean = () => true) =>
    (byType.get(type) ?? []).filter(isPart).length;
  return {
    trails: count("aws_cloudtrail"),
    buckets: count("aws_s3_bucket", (change) => parts.buckets.has(change, "bucket")),
    keys: KEYS.reduce((total, type) => total + count(type, (change) => parts.keys.has(change, "key_id")), 0),
    logGroups: count("aws_cloudwatch_log_group", (change) => parts.logGroups.has(change, "name")),
    deliveryRoles: count("aws_iam_role", (change) => parts.deliveryRoles.has(change, "name")),
    guards: count("aws_lambda_function", (change) =>
      valuesOf(change, "function_name").some((name) => guards.some((guard) => guard.isGuard(name))),
    ),
    alarms:
      count("aws_cloudwatch_metric_alarm", (change) => alerting.isAlarm(change)) +
      count("aws_cloudwatch_composite_alarm", (change) => alerting.isCompositeAlarm(change)),
    metricFilters: count("aws_cloudwatch_log_metric_filter", (change) =>
      parts.logGroups.has(change, "log_group_name"),
    ),
    eventRules: count(
      "aws_cloudwatch_event_rule",
      (change) =>
        valuesOf(change, "name").some((name) => guards.some((guard) => guard.isWakingRule(name))) ||
        alerting.isEventRule(change),
    ),
    topics: count("aws_sns_topic", (change) => valuesOf(change, "arn").some((arn) => alerting.isTopic(arn))),
  };
}

const KEYS = ["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"];

function valuesOf({ before, after }: ResourceChange, attribute: string): unknown[] {
  return [before, after].map((side) => valueAt(side, [attribute]));
}

/** What events reach, with what precedes the name in its ARN. */
const REACHED: Readonly<Record<string, { readonly nameIn: string; readonly arnBegins: string }>> = {
  aws_lambda_function: { nameIn: "function_name", arnBegins: "arn:aws:lambda:::function:" },
  aws_sns_topic: { nameIn: "name", arnBegins: "arn:aws:sns:us-east-1:111122223333:" },
  aws_sqs_queue: { nameIn: "name", arnBegins: "arn:aws:sqs:::" },
};

/** Where a resource names what events reach. */
const REACHES: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_composite_alarm: ["alarm_actions"],
  aws_cloudwatch_event_target: ["arn"],
  aws_cloudwatch_metric_alarm: ["alarm_actions"],
  aws_lambda_function: ["environment"],
  aws_sns_topic_subscription: ["endpoint", "topic_arn"],
};
const LISTS: readonly string[] = ["alarm_actions", "environment"];

function isReached({ type }: ResourceChange): boolean {
  return Object.hasOwn(REACHED, type);
}

function isNew({ action }: ResourceChange): boolean {
  return action === "create" || action === "replace";
}

function hasArnLater(change: ResourceChange): boolean {
  return isReached(change) && attributeOf(change, "after", "arn") === UNKNOWN;
}

/** The plan with ARNs that do for those that are known after apply only, so that what is made is found as well. */
function withArns(plan: Plan, references: References): Plan {
  const arns = new Map<string, string[]>();
  for (const change of plan.changes.filter(hasArnLater)) {
    arns.set(change.configAddress, [...(arns.get(change.configAddress) ?? []), arnFor(change)]);
  }
  const changes = plan.changes.map((change): ResourceChange => {
    const { type, configAddress, after } = change;
    if (after === undefined) {
      return change;
    }
    const later = Object.hasOwn(REACHES, type)
      ? (REACHES[type] ?? []).filter((attribute) => attributeOf(change, "after", attribute) === UNKNOWN)
      : [];
    const known = later.map((attribute) => {
      const named = references.of(configAddress, attribute).flatMap((address) => arns.get(address) ?? []);
      return [attribute, LISTS.includes(attribute) ? [...listOf(after[attribute]), ...named] : named[0]];
    });
    return {
      ...change,
      after: {
        ...after,
        ...Object.fromEntries(known),
        ...(hasArnLater(change) ? { arn: arnFor(change) } : {}),
      },
    };
  });
  return { ...plan, changes, resources: [...plan.resources, ...changes.flatMap(afterOf)] };
}

function arnFor({ type, address, after }: ResourceChange): string {
  const { nameIn = "name", arnBegins = "" } = REACHED[type] ?? {};
  const name = valueAt(after, [nameIn]);
  return `${arnBegins}${typeof name === "string" ? name : address}`;
}

function afterOf({ address, configAddress, type, after }: ResourceChange): KnownResource[] {
  return after === undefined ? [] : [{ address, configAddress, type, attributes: after }];
}

/** What a plan of some resources doesn't look at, as it stays. */
function leftOut({ changes, resources }: Plan): ResourceChange[] {
  const changed = new Set(changes.map(({ address }) => address));
  const left = new Map(
    resources.filter(({ address }) => !changed.has(address)).map((resource) => [resource.address, resource]),
  );
  return [...left.values()].map(({ attributes, ...resource }) => ({
    ...resource,
    action: "no-op",
    isImported: false,
    replacedFor: [],
    before: attributes,
    after: attributes,
    afterUnknown: false,
    beforeSensitive: false,
    afterSensitive: false,
  }));
}

/** The guard is told by what is there before a plan. */
function carriedOut(plan: Plan): Plan {
  return { ...plan, changes: plan.changes.map((change) => ({ ...change, before: change.after })) };
}
