import fc from "fast-check";
import { arbitraryEvent, names, numbers, texts } from "./records";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const text = fc.constantFrom<Json>(...texts);
const someText = fc.constantFrom<Json>(...texts.filter((one) => one !== ""));
const oneOrMore = (one: fc.Arbitrary<Json>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 2 }));
const wildcard = fc.constantFrom<Json>("*", "x*", "*x", "*y*", "x*x", "xy", "", "say \\\\*", "*\\\\");
const bounds = fc.constantFrom<Json>(
  ["=", 1],
  [">", 0],
  [">=", 404],
  ["<", 0],
  ["<=", 1],
  [">", 0, "<", 1000],
  [">=", -1.5, "<=", 0],
);

const operator: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ prefix: fc.record({ "equals-ignore-case": text }) }),
  fc.record({ suffix: fc.record({ "equals-ignore-case": text }) }),
  fc.record({ "equals-ignore-case": text }),
  fc.record({ wildcard }),
  fc.record({ "anything-but": oneOrMore(text) }),
  fc.record({ "anything-but": oneOrMore(fc.constantFrom<Json>(...numbers)) }),
  fc.record({ "anything-but": fc.record({ prefix: oneOrMore(someText) }) }),
  fc.record({ "anything-but": fc.record({ suffix: oneOrMore(someText) }) }),
  fc.record({ "anything-but": fc.record({ "equals-ignore-case": oneOrMore(text) }) }),
  fc.record({ "anything-but": fc.record({ wildcard: oneOrMore(wildcard) }) }),
  fc.record({ numeric: bounds }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ cidr: fc.constantFrom("10.0.0.0/8", "10.1.0.0/16") }),
);

const leaf = fc.array(
  fc.oneof(
    fc.constantFrom<Json>(...texts, ...numbers, null, true, false),
    operator,
    fc.constant<Json>({ exists: true }),
  ),
  { minLength: 1, maxLength: 3 },
);

const fieldNames = [...names, "a.b", "a-b"];
const fields = fc.letrec<{ fields: JsonObject }>((tie) => ({
  fields: fc.dictionary(
    fc.constantFrom(...fieldNames),
    fc.oneof({ maxDepth: 2 }, { weight: 3, arbitrary: leaf }, { weight: 2, arbitrary: tie("fields") }),
    { minKeys: 1, maxKeys: 2, noNullPrototype: true },
  ),
})).fields;

/** An event pattern, of which no path stands both in an `$or` and beside it. */
export const arbitraryEventPattern: fc.Arbitrary<JsonObject> = fc
  .tuple(fields, fc.array(fields, { maxLength: 3 }))
  .map(([own, branches]) => (branches.length < 2 ? own : { ...own, $or: branches }))
  .filter((pattern) => {
    const text = JSON.stringify(pattern);
    // AWS limits the length of a pattern, and how complex its wildcards are together.
    if (text.length > 2048 || text.split('"wildcard"').length > 3) return false;
    const inside = Array.isArray(pattern.$or)
      ? pattern.$or.flatMap((branch) => [...flatten(branch).keys()])
      : [];
    const beside = flatten(withoutOr(pattern));
    return inside.every((path) => !beside.has(path));
  });

