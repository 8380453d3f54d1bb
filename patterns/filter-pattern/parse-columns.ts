import type { Column, ColumnComparison, ColumnsPattern } from "./ast";
import { parseExpression } from "./parse-expression";
import { parseComparison } from "./parse-operand";
import type { PatternReader } from "./pattern-reader";

/** Takes `[…]`. */
export function parseColumnsPattern(reader: PatternReader): ColumnsPattern {
  reader.take("[");
  if (reader.take("]")) return reader.fail("name at least one column", reader.offset - 1);
  const columns: Column[] = [];
  do {
    reader.skipWhitespace();
    const start = reader.offset;
    const column = parseColumn(reader);
    if (column.kind === "ellipsis" && columns.some(({ kind }) => kind === "ellipsis"))
      return reader.fail("a pattern may hold one ellipsis: with two, no column's place is certain", start);
    columns.push(column);
  } while (reader.take(","));
  if (!reader.take("]")) return reader.fail('expected ",", "&&", "||" or "]"');
  return { kind: "columns", columns };
}

function parseColumn(reader: PatternReader): Column {
  if (reader.take("...")) return { kind: "ellipsis" };
  const start = reader.offset;
  const name = parseName(reader);
  reader.skipWhitespace();
  if (
    !reader.startsWith("=") &&
    !reader.startsWith("!") &&
    !reader.startsWith("<") &&
    !reader.startsWith(">")
  )
    return { kind: "column", name };

  reader.offset = start;
  const condition = parseExpression<ColumnComparison>(reader, () => parseColumnComparison(reader, name));
  return { kind: "column", name, condition };
}

function parseColumnComparison(reader: PatternReader, column: string): ColumnComparison {
  reader.skipWhitespace();
  const start = reader.offset;
  const name = parseName(reader);
  if (name === "") return reader.fail("expected the column's name", start);
  if (name !== column)
    return reader.fail(
      `a condition on "${name}" stands in its own column, not in that of "${column}"`,
      start,
    );
  const comparison = parseComparison(reader);
  if (comparison === undefined) return reader.fail("expected =, !=, <, <=, > or >=");
  if (comparison.operand.kind === "any number")
    return reader.fail(
      "whether a lone * means any text or any number is not settled for a column: leave it out",
      start,
    );
  return { kind: "comparison", ...comparison };
}

function parseName(reader: PatternReader): string {
  return reader.match(/[A-Za-z0-9_-]*/y) ?? "";
}
