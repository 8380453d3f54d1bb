import { parseFilterPattern } from "../../../../patterns";

const record = {
  eventName: "PutBucketPolicy",
  errorCode: null,
  empty: "",
  count: 404,
  latency: -1.5,
  digits: "404",
  yes: true,
  no: false,
  address: "10.1.2.3",
  quote: 'say "x" \\ y',
  "dotted.key": "d",
  "a-b_c1": "plain",
  user: { type: "Root", "dotted.key": { x: "deep" } },
  list: ["a", "b", null, 7],
  matrix: [
    [0, 1],
    [2, 3],
  ],
  users: [{ id: 1, email: "a@x" }, { id: 2 }, "neither"],
  nothing: {},
};

function matches(condition: string, value: unknown = record): boolean {
  return parseFilterPattern(`{ ${condition} }`).matches(value);
}

describe("a condition on text", () => {
  it.each<[string, boolean]>([
    ['$.eventName = "PutBucketPolicy"', true],
    ["$.eventName = PutBucketPolicy", true],
    ["$.eventName=PutBucketPolicy", true],
    ["\n$.eventName\t=\nPutBucketPolicy\n", true],
    ["$.eventName = putbucketpolicy", false],
    ["$.eventName = PutBucket", false],
    ["$.eventName != PutBucketPolicy", false],
    ["$.eventName != DeleteBucket", true],
    ["$.eventName = PutBucket*", true],
    ["$.eventName = *Policy", true],
    ["$.eventName = *Bucket*", true],
    ["$.eventName = Put*Policy", true],
    ['$.eventName = "Put*Policy"', true],
    ["$.eventName = Put*Acl", false],
    ["$.eventName != *Policy", false],
    ['$.eventName = "*"', true],
    ["$.eventName = **", true],
    ['$.empty = ""', true],
    ['$.empty = "*"', true],
    ['$.eventName = ""', false],
    ["$.address = 10.1.2.3", true],
    ["$.address = 10.1.*", true],
    ["$.address != 10.2.*", true],
    ['$.quote = "say \\"x\\" \\\\ y"', true],
    ['$.count = "404"', false],
    ['$.count = "*"', false],
    ['$.count != "404"', true],
    ['$.yes = "true"', false],
    ['$.errorCode = "*"', false],
    ['$.errorCode != "x"', true],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("a condition on a number", () => {
  it.each<[string, boolean]>([
    ["$.count = 404", true],
    ["$.count = +404", true],
    ["$.count = 404.0", true],
    ["$.count = 4.04e2", true],
    ["$.count = 4.04E+2", true],
    ["$.count = 40400e-2", true],
    ["$.count = 405", false],
    ["$.count != 405", true],
    ["$.count != 404", false],
    ["$.count = *", true],
    ["$.count != *", false],
    ["$.eventName = *", false],
    ["$.errorCode = *", false],
    ["$.count > 403", true],
    ["$.count > 404", false],
    ["$.count >= 404", true],
    ["$.count < 405", true],
    ["$.count <= 403", false],
    ["$.latency < 0", true],
    ["$.latency = -1.5", true],
    ["$.latency > -1.6", true],
    ["$.digits = 404", false],
    ["$.digits != 404", true],
    ["$.digits > 1", false],
    ["$.errorCode < 1", false],
    ["$.yes >= 0", false],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("a regular expression", () => {
  it.each<[string, boolean]>([
    ["$.eventName = %Bucket%", true],
    ["$.eventName = %^Bucket%", false],
    ["$.eventName != %^Bucket%", true],
    ["$.eventName != %Bucket%", false],
    ["$.address = %^10\\.[0-9]{1,3}\\.%", true],
    ["$.count = %404%", false],
    ["$.errorCode != %x%", true],
    ["$.missing != %x%", false],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("IS and NOT EXISTS", () => {
  it.each<[string, boolean]>([
    ["$.errorCode IS NULL", true],
    ["$.missing IS NULL", false],
    ["$.empty IS NULL", false],
    ["$.yes IS TRUE", true],
    ["$.no IS TRUE", false],
    ["$.no IS FALSE", true],
    ["$.errorCode IS FALSE", false],
    ["$.user IS NULL", false],
    ["$.missing NOT EXISTS", true],
    ["$.missing.more NOT EXISTS", true],
    ["$.eventName.more NOT EXISTS", true],
    ["$.errorCode.more NOT EXISTS", true],
    ["$.errorCode NOT EXISTS", false],
    ["$.empty NOT EXISTS", false],
    ["$.nothing NOT EXISTS", false],
    ["$.list[9] NOT EXISTS", true],
    ["$.list[0] NOT EXISTS", false],
    ["$.user[0] NOT EXISTS", true],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("a field that is missing, or holds no value of its own", () => {
  it.each([
    ...[
      "$.missing = x",
      "$.missing != x",
      "$.missing = 1",
      "$.missing != 1",
      "$.missing > 1",
      "$.missing != *",
    ],
    ...["$.user.missing != x", "$.eventName.length != 1", "$.list.length > 0"],
    ...[
      "$.user = x",
      "$.user != x",
      "$.list = a",
      "$.list != a",
      "$.nothing != x",
      "$.list != 1",
      "$.user != *",
    ],
    ...["$.user[0] = x", "$.user[0] != x", "$.eventName[0] = P", "$.eventName[0] != x", "$.list[9] != x"],
    ...["$.constructor != x", "$.toString NOT EXISTS && $.__proto__ != x", "$.hasOwnProperty IS NULL"],
  ])("%s is false", (condition) => expect(matches(condition)).toBe(false));

  it("counts own properties only, whatever their names", () => {
    expect(matches("$.constructor NOT EXISTS")).toBe(true);
    expect(matches("$.__proto__ NOT EXISTS")).toBe(true);
    expect(matches('$.__proto__.x = "y"', JSON.parse('{"__proto__":{"x":"y"}}'))).toBe(true);
    expect(matches("$.constructor = y", { constructor: "y" })).toBe(true);
  });
});

describe("a selector", () => {
  it.each<[string, boolean]>([
    ["$.user.type = Root", true],
    ["$.a-b_c1 = plain", true],
    ["$.['dotted.key'] = d", true],
    ["$.dotted.key = d", false],
    ["$.user.['dotted.key'].x = deep", true],
    ["$.['eventName'] = Put*", true],
    ["$.list[0] = a", true],
    ["$.list[1] = a", false],
    ["$.list[3] = 7", true],
    ["$.matrix[1][0] = 2", true],
    ['$.users[0].email = "a@x"', true],
    ["$.users[1].email != x", false],
    ["$.list[*] = b", true],
    ["$.list[*] = c", false],
    ["$.list[*] != a", true],
    ["$.list[*] IS NULL", true],
    ["$.list[*] = 7", true],
    ["$.users[*].id = 2", true],
    ["$.users[*].id = 3", false],
    ["$.matrix[*][1] = 3", true],
    ["$.matrix[*] = 3", false],
    ["$.user[*] = Root", false],
    ["$.* = PutBucketPolicy", true],
    ["$.* = Root", false],
    ["$.user.* = Root", true],
    ["$.list.* = a", false],
    ["$.*.type = Root", true],
    ["$.*[0] = a", true],
    ["$.nothing.* NOT EXISTS", true],
    ["$.user.* NOT EXISTS", false],
    ["$.missing[*] NOT EXISTS", true],
    ["$.* IS TRUE && $.* IS NULL && $.list[*] = a", true],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("conditions together", () => {
  it.each<[string, boolean]>([
    ["$.yes IS TRUE && $.no IS FALSE", true],
    ["$.yes IS TRUE && $.no IS TRUE", false],
    ["$.yes IS FALSE || $.no IS FALSE", true],
    ["$.yes IS TRUE || $.yes IS TRUE && $.no IS TRUE", true],
    ["($.yes IS TRUE || $.yes IS TRUE) && $.no IS TRUE", false],
    ["$.no IS TRUE && $.yes IS TRUE || $.yes IS TRUE", true],
    ["((($.yes IS TRUE)))&&(($.no IS FALSE))", true],
    ["$.user = x || $.yes IS TRUE", true],
    ["($.user.type NOT EXISTS) || ($.user.type != Root)", false],
    ["($.missing NOT EXISTS) || ($.missing != Root)", true],
  ])("%s: %p", (condition, expected) => expect(matches(condition)).toBe(expected));
});

describe("what is matched", () => {
  const pattern = parseFilterPattern("{ $.a NOT EXISTS }");

  it.each<[unknown, boolean]>([
    ["{}", true],
    ['  {"b":1}\n', true],
    ['{"a":1}', false],
    ["[]", true],
    ["not JSON", false],
    ["{", false],
    ["", false],
    ["1", false],
    ['"text"', false],
    ["null", false],
    [{}, true],
    [[], true],
    [null, false],
    [undefined, false],
    [1, false],
    [true, false],
  ])("%j: %p", (value, expected) => expect(pattern.matches(value)).toBe(expected));

  it("may be taken from the pattern and called alone", () => {
    expect([{}, { a: 1 }].map(pattern.matches)).toEqual([true, false]);
  });
});