/** An event of a pattern's shape: its fields, some of them missing, with objects and values often in arrays. */
function eventLike(pattern: JsonObject): fc.Arbitrary<JsonObject> {
  const event: Record<string, fc.Arbitrary<Json>> = {};
  for (const [name, value] of [withoutOr(pattern), ...branchesOf(pattern)].flatMap(Object.entries<Json>)) {
    const one = Array.isArray(value) ? valueFor(value) : eventLike(value as JsonObject);
    event[name] = fc.oneof<fc.Arbitrary<Json>[]>(one, fc.array(one, { maxLength: 3 }));
  }
  return fc.record(event, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

function valueFor(tests: Json[]): fc.Arbitrary<Json> {
  const literals = tests.filter((test) => typeof test !== "object" || test === null);
  return fc.constantFrom<Json>(...literals, ...literals, ...texts, ...numbers, null, true);
}

/** A pattern and an event that it may well match. */
export const arbitraryEventCase = arbitraryEventPattern.chain((pattern) =>
  fc.tuple(fc.constant(pattern), fc.oneof(eventLike(pattern), arbitraryEvent as fc.Arbitrary<JsonObject>)),
);

function withoutOr({ $or: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

function branchesOf({ $or }: JsonObject): JsonObject[] {
  return Array.isArray($or) ? ($or as JsonObject[]) : [];
}

/** The fields of a pattern's object by their paths; of two with one path the later. */
function flatten(object: Json, path: string[] = []): Map<string, Json[]> {
  if (Array.isArray(object)) return new Map([[path.join("."), object]]);
  return new Map(
    Object.entries(object as object).flatMap(([name, value]) => [...flatten(value as Json, [...path, name])]),
  );
}

/** A value of an event, and for each array around it the index of the element it lies in. */
interface EventField {
  path: string;
  value: Json;
  elements: Map<number, number>;
}

function eventFields(event: Json): EventField[] {
  const found: EventField[] = [];
  let arrays = 0;
  function visit(value: Json, path: string[], elements: Map<number, number>): void {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, item] of value.entries()) {
        const isScalar = typeof item !== "object" || item === null;
        visit(item, path, isScalar ? elements : new Map([...elements, [array, index]]));
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) visit(item, [...path, name], elements);
    } else found.push({ path: path.join("."), value, elements });
  }
  visit(event, [], new Map());
  return found;
}

/** What an event pattern means: aws/event-ruler's search, tried out in full. */
export function evaluate(pattern: JsonObject, event: Json): boolean {
  const own = flatten(withoutOr(pattern));
  const branches =
    pattern.$or === undefined ? [new Map<string, Json[]>()] : branchesOf(pattern).map((one) => flatten(one));
  const found = eventFields(event);
  return branches.some((branch) => {
    const rule = [...own, ...branch].sort(([a], [b]) => (a < b ? -1 : 1));
    return holds(rule, found, new Map());
  });
}

function holds(rule: [string, Json[]][], found: EventField[], chosen: Map<number, number>): boolean {
  const [first, ...rest] = rule;
  if (first === undefined) return true;
  const [path, tests] = first;
  const open = found.filter(
    (field) =>
      field.path === path &&
      [...field.elements].every(([array, index]) => (chosen.get(array) ?? index) === index),
  );
  const mayBeMissing = tests.some((test) => JSON.stringify(test) === '{"exists":false}');
  if (open.length === 0 && mayBeMissing && holds(rest, found, chosen)) return true;
  return open
    .filter(({ value }) => tests.some((test) => passes(test, value)))
    .some(({ elements }) => holds(rest, found, new Map([...chosen, ...elements])));
}

function passes(test: Json, value: Json): boolean {
  if (typeof test !== "object" || test === null) return test === value;
  const [[name = "", operand = null] = []] = Object.entries(test) as [string, Json][];
  if (name === "exists") return operand === true;
  if (name === "anything-but") {
    const isMatch = typeof operand === "object" && operand !== null && !Array.isArray(operand);
    const [inner = "", list = null] = isMatch ? (Object.entries(operand)[0] ?? []) : ["equals", operand];
    return [list]
      .flat()
      .every((one) => (inner === "equals" ? one !== value : !passes({ [inner]: one }, value)));
  }
  if (name === "numeric") {
    const [, from = 0, , to] = operand as number[];
    const [low = "", , high] = operand as string[];
    return (
      typeof value === "number" &&
      compare(value, low, from) &&
      (high === undefined || compare(value, high, to ?? 0))
    );
  }
  if (typeof value !== "string") return false;
  if (typeof operand === "object") {
    const [folded = ""] = Object.values(operand ?? {}) as string[];
    return passes({ [name]: folded.toLowerCase() }, value.toLowerCase());
  }
  const expected = String(operand);
  if (name === "prefix") return value.startsWith(expected);
  if (name === "suffix") return value.endsWith(expected);
  if (name === "equals-ignore-case") return value.toLowerCase() === expected.toLowerCase();
  if (name === "cidr") return value.startsWith(expected === "10.0.0.0/8" ? "10." : "10.1.");
  const source = expected.replace(/\\[*\\]|[\s\S]/g, (token) => {
    if (token === "*") return ".*";
    return (token.length === 2 ? token.charAt(1) : token).replace(/[.+?*^${}()|[\]\\/"]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s").test(value);
}

function compare(value: number, sign: string, bound: number): boolean {
  if (sign === "=") return value === bound;
  if (sign === "<") return value < bound;
  if (sign === "<=") return value <= bound;
  return sign === ">" ? value > bound : value >= bound;
}
