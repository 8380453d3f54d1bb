import { attributeOf, isDestroyed, isSensitive } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { inDays } from "./settings";

/** Log groups of trails that the plan destroys, or lets keep events for a shorter time. */
export function judgeLogGroups({ plan, parts }: ReviewContext): Finding[] {
  return plan.changes
    .filter(
      (change) =>
        change.type === "aws_cloudwatch_log_group" &&
        change.before !== undefined &&
        parts.logGroups.has(change, "name"),
    )
    .flatMap((group) => [
      ...(isDestroyed(group)
        ? [
            finding(
              "log-group-destroyed",
              group,
              `The trail's log group is ${group.action === "replace" ? "replaced" : "destroyed"}`,
            ),
          ]
        : []),
      ...(group.after === undefined ? [] : retention(group)),
    ]);
}

function retention(group: ResourceChange): readonly Finding[] {
  const rule = "log-group-retention-shortened";
  const before = daysOf(attributeOf(group, "before", "retention_in_days"));
  const after = daysOf(attributeOf(group, "after", "retention_in_days"));
  if (after === Number.POSITIVE_INFINITY) {
    return [];
  }
  if (before === undefined || after === undefined) {
    return [unknownFinding(rule, group, "How long the trail's log group keeps events")];
  }
  if (after >= before) {
    return [];
  }
  const instead = before === Number.POSITIVE_INFINITY ? "forever" : `${before}`;
  return [
    finding(
      rule,
      group,
      isSensitive(group, "retention_in_days")
        ? undefined
        : `Events are kept ${inDays(after)} instead of ${instead}`,
    ),
  ];
}

/** 0 and none are forever (CloudWatch Logs API reference, "LogGroup"); undefined for what is no number of days. */
function daysOf(value: unknown): number | undefined {
  if (value === 0 || value === null || value === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  return typeof value === "number" && value > 0 ? value : undefined;
}
