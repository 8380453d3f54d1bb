import type { Attributes, ResourceChange } from "../../../../../cli/review/plan";
import { atMost, fromTo, listed, nameOf, nameOfArn, shown } from "../../../../../cli/review/rules/wording";
import { change, plan } from "../support";

function read(
  before: Attributes,
  after: Attributes,
  options: Parameters<typeof change>[3] = {},
): ResourceChange {
  const [one] = plan([change("aws_sns_topic.t", before, after, options)]).changes;
  if (one === undefined) {
    throw new Error("no change");
  }
  return one;
}

describe("a value in a message", () => {
  it.each<[unknown, string]>([
    ["a", "a"],
    [1, "1"],
    [null, "nothing"],
    ["", "nothing"],
    [{ a: 1 }, '{"a":1}'],
    ["a\u001b[31m\nb", "a\\u001b[31m\\u000ab"],
    ["x".repeat(500), `${"x".repeat(99)}…`],
  ])("%j is %s", (value, text) => {
    expect(shown(read({}, { name: value }), "after", "name")).toBe(text);
  });

  it("isn't there where it is sensitive or not known", () => {
    expect(shown(read({}, { name: "s" }, { sensitive: { name: true } }), "after", "name")).toBe(
      "a sensitive value",
    );
    expect(shown(read({}, { name: "s" }, { unknown: { name: true } }), "after", "name")).toBe(
      "what is known after apply only",
    );
    expect(fromTo(read({ name: "a" }, { name: "b" }, { sensitive: { name: true } }), "name")).toBe(
      "to another, sensitive value",
    );
    expect(nameOf(read({ name: "a" }, { name: "b" }, { sensitive: { name: true } }), "name")).toBe(
      "with a sensitive name",
    );
  });

  it("is told of both sides, and a name of the side before", () => {
    expect(fromTo(read({ name: "a" }, { name: "b" }), "name")).toBe("from a to b");
    expect(nameOf(read({ name: "a" }, { name: "b" }), "name")).toBe('"a"');
  });

  it("is the end of an ARN", () => {
    expect(nameOfArn("arn:aws:sns:eu-central-1:111122223333:alerts")).toBe("alerts");
    expect(nameOfArn("arn:aws:iam::111122223333:role/x/app")).toBe("app");
  });
});

describe("a list in a message", () => {
  it.each<[string[], string]>([
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d", "e", "f"], "a, b, c, d and 2 more"],
  ])("%j is %s", (names, text) => {
    expect(listed(names)).toBe(text);
  });

  it("is cut", () => {
    expect(atMost(["a", "b", "c"], 3)).toEqual(["a", "b", "c"]);
    expect(atMost(["a", "b", "c"], 2)).toEqual(["a", "b", "and 1 more"]);
  });
});
