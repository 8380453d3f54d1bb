import type { Expression } from "./ast";
import type { PatternReader } from "./pattern-reader";

/** Takes conditions joined by `&&`, which binds tighter, and `||`. */
export function parseExpression<C extends { kind: string }>(
  reader: PatternReader,
  parseCondition: () => Expression<C>,
): Expression<C> {
  const parseAnd = () => join("and", parseList(reader, "&&", parseCondition));
  return join("or", parseList(reader, "||", parseAnd));
}

function parseList<T>(reader: PatternReader, separator: string, parseItem: () => T): T[] {
  const items = [parseItem()];
  while (reader.take(separator)) items.push(parseItem());
  return items;
}

/** Joins operands so that none is of the same kind as the result: `a && (b && c)` is `a && b && c`. */
function join<C extends { kind: string }>(kind: "and" | "or", operands: Expression<C>[]): Expression<C> {
  const flat = operands.flatMap((operand) => (isJoined(operand, kind) ? operand.operands : [operand]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, operands: flat };
}

function isJoined<C extends { kind: string }>(
  expression: Expression<C>,
  kind: "and" | "or",
): expression is { kind: "and" | "or"; operands: readonly Expression<C>[] } {
  return expression.kind === kind;
}
