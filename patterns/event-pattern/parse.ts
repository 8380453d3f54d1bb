import { PatternSyntaxError } from "../syntax-error";
import type { Field, Or, Requirements } from "./ast";
import type { JsonMember, JsonNode, JsonObject } from "./json-text";
import { limits } from "./limits";
import { parseValueTest } from "./parse-operators";

/**
 * Field names that cannot stand inside `$or`: one of them makes AWS read `$or` as a field's name.
 *
 * Source: `RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP` of aws/event-ruler.
 */
const reservedInsideOr = new Set(
  [
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= html regex",
    "not-wildcard not-equals-ignore-case ip-address-in-range ip-address-not-in-range",
    "date-after date-on-or-after date-before date-on-or-before in-date-range",
  ].flatMap((names) => names.split(" ")),
);

/**
 * Reads the structure of an event pattern.
 *
 * Sources: "Creating Amazon EventBridge event patterns" of the EventBridge user guide, and aws/event-ruler.
 *
 * @throws PatternSyntaxError
 */
export function parseRequirements(root: JsonNode): Requirements {
  if (root.kind !== "object")
    throw new PatternSyntaxError(
      'an event pattern is a JSON object such as {"source": ["aws.iam"]}',
      root.offset,
    );
  const fields = new Map<string, Field>();
  const ors: Or[] = [];
  collect(root, { path: [], insideOr: false, fields, ors });
  return { fields, ors };
}

interface Place {
  /** The names of the objects around. */
  readonly path: readonly string[];
  readonly insideOr: boolean;
  /** Where what is found goes. */
  readonly fields: Map<string, Field>;
  readonly ors: Or[];
}

/** Collects the fields and `$or`s of an object and of those within it: they must all hold. */
function collect(object: JsonObject, place: Place): void {
  if (object.members.length === 0)
    fail("an empty object asks for nothing: name a field or leave it out", object.offset, place.path);
  for (const member of lastOfEachName(object, place.path)) {
    const path = [...place.path, member.name];
    const { value } = member;
    if (member.name === "$or") place.ors.push(parseOr(member, place.path));
    else if (place.insideOr && reservedInsideOr.has(member.name))
      fail("is a name reserved inside $or: with it, AWS would read $or as a field", member.offset, path);
    else if (value.kind === "object") collect(value, { ...place, path });
    else if (value.kind === "array") addField(place.fields, path, member.offset, value.items, value.offset);
    else fail(`must be an object or an array: write [${value.text}]`, value.offset, path);
  }
}

/** The members that count: where a name occurs twice, AWS keeps the last. */
function lastOfEachName(object: JsonObject, path: readonly string[]): JsonMember[] {
  const members = new Map<string, JsonMember>();
  for (const member of object.members) {
    if (member.name === "$or" && members.has("$or"))
      fail("one object holds two $or: nest one in a branch of the other", member.offset, path);
    members.delete(member.name);
    members.set(member.name, member);
  }
  return [...members.values()];
}

function addField(
  fields: Map<string, Field>,
  names: readonly string[],
  offset: number,
  items: readonly JsonNode[],
  itemsOffset: number,
): void {
  const path = names.join(".");
  if (path.split(".").length > limits.depth)
    fail(`a path may hold at most ${limits.depth} names`, offset, names);
  if (items.length === 0) fail("an empty array matches nothing: give it a value", itemsOffset, names);
  const tests = items.map((item) => parseValueTest(item, path));
  // A path that is written twice, dotted and nested, counts once, as a name that occurs twice does.
  fields.set(path, { path, offset, tests });
}

function parseOr(member: JsonMember, path: readonly string[]): Or {
  const { value } = member;
  const hint = "AWS reads any other form as a field's name, which never matches";
  if (value.kind !== "array" || value.items.length < 2)
    return fail(`$or takes an array of two or more objects; ${hint}`, value.offset, path);
  const branches = value.items.map((item) => {
    if (item.kind !== "object") return fail(`each branch of $or is an object; ${hint}`, item.offset, path);
    const branch = { fields: new Map<string, Field>(), ors: [] as Or[] };
    collect(item, { path, insideOr: true, ...branch });
    return branch;
  });
  return { offset: member.offset, branches };
}

function fail(message: string, offset: number, path: readonly string[]): never {
  throw new PatternSyntaxError(message, offset, path.join("."));
}
