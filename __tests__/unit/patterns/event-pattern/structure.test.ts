import { PatternSyntaxError, parseEventPattern } from "../../../../patterns";

const matches = (pattern: string | object, event: unknown) => parseEventPattern(pattern).matches(event);

describe("an event pattern", () => {
  const pattern = {
    source: ["aws.ec2"],
    "detail-type": ["EC2 Instance State-change Notification"],
    detail: { state: ["running", "stopped"] },
  };
  const event = {
    source: "aws.ec2",
    "detail-type": "EC2 Instance State-change Notification",
    account: "123456789012",
    detail: { state: "running", "instance-id": "i-1" },
  };

  it("wants all its fields, each with one of its values, and no others", () => {
    expect(matches(pattern, event)).toBe(true);
    expect(matches(pattern, { ...event, detail: { state: "pending" } })).toBe(false);
    expect(matches(pattern, { ...event, detail: "running" })).toBe(false);
    expect(matches(pattern, { ...event, Source: "aws.ec2", source: "aws.s3" })).toBe(false);
  });

  it.each([undefined, null, 1, "text", true, [event], JSON.stringify(event)])(
    "does not match %j",
    (value) => {
      expect(matches({ source: [{ exists: false }] }, value)).toBe(false);
    },
  );

  it("may be JSON text, with any white space, and be called alone", () => {
    const { matches: alone } = parseEventPattern(` \n${JSON.stringify(pattern, null, "\t")}\r\n`);
    expect([event, {}].map(alone)).toEqual([true, false]);
  });

  it("counts own properties only, whatever their names", () => {
    expect(matches({ constructor: [{ exists: false }] }, {})).toBe(true);
    expect(matches({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
    expect(matches('{"__proto__":{"x":["y"]}}', JSON.parse('{"__proto__":{"x":"y"}}'))).toBe(true);
    expect(matches('{"__proto__":{"x":["y"]}}', {})).toBe(false);
  });
});

describe("a key with dots", () => {
  it.each<[object, object, boolean]>([
    [{ "a.b": ["x"] }, { a: { b: "x" } }, true],
    [{ a: { b: ["x"] } }, { "a.b": "x" }, true],
    [{ "a.b.c": ["x"] }, { a: { "b.c": "x" } }, true],
    [{ a: { "b.c": ["x"] } }, { "a.b": { c: "x" } }, true],
    [{ "a.b": ["x"] }, { "a.b": "y", a: { b: "x" } }, true],
    [{ "a.b": ["x"] }, { a: { b: { x: "x" } } }, false],
    [{ "a.b": ["x"] }, { ab: "x" }, false],
    [{ "": ["x"] }, { "": "x" }, true],
    [{ a: { "": ["x"] } }, { "a.": "x" }, true],
    [{ "..": ["x"] }, { "": { "": { "": "x" } } }, true],
  ])("%j on %j: %p", (pattern, event, expected) => expect(matches(pattern, event)).toBe(expected));
});

describe("a name that occurs twice", () => {
  it.each<[string, object, boolean]>([
    ['{"a":["x"],"a":["y"]}', { a: "y" }, true],
    ['{"a":["x"],"a":["y"]}', { a: "x" }, false],
    ['{"a":{"b":["x"]},"a":{"c":["y"]}}', { a: { c: "y" } }, true],
    ['{"a":["x"],"a":{"b":["y"]}}', { a: { b: "y" } }, true],
    ['{"a.b":["x"],"a":{"b":["y"]}}', { a: { b: "y" } }, true],
    ['{"a.b":["x"],"a":{"b":["y"]}}', { a: { b: "x" } }, false],
    ['{"a":{"b":["y"]},"a.b":["x"]}', { a: { b: "x" } }, true],
  ])("%s on %j: %p", (pattern, event, expected) => expect(matches(pattern, event)).toBe(expected));
});

describe("$or", () => {
  it.each<[object, object, boolean]>([
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { a: "x" }, true],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "y" }, true],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { a: "y", b: "x" }, false],
    [{ c: ["z"], $or: [{ a: ["x"] }, { b: ["y"] }] }, { a: "x" }, false],
    [{ c: ["z"], $or: [{ a: ["x"] }, { b: ["y"] }] }, { a: "x", c: "z" }, true],
    [{ d: { $or: [{ a: ["x"] }, { b: ["y"] }] } }, { d: { b: "y" } }, true],
    [{ d: { $or: [{ a: ["x"] }, { b: ["y"] }] } }, { b: "y" }, false],
    [{ $or: [{ a: ["x"], b: ["y"] }, { c: ["z"] }] }, { a: "x" }, false],
    [{ $or: [{ a: ["x"], b: ["y"] }, { c: ["z"] }] }, { a: "x", b: "y" }, true],
    [{ $or: [{ $or: [{ a: ["x"] }, { b: ["y"] }], c: ["z"] }, { d: ["z"] }] }, { b: "y", c: "z" }, true],
    [{ $or: [{ $or: [{ a: ["x"] }, { b: ["y"] }], c: ["z"] }, { d: ["z"] }] }, { b: "y" }, false],
    [
      { $or: [{ a: ["x"] }, { b: ["y"] }], d: { $or: [{ a: ["x"] }, { b: ["y"] }] } },
      { a: "x", d: { b: "y" } },
      true,
    ],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }], d: { $or: [{ a: ["x"] }, { b: ["y"] }] } }, { a: "x" }, false],
    [{ $or: [{ a: ["x"] }, { a: ["y"] }] }, { a: "y" }, true],
    [{ $or: [{ a: [{ exists: false }] }, { b: ["y"] }] }, {}, true],
  ])("%j on %j: %p", (pattern, event, expected) => expect(matches(pattern, event)).toBe(expected));

  it.each<[object, RegExp]>([
    [{ $or: [] }, /two or more/],
    [{ $or: [{ a: ["x"] }] }, /two or more/],
    [{ $or: ["x", "y"] }, /each branch/],
    [{ $or: [{ a: ["x"] }, null] }, /each branch/],
    [{ $or: [{ a: ["x"] }, [{ b: ["y"] }]] }, /each branch/],
    [{ $or: { a: ["x"] } }, /two or more/],
    [{ $or: "x" }, /two or more/],
    [{ $or: [{ a: ["x"] }, {}] }, /empty object/],
    [{ $or: [{ a: ["x"] }, { prefix: ["y"] }] }, /reserved/],
    [{ $or: [{ a: ["x"] }, { b: { "anything-but": ["y"] } }] }, /reserved/],
    [{ $or: [{ a: ["x"] }, { b: { c: { "<": ["y"] } } }] }, /reserved/],
    [{ a: ["x"], $or: [{ a: ["y"] }, { b: ["z"] }] }, /keeps only the later/],
    [{ $or: [{ a: { b: ["y"] } }, { c: ["z"] }], "a.b": ["x"] }, /keeps only the later/],
    [
      { a: { $or: [{ b: ["x"] }, { c: ["x"] }] }, $or: [{ "a.b": ["x"] }, { d: ["x"] }] },
      /keeps only the later/,
    ],
  ])("%j is refused", (pattern, message) => {
    expect(() => parseEventPattern(pattern)).toThrow(PatternSyntaxError);
    expect(() => parseEventPattern(pattern)).toThrow(message);
  });

  it("may stand once in an object", () => {
    const text = '{"$or":[{"a":["x"]},{"b":["x"]}],"$or":[{"c":["x"]},{"d":["x"]}]}';
    expect(() => parseEventPattern(text)).toThrow(expect.objectContaining({ offset: 33 }));
  });

  it("makes a thousand combinations and no more", () => {
    const choice = (count: number) => ({
      $or: Array.from({ length: count }, (_, index) => ({ [`f${index}`]: [1] })),
    });
    const pattern = parseEventPattern({ a: choice(10), b: choice(10), c: choice(10) });
    expect(pattern.matches({ a: { f9: 1 }, b: { f0: 1 }, c: { f5: 1 } })).toBe(true);
    expect(pattern.matches({ a: { f9: 1 }, b: { f0: 1 } })).toBe(false);
    expect(() => parseEventPattern({ a: choice(10), b: choice(10), c: choice(11) })).toThrow(
      /1000 combinations/,
    );
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`g${index}`, choice(2)]));
    expect(() => parseEventPattern(many)).toThrow(/1000 combinations/);
  });

  it("lets reserved names be fields elsewhere", () => {
    expect(
      matches(
        { prefix: ["x"], detail: { exists: { numeric: ["y"] } } },
        { prefix: "x", detail: { exists: { numeric: "y" } } },
      ),
    ).toBe(true);
  });
});

