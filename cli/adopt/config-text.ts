import { parseSync } from "@swc/core";
import { isObject } from "../../config/settings";

/** The configuration's text can't be edited, and why. */
export class NotEditable extends Error {}

/** A value to be written: text, numbers, lists of text and objects of them. */
export type Literal = string | number | readonly string[] | { readonly [name: string]: Literal };

const LINE_WIDTH = 110;
const INDENT = "  ";

/** TypeScript of a value, as the formatter of this project has it; lines after the first begin with `indent`. */
export function printLiteral(value: Literal, indent: string, column: number): string {
  if (typeof value === "string" || typeof value === "number") {
    return JSON.stringify(value);
  }
  const inner = indent + INDENT;
  if (isList(value)) {
    const items = value.map((item) => JSON.stringify(item));
    const line = `[${items.join(", ")}]`;
    return column + line.length < LINE_WIDTH
      ? line
      : `[\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}]`;
  }
  const properties = Object.entries(value).map(([name, item]) => {
    const printed = printLiteral(item, inner, inner.length + name.length + 2);
    const isTooLong = typeof item === "string" && `${inner}${name}: ${printed},`.length > LINE_WIDTH;
    return `${inner}${name}:${isTooLong ? `\n${inner}${INDENT}` : " "}${printed},\n`;
  });
  return properties.length === 0 ? "{}" : `{\n${properties.join("")}${indent}}`;
}

function isList(value: Literal): value is readonly string[] {
  return Array.isArray(value);
}

/**
 * The configuration's text with a setting of an environment, and everything else as it was, to the byte. An existing value of
 * the setting goes, with comments in it.
 *
 * @param path names below `environments`, that of the environment first
 * @throws NotEditable where the settings on the way aren't written out as plain objects
 */
export function withSetting(text: string, path: readonly string[], value: Literal): string {
  const bytes = Buffer.from(text);
  if (bytes.toString() !== text) {
    throw new NotEditable("it isn't UTF-8");
  }
  const { object, rest, name } = placeOf(text, path);
  const [missing, ...below] = rest;
  // What lies between is made on the way.
  const whole = [...below].reverse().reduce<Literal>((made, part) => ({ [part]: made }), value);
  const { start, end, replacement } =
    missing === undefined ? replaced(bytes, object, name, value) : inserted(bytes, object, missing, whole);
  const edited = Buffer.concat([bytes.subarray(0, start), Buffer.from(replacement), bytes.subarray(end)]);
  return edited.toString();
}

interface Span {
  /** Bytes. */
  readonly start: number;
  readonly end: number;
}

interface ObjectNode extends Span {
  readonly properties: readonly Property[];
}

interface Property extends Span {
  readonly name: string;
  readonly value: Node;
  /** Whether it is written `name: value`; then it begins and ends with its value. */
  readonly hasValue: boolean;
}

type Node = Readonly<Record<string, unknown>>;

/** The innermost object of the path that is there, and the names on the way that aren't. */
function placeOf(
  text: string,
  path: readonly string[],
): { readonly object: ObjectNode; readonly rest: readonly string[]; readonly name: string } {
  const root = exported(text);
  let object = objectOf(root.value, "its export", root.offset);
  const names = ["environments", ...path];
  for (const [index, name] of names.entries()) {
    const found = object.properties.filter((property) => property.name === name);
    if (found.length > 1) {
      throw new NotEditable(`${names.slice(0, index + 1).join(".")} is there twice`);
    }
    const [property] = found;
    if (property === undefined) {
      if (index < 2) {
        throw new NotEditable(`${names.slice(0, index + 1).join(".")} isn't written out in it`);
      }
      return { object, rest: names.slice(index), name };
    }
    if (index === names.length - 1) {
      return { object, rest: [], name };
    }
    object = objectOf(property.value, names.slice(0, index + 1).join("."), root.offset);
  }
  throw new NotEditable("no setting is named");
}

function exported(text: string): { readonly value: Node; readonly offset: number } {
  let module: unknown;
  try {
    // A statement of its own, so that where spans begin to count is known whatever the file begins with.
    module = parseSync(`${PROBE}${text}`, { syntax: "typescript", target: "es2022" });
  } catch {
    throw new NotEditable("it is no TypeScript");
  }
  const body = isObject(module) && Array.isArray(module.body) ? module.body.filter(isObject) : [];
  const first = body[0] === undefined ? undefined : spanOf(body[0], 0);
  const value = body.find(({ type }) => type === "ExportDefaultExpression")?.expression;
  if (first === undefined || !isObject(value)) {
    throw new NotEditable("it has no default export of an expression");
  }
  const plain = unwrapped(value);
  const callee = plain.type === "CallExpression" ? plain.callee : undefined;
  const isDefineConfig = isObject(callee) && callee.type === "Identifier" && callee.value === "defineConfig";
  const argument: unknown = isDefineConfig && Array.isArray(plain.arguments) ? plain.arguments[0] : undefined;
  return {
    value:
      isObject(argument) && isObject(argument.expression) && !isObject(argument.spread)
        ? argument.expression
        : plain,
    offset: first.start + PROBE.length,
  };
}

const PROBE = ";";

/** Without parentheses and types around it. */
function unwrapped(node: Node): Node {
  const wraps =
    node.type === "ParenthesisExpression" ||
    node.type === "TsSatisfiesExpression" ||
    node.type === "TsAsExpression" ||
    node.type === "TsConstAssertion";
  return wraps && isObject(node.expression) ? unwrapped(node.expression) : node;
}

