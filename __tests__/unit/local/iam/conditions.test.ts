import { type Context, parseCondition } from "../../../../local/iam/conditions";

/** Not a template's placeholder, but a policy's. */
const VARIABLE = "$" + "{aws:username}";
const RULE = "arn:aws:events:eu-west-1:111122223333:rule/stop";

function holds(condition: unknown, context: Context): boolean {
  return parseCondition(condition, "policy p")(context);
}

describe("parseCondition", () => {
  it.each<[string, string | string[], string, boolean]>([
    ["StringEquals", "a", "a", true],
    ["StringEquals", "a", "A", false],
    ["StringEquals", "a*", "ab", false],
    ["StringEquals", ["a", "b"], "b", true],
    ["StringNotEquals", "a", "b", true],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringLike", "a*?", "ab", true],
    ["StringLike", "a*?", "a", false],
    ["StringLike", "a*", "AB", false],
    ["StringNotLike", "a*", "ab", false],
    ["StringNotLike", "a*", "b", true],
    ["ArnEquals", RULE, RULE, true],
    ["ArnEquals", "arn:aws:events:*:111122223333:rule/*", RULE, true],
    ["ArnLike", "arn:aws:events:*:111122223333:rule/*", RULE, true],
    ["ArnLike", "arn:aws:events:*:444455556666:rule/*", RULE, false],
    ["ArnLike", "arn:aws:*:rule/stop:::", RULE, false],
    ["ArnLike", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:r:1:log-group:a:b", true],
    ["ArnLike", "arn:*:*:*:*:*", "rule", false],
    ["ArnNotEquals", RULE, RULE, false],
    ["ArnNotLike", "arn:aws:sns:*:*:*", RULE, true],
    ["Bool", "true", "TRUE", true],
    ["Bool", "false", "true", false],
    ["Null", "true", "a", false],
    ["Null", "false", "a", true],
  ])("%s of %j where the request has %j: %p", (operator, expected, actual, verdict) => {
    expect(holds({ [operator]: { "aws:Key": expected } }, { "AWS:key": actual })).toBe(verdict);
  });

  it.each([
    ["StringEquals", "a", false],
    ["StringLike", "*", false],
    ["ArnLike", "arn:*:*:*:*:*", false],
    ["Bool", "false", false],
    ["StringNotEquals", "a", true],
    ["StringNotLike", "*", true],
    ["ArnNotEquals", RULE, true],
    ["ArnNotLike", "arn:*:*:*:*:*", true],
    ["Null", "true", true],
    ["Null", "false", false],
  ])("%s of %j where the request has no such key: %p", (operator, expected, verdict) => {
    const condition = { [operator]: { "aws:Key": expected } };
    expect(holds(condition, { "aws:Other": "a" })).toBe(verdict);
    expect(holds(condition, { "aws:Key": [] })).toBe(verdict);
  });

  it("takes any of a request's values for the one", () => {
    expect(holds({ StringEquals: { k: "b" } }, { k: ["a", "b"] })).toBe(true);
    expect(holds({ StringNotEquals: { k: "b" } }, { k: ["a", "b"] })).toBe(false);
  });

  it("needs every operator and every key", () => {
    const condition = { StringEquals: { a: "1", b: "2" }, Bool: { c: true } };
    expect(holds(condition, { a: "1", b: "2", c: "true" })).toBe(true);
    for (const wrong of [{ a: "2" }, { b: "1" }, { c: "false" }]) {
      expect(holds(condition, { a: "1", b: "2", c: "true", ...wrong })).toBe(false);
    }
  });

  it.each<[unknown, string]>([
    [{ StringEqualsIfExists: { k: "a" } }, "the condition operator StringEqualsIfExists isn't known here"],
    [
      { "ForAnyValue:StringEquals": { k: "a" } },
      "the condition operator ForAnyValue:StringEquals isn't known",
    ],
    [{ IpAddress: { k: "10.0.0.0/8" } }, "the condition operator IpAddress isn't known here"],
    [{ toString: { k: "a" } }, "the condition operator toString isn't known here"],
    [{ StringEquals: { k: VARIABLE } }, `StringEquals of k holds a policy variable, ${VARIABLE}`],
    [{ StringEquals: { k: [] } }, "StringEquals of k is an empty list"],
    [{ StringEquals: { k: [7] } }, "StringEquals of k holds 7, which is no text"],
    [{ StringEquals: "a" }, "StringEquals is no JSON object"],
    [{ Bool: { k: "yes" } }, 'Bool of k takes no "yes"'],
    [{ Null: { k: "yes" } }, 'Null of k takes no "yes"'],
    [{ ArnLike: { k: "*" } }, 'ArnLike of k takes no "*"'],
    [[], "Condition is no JSON object"],
  ])("refuses %j", (condition, complaint) => {
    expect(() => parseCondition(condition, "policy p")).toThrow(`policy p: ${complaint}`);
  });
});
