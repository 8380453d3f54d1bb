import type { RequiredTexts } from "../required-texts";
import { PatternSyntaxError } from "../syntax-error";
import type { FilterPatternAst } from "./ast";
import { compileColumnsPattern } from "./compile-columns";
import type { Test } from "./compile-expression";
import { compileJsonPattern } from "./compile-json";
import { compileTermsPattern } from "./compile-terms";
import { parseAst } from "./parse";
import { PatternReader } from "./pattern-reader";
import { requiredTexts } from "./required";

/** A filter pattern of CloudWatch Logs, ready to be run. */
export interface FilterPattern {
  /** The pattern as it was written. */
  readonly text: string;
  /** `{…}` is for JSON log events, `[…]` for the columns of space-delimited ones, anything else for terms. */
  readonly kind: FilterPatternAst["kind"];
  readonly ast: FilterPatternAst;
  /** AWS allows five filters with a regular expression in a log group. */
  readonly usesRegularExpression: boolean;
  /** What a JSON record must contain to match; for the other kinds nothing is said. */
  readonly requiredTexts: RequiredTexts;
  /**
   * Whether a log event matches. It never throws.
   *
   * @param value the event's parsed JSON, or the raw message as a string
   */
  matches(value: unknown): boolean;
}

/**
 * Reads and compiles a filter pattern.
 *
 * Source: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail" of
 * the CloudWatch Logs user guide.
 *
 * @throws PatternSyntaxError for a pattern that AWS would reject, or whose meaning no source settles
 */
export function parseFilterPattern(text: string): FilterPattern {
  if (typeof text !== "string") throw new PatternSyntaxError("a filter pattern is a string", 0);
  const reader = new PatternReader(text);
  const ast = parseAst(reader);
  return {
    text,
    kind: ast.kind,
    ast,
    usesRegularExpression: reader.regularExpressions > 0,
    requiredTexts: requiredTexts(ast),
    matches: compile(ast),
  };
}

function compile(ast: FilterPatternAst): Test<unknown> {
  switch (ast.kind) {
    case "json":
      return compileJsonPattern(ast);
    case "terms":
      return compileTermsPattern(ast);
    case "columns":
      return compileColumnsPattern(ast);
  }
}
