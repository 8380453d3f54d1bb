import fc from "fast-check";
import { compileWildcard } from "../../../patterns/wildcard";

/** Tries every way to spread the text over the pieces. */
function matchesSlowly(pieces: readonly string[], text: string): boolean {
  const [first = "", ...rest] = pieces;
  if (!text.startsWith(first)) return false;
  const left = text.slice(first.length);
  if (rest.length === 0) return left === "";
  return [...Array(left.length + 1).keys()].some((skipped) => matchesSlowly(rest, left.slice(skipped)));
}

describe("compileWildcard", () => {
  it.each([
    [["abc"], "abc", true],
    [["abc"], "abcd", false],
    [["", ""], "", true],
    [["a", ""], "a", true],
    [["a", "a"], "a", false],
    [["ab", "ba"], "aba", false],
    [["ab", "ba"], "abba", true],
    [["", "b", "b", ""], "abab", true],
    [["", "b", "b", ""], "aba", false],
    [["a", "bc", "c"], "abc", false],
    [["a", "bc", "c"], "abcc", true],
  ])("%j on %j: %p", (pieces, text, expected) => {
    expect(compileWildcard(pieces)(text)).toBe(expected);
  });

  it("agrees with trying every way", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 5 }), text, (pieces, input) => {
        expect(compileWildcard(pieces)(input)).toBe(matchesSlowly(pieces, input));
      }),
      { numRuns: 500 },
    );
  });

  it("does not try again what failed: this would take centuries", () => {
    const matches = compileWildcard([...Array<string>(100).fill("a"), "b"]);
    expect(matches("a".repeat(100_000))).toBe(false);
  });
});
