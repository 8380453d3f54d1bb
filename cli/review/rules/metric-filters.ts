import { attributeOf, isDestroyed, isSensitive, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import { filterMatchesLess } from "../matches-less";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { fromTo, listed, nameOf, shown } from "./wording";

/** Whether a change is one of a metric filter on a trail's log group. */
export function isFilterOfTrail({ parts }: ReviewContext, change: ResourceChange): boolean {
  return change.type === "aws_cloudwatch_log_metric_filter" && parts.logGroups.has(change, "log_group_name");
}

/** Metric filters on the trail's log group: what they no longer count isn't alarmed of. */
export function judgeMetricFilters(context: ReviewContext): Finding[] {
  return context.plan.changes.flatMap((change) =>
    change.before !== undefined && isFilterOfTrail(context, change)
      ? [...removed(change), ...moved(change), ...matchesLess(change)]
      : [],
  );
}

function removed(change: ResourceChange): Finding[] {
  if (!isDestroyed(change) || isMoved(change)) {
    return [];
  }
  const filter = `The metric filter ${nameOf(change, "name")} is removed`;
  if (change.action === "delete") {
    return [finding("filter-removed", change, filter)];
  }
  const isRenamed = attributeOf(change, "before", "name") !== attributeOf(change, "after", "name");
  const as = isRenamed ? ` as "${shown(change, "after", "name")}"` : "";
  return [finding("filter-removed", change, `${filter} and made again${as}`)];
}

function isMoved(change: ResourceChange): boolean {
  const after = attributeOf(change, "after", "log_group_name");
  return typeof after === "string" && after !== attributeOf(change, "before", "log_group_name");
}

const METRIC = ["namespace", "name", "dimensions"];

function moved(change: ResourceChange): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const filter = `The metric filter ${nameOf(change, "name")}`;
  const logGroup = isMoved(change)
    ? [
        finding(
          "filter-removed",
          change,
          `${filter} is moved to another log group: ${fromTo(change, "log_group_name")}`,
        ),
      ]
    : attributeOf(change, "after", "log_group_name") === UNKNOWN
      ? [
          unknownFinding(
            "filter-removed",
            change,
            `The log group of the metric filter ${nameOf(change, "name")}`,
          ),
        ]
      : [];
  const changed = METRIC.filter((part) => differs(change, "metric_transformation", 0, part));
  const isUnknown = changed.some((part) => transformation(change, "after", part) === UNKNOWN);
  return [
    ...logGroup,
    ...(changed.length === 0
      ? []
      : isUnknown
        ? [
            unknownFinding(
              "filter-removed",
              change,
              `The metric that the metric filter ${nameOf(change, "name")} counts into`,
            ),
          ]
        : [
            finding(
              "filter-removed",
              change,
              `${filter} is moved to another metric`,
              changed.map((part) => `${part}: ${fromTo(change, "metric_transformation", 0, part)}`),
            ),
          ]),
  ];
}

function matchesLess(change: ResourceChange): Finding[] {
  return change.after === undefined ? [] : [...countsLess(change), ...otherPattern(change)];
}

function countsLess(change: ResourceChange): Finding[] {
  if (!differs(change, "metric_transformation", 0, "value")) {
    return [];
  }
  const filter = `the metric filter ${nameOf(change, "name")}`;
  return transformation(change, "after", "value") === UNKNOWN
    ? [unknownFinding("filter-matches-less", change, `What ${filter} counts for a match`)]
    : [
        finding(
          "filter-matches-less",
          change,
          `What ${filter} counts for a match changes ${fromTo(change, "metric_transformation", 0, "value")}`,
        ),
      ];
}

function otherPattern(change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "pattern");
  const after = attributeOf(change, "after", "pattern");
  const name = nameOf(change, "name");
  if (before === after) {
    return [];
  }
  if (typeof before !== "string" || typeof after !== "string") {
    return [unknownFinding("filter-matches-less", change, `The pattern of the metric filter ${name}`)];
  }
  const outcome = filterMatchesLess(before, after);
  if (outcome === "same") {
    return [];
  }
  return [
    outcome === "unknown"
      ? finding(
          "filter-matches-less",
          change,
          `The pattern of the metric filter ${name} changes, and no example can say whether it matches less`,
        )
      : lostExamples(change, name, outcome.lost),
  ];
}

/** What of a sensitive pattern is lost tells of the pattern itself. */
function lostExamples(change: ResourceChange, name: string, lost: readonly string[]): Finding {
  const isHidden = isSensitive(change, "pattern");
  const what = isHidden ? "some events" : listed(lost);
  return finding(
    "filter-matches-less",
    change,
    `The metric filter ${name} no longer matches ${what}`,
    isHidden ? [] : lost,
  );
}

function transformation(change: ResourceChange, side: "before" | "after", part: string): unknown {
  return attributeOf(change, side, "metric_transformation", 0, part);
}

function differs(change: ResourceChange, ...path: readonly (string | number)[]): boolean {
  const before = attributeOf(change, "before", ...path);
  const after = attributeOf(change, "after", ...path);
  return after === UNKNOWN || written(before) !== written(after);
}

/** Nothing is written in several ways. */
function written(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text === "{}" || text === '""' ? "null" : text;
}
