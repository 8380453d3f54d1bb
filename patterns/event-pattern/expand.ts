import { PatternSyntaxError } from "../syntax-error";
import type { Field, Requirements } from "./ast";
import { limits } from "./limits";

/** Fields that must all hold, in the order of their paths: one way to choose a branch of each `$or`. */
export type Rule = readonly Field[];

/**
 * Lists the ways in which requirements can be met, as aws/event-ruler does.
 *
 * @throws PatternSyntaxError if there are more than AWS allows, or if a path stands both in a branch of an `$or`
 *   and beside it: the guide says that both count, but the engine keeps only the later one
 */
export function expandRules(requirements: Requirements): Rule[] {
  if (countRules(requirements) > limits.orCombinations) {
    const offset = requirements.ors[0]?.offset ?? 0;
    throw new PatternSyntaxError(
      `the $or arrays make more than ${limits.orCombinations} combinations`,
      offset,
    );
  }
  const byPath = (a: Field, b: Field) => (a.path < b.path ? -1 : 1);
  return listFields(requirements).map((fields) => [...fields.values()].sort(byPath));
}

function countRules({ ors }: Requirements): number {
  const branchCounts = ors.map(({ branches }) =>
    branches.reduce((sum, branch) => sum + countRules(branch), 0),
  );
  return branchCounts.reduce((product, count) => product * count, 1);
}

function listFields({ fields, ors }: Requirements): ReadonlyMap<string, Field>[] {
  let combinations = [fields];
  for (const { branches } of ors) {
    const choices = branches.flatMap(listFields);
    combinations = combinations.flatMap((before) => choices.map((choice) => combine(before, choice)));
  }
  return combinations;
}

function combine(a: ReadonlyMap<string, Field>, b: ReadonlyMap<string, Field>): ReadonlyMap<string, Field> {
  for (const { path, offset } of b.values()) {
    if (!a.has(path)) continue;
    const message =
      "stands in a branch of $or and outside it, where AWS keeps only the later one: put it in each branch";
    throw new PatternSyntaxError(message, offset, path);
  }
  return new Map([...a, ...b]);
}
