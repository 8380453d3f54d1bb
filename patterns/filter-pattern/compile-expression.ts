import { type Expression, isJoined } from "./ast";

export type Test<T> = (value: T) => boolean;

/** Compiles conditions joined by `&&` and `||`, given how one of them is compiled. */
export function compileExpression<C extends { kind: string }, T>(
  expression: Expression<C>,
  compileCondition: (condition: C) => Test<T>,
): Test<T> {
  if (!isJoined(expression)) return compileCondition(expression);
  const tests = expression.operands.map((operand) => compileExpression(operand, compileCondition));
  return expression.kind === "and"
    ? (value) => tests.every((test) => test(value))
    : (value) => tests.some((test) => test(value));
}
