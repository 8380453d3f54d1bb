import fc from "fast-check";
import {
  arnContains,
  type Contains,
  resourceContains,
  textContains,
} from "../../../../cli/iam-policy/containment";
import { Work } from "../../../../cli/iam-policy/work";
import { matchesWildcard } from "../../../../local/iam/wildcard";

function contains(by: Contains, outer: string, inner: string): boolean {
  return by(outer, inner, new Work());
}

/** All texts of two letters, up to a length. */
function textsUpTo(length: number): readonly string[] {
  const shorter = length === 0 ? [] : textsUpTo(length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return length === 0 ? [""] : [...shorter, ...longest.flatMap((text) => [`${text}a`, `${text}b`])];
}

describe("textContains", () => {
  it.each([
    ["s3:getobject", "s3:getobject", true],
    ["s3:*", "s3:getobject", true],
    ["s3:*", "s3:get*", true],
    ["*", "s3:*", true],
    ["s3:get*", "s3:*", false],
    ["s3:getobject", "s3:get*", false],
    ["s3:?etobject", "s3:getobject", true],
    ["s3:?etobject", "s3:?etobject", true],
    ["s3:getobject", "s3:?etobject", false],
    ["a?", "a*", false],
    ["a?*", "a*", false],
    ["a*", "a?*", true],
    ["a?*", "a*?", true],
    ["a*?", "a?*", true],
    ["*a*", "*ba*", true],
    ["*ba*", "*a*", false],
    ["a**", "a*", true],
    ["*\0?", "\0\0*", false],
    ["a*", "a\0", true],
  ])("%j has all of %j: %p", (outer, inner, expected) => {
    expect(contains(textContains, outer, inner)).toBe(expected);
  });

  it.each([
    ["home/*", `home/\${aws:username}`, true],
    ["home/*/x", `home/\${aws:username}/x`, true],
    ["home/?????????????????????", `home/\${aws:username}`, false],
    [`home/\${aws:username}/*`, `home/\${aws:username}/*`, true],
    [`home/\${aws:username}/*`, `home/\${aws:username}/x`, false],
    ["home/*", `\${aws:username}/home/`, false],
    ["a*}", `a\${b,'}'}`, false],
  ])("takes a variable for any text: %j has all of %j: %p", (outer, inner, expected) => {
    expect(contains(textContains, outer, inner)).toBe(expected);
  });

  it("is never wrong to say so", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });
    const texts = textsUpTo(7);
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        const ofInner = texts.filter((text) => matchesWildcard(inner, text));
        const hasAll = ofInner.every((text) => matchesWildcard(outer, text));
        if (contains(textContains, outer, inner)) {
          expect(hasAll).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is never wrong with NULs", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "\0", "*", "?"), maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom("a", "\0"), maxLength: 5 });
    fc.assert(
      fc.property(pattern, pattern, text, (outer, inner, one) => {
        if (contains(textContains, outer, inner) && matchesWildcard(inner, one)) {
          expect(matchesWildcard(outer, one)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("arnContains", () => {
  it.each([
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x", true],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y", true],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b", false],
    ["arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:t", true],
    ["arn:aws:sns:*:t", "arn:aws:sns:*:t", true],
    ["arn:aws:sns:*:t", "arn:aws:sns:eu-west-1:1:t", false],
    ["arn:*:*:*:*:*", "arn:aws:sns:eu-west-1:1:t", true],
    ["arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:x:1:t", false],
    ["arn:aws:sns:*:1:*", `arn:aws:sns:\${aws:RequestedRegion}:1:t`, true],
    ["arn:aws:sns:*:*:t", `arn:aws:sns:\${x}:1:\${y}:t`, false],
    ["*", "arn:aws:sns:eu-west-1:1:t", false],
    ["*", "*", true],
  ])("%j has all of %j: %p", (outer, inner, expected) => {
    expect(contains(arnContains, outer, inner)).toBe(expected);
  });
});

describe("resourceContains", () => {
  it("takes * for every resource", () => {
    expect(contains(resourceContains, "*", "arn:aws:sns:eu-west-1:1:t")).toBe(true);
    expect(contains(resourceContains, "*", `arn:aws:s3:::b/\${aws:username}`)).toBe(true);
    expect(contains(resourceContains, "arn:aws:s3:::*", "*")).toBe(false);
  });
});
