import type { Condition, Expression, IsCondition, JsonPattern } from "./ast";
import { parseExpression } from "./parse-expression";
import { parseComparison } from "./parse-operand";
import { parseSelector } from "./parse-selector";
import type { PatternReader } from "./pattern-reader";

const quotingHint = "a value that holds spaces or symbols stands in double quotes";

/** Takes `{ … }`. */
export function parseJsonPattern(reader: PatternReader): JsonPattern {
  reader.take("{");
  const expression = parseConditions(reader);
  if (!reader.take("}")) return reader.fail(`expected "&&", "||" or "}"; ${quotingHint}`);
  return { kind: "json", expression };
}

function parseConditions(reader: PatternReader): Expression<Condition> {
  return parseExpression<Condition>(reader, () => {
    if (!reader.take("(")) return parseCondition(reader);
    const opening = reader.offset - 1;
    const expression = parseConditions(reader);
    if (reader.take(")")) return expression;
    const place = reader.atEnd() ? opening : reader.offset;
    return reader.fail(`expected "&&", "||" or ")"; ${quotingHint}`, place);
  });
}

function parseCondition(reader: PatternReader): Condition {
  const selector = parseSelector(reader);
  const comparison = parseComparison(reader);
  if (comparison !== undefined) return { kind: "comparison", selector, ...comparison };

  const start = reader.offset;
  const keyword = parseKeyword(reader);
  if (keyword === "IS") return { kind: "is", selector, value: parseIsValue(reader) };
  if (keyword === "NOT" && parseKeyword(reader) === "EXISTS") return { kind: "not exists", selector };
  if (keyword === "EXISTS")
    return reader.fail('there is no EXISTS: write = "*" for any text, or = * for any number', start);
  return reader.fail("expected =, !=, <, <=, >, >=, IS NULL, IS TRUE, IS FALSE or NOT EXISTS", start);
}

function parseIsValue(reader: PatternReader): IsCondition["value"] {
  reader.skipWhitespace();
  const start = reader.offset;
  const keyword = parseKeyword(reader);
  if (keyword === "NULL") return null;
  if (keyword === "TRUE") return true;
  if (keyword === "FALSE") return false;
  return reader.fail("IS takes NULL, TRUE or FALSE, in capitals; there is no IS NOT", start);
}

function parseKeyword(reader: PatternReader): string | undefined {
  reader.skipWhitespace();
  return reader.match(/[A-Za-z]+/y);
}
