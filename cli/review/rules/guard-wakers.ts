import type { RuleState } from "../../../local/event-of-record";
import { matchesWildcard } from "../../../local/iam/wildcard";
import { attributeOf, isDestroyed, isSensitive, type Outcome, type Side, UNKNOWN } from "../change";
import { type EventRuleFilter, eventsLost } from "../event-pattern-losses";
import { type Finding, finding } from "../finding";
import { busName, type GuardParts, SCHEDULE_TARGET } from "../guard-parts";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { findingOf, known, notJudged, outcomeOf, textOf, worst } from "./guard-outcome";

/** What wakes the guard: event rules, their targets and permissions, and schedules. */
export function judgeWakers(
  change: ResourceChange,
  parts: GuardParts,
  { plan }: Pick<ReviewContext, "plan">,
): Finding[] {
  const { before = {}, type } = change;
  switch (type) {
    case "aws_cloudwatch_event_rule":
      return parts.isWakingRule(before.name) ? [...judgeRule(change), ...judgeScheduleRule(change)] : [];
    case "aws_cloudwatch_event_target":
      return parts.isWakingRule(before.rule) && parts.isWoken(before.arn)
        ? judgeTarget(change, parts, plan.changes)
        : [];
    case "aws_lambda_permission":
      return parts.isGuard(before.function_name) ? judgePermission(change, parts) : [];
    case "aws_scheduler_schedule":
      return parts.isGuard(attributeOf(change, "before", ...SCHEDULE_TARGET))
        ? judgeSchedule(change, parts)
        : [];
    default:
      return [];
  }
}

const RULE_STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] as const;

/** Provider 5 has both `state` and the older `is_enabled`: a rule is off if one of them says so. */
function stateOf(change: ResourceChange, side: Side): RuleState | typeof UNKNOWN {
  const state = known(change, side, "state");
  const isEnabled = known(change, side, "is_enabled");
  if (state === "DISABLED" || isEnabled === false) {
    return "DISABLED";
  }
  if (state === null && (isEnabled === null || isEnabled === true)) {
    return "ENABLED";
  }
  const found = RULE_STATES.find((one) => one === state);
  return found === undefined || (isEnabled !== null && isEnabled !== true) ? UNKNOWN : found;
}

function judgeRule(change: ResourceChange): Finding[] {
  const rule = "guard-rule-removed";
  const before = known(change, "before", "event_pattern");
  if (typeof before !== "string" || stateOf(change, "before") === "DISABLED") {
    return [];
  }
  if (isDestroyed(change)) {
    const how = change.action === "replace" ? "replaced" : "destroyed";
    return [finding(rule, change, `An event rule that wakes the guard is ${how}`)];
  }
  const state = stateOf(change, "after");
  if (state === "DISABLED") {
    return [finding(rule, change, "An event rule that wakes the guard is disabled")];
  }
  const after = known(change, "after", "event_pattern");
  if (state === UNKNOWN) {
    const isUnknown = ["state", "is_enabled"].some((name) => known(change, "after", name) === UNKNOWN);
    return [notJudged(rule, change, "Whether the event rule is enabled", isUnknown ? UNKNOWN : undefined)];
  }
  if (after === null) {
    return [finding(rule, change, "An event rule that wakes the guard has no event pattern any more")];
  }
  if (typeof after !== "string") {
    return [notJudged(rule, change, "The event pattern of a rule that wakes the guard", after)];
  }
  const was = stateOf(change, "before");
  return judgePattern(
    change,
    { pattern: before, state: was === UNKNOWN ? "ENABLED" : was },
    { pattern: after, state },
  );
}

function judgePattern(change: ResourceChange, before: EventRuleFilter, after: EventRuleFilter): Finding[] {
  const lost = eventsLost(before, after);
  if (lost === "unknown") {
    return [notJudged("guard-rule-removed", change, "What the event rule's other pattern matches", lost)];
  }
  return lost.length === 0
    ? []
    : [
        finding(
          "guard-rule-removed",
          change,
          "An event rule wakes the guard for fewer events",
          isSensitive(change, "event_pattern") ? [] : lost.map((name) => `no longer for ${name}`),
        ),
      ];
}

/** A schedule that is made anew and looks as often is as good. */
function judgeScheduleRule(change: ResourceChange): Finding[] {
  if (known(change, "before", "schedule_expression") === null || stateOf(change, "before") === "DISABLED") {
    return [];
  }
  const state = stateOf(change, "after");
  return judgeRegularLook(change, state === "DISABLED" ? "lost" : state === UNKNOWN ? "unknown" : "kept");
}

function judgeSchedule(change: ResourceChange, parts: GuardParts): Finding[] {
  if (known(change, "before", "state") === "DISABLED") {
    return [];
  }
  return judgeRegularLook(
    change,
    worst([
      outcomeOf(change, ["state"], (after) => after === null || after === "ENABLED"),
      outcomeOf(change, SCHEDULE_TARGET, (after) => parts.isGuard(after)),
      outcomeOf(change, ["end_date"], (after, before) => after === null || endsLater(after, before)),
    ]),
  );
}

