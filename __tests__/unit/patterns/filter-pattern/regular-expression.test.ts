import fc from "fast-check";
import { parseFilterPattern } from "../../../../patterns";
import { compileRegularExpression } from "../../../../patterns/filter-pattern/regular-expression/compile";

describe("a regular expression", () => {
  it.each<[string, string[], string[]]>([
    ["^[hc]at", ["hat", "cats"], ["a hat", "bat"]],
    ["[hc]at$", ["hat", "the cat"], ["hats"]],
    ["colou?r", ["color", "colour", "discolored"], ["colouur", "colo"]],
    ["[abcx-z]", ["a", "y"], ["d", "X"]],
    ["^a{3,5}$", ["aaa", "aaaaa"], ["aa", "aaaaaa"]],
    ["^a{2}$", ["aa"], ["a", "aaa"]],
    ["^a{2,}$", ["aa", "aaaaaaa"], ["a"]],
    ["^a{,2}$", ["", "a", "aa"], ["aaa"]],
    ["^a{0}$", [""], ["a"]],
    ["gra|ey", ["gray", "grey"], ["gry"]],
    ["^starting|^initializing|^shutting down", ["starting x", "shutting down"], ["skipping initializing"]],
    ["abcc|ab[^c]$", ["abcc x", "x aba"], ["aac", "abc"]],
    ["^\\[.\\]$", ["[a]", "[]]", "[ ]"], ["[ab]", "a"]],
    ["^ab*c$", ["ac", "abbbc"], ["abb"]],
    ["^ab+c$", ["abc", "abbbc"], ["ac"]],
    ["^ab[0-9]*$", ["ab", "ab129"], ["abc"]],
    [".at", ["4at", " at", "\nat", "🚀at"], ["at"]],
    ["^.$", ["x", "🚀"], ["", "xy"]],
    ["^10\\.10\\.0\\.1$", ["10.10.0.1"], ["10x10.0.1"]],
    ["^\\d\\D$", ["1a", "1é"], ["11", "a1"]],
    ["^\\s\\S$", ["\tx", "\n.", " é"], ["xx", "  "]],
    ["^\\w\\W$", ["_-", "a "], ["--", "aa"]],
    ["^\\x3A\\x28\\x7e$", [":(~"], ["x"]],
    ["^[\\x28-\\x2A]$", ["(", ")", "*"], ["+"]],
    ["^[^\\d_]$", ["a", "é"], ["1", "_"]],
    ["^[\\s\\S]$", ["x", "\n", "é"], [""]],
    ["^[-a]$", ["-", "a"], ["b"]],
    ["^[a-]$", ["-", "a"], ["b"]],
    ["^[a\\-z]$", ["-", "a", "z"], ["b"]],
    ["^[\\]\\\\^]$", ["]", "\\", "^"], ["x"]],
    ["^[.*+?$|{}]+$", [".*+?$|{}"], ["x"]],
    ["a$b|^^c", ["c"], ["ab", "xc"]],
    ["x^", [], ["x"]],
    ["^:_#=@/;,- $", [":_#=@/;,- "], ["x"]],
    ["\\^\\$\\?\\*\\+\\.\\|\\{\\}\\:\\/", ["^$?*+.|{}:/"], ["x"]],
  ])("%s", (source, matching, others) => {
    const matches = compileRegularExpression(source);
    expect(matching.filter((text) => !matches(text))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });

  it.each<[string, number, RegExp]>([
    ["something!", 9, /\\x21/],
    ["(a)", 0, /parentheses/],
    ["\\(", 1, /\\x28/],
    ["[(]", 1, /parentheses/],
    ["é", 0, /not ASCII/],
    ["[🚀]", 1, /not ASCII/],
    ['a"b', 1, /\\x22/],
    ["a\tb", 1, /\\x09/],
    ["", 0, /empty alternative/],
    ["a|", 2, /empty alternative/],
    ["|a", 0, /empty alternative/],
    ["a||b", 2, /empty alternative/],
    ["*a", 0, /nothing to repeat/],
    ["a|+", 2, /nothing to repeat/],
    ["{2}", 0, /nothing to repeat/],
    ["a**", 2, /cannot follow/],
    ["a+?", 2, /cannot follow/],
    ["a{2}{3}", 4, /cannot follow/],
    ["^*", 0, /anchor/],
    ["a$+", 1, /anchor/],
    ["a{", 1, /a count/],
    ["a{}", 1, /a count/],
    ["a{,}", 1, /a count/],
    ["a{x}", 1, /a count/],
    ["a{2, 3}", 1, /a count/],
    ["a{3,2}", 1, /greater/],
    ["a{501}", 0, /500/],
    ["a{99999}", 1, /a count/],
    ["a{0,300}b{0,300}", 0, /500/],
    ["a}", 1, /\\}/],
    ["a]", 1, /\\\]/],
    ["[", 0, /never closed/],
    ["[a", 0, /never closed/],
    ["[]", 0, /empty/],
    ["[]a]", 0, /empty/],
    ["[^]", 0, /empty/],
    ["[a[b]]", 2, /\\\[/],
    ["[z-a]", 1, /range/],
    ["[\\d-z]", 1, /range/],
    ["[a-\\w]", 1, /range/],
    ["[a-c-e]", 4, /\\-/],
    ["a\\", 1, /backslash/],
    ["\\b", 0, /expected \\d/],
    ["\\1", 0, /expected \\d/],
    ["\\x4", 0, /expected \\d/],
    ["\\xZZ", 0, /expected \\d/],
    ["\\x80", 0, /ASCII/],
  ])("%s is refused at %i", (source, offset, message) => {
    const pattern = `{ $.a = %${source}% }`;
    expect(() => parseFilterPattern(pattern)).toThrow(expect.objectContaining({ offset: offset + 9 }));
    expect(() => parseFilterPattern(pattern)).toThrow(message);
  });

  it("agrees with the platform's engine", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      ".",
      "[ab]",
      "[^a]",
      "\\w",
      "\\W",
      "\\s",
      "[a-c1]",
      "\\x61",
      "\\.",
      "1",
    );
    const count = fc.constantFrom("", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "{1,3}");
    const repeated = fc.tuple(atom, count).map(([one, times]) => one + times);
    const piece = fc.oneof({ weight: 6, arbitrary: repeated }, fc.constantFrom("^", "$"));
    const sequence = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
    const source = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((sequences) => sequences.join("|"));
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "c", "1", ".", " ", "\n", "é", "🚀"),
      maxLength: 8,
    });
    fc.assert(
      fc.property(source, text, (regex, input) => {
        expect(compileRegularExpression(regex)(input)).toBe(new RegExp(regex, "su").test(input));
      }),
      { numRuns: 1500 },
    );
  });

  it.each<[string, string, boolean]>([
    ["many stars", `${"a*".repeat(200)}b`, false],
    ["many optional characters", `${"a?".repeat(249)}${"a".repeat(249)}b`, false],
    ["large counts", "a{0,249}a{0,249}b", false],
    ["a distant choice", "[ab]*a[ab]{200}$", true],
  ])("does not try again what failed: with %s that would take centuries", (_, source, expected) => {
    const matches = compileRegularExpression(source);
    expect(matches("a".repeat(2000))).toBe(expected);
    expect(matches(`${"a".repeat(2000)}c`)).toBe(false);
  });
});
