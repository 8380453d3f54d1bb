import { type Condition, type Context, parseCondition } from "./conditions";
import { type Json, objectOf, refuseVariables, textsOf } from "./elements";
import { UnknownPolicyError } from "./unknown-policy-error";
import { matchesWildcard } from "./wildcard";

/** Who asks: an AWS service, such as `events.amazonaws.com`, or a user or role. A role's session is its role. */
export type Principal = { readonly service: string } | { readonly arn: string; readonly accountId: string };

export interface AccessRequest {
  readonly principal: Principal;
  /** `SERVICE:NAME`, as the Service Authorization Reference names it. */
  readonly action: string;
  /** An ARN; `*` for an action that knows no resources. */
  readonly resource: string;
  /** Condition keys that the request has. */
  readonly context: Context;
}

export type Verdict = {
  readonly effect: "allow" | "explicit deny" | "implicit deny";
  /** Of the statement that decides, where one does and has one. */
  readonly sid?: string;
};

interface Statement {
  /** The policy and the statement, for errors. */
  readonly where: string;
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** Undefined in an identity-based policy. */
  readonly isOf: ((principal: Principal) => boolean) | undefined;
  readonly hasAction: (action: string) => boolean;
  /** Undefined in a role's trust policy. */
  readonly hasResource: ((resource: string) => boolean) | undefined;
  readonly holds: Condition;
}

/** A policy, parsed. */
export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

const VERSIONS: readonly unknown[] = ["2012-10-17", "2008-10-17", undefined];
const ELEMENTS: readonly string[] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: readonly string[] = [
  "Sid",
  "Effect",
  "Principal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/**
 * Source: IAM user guide, "IAM JSON policy element reference".
 *
 * @param name what errors call the policy
 * @throws UnknownPolicyError naming policy, statement and element of what isn't understood
 */
export function parsePolicy(json: string, name: string): Policy {
  const where = `policy ${name}`;
  const document = objectOf(parseJson(json, where), "the document", where);
  refuseOthers(document, ELEMENTS, where);
  if (!VERSIONS.includes(document.Version)) {
    throw new UnknownPolicyError(where, `Version ${JSON.stringify(document.Version)} isn't known here`);
  }
  const statements = [document.Statement].flat();
  return { name, statements: statements.map((one, index) => parseStatement(one, index, where)) };
}

/**
 * What the policies of a user or role say to a request of theirs; an explicit deny wins.
 *
 * @throws UnknownPolicyError for a policy that names principals or no resource: it is no identity-based one
 */
export function judgeIdentityPolicies(policies: readonly Policy[], request: AccessRequest): Verdict {
  const statements = policies.flatMap((policy) => policy.statements);
  for (const { where, isOf, hasResource } of statements) {
    if (isOf !== undefined || hasResource === undefined) {
      throw new UnknownPolicyError(
        where,
        isOf === undefined
          ? "an identity-based policy needs a Resource"
          : "an identity-based policy has no Principal",
      );
    }
  }
  return judge(statements, request);
}

/**
 * What the policy of a resource, a function's permissions or a role's trust policy says to a request. Without a policy,
 * nothing is allowed.
 *
 * An allow that a statement gives to a whole account, by its id or root, only lets that account's identity-based
 * policies decide: who judges a user or role must ask those as well.
 *
 * @throws UnknownPolicyError for a statement that names no principal
 */
export function judgeResourcePolicy(policy: Policy | undefined, request: AccessRequest): Verdict {
  const statements = policy?.statements ?? [];
  for (const { where, isOf } of statements) {
    if (isOf === undefined) {
      throw new UnknownPolicyError(where, "a resource-based policy needs a Principal");
    }
  }
  return judge(statements, request);
}

function judge(statements: readonly Statement[], request: AccessRequest): Verdict {
  const applying = statements.filter(
    ({ isOf, hasAction, hasResource, holds }) =>
      isOf?.(request.principal) !== false &&
      hasAction(request.action) &&
      hasResource?.(request.resource) !== false &&
      holds(request.context),
  );
  const deny = applying.find(({ effect }) => effect === "Deny");
  const decisive = deny ?? applying[0];
  if (decisive === undefined) {
    return { effect: "implicit deny" };
  }
  const effect = deny === undefined ? "allow" : "explicit deny";
  return decisive.sid === undefined ? { effect } : { effect, sid: decisive.sid };
}

function parseJson(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnknownPolicyError(where, "the document is no JSON");
  }
}

