import { parseEventPattern } from "../../../../patterns";

const exists = [{ exists: true }];
const missing = [{ exists: false }];

const songs = {
  Year: 1966,
  Genres: [{ Pop: true }, { Classical: false }],
  Songs: [
    {
      Name: "Paperback Writer",
      Writers: [
        { First: "John", Last: "Lennon" },
        { First: "Paul", Last: "McCartney" },
      ],
    },
    {
      Name: "Paint It Black",
      Writers: [
        { First: "Mick", Last: "Jagger" },
        { First: "Keith", Last: "Richards" },
      ],
    },
  ],
};

describe("fields in the objects of an array", () => {
  it.each<[string, object, object, boolean]>([
    ["in one element", { d: { a: ["x"], b: ["y"] } }, { d: [{ a: "x", b: "y" }] }, true],
    ["in two elements", { d: { a: ["x"], b: ["y"] } }, { d: [{ a: "x" }, { b: "y" }] }, false],
    [
      "in the last element",
      { d: { a: ["x"], b: ["y"] } },
      { d: [{ a: "x" }, { b: "y" }, { a: "x", b: "y" }] },
      true,
    ],
    [
      "three of them apart",
      { d: { a: exists, b: exists, c: exists } },
      { d: [{ a: 1, b: 1 }, { c: 1 }] },
      false,
    ],
    ["one of them", { d: { a: ["x"] } }, { d: [{ a: "y" }, { a: "x" }] }, true],
    ["beside one outside", { d: { a: ["x"] }, v: ["1"] }, { d: [{ a: "x" }], v: "1" }, true],
    [
      "in two arrays",
      { d: { a: ["x"] }, e: { a: ["y"] } },
      { d: [{}, { a: "x" }], e: [{ a: "y" }, {}] },
      true,
    ],
    ["inner apart", { u: { t: { k: ["x"], v: ["y"] } } }, { u: [{ t: [{ k: "x" }, { v: "y" }] }] }, false],
    ["outer apart", { d: { n: exists, i: { x: ["1"] } } }, { d: [{ n: "a" }, { i: { x: "1" } }] }, false],
    [
      "arrays of arrays",
      { d: { a: ["x"], b: ["y"] } },
      { d: [[{ a: "x" }, { b: "y" }], [{ a: "x", b: "y" }]] },
      true,
    ],
    ["arrays of arrays apart", { d: { a: ["x"], b: ["y"] } }, { d: [[{ a: "x" }], [{ b: "y" }]] }, false],
    ["an empty array", { d: { a: exists } }, { d: [] }, false],
    ["values of one array", { t: ["x"], u: ["y"] }, { t: ["y", "x"], u: ["x", "y"] }, true],
    ["a value beside an object", { "d.a": ["x"], d: ["v"] }, { d: ["v", { a: "x" }] }, true],
    [
      "a value beside the other object",
      { "d.a": ["x"], "d.b": ["y"], d: ["v"] },
      { d: ["v", { a: "x", b: "y" }] },
      true,
    ],
    ["a dotted key", { "d.a": ["x"], d: { b: ["y"] } }, { "d.a": "x", d: [{ b: "z" }, { b: "y" }] }, true],
    ["songs", { Year: [1966], Songs: { Name: ["Paint It Black"] } }, songs, true],
    [
      "a song of its writer",
      { Songs: { Name: ["Paperback Writer"], Writers: { First: ["Paul"], Last: ["McCartney"] } } },
      songs,
      true,
    ],
    [
      "a song of another's writer",
      { Songs: { Name: ["Paperback Writer"], Writers: { First: ["Mick"] } } },
      songs,
      false,
    ],
    [
      "a writer of two halves",
      { Songs: { Writers: { First: ["Mick"], Last: ["McCartney"] } } },
      songs,
      false,
    ],
    [
      "two arrays of one object",
      { Genres: { Pop: [true] }, Songs: { Name: ["Paint It Black"] } },
      songs,
      true,
    ],
  ])("%s", (_, pattern, event, expected) => {
    expect(parseEventPattern(pattern).matches(event)).toBe(expected);
  });

  it.each<[string, object, object, boolean]>([
    ["nowhere", { d: { a: exists, b: missing } }, { d: [{ a: 1 }] }, true],
    ["in the same element", { d: { a: exists, b: missing } }, { d: [{ a: 1, b: 2 }] }, false],
    ["in another element", { d: { a: exists, b: missing } }, { d: [{ a: 1 }, { b: 2 }] }, true],
    [
      "in some element, before any is chosen",
      { d: { a: missing, b: exists } },
      { d: [{ a: 1 }, { b: 2 }] },
      false,
    ],
    [
      "in some element, whatever the order of writing",
      { d: { b: exists, a: missing } },
      { d: [{ a: 1 }, { b: 2 }] },
      false,
    ],
    ["from an array without objects", { d: { a: missing } }, { d: [1, 2] }, true],
  ])("a field that is missing %s", (_, pattern, event, expected) => {
    expect(parseEventPattern(pattern).matches(event)).toBe(expected);
  });

  it("tells arrays apart that are one object in memory", () => {
    const tags = [{ k: "x" }, { k: "y" }];
    const pattern = parseEventPattern({ a: { k: ["x"] }, b: { k: ["y"] } });
    expect(pattern.matches({ a: tags, b: tags })).toBe(true);
    expect(parseEventPattern({ a: { k: ["x"], l: ["y"] } }).matches({ a: [tags, tags] })).toBe(false);
  });
});
