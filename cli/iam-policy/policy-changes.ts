import { matchesWildcard } from "../../local/iam/wildcard";
import type { Lost } from "./condition-tests";
import { Coverage, type Triple, type Uncovered } from "./coverage";
import { allowText, blocksOf, denyText, lostText } from "./gain-text";
import { principalKey, readPolicy, type Statement, type Term } from "./read-policy";
import { Work } from "./work";

export { UnreadablePolicy } from "./unreadable-policy";

/** One thing that a policy newly allows. */
export interface PolicyGain {
  /** One line in the policy's own words, of at most 200 characters. */
  readonly text: string;
  readonly kind: "allows" | "no longer denies" | "loses a condition";
}

/**
 * What a policy allows that the one before it didn't, or doesn't deny any more. None is missed; what a policy allowed
 * before in other words may be told, where it isn't sure that it is the same. Allows and denies are compared each by
 * themselves: what one statement allows and another denies counts as allowed.
 *
 * @param before JSON, or what it parses to; undefined and "" are no policy
 * @throws UnreadablePolicy for what is no policy, or too large to compare
 */
export function gainsOfPolicy(
  before: string | object | undefined,
  after: string | object | undefined,
): PolicyGain[] {
  const was = readPolicy(before, "policy before");
  const is = readPolicy(after, "policy after");
  const work = new Work();
  const allowed = new Coverage(was.filter(isAllow), work);
  const denied = new Coverage(is.filter(isDeny), work);
  const gains = [
    ...is.filter(isAllow).flatMap((statement) => allowGains(statement, allowed)),
    ...was.filter(isDeny).flatMap((statement) => denyGains(statement, denied)),
  ];
  return [...new Map(gains.map((gain) => [gain.text, gain])).values()];
}

/**
 * Whether a policy lets an AWS service do something. Conditions are set aside, so a Deny counts that has none, or that
 * names the service; one that denies everyone on a condition doesn't.
 *
 * @param service such as `cloudtrail.amazonaws.com`
 * @param action such as `s3:PutObject`
 * @param resource the ARN of one resource, without wildcards
 * @throws UnreadablePolicy for what is no policy
 */
export function allowsService(
  policy: string | object | undefined,
  service: string,
  action: string,
  resource: string,
): boolean {
  const key = principalKey("Service", service);
  const about = readPolicy(policy, "policy").filter(
    ({ actions, resources, principals }) =>
      names(actions, (pattern) => matchesWildcard(pattern, action.toLowerCase())) &&
      names(resources, (pattern) => matchesWildcard(pattern, resource)) &&
      names(principals, (one) => one === "*" || one === key),
  );
  const denies = about
    .filter(isDeny)
    .some(({ tests, principals }) => tests.length === 0 || principals.some((one) => one.key === key));
  return about.some(isAllow) && !denies;
}

/**
 * The required statements that a policy doesn't cover, in their order: it allows, or denies, less than they do or on
 * more conditions. That it denies what a required statement allows isn't asked.
 *
 * @throws UnreadablePolicy for what is no policy or no statement, or too large to compare
 */
export function statementsNotCovered(
  policy: string | object | undefined,
  required: readonly object[],
): object[] {
  const statements = readPolicy(policy, "policy");
  const wanted = readPolicy({ Version: "2012-10-17", Statement: required }, "required policy");
  const work = new Work();
  const allowed = new Coverage(statements.filter(isAllow), work);
  const denied = new Coverage(statements.filter(isDeny), work);
  const lacks = wanted.map(
    (statement) => (isAllow(statement) ? allowed : denied).uncovered(statement).length > 0,
  );
  return required.filter((_, index) => lacks[index]);
}

function isAllow({ effect }: Statement): boolean {
  return effect === "Allow";
}

function isDeny({ effect }: Statement): boolean {
  return effect === "Deny";
}

function allowGains(statement: Statement, before: Coverage): readonly PolicyGain[] {
  const uncovered = before.uncovered(statement);
  const gained = blocksOf(uncovered.filter(({ lost }) => lost.length === 0));
  return [
    ...gained.map((block): PolicyGain => ({ kind: "allows", text: allowText(block, statement.tests) })),
    ...lostConditions(uncovered),
  ];
}

function denyGains(statement: Statement, after: Coverage): readonly PolicyGain[] {
  return blocksOf(after.uncovered(statement)).map((block) => ({
    kind: "no longer denies",
    text: denyText(block, statement.tests),
  }));
}

/** Each condition that is lost is told once for all triples that lose it. */
function lostConditions(uncovered: readonly Uncovered[]): readonly PolicyGain[] {
  const byLoss = new Map<string, { readonly loss: Lost; readonly triples: Triple[] }>();
  for (const { lost, ...triple } of uncovered) {
    for (const loss of lost) {
      const key = JSON.stringify([loss.test.name, loss.by]);
      const known = byLoss.get(key) ?? { loss, triples: [] };
      byLoss.set(key, known);
      known.triples.push(triple);
    }
  }
  return [...byLoss.values()].flatMap(({ loss, triples }) =>
    blocksOf(triples).map(
      (block): PolicyGain => ({ kind: "loses a condition", text: lostText(block, loss) }),
    ),
  );
}

/** Whether the terms stand for what a pattern of theirs is asked of. */
function names(terms: readonly Term[], matches: (pattern: string) => boolean): boolean {
  return terms.some(({ key, except }) =>
    except === undefined ? matches(key) : !except.some((one) => matches(one.key)),
  );
}
