import { attributeOf, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { Plan, ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { listOf, valueAt } from "../tree";
import { nameOf } from "./wording";

/** What is kept more than a quarter longer: log groups, and log files in the buckets of trails. */
export function judgeRetention({ plan, parts }: ReviewContext): Finding[] {
  return plan.changes.flatMap((change) => {
    // What is forgotten is kept as it was.
    if (change.before === undefined || change.action === "forget") {
      return [];
    }
    switch (change.type) {
      case "aws_cloudwatch_log_group":
        return ofLogGroup(change);
      case "aws_s3_bucket_lifecycle_configuration":
        return parts.buckets.has(change, "bucket") && !isWithBucket(plan, change)
          ? ofLifecycle(change, "rule", rulesOf)
          : [];
      case "aws_s3_bucket":
        return change.after !== undefined && parts.buckets.has(change, "bucket")
          ? ofLifecycle(change, "lifecycle_rule", inlineRulesOf)
          : [];
      default:
        return [];
    }
  });
}

/** Destroyed with its bucket, it isn't what keeps log files. */
function isWithBucket({ changes }: Plan, change: ResourceChange): boolean {
  const name = attributeOf(change, "before", "bucket");
  return (
    change.after === undefined &&
    changes.some(
      (other) =>
        other.type === "aws_s3_bucket" &&
        isDestroyed(other) &&
        attributeOf(other, "before", "bucket") === name,
    )
  );
}

function ofLogGroup(change: ResourceChange): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const days = (side: Side) => {
    const value = attributeOf(change, side, "retention_in_days");
    // CloudWatch Logs keeps events for ever where nothing is said; the provider writes 0 for it.
    return value === 0 || value === null || value === undefined ? Number.POSITIVE_INFINITY : value;
  };
  const before = days("before");
  const after = days("after");
  const name = nameOf(change, "name");
  if (typeof before !== "number" || typeof after !== "number") {
    return before === after
      ? []
      : [unknownFinding("retention-raised", change, `How long the log group ${name} keeps events`)];
  }
  return isRaised(before, after)
    ? [
        finding(
          "retention-raised",
          change,
          `The log group ${name} keeps events ${longer(change, "retention_in_days", before, after)}`,
        ),
      ]
    : [];
}

function isRaised(before: number, after: number): boolean {
  return after > 1.25 * before;
}

function longer(change: ResourceChange, attribute: string, before: number, after: number): string {
  if (isSensitive(change, attribute)) {
    return "longer";
  }
  return `${after === Number.POSITIVE_INFINITY ? "for ever" : `${after} days`} instead of ${before} days`;
}

interface Expiration {
  /** What the rule is for, as JSON. */
  readonly of: string;
  readonly days: number;
}

function ofLifecycle(
  change: ResourceChange,
  attribute: string,
  read: (rules: readonly unknown[]) => Expiration[],
): Finding[] {
  const rules = attributeOf(change, "after", attribute);
  const before = read(listOf(attributeOf(change, "before", attribute)));
  if (before.length === 0) {
    return [];
  }
  if (rules === UNKNOWN) {
    return [unknownFinding("retention-raised", change, "When log files expire")];
  }
  const after = read(listOf(rules));
  const raised = before.flatMap(({ of, days }) => {
    const daysAfter = daysOf(after, of);
    return isRaised(days, daysAfter) ? [{ days, daysAfter }] : [];
  });
  const [first] = raised;
  return first === undefined
    ? []
    : [
        finding(
          "retention-raised",
          change,
          `Log files are kept ${longer(change, attribute, first.days, first.daysAfter)}`,
        ),
      ];
}

/** Where several rules are for the same, the earliest counts; one for everything counts for each. */
function daysOf(expirations: readonly Expiration[], of: string): number {
  return Math.min(
    ...expirations.filter((other) => other.of === of || other.of === EVERYTHING).map(({ days }) => days),
    Number.POSITIVE_INFINITY,
  );
}

const EVERYTHING = JSON.stringify("");

function rulesOf(rules: readonly unknown[]): Expiration[] {
  return rules.flatMap((rule) => {
    const days = valueAt(rule, ["expiration", 0, "days"]);
    const filter = valueAt(rule, ["filter", 0]);
    const isEnabled = valueAt(rule, ["status"]) === "Enabled";
    return isEnabled && typeof days === "number" && days > 0
      ? [{ of: JSON.stringify(prefixOf(filter) ?? valueAt(rule, ["prefix"]) ?? ""), days }]
      : [];
  });
}

/** A filter of nothing but a prefix is that prefix; any other is itself. */
function prefixOf(filter: unknown): unknown {
  const isPrefixOnly = ["and", "tag", "object_size_greater_than", "object_size_less_than"].every((part) =>
    ["null", "[]", '""', "0"].includes(JSON.stringify(valueAt(filter, [part]) ?? null)),
  );
  return isPrefixOnly ? valueAt(filter, ["prefix"]) : filter;
}

function inlineRulesOf(rules: readonly unknown[]): Expiration[] {
  return rules.flatMap((rule) => {
    const days = valueAt(rule, ["expiration", 0, "days"]);
    return valueAt(rule, ["enabled"]) === true && typeof days === "number" && days > 0
      ? [{ of: JSON.stringify(valueAt(rule, ["prefix"]) ?? ""), days }]
      : [];
  });
}
