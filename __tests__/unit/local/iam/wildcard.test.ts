import fc from "fast-check";
import { matchesWildcard } from "../../../../local/iam/wildcard";

/** Of patterns without characters that mean something to a regular expression. */
function matchesSlowly(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}

describe("matchesWildcard", () => {
  it.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["?", "", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*c", "abcbc", true],
    ["a*", "ba", false],
    ["*ab", "aab", true],
    ["*a?", "aab", true],
    ["arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:1:topic", true],
  ])("%j for %j: %p", (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        expect(matchesWildcard(one, other)).toBe(matchesSlowly(one, other));
      }),
      { numRuns: 1000 },
    );
  });

  it("does not try every way: this would take centuries", () => {
    expect(matchesWildcard(`${"*a".repeat(500)}b`, "a".repeat(5000))).toBe(false);
  });
});