describe("a structure that is refused", () => {
  it.each<[unknown, RegExp, number, string | undefined]>([
    ["[]", /JSON object/, 0, undefined],
    ["1", /JSON object/, 0, undefined],
    ["{}", /empty object/, 0, ""],
    ['{"a":{}}', /empty object/, 5, "a"],
    ['{"a":[]}', /empty array/, 5, "a"],
    ['{"a":{"b":[]}}', /empty array/, 10, "a.b"],
    ['{"a":"x"}', /write \["x"\]/, 5, "a"],
    ['{ "a" : 1e2 }', /write \[1e2\]/, 8, "a"],
    ['{"a":null}', /write \[null\]/, 5, "a"],
    ['{"a":true}', /write \[true\]/, 5, "a"],
    ["", /not JSON: expected a value/, 0, undefined],
    ["{", /not JSON: expected a name/, 1, undefined],
    ['{"a"}', /not JSON: expected ":"/, 4, undefined],
    ['{"a":}', /not JSON: expected a value/, 5, undefined],
    ['{"a":["x"],}', /not JSON: expected a name/, 11, undefined],
    ['{"a":["x",]}', /not JSON: expected a value/, 10, undefined],
    ['{"a":["x" "y"]}', /not JSON: expected "," or "]"/, 10, undefined],
    ['{"a":["x"] "b":["y"]}', /not JSON: expected "," or "}"/, 11, undefined],
    ['{"a":["x"]} x', /not JSON: nothing may follow/, 12, undefined],
    ['{"a":["x]}', /not JSON: this double quote is never closed/, 6, undefined],
    ['{"a":["\\x"]}', /not JSON: this string/, 6, undefined],
    ['{"a":["\n"]}', /not JSON: this string/, 6, undefined],
    ["{'a':['x']}", /not JSON: expected a name/, 1, undefined],
    ['{"a":[01]}', /not JSON: expected ","/, 7, undefined],
    ['{"a":[1e400]}', /too large/, 6, undefined],
    ['{"a":[NaN]}', /not JSON: expected a value/, 6, undefined],
    [null, /no form for|JSON object/, 0, undefined],
    [undefined, /no form for undefined/, 0, undefined],
    [() => 1, /no form for function/, 0, undefined],
    [["x"], /JSON object/, 0, undefined],
    [{ a: [undefined] }, /no form for undefined/, 0, undefined],
    [{ a: undefined, b: ["x"] }, /no form for undefined/, 0, undefined],
    [{ a: [Number.NaN] }, /no form for NaN/, 0, undefined],
    [{ a: [Symbol("x")] }, /no form for symbol/, 0, undefined],
    [{ a: [1n] }, /no form for a cycle/, 0, undefined],
  ])("%p", (pattern, message, offset, path) => {
    const parse = () => parseEventPattern(pattern as object);
    expect(parse).toThrow(PatternSyntaxError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ offset, path }));
  });

  it("names the field and its place", () => {
    const text = '{"detail": {"state": [{"prefix": 1}]}}';
    expect(() => parseEventPattern(text)).toThrow("detail.state: prefix takes a text in double quotes");
    expect(() => parseEventPattern(text)).toThrow(
      expect.objectContaining({ offset: text.indexOf("1"), name: "PatternSyntaxError" }),
    );
  });

  it("is one with a cycle", () => {
    const pattern: Record<string, unknown> = {};
    pattern.a = pattern;
    expect(() => parseEventPattern(pattern)).toThrow(PatternSyntaxError);
  });
});

