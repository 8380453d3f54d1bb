import fc from "fast-check";
import {
  gainsOfPolicy,
  statementsNotCovered,
  UnreadablePolicy,
} from "../../../../cli/iam-policy/policy-changes";
import {
  type AccessRequest,
  judgeIdentityPolicies,
  judgeResourcePolicy,
  type Principal,
  parsePolicy,
} from "../../../../local/iam/policy";

type Statement = Readonly<Record<string, unknown>>;

const ROLE = "arn:aws:iam::111122223333:role/r";
const TRAILS = [
  "arn:aws:cloudtrail:eu-west-1:111122223333:trail/a",
  "arn:aws:cloudtrail:eu-west-1:444455556666:trail/b",
];

const PRINCIPALS: readonly Principal[] = [
  { service: "cloudtrail.amazonaws.com" },
  { arn: ROLE, accountId: "111122223333" },
  { arn: "arn:aws:iam::444455556666:user/u", accountId: "444455556666" },
];
const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "kms:Decrypt"];
const RESOURCES = ["arn:aws:s3:::a/x", "arn:aws:s3:::a/y:z", "arn:aws:s3:::b/x"];
const CONTEXTS: readonly Readonly<Record<string, string | readonly string[]>>[] = [
  {},
  ...TRAILS.map((trail) => ({ "aws:SourceArn": trail, "aws:SourceAccount": trail.split(":")[4] ?? "" })),
  { "aws:SourceArn": TRAILS, "aws:SecureTransport": "true" },
  { "aws:SourceArn": "no-arn", "aws:SecureTransport": "false" },
  { "aws:SourceAccount": "111122223333", "aws:SecureTransport": "true" },
];

/** Every request that can be made of these. */
const REQUESTS: readonly AccessRequest[] = PRINCIPALS.flatMap((principal) =>
  ACTIONS.flatMap((action) =>
    RESOURCES.flatMap((resource) => CONTEXTS.map((context) => ({ principal, action, resource, context }))),
  ),
);

function some(...values: readonly string[]): fc.Arbitrary<unknown> {
  const list = fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  return fc.oneof(fc.constantFrom(...values), list);
}

function either(element: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Statement> {
  return fc
    .tuple(fc.constantFrom(element, element, element, `Not${element}`), values)
    .map(([name, value]) => ({ [name]: value }));
}

const arns = some(
  ...TRAILS,
  "arn:aws:cloudtrail:*:*:trail/*",
  "arn:*:*:*:111122223333:*",
  "arn:aws:cloudtrail:*:?11122223333:trail/?",
);
const texts = some(
  ...TRAILS,
  "*",
  "arn:*/a",
  "arn:*:444455556666:*",
  "arn:aws:cloudtrail:eu-west-1:???????????*",
);
const accounts = some("111122223333", "444455556666");
const truth = fc.constantFrom<unknown>("true", "false", true, ["False"], ["true", "false"]);
const condition = fc.oneof(
  fc.tuple(
    fc.constantFrom("ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"),
    fc.constant("aws:SourceArn"),
    arns,
  ),
  fc.tuple(
    fc.constantFrom("StringLike", "StringNotLike"),
    fc.constantFrom("aws:SourceArn", "AWS:sourcearn"),
    texts,
  ),
  fc.tuple(fc.constantFrom("StringEquals", "StringNotEquals"), fc.constant("aws:SourceAccount"), accounts),
  fc.tuple(fc.constant("Bool"), fc.constant("aws:SecureTransport"), truth),
  fc.tuple(fc.constant("Null"), fc.constantFrom("aws:SourceArn", "aws:SourceAccount"), truth),
);
const conditions = fc.array(condition, { maxLength: 2 }).map((tests) =>
  tests.length === 0
    ? {}
    : {
        Condition: Object.fromEntries(tests.map(([operator, key, values]) => [operator, { [key]: values }])),
      },
);
const principals = fc.oneof(
  fc.constantFrom<unknown>("*", { Service: "cloudtrail.amazonaws.com" }, { Service: ["s3.amazonaws.com"] }),
  some("*", ROLE, "111122223333", "arn:aws:iam::111122223333:root", "444455556666").map((AWS) => ({ AWS })),
  fc.constant({ AWS: ROLE, Service: "cloudtrail.amazonaws.com" }),
);

const identityStatement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom({ Effect: "Allow" }, { Effect: "Allow" }, { Effect: "Deny" }),
    either("Action", some(...ACTIONS, "*", "s3:*", "S3:get*", "s3:?etObject", "s3:*Object", "kms:*")),
    either(
      "Resource",
      some(...RESOURCES, "*", "arn:aws:s3:::a/*", "arn:aws:s3:::?/x", "arn:aws:s3:::*", "arn:*:*:*:*:*z"),
    ),
    conditions,
  )
  .map((parts) => Object.assign({}, ...parts));
const resourceStatement: fc.Arbitrary<Statement> = fc
  .tuple(identityStatement, principals)
  .map(([statement, Principal]) => ({ ...statement, Principal }));

