import fc from "fast-check";
import { compileRawTextSearch, parseEventPattern, parseFilterPattern } from "../../../patterns";
import { arbitraryEventCase, arbitraryEventPattern } from "./support/event-patterns";
import { arbitraryFilter, writeFilter } from "./support/filters";
import { arbitraryPick, writeJson } from "./support/raw-json";
import { arbitraryEvent, arbitraryRecord } from "./support/records";

const ofFilter = (text: string) => parseFilterPattern(text).requiredTexts;
const ofEvent = (pattern: object) => parseEventPattern(pattern).requiredInDetail;

describe("a search for what a filter pattern requires", () => {
  it.each([
    ['{ $.a = "*" }'],
    ["{ $.a = * }"],
    ['{ $.a = "" }'],
    ['{ $.* = "é" }'],
    ["{ $.a = x || $.b != y }"],
    ["{ $.a = x || $.b = 1 }"],
    ["{ $.a != x }"],
    ["{ $.a = 404 }"],
    ["{ $.a > 404 }"],
    ["{ $.a = %abc% }"],
    ["{ $.a IS NULL }"],
    ["{ $.a IS TRUE }"],
    ["{ $.a NOT EXISTS }"],
    ["ERROR"],
    ["[a = ERROR, b]"],
  ])("is not to be had for %s", (pattern) => {
    expect(compileRawTextSearch([ofFilter(pattern)], "a")).toBeUndefined();
    expect(compileRawTextSearch([ofFilter("{ $.a = x }"), ofFilter(pattern)], "a")).toBeUndefined();
  });

  it.each<[pattern: string, found: string[], passedOver: string[]]>([
    [
      "{ $.a = abc }",
      [
        '{"a":"abc"}',
        '{"a" :\r\n\t"abcd"}',
        '{"x":{"a":"abc"}}',
        '{"a":["abc"]}',
        '{"a":"\\u0061bc"}',
        '{"\\u0061":1}',
      ],
      [
        '{"a":"xabc"}',
        '{"b":"abc"}',
        '{"ax":"abc"}',
        '{"abc":"a"}',
        '{"x":"\\"a\\":\\"abc\\""}',
        '{"a":"ABC"}',
      ],
    ],
    [
      "{ $.a = *abc }",
      ['{"a":"abc"}', '{"a":"x abc"}', '{"a":"\\"abc"}', '{"a":"\\n"}'],
      ['{"a":"x","b":"abc"}'],
    ],
    ["{ $.a = ab*cde }", ['{"a":"xcde"}'], ['{"a":"ab"}']],
    ["{ $.a = abc*de }", ['{"a":"abc"}'], ['{"a":"xabcde"}']],
    ['{ $.a = "a/bc" }', ['{"a":"a\\/bc"}', '{"a":"a/bc"}'], ['{"a":"a"}']],
    ['{ $.a = "bc/a" }', ['{"a":"bc\\/a"}'], ['{"a":"a/bc"}']],
    ['{ $.a = "a\\"bc" }', ['{"a":"a\\"bc"}'], ['{"a":"a"}']],
    ['{ $.a = "\tabc" }', ['{"a":"\\tabc"}'], ['{"a":"ab"}']],
    ['{ $.a = "é" }', ['{"a":"é"}', '{"a":"\\u00e9"}', '{"a":"x"}'], ['{"a":1}', '{"b":"é"}']],
    ["{ $.a = x.y }", ['{"a":"x.y"}'], ['{"a":"x-y"}']],
    ["{ $.a.b = abc }", ['{"b":"abc"}'], ['{"a":"abc"}']],
    ["{ $.['a.b'] = abc }", ['{"a.b":"abc"}'], ['{"a-b":"abc"}', '{"b":"abc"}']],
    ["{ $.['a b'] = abc }", ['{"x":"abc"}'], ['{"a b":"xabc"}']],
    ["{ $.a[0] = abc }", ['{"a":["abc"]}'], ['{"b":["abc"]}']],
    ["{ $.a[*][0] = abc }", ['{"a":[["abc"]]}'], ['{"b":[["abc"]]}']],
    ["{ $.a.* = abc }", ['{"x":"abc"}'], ['{"x":"xabc"}']],
    ["{ $.a = x && $.b = y }", ['{"a":"x"}'], ['{"b":"y"}']],
    ["{ $.b = yyy && $.a = x }", ['{"a":"x"}'], ['{"b":"yyy"}']],
    ["{ $.b = x && $.c = yyy }", ['{"c":"yyy"}'], ['{"b":"x"}']],
    ["{ $.* = yyy && $.c = x }", ['{"c":"x"}'], ['{"b":"yyy"}']],
    ["{ $.a = x || $.b = y }", ['{"a":"x"}', '{"b":"y"}'], ['{"a":"y"}']],
    ["{ ($.c = zzz && $.a = x) || $.b = y }", ['{"a":"x"}', '{"b":"y"}'], ['{"c":"zzz"}']],
    ["{ $.a = x && $.b NOT EXISTS }", ['{"a":"x"}'], ['{"b":"x"}']],
  ])("%s", (pattern, found, passedOver) => {
    const search = compileRawTextSearch([ofFilter(pattern)], "a");
    for (const rawJson of found) expect([rawJson, search?.(rawJson)]).not.toEqual([rawJson, []]);
    for (const rawJson of passedOver) expect([rawJson, search?.(rawJson)]).toEqual([rawJson, []]);
  });
});

