import type { Principal } from "../shared/api-call";

/** Why it is left. */
export const DONE_BY_EXEMPT = "done by an exempt principal";

/**
 * Whether one of the patterns stands for who called.
 *
 * @param patterns ARNs of users and of roles (not of their sessions), in which `*` stands for any characters and `?` for one
 */
export function isExempt(
  { roleOrUserArn }: Pick<Principal, "roleOrUserArn">,
  patterns: readonly string[],
): boolean {
  return roleOrUserArn !== "" && patterns.some((pattern) => matches(pattern, roleOrUserArn));
}

function matches(pattern: string, arn: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replace(/\*+/g, ".*").replace(/\?/g, ".")}$`).test(arn);
}
