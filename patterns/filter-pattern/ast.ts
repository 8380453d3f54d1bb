/** The syntax tree of a filter pattern. It holds what was written, and nothing of where or how it was spaced. */
export type FilterPatternAst = JsonPattern | TermsPattern | ColumnsPattern;

/** `{ … }`: a condition on the fields of a JSON log event. */
export interface JsonPattern {
  readonly kind: "json";
  readonly expression: Expression<Condition>;
}

/** Words and phrases, or a single regular expression, to be found in a plain log event. */
export interface TermsPattern {
  readonly kind: "terms";
  readonly terms: readonly Term[];
}

/** `[…]`: conditions on the columns of a space-delimited log event. */
export interface ColumnsPattern {
  readonly kind: "columns";
  readonly columns: readonly Column[];
}

/** Conditions joined by `&&` and `||`. An operand is never of the same kind as what holds it. */
export type Expression<C> =
  | C
  | { readonly kind: "and"; readonly operands: readonly Expression<C>[] }
  | { readonly kind: "or"; readonly operands: readonly Expression<C>[] };

/** Whether an expression is made of others, and not a single condition. */
export function isJoined<C extends { kind: string }>(
  expression: Expression<C>,
): expression is { kind: "and" | "or"; operands: readonly Expression<C>[] } {
  return expression.kind === "and" || expression.kind === "or";
}

export type Condition = Comparison | IsCondition | NotExistsCondition;

export interface Comparison {
  readonly kind: "comparison";
  readonly selector: Selector;
  readonly operator: Operator;
  readonly operand: Operand;
}

/** `SELECTOR IS NULL`, `IS TRUE` or `IS FALSE`. */
export interface IsCondition {
  readonly kind: "is";
  readonly selector: Selector;
  readonly value: null | boolean;
}

export interface NotExistsCondition {
  readonly kind: "not exists";
  readonly selector: Selector;
}

/** The steps after `$`: `$.a[0]` is a name and an index. */
export type Selector = readonly SelectorStep[];

export type SelectorStep =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "any field" }
  | { readonly kind: "any element" };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type Operand =
  /** A text in which each `*` stands for any characters. */
  | { readonly kind: "string"; readonly text: string }
  /** A number as it was written, such as `1e-3`. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "any number" }
  | { readonly kind: "regular expression"; readonly source: string };

export type Term =
  /** A word or phrase that must stand in the message, must not, or is one of several of which any may. */
  | { readonly kind: "included" | "excluded" | "optional"; readonly text: string }
  | { readonly kind: "regular expression"; readonly source: string };

export type Column =
  /** `...`: any number of columns. */
  | { readonly kind: "ellipsis" }
  /** An unnamed column has the empty name. */
  | { readonly kind: "column"; readonly name: string; readonly condition?: Expression<ColumnComparison> };

export interface ColumnComparison {
  readonly kind: "comparison";
  readonly operator: Operator;
  readonly operand: Operand;
}
