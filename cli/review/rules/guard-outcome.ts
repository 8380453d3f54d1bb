import { attributeOf, type Outcome, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unjudgedFinding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { RuleId } from "../rules";
import { isSame } from "../tree";

/** An attribute's value, with null for the ways in which a provider says that there is none: "" and an empty list. */
export function known(change: ResourceChange, side: Side, ...path: readonly (string | number)[]): unknown {
  const value = attributeOf(change, side, ...path);
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;
}

/** Of something that is to stay as it is, or to be as `isAsGood` says. What wasn't there before has nothing to lose. */
export function outcomeOf(
  change: ResourceChange,
  path: readonly (string | number)[],
  isAsGood: (after: unknown, before: unknown) => boolean = () => false,
): Outcome {
  const before = known(change, "before", ...path);
  const after = known(change, "after", ...path);
  if (after === UNKNOWN) {
    return "unknown";
  }
  return isSame(after, before) || isAsGood(after, before) ? "kept" : "lost";
}

/** A text, or none: to make one of anything else may throw. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What becomes of something that several outcomes decide: lost if one is, known if all are. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return outcomes.includes("lost") ? "lost" : outcomes.includes("unknown") ? "unknown" : "kept";
}

export function findingOf(
  outcome: Outcome,
  rule: RuleId,
  change: ResourceChange,
  lost: string,
  unknown: string,
): Finding[] {
  return outcome === "lost"
    ? [finding(rule, change, lost)]
    : outcome === "unknown"
      ? [unknownFinding(rule, change, unknown)]
      : [];
}

/** The rule may be broken: a value is known after apply only, or isn't one that can be judged. */
export function notJudged(rule: RuleId, change: ResourceChange, what: string, value: unknown): Finding {
  return value === UNKNOWN
    ? unknownFinding(rule, change, what)
    : unjudgedFinding(rule, change, `${what} can't be judged`);
}