describe("a search for what an event pattern requires of the detail", () => {
  it.each([
    [{ source: ["aws.s3"] }],
    [{ detail: ["abc"] }],
    [{ detail: { a: ["abc", 1] } }],
    [{ detail: { a: [""] } }],
    [{ detail: { a: [null] } }],
    [{ detail: { a: ["10.0.0.1"] } }],
    [{ detail: { a: ["2001:db8::1"] } }],
    [{ detail: { a: [{ prefix: "" }] } }],
    [{ detail: { a: [{ prefix: { "equals-ignore-case": "abc" } }] } }],
    [{ detail: { a: [{ suffix: { "equals-ignore-case": "abc" } }] } }],
    [{ detail: { a: [{ "equals-ignore-case": "abc" }] } }],
    [{ detail: { a: [{ "anything-but": "abc" }] } }],
    [{ detail: { a: [{ "anything-but": { prefix: "abc" } }] } }],
    [{ detail: { a: [{ numeric: ["=", 1] }] } }],
    [{ detail: { a: [{ exists: true }] } }],
    [{ detail: { a: ["abc", { exists: false }] } }],
    [{ detail: { a: [{ cidr: "10.0.0.0/8" }] } }],
    [{ $or: [{ detail: { a: ["abc"] } }, { source: ["aws.s3"] }] }],
  ])("is not to be had for %j", (pattern) => {
    expect(compileRawTextSearch([ofEvent(pattern)], "a")).toBeUndefined();
  });

  it.each<[pattern: object, found: string[], passedOver: string[]]>([
    [{ source: ["aws.s3"], detail: { a: ["abc"] } }, ['{"a":"abc"}'], ['{"source":"aws.s3"}']],
    [{ detail: { a: ["abc", "de"] } }, ['{"a":"abc"}', '{"a":"de"}'], ['{"a":"x"}']],
    [
      { detail: { a: { b: ["x"] } } },
      ['{"b":"x"}', '{"a.b":"x"}', '{"b":["y","x"]}'],
      ['{"bx":"x"}', '{"a":"x"}'],
    ],
    [{ "detail.a.b": ["x"] }, ['{"b":"x"}', '{"a.b":"x"}'], ['{"a":"x"}']],
    [{ detail: { "a.": ["x"] } }, ['{"b":"x"}'], ['{"a":"y"}']],
    [{ detail: { a: [{ prefix: "ab" }] } }, ['{"a":"abc"}'], ['{"a":"xab"}']],
    [{ detail: { a: [{ suffix: "bc" }] } }, ['{"a":"abc"}', '{"a":"\\\\"}'], ['{"a":"ab"}']],
    [{ detail: { a: [{ wildcard: "a*b\\*c" }] } }, ['{"a":"b*c"}'], ['{"a":"ab"}', '{"a":"bbc"}']],
    [
      { detail: { b: ["x"] }, $or: [{ detail: { a: ["y"] } }, { detail: { c: ["z"] } }] },
      ['{"b":"x"}'],
      ['{"a":"y"}'],
    ],
    [
      { $or: [{ detail: { a: ["y"] } }, { detail: { c: ["z"] } }] },
      ['{"a":"y"}', '{"c":"z"}'],
      ['{"a":"z"}'],
    ],
    [{ detail: { $or: [{ a: ["y"] }, { c: ["z"] }] } }, ['{"a":"y"}', '{"c":"z"}'], ['{"a":"z"}']],
  ])("%j", (pattern, found, passedOver) => {
    const search = compileRawTextSearch([ofEvent(pattern)], "a");
    for (const rawJson of found) expect([rawJson, search?.(rawJson)]).not.toEqual([rawJson, []]);
    for (const rawJson of passedOver) expect([rawJson, search?.(rawJson)]).toEqual([rawJson, []]);
  });
});

