import type { Scalar } from "./compile-value";
import type { Stage } from "./path";

/**
 * An element of an array through which a match goes: all else that it needs of that array must lie in the same
 * element. Choices form a chain, the later ones first.
 */
export interface Choice {
  readonly array: readonly unknown[];
  readonly index: number;
  /** The names that lead to the array, as a number. */
  readonly prefix: number;
  readonly earlier: Choice | undefined;
}

/** Choices that have been made; `undefined` where none was needed. */
export type Way = Choice | undefined;

/** What is still to be walked. */
interface Place {
  readonly container: object;
  readonly stage: Stage;
  readonly way: Way;
  /** How many of the choices that were made before the walk lead here. */
  readonly followed: number;
}

/**
 * Visits the values of a field that a way leaves open, each with the way to it. It keeps a stack of its own, so
 * that no event is nested too deep for it.
 *
 * @param laterPrefixes the prefixes of the paths of later fields: choices for no other are remembered
 * @returns the number of steps taken
 */
export function walk(
  event: object,
  start: Stage,
  way: Way,
  laterPrefixes: ReadonlySet<number>,
  visit: (value: Scalar, way: Way) => void,
): number {
  const choices = listChoices(way);
  const pending: Place[] = [{ container: event, stage: start, way: forget(way, laterPrefixes), followed: 0 }];
  let steps = choices.length;

  function enter(child: unknown, stage: Stage, wayThere: Way, followed: number): void {
    steps += 1;
    if (isContainer(child)) pending.push({ container: child, stage, way: wayThere, followed });
    else if (stage.isEnd && isScalar(child)) visit(child, wayThere);
  }

  function enterElement(array: readonly unknown[], index: number, place: Place): void {
    const { stage, way: wayHere, followed } = place;
    const child = array[index];
    // A value that stands in an array by itself does not bind others to its place.
    const binds = isContainer(child) && laterPrefixes.has(stage.prefix);
    enter(child, stage, binds ? { array, index, prefix: stage.prefix, earlier: wayHere } : wayHere, followed);
  }

  function enterArray(array: readonly unknown[], place: Place): void {
    const made = findChoice(choices, place.followed, array);
    const chosen = choices[made];
    if (chosen !== undefined) enter(array[chosen.index], place.stage, place.way, made + 1);
    if (chosen !== undefined && !place.stage.isEnd) return;
    for (let index = 0; index < array.length; index++)
      if (chosen === undefined || !isContainer(array[index])) enterElement(array, index, place);
  }

  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { container, stage, way: wayHere, followed } = place;
    if (Array.isArray(container)) {
      enterArray(container, place);
      continue;
    }
    for (const { key, to } of stage.exits)
      if (Object.hasOwn(container, key))
        enter((container as Record<string, unknown>)[key], to, wayHere, followed);
  }
  return steps;
}

/** A way without the last choices that no later field needs. */
export function forget(way: Way, laterPrefixes: ReadonlySet<number>): Way {
  let kept = way;
  while (kept !== undefined && !laterPrefixes.has(kept.prefix)) kept = kept.earlier;
  return kept;
}

/** The choices of a way, the earliest first: in the order in which a walk comes upon their arrays. */
function listChoices(way: Way): Choice[] {
  const choices: Choice[] = [];
  for (let choice = way; choice !== undefined; choice = choice.earlier) choices.push(choice);
  return choices.reverse();
}

function findChoice(choices: readonly Choice[], from: number, array: readonly unknown[]): number {
  for (let index = from; index < choices.length; index++) if (choices[index]?.array === array) return index;
  return -1;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
  );
}
