import { nothingRequired, type RequiredTexts, requiredByWildcard } from "../required-texts";
import { type Condition, type Expression, type FilterPatternAst, isJoined, type Selector } from "./ast";

/** What a JSON log event must contain for a pattern to match it; nothing can be said for patterns on text. */
export function requiredTexts(ast: FilterPatternAst): RequiredTexts {
  return ast.kind === "json" ? requiredByExpression(ast.expression) : nothingRequired;
}

function requiredByExpression(expression: Expression<Condition>): RequiredTexts {
  if (!isJoined(expression)) return requiredByCondition(expression);
  const parts = expression.operands.map(requiredByExpression);
  return { kind: expression.kind === "and" ? "all" : "any", parts };
}

/** Only equality with a text names characters that must be there. */
function requiredByCondition(condition: Condition): RequiredTexts {
  return condition.kind === "comparison" && condition.operator === "=" && condition.operand.kind === "string"
    ? requiredByWildcard(keyOf(condition.selector), condition.operand.text.split("*"))
    : nothingRequired;
}

/** The key of the values that a selector finds, or of the array around them. */
function keyOf(selector: Selector): string | undefined {
  const last = selector.filter(({ kind }) => kind === "name" || kind === "any field").at(-1);
  return last?.kind === "name" ? last.name : undefined;
}
