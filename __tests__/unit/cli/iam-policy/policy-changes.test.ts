import {
  allowsService,
  gainsOfPolicy,
  statementsNotCovered,
  UnreadablePolicy,
} from "../../../../cli/iam-policy/policy-changes";

const BUCKET = "arn:aws:s3:::b";
const OBJECTS = `${BUCKET}/*`;
const TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t";
const ROLE = "arn:aws:iam::111122223333:role/r";

const ALLOW = { Effect: "Allow", Principal: { AWS: ROLE }, Action: "s3:GetObject", Resource: OBJECTS };
const DENY = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [BUCKET, OBJECTS],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const DELIVERY = {
  Sid: "AWSCloudTrailWrite",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: `${BUCKET}/AWSLogs/111122223333/*`,
  Condition: { StringEquals: { "aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control" } },
};

function policy(...Statement: readonly object[]): object {
  return { Version: "2012-10-17", Statement };
}

/** Of policies with one statement each. */
function texts(before: object, after: object): readonly string[] {
  return gainsOfPolicy(policy(before), policy(after)).map(({ text }) => text);
}

/** Statements that differ in the condition. */
function textsOfConditions(before: object, after: object): readonly string[] {
  return texts({ ...ALLOW, Condition: before }, { ...ALLOW, Condition: after });
}

const FOR = `s3:GetObject on ${OBJECTS} to ${ROLE}`;

describe("gainsOfPolicy tells", () => {
  it("every allow of a policy where there was none", () => {
    expect(gainsOfPolicy(undefined, JSON.stringify(policy(ALLOW, DENY)))).toEqual([
      { kind: "allows", text: `allows ${FOR}` },
    ]);
    expect(gainsOfPolicy("", policy({ ...ALLOW, Principal: "*" }))).toEqual([
      { kind: "allows", text: `allows s3:GetObject on ${OBJECTS} to everyone (*)` },
    ]);
  });

  it("every deny of a policy that is gone", () => {
    expect(gainsOfPolicy(policy(ALLOW, DENY), undefined)).toEqual([
      {
        kind: "no longer denies",
        text: `no longer denies s3:* on ${BUCKET}, ${OBJECTS} to everyone (*) if Bool aws:SecureTransport false`,
      },
    ]);
  });

  it("what an allow gains, joined, and nothing that it had", () => {
    const Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    expect(texts(ALLOW, { ...ALLOW, Action })).toEqual([
      `allows s3:PutObject, s3:DeleteObject on ${OBJECTS} to ${ROLE}`,
    ]);
    expect(texts(ALLOW, { ...ALLOW, Resource: [OBJECTS, BUCKET] })).toEqual([
      `allows s3:GetObject on ${BUCKET} to ${ROLE}`,
    ]);
    expect(texts(ALLOW, { ...ALLOW, Principal: { AWS: [ROLE, "444455556666"] } })).toEqual([
      `allows s3:GetObject on ${OBJECTS} to account 444455556666`,
    ]);
    expect(texts(ALLOW, { ...ALLOW, Principal: { AWS: ROLE, Service: "s3.amazonaws.com" } })).toEqual([
      `allows s3:GetObject on ${OBJECTS} to Service s3.amazonaws.com`,
    ]);
  });

  it("actions of a role without a principal, and a trust policy's without a resource", () => {
    expect(gainsOfPolicy("", policy({ Effect: "Allow", Action: "sns:*", Resource: "*" }))).toEqual([
      { kind: "allows", text: "allows sns:* on *" },
    ]);
    const trust = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    expect(texts(trust, { ...trust, Principal: { AWS: "*" } })).toEqual([
      "allows sts:AssumeRole to everyone (*)",
    ]);
  });

  it("what a wildcard adds", () => {
    expect(texts(ALLOW, { ...ALLOW, Action: "s3:Get*" })).toEqual([
      `allows s3:Get* on ${OBJECTS} to ${ROLE}`,
    ]);
    expect(texts({ ...ALLOW, Action: "s3:Get*" }, ALLOW)).toEqual([]);
    expect(texts(ALLOW, { ...ALLOW, Resource: "*" })).toEqual([`allows s3:GetObject on * to ${ROLE}`]);
    expect(texts({ ...ALLOW, Resource: "*" }, ALLOW)).toEqual([]);
    expect(texts({ ...ALLOW, Principal: "*" }, ALLOW)).toEqual([]);
  });

  it("a role of an account that itself was allowed, for then the account's own policies decided", () => {
    const before = { ...ALLOW, Principal: { AWS: "111122223333" } };
    expect(texts(before, ALLOW)).toEqual([`allows ${FOR}`]);
  });

  it("a deny that is gone, narrower or has a further condition", () => {
    const gone = `no longer denies s3:* on ${BUCKET} to everyone (*) if Bool aws:SecureTransport false`;
    expect(texts(DENY, { ...DENY, Resource: OBJECTS })).toEqual([gone]);
    expect(texts(DENY, { ...DENY, Action: "s3:Get*" })).toHaveLength(1);
    expect(texts(DENY, { ...DENY, Effect: "Allow" })).toHaveLength(2);
    const Condition = { ...DENY.Condition, StringEquals: { "aws:SourceAccount": "111122223333" } };
    expect(texts(DENY, { ...DENY, Condition })).toHaveLength(1);
    expect(texts({ ...DENY, Condition }, DENY)).toEqual([]);
    expect(texts({ ...DENY, Resource: BUCKET }, { ...DENY, Resource: "*" })).toEqual([]);
  });

  it("a condition that is lost, by its own name", () => {
    const { Condition, ...open } = DELIVERY;
    const delivery = `s3:PutObject on ${BUCKET}/AWSLogs/111122223333/* to Service cloudtrail.amazonaws.com`;
    expect(gainsOfPolicy(policy(DELIVERY), policy(open))).toEqual([
      {
        kind: "loses a condition",
        text: `loses the condition StringEquals aws:SourceArn for ${delivery}`,
      },
      {
        kind: "loses a condition",
        text: `loses the condition StringEquals s3:x-amz-acl for ${delivery}`,
      },
    ]);
    expect(gainsOfPolicy(policy(open), policy(DELIVERY))).toEqual([]);
    expect(Condition).toBeDefined();
  });

  it("a condition that is wider, with what it lets through", () => {
    expect(textsOfConditions({ StringEquals: { k: "1" } }, { StringEquals: { k: ["1", "2", "3"] } })).toEqual(
      [`widens the condition StringEquals k by 2, 3 for ${FOR}`],
    );
    expect(
      textsOfConditions({ StringNotEquals: { k: ["1", "2"] } }, { StringNotEquals: { k: "1" } }),
    ).toEqual([`widens the condition StringNotEquals k by 2 for ${FOR}`]);
  });

  it("of several statements that stood for it, what the closest one asks more", () => {
    const before = policy(
      { ...ALLOW, Condition: { StringEquals: { a: "1", b: "1" } } },
      { ...ALLOW, Condition: { StringEquals: { c: "1" } } },
    );
    expect(gainsOfPolicy(before, policy(ALLOW))).toEqual([
      { kind: "loses a condition", text: `loses the condition StringEquals c for ${FOR}` },
    ]);
  });
});

