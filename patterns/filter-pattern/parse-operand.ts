import type { Operand, Operator } from "./ast";
import type { PatternReader } from "./pattern-reader";
import { parseRegularExpression } from "./regular-expression/parse";

/** Takes an operator and the value it compares with, if an operator comes next. */
export function parseComparison(reader: PatternReader): { operator: Operator; operand: Operand } | undefined {
  reader.skipWhitespace();
  const operator = reader.match(/!=|[<>]=?|=/y) as Operator | undefined;
  if (operator === undefined) return undefined;

  reader.skipWhitespace();
  const start = reader.offset;
  const operand = parseOperand(reader);
  if (operator !== "=" && operator !== "!=" && operand.kind !== "number")
    return reader.fail(`${operator} compares with a number; text takes = and !=`, start);
  return { operator, operand };
}

/** Takes the value on the right of an operator. */
function parseOperand(reader: PatternReader): Operand {
  if (reader.startsWith('"')) return { kind: "string", text: parseQuoted(reader) };
  if (reader.startsWith("%")) return { kind: "regular expression", source: parseRegex(reader) };

  const start = reader.offset;
  const text = reader.match(/[A-Za-z0-9_.*+-]+/y);
  if (text === undefined)
    return reader.fail('expected a value: bare text, a number, a "quoted text" or a %regular expression%');
  const operand = bareOperand(text);
  if (operand !== undefined) return operand;
  return reader.fail(
    isLiteralKeyword(text)
      ? `write IS ${text.toUpperCase()} for the JSON value, or "${text}" in double quotes for the text`
      : `"${text}" is neither a number nor plain text: quote it if it is text, write it like 0.5 or 1e3 if not`,
    start,
  );
}

/** What a value of letters, digits and `_ . * + -` means without quotes, or `undefined` if nothing settled. */
export function bareOperand(text: string): Operand | undefined {
  if (text === "*") return { kind: "any number" };
  if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text))
    return Number.isFinite(Number(text)) ? { kind: "number", text } : undefined;
  const looksLikeNumber = text.includes("+") || /^-?(\d+\.|\.\d+)(e-?\d+)?$/i.test(text);
  return looksLikeNumber || isLiteralKeyword(text) ? undefined : { kind: "string", text };
}

function isLiteralKeyword(text: string): boolean {
  return /^(true|false|null)$/i.test(text);
}

/**
 * Takes a quoted text and gives what stands between the quotes. `\"` and `\\` are the only escapes: what AWS
 * makes of another is not settled.
 */
export function parseQuoted(reader: PatternReader): string {
  const start = reader.offset;
  reader.offset += 1;
  let text = "";
  for (;;) {
    text += reader.match(/[^"\\]*/y) ?? "";
    if (reader.atEnd()) return reader.fail("this double quote is never closed", start);
    if (reader.match(/"/y) !== undefined) return text;
    const escaped = reader.match(/\\["\\]/y);
    if (escaped === undefined)
      return reader.fail("a backslash in quotes escapes a quote or a backslash: write \\\\ for one");
    text += escaped.charAt(1);
  }
}

/** Takes a regular expression and gives what stands between the percent signs. */
export function parseRegex(reader: PatternReader): string {
  const start = reader.offset;
  const end = reader.text.indexOf("%", start + 1);
  if (end < 0) return reader.fail("this regular expression is never closed: it ends with a second %", start);
  reader.countRegularExpression(start);
  const source = reader.text.slice(start + 1, end);
  parseRegularExpression(source, (message, offset) => reader.fail(message, start + 1 + offset));
  reader.offset = end + 1;
  return source;
}
