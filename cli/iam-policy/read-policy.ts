import { type Test, testOf } from "./condition-tests";
import { VARIABLE } from "./containment";
import { shown, UnreadablePolicy } from "./unreadable-policy";

/** One thing that `Action`, `Resource` or `Principal` names, or all that their `Not…` leaves. */
export interface Term {
  /** As it is compared. */
  readonly key: string;
  /** As the policy has it, or in words; empty for what isn't written. */
  readonly text: string;
  /** Of a `Not…`: what it doesn't stand for. */
  readonly except?: readonly Term[];
}

/** A statement stands for each of its actions on each of its resources by each of its principals. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly Term[];
  readonly resources: readonly Term[];
  readonly principals: readonly Term[];
  readonly tests: readonly Test[];
  /** JSON of the elements that aren't known here. */
  readonly others: string;
}

/** The principal of an identity-based policy, which names none: whoever has it. */
export const BEARER: Term = { key: "", text: "" };

/** A trust policy names no resource: it is the role's own. */
const ANY_RESOURCE: Term = { key: "*", text: "" };

const EVERYONE: Term = { key: "*", text: "everyone (*)" };

const MOST_TRIPLES = 20_000;
const DEEPEST = 20;
const VERSIONS: readonly unknown[] = ["2012-10-17", "2008-10-17", undefined];
const STATEMENT_ELEMENTS: readonly string[] = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];

type Json = Readonly<Record<string, unknown>>;

/**
 * Source: IAM user guide, "IAM JSON policy element reference".
 *
 * @param policy its JSON, or what it parses to; undefined and "" have no statements
 * @param where what errors call the policy
 * @throws UnreadablePolicy for what is no policy, or names more than 20,000 triples of action, resource and principal
 */
export function readPolicy(policy: string | object | undefined, where: string): readonly Statement[] {
  if (policy === undefined || policy === "") {
    return [];
  }
  const document = objectOf(
    typeof policy === "string" ? parseJson(policy, where) : policy,
    "the document",
    where,
  );
  const { Version: version, Id: _, Statement: list, ...others } = document;
  if (!VERSIONS.includes(version)) {
    throw new UnreadablePolicy(where, `Version ${shown(version)} isn't known here`);
  }
  const written = version === "2012-10-17" ? (text: string) => text : withoutVariables;
  const found: readonly unknown[] = Array.isArray(list) ? list : [list];
  let triples = 0;
  return found.map((one, index) => {
    const statement = readStatement(one, `${where}, statement ${index + 1}`, written, others);
    triples += statement.actions.length * statement.resources.length * statement.principals.length;
    if (triples > MOST_TRIPLES) {
      throw new UnreadablePolicy(where, "too large to compare");
    }
    return statement;
  });
}

/** Before version 2012-10-17, what looks like a variable is text; a NUL keeps it from being taken for one. */
function withoutVariables(text: string): string {
  return text.replaceAll(VARIABLE, `${VARIABLE}\0`);
}

type Written = (text: string) => string;

function readStatement(value: unknown, number: string, written: Written, documentOthers: Json): Statement {
  const statement = objectOf(value, "the statement", number);
  const { Sid: sid, Effect: effect } = statement;
  if (sid !== undefined && typeof sid !== "string") {
    throw new UnreadablePolicy(number, `Sid is ${shown(sid)} and no text`);
  }
  const where = sid === undefined ? number : `${number} (${shown(sid)})`;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new UnreadablePolicy(where, `Effect is ${shown(effect)} and neither "Allow" nor "Deny"`);
  }
  const actions = readEither(statement, "Action", where, (one, element) =>
    textsOf(one, element, where).map((text) => ({ key: text.toLowerCase(), text })),
  );
  if (actions === undefined) {
    throw new UnreadablePolicy(where, "it has neither Action nor NotAction");
  }
  const resources = readEither(statement, "Resource", where, (one, element) =>
    textsOf(one, element, where).map((text) => ({ key: written(text), text })),
  );
  const principals = readEither(statement, "Principal", where, (one, element) =>
    readPrincipals(one, element, where),
  );
  const unknown = Object.entries(statement).filter(([element]) => !STATEMENT_ELEMENTS.includes(element));
  return {
    effect,
    actions,
    resources: resources ?? [ANY_RESOURCE],
    principals: principals ?? [BEARER],
    tests: "Condition" in statement ? readTests(statement.Condition, where, written) : [],
    others: canonical({ ...documentOthers, ...Object.fromEntries(unknown) }, where),
  };
}

