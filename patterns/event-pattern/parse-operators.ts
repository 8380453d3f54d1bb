import { PatternSyntaxError } from "../syntax-error";
import type { Bound, TextTest, ValueTest, Wildcard } from "./ast";
import { parseCidr } from "./ip-address";
import type { JsonMember, JsonNode } from "./json-text";
import { limits } from "./limits";

type Fail = (message: string, offset: number) => never;

/**
 * Reads one entry of a field's array: a value to be equalled, or an object with an operator.
 *
 * Sources: "Comparison operators for use in event patterns" of the EventBridge user guide, and `JsonRuleCompiler`
 * of aws/event-ruler.
 *
 * @throws PatternSyntaxError
 */
export function parseValueTest(node: JsonNode, path: string): ValueTest {
  const fail: Fail = (message, offset) => {
    throw new PatternSyntaxError(message, offset, path);
  };
  if (node.kind === "scalar") return { kind: "equals", value: node.value };
  if (node.kind === "array")
    return fail("an array in an array matches nothing: write its values in one array", node.offset);
  return parseOperator(onlyMember(node, fail), fail);
}

function parseOperator({ name, offset, value: operand }: JsonMember, fail: Fail): ValueTest {
  switch (name) {
    case "prefix":
    case "suffix":
      return parseAffix(name, operand, fail);
    case "equals-ignore-case":
      return { kind: "equals ignoring case", text: parseText(operand, name, fail) };
    case "wildcard":
      return { kind: "wildcard", wildcard: parseWildcard(operand, fail) };
    case "anything-but":
      return parseAnythingBut(operand, fail);
    case "numeric":
      return { kind: "numeric", bounds: parseBounds(operand, fail) };
    case "exists":
      if (operand.kind === "scalar" && typeof operand.value === "boolean")
        return { kind: "exists", expected: operand.value };
      return fail("exists takes true or false", operand.offset);
    case "cidr": {
      const block = parseCidr(parseText(operand, name, fail));
      return typeof block === "string" ? fail(block, operand.offset) : { kind: "cidr", block };
    }
    case "exactly":
      return fail("exactly is not documented: write its text alone, without an object", offset);
    default:
      return fail(`there is no operator ${JSON.stringify(name)}, only ${operatorNames}`, offset);
  }
}

const operatorNames = "prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists and cidr";

/** The member of an object that may have only one. */
function onlyMember(node: JsonNode & { kind: "object" }, fail: Fail): JsonMember {
  const [member, second] = node.members;
  if (member === undefined) return fail('expected an operator, such as {"prefix": "aws."}', node.offset);
  if (second !== undefined)
    return fail(
      "an object holds one operator: write another object beside it, which means or",
      second.offset,
    );
  return member;
}

function parseText(operand: JsonNode, operator: string, fail: Fail): string {
  if (operand.kind === "scalar" && typeof operand.value === "string") return operand.value;
  const hint = operand.kind === "array" ? `: write one {"${operator}": …} for each text` : "";
  return fail(`${operator} takes a text in double quotes${hint}`, operand.offset);
}

/** The operand of `prefix` or `suffix`: a text, or `{"equals-ignore-case": text}`. */
function parseAffix(kind: "prefix" | "suffix", operand: JsonNode, fail: Fail): ValueTest {
  if (operand.kind !== "object") return { kind, text: parseText(operand, kind, fail), ignoreCase: false };
  const inner = onlyMember(operand, fail);
  if (inner.name !== "equals-ignore-case")
    return fail(`${kind} takes a text or {"equals-ignore-case": text}`, inner.offset);
  return { kind, text: parseText(inner.value, inner.name, fail), ignoreCase: true };
}

function parseWildcard(operand: JsonNode, fail: Fail): Wildcard {
  const source = parseText(operand, "wildcard", fail);
  const tokens = source.match(/\\[*\\]|[\s\S]/g) ?? [];
  const pieces = [""];
  for (const [index, token] of tokens.entries()) {
    if (token === "\\")
      return fail("a backslash in a wildcard escapes * or a backslash: write \\\\ for one", operand.offset);
    if (token === "*" && tokens[index + 1] === "*")
      return fail("a wildcard holds no **, one * stands for any characters", operand.offset);
    if (token === "*") pieces.push("");
    else pieces[pieces.length - 1] += token.length === 2 && token.startsWith("\\") ? token.charAt(1) : token;
  }
  return { source, pieces };
}