describe("gainsOfPolicy finds the same", () => {
  it.each<[string, object, object]>([
    ["one and a list of one", ALLOW, { ...ALLOW, Action: ["s3:GetObject"], Principal: { AWS: [ROLE] } }],
    ["actions in another case", ALLOW, { ...ALLOW, Action: "S3:getobject" }],
    ["another Sid", ALLOW, { ...ALLOW, Sid: "Other" }],
    ["everyone in two ways", { ...ALLOW, Principal: "*" }, { ...ALLOW, Principal: { AWS: "*" } }],
    [
      "an account in two ways",
      { ...ALLOW, Principal: { AWS: "111122223333" } },
      { ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:root" } },
    ],
    [
      "an equal NotAction",
      { Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" },
      {
        Effect: "Allow",
        NotAction: ["STS:*", "iam:*"],
        Resource: "*",
      },
    ],
    [
      "a NotAction that leaves less",
      { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
      {
        Effect: "Allow",
        NotAction: ["iam:*", "sts:*"],
        Resource: "*",
      },
    ],
    [
      "a NotAction of all that was allowed",
      { Effect: "Allow", Action: "*", Resource: "*" },
      {
        Effect: "Allow",
        NotAction: "iam:*",
        Resource: "*",
      },
    ],
    [
      "an equal element that isn't known",
      { ...ALLOW, Foo: { a: 1, b: [2] } },
      { ...ALLOW, Foo: { b: [2], a: 1 } },
    ],
  ])("%s", (_, before, after) => {
    expect(texts(before, after)).toEqual([]);
  });

  it.each<[string, object, object]>([
    [
      "keys and operators in another case",
      { StringEquals: { "aws:SourceArn": "x" } },
      { stringequals: { "AWS:sourcearn": ["x"] } },
    ],
    ["values in another order", { StringEquals: { k: ["1", "2"] } }, { StringEquals: { k: ["2", "1"] } }],
    ["fewer values", { StringEquals: { k: ["1", "2"] } }, { StringEquals: { k: "2" } }],
    [
      "more values of a negated operator",
      { StringNotEquals: { k: "1" } },
      { StringNotEquals: { k: ["1", "2"] } },
    ],
    [
      "more values that no set may have",
      { "ForAnyValue:StringNotEquals": { k: "1" } },
      { "ForAnyValue:StringNotEquals": { k: ["1", "2"] } },
    ],
    ["true as JSON has it", { Bool: { k: "True" } }, { Bool: { k: true } }],
    ["numbers as JSON has them", { NumericLessThan: { k: "5" } }, { NumericLessThan: { k: 5 } }],
    ["ArnLike and ArnEquals", { ArnEquals: { k: "arn:aws:s3:::*" } }, { ArnLike: { k: "arn:aws:s3:::b" } }],
    ["a narrower wildcard", { StringLike: { k: "a*" } }, { StringLike: { k: ["ab*", "ac"] } }],
    ["a wider wildcard that is kept out", { StringNotLike: { k: "ab*" } }, { StringNotLike: { k: "a*" } }],
    ["a further condition", { StringEquals: { k: "1" } }, { StringEquals: { k: "1" }, Bool: { b: "true" } }],
  ])("conditions: %s", (_, before, after) => {
    expect(textsOfConditions(before, after)).toEqual([]);
  });

  it("triples that several statements had", () => {
    const before = policy(ALLOW, { ...ALLOW, Action: "s3:PutObject" });
    expect(gainsOfPolicy(before, policy({ ...ALLOW, Action: ["s3:GetObject", "s3:PutObject"] }))).toEqual([]);
  });

  it("a single statement and a list of one", () => {
    expect(gainsOfPolicy({ Statement: ALLOW }, policy(ALLOW))).toEqual([]);
  });
});

describe("gainsOfPolicy doesn't find the same", () => {
  it.each<[string, object, object]>([
    ["IfExists", { StringEquals: { k: "1" } }, { StringEqualsIfExists: { k: "1" } }],
    ["ForAllValues", { "ForAnyValue:StringEquals": { k: "1" } }, { "ForAllValues:StringEquals": { k: "1" } }],
    [
      "a wildcard of StringEquals, which is text",
      { StringEquals: { k: "a*" } },
      { StringEquals: { k: "ab" } },
    ],
    ["a wider wildcard", { StringLike: { k: "ab*" } }, { StringLike: { k: "a*" } }],
    ["a narrower wildcard that is kept out", { StringNotLike: { k: "a*" } }, { StringNotLike: { k: "ab*" } }],
    [
      "a list without values",
      { "ForAllValues:StringEquals": { k: "1" } },
      { "ForAllValues:StringEquals": { k: [] } },
    ],
    [
      "a wildcard that would span parts of an ARN",
      { ArnLike: { k: "arn:aws:sns:*:1:t" } },
      { ArnLike: { k: "arn:aws:sns:eu-west-1:1:x:1:t" } },
    ],
    ["another key", { StringEquals: { k: "1" } }, { StringEquals: { l: "1" } }],
  ])("conditions: %s", (_, before, after) => {
    expect(textsOfConditions(before, after)).toHaveLength(1);
  });

  it.each<[string, object, object]>([
    [
      "a NotAction that leaves more",
      { Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" },
      { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
    ],
    ["a NotResource", { ...ALLOW, Resource: undefined, NotResource: BUCKET }, ALLOW],
    ["an element that isn't known", { ...ALLOW, Foo: 1 }, ALLOW],
    [
      "whoever has the policy, and everyone",
      { ...ALLOW, Principal: "*" },
      { ...ALLOW, Principal: undefined },
    ],
  ])("%s", (_, before, after) => {
    const [was, is] = [before, after].map((statement) => policy(JSON.parse(JSON.stringify(statement))));
    expect(gainsOfPolicy(was, is)).toHaveLength(1);
  });

  it("a variable and its text, which it was before version 2012-10-17", () => {
    const Statement = { ...ALLOW, Resource: `${BUCKET}/\${aws:username}` };
    const old = { Version: "2008-10-17", Statement };
    expect(gainsOfPolicy(old, policy(Statement))).toHaveLength(1);
    expect(gainsOfPolicy(old, old)).toEqual([]);
    expect(gainsOfPolicy(policy(ALLOW), policy(Statement))).toEqual([]);
  });
});

describe("a gain's text", () => {
  it("is one line of at most 200 characters that keeps who gains what", () => {
    const Action = Array.from({ length: 100 }, (_, index) => `s3:Action${index}`);
    const [gain] = gainsOfPolicy("", policy({ ...ALLOW, Action, Principal: "*" }));
    expect(gain?.text).toBe(
      `allows s3:Action0, s3:Action1, s3:Action2 and 97 more on ${OBJECTS} to everyone (*)`,
    );
    const Resource = [`${BUCKET}/\n\u202e${"x".repeat(500)}`, "*"];
    const [long] = gainsOfPolicy("", policy({ ...ALLOW, Action, Resource }));
    expect(long?.text).toMatch(
      /^allows s3:Action0, s3:Action1, s3:Action2 and 97 more on arn:aws:s3:::b\/\\u000a\\u202ex+…, \* to arn:/,
    );
    expect(long?.text.length).toBeLessThanOrEqual(200);
  });
});

describe("gainsOfPolicy refuses", () => {
  it.each<[string, unknown, string]>([
    ["no JSON", "{", "policy after: it is no JSON"],
    ["no object", "[]", "policy after: the document is a list and no JSON object"],
    ["null", "null", "policy after: the document is null and no JSON object"],
    ["no statement", "{}", "policy after, statement 1: the statement is nothing and no JSON object"],
    [
      "another version",
      { Version: "2030-01-01", Statement: [] },
      'policy after: Version "2030-01-01" isn\'t known here',
    ],
    [
      "another effect",
      policy({ ...ALLOW, Sid: "S", Effect: "Permit" }),
      'policy after, statement 1 ("S"): Effect is "Permit" and neither "Allow" nor "Deny"',
    ],
    [
      "a Sid that is no text",
      policy({ ...ALLOW, Sid: 1 }),
      "policy after, statement 1: Sid is 1 and no text",
    ],
    [
      "no action",
      policy(ALLOW, { Effect: "Allow", Resource: "*" }),
      "policy after, statement 2: it has neither Action nor NotAction",
    ],
    [
      "two kinds of action",
      policy({ ...ALLOW, NotAction: "s3:*" }),
      "policy after, statement 1: it has both Action and NotAction",
    ],
    [
      "an action that is no text",
      policy({ ...ALLOW, Action: [{}] }),
      "policy after, statement 1: Action holds an object, which is no text",
    ],
    [
      "an empty list",
      policy({ ...ALLOW, Resource: [] }),
      "policy after, statement 1: Resource is an empty list",
    ],
    ["nobody", policy({ ...ALLOW, Principal: {} }), "policy after, statement 1: Principal is empty"],
    [
      "a condition that is no object",
      policy({ ...ALLOW, Condition: "x" }),
      'policy after, statement 1: Condition is "x" and no JSON object',
    ],
    [
      "a value that is none",
      policy({ ...ALLOW, Condition: { Bool: { "a\nb": [null] } } }),
      'policy after, statement 1: "Bool" of "a\\nb" holds null',
    ],
    [
      "what is nested too deeply",
      `{"Statement":${JSON.stringify(ALLOW)},"Foo":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      "policy after, statement 1: it is nested too deeply",
    ],
  ])("%s", (_, document, message) => {
    const after = document as string | object;
    expect(() => gainsOfPolicy(undefined, after)).toThrow(
      new UnreadablePolicy(message.split(": ")[0] ?? "", message.slice(message.indexOf(": ") + 2)),
    );
    expect(() => gainsOfPolicy(after, undefined)).toThrow(UnreadablePolicy);
  });
});

describe("gainsOfPolicy of large policies", () => {
  function large(action: (statement: number, index: number) => string): object {
    return policy(
      ...Array.from({ length: 200 }, (_, statement) => ({
        ...ALLOW,
        Action: Array.from({ length: 100 }, (_, index) => action(statement, index)),
      })),
    );
  }

  it.each<[string, object, object]>([
    [
      "that are the same",
      large((one, other) => `s3:A${one}b${other}`),
      large((one, other) => `s3:A${one}b${other}`),
    ],
    [
      "of other actions",
      large((one, other) => `s3:A${one}b${other}`),
      large((one, other) => `s3:B${one}b${other}`),
    ],
    [
      "of the same actions each",
      large((_, other) => `s3:A${other}`),
      large((one, other) => `s3:A${(other + one) % 101}`),
    ],
    [
      "of wildcards",
      large((one, other) => `s3:A${one}b${other}*`),
      large((one, other) => `s3:A${one}b${other}c`),
    ],
  ])("%s takes no time that grows with all pairs", (_, before, after) => {
    const start = performance.now();
    gainsOfPolicy(before, after);
    const took = performance.now() - start;
    expect(took).toBeLessThan(4000);
  });

  it.each<[string, object, object]>([
    [
      "triples",
      policy(ALLOW),
      policy({ ...ALLOW, Action: Array.from({ length: 20_001 }, (_, index) => `s3:${index}`) }),
    ],
    ["wildcards", large((one, other) => `*A${one}b${other}`), large((one, other) => `*B${one}b${other}`)],
    [
      "values",
      policy({
        ...ALLOW,
        Condition: { StringLike: { k: Array.from({ length: 20_000 }, (_, index) => `*a${index}`) } },
      }),
      policy({
        ...ALLOW,
        Condition: { StringLike: { k: Array.from({ length: 20_000 }, (_, index) => `*b${index}`) } },
      }),
    ],
  ])("refuses too many %s", (_, before, after) => {
    const start = performance.now();
    expect(() => gainsOfPolicy(before, after)).toThrow(/: too large to compare$/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("allowsService", () => {
  const SERVICE = "cloudtrail.amazonaws.com";
  const OBJECT = `${BUCKET}/AWSLogs/111122223333/x.json.gz`;
  const allows = (...statements: readonly object[]) =>
    allowsService(policy(...statements), SERVICE, "s3:PutObject", OBJECT);

  it.each<[string, readonly object[], boolean]>([
    ["allowed, on a condition", [DELIVERY], true],
    ["allowed with everyone", [{ ...DELIVERY, Principal: "*" }], true],
    ["allowed by all other actions", [{ ...DELIVERY, Action: undefined, NotAction: "s3:Get*" }], true],
    ["another service", [{ ...DELIVERY, Principal: { Service: "s3.amazonaws.com" } }], false],
    ["another action", [{ ...DELIVERY, Action: "s3:GetBucketAcl" }], false],
    ["another resource", [{ ...DELIVERY, Resource: BUCKET }], false],
    ["whoever has the policy", [{ ...DELIVERY, Principal: undefined }], false],
    ["a role of that name", [{ ...DELIVERY, Principal: { AWS: SERVICE } }], false],
    ["everyone denied on a condition", [DELIVERY, DENY], true],
    ["everyone denied", [DELIVERY, { ...DENY, Condition: {} }], false],
    [
      "all others denied",
      [DELIVERY, { Effect: "Deny", NotPrincipal: DELIVERY.Principal, Action: "*", Resource: "*" }],
      true,
    ],
    ["itself denied, on a condition", [DELIVERY, { ...DENY, Principal: DELIVERY.Principal }], false],
    [
      "itself denied, elsewhere",
      [DELIVERY, { ...DENY, Principal: DELIVERY.Principal, Resource: BUCKET }],
      true,
    ],
    ["only denied", [DENY], false],
  ])("%s: %#", (_, statements, expected) => {
    const written: readonly object[] = JSON.parse(JSON.stringify(statements));
    expect(allows(...written)).toBe(expected);
  });

  it("takes a role's trust policy", () => {
    const trust = policy({ Effect: "Allow", Principal: { Service: SERVICE }, Action: "sts:AssumeRole" });
    expect(allowsService(trust, SERVICE, "sts:AssumeRole", ROLE)).toBe(true);
    expect(allowsService(undefined, SERVICE, "sts:AssumeRole", ROLE)).toBe(false);
  });
});

describe("statementsNotCovered", () => {
  it("gives the statements themselves, in their order", () => {
    expect(statementsNotCovered(undefined, [DELIVERY, DENY, ALLOW])).toEqual([DELIVERY, DENY, ALLOW]);
    expect(statementsNotCovered(policy(DENY), [DELIVERY, DENY, ALLOW])).toEqual([DELIVERY, ALLOW]);
    expect(statementsNotCovered(policy(ALLOW, DENY, DELIVERY), [DELIVERY, DENY, ALLOW])).toEqual([]);
  });

  it("takes a broader statement, not one with further conditions", () => {
    const { Condition, ...open } = DELIVERY;
    expect(statementsNotCovered(policy(open), [DELIVERY])).toEqual([]);
    expect(statementsNotCovered(policy(DELIVERY), [open])).toEqual([open]);
    expect(statementsNotCovered(policy({ ...DENY, Condition }), [DENY])).toEqual([DENY]);
  });

  it("doesn't take a deny for an allow", () => {
    expect(statementsNotCovered(policy({ ...ALLOW, Effect: "Deny" }), [ALLOW])).toEqual([ALLOW]);
  });

  it("names the statement that is none", () => {
    expect(() => statementsNotCovered("", [ALLOW, {}])).toThrow(
      "required policy, statement 2: Effect is nothing",
    );
  });
});
