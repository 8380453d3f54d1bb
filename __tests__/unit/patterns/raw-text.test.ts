import fc from "fast-check";
import {
  mayMatchRawText,
  parseEventPattern,
  parseFilterPattern,
  type RequiredLiterals,
} from "../../../patterns";
import { arbitraryEventCase } from "./support/event-patterns";
import { arbitraryFilter, writeFilter } from "./support/filters";
import { arbitraryPick, stringsOf, writeJson } from "./support/raw-json";
import { arbitraryRecord } from "./support/records";

describe("requiredLiterals of a filter pattern", () => {
  it.each<[string, RequiredLiterals]>([
    ['{ $.a = "abc" }', [["abc"]]],
    ["{ $.a = *abc* }", [["abc"]]],
    ["{ $.a = ab*cd*e }", [["ab"], ["cd"], ["e"]]],
    ['{ $.a = "*" }', []],
    ["{ $.a = * }", []],
    ["{ $.a = x && $.b = y }", [["x"], ["y"]]],
    ["{ $.a = x || $.b = y }", [["x", "y"]]],
    ["{ $.a = x || $.a = x }", [["x"]]],
    ["{ $.a = s && $.b = long || $.c = z }", [["long", "z"]]],
    ["{ ($.a = x || $.b = y) && $.c = z }", [["x", "y"], ["z"]]],
    ["{ $.a = x || $.b != y }", []],
    ["{ $.a = x || $.b = 1 }", []],
    ["{ $.a != x }", []],
    ["{ $.a = 404 }", []],
    ["{ $.a > 404 }", []],
    ["{ $.a = %abc% }", []],
    ["{ $.a IS NULL }", []],
    ["{ $.a IS TRUE }", []],
    ["{ $.a NOT EXISTS }", []],
    ["{ $.a = x && $.b NOT EXISTS }", [["x"]]],
    ["ERROR", []],
    ["[a = ERROR, b]", []],
  ])("%s", (pattern, expected) => {
    expect(parseFilterPattern(pattern).requiredLiterals).toEqual(expected);
  });
});

describe("requiredLiterals of an event pattern", () => {
  it.each<[object, RequiredLiterals]>([
    [{ a: ["abc"] }, [["abc"]]],
    [{ a: ["abc", "def"] }, [["abc", "def"]]],
    [{ a: ["abc"], b: { c: ["def"] } }, [["abc"], ["def"]]],
    [{ a: ["abc", 1] }, []],
    [{ a: [""] }, []],
    [{ a: [null] }, []],
    [{ a: ["10.0.0.1"] }, []],
    [{ a: ["2001:db8::1"] }, []],
    [{ a: [{ prefix: "abc" }] }, [["abc"]]],
    [{ a: [{ prefix: "" }] }, []],
    [{ a: [{ suffix: "abc" }] }, [["abc"]]],
    [{ a: [{ prefix: { "equals-ignore-case": "abc" } }] }, []],
    [{ a: [{ "equals-ignore-case": "abc" }] }, []],
    [{ a: [{ wildcard: "ab*c\\*d" }] }, [["ab"], ["c*d"]]],
    [{ a: [{ "anything-but": "abc" }] }, []],
    [{ a: [{ "anything-but": { prefix: "abc" } }] }, []],
    [{ a: [{ numeric: ["=", 1] }] }, []],
    [{ a: [{ exists: true }] }, []],
    [{ a: [{ exists: false }] }, []],
    [{ a: ["abc", { exists: false }] }, []],
    [{ a: [{ cidr: "10.0.0.0/8" }] }, []],
    [{ a: ["abc"], $or: [{ b: ["x"] }, { c: ["y"] }] }, [["abc"], ["x", "y"]]],
    [{ $or: [{ b: ["x"] }, { c: [1] }] }, []],
  ])("%j", (pattern, expected) => {
    expect(parseEventPattern(pattern).requiredLiterals).toEqual(expected);
  });
});

describe("mayMatchRawText", () => {
  it.each<[RequiredLiterals, string, boolean]>([
    [[], "{}", true],
    [[["abc"]], '{"a":"xabcx"}', true],
    [[["abc"]], '{"a":"ab"}', false],
    [[["abc"]], '{"a":"\\u0061bc"}', true],
    [[["abc"]], '{"a":"\\\\u0061bc"}', true],
    [[["x", "abc"]], '{"a":"abc"}', true],
    [[["abc"], ["x"]], '{"a":"abc"}', false],
    [[["a/b"]], '{"a":"a\\/b"}', true],
    [[["a/b"]], '{"a":"a/c"}', false],
    [[['a"b']], '{"a":"a\\"b"}', true],
    [[["a\\b"]], '{"a":"a\\\\b"}', true],
    [[["a\tb"]], '{"a":"a\\tb"}', true],
    [[["/"]], '{"a":"b"}', true],
    [[["é"]], '{"a":"é"}', true],
    [[["é"]], '{"a":"\\u00e9"}', true],
    [[["🚀"]], '{"a":"\\ud83d\\ude80"}', true],
    [[["🚀"]], '{"a":"x"}', false],
  ])("%j in %s: %p", (literals, rawJson, expected) => {
    expect(mayMatchRawText(literals, rawJson)).toBe(expected);
  });

  function expectSound(
    pattern: { requiredLiterals: RequiredLiterals; matches(value: unknown): boolean },
    record: object,
    rawJson: string,
  ): void {
    expect(JSON.parse(rawJson)).toEqual(record);
    if (!pattern.matches(record)) return;
    const strings = stringsOf(record);
    for (const clause of pattern.requiredLiterals)
      expect(clause.some((literal) => strings.some((string) => string.includes(literal)))).toBe(true);
    expect(mayMatchRawText(pattern.requiredLiterals, rawJson)).toBe(true);
  }

  it("never misses a record that a filter pattern matches, however it is escaped", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryRecord, arbitraryPick, (filter, record, pick) => {
        expectSound(parseFilterPattern(writeFilter(filter)), record, writeJson(record, pick));
      }),
      { numRuns: 400 },
    );
  });

  it("never misses an event that an event pattern matches, however it is escaped", () => {
    fc.assert(
      fc.property(arbitraryEventCase, arbitraryPick, ([pattern, event], pick) => {
        expectSound(parseEventPattern(pattern), event, writeJson(event, pick));
      }),
      { numRuns: 400 },
    );
  });
});
