import { parseEventPattern, parseFilterPattern } from "../../../patterns";

const depth = 100_000;

function nest(levels: number, wrap: (inner: unknown) => unknown, core: unknown): unknown {
  let value = core;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

const nestedArrays = nest(depth, (inner) => [inner], "x");
const nestedObjects = nest(depth, (inner) => ({ a: inner }), "x");
const nestedPairs = nest(20_000, (inner) => [inner, { b: "y" }], { a: "x", b: "z" });
const manyElements = Array.from({ length: depth }, (_, index) => ({
  a: "x",
  b: index === depth - 1 ? "y" : "z",
}));

const filters = [
  ...[
    "{ $.a = x }",
    "{ $.a[0] != x }",
    "{ $.a[*][0] = x }",
    "{ $.*.a = x }",
    "{ $.* NOT EXISTS }",
    "{ $.a IS NULL }",
  ],
  ...["x", "-x", "%x%", "[a, b = x, ...]"],
].map(parseFilterPattern);
const patterns = [
  { a: ["x"] },
  { a: { b: ["x"] } },
  { a: { a: ["x"], b: [{ exists: false }] } },
  { a: { a: ["x"], b: ["y"] } },
  { "a.a.a": [{ exists: false }] },
  { $or: [{ a: [{ "anything-but": "x" }] }, { b: ["x"] }] },
].map(parseEventPattern);

describe("a record made to do harm", () => {
  it.each<[string, unknown]>([
    ["arrays nested deep", { a: nestedArrays }],
    ["objects nested deep", nestedObjects],
    ["pairs nested deep", { a: nestedPairs }],
    ["a long array", { a: manyElements }],
    ["nested arrays only", nestedArrays],
    ["values JSON has no form for", { a: [undefined, () => 1, Symbol("x"), 1n, Number.NaN], b: undefined }],
    ["an object without prototype", Object.assign(Object.create(null) as object, { a: "x" })],
    ["a boxed value", { a: new Date(0) }],
  ])("with %s gets a verdict from every pattern", (_, record) => {
    for (const pattern of [...filters, ...patterns]) expect(typeof pattern.matches(record)).toBe("boolean");
  });

  it.each([
    ["arrays", `{"a":${"[".repeat(depth)}"x"${"]".repeat(depth)}}`],
    ["objects", `${'{"a":'.repeat(depth)}"x"${"}".repeat(depth)}`],
    ["opening brackets", "[ ".repeat(depth)],
    ["brackets that are closed late", `${"[ ".repeat(depth)}]x`],
    ["quotes", '" '.repeat(depth)],
    ["one character", "x".repeat(depth)],
  ])("as raw text of %s gets a verdict from every filter", (_, message) => {
    for (const pattern of filters) expect(typeof pattern.matches(message)).toBe("boolean");
  });

  it("is searched to the end where its nesting is deep", () => {
    expect(parseEventPattern({ a: ["x"] }).matches({ a: nestedArrays })).toBe(true);
    expect(parseEventPattern({ a: ["y"] }).matches({ a: nestedArrays })).toBe(false);
    const inOneElement = parseEventPattern({ a: { a: ["x"], b: ["y"] } });
    expect(inOneElement.matches({ a: nestedPairs })).toBe(false);
    expect(inOneElement.matches({ a: [nestedPairs, { a: "x", b: "y" }] })).toBe(true);
    expect(inOneElement.matches({ a: manyElements })).toBe(true);
    expect(inOneElement.matches({ a: manyElements.slice(0, -1) })).toBe(false);
    expect(parseEventPattern({ a: { a: ["x"], b: [{ exists: false }] } }).matches({ a: manyElements })).toBe(
      false,
    );
  });

  it("counts as a match where to search it whole would take ages", () => {
    const names = Array.from({ length: 10 }, (_, index) => `f${index}`);
    const fields = (count: number) => Object.fromEntries(names.slice(0, count).map((name) => [name, ["x"]]));
    const pattern = (count: number) => parseEventPattern({ a: { b: { c: { ...fields(count), z: ["x"] } } } });
    // Four arrays that dotted keys lay upon each other: a match may go through any element of each.
    const elements = (count: number) =>
      Array(count).fill(Object.fromEntries(names.map((name) => [name, "x"])));
    const event = (count: number) => ({
      "a.b.c": elements(count),
      "a.b": { c: elements(count) },
      a: { "b.c": elements(count), b: { c: elements(count) } },
    });
    expect(pattern(3).matches(event(3))).toBe(false);
    expect(pattern(10).matches(event(20))).toBe(true);
  });
});
