import { PatternSyntaxError } from "../syntax-error";
import type { Field, ValueTest, Wildcard } from "./ast";
import type { Rule } from "./expand";
import { limits } from "./limits";

/** How many sets of states are looked at before wildcards are called too complex, so that looking ends. */
const mostStateSets = 5000;

/**
 * Checks that no field's wildcards are more complex than AWS allows.
 *
 * Sources: "Wildcard matching complexity" on the page "Comparison operators" of the EventBridge user guide, and
 * `MachineComplexityEvaluator` of aws/event-ruler, which counts the wildcards of all rules that share a field
 * and all fields before it.
 *
 * @throws PatternSyntaxError
 */
export function checkWildcardComplexity(rules: readonly Rule[]): void {
  const hasWildcards = ({ tests }: Field) => tests.some((test) => wildcardsOf(test).length > 0);
  if (!rules.some((rule) => rule.some(hasWildcards))) return;
  for (const fields of groupSharedFields(rules)) {
    const tests = new Map(fields.flatMap((field) => field.tests).map((test) => [JSON.stringify(test), test]));
    const wildcards = [...tests.values()].map(wildcardsOf).filter((list) => list.length > 0);
    const [field] = fields;
    if (field === undefined || !exceedsLimit(wildcards)) continue;
    throw new PatternSyntaxError(
      "the wildcards of this field are too complex for AWS: use fewer *, or repeat less of the text after one",
      field.offset,
      field.path,
    );
  }
}

/** Groups the fields that aws/event-ruler tests together: of one path, after equal tests of equal earlier paths. */
function groupSharedFields(rules: readonly Rule[]): Field[][] {
  const idOf = new Map<Field, number>();
  const idOfText = new Map<string, number>();
  for (const field of new Set(rules.flat())) {
    const text = JSON.stringify([field.path, field.tests]);
    const id = idOfText.get(text) ?? idOfText.size;
    idOfText.set(text, id);
    idOf.set(field, id);
  }

  const groups = new Map<string, Set<Field>>();
  for (const rule of rules) {
    let before = "";
    for (const field of rule) {
      const key = `${before} ${field.path}`;
      groups.set(key, (groups.get(key) ?? new Set()).add(field));
      before += `${idOf.get(field)},`;
    }
  }
  return [...groups.values()].map((fields) => [...fields]);
}

function wildcardsOf(test: ValueTest): Wildcard[] {
  if (test.kind === "wildcard") return [test.wildcard];
  if (test.kind !== "anything but match") return [];
  return test.tests.flatMap((inner) => (inner.kind === "wildcard" ? [inner.wildcard] : []));
}

/** A place in a wildcard: what stands before it is matched. */
interface State {
  /** The states of equal beginnings count once. */
  readonly beginning: string;
  /** The byte that leads to the next state, or `any` for a `*`; none at the end. */
  readonly next: number | typeof any | undefined;
  readonly isAfterAny: boolean;
}

const any = "any";

/**
 * Whether some value can match more beginnings of wildcards at once than the limit. It follows all values at once:
 * from each set of states that can be reached, it goes on to those that one more byte leads to.
 *
 * @param tests the wildcards of each test
 */
function exceedsLimit(tests: readonly (readonly Wildcard[])[]): boolean {
  const states: State[] = [];
  const starts: number[] = [];
  for (const [index, wildcards] of tests.entries()) {
    for (const wildcard of wildcards) {
      starts.push(states.length);
      states.push(...statesOf(wildcard, index, states.length));
    }
  }
  const bytes = new Set(states.map(({ next }) => (next === any ? undefined : next)));

  const pending = [withStars(states, starts)];
  const seen = new Set<string>();
  for (let active = pending.pop(); active !== undefined; active = pending.pop()) {
    const beginnings = new Set(active.map((index) => states[index]?.beginning));
    beginnings.delete("");
    if (beginnings.size > limits.wildcardComplexity || seen.size > mostStateSets) return true;
    for (const byte of bytes) {
      const reached = withStars(states, step(states, active, byte));
      const key = reached.join();
      if (reached.length === 0 || seen.has(key)) continue;
      seen.add(key);
      pending.push(reached);
    }
  }
  return false;
}

/** The states of a wildcard in double quotes, as aws/event-ruler holds values. */
function statesOf({ pieces }: Wildcard, test: number, id: number): State[] {
  const tokens: (number | typeof any)[] = [...Buffer.from('"')];
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) tokens.push(any);
    tokens.push(...Buffer.from(piece));
  }
  tokens.push(...Buffer.from('"'));

  const firstStar = tokens.indexOf(any);
  return [...tokens, undefined].map((next, position) => {
    const isShared = firstStar < 0 || position <= firstStar + 1;
    const isEnd = next === undefined;
    const owner = isEnd ? "end" : isShared ? tokens.slice(0, position).join() : `${id}:${position}`;
    return {
      beginning: position === 0 ? "" : `${test} ${owner}`,
      next,
      isAfterAny: tokens[position - 1] === any,
    };
  });
}

/** Where a byte leads from a set of states; `undefined` stands for a byte that no wildcard names. */
function step(states: readonly State[], active: readonly number[], byte: number | undefined): number[] {
  return active.flatMap((index) => {
    const state = states[index];
    const stays = state?.isAfterAny ? [index] : [];
    return byte !== undefined && state?.next === byte ? [...stays, index + 1] : stays;
  });
}

/** Adds the states after the `*`s that come next, since a `*` may match nothing; sorted, each once. */
function withStars(states: readonly State[], active: readonly number[]): number[] {
  const all = active.flatMap((index) => (states[index]?.next === any ? [index, index + 1] : [index]));
  return [...new Set(all)].sort((a, b) => a - b);
}