function objectOf(node: Node, what: string, offset: number): ObjectNode {
  const plain = unwrapped(node);
  if (plain.type !== "ObjectExpression" || !Array.isArray(plain.properties)) {
    throw new NotEditable(`${what} isn't written out as an object`);
  }
  const properties = plain.properties.map((property: unknown) => {
    const key = isObject(property) ? property.key : undefined;
    if (!isObject(property) || property.type === "SpreadElement") {
      throw new NotEditable(`${what} has a spread in it, of which it can't be told what it sets`);
    }
    if (property.type === "Identifier" && typeof property.value === "string") {
      return { name: property.value, value: property, hasValue: false, ...spanOf(property, offset) };
    }
    if (!isObject(key) || key.type === "Computed" || typeof key.value !== "string") {
      throw new NotEditable(`${what} has a computed name in it, of which it can't be told what it sets`);
    }
    const value =
      property.type === "KeyValueProperty" && isObject(property.value) ? property.value : undefined;
    const node = value ?? property;
    return { name: key.value, value: node, hasValue: value !== undefined, ...spanOf(node, offset) };
  });
  return { ...spanOf(plain, offset), properties };
}

function spanOf(node: Node, offset: number): Span {
  const span = isObject(node.span) ? node.span : {};
  if (typeof span.start !== "number" || typeof span.end !== "number") {
    throw new NotEditable("where its settings are can't be told");
  }
  return { start: span.start - offset, end: span.end - offset };
}

interface Edit extends Span {
  readonly replacement: string;
}

function replaced(bytes: Buffer, object: ObjectNode, name: string, value: Literal): Edit {
  const property = object.properties.find((one) => one.name === name);
  if (property === undefined || !property.hasValue) {
    throw new NotEditable(`${name} isn't written out in it`);
  }
  const { start, end } = property;
  const lineStart = bytes.lastIndexOf("\n", start - 1) + 1;
  return {
    start,
    end,
    replacement: inLines(bytes, printLiteral(value, indentAt(bytes, start), start - lineStart)),
  };
}

function inserted(bytes: Buffer, object: ObjectNode, name: string, value: Literal): Edit {
  const last = object.properties.at(-1);
  if (last === undefined) {
    const indent = indentAt(bytes, object.start);
    const inner = indent + INDENT;
    const at = object.start + 1;
    const property = `${name}: ${printLiteral(value, inner, inner.length + name.length + 2)}`;
    return { start: at, end: at, replacement: inLines(bytes, `\n${inner}${property},\n${indent}`) };
  }
  const comma = skipped(bytes, last.end).next;
  const hasComma = bytes[comma] === COMMA;
  const from = hasComma ? comma + 1 : last.end;
  const { lineEnd } = skipped(bytes, from);
  // Of the line that the last setting begins in, and not of the one that it ends in, such as a list's.
  const indent = indentAt(bytes, last.start);
  const property = `${name}: ${printLiteral(value, indent, indent.length + name.length + 2)}`;
  if (lineEnd === undefined) {
    // Something else follows in the same line, such as the closing brace.
    return {
      start: from,
      end: from,
      replacement: inLines(bytes, `${hasComma ? "" : ","} ${property}${hasComma ? "," : ""}`),
    };
  }
  // A comment behind the last setting stays behind it.
  const between = bytes.subarray(from, lineEnd).toString();
  return {
    start: from,
    end: lineEnd,
    replacement: `${hasComma ? "" : ","}${between}${inLines(bytes, `\n${indent}${property}${hasComma ? "," : ""}`)}`,
  };
}

const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Passes over blanks and comments.
 *
 * @returns `next`, where something else is, and `lineEnd`, where the line ended if nothing else was in it
 */
function skipped(
  bytes: Buffer,
  from: number,
): { readonly next: number; readonly lineEnd: number | undefined } {
  let position = from;
  let lineEnd: number | undefined;
  while (position < bytes.length) {
    const two = bytes.subarray(position, position + 2).toString("latin1");
    if (bytes[position] === NEWLINE) {
      lineEnd ??= bytes[position - 1] === RETURN ? position - 1 : position;
      position += 1;
    } else if (two === "//") {
      const end = bytes.indexOf("\n", position);
      position = end < 0 ? bytes.length : end;
    } else if (two === "/*") {
      const end = bytes.indexOf("*/", position);
      const next = end < 0 ? bytes.length : end + 2;
      if (lineEnd === undefined && bytes.subarray(position, next).includes(NEWLINE)) {
        // A comment that goes on in further lines belongs to what follows.
        return { next: skipped(bytes, next).next, lineEnd: undefined };
      }
      position = next;
    } else if (/\s/.test(two.charAt(0))) {
      position += 1;
    } else {
      break;
    }
  }
  return { next: position, lineEnd };
}

/** Blanks that the line of a position begins with. */
function indentAt(bytes: Buffer, position: number): string {
  const start = bytes.lastIndexOf("\n", Math.max(position - 1, 0)) + 1;
  return /^[ \t]*/.exec(bytes.subarray(start, position).toString())?.[0] ?? "";
}

/** As the file ends its lines. */
function inLines(bytes: Buffer, text: string): string {
  return bytes.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}