/** Statements, and what some edits make of them: much of a policy stays as it is. */
function changesOf(
  statement: fc.Arbitrary<Statement>,
): fc.Arbitrary<readonly [readonly Statement[], readonly Statement[]]> {
  const edit = fc.tuple(
    fc.constantFrom("keep", "keep", "drop", "add", "replace", "take"),
    statement,
    fc.nat(3),
  );
  return fc
    .tuple(fc.array(statement, { maxLength: 3 }), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([before, edits]) => {
      const after = edits.flatMap(([kind, other, element], index) => {
        const was = before[index];
        if (kind === "drop") {
          return [];
        }
        if (was === undefined || kind === "replace") {
          return [other];
        }
        if (kind === "take") {
          const name = ["Action", "Resource", "Condition", "Effect"][element] ?? "Effect";
          return name in was && name in other ? [{ ...was, [name]: other[name] }] : [was];
        }
        return kind === "add" ? [was, other] : [was];
      });
      return [before, after];
    });
}

function policy(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** What the emulator lets through of all requests. */
function allowed(judge: (typeof judges)[number], statements: readonly Statement[]): readonly boolean[] {
  const parsed = parsePolicy(policy(statements), "p");
  return REQUESTS.map((request) => judge(parsed, request) === "allow");
}

const judges = [
  (parsed: ReturnType<typeof parsePolicy>, request: AccessRequest) =>
    judgeIdentityPolicies([parsed], request).effect,
  (parsed: ReturnType<typeof parsePolicy>, request: AccessRequest) =>
    judgeResourcePolicy(parsed, request).effect,
] as const;

function gains(before: readonly Statement[], after: readonly Statement[]) {
  return gainsOfPolicy(policy(before), policy(after));
}

describe("gainsOfPolicy", () => {
  it.each([
    ["identity-based", identityStatement, judges[0]],
    ["resource-based", resourceStatement, judges[1]],
  ] as const)("misses nothing that an %s policy opens", (_, statement, judge) => {
    let opened = 0;
    let same = 0;
    fc.assert(
      fc.property(changesOf(statement), ([before, after]) => {
        const was = allowed(judge, before);
        const isOpened = allowed(judge, after).some((is, index) => is && !was[index]);
        const found = gains(before, after);
        if (isOpened) {
          opened++;
          expect(found).not.toEqual([]);
        }
        same += found.length === 0 ? 1 : 0;
      }),
      { numRuns: 600 },
    );
    // Neither is rare, or the property would say little.
    expect(opened).toBeGreaterThan(100);
    expect(same).toBeGreaterThan(50);
  });

  it("finds no gain in what is the same", () => {
    fc.assert(
      fc.property(fc.array(resourceStatement, { maxLength: 4 }), (statements) => {
        expect(gains(statements, [...statements].reverse())).toEqual([]);
        expect(statementsNotCovered(policy(statements), statements)).toEqual([]);
      }),
    );
  });

  it("tells each allow of what wasn't named before", () => {
    fc.assert(
      fc.property(fc.array(resourceStatement, { maxLength: 4 }), resourceStatement, (before, added) => {
        const other = { ...added, Effect: "Allow", NotAction: undefined, Action: "sqs:SendMessage" };
        const named = before.filter(({ Action }) => Action !== undefined && ![Action].flat().includes("*"));
        const found = gains(named, [...named, other]);
        expect(found.map(({ kind }) => kind)).toContain("allows");
      }),
    );
  });

  it("finds nothing new with a further condition of an allow, without an allow, or with a further deny", () => {
    fc.assert(
      fc.property(changesOf(resourceStatement), resourceStatement, ([before, after], other) => {
        const found = gains(before, after);
        const narrower = after.map((one) =>
          one.Effect === "Allow"
            ? { ...one, Condition: { ...Object(one.Condition), NumericEquals: { further: "1" } } }
            : one,
        );
        // What is left of several triples may take more lines.
        const kinds = found.map(({ kind }) => kind);
        for (const { kind } of [
          ...gains(before, narrower),
          ...gains(before, [...after, { ...other, Effect: "Deny" }]),
        ]) {
          expect(kinds).toContain(kind);
        }
        const first = after.findIndex(({ Effect }) => Effect === "Allow");
        const fewer = after.filter((_, index) => index !== first);
        expect(found).toEqual(expect.arrayContaining([...gains(before, fewer)]));
      }),
    );
  });

  it("writes lines of at most 200 characters, whatever the policy's own words are", () => {
    const word = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("\n", "\r", "\u2028", "\u001b", "a"), maxLength: 300 }),
    );
    const words = fc.array(word, { minLength: 1, maxLength: 8 });
    const statement = fc.record({
      Effect: fc.constantFrom("Allow", "Deny"),
      Action: words,
      Resource: words,
      Principal: fc.dictionary(word, words, { minKeys: 1, maxKeys: 3 }),
      Condition: fc.dictionary(word, fc.dictionary(word, words, { maxKeys: 2 }), { maxKeys: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(statement, { maxLength: 3 }),
        fc.array(statement, { maxLength: 3 }),
        (before, after) => {
          for (const { text } of gains(before, after)) {
            expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
            expect(Array.from(text).length).toBeLessThanOrEqual(200);
          }
        },
      ),
    );
  });

  it("refuses what is no policy, and nothing else befalls it", () => {
    const element = fc.constantFrom(
      "Effect",
      "Action",
      "NotAction",
      "Resource",
      "Principal",
      "Condition",
      "Sid",
      "Foo",
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom<unknown>("Allow", "Deny", "*"));
    const statement = fc.oneof(fc.dictionary(element, value), value);
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 2 }), fc.string(), (Statement, text) => {
        for (const hostile of [text, { Statement }]) {
          try {
            gainsOfPolicy(hostile, hostile);
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadablePolicy);
            expect(String(error)).not.toContain("\n");
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
