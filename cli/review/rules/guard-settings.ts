import { GUARD_MODES, GUARD_ROWS, type GuardMode } from "../../../lambda-src/guard/rows";
import { textContains } from "../../iam-policy/containment";
import { UnreadablePolicy } from "../../iam-policy/unreadable-policy";
import { Work } from "../../iam-policy/work";
import { attributeOf, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding } from "../finding";
import type { GuardParts } from "../guard-parts";
import type { ResourceChange } from "../plan";
import { isRecord } from "../tree";
import { notJudged, textOf } from "./guard-outcome";

/** Trailwarden's own guard: how much it enforces, and whose doings it leaves. Other guards have no such settings. */
export function judgeSettings(change: ResourceChange, parts: GuardParts): Finding[] {
  if (
    change.type !== "aws_lambda_function" ||
    change.after === undefined ||
    !parts.isGuard(change.before?.function_name) ||
    setting(change, "before", "GUARD_MODE") === undefined
  ) {
    return [];
  }
  return [...judgeModes(change), ...judgeRepairs(change), ...judgeExemptions(change)];
}

function setting(change: ResourceChange, side: Side, name: string): unknown {
  return attributeOf(change, side, "environment", 0, "variables", name) ?? undefined;
}

function isSecret(change: ResourceChange, name: string): boolean {
  return isSensitive(change, "environment", 0, "variables", name);
}

function judgeModes(change: ResourceChange): Finding[] {
  const rule = "guard-not-enforcing";
  const before = modesOf(change, "before");
  const after = modesOf(change, "after");
  if (before === undefined) {
    return [];
  }
  if (after === undefined || after === UNKNOWN || before === UNKNOWN) {
    return [notJudged(rule, change, "What the guard enforces", after)];
  }
  const lost = [...before].filter(([row, mode]) => rank(row, after.get(row)) < rank(row, mode));
  const isHidden = isSecret(change, "GUARD_MODE") || isSecret(change, "ROW_MODES");
  const details = lost.map(([row, mode]) => `${row}: ${after.get(row)} instead of ${mode}`);
  return lost.length === 0
    ? []
    : [finding(rule, change, "The guard no longer enforces all that it did", isHidden ? [] : details)];
}

type Modes = ReadonlyMap<string, GuardMode>;

/** By row, as the guard takes them: undefined for what it would refuse, which another version may take. */
function modesOf(change: ResourceChange, side: Side): Modes | typeof UNKNOWN | undefined {
  const [mode, rows] = [setting(change, side, "GUARD_MODE"), setting(change, side, "ROW_MODES")];
  if (mode === UNKNOWN || rows === UNKNOWN) {
    return UNKNOWN;
  }
  const own = jsonOf(rows);
  if (!isMode(mode) || !isRecord(own)) {
    return undefined;
  }
  const modes = new Map<string, GuardMode>(GUARD_ROWS.map((row) => [row, mode]));
  for (const [row, rowMode] of Object.entries(own)) {
    if (!modes.has(row) || !isMode(rowMode)) {
      return undefined;
    }
    modes.set(row, rowMode);
  }
  return modes;
}

function isMode(value: unknown): value is GuardMode {
  return GUARD_MODES.some((mode) => mode === value);
}

/** What can't be repaired is told in both of the modes that aren't `off`. */
function rank(row: string, mode: GuardMode | undefined): number {
  return mode === "enforce" && row !== "irreparable" ? 2 : mode === undefined || mode === "off" ? 0 : 1;
}

function judgeRepairs(change: ResourceChange): Finding[] {
  const [before, after] = [
    setting(change, "before", "REPAIR_LIMIT"),
    setting(change, "after", "REPAIR_LIMIT"),
  ];
  if (before === undefined || before === after || /^0*[1-9]\d*$/.test(textOf(after))) {
    return [];
  }
  return /^0+$/.test(textOf(after))
    ? [finding("guard-not-enforcing", change, "The guard's limit of repairs leaves it none: it only tells")]
    : [notJudged("guard-not-enforcing", change, "How many repairs the guard makes", after)];
}

function judgeExemptions(change: ResourceChange): Finding[] {
  const rule = "guard-exempt-principals-widened";
  const [was, is] = [
    setting(change, "before", "EXEMPT_PRINCIPALS"),
    setting(change, "after", "EXEMPT_PRINCIPALS"),
  ];
  if (was === is) {
    return [];
  }
  // A guard whose list couldn't be read did nothing at all: there is no list that it fell back to.
  const before = patternsOf(was) ?? [];
  const after = patternsOf(is);
  const added = after === undefined ? undefined : notCovered(after, before);
  if (added === undefined) {
    return [notJudged(rule, change, "Whom the guard exempts", is)];
  }
  return added.length === 0
    ? []
    : [
        finding(
          rule,
          change,
          "The guard exempts more principals",
          isSecret(change, "EXEMPT_PRINCIPALS") ? [] : added,
        ),
      ];
}

function patternsOf(text: unknown): readonly string[] | undefined {
  const list = jsonOf(text);
  return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
}

/** Undefined for lists that are too long to compare. */
function notCovered(after: readonly string[], before: readonly string[]): readonly string[] | undefined {
  const work = new Work();
  try {
    return after.filter((pattern) => !before.some((wider) => textContains(wider, pattern, work)));
  } catch (error) {
    if (error instanceof UnreadablePolicy) {
      return undefined;
    }
    throw error;
  }
}

function jsonOf(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