function endsLater(after: unknown, before: unknown): boolean {
  return before !== null && Date.parse(textOf(after)) >= Date.parse(textOf(before));
}

/** @param others what becomes of it but for how often it looks */
function judgeRegularLook(change: ResourceChange, others: Outcome): Finding[] {
  const rule = "guard-schedule-removed";
  if (change.after === undefined) {
    return [finding(rule, change, "The guard's schedule is destroyed")];
  }
  const before = known(change, "before", "schedule_expression");
  const after = known(change, "after", "schedule_expression");
  if (others !== "kept") {
    return findingOf(others, rule, change, "The guard's schedule no longer wakes it", "The guard's schedule");
  }
  if (before === after) {
    return [];
  }
  if (after === null) {
    return [finding(rule, change, "The guard's schedule is removed")];
  }
  const [was, is] = [minutesOf(before), minutesOf(after)];
  if (was === undefined || is === undefined) {
    return [notJudged(rule, change, "Whether the guard's other schedule looks as often", after)];
  }
  const isSecret = isSensitive(change, "schedule_expression");
  const message = isSecret
    ? "The guard looks less often"
    : `The guard looks every ${is} minutes instead of every ${was}`;
  return is > was ? [finding(rule, change, message)] : [];
}

/** EventBridge user guide, "Rate expressions". */
function minutesOf(expression: unknown): number | undefined {
  const [, value, unit] = /^rate\((\d{1,9}) (minute|hour|day)s?\)$/.exec(textOf(expression)) ?? [];
  const minutes = { minute: 1, hour: 60, day: 1440 }[unit ?? ""];
  return minutes === undefined ? undefined : Number(value) * minutes;
}

function judgeTarget(
  change: ResourceChange,
  parts: GuardParts,
  changes: readonly ResourceChange[],
): Finding[] {
  const rule = "guard-target-removed";
  if (change.after === undefined) {
    return [finding(rule, change, "The target by which an event rule wakes the guard is destroyed")];
  }
  const isRenamed = (after: unknown, before: unknown) =>
    changes.some(
      (other) =>
        other.type === "aws_cloudwatch_event_rule" &&
        other.before?.name === before &&
        other.after?.name === after,
    );
  const outcome = worst([
    outcomeOf(change, ["arn"], (after) => parts.isWoken(after)),
    // What becomes of the rule itself is judged there.
    outcomeOf(change, ["rule"], isRenamed),
    outcomeOf(change, ["event_bus_name"], (after, before) => busName(after) === busName(before)),
  ]);
  if (outcome !== "kept") {
    return findingOf(
      outcome,
      rule,
      change,
      "The target no longer has the event rule wake the guard",
      "The event rule's target",
    );
  }
  const handed = ["input", "input_path", "input_transformer"].map((name) => outcomeOf(change, [name]));
  return worst(handed) === "kept"
    ? []
    : [notJudged(rule, change, "Whether the guard acts on what the target now hands it", undefined)];
}

const INVOKES = ["lambda:InvokeFunction", "lambda:*", "*"];

function judgePermission(change: ResourceChange, parts: GuardParts): Finding[] {
  const rule = "guard-permission-removed";
  const { before = {} } = change;
  const isOfRules = before.principal === "events.amazonaws.com" || before.principal === "*";
  if (!isOfRules || !INVOKES.includes(textOf(before.action))) {
    return [];
  }
  if (change.after === undefined) {
    return [finding(rule, change, "The permission by which event rules wake the guard is destroyed")];
  }
  const isGone = (after: unknown) => after === null;
  const outcome = worst([
    outcomeOf(change, ["function_name"], (after) => parts.isGuard(after)),
    outcomeOf(change, ["qualifier"]),
    outcomeOf(change, ["principal"], (after) => after === "*"),
    outcomeOf(change, ["action"], (after) => INVOKES.includes(textOf(after))),
    outcomeOf(
      change,
      ["source_arn"],
      (after, before) => after === null || coversRules(after, before, parts.ruleArns),
    ),
    outcomeOf(change, ["source_account"], isGone),
    outcomeOf(change, ["principal_org_id"], isGone),
    outcomeOf(change, ["event_source_token"], isGone),
  ]);
  return findingOf(
    outcome,
    rule,
    change,
    "The permission no longer covers an event rule that wakes the guard",
    "What the permission covers",
  );
}

/** Whether the permission is for the same rules, or narrower and still for all that wake the guard. */
function coversRules(after: unknown, before: unknown, ruleArns: readonly string[]): boolean {
  const subjects = ruleArns.filter((arn) => before === null || covers(before, arn));
  return subjects.length > 0 && subjects.every((arn) => covers(after, arn));
}

/** More than any ARN has (IAM's longest are of 2,048 characters): not worth the comparison. */
const LONGEST_ARN = 2048;

function covers(pattern: unknown, arn: string): boolean {
  const text = textOf(pattern);
  return text.length <= LONGEST_ARN && arn.length <= LONGEST_ARN && matchesWildcard(text, arn);
}
