import fc from "fast-check";
import {
  type FilterPattern,
  PatternSyntaxError,
  parseFilterPattern,
  printFilterPattern,
} from "../../../../patterns";
import { arbitraryFilter, evaluate, writeFilter } from "../support/filters";
import { arbitraryRecord } from "../support/records";

/** Pieces of all three languages, whole and broken. */
const fragment = fc.constantFrom(
  ...[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "[0]",
    "[*]",
    ".*",
    "$.",
    "$",
    ".",
    "...",
    ",",
    "a",
    "b1",
    "['a.b']",
    "eventName",
  ],
  ...[
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "&&",
    "||",
    "&",
    "!",
    "IS",
    "NULL",
    "TRUE",
    "NOT",
    "EXISTS",
    "NOT EXISTS",
  ],
  ...[
    '"',
    '"x"',
    '"a b"',
    "\\",
    '\\"',
    "%",
    "%a%",
    "%a{2,3}%",
    "%[a-z]+$%",
    "%(%",
    "*",
    "x*",
    "1",
    "-1.5e3",
    "+",
    "?",
    "-",
  ],
  ...[" ", "\t", "\n", "é", "🚀", "{ $.a = b }", "[a, b = c]", "ERROR", "true", "10.0.0.*"],
);

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.array(fragment, { maxLength: 14 }).map((fragments) => fragments.join("")),
  fc.array(fragment, { maxLength: 10 }).map((fragments) => `{ $.a ${fragments.join(" ")} }`),
  fc.array(fragment, { maxLength: 10 }).map((fragments) => `[a, b ${fragments.join(" ")}]`),
  fc
    .string({ unit: fc.constantFrom(..."ab^$|?*+{}[]\\-.,1dwx0 "), maxLength: 12 })
    .map((regex) => `%${regex}%`),
);

function parseOrRefuse(text: string): FilterPattern | undefined {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    expect(error).toBeInstanceOf(PatternSyntaxError);
    const { offset, message } = error as PatternSyntaxError;
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(text.length);
    expect(message).toMatch(/^[^\n]*[^.\n]\n[^\n]*\n *\^$/);
    return undefined;
  }
}

describe("any filter pattern", () => {
  it("matches as its meaning says", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryRecord, (filter, record) => {
        const pattern = parseFilterPattern(writeFilter(filter));
        const expected = evaluate(filter, record);
        expect(pattern.matches(record)).toBe(expected);
        expect(pattern.matches(JSON.stringify(record))).toBe(expected);
      }),
      { numRuns: 700 },
    );
  });

  it("prints to a text that parses to the same tree", () => {
    fc.assert(
      fc.property(arbitraryFilter, (filter) => {
        const { ast } = parseFilterPattern(writeFilter(filter));
        const printed = parseFilterPattern(printFilterPattern(ast));
        expect(printed.ast).toEqual(ast);
        expect(printFilterPattern(printed.ast)).toBe(printed.text);
      }),
      { numRuns: 300 },
    );
  });
});

describe("any text", () => {
  it("is a pattern that prints and matches without trouble, or is refused with its place", () => {
    fc.assert(
      fc.property(anyText, anyText, (text, message) => {
        const pattern = parseOrRefuse(text);
        if (pattern === undefined) return;
        expect(typeof pattern.matches(message)).toBe("boolean");
        expect(parseFilterPattern(printFilterPattern(pattern.ast)).ast).toEqual(pattern.ast);
      }),
      { numRuns: 1500 },
    );
  });
});