describe("limits", () => {
  it("takes 2,048 characters, not counting white space between tokens, and no more", () => {
    const ofLength = (length: number) => ({ a: ["x".repeat(length - 10)] });
    expect(JSON.stringify(ofLength(2048))).toHaveLength(2048);
    expect(() => parseEventPattern(JSON.stringify(ofLength(2048), null, 8))).not.toThrow();
    expect(() => parseEventPattern(ofLength(2049))).toThrow(/2048 .*2049/);
    expect(() => parseEventPattern({ a: [" ".repeat(2048)] })).toThrow(/2048/);
  });

  it("takes what is nested a hundred levels deep and no more", () => {
    const nested = (depth: number): object => (depth === 0 ? { a: ["x"] } : { a: nested(depth - 1) });
    const deep = (depth: number): object =>
      JSON.parse(`${'{"a":'.repeat(depth)}"x"${"}".repeat(depth)}`) as object;
    expect(matches(nested(98), deep(99))).toBe(true);
    expect(() => parseEventPattern(nested(100))).toThrow(/100 levels/);
    expect(() => parseEventPattern(`${'{"a":'.repeat(100_000)}`)).toThrow(/100 levels/);
    expect(() => parseEventPattern("[".repeat(1_000_000))).toThrow(/100 levels/);
    expect(() => parseEventPattern({ ["a.".repeat(100)]: ["x"] })).toThrow(/100 names/);
  });

  it("refuses an object nested too deep for the platform", () => {
    let pattern: object = { a: ["x"] };
    for (let depth = 0; depth < 20_000; depth++) pattern = { a: pattern };
    expect(() => parseEventPattern(pattern)).toThrow(PatternSyntaxError);
  });
});
