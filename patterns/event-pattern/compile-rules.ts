import type { Field } from "./ast";
import { compileValueTests, type Scalar } from "./compile-value";
import type { Rule } from "./expand";
import { PathPlanner, type Stage } from "./path";
import { forget, type Way, walk } from "./walk";

/**
 * How many steps one match may take through parts of an event where it has been before: this many, and a hundred
 * for each step where it has not. Only an event made for the purpose takes more, with dotted keys and arrays laid
 * upon each other. It counts as matching: better one alert too many than a guard that such an event blinds.
 */
const repeatedStepsAllowed = 1_000_000;

interface CompiledField {
  readonly start: Stage;
  readonly passes: (value: Scalar) => boolean;
  /** Whether the field may be missing. */
  readonly mayBeMissing: boolean;
  /** The prefixes of the paths of the fields after it. */
  readonly laterPrefixes: ReadonlySet<number>;
}

/**
 * Compiles rules, of which any may hold, to a test of an event.
 *
 * As in aws/event-ruler, the values of two fields that lie in the same array must lie in the same element of it.
 * Fields are taken in the order of their paths, and one is missing if it is nowhere in the elements that the
 * fields before it have chosen.
 *
 * Sources: "JSON Array Matching" in the README of aws/event-ruler, its `ACFinder` and `ArrayMembership`.
 */
export function compileRules(rules: readonly Rule[]): (event: object) => boolean {
  const planner = new PathPlanner();
  const compiledTests = new Map<Field, CompiledField["passes"]>();
  const compileTests = (field: Field) => {
    const passes = compiledTests.get(field) ?? compileValueTests(field.tests);
    compiledTests.set(field, passes);
    return passes;
  };

  const compiled = rules.map((rule) =>
    rule.map(
      (field, index): CompiledField => ({
        start: planner.start(field.path),
        passes: compileTests(field),
        mayBeMissing: field.tests.some((test) => test.kind === "exists" && !test.expected),
        laterPrefixes: new Set(rule.slice(index + 1).flatMap(({ path }) => planner.prefixes(path))),
      }),
    ),
  );
  return (event) => compiled.some((fields) => matchesRule(fields, event));
}

function matchesRule(fields: readonly CompiledField[], event: object): boolean {
  let stepsLeft = repeatedStepsAllowed;
  // The ways that the fields so far leave open. Where no arrays are shared, that is one without choices.
  let ways = new Set<Way>([undefined]);
  for (const field of fields) {
    const next = new Set<Way>();
    for (const way of ways) {
      const steps = addWays(event, field, way, next);
      stepsLeft += way === undefined ? 100 * steps : -steps;
      if (stepsLeft < 0) return true;
    }
    if (next.size === 0) return false;
    ways = next;
  }
  return true;
}

/** Adds to `next` the ways in which a field holds, given a way that the fields before it leave open. */
function addWays(event: object, field: CompiledField, way: Way, next: Set<Way>): number {
  let isMissing = true;
  const steps = walk(event, field.start, way, field.laterPrefixes, (value, wayThere) => {
    isMissing = false;
    if (field.passes(value)) next.add(wayThere);
  });
  if (isMissing && field.mayBeMissing) next.add(forget(way, field.laterPrefixes));
  return steps;
}
