import { RULES, type RuleId } from "./rules";

/** What the plan does to one resource by one rule. `unknown`: the rule would block, and the plan can't say whether it does. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: "blocks" | "unknown" | "warns";
  /** Of the resource, as Terraform writes it; of the plan as a whole, `plan`. */
  readonly address: string;
  /** What happens, in a sentence without a full stop: the rule's title, or more precisely. Never a sensitive value. */
  readonly message: string;
  /** One line each, such as what a policy newly allows. */
  readonly details: readonly string[];
}

/** Something that the rule is about happens. */
export function finding(
  rule: RuleId,
  { address }: { readonly address: string },
  message: string = RULES[rule].title,
  details: readonly string[] = [],
): Finding {
  return { rule, severity: RULES[rule].severity, address, message, details };
}

/** Whether it happens can't be judged: never fine. */
export function unjudgedFinding(
  rule: RuleId,
  { address }: { readonly address: string },
  message: string,
): Finding {
  return {
    rule,
    severity: RULES[rule].severity === "blocks" ? "unknown" : "warns",
    address,
    message,
    details: [],
  };
}

/** The same, since a value is known after apply only. */
export function unknownFinding(rule: RuleId, change: { readonly address: string }, what: string): Finding {
  return unjudgedFinding(
    rule,
    change,
    `${what} is known after apply only: whether the rule is broken can't be judged`,
  );
}
