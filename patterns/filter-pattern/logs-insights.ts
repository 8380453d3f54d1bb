import {
  type Comparison,
  type Condition,
  type Expression,
  type FilterPatternAst,
  type IsCondition,
  isJoined,
  type Operand,
  type Selector,
  type SelectorStep,
  type Term,
} from "./ast";

/** A filter pattern that no condition of Logs Insights says the same as. The message is a sentence for people. */
export class UntranslatablePatternError extends Error {
  override readonly name = "UntranslatablePatternError";
}

/**
 * Writes a filter pattern as the condition of a Logs Insights `filter` command that finds the same log events.
 *
 * Logs Insights knows no types: where the pattern wants a number, it finds a text of digits too. It sees no objects and
 * arrays, only the values in them, and of each event only the first 200. So "any element of an array is this text" is looked
 * for in the message, by the array's key.
 *
 * Sources: "filter", "Boolean, comparison, numeric, datetime, and other functions", "Fields that contain special
 * characters" and "Supported logs and discovered fields" of the CloudWatch Logs user guide.
 *
 * @throws UntranslatablePatternError for columns, other selectors with a wildcard, `IS NULL` and what else Logs Insights
 *   has no words for
 */
export function logsInsightsFilter(ast: FilterPatternAst): string {
  switch (ast.kind) {
    case "json":
      return writeExpression(ast.expression);
    case "terms":
      return writeTerms(ast.terms);
    case "columns":
      return refuse("a pattern in square brackets: it has no columns");
  }
}

function refuse(what: string): never {
  throw new UntranslatablePatternError(`Logs Insights has no filter for ${what}`);
}

function writeExpression(expression: Expression<Condition>): string {
  if (!isJoined(expression)) return writeCondition(expression);
  const parts = expression.operands.map((operand) => {
    const written = writeExpression(operand);
    // No page says which of the two binds tighter.
    return isJoined(operand) ? `(${written})` : written;
  });
  return parts.join(` ${expression.kind} `);
}

function writeCondition(condition: Condition): string {
  const element = writeElement(condition);
  if (element !== undefined) return element;
  const field = writeField(condition.selector);
  switch (condition.kind) {
    case "not exists":
      return `not ispresent(${field})`;
    case "is":
      return writeIs(field, condition.value);
    case "comparison":
      return writeComparison(field, condition);
  }
}

/** Fields of JSON events hold `true` as 1 and `false` as 0. */
function writeIs(field: string, value: IsCondition["value"]): string {
  if (value === null) return refuse("IS NULL: no page says how it holds null");
  return `${field} = ${value ? 1 : 0}`;
}

function writeComparison(field: string, { operator, operand }: Comparison): string {
  if (operator === "=") return writeEquality(field, operand);
  if (operator !== "!=") return `${field} ${operator} ${writeNumber(operand)}`;
  if (isAnyText(operand)) return refuse('!= "*": it doesn\'t tell a text from a number');
  // A pattern's != wants a field that is there; what Logs Insights does with a missing one, no page says.
  return `(ispresent(${field}) and not (${writeEquality(field, operand)}))`;
}

function writeEquality(field: string, operand: Operand): string {
  switch (operand.kind) {
    case "string":
      return isAnyText(operand) ? `ispresent(${field})` : writeTextEquality(field, operand.text);
    case "regular expression":
      return `${field} like ${writeRegularExpression(operand.source)}`;
    case "number":
      return `${field} = ${writeNumber(operand)}`;
    case "any number":
      return `${field} like /^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$/`;
  }
}

function isAnyText(operand: Operand): boolean {
  return operand.kind === "string" && /^\*+$/.test(operand.text);
}

function writeTextEquality(field: string, text: string): string {
  const pieces = text.split(/\*+/);
  if (pieces.length === 1 && isPlain(text)) return `${field} = "${text}"`;
  const start = text.startsWith("*") ? "" : "^";
  const end = text.endsWith("*") ? "" : "$";
  const fixed = pieces.filter((piece) => piece !== "").map(escapeText);
  // A dot would not match a line break.
  return `${field} like /${start}${fixed.join("[\\s\\S]*")}${end}/`;
}

