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
        ? `is no rule that blocks; those are ${RULE_IDS.filter(blocks).join(", ")}`
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

/**
 * @param text of the file: an array in JSON
 * @param file what it is called in problems
 * @throws InvalidWaivers
 */
export function readWaivers(text: string, file: string): Waiver[] {
  const invalid = (problems: readonly string[]) =>
    new InvalidWaivers(problems.map((problem) => printable(`${file}: ${problem}`)));
  const list = parsed(text);
  if (!Array.isArray(list)) {
    throw invalid([list === undefined ? "is no JSON" : "is no array of waivers"]);
  }
  const result = z.array(waiver).safeParse(list, { reportInput: true });
  const problems = [...(result.success ? [] : describeIssues(result.error.issues)), ...repeated(list)];
  if (!result.success || problems.length > 0) {
    throw invalid(problems);
  }
  return result.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
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
