import { z } from "zod";
import { describeIssues } from "../../config/problems";
import { isObject, settings, text } from "../../config/settings";
import { printable } from "../match/printable";
import { RULES, type RuleId } from "./rules";

/** Overrides a finding that blocks, or that could: reviewed with the code. */
export interface Waiver {
  readonly rule: RuleId;
  /** Of the finding, letter by letter. */
  readonly address: string;
  /** At least 10 characters. */
  readonly reason: string;
  /** The last day on which it holds, in UTC: `YYYY-MM-DD`. */
  readonly expiry: string;
}

/** What is wrong with a file of waivers: one line a problem, each with its path and value. */
export class InvalidWaivers extends Error {
  override readonly name = "InvalidWaivers";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

const SHORTEST_REASON = 10;

const waiver = settings({
  rule: z.string().transform((value, context): RuleId => {
    const rule = RULE_IDS.find((id) => id === value);
    if (rule !== undefined && blocks(rule)) {
      return rule;
    }
    const message =
      rule === undefined
        ? `is no rule that blocks; ${suggestion(value)}`
        : "is a rule that only warns: there is nothing to waive";
    context.addIssue({ code: "custom", message, input: value });
    return z.NEVER;
  }),
  address: text,
  reason: z.string().refine((reason) => reason.trim().length >= SHORTEST_REASON, {
    error: `is shorter than ${SHORTEST_REASON} characters: say why`,
  }),
  expiry: z.iso.date({ error: "is no date as YYYY-MM-DD" }),
});

export const RULE_IDS: readonly RuleId[] = Object.keys(RULES).filter(isRuleId);

function isRuleId(name: string): name is RuleId {
  return Object.hasOwn(RULES, name);
}

function blocks(rule: RuleId): boolean {
  return RULES[rule].severity === "blocks";
}

function suggestion(name: string): string {
  const [nearest] = RULE_IDS.filter(blocks)
    .map((rule) => ({ rule, edits: editsBetween(name, rule) }))
    .filter(({ edits }) => edits <= MOST_EDITS)
    .sort((one, other) => one.edits - other.edits);
  return nearest === undefined ? "docs/review.md lists those" : `did you mean ${nearest.rule}?`;
}

/** Of a name that is mistyped. */
const MOST_EDITS = 4;

/** How many letters to insert, leave out or replace make one of the other (Levenshtein); no less than by their lengths. */
function editsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_EDITS) {
    return Number.POSITIVE_INFINITY;
  }
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const [replaced = 0, left = 0, inserted = 0] = [row[j], row[j + 1], next[j]];
      next.push(Math.min(replaced + (one[i] === other[j] ? 0 : 1), left + 1, inserted + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/**
 * @param text of the file: an array in JSON
 * @param file what it is called in problems
 * @throws InvalidWaivers
 */
export function readWaivers(text: string, file: string): Waiver[] {
  const invalid = (problems: readonly string[]) =>
    new InvalidWaivers(problems.map((problem) => printable(`${file}: ${problem}`)));
  const list = parsed(text, (problem) => invalid([problem]));
  if (!Array.isArray(list)) {
    throw invalid(["is no array of waivers"]);
  }
  const result = z.array(waiver).safeParse(list, { reportInput: true });
  const problems = [...(result.success ? [] : describeIssues(result.error.issues)), ...repeated(list)];
  if (!result.success || problems.length > 0) {
    throw invalid(problems);
  }
  return result.data;
}

function parsed(text: string, invalid: (problem: string) => InvalidWaivers): unknown {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalid(`is no JSON: ${error instanceof Error ? placed(error.message, json) : "can't be read"}`);
  }
}

/** Node's words, with the line and column that only some of its versions name; where it names no place, it quotes. */
function placed(message: string, json: string): string {
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  if (position === undefined) {
    return message;
  }
  const lines = json.slice(0, Number(position)).split("\n");
  const place = `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
  return `${message.replace(/ in JSON at position .*$/s, "")} at ${place}`;
}

/** Of two with different expiry, nobody could tell which one holds. */
function repeated(list: readonly unknown[]): string[] {
  const first = new Map<string, number>();
  return list.flatMap((entry, index) => {
    if (!isObject(entry) || typeof entry.rule !== "string" || typeof entry.address !== "string") {
      return [];
    }
    const key = JSON.stringify([entry.rule, entry.address]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    return [`[${index}]: ${key} is waived already by [${earlier}]`];
  });
}