/** The operand of `anything-but`: a text or number, a list of one kind, or an operator on a text or list of texts. */
function parseAnythingBut(operand: JsonNode, fail: Fail): ValueTest {
  if (operand.kind === "object") return parseAnythingButMatch(operand, fail);
  const items = operand.kind === "array" ? operand.items : [operand];
  const values = items.map((item) => {
    if (item.kind === "scalar" && typeof item.value === "string") return item.value;
    if (item.kind === "scalar" && typeof item.value === "number") return parseComparedNumber(item, fail);
    return fail("anything-but takes texts or numbers, no null, boolean, object or array", item.offset);
  });
  const strings = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length === 0) return fail("anything-but takes at least one value", operand.offset);
  if (strings.length > 0 && numbers.length > 0)
    return fail("anything-but takes texts or numbers, not both in one list", operand.offset);
  return { kind: "anything but", values: strings.length > 0 ? strings : numbers };
}

function parseAnythingButMatch(operand: JsonNode & { kind: "object" }, fail: Fail): ValueTest {
  const { name, value, offset } = onlyMember(operand, fail);
  const items = value.kind === "array" ? value.items : [value];
  if (items.length === 0) return fail(`${name} takes at least one text`, value.offset);
  const tests = items.map((item): TextTest => {
    switch (name) {
      case "prefix":
      case "suffix": {
        const text = parseText(item, name, fail);
        if (text === "")
          return fail(`every text has the empty ${name}, so that nothing is anything but it`, item.offset);
        return { kind: name, text, ignoreCase: false };
      }
      case "equals-ignore-case":
        return { kind: "equals ignoring case", text: parseText(item, name, fail) };
      case "wildcard":
        return { kind: "wildcard", wildcard: parseWildcard(item, fail) };
      default:
        return fail("anything-but takes prefix, suffix, equals-ignore-case or wildcard", offset);
    }
  });
  return { kind: "anything but match", tests };
}

/** The operand of `numeric`: `["=", n]`, or one bound, or a lower and then an upper one. */
function parseBounds(operand: JsonNode, fail: Fail): Bound[] {
  const form =
    'numeric takes ["=", n], one bound such as [">", n], or a lower and an upper one: [">=", n, "<", m]';
  const [operator, number, secondOperator, secondNumber, ...rest] =
    operand.kind === "array" ? operand.items : [];
  if (operator === undefined || number === undefined || rest.length > 0) return fail(form, operand.offset);
  const first = parseBound(operator, number, fail);
  if (secondOperator === undefined) return [first];

  if (secondNumber === undefined) return fail(form, operand.offset);
  const second = parseBound(secondOperator, secondNumber, fail);
  if (!first.operator.startsWith(">") || !second.operator.startsWith("<")) return fail(form, operand.offset);
  if (first.value >= second.value)
    return fail("the lower bound must be less than the upper one", operand.offset);
  return [first, second];
}

function parseBound(operator: JsonNode, number: JsonNode, fail: Fail): Bound {
  const name = operator.kind === "scalar" ? operator.value : undefined;
  if (name !== "=" && name !== "<" && name !== "<=" && name !== ">" && name !== ">=")
    return fail("expected one of = < <= > >= in double quotes", operator.offset);
  return { operator: name, value: parseComparedNumber(number, fail) };
}

function parseComparedNumber(node: JsonNode, fail: Fail): number {
  if (node.kind !== "scalar" || typeof node.value !== "number") return fail("expected a number", node.offset);
  const { comparedNumber, comparedDecimals } = limits;
  if (Math.abs(node.value) > comparedNumber)
    return fail(
      `AWS compares numbers from -${comparedNumber} to ${comparedNumber}, not ${node.text}`,
      node.offset,
    );
  if (Number(node.value.toFixed(comparedDecimals)) !== node.value)
    return fail(
      `AWS compares ${comparedDecimals} digits after the point; ${node.text} has more`,
      node.offset,
    );
  return node.value;
}