/** Characters that end or escape a text, begin a comment or part commands. What of it holds in quotes, no page says. */
const special = /["\\#|`\p{Cc}]/u;

function isPlain(text: string): boolean {
  return !special.test(text);
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()[\]/]|["\\#|`\p{Cc}]/gu, (character) =>
    special.test(character)
      ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`
      : `\\${character}`,
  );
}

/** `$.a.b[*] = "x*"`, in the JSON text of an array of texts; undefined for any other condition. */
function writeElement(condition: Condition): string | undefined {
  const array = condition.selector.slice(0, -1);
  const key = array.at(-1);
  if (
    condition.selector.at(-1)?.kind !== "any element" ||
    key?.kind !== "name" ||
    condition.kind !== "comparison" ||
    condition.operator !== "=" ||
    condition.operand.kind !== "string" ||
    !isPlain(key.name + condition.operand.text)
  ) {
    return undefined;
  }
  const inText = "([^\\x22\\\\]|\\\\.)*";
  const text = condition.operand.text.split(/\*+/).map(escapeText).join(inText);
  const before = `\\x22${escapeText(key.name)}\\x22\\s*:\\s*\\[\\s*(\\x22${inText}\\x22\\s*,\\s*)*`;
  const first = writeField([...array, { kind: "index", index: 0 }]);
  return `(ispresent(${first}) and @message like /${before}\\x22${text}\\x22/)`;
}

/** The regular expressions of filter patterns mean the same here; only what ends one, or begins a comment, is escaped. */
function writeRegularExpression(source: string): string {
  const escaped = source.replace(
    /\\.|[/#]/g,
    (found) => ({ "/": "\\/", "#": "\\x23", "\\#": "\\x23" })[found] ?? found,
  );
  return `/${escaped}/`;
}

/** In decimal digits: whether an exponent is understood, no page says. */
function writeNumber(operand: Operand): string {
  const written = operand.kind === "number" ? String(Number(operand.text)) : "";
  return /^-?\d+(\.\d+)?$/.test(written) ? written : refuse("a number that takes an exponent to write");
}

/** `userIdentity.arn`, or `requestParameters.items.0.id` for an element of an array. */
function writeField(selector: Selector): string {
  const path = selector.map(writeStep).join(".");
  return /^[A-Za-z0-9.]+$/.test(path) ? path : `\`${path}\``;
}

function writeStep(step: SelectorStep): string {
  switch (step.kind) {
    case "name":
      // In a field's name a dot parts keys, and digits are an index; a first @ marks fields of its own.
      return /[.`\p{Cc}]|^@|^\d+$/u.test(step.name)
        ? refuse(`the key ${JSON.stringify(step.name)}: it can't be told from other names`)
        : step.name;
    case "index":
      return String(step.index);
    case "any field":
    case "any element":
      return refuse("a selector with a wildcard: each field has a name");
  }
}

function writeTerms(terms: readonly Term[]): string {
  const written = { included: [] as string[], excluded: [] as string[], optional: [] as string[] };
  for (const term of terms) {
    if (term.kind === "regular expression") {
      written.included.push(`@message like ${writeRegularExpression(term.source)}`);
    } else if (term.text.trim() !== "") {
      written[term.kind].push(writeTerm(term.text));
    }
  }
  const { included, excluded, optional } = written;
  const required = [...included, ...excluded.map((condition) => `not (${condition})`)];
  if (required.length > 0) return required.join(" and ");
  // Optional terms count only where there are no others, and what has none finds every event.
  const isOptional = terms.every((term) => term.kind === "optional");
  return isOptional && optional.length > 0 ? optional.join(" or ") : "ispresent(@message)";
}

function writeTerm(text: string): string {
  return `@message like ${isPlain(text) ? `"${text}"` : `/${escapeText(text)}/`}`;
}
