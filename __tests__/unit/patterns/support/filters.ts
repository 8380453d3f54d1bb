import fc from "fast-check";
import { names, numbers, texts } from "./records";

/** A filter pattern on JSON events, as the tests see it. */
export type Filter =
  | { join: "&&" | "||"; parts: Filter[] }
  | { selector: Step[]; test: FilterTest; spacing: number };

export type Step = string | number | "[*]" | ".*";

export type FilterTest =
  | { is: null | boolean }
  | { exists: false }
  | { operator: "=" | "!="; text: string; quoted: boolean }
  | { operator: "=" | "!="; regex: string }
  | { operator: "=" | "!="; anyNumber: true }
  | { operator: "=" | "!=" | "<" | "<=" | ">" | ">="; number: number; form: "plain" | "signed" | "exponent" };

const equality = fc.constantFrom("=" as const, "!=" as const);
const quotedTexts = [...texts, "*", "x*", "*x", "*x*", "x*x", "x**", "y*x*", "**"];
const bareTexts = ["x", "xy", "x*", "*x", "*y*", "x*x", "10.0.0.1", "10.*"];
const regexes = [
  "x",
  "^x",
  "x$",
  "^$|^x$",
  "x{2}",
  "[xy]{2,3}",
  "x?y+",
  "\\d+",
  "[^x]",
  "x|y$",
  "^\\S.*x$",
  "\\x22",
];

const test: fc.Arbitrary<FilterTest> = fc.oneof(
  fc.record({ is: fc.constantFrom(null, true, false) }),
  fc.constant({ exists: false as const }),
  fc.record({ operator: equality, text: fc.constantFrom(...quotedTexts), quoted: fc.constant(true) }),
  fc.record({ operator: equality, text: fc.constantFrom(...bareTexts), quoted: fc.constant(false) }),
  fc.record({ operator: equality, anyNumber: fc.constant(true as const) }),
  fc.record({
    operator: fc.constantFrom("=" as const, "!=", "<", "<=", ">", ">="),
    number: fc.constantFrom(...numbers),
    form: fc.constantFrom("plain" as const, "signed", "exponent"),
  }),
);

const regexTest = fc.record({ operator: equality, regex: fc.constantFrom(...regexes) });
const step = fc.constantFrom<Step>(...names, ...names, "a.b", 0, 1);
const selector = fc
  .tuple(fc.constantFrom<Step>(...names, "a.b"), fc.array(step, { maxLength: 2 }))
  .map(([first, rest]) => [first, ...rest]);
const wildSelector = fc
  .tuple(
    fc.array(fc.constantFrom<Step>(...names), { maxLength: 1 }),
    fc.array(step, { maxLength: 1 }),
    fc.boolean(),
  )
  .map(([before, after, isElement]): Step[] =>
    isElement && before.length > 0 ? [...before, "[*]", ...after] : [...before, ".*", ...after],
  );

const condition = (selectors: fc.Arbitrary<Step[]>, tests: fc.Arbitrary<FilterTest>): fc.Arbitrary<Filter> =>
  fc.record({ selector: selectors, test: tests, spacing: fc.nat(3) });

const expression = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    condition(selector, test),
    fc.record({
      join: fc.constantFrom("&&" as const, "||" as const),
      parts: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).filter;

/** Any filter; a pattern may hold few wildcard selectors and regular expressions, so these come on top. */
export const arbitraryFilter: fc.Arbitrary<Filter> = fc
  .tuple(
    expression,
    fc.array(fc.oneof(condition(wildSelector, test), condition(selector, regexTest)), { maxLength: 2 }),
    fc.constantFrom("&&" as const, "||" as const),
  )
  .map(([filter, extra, join]) => (extra.length === 0 ? filter : { join, parts: [...extra, filter] }))
  .filter((filter) => writeFilter(filter).length <= 1024);

/** The filter's text, with more or fewer spaces and parentheses. */
export function writeFilter(filter: Filter): string {
  return `{ ${write(filter)} }`;
}

function write(filter: Filter): string {
  if ("join" in filter)
    return filter.parts.map((part) => ("join" in part ? `(${write(part)})` : write(part))).join(filter.join);
  const { selector: steps, test: tested, spacing } = filter;
  const path = `$${steps.map(writeStep).join("")}`;
  const gap = " ".repeat(spacing % 2);
  const text = writeTest(tested, gap);
  return spacing > 1 ? `(${path}${text})` : `${path}${text}`;
}

function writeStep(one: Step): string {
  if (typeof one === "number") return `[${one}]`;
  if (one === "[*]" || one === ".*") return one;
  return one.includes(".") ? `.['${one}']` : `.${one}`;
}

function writeTest(tested: FilterTest, gap: string): string {
  if ("is" in tested) return ` IS ${String(tested.is).toUpperCase()}`;
  if ("exists" in tested) return " NOT EXISTS";
  const operator = `${gap}${tested.operator}${gap}`;
  if ("regex" in tested) return `${operator}%${tested.regex}%`;
  if ("anyNumber" in tested) return `${operator}*`;
  if ("text" in tested)
    return operator + (tested.quoted ? `"${tested.text.replace(/["\\]/g, "\\$&")}"` : tested.text);
  const { number, form } = tested;
  if (form === "exponent") return operator + number.toExponential();
  return operator + (form === "signed" && number >= 0 ? "+" : "") + number;
}

/** What a filter means: slow, and as plain as the documentation puts it. */
export function evaluate(filter: Filter, record: unknown): boolean {
  if ("join" in filter) {
    const results = filter.parts.map((part) => evaluate(part, record));
    return filter.join === "&&" ? !results.includes(false) : results.includes(true);
  }
  const found = select(record, filter.selector);
  const { test: tested } = filter;
  if ("exists" in tested) return found.length === 0;
  return found.some((value) => holds(tested, value));
}

function select(value: unknown, [first, ...rest]: Step[]): unknown[] {
  if (first === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  const isArray = Array.isArray(value);
  const children = Object.entries(value).filter(([key]) => {
    if (first === ".*") return !isArray;
    if (first === "[*]") return isArray;
    return isArray === (typeof first === "number") && key === String(first);
  });
  return children.flatMap(([, child]) => select(child, rest));
}

function holds(tested: Exclude<FilterTest, { exists: false }>, value: unknown): boolean {
  if ("is" in tested) return value === tested.is;
  if (typeof value === "object" && value !== null) return false;
  if (tested.operator === "=" || tested.operator === "!=")
    return equals(tested, value) === (tested.operator === "=");
  if (typeof value !== "number" || !("number" in tested)) return false;
  if (tested.operator === "<") return value < tested.number;
  if (tested.operator === "<=") return value <= tested.number;
  return tested.operator === ">" ? value > tested.number : value >= tested.number;
}

function equals(tested: FilterTest, value: unknown): boolean {
  if ("anyNumber" in tested) return typeof value === "number";
  if ("number" in tested) return value === tested.number;
  if (typeof value !== "string") return false;
  if ("regex" in tested) return new RegExp(tested.regex, "su").test(value);
  const escaped = "text" in tested ? tested.text.replace(/[.+?^${}()|[\]\\/]/g, "\\$&") : "";
  return new RegExp(`^${escaped.replace(/\*/g, ".*")}$`, "su").test(value);
}
