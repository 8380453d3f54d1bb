export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS: string } | { readonly Service: string };
  readonly Action: string | readonly string[];
  /** Absent in a role's trust policy only. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: PolicyCondition;
}

/** A statement that allows actions on resources. */
export function allow(
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}

export function policyOf(statements: readonly PolicyStatement[]) {
  return { Version: "2012-10-17", Statement: [...statements] };
}

/** An IAM policy as JSON text. Terraform fills in the references that its strings hold. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify(policyOf(statements));
}
