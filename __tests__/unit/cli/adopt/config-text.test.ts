import fc from "fast-check";
import { type Literal, NotEditable, withSetting } from "../../../../cli/adopt/config-text";

/** The configuration that a text is of. */
function evaluated(text: string): unknown {
  const expression = text
    .replace(/^\uFEFF/, "")
    .replace(/^[\s\S]*?export default/, "")
    .replace(/;\s*$/, "")
    .replace(/ satisfies \w+/, "");
  return new Function("defineConfig", `return (${expression}\n);`)((config: unknown) => config);
}

describe("withSetting", () => {
  it("adds a section behind the last setting, and leaves comments where they are", () => {
    const text = `export default defineConfig({
  environments: {
    main: {
      region: "eu-central-1", // home
      // More is possible.
    },
  },
});
`;

    expect(
      withSetting(text, ["main", "adopt"], { bucket: "acme", functions: ["enable_trail"] }),
    ).toBe(`export default defineConfig({
  environments: {
    main: {
      region: "eu-central-1", // home
      adopt: {
        bucket: "acme",
        functions: ["enable_trail"],
      },
      // More is possible.
    },
  },
});
`);
  });

  it("replaces a section that is there", () => {
    const text = `export default { environments: { main: { adopt: { bucket: "old" /* gone */ }, region: "r" } } };`;

    expect(withSetting(text, ["main", "adopt"], { bucket: "new" })).toBe(
      `export default { environments: { main: { adopt: {\n  bucket: "new",\n}, region: "r" } } };`,
    );
  });

  it.each([
    ["without a comma", `{ region: "r" }`, { region: "r", trail: { existingBucket: "b" } }],
    ["with a comma", `{ region: "r", }`, { region: "r", trail: { existingBucket: "b" } }],
    ["that is empty", "{}", { trail: { existingBucket: "b" } }],
    ["with an empty group", "{ trail: { } }", { trail: { existingBucket: "b" } }],
    ["with the group", `{ trail: { name: "t" } }`, { trail: { name: "t", existingBucket: "b" } }],
    ["with the setting", `{ trail: { existingBucket: "a" } }`, { trail: { existingBucket: "b" } }],
    ["with quoted names", `{ "trail": { "existingBucket": "a" } }`, { trail: { existingBucket: "b" } }],
    [
      "with a comment before the comma",
      `{ region: "r" /* , } */ , }`,
      { region: "r", trail: { existingBucket: "b" } },
    ],
  ])("sets one setting of a group in an environment %s", (_, environment, expected) => {
    const text = `export default defineConfig({ environments: { main: ${environment} } });`;

    const edited = withSetting(text, ["main", "trail", "existingBucket"], "b");

    expect(evaluated(edited)).toEqual({ environments: { main: expected } });
  });

  it.each([
    ["a variable", "const main = {}; export default { environments: { main } };"],
    ["a spread", "export default { environments: { main: { ...base } } };"],
    ["a spread of environments", "export default { environments: { ...all, main: {} } };"],
    ["a function", "export default { environments: { main: environment() } };"],
    ["another function than defineConfig", "export default make({ environments: { main: {} } });"],
    ["a computed name", "export default { environments: { main: { [adopt]: 1 } } };"],
    ["a method", "export default { environments: { main: { adopt() {} } } };"],
    ["a shorthand section", "export default { environments: { main: { adopt } } };"],
    ["a name twice", "export default { environments: { main: {}, main: {} } };"],
    ["another environment only", "export default { environments: { other: {} } };"],
    ["no export", "const a = { environments: { main: {} } };"],
    ["no TypeScript", "export default {"],
  ])("refuses a configuration with %s", (_, text) => {
    expect(() => withSetting(text, ["main", "adopt"], { bucket: "b" })).toThrow(NotEditable);
  });

  it("keeps every other byte, however the file is written", () => {
    const blank = fc.constantFrom("", " ", "\n", "\r\n", "\t", " /* ü } , */ ", " // é 🙂 {\n", "\n\n  ");
    const settings = fc.uniqueArray(fc.constantFrom("region", '"tags"', "guard", "ec2States"), {
      minLength: 0,
    });
    const value = fc.constantFrom(
      '"a, } é"',
      "{ a: 1, }",
      "[1,\n 2]",
      "`x`",
      "(1)",
      "/* c */ { b: () => ({}) }",
    );
    fc.assert(
      fc.property(
        fc.constantFrom("", "\uFEFF", "// begins\n", "import x from './x';\n"),
        settings,
        fc.array(value, { minLength: 4, maxLength: 4 }),
        fc.array(blank, { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (head, names, values, blanks, closes) => {
          const inner = names.map(
            (name, index) =>
              `${blanks[index]}${name}${blanks[index + 4]}:${blanks[index + 1]}${values[index]}`,
          );
          const comma = closes && names.length > 0 ? `${blanks[8]},` : "";
          const text = `${head}export default${blanks[9]} {environments:${blanks[10]} {main: {${inner.join(`${blanks[8]},`)}${comma}${blanks[11]}}}};`;

          const edited = withSetting(text, ["main", "adopt"], { bucket: "b" });

          const before = evaluated(text) as { environments: { main: object } };
          const after = evaluated(edited);
          expect(JSON.stringify(after)).toBe(
            JSON.stringify({
              environments: { main: { ...before.environments.main, adopt: { bucket: "b" } } },
            }),
          );
          // What was added is two pieces at most: a comma, and the section.
          const added = /(,?)([^,]*?)(\s*adopt: \{\s*bucket: "b",\s*\},?)/;
          const lengthOfAdded = Buffer.byteLength(edited) - Buffer.byteLength(text);
          expect(lengthOfAdded).toBeLessThan(80);
          expect(edited).toMatch(added);
          expect(isSubsequence(text, edited)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("writes any value so that it reads the same", () => {
    const literal: fc.Arbitrary<Literal> = fc.letrec<{ value: Literal }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.string({ unit: "grapheme" }),
        fc.nat(),
        fc.array(fc.string(), { maxLength: 8 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(literal, (value) => {
        const text = `export default { environments: { main: { region: "r" } } };`;
        const plain: unknown = JSON.parse(JSON.stringify(value));

        expect(evaluated(withSetting(text, ["main", "adopt"], value))).toEqual({
          environments: { main: { region: "r", adopt: plain } },
        });
      }),
    );
  });
});

function isSubsequence(text: string, of: string): boolean {
  let position = 0;
  for (const character of text) {
    position = of.indexOf(character, position) + 1;
    if (position === 0) {
      return false;
    }
  }
  return true;
}
