import { parseEventPattern } from "../../../../patterns";

const wildcards = (...sources: string[]) => ({ field: sources.map((wildcard) => ({ wildcard })) });
const tooComplex = /too complex/;

describe("the complexity of wildcards", () => {
  it.each([
    [wildcards("*")],
    [wildcards("/Users/*/dir/dir/dir/dir/dir/doc.txt")],
    [wildcards("*.bif", "*.tiff", "*.tif", "*.svs")],
    [wildcards("*/data/*.bif", "*/data/*.tif")],
    [wildcards("*:stack/One/*", "*:stack/Two/*", "*:stack/Three/*")],
    [wildcards("arn:aws:*:*:*:stack/*")],
    [wildcards("*a*a*a*a*")],
    [wildcards("*a*a*a*a*", "*a*a*a*a*")],
    [wildcards("\\*:\\*:\\*:\\*:\\*:\\*:\\*:\\*:*")],
    [wildcards(...Array.from({ length: 10 }, (_, index) => `${index}-*-x`))],
    [{ one: [{ wildcard: "*a*a*a*a*" }], two: [{ wildcard: "*a*a*a*a*" }] }],
    [
      {
        a: ["x"],
        $or: [
          { a: { b: ["x"] }, f: [{ wildcard: "*a*a*a*a*" }] },
          { c: ["y"], f: [{ wildcard: "*b*a*a*a*" }] },
        ],
      },
    ],
  ])("is low enough in %j", (pattern) => {
    expect(() => parseEventPattern(pattern)).not.toThrow(tooComplex);
  });

  it.each([
    [wildcards("*:*:*:*:*:event-bus/*")],
    [wildcards("*a*a*a*a*a*")],
    [wildcards("*aaaaaaaaaa")],
    [wildcards("*/data/*.bif", "*/data/*.tif", "*/data/*.tiff", "*/data/*.svs")],
    [wildcards("*:stack/One/*", "*:stack/Two/*", "*:stack/Three/*", "*:stack/Four/*")],
    [wildcards("é*éé*éé*éé*éé*é")],
    // All begin with the quote that aws/event-ruler keeps before a text.
    [wildcards(...Array.from({ length: 11 }, (_, index) => `${index}-*-x`))],
    [{ field: [{ "anything-but": { wildcard: "*a*a*a*a*a*" } }] }],
    [{ field: [{ "anything-but": { wildcard: ["*a*a*a*", "*a*a*b*"] } }] }],
    [{ $or: [{ field: [{ wildcard: "*a*a*a*a*" }] }, { field: [{ wildcard: "*a*a*a*b*" }] }] }],
    [{ a: ["x"], $or: [{ field: [{ wildcard: "*a*a*a*a*" }] }, { field: [{ wildcard: "*a*a*a*b*" }] }] }],
  ])("is too high in %j", (pattern) => {
    expect(() => parseEventPattern(pattern)).toThrow(tooComplex);
    expect(() => parseEventPattern(pattern)).toThrow(expect.objectContaining({ path: "field" }));
  });

  it("is found out in time, however the wildcards are chosen", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz".split("");
    const hostile = letters
      .slice(0, 5)
      .map((letter) => `*${letter}${letters.join("")}*${letters.join(letter)}`);
    const isTooComplex = (sources: string[]) => {
      try {
        parseEventPattern(wildcards(...sources));
        return false;
      } catch {
        return true;
      }
    };
    expect([
      isTooComplex(hostile),
      isTooComplex([`*${"ab".repeat(900)}`]),
      isTooComplex([`a${"b*".repeat(900)}`]),
    ]).toEqual([true, true, true]);
  });
});
