import { objectOf, refuseVariables, textsOf } from "./elements";
import { UnknownPolicyError } from "./unknown-policy-error";
import { matchesWildcard } from "./wildcard";

/** What is known of a request by condition key, such as `aws:SourceArn`. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** Whether a request meets a statement's conditions. */
export type Condition = (context: Context) => boolean;

/** Whether one value of the policy stands for one of the request. */
type Comparison = (expected: string, actual: string) => boolean;

interface Operator {
  readonly compare: Comparison;
  readonly isNegated: boolean;
  /** What a value of the policy must look like. */
  readonly takes?: RegExp;
}

const equals: Comparison = (expected, actual) => expected === actual;
const equalsTruth: Comparison = (expected, actual) => expected.toLowerCase() === actual.toLowerCase();

const TRUTH = /^(?:true|false)$/i;
const ARN = /^arn:(?:[^:]*:){4}/;

/** `Null`, which asks for the key and not for its value, is none of these. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", { compare: equals, isNegated: false }],
  ["StringNotEquals", { compare: equals, isNegated: true }],
  ["StringLike", { compare: matchesWildcard, isNegated: false }],
  ["StringNotLike", { compare: matchesWildcard, isNegated: true }],
  // The two behave identically.
  ["ArnEquals", { compare: matchesArn, isNegated: false, takes: ARN }],
  ["ArnLike", { compare: matchesArn, isNegated: false, takes: ARN }],
  ["ArnNotEquals", { compare: matchesArn, isNegated: true, takes: ARN }],
  ["ArnNotLike", { compare: matchesArn, isNegated: true, takes: ARN }],
  ["Bool", { compare: equalsTruth, isNegated: false, takes: TRUTH }],
]);

/**
 * A statement's `Condition`: all of its operators and keys must hold, each for any of its values. A key that the
 * request lacks fails a positive operator and passes a negated one; keys are matched without regard to case. Of a key
 * with several values in the request, any may be the one.
 *
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators".
 *
 * @param where the policy and the statement, for errors
 * @throws UnknownPolicyError for an operator that isn't known here (`...IfExists`, `ForAnyValue:`, dates, numbers, IP
 *   addresses), a value that the operator doesn't take, or a policy variable
 */
export function parseCondition(value: unknown, where: string): Condition {
  const conditions = Object.entries(objectOf(value, "Condition", where)).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys, operator, where)).map(([key, values]) =>
      parseTest(operator, key, values, where),
    ),
  );
  return (context) => conditions.every((holds) => holds(context));
}

function parseTest(name: string, key: string, value: unknown, where: string): Condition {
  const element = `${name} of ${key}`;
  // JSON's own true and false are taken for their texts.
  const texts = [value].flat().map((one) => (typeof one === "boolean" ? String(one) : one));
  const expected = refuseVariables(textsOf(texts, element, where), element, where);
  const operator = OPERATORS.get(name);
  const takes = name === "Null" ? TRUTH : operator?.takes;
  const wrong = expected.find((one) => takes?.test(one) === false);
  if (wrong !== undefined) {
    throw new UnknownPolicyError(where, `${element} takes no ${JSON.stringify(wrong)}`);
  }
  if (name === "Null") {
    return (context) => expected.some((one) => equalsTruth(one, String(valuesOf(context, key).length === 0)));
  }
  if (operator === undefined) {
    throw new UnknownPolicyError(where, `the condition operator ${name} isn't known here`);
  }
  const { compare, isNegated } = operator;
  return (context) => {
    const actual = valuesOf(context, key);
    return actual.some((one) => expected.some((pattern) => compare(pattern, one))) !== isNegated;
  };
}

function valuesOf(context: Context, key: string): readonly string[] {
  return Object.entries(context)
    .filter(([name]) => name.toLowerCase() === key.toLowerCase())
    .flatMap(([, value]) => value);
}

/** Each of the six parts between colons is matched by itself. */
function matchesArn(pattern: string, arn: string): boolean {
  const parts = partsOfArn(arn);
  return (
    ARN.test(arn) && partsOfArn(pattern).every((part, index) => matchesWildcard(part, parts[index] ?? ""))
  );
}

function partsOfArn(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
