/**
 * The two pattern languages of AWS that this project runs in-process: CloudWatch Logs filter patterns and
 * EventBridge event patterns. Both are compiled once and matched many times.
 */
export { type EventPattern, parseEventPattern } from "./event-pattern/event-pattern";
export type {
  Column,
  ColumnComparison,
  ColumnsPattern,
  Comparison,
  Condition,
  Expression,
  FilterPatternAst,
  IsCondition,
  JsonPattern,
  NotExistsCondition,
  Operand,
  Operator,
  Selector,
  SelectorStep,
  Term,
  TermsPattern,
} from "./filter-pattern/ast";
export { type FilterPattern, parseFilterPattern } from "./filter-pattern/filter-pattern";
export { logsInsightsFilter, UntranslatablePatternError } from "./filter-pattern/logs-insights";
export { printFilterPattern } from "./filter-pattern/print";
export { compileRawTextSearch, type RawTextSearch } from "./raw-text";
export type { RequiredText, RequiredTexts } from "./required-texts";
export { PatternSyntaxError } from "./syntax-error";
