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

const MOST_ACTIONS = 10;

/** Condition keys, in lower case, that hold everybody to one account or organization. */
const WHOSE: Readonly<Record<string, string>> = {
  "aws:sourceowner": "account",
  "aws:sourceaccount": "account",
  "aws:principalaccount": "account",
  "kms:calleraccount": "account",
  "aws:principalorgid": "organization",
};

/** In words, what a statement allows or denies whom. */
export function accessOf(statement: Readonly<Record<string, unknown>>): string {
  const { Effect, Action, NotAction, NotPrincipal } = statement;
  const named = listed(Action).map(String);
  const more = named.length - MOST_ACTIONS;
  const actions =
    NotAction === undefined
      ? `${named.slice(0, MOST_ACTIONS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`
      : `everything but ${listed(NotAction).join(", ")}`;
  const conditions = conditionsOf(statement);
  const others = [...new Set(conditions.flatMap(([key]) => (WHOSE[key] === undefined ? [key] : [])))];
  const whose = conditions.flatMap(([key, values]) => {
    const kind = WHOSE[key];
    return kind === undefined ? [] : [` in the ${kind} ${values.join(" or ")}`];
  });
  const whom =
    NotPrincipal === undefined
      ? principalsOf(statement).map((name) => (name === "*" ? `everybody${whose[0] ?? ""}` : name))
      : [`everybody but ${JSON.stringify(NotPrincipal)}`];
  // A role's own policy names nobody: it is that role's.
  const access = `${Effect === "Deny" ? "denies" : "allows"} ${actions}`;
  return [
    whom.length === 0 ? access : `${access} for ${whom.join(", ")}`,
    ...(others.length === 0 ? [] : [`depending on ${others.join(", ")}`]),
  ].join(" ");
}

/** Accounts, roles and services that a statement names; `*` for everybody. */
export function principalsOf({ Principal }: Readonly<Record<string, unknown>>): string[] {
  return (isObject(Principal) ? Object.values(Principal).flatMap(listed) : listed(Principal)).map(String);
}

/** ARNs that a statement is held to by `aws:SourceArn`, wherever it stands. */
export function sourcesOf(statement: Readonly<Record<string, unknown>>): string[] {
  return conditionsOf(statement).flatMap(([key, values]) => (key === "aws:sourcearn" ? values : []));
}

/** Keys, in lower case, of all its conditions, and their values. */
function conditionsOf({
  Condition,
}: Readonly<Record<string, unknown>>): (readonly [key: string, values: string[]])[] {
  return Object.values(isObject(Condition) ? Condition : {}).flatMap((tests) =>
    Object.entries(isObject(tests) ? tests : {}).map(
      ([key, values]) => [key.toLowerCase(), listed(values).map(String)] as const,
    ),
  );
}

/** What a policy may give as a list or as its one item. */
export function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
