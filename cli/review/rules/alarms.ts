import { type Alerting, namesIn } from "../alerting";
import { attributeOf, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { isSame, textsOf } from "../tree";
import { fromTo, listed, nameOf, nameOfArn, shown, shownValue } from "./wording";

/** Alarms on what the trail's metric filters count, on what watches the trail, and composite alarms that count these. */
export function judgeAlarms(context: ReviewContext): Finding[] {
  const { alerting } = context;
  return context.plan.changes.flatMap((change) => {
    if (change.before === undefined) {
      return [];
    }
    if (alerting.isAlarm(change)) {
      return [...removed(change), ...weakened(change), ...fewerActions(change)];
    }
    return alerting.isCompositeAlarm(change)
      ? [...removed(change), ...countsLess(change, alerting), ...fewerActions(change)]
      : [];
  });
}

function removed(change: ResourceChange): Finding[] {
  if (!isDestroyed(change)) {
    return [];
  }
  const alarm = `The alarm ${nameOf(change, "alarm_name")} is removed`;
  if (change.action === "delete") {
    return [finding("alarm-removed", change, alarm)];
  }
  const isRenamed =
    attributeOf(change, "after", "alarm_name") !== attributeOf(change, "before", "alarm_name");
  const as = isRenamed ? ` as "${shown(change, "after", "alarm_name")}"` : "";
  return [finding("alarm-removed", change, `${alarm} and made again${as}`)];
}

function weakened(change: ResourceChange): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const weaknesses = [
    ...aboutSomethingElse(change),
    ...harderToReach(change),
    ...sustainedLonger(change),
    ...otherPeriod(change),
    ...silentWithoutData(change),
  ];
  const known = weaknesses.flatMap(({ what, isUnknown }) => (isUnknown ? [] : [what]));
  return [
    ...(known.length === 0
      ? []
      : [
          finding(
            "alarm-weakened",
            change,
            `The alarm ${nameOf(change, "alarm_name")} ${listed(known, Number.POSITIVE_INFINITY)}`,
          ),
        ]),
    ...weaknesses
      .filter(({ isUnknown }) => isUnknown)
      .map(({ what }) => unknownFinding("alarm-weakened", change, what)),
  ];
}

/** `what`: a predicate of the alarm, or what of it isn't known. */
interface Weakness {
  readonly what: string;
  readonly isUnknown: boolean;
}

function weakness(what: string): Weakness[] {
  return [{ what, isUnknown: false }];
}

function notKnown(change: ResourceChange, what: string): Weakness[] {
  return [{ what: `${what} of the alarm ${nameOf(change, "alarm_name")}`, isUnknown: true }];
}

const WHAT_IT_IS_ABOUT: Readonly<Record<string, string>> = {
  namespace: "namespace",
  metric_name: "metric",
  dimensions: "set of dimensions",
  statistic: "statistic",
  extended_statistic: "extended statistic",
  unit: "unit",
  threshold_metric_id: "metric as threshold",
};

function aboutSomethingElse(change: ResourceChange): Weakness[] {
  const changes = Object.entries(WHAT_IT_IS_ABOUT).flatMap(([attribute, what]) => {
    const { before, after } = sides(change, attribute);
    if (isUnchanged(before, after)) {
      return [];
    }
    return after === UNKNOWN
      ? notKnown(change, `The ${what}`)
      : weakness(`takes another ${what}: ${fromTo(change, attribute)}`);
  });
  const { before, after } = sides(change, "metric_query");
  if (isUnchanged(before, after)) {
    return changes;
  }
  return [
    ...changes,
    ...(after === UNKNOWN ? notKnown(change, "What is computed") : weakness("computes something else")),
  ];
}

type Direction = "greater" | "less";

/** Comparisons with one threshold (CloudWatch API reference, "PutMetricAlarm"). */
const COMPARISONS: Readonly<Record<string, { readonly direction: Direction; readonly isStrict: boolean }>> = {
  GreaterThanOrEqualToThreshold: { direction: "greater", isStrict: false },
  GreaterThanThreshold: { direction: "greater", isStrict: true },
  LessThanOrEqualToThreshold: { direction: "less", isStrict: false },
  LessThanThreshold: { direction: "less", isStrict: true },
};

function comparisonOf(operator: unknown) {
  return typeof operator === "string" && Object.hasOwn(COMPARISONS, operator)
    ? COMPARISONS[operator]
    : undefined;
}

