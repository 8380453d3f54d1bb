import { compileWildcard } from "../wildcard";
import type { Operand, Operator } from "./ast";
import type { Test } from "./compile-expression";
import { compileRegularExpression } from "./regular-expression/compile";

/** How a value is read as text and as a number; `undefined` where it is none. */
export interface Reading<T> {
  asText(value: T): string | undefined;
  asNumber(value: T): number | undefined;
}

/** Compiles an operator and its operand to a test of a value that is there: `!=` holds wherever `=` does not. */
export function compileComparison<T>(operator: Operator, operand: Operand, reading: Reading<T>): Test<T> {
  if (operator === "=") return compileEquality(operand, reading);
  if (operator === "!=") {
    const equals = compileEquality(operand, reading);
    return (value) => !equals(value);
  }

  const bound = operand.kind === "number" ? Number(operand.text) : Number.NaN;
  const holds = orderings[operator];
  return (value) => {
    const number = reading.asNumber(value);
    return number !== undefined && holds(number, bound);
  };
}

const orderings = {
  "<": (number: number, bound: number) => number < bound,
  "<=": (number: number, bound: number) => number <= bound,
  ">": (number: number, bound: number) => number > bound,
  ">=": (number: number, bound: number) => number >= bound,
} as const;

function compileEquality<T>(operand: Operand, reading: Reading<T>): Test<T> {
  switch (operand.kind) {
    case "string":
      return compileTextTest(compileWildcard(operand.text.split("*")), reading);
    case "regular expression":
      return compileTextTest(compileRegularExpression(operand.source), reading);
    case "number": {
      const number = Number(operand.text);
      return (value) => reading.asNumber(value) === number;
    }
    case "any number":
      return (value) => reading.asNumber(value) !== undefined;
  }
}

function compileTextTest<T>(holds: (text: string) => boolean, reading: Reading<T>): Test<T> {
  return (value) => {
    const text = reading.asText(value);
    return text !== undefined && holds(text);
  };
}
