import {
  type Condition,
  type Expression,
  parseFilterPattern,
  printFilterPattern,
  type Selector,
} from "../patterns";
import { LIMITS } from "./limits";

/** Who called, or the session in which they did. */
const CALLER = selector("userIdentity", "arn");
/** The role that the session is of. */
const SESSION_ISSUER = selector("userIdentity", "sessionContext", "sessionIssuer", "arn");

/**
 * Makes a pattern pass over the calls of some principals, and of nobody else: a record that lacks the field, such as
 * that of a user, who has no session, or of a service, which has no ARN, still matches.
 *
 * Not for a standard's own text, which auditors compare to the letter.
 *
 * @param pattern a pattern of the form `{ … }`
 * @param arnPatterns ARNs of users, of roles (`arn:aws:iam::111122223333:role/Deploy`: every session of the role) or of
 *   sessions (`arn:aws:sts::111122223333:assumed-role/Deploy/*`); `*` at either end stands for any characters
 * @throws if an ARN pattern is empty, is for everybody or has `*` in the middle, or the pattern becomes longer than AWS allows
 */
export function ignorePrincipals(pattern: string, arnPatterns: readonly string[]): string {
  if (arnPatterns.length === 0) {
    return pattern;
  }
  for (const arnPattern of arnPatterns) {
    if (/^\*?$/.test(arnPattern) || arnPattern.slice(1, -1).includes("*")) {
      throw new Error(
        `ignorePrincipals takes ARNs with "*" at either end at most, got ${JSON.stringify(arnPattern)}`,
      );
    }
  }
  const conditions = [CALLER, SESSION_ISSUER].flatMap((field) => {
    const arns = [...new Set(arnPatterns)].filter((arn) => fieldsOf(arn).includes(field));
    return arns.length === 0 ? [] : [isNoneOf(field, arns)];
  });
  const ignoring = printFilterPattern({
    kind: "json",
    expression: allOf([expressionOf(pattern), ...conditions]),
  });
  if (ignoring.length > LIMITS.patternCharacters) {
    throw new Error(
      `ignoring ${arnPatterns.length} principals makes the pattern ${ignoring.length} characters long, ` +
        `${ignoring.length - LIMITS.patternCharacters} more than the ${LIMITS.patternCharacters} that CloudWatch Logs allows`,
    );
  }
  return ignoring;
}

/**
 * The fields that can hold such an ARN. One is enough where the ARN says what it is of, and a pattern has little room;
 * a user's ARN as the issuer of a session is left alone, since that session is someone else's who was let in.
 */
function fieldsOf(arnPattern: string): readonly Selector[] {
  if (/:(?:assumed-role|federated-user|user)\/|:sts:|:root$/.test(arnPattern)) {
    return [CALLER];
  }
  return /:role\//.test(arnPattern) ? [SESSION_ISSUER] : [CALLER, SESSION_ISSUER];
}

/** The field is missing, or differs from each of the ARNs. */
function isNoneOf(field: Selector, arns: readonly string[]): Expression<Condition> {
  const differs = arns.map(
    (text): Condition => ({
      kind: "comparison",
      selector: field,
      operator: "!=",
      operand: { kind: "string", text },
    }),
  );
  return { kind: "or", operands: [{ kind: "not exists", selector: field }, allOf(differs)] };
}

function allOf(expressions: readonly Expression<Condition>[]): Expression<Condition> {
  const operands = expressions.flatMap((expression): readonly Expression<Condition>[] =>
    expression.kind === "and" ? expression.operands : [expression],
  );
  return operands.length === 1 ? (operands[0] as Expression<Condition>) : { kind: "and", operands };
}

function expressionOf(pattern: string): Expression<Condition> {
  const { ast } = parseFilterPattern(pattern);
  if (ast.kind !== "json") {
    throw new Error(`ignorePrincipals takes a pattern of the form { … }, got ${JSON.stringify(pattern)}`);
  }
  return ast.expression;
}

function selector(...names: readonly string[]): Selector {
  return names.map((name) => ({ kind: "name", name }));
}
