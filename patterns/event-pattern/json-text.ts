import { PatternSyntaxError } from "../syntax-error";
import { limits } from "./limits";

/** A JSON value, with the place where it stands in its text. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject {
  readonly kind: "object";
  readonly offset: number;
  /** In the order of the text; a name may occur twice. */
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly name: string;
  /** Where the name stands. */
  readonly offset: number;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: "array";
  readonly offset: number;
  readonly items: readonly JsonNode[];
}

export interface JsonScalar {
  readonly kind: "scalar";
  readonly offset: number;
  readonly value: string | number | boolean | null;
  /** As it was written. */
  readonly text: string;
}

/**
 * Reads JSON text, keeping where everything stands.
 *
 * @returns the value, and the text's length without white space between tokens
 * @throws PatternSyntaxError if the text is not JSON, or is nested too deep
 */
export function readJson(text: string): { root: JsonNode; compactLength: number } {
  let offset = 0;
  let whitespace = 0;

  function fail(message: string, at = offset): never {
    throw new PatternSyntaxError(`the pattern is not JSON: ${message}`, at);
  }

  function take(expression: RegExp): string | undefined {
    expression.lastIndex = offset;
    const found = expression.exec(text)?.[0];
    if (found !== undefined) offset += found.length;
    return found;
  }

  function skipWhitespace(): void {
    whitespace += take(/[ \t\n\r]+/y)?.length ?? 0;
  }

  /** Takes a character that stands next after any white space. */
  function takeToken(character: string): boolean {
    skipWhitespace();
    if (text.charAt(offset) !== character) return false;
    offset += 1;
    return true;
  }

  function readValue(depth: number): JsonNode {
    skipWhitespace();
    const start = offset;
    if (depth > limits.depth)
      throw new PatternSyntaxError(`a pattern may nest at most ${limits.depth} levels deep`, start);
    if (takeToken("{")) return { kind: "object", offset: start, members: readMembers(depth) };
    if (takeToken("[")) return { kind: "array", offset: start, items: readItems(depth) };
    if (text.charAt(start) === '"') return readString();
    const literal = take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (literal === undefined) return fail("expected a value");
    const value: unknown = JSON.parse(literal);
    if (typeof value === "number" && !Number.isFinite(value))
      throw new PatternSyntaxError(`the number ${literal} is too large`, start);
    return { kind: "scalar", offset: start, value: value as number | boolean | null, text: literal };
  }

  function readMembers(depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    if (takeToken("}")) return members;
    do {
      skipWhitespace();
      if (text.charAt(offset) !== '"') return fail('expected a name in double quotes, or "}"');
      const name = readString();
      if (!takeToken(":")) return fail('expected ":" after a name');
      members.push({ name: name.value, offset: name.offset, value: readValue(depth + 1) });
    } while (takeToken(","));
    if (!takeToken("}")) return fail('expected "," or "}"');
    return members;
  }

  function readItems(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    if (takeToken("]")) return items;
    do items.push(readValue(depth + 1));
    while (takeToken(","));
    if (!takeToken("]")) return fail('expected "," or "]"');
    return items;
  }

  function readString(): JsonScalar & { value: string } {
    const start = offset;
    let end = start + 1;
    while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === "\\" ? 2 : 1;
    if (end >= text.length) return fail("this double quote is never closed");
    offset = end + 1;
    const literal = text.slice(start, offset);
    try {
      const value: unknown = JSON.parse(literal);
      return { kind: "scalar", offset: start, value: value as string, text: literal };
    } catch {
      return fail("this string holds a control character, or an escape that JSON does not know", start);
    }
  }

  const root = readValue(0);
  skipWhitespace();
  if (offset < text.length) return fail("nothing may follow the closing brace");
  return { root, compactLength: text.length - whitespace };
}
