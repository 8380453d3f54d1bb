import { PatternSyntaxError, parseFilterPattern } from "../../../../patterns";

const matches = (pattern: string, value: unknown) => parseFilterPattern(pattern).matches(value);

describe("terms", () => {
  it.each<[string, string, boolean]>([
    ["ERROR", "[ERROR 400] BAD REQUEST", true],
    ["ERROR", "Exiting with ERRORCODE: -1", true],
    ["ERROR", "error", false],
    ["ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", true],
    ["ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST", false],
    ["  ERROR\tARGUMENTS\n", "ARGUMENTS ERROR", true],
    ['"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR", true],
    ['"INTERNAL SERVER ERROR"', "SERVER INTERNAL ERROR", false],
    ['"a \\"b\\" \\\\"', 'x a "b" \\ y', true],
    ["?ERROR ?ARGUMENTS", "ARGUMENTS", true],
    ["?ERROR ?ARGUMENTS", "neither", false],
    ['?"BAD REQUEST" ?x', "a BAD REQUEST", true],
    ["ERROR -ARGUMENTS", "ERROR", true],
    ["ERROR -ARGUMENTS", "ERROR ARGUMENTS", false],
    ['ERROR -"BAD REQUEST"', "ERROR BAD REQUEST", false],
    ["-ARGUMENTS", "ERROR", true],
    ["-ARGUMENTS", "ARGUMENTS", false],
    // Optional terms are ignored where there are others.
    ["?ERROR ?ARGUMENTS REQUEST", "[INFO] REQUEST FAILED", true],
    ["?ERROR ?ARGUMENTS REQUEST", "ERROR ARGUMENTS", false],
    ["?ERROR -REQUEST", "neither", true],
    ['" "', "x y", true],
    ['" "', "xy", true],
    ['""', "xy", true],
    ["", "xy", true],
    [" ", "", true],
    ["%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true],
    ["%^\\[ERROR 4\\d\\d\\]%", "[ERROR 401] x", true],
    [" %a b% ", "a b", true],
    ["%a b%", "ab", false],
  ])("%s on %s: %p", (pattern, message, expected) => expect(matches(pattern, message)).toBe(expected));

  it("takes a parsed event as its JSON text", () => {
    expect(matches('"\\"a\\":1"', { a: 1 })).toBe(true);
    expect(matches("ERROR", { a: "ERROR" })).toBe(true);
    expect(matches("ERROR", undefined)).toBe(false);
    expect(matches("-ERROR", undefined)).toBe(false);
  });

  it("says what kind it is", () => {
    expect(parseFilterPattern("ERROR")).toMatchObject({ kind: "terms", usesRegularExpression: false });
    expect(parseFilterPattern("%a%")).toMatchObject({ kind: "terms", usesRegularExpression: true });
  });

  it.each<[string, number, RegExp]>([
    ["foo.bar", 3, /double quotes/],
    ["a-b", 1, /double quotes/],
    ["*", 0, /expected a term/],
    ["4*", 1, /double quotes/],
    ["- ERROR", 1, /expected a term/],
    ["?", 1, /expected a term/],
    ["--x", 1, /expected a term/],
    ["é", 0, /expected a term/],
    ['x"y"', 1, /double quotes/],
    ['"x"y', 3, /double quotes/],
    ['"x', 0, /never closed/],
    ['-""', 1, /blank/],
    ['?" "', 1, /blank/],
    ["%x", 0, /never closed/],
    ["%x% y", 0, /alone/],
    ["y %x%", 2, /alone/],
    ["-%x%", 1, /expected a term/],
    ["%x!%", 2, /\\x21/],
    ["}", 0, /expected a term/],
  ])("%s is refused at %i", (pattern, offset, message) => {
    expect(() => parseFilterPattern(pattern)).toThrow(
      expect.objectContaining({ offset, name: "PatternSyntaxError" }),
    );
    expect(() => parseFilterPattern(pattern)).toThrow(message);
    expect(() => parseFilterPattern(pattern)).toThrow(PatternSyntaxError);
  });
});
