import { attributeOf, isDestroyed, isSensitive, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { GuardParts } from "../guard-parts";
import { eventPatternMatchesLess } from "../matches-less";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { fromTo, listed, nameOf, nameOfArn, shown } from "./wording";

/** Event rules that tell of calls or instances by a topic, function or queue, but for what wakes a guard: that blocks. */
export function judgeEventRules(context: ReviewContext): Finding[] {
  const { alerting } = context;
  const rules = context.plan.changes.filter(
    (change) => change.before !== undefined && alerting.isEventRule(change),
  );
  const destroyed = new Set(rules.filter(isDestroyed).map((change) => attributeOf(change, "before", "name")));
  const targets = context.plan.changes.filter(
    (change) =>
      change.type === "aws_cloudwatch_event_target" &&
      alerting.isEventRuleName(attributeOf(change, "before", "rule")) &&
      // Told with the rule.
      !destroyed.has(attributeOf(change, "before", "rule")),
  );
  const judged = [
    ...rules.map((change) => ({
      change,
      findings: [...removed(change), ...disabled(change), ...matchesLess(change)],
    })),
    ...targets.map((change) => ({ change, findings: noLongerReached(change) })),
  ].filter(({ findings }) => findings.length > 0);
  if (judged.length === 0) {
    return [];
  }
  const guard = context.guard;
  return judged.flatMap(({ change, findings }) => (isGuards(change, guard) ? [] : findings));
}

function isGuards(change: ResourceChange, guard: GuardParts): boolean {
  return change.type === "aws_cloudwatch_event_rule"
    ? guard.isWakingRule(attributeOf(change, "before", "name"))
    : guard.isWakingRule(attributeOf(change, "before", "rule")) &&
        guard.isWoken(attributeOf(change, "before", "arn"));
}

function removed(change: ResourceChange): Finding[] {
  if (!isDestroyed(change)) {
    return [];
  }
  const rule = `The event rule ${nameOf(change, "name")} is removed`;
  if (change.action === "delete") {
    return [finding("event-rule-removed", change, rule)];
  }
  const isRenamed = attributeOf(change, "before", "name") !== attributeOf(change, "after", "name");
  const as = isRenamed ? ` as "${shown(change, "after", "name")}"` : "";
  return [finding("event-rule-removed", change, `${rule} and made again${as}`)];
}

/** Both attributes say it, and a plan may have either. */
function disabled(change: ResourceChange): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const was = stateOf(change, "before");
  const is = stateOf(change, "after");
  const name = nameOf(change, "name");
  if (was === "DISABLED" || was === is) {
    return [];
  }
  switch (is) {
    case "DISABLED":
      return [finding("event-rule-removed", change, `The event rule ${name} is disabled`)];
    case "ENABLED":
      return was === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
        ? [
            finding(
              "event-rule-matches-less",
              change,
              `The event rule ${name} no longer matches read-only calls`,
            ),
          ]
        : [];
    case UNKNOWN:
      return [unknownFinding("event-rule-removed", change, `Whether the event rule ${name} is enabled`)];
    default:
      return [];
  }
}

function stateOf(change: ResourceChange, side: "before" | "after"): unknown {
  const state = attributeOf(change, side, "state");
  const isEnabled = attributeOf(change, side, "is_enabled");
  if (state === "DISABLED" || isEnabled === false) {
    return "DISABLED";
  }
  if (typeof state === "string" && state !== "") {
    return state;
  }
  return state === UNKNOWN || isEnabled === UNKNOWN ? UNKNOWN : "ENABLED";
}

function matchesLess(change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "event_pattern");
  const after = attributeOf(change, "after", "event_pattern");
  const name = nameOf(change, "name");
  if (change.after === undefined || before === after) {
    return [];
  }
  if (typeof after !== "string" || typeof before !== "string") {
    return after === UNKNOWN
      ? [unknownFinding("event-rule-matches-less", change, `The pattern of the event rule ${name}`)]
      : [finding("event-rule-matches-less", change, `The event rule ${name} no longer has a pattern`)];
  }
  const outcome = eventPatternMatchesLess(before, after);
  if (outcome === "same") {
    return [];
  }
  if (outcome === "unknown") {
    const message = `The pattern of the event rule ${name} changes, and no example can say whether it matches less`;
    return [finding("event-rule-matches-less", change, message)];
  }
  const isHidden = isSensitive(change, "event_pattern");
  const what = isHidden ? "some events" : listed(outcome.lost);
  return [
    finding(
      "event-rule-matches-less",
      change,
      `The event rule ${name} no longer matches ${what}`,
      isHidden ? [] : outcome.lost,
    ),
  ];
}

function noLongerReached(change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "arn");
  if (typeof before !== "string" || change.action === "forget") {
    return [];
  }
  const rule = `The event rule ${nameOf(change, "rule")}`;
  const arn = isSensitive(change, "arn") ? "a sensitive value" : nameOfArn(before);
  if (change.after === undefined) {
    return [finding("event-rule-removed", change, `${rule} no longer reaches ${arn}`)];
  }
  const findings: Finding[] = [];
  const after = attributeOf(change, "after", "arn");
  if (after === UNKNOWN) {
    findings.push(
      unknownFinding("event-rule-removed", change, `What the event rule ${nameOf(change, "rule")} reaches`),
    );
  } else if (after !== before) {
    const other =
      isSensitive(change, "arn") || typeof after !== "string" ? "something else" : nameOfArn(after);
    findings.push(finding("event-rule-removed", change, `${rule} no longer reaches ${arn}, but ${other}`));
  }
  const otherRule = attributeOf(change, "after", "rule");
  if (otherRule !== UNKNOWN && otherRule !== attributeOf(change, "before", "rule")) {
    findings.push(
      finding(
        "event-rule-removed",
        change,
        `${rule} no longer reaches ${arn}: another rule does (${fromTo(change, "rule")})`,
      ),
    );
  }
  return findings;
}
