import { nothingRequired, type RequiredLiterals, requiredByAll, requiredByAny } from "../required-literals";
import { type Condition, type Expression, type FilterPatternAst, isJoined } from "./ast";

/** What a JSON log event must contain for a pattern to match it; nothing can be said for patterns on text. */
export function literalsOf(ast: FilterPatternAst): RequiredLiterals {
  return ast.kind === "json" ? literalsOfExpression(ast.expression) : nothingRequired;
}

function literalsOfExpression(expression: Expression<Condition>): RequiredLiterals {
  if (!isJoined(expression)) return literalsOfCondition(expression);
  const parts = expression.operands.map(literalsOfExpression);
  return expression.kind === "and" ? requiredByAll(parts) : requiredByAny(parts);
}

/** Only equality with a text names characters that must be there: all the fixed pieces between its wildcards. */
function literalsOfCondition(condition: Condition): RequiredLiterals {
  if (condition.kind !== "comparison" || condition.operator !== "=" || condition.operand.kind !== "string")
    return nothingRequired;
  const pieces = condition.operand.text.split("*").filter((piece) => piece !== "");
  return pieces.map((piece) => [piece]);
}