function harderToReach(change: ResourceChange): Weakness[] {
  const operator = sides(change, "comparison_operator");
  const threshold = sides(change, "threshold");
  if (isUnchanged(operator.before, operator.after) && isUnchanged(threshold.before, threshold.after)) {
    return [];
  }
  if (operator.after === UNKNOWN || threshold.after === UNKNOWN) {
    return notKnown(change, operator.after === UNKNOWN ? "The comparison" : "The threshold");
  }
  const was = comparisonOf(operator.before);
  const is = comparisonOf(operator.after);
  if (was === undefined || is === undefined || was.direction !== is.direction) {
    return isUnchanged(operator.before, operator.after)
      ? weakness(`compares with another threshold: ${fromTo(change, "threshold")}`)
      : weakness(`compares otherwise: ${fromTo(change, "comparison_operator")}`);
  }
  if (typeof threshold.before !== "number" || typeof threshold.after !== "number") {
    return weakness(`compares with another threshold: ${fromTo(change, "threshold")}`);
  }
  const further = (threshold.after - threshold.before) * (was.direction === "greater" ? 1 : -1);
  if (further === 0 && is.isStrict && !was.isStrict) {
    return weakness(`no longer goes off at its threshold of ${shown(change, "after", "threshold")} itself`);
  }
  return further > 0
    ? weakness(
        isSensitive(change, "threshold")
          ? "goes off at another, sensitive threshold"
          : `goes off at ${threshold.after} instead of ${threshold.before}`,
      )
    : [];
}

/** An alarm goes off when `needed` of the last `of` periods are over the threshold. */
function periodsOf(change: ResourceChange, side: Side): { needed: number; of: number } | undefined {
  const of = attributeOf(change, side, "evaluation_periods");
  const needed = attributeOf(change, side, "datapoints_to_alarm");
  if (typeof of !== "number") {
    return undefined;
  }
  // 0 is how the provider says none: all of them.
  if (needed === null || needed === undefined || needed === 0) {
    return { needed: of, of };
  }
  return typeof needed === "number" ? { needed, of } : undefined;
}

function sustainedLonger(change: ResourceChange): Weakness[] {
  const was = periodsOf(change, "before");
  const is = periodsOf(change, "after");
  if (was === undefined || is === undefined) {
    const isChanged = ["evaluation_periods", "datapoints_to_alarm"].some((attribute) => {
      const { before, after } = sides(change, attribute);
      return !isUnchanged(before, after);
    });
    return isChanged ? notKnown(change, "The number of periods") : [];
  }
  const isWeaker = is.needed > was.needed || (is.of < was.of && is.needed > 1);
  if (isWeaker && ["evaluation_periods", "datapoints_to_alarm"].some((one) => isSensitive(change, one))) {
    return weakness("goes off after a sensitive number of periods, later than before");
  }
  return isWeaker
    ? weakness(`goes off after ${is.needed} of ${is.of} periods instead of ${was.needed} of ${was.of}`)
    : [];
}

/** How a statistic of one period changes as the period gets longer. */
const GROWING = ["Sum", "SampleCount", "Maximum"];
const SHRINKING = ["Minimum"];

function otherPeriod(change: ResourceChange): Weakness[] {
  const { before, after } = sides(change, "period");
  if (isUnchanged(before, after)) {
    return [];
  }
  if (typeof before !== "number" || typeof after !== "number") {
    return notKnown(change, "The period");
  }
  const statistic = attributeOf(change, "before", "statistic");
  const direction = comparisonOf(attributeOf(change, "before", "comparison_operator"))?.direction;
  const isLonger = after > before;
  const isOneOf = (statistics: readonly string[]) =>
    typeof statistic === "string" && statistics.includes(statistic);
  const isFine =
    direction !== undefined &&
    !(isLonger && (periodsOf(change, "after")?.needed ?? 1) > 1) &&
    (isOneOf(GROWING)
      ? // The greatest value of a period is in one of its parts, too.
        direction === "greater"
        ? isLonger || statistic === "Maximum"
        : !isLonger
      : isOneOf(SHRINKING) && (direction === "less" || !isLonger));
  return isFine
    ? []
    : weakness(
        `looks at periods of ${shownPeriod(change, "after")} instead of ${shownPeriod(change, "before")}`,
      );
}

function shownPeriod(change: ResourceChange, side: Side): string {
  return `${shown(change, side, "period")} seconds`;
}