function parseStatement(value: unknown, index: number, policy: string): Statement {
  const number = `${policy}, statement ${index + 1}`;
  const statement = objectOf(value, "the statement", number);
  const { Sid: sid, Effect: effect } = statement;
  const where = typeof sid === "string" ? `${number} (${sid})` : number;
  refuseOthers(statement, STATEMENT_ELEMENTS, where);
  if (sid !== undefined && typeof sid !== "string") {
    throw new UnknownPolicyError(where, `Sid ${JSON.stringify(sid)} is no text`);
  }
  if (effect !== "Allow" && effect !== "Deny") {
    throw new UnknownPolicyError(where, `Effect ${JSON.stringify(effect)} isn't known here`);
  }
  const hasAction = parseEither(statement, "Action", where, parseActions);
  if (hasAction === undefined) {
    throw new UnknownPolicyError(where, "it has neither Action nor NotAction");
  }
  return {
    where,
    sid,
    effect,
    isOf: "Principal" in statement ? parsePrincipal(statement.Principal, where) : undefined,
    hasAction,
    hasResource: parseEither(statement, "Resource", where, parseResources),
    holds: "Condition" in statement ? parseCondition(statement.Condition, where) : () => true,
  };
}

function refuseOthers(document: Json, elements: readonly string[], where: string): void {
  const unknown = Object.keys(document).find((element) => !elements.includes(element));
  if (unknown !== undefined) {
    throw new UnknownPolicyError(where, `the element ${unknown} isn't known here`);
  }
}

type Parse = (value: unknown, element: string, where: string) => (text: string) => boolean;

/** An element or its `Not`; undefined without either. */
function parseEither(
  statement: Json,
  element: "Action" | "Resource",
  where: string,
  parse: Parse,
): ((text: string) => boolean) | undefined {
  const not = `Not${element}`;
  if (element in statement && not in statement) {
    throw new UnknownPolicyError(where, `it has both ${element} and ${not}`);
  }
  if (not in statement) {
    const matches = parse(statement[not], not, where);
    return (text) => !matches(text);
  }
  return element in statement ? parse(statement[element], element, where) : undefined;
}

const parseActions: Parse = (value, element, where) => {
  const patterns = textsOf(value, element, where).map((pattern) => pattern.toLowerCase());
  const wrong = patterns.find((pattern) => !/^(?:\*|[a-z0-9-]+:[\w*?]+)$/.test(pattern));
  if (wrong !== undefined) {
    throw new UnknownPolicyError(where, `${element} holds ${JSON.stringify(wrong)}, which names no action`);
  }
  return (action) => patterns.some((pattern) => matchesWildcard(pattern, action.toLowerCase()));
};

/** AWS would fill up an ARN of fewer than six parts with wildcards; nothing here writes one. */
const parseResources: Parse = (value, element, where) => {
  const patterns = refuseVariables(textsOf(value, element, where), element, where);
  const wrong = patterns.find((pattern) => !/^(?:\*$|arn:(?:[^:]*:){4})/.test(pattern));
  if (wrong !== undefined) {
    throw new UnknownPolicyError(where, `${element} holds ${JSON.stringify(wrong)}, which is no ARN`);
  }
  return (resource) => patterns.some((pattern) => matchesWildcard(pattern, resource));
};

/** `*` and `{"AWS": "*"}` are everybody, AWS services included. */
function parsePrincipal(value: unknown, where: string): (principal: Principal) => boolean {
  if (value === "*") {
    return () => true;
  }
  const kinds = Object.entries(objectOf(value, "Principal", where)).map(([kind, names]) => {
    const parse = PRINCIPALS.get(kind);
    if (parse === undefined) {
      throw new UnknownPolicyError(where, `the principal ${kind} isn't known here`);
    }
    return parse(textsOf(names, `Principal ${kind}`, where), where);
  });
  return (principal) => kinds.some((isOf) => isOf(principal));
}

type ParsePrincipals = (names: readonly string[], where: string) => (principal: Principal) => boolean;

const PRINCIPALS: ReadonlyMap<string, ParsePrincipals> = new Map<string, ParsePrincipals>([
  [
    "Service",
    (names, where) => {
      refuseName(names, /^[a-z0-9.-]+$/, where);
      return (principal) => "service" in principal && names.includes(principal.service);
    },
  ],
  [
    "AWS",
    (names, where) => {
      // A session, and the unique id of a principal that was deleted, would never be matched here.
      refuseName(names, /^(?:\*|\d{12}|arn:[\w-]+:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+))$/, where);
      const accounts = names.flatMap(
        (name) => /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1] ?? [],
      );
      return (principal) =>
        names.includes("*") ||
        ("arn" in principal && (names.includes(principal.arn) || accounts.includes(principal.accountId)));
    },
  ],
]);

function refuseName(names: readonly string[], known: RegExp, where: string): void {
  const wrong = names.find((name) => !known.test(name));
  if (wrong !== undefined) {
    throw new UnknownPolicyError(where, `the principal ${wrong} isn't understood`);
  }
}