/** An element's terms, or the one of its `Not…`; undefined without either. */
function readEither(
  statement: Json,
  element: "Action" | "Resource" | "Principal",
  where: string,
  read: (value: unknown, element: string) => readonly Term[],
): readonly Term[] | undefined {
  const not = `Not${element}`;
  if (element in statement && not in statement) {
    throw new UnreadablePolicy(where, `it has both ${element} and ${not}`);
  }
  if (not in statement) {
    const except = unique(read(statement[not], not));
    return [
      {
        key: JSON.stringify([not, ...except.map(({ key }) => key).sort()]),
        text: `all but ${except.map(({ text }) => text).join(", ")}`,
        except,
      },
    ];
  }
  return element in statement ? unique(read(statement[element], element)) : undefined;
}

function unique(terms: readonly Term[]): readonly Term[] {
  return [...new Map(terms.map((term) => [term.key, term])).values()];
}

/** `*` and `{"AWS": "*"}` are everyone; of an account, its id and its root are the same. */
function readPrincipals(value: unknown, element: string, where: string): readonly Term[] {
  const kinds: readonly (readonly [string, unknown])[] =
    typeof value === "string" || Array.isArray(value)
      ? [["AWS", value]]
      : Object.entries(objectOf(value, element, where));
  if (kinds.length === 0) {
    throw new UnreadablePolicy(where, `${element} is empty`);
  }
  return kinds.flatMap(([kind, names]) =>
    textsOf(names, `${element} ${shown(kind)}`, where).map((name) => principalOf(kind, name)),
  );
}

function principalOf(kind: string, name: string): Term {
  if (kind !== "AWS") {
    return { key: principalKey(kind, name), text: `${kind} ${name}` };
  }
  if (name === "*") {
    return EVERYONE;
  }
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === undefined
    ? { key: principalKey(kind, name), text: name }
    : { key: principalKey(kind, account), text: `account ${account}` };
}

/** @param kind as the policy has it, such as `Service` */
export function principalKey(kind: string, name: string): string {
  return `${kind} ${name}`;
}

function readTests(value: unknown, where: string, written: Written): readonly Test[] {
  return Object.entries(objectOf(value, "Condition", where)).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys, shown(operator), where)).map(([key, values]) =>
      testOf(operator, key, readValues(values, `${shown(operator)} of ${shown(key)}`, where).map(written)),
    ),
  );
}

function readValues(value: unknown, element: string, where: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") {
      throw new UnreadablePolicy(where, `${element} holds ${shown(one)}`);
    }
    return String(one);
  });
}

function textsOf(value: unknown, element: string, where: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) {
    throw new UnreadablePolicy(where, `${element} is an empty list`);
  }
  return values.map((one) => {
    if (typeof one !== "string") {
      throw new UnreadablePolicy(where, `${element} holds ${shown(one)}, which is no text`);
    }
    return one;
  });
}

function objectOf(value: unknown, element: string, where: string): Json {
  if (!isObject(value)) {
    throw new UnreadablePolicy(where, `${element} is ${shown(value)} and no JSON object`);
  }
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadablePolicy(where, "it is no JSON");
  }
}

/** The same JSON for values that are equal, in whatever order their members are. */
function canonical(value: unknown, where: string, depth = 0): string {
  if (depth > DEEPEST) {
    throw new UnreadablePolicy(where, "it is nested too deeply");
  }
  if (Array.isArray(value)) {
    return `[${value.map((one) => canonical(one, where, depth + 1)).join(",")}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one, where, depth + 1)}`)
      .sort();
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}