describe("a search for several patterns", () => {
  const search = compileRawTextSearch(
    [ofFilter("{ $.a = x || $.b = y }"), ofFilter("{ $.a = *z }"), ofEvent({ detail: { b: ["w"] } })],
    "a",
  );

  it("tells the places in their order, each within its record", () => {
    const records = ['{"b":"w"}', '{"a":"z"}', '{"a":"w"}', '{"b":"y"}', '{"c":"\\u0061"}', '{"a":"x"}'];
    const places = search?.(records.join(",")) ?? [];
    expect(places).toHaveLength(5);
    const starts = records.map((_, index) => records.slice(0, index).join(",").length);
    const found = records.filter((record, index) => {
      const start = starts[index] as number;
      return places.some((place) => place >= start && place < start + record.length + 1);
    });
    expect(found).toEqual(records.filter((record) => record !== '{"a":"w"}'));
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it("finds the same each time", () => {
    expect(search?.('{"a":"x"}')).toEqual(search?.('{"a":"x"}'));
  });

  it.each([
    ["white space", `{"a"${" ".repeat(2_000_000)}:"x"}`],
    ["a long value", `{"a":"${"y".repeat(2_000_000)}z"}`],
    ["a key many times", `{${'"a":"y",'.repeat(200_000)}"a":"x"}`],
    ["quotes", `{"c":"${'\\"a'.repeat(500_000)}","a":"x"}`],
  ])("takes %s in its stride", (_, rawJson) => {
    const start = performance.now();
    expect(search?.(rawJson)).not.toEqual([]);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe("a record that a pattern matches", () => {
  /** Records written one after another, with what looks like records in strings, and where each begins and ends. */
  function write(records: readonly object[], pick: (ways: number) => number) {
    let text = "";
    const spans = records.map((record) => {
      const start = text.length;
      text += writeJson(record, pick);
      const end = text.length;
      text += ["", ",", "\n"][pick(3)];
      return { start, end };
    });
    return { text, spans };
  }

  const manyRecords = (one: fc.Arbitrary<object>) =>
    fc
      .array(fc.tuple(one, one, fc.boolean()), { minLength: 1, maxLength: 4 })
      .map((pairs) =>
        pairs.map(([record, other, hasDecoy]) =>
          hasDecoy ? { decoy: JSON.stringify(other), ...record } : record,
        ),
      );

  it("is found, however it is written: by the search for filter patterns", () => {
    const filters = fc.array(arbitraryFilter, { minLength: 1, maxLength: 3 });
    const property = fc.property(
      filters,
      manyRecords(arbitraryRecord),
      arbitraryPick,
      (some, records, pick) => {
        const patterns = some.map((filter) => parseFilterPattern(writeFilter(filter)));
        const { text, spans } = write(records, pick);
        const places = compileRawTextSearch(
          patterns.map(({ requiredTexts }) => requiredTexts),
          "a",
        )?.(text);
        for (const [index, { start, end }] of spans.entries()) {
          expect(JSON.parse(text.slice(start, end))).toEqual(records[index]);
          if (places !== undefined && patterns.some((pattern) => pattern.matches(records[index])))
            expect(places.some((place) => place >= start && place < end)).toBe(true);
        }
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it("is found, however it is written: by the search for event patterns", () => {
    const cases = fc.oneof(arbitraryEventCase, fc.tuple(arbitraryEventPattern, arbitraryEvent));
    const others = manyRecords(arbitraryEvent);
    const property = fc.property(
      cases,
      others,
      arbitraryPick,
      fc.boolean(),
      ([own, event], more, pick, orAtTop) => {
        const { $or, ...rest } = own;
        const detail = Object.keys(rest).length === 0 ? {} : { detail: rest };
        const branches = Array.isArray($or) ? $or.map((branch) => ({ detail: branch })) : [];
        const pattern = parseEventPattern(
          orAtTop && branches.length > 0 ? { ...detail, $or: branches } : { detail: own },
        );
        const records = [event, ...more];
        const { text, spans } = write(records, pick);
        const places = compileRawTextSearch([pattern.requiredInDetail], "a")?.(text);
        for (const [index, { start, end }] of spans.entries())
          if (places !== undefined && pattern.matches({ source: "x", detail: records[index] }))
            expect(places.some((place) => place >= start && place < end)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});
