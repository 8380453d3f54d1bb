import { gainsOfPolicy, UnreadablePolicy } from "../../iam-policy/policy-changes";
import { UNKNOWN } from "../change";
import { type Finding, finding, unjudgedFinding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { RuleId } from "../rules";

/** What a policy was and becomes, as attributes have it: JSON, null for none, or {@link UNKNOWN}. */
export interface PolicyChange {
  readonly before: unknown;
  readonly after: unknown;
  /** What messages call it, such as `The policy of the key`. */
  readonly what: string;
  /** Nothing in it is printed. */
  readonly isSensitive: boolean;
}

/** A finding where a policy allows anything that it didn't, or where that can't be judged. */
export function openedPolicy(rule: RuleId, change: ResourceChange, policy: PolicyChange): Finding[] {
  const { before, after, what, isSensitive } = policy;
  if (after === UNKNOWN) {
    return [unknownFinding(rule, change, what)];
  }
  if (after === before) {
    return [];
  }
  return judgedPolicy(rule, change, policy, () => {
    const gains = gainsOfPolicy(textOf(before), textOf(after));
    const details = isSensitive ? [] : gains.map(({ text }) => text);
    return gains.length === 0 ? [] : [finding(rule, change, `${what} is opened`, details)];
  });
}

/** What a judgement finds; that it can't be judged, where it meets a policy that can't be read. */
export function judgedPolicy(
  rule: RuleId,
  change: ResourceChange,
  { what, isSensitive }: Pick<PolicyChange, "what" | "isSensitive">,
  judgement: () => Finding[],
): Finding[] {
  try {
    return judgement();
  } catch (error) {
    if (!(error instanceof UnreadablePolicy)) {
      throw error;
    }
    const why = isSensitive ? "" : `: ${error.message}`;
    return [unjudgedFinding(rule, change, `${what} can't be compared with what it was${why}`)];
  }
}

/**
 * A policy's JSON; undefined for none.
 *
 * @throws UnreadablePolicy for what is no text
 */
export function textOf(policy: unknown): string | undefined {
  if (policy === undefined || policy === null) {
    return undefined;
  }
  if (typeof policy !== "string") {
    throw new UnreadablePolicy("the policy", "it is no text");
  }
  return policy;
}
