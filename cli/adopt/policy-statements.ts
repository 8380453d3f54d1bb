import { isObject } from "../../config/settings";

/** Statements of a policy, given as text or as what that parses to; none of what is no policy. */
export function statementsOf(policy: unknown): Readonly<Record<string, unknown>>[] {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  return isObject(document) ? listed(document.Statement).filter(isObject) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What people know a statement by. */
export function titleOf(statement: Readonly<Record<string, unknown>>): string {
  return typeof statement.Sid === "string" && statement.Sid !== ""
    ? statement.Sid
    : JSON.stringify(statement);
}

/** What a policy may give as a list or as its one item. */
export function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