function silentWithoutData(change: ResourceChange): Weakness[] {
  const { before, after } = sides(change, "treat_missing_data");
  if (before !== "breaching" || after === "breaching") {
    return [];
  }
  return after === UNKNOWN
    ? notKnown(change, "The treatment of missing data")
    : weakness("no longer goes off when there is no data");
}

function countsLess(change: ResourceChange, alerting: Alerting): Finding[] {
  const { before, after } = sides(change, "alarm_rule");
  const suppressor = sides(change, "actions_suppressor");
  const name = nameOf(change, "alarm_name");
  if (change.after === undefined) {
    return [];
  }
  return [
    ...(isUnchanged(before, after) ? [] : otherRule(change, alerting, before, after)),
    ...(isEmpty(suppressor.after) || isUnchanged(suppressor.before, suppressor.after)
      ? []
      : suppressor.after === UNKNOWN
        ? [unknownFinding("alarm-weakened", change, `What keeps the alarm ${name} from acting`)]
        : [
            finding(
              "alarm-weakened",
              change,
              `The actions of the alarm ${name} are kept back by another alarm`,
            ),
          ]),
  ];
}

function otherRule(change: ResourceChange, alerting: Alerting, before: unknown, after: unknown): Finding[] {
  const name = nameOf(change, "alarm_name");
  if (typeof before !== "string" || typeof after !== "string") {
    return [unknownFinding("alarm-weakened", change, `The rule of the alarm ${name}`)];
  }
  const remaining = new Set(namesIn(after));
  const gone = alerting.alarmsIn(before).filter((one) => !remaining.has(one));
  if (isSensitive(change, "alarm_rule") || gone.length === 0) {
    return [
      finding(
        "alarm-weakened",
        change,
        `The alarm ${name} has another rule: whether it goes off less often isn't judged`,
      ),
    ];
  }
  return [
    finding(
      "alarm-weakened",
      change,
      `The alarm ${name} no longer counts ${listed(gone.map((one) => `"${shownValue(one)}"`))}`,
    ),
  ];
}

function fewerActions(change: ResourceChange): Finding[] {
  if (change.after === undefined || attributeOf(change, "before", "actions_enabled") === false) {
    return [];
  }
  const was = textsOf(attributeOf(change, "before", "alarm_actions")) ?? [];
  const is = textsOf(attributeOf(change, "after", "alarm_actions"));
  const name = nameOf(change, "alarm_name");
  if (was.length === 0) {
    return [];
  }
  const enabled = attributeOf(change, "after", "actions_enabled");
  if (enabled === false) {
    return [
      finding("alarm-actions-removed", change, `The alarm ${name} no longer acts: its actions are disabled`),
    ];
  }
  const isUnknown = enabled === UNKNOWN && attributeOf(change, "before", "actions_enabled") === true;
  return [
    ...(isUnknown ? [unknownFinding("alarm-actions-removed", change, `Whether the alarm ${name} acts`)] : []),
    ...(is === undefined
      ? [unknownFinding("alarm-actions-removed", change, `What the alarm ${name} tells`)]
      : otherActions(change, was, is)),
  ];
}

function otherActions(change: ResourceChange, was: readonly string[], is: readonly string[]): Finding[] {
  const gone = was.filter((arn) => !is.includes(arn));
  const added = is.filter((arn) => !was.includes(arn));
  if (gone.length === 0) {
    return [];
  }
  const alarm = `The alarm ${nameOf(change, "alarm_name")}`;
  const names = (arns: readonly string[]) =>
    isSensitive(change, "alarm_actions") ? "a sensitive value" : listed(arns.map(nameOfArn));
  const message =
    is.length === 0
      ? `${alarm} tells nobody any more; it told ${names(gone)}`
      : added.length === 0
        ? `${alarm} no longer tells ${names(gone)}`
        : `${alarm} no longer tells ${names(gone)}, but ${names(added)}`;
  return [finding("alarm-actions-removed", change, message)];
}

function sides(change: ResourceChange, attribute: string) {
  return { before: attributeOf(change, "before", attribute), after: attributeOf(change, "after", attribute) };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || ["null", '""', "[]", "{}"].includes(JSON.stringify(value));
}

/** Providers write nothing in several ways; objects have no order. */
function isUnchanged(before: unknown, after: unknown): boolean {
  return (isEmpty(before) && isEmpty(after)) || (after !== UNKNOWN && isSame(before, after));
}
