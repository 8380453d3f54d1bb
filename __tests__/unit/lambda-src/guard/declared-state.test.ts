import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import {
  declaredStateText,
  digestOf,
  PARAMETER_CAPACITY,
  placeholder,
  readDeclaredState,
  UnreadableDeclaredState,
} from "../../../../lambda-src/guard/declared-state";
import { DECLARED, KEY_ARN, TRAIL_SETTINGS, textOf } from "./support/deployment";

function problemOf(text: string): string {
  try {
    readDeclaredState(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDeclaredState);
    return (error as Error).message;
  }
  return "none";
}

describe("readDeclaredState", () => {
  it("reads what was written", () => {
    expect(readDeclaredState(textOf(DECLARED))).toEqual(DECLARED);
  });

  it("fills in what was known at apply only, wherever and however often it stands", () => {
    const text = textOf(DECLARED, [KEY_ARN, "trailwarden"]);

    expect(text).toContain(KEY_ARN);
    expect(readDeclaredState(text)).toEqual(DECLARED);
  });

  it("fills in any text as it is", () => {
    const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (values) => {
        const rules = values.map((_, index) => `a${placeholder(index)}b`);
        const text = declaredStateText(packed({ ...DECLARED, rules }), values);
        expect(readDeclaredState(text).rules).toEqual(values.map((value) => `a${value}b`));
      }),
    );
  });

  it("doesn't fill in what a value has of a placeholder's form", () => {
    const text = declaredStateText(packed({ ...DECLARED, rules: [placeholder(0)] }), [
      placeholder(1),
      "never",
    ]);

    expect(readDeclaredState(text).rules).toEqual([placeholder(1)]);
  });

  it.each([
    ["no text", "", "it is no JSON"],
    ["another version", '{"version":2,"values":[],"document":""}', "its version is missing or wrong"],
    ["no values", '{"version":1,"document":""}', "its values is missing or wrong"],
    ["a document that isn't compressed", declaredStateText("e30=", []), "its document can't be unpacked: "],
    ["a document that is no JSON", declaredStateText(deflated("{"), []), "it is no JSON"],
    ["a value too few", declaredStateText(deflated(`"${placeholder(3)}"`), ["a"]), "it has no value 3"],
    ["no trail", textOf({ ...DECLARED, trail: undefined }), "its trail is missing or wrong"],
    ["an empty name", textOf({ ...DECLARED, rules: [""] }), "its rules.0 is missing or wrong"],
    [
      "a retention of 0 days",
      textOf({ ...DECLARED, logGroup: { ...DECLARED.logGroup, retentionDays: 0 } }),
      "its logGroup.retentionDays is missing or wrong",
    ],
    [
      "another kind of selector",
      textOf({
        ...DECLARED,
        trail: {
          ...DECLARED.trail,
          settings: { ...TRAIL_SETTINGS, eventSelectors: [{ readWriteType: "None" }] },
        },
      }),
      "its trail.settings.eventSelectors.0.readWriteType is missing or wrong",
    ],
    ["a document of another form", declaredStateText(deflated("[]"), []), "its document is missing or wrong"],
  ])("says what is wrong with %s", (_, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it("doesn't unpack what is far more than Terraform writes", () => {
    const bomb = declaredStateText(deflated(" ".repeat(50_000_000)), []);

    expect(bomb.length).toBeLessThan(100_000);
    expect(problemOf(bomb)).toContain("its document can't be unpacked");
  });

  it("throws nothing else on a text that was changed anywhere", () => {
    const whole = textOf(DECLARED, [KEY_ARN]);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(8), fc.string({ maxLength: 6 }), (place, length, inserted) => {
        problemOf(whole.slice(0, place) + inserted + whole.slice(place + length));
      }),
      { numRuns: 300 },
    );
  });
});

describe("digestOf", () => {
  it("is the SHA-256 of the text in UTF-8, in hexadecimal", () => {
    const text = `${textOf(DECLARED)}é🚀`;

    expect(digestOf(text)).toBe(createHash("sha256").update(Buffer.from(text, "utf8")).digest("hex"));
  });
});

it("a deployment's declared state fits into a parameter", () => {
  expect(textOf(DECLARED).length).toBeLessThan(PARAMETER_CAPACITY);
});

function deflated(text: string): string {
  return deflateRawSync(text).toString("base64");
}

function packed(document: unknown): string {
  return deflated(JSON.stringify(document));
}
