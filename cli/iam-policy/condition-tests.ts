import { arnContains, type Contains, equals, textContains } from "./containment";
import type { Work } from "./work";

/** One key of one operator of a statement's `Condition`. */
export interface Test {
  /** In lower case; `ArnEquals` is `ArnLike`, since the two behave identically. */
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  /** Operator and key as the policy has them. */
  readonly name: string;
  /** As they are compared. */
  readonly values: ReadonlySet<string>;
}

/** A condition that isn't asked for any more, or with other values. */
export interface Lost {
  readonly test: Test;
  /** Values that are let through now; undefined if the condition is gone. */
  readonly by: readonly string[] | undefined;
}

/** @param values numbers and truth as their JSON text */
export function testOf(operator: string, key: string, values: readonly string[]): Test {
  const folded = operator.toLowerCase().replace(/arn(not)?equals/, "arn$1like");
  const isTruth = /^(?:bool|null)$/.test(baseOf(folded));
  return {
    operator: folded,
    key: key.toLowerCase(),
    name: `${operator} ${key}`,
    values: new Set(isTruth ? values.map((value) => value.toLowerCase()) : values),
  };
}

/** Which of the `wide` tests some request could fail that passes all of the `narrow` ones. */
export function lostTests(wide: readonly Test[], narrow: readonly Test[], work: Work): readonly Lost[] {
  return wide.flatMap((test) => {
    work.spend(2000 + 50 * narrow.length);
    const others = narrow.filter(({ operator, key }) => operator === test.operator && key === test.key);
    const widened = others.map((other) => letThrough(test, other, work));
    return widened.some((values) => values.length === 0) ? [] : [{ test, by: widened[0] }];
  });
}

/** Of a negated operator, those that no longer keep out. */
function letThrough(wide: Test, narrow: Test, work: Work): readonly string[] {
  const [outer, inner] = isNegated(wide.operator) ? [narrow, wide] : [wide, narrow];
  if (outer.values.size === 0 || inner.values.size === 0) {
    // What an operator without values does isn't documented.
    return [...outer.values, ...inner.values];
  }
  const contains = containsOf(wide.operator);
  work.spend(50 * (inner.values.size + outer.values.size));
  const others = contains === equals ? [] : [...outer.values];
  return [...inner.values].filter(
    (value) => !outer.values.has(value) && !others.some((other) => contains(other, value, work)),
  );
}

function containsOf(operator: string): Contains {
  const base = baseOf(operator);
  if (base.startsWith("arn")) {
    return arnContains;
  }
  return base === "stringlike" || base === "stringnotlike" ? textContains : equals;
}

/** `StringNotEquals`, `NotIpAddress` and so on. */
function isNegated(operator: string): boolean {
  return baseOf(operator).includes("not");
}

function baseOf(operator: string): string {
  return operator.replace(/^for(?:anyvalue|allvalues):/, "").replace(/ifexists$/, "");
}
