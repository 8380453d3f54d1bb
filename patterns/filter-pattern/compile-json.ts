import type { Condition, JsonPattern } from "./ast";
import { compileComparison, type Reading } from "./comparison";
import { compileExpression, type Test } from "./compile-expression";
import { compileSelector } from "./selector";

type Scalar = string | number | boolean | null;

/**
 * Compiles `{ … }` to a test of a JSON log event, parsed or as text.
 *
 * A condition on a missing field is false, `!=` too; so is one that lands on an object or array. Where a
 * selector finds several values, one that holds is enough.
 */
export function compileJsonPattern(pattern: JsonPattern): Test<unknown> {
  const matches = compileExpression(pattern.expression, compileCondition);
  return (value) => {
    const record = typeof value === "string" ? parseMessage(value) : value;
    return typeof record === "object" && record !== null && matches(record);
  };
}

function parseMessage(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function compileCondition(condition: Condition): Test<unknown> {
  const select = compileSelector(condition.selector);
  if (condition.kind === "not exists") return (record) => !select(record, () => true);
  if (condition.kind === "is") {
    const isValue = (value: unknown) => value === condition.value;
    return (record) => select(record, isValue);
  }
  const holds = compileComparison(condition.operator, condition.operand, jsonReading);
  const isScalarThatHolds = (value: unknown) => isScalar(value) && holds(value);
  return (record) => select(record, isScalarThatHolds);
}

/** A JSON value is what its type says: the text "404" is no number. */
const jsonReading: Reading<Scalar> = {
  asText: (value) => (typeof value === "string" ? value : undefined),
  asNumber: (value) => (typeof value === "number" ? value : undefined),
};

function isScalar(value: unknown): value is Scalar {
  return (
    value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
  );
}
