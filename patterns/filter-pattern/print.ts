import {
  type Column,
  type ColumnComparison,
  type Condition,
  type Expression,
  type FilterPatternAst,
  isJoined,
  type Operand,
  type Operator,
  type Selector,
  type SelectorStep,
  type Term,
} from "./ast";
import { limits } from "./limits";
import { bareOperand } from "./parse-operand";

/** How a tree is written. */
interface Style {
  /** What stands between tokens that may also stand side by side. */
  readonly gap: string;
  /** The text values that are written without quotes. */
  readonly bare: RegExp;
}

/** The user guide wants quotes around all but letters, digits and `_`. */
const readable: Style = { gap: " ", bare: /^[A-Za-z0-9_]+$/ };
/** AWS's own published patterns leave more than that unquoted. */
const shortest: Style = { gap: "", bare: /^[A-Za-z0-9_.*-]+$/ };

/**
 * Writes a syntax tree as the text of a filter pattern, which parses to the same tree: spaced for reading, or in
 * its shortest form where that alone keeps it within the length AWS allows.
 */
export function printFilterPattern(ast: FilterPatternAst): string {
  const text = print(ast, readable);
  return text.length <= limits.characters ? text : print(ast, shortest);
}

function print(ast: FilterPatternAst, style: Style): string {
  const { gap } = style;
  switch (ast.kind) {
    case "json":
      return `{${gap}${printExpression(ast.expression, style, printCondition)}${gap}}`;
    case "terms":
      return ast.terms.map(printTerm).join(" ");
    case "columns":
      return `[${ast.columns.map((column) => printColumn(column, style)).join(`,${gap}`)}]`;
  }
}

function printExpression<C extends { kind: string }>(
  expression: Expression<C>,
  style: Style,
  printLeaf: (leaf: C, style: Style) => string,
): string {
  if (!isJoined(expression)) return printLeaf(expression, style);
  const parts = expression.operands.map((operand) => {
    const printed = printExpression(operand, style, printLeaf);
    return expression.kind === "and" && operand.kind === "or" ? `(${printed})` : printed;
  });
  const operator = expression.kind === "and" ? "&&" : "||";
  return parts.join(`${style.gap}${operator}${style.gap}`);
}

function printCondition(condition: Condition, style: Style): string {
  const selector = printSelector(condition.selector);
  switch (condition.kind) {
    case "comparison":
      return `${selector}${printComparison(condition.operator, condition.operand, style)}`;
    case "is":
      return `${selector} IS ${String(condition.value).toUpperCase()}`;
    case "not exists":
      return `${selector} NOT EXISTS`;
  }
}

function printComparison(operator: Operator, operand: Operand, style: Style): string {
  return `${style.gap}${operator}${style.gap}${printOperand(operand, style)}`;
}

function printOperand(operand: Operand, style: Style): string {
  switch (operand.kind) {
    case "string":
      return isBare(operand.text, style) ? operand.text : quote(operand.text);
    case "number":
      return operand.text;
    case "any number":
      return "*";
    case "regular expression":
      return `%${operand.source}%`;
  }
}

function isBare(text: string, style: Style): boolean {
  return style.bare.test(text) && bareOperand(text)?.kind === "string";
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function printSelector(selector: Selector): string {
  return `$${selector.map(printStep).join("")}`;
}

function printStep(step: SelectorStep): string {
  switch (step.kind) {
    case "name":
      return /^[A-Za-z0-9_-]+$/.test(step.name) ? `.${step.name}` : `.['${step.name}']`;
    case "index":
      return `[${step.index}]`;
    case "any field":
      return ".*";
    case "any element":
      return "[*]";
  }
}

function printTerm(term: Term): string {
  if (term.kind === "regular expression") return `%${term.source}%`;
  const sign = term.kind === "excluded" ? "-" : term.kind === "optional" ? "?" : "";
  return sign + (/^[A-Za-z0-9_]+$/.test(term.text) ? term.text : quote(term.text));
}

function printColumn(column: Column, style: Style): string {
  if (column.kind === "ellipsis") return "...";
  const { name, condition } = column;
  if (condition === undefined) return name;
  const printLeaf = ({ operator, operand }: ColumnComparison) =>
    `${name}${printComparison(operator, operand, style)}`;
  return printExpression(condition, style, printLeaf);
}
