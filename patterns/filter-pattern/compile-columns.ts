import type { Column, ColumnsPattern } from "./ast";
import { compileComparison, type Reading } from "./comparison";
import { compileExpression, type Test } from "./compile-expression";
import { messageOf } from "./message";
import { splitColumns } from "./split-columns";

/**
 * Compiles `[…]` to a test of a space-delimited log event: column by column from the start, and after an
 * ellipsis from the end. Without an ellipsis the last column holds all that is left of the message.
 *
 * Source: "Using filter patterns to match terms in space-delimited log events" on the page "Filter pattern
 * syntax" of the CloudWatch Logs user guide, where `[w1=ERROR, w2]` finds messages of many words.
 */
export function compileColumnsPattern({ columns }: ColumnsPattern): Test<unknown> {
  const ellipsis = columns.findIndex((column) => column.kind === "ellipsis");
  const head = (ellipsis < 0 ? columns : columns.slice(0, ellipsis)).map(compileColumn);
  const tail = ellipsis < 0 ? [] : columns.slice(ellipsis + 1).map(compileColumn);

  return (value) => {
    const message = messageOf(value);
    if (message === undefined) return false;
    const found = splitColumns(message);
    if (found.length < head.length + tail.length) return false;
    const texts = found.map(({ text }) => text);
    const last = found[head.length - 1];
    if (ellipsis < 0 && last !== undefined && found.length > head.length)
      texts[head.length - 1] = message.slice(last.start).trimEnd();

    const tailStart = texts.length - tail.length;
    return (
      head.every((test, index) => test(texts[index] ?? "")) &&
      tail.every((test, index) => test(texts[tailStart + index] ?? ""))
    );
  };
}

function compileColumn(column: Column): Test<string> {
  if (column.kind === "ellipsis" || column.condition === undefined) return () => true;
  return compileExpression(column.condition, ({ operator, operand }) =>
    compileComparison(operator, operand, columnReading),
  );
}

/** A column is text, and a number where it reads as one. */
const columnReading: Reading<string> = {
  asText: (text) => text,
  asNumber: (text) => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined),
};
