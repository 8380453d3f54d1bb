import type { Attributes } from "../../../../../cli/review/plan";
import { judgeIam } from "../../../../../cli/review/rules/iam";
import { arn, TRAIL } from "../alerting-plan";
import { change, judged, type PlanChange, REPLACED, referring, unchanged } from "../support";

type Options = Parameters<typeof change>[3];

const ROLE = unchanged("aws_iam_role.r", { name: "app", arn: "arn:aws:iam::111122223333:role/app" });

function policy(...actions: string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
  });
}

function findings(changes: readonly PlanChange[], configuration = {}) {
  return judged(judgeIam, [TRAIL, ...changes], configuration);
}

function told(changes: readonly PlanChange[], configuration = {}): string[] {
  return findings(changes, configuration).map(
    ({ rule, severity, message }) => `${severity} ${rule}: ${message}`,
  );
}

function one(
  address: string,
  before: Attributes | undefined,
  after: Attributes | undefined,
  options: Options = {},
) {
  return told([change(address, before, after, options)]);
}

describe("a policy that gains", () => {
  it.each<[string, Attributes, string]>([
    ["aws_iam_policy.p", { name: "p" }, "The policy"],
    ["aws_iam_role_policy.p", { role: "app" }, 'The policy of the role "app"'],
    ["aws_iam_user_policy.p", { user: "ci" }, 'The policy of the user "ci"'],
    ["aws_iam_group_policy.p", { group: "devs" }, 'The policy of the group "devs"'],
    ["aws_sqs_queue.q", { name: "q" }, "The policy"],
    ["aws_s3_bucket_policy.p", { bucket: "shop" }, 'The policy of the bucket "shop"'],
    ["aws_kms_key.k", { key_id: "2" }, "The policy"],
    ["aws_kms_key_policy.k", { key_id: "2" }, 'The policy of the key "2"'],
    [
      "aws_secretsmanager_secret_policy.p",
      { secret_arn: arn("secretsmanager", "secret:s") },
      'The policy of the secret "s"',
    ],
    ["aws_cloudwatch_event_bus_policy.p", { event_bus_name: "bus" }, 'The policy of the event bus "bus"'],
  ])("is a warning: %s", (address, names, what) => {
    const before = { ...names, policy: policy("s3:GetObject") };

    expect(one(address, before, { ...names, policy: policy("s3:GetObject", "s3:PutObject") })).toEqual([
      `warns iam-widened: ${what} is opened`,
    ]);
    expect(one(address, before, { ...names, policy: policy("s3:GetObject") })).toEqual([]);
    expect(one(address, before, before, { unknown: { policy: true } })).toEqual([
      expect.stringMatching(/^warns iam-widened: .* known after apply only/),
    ]);
  });

  it.each([
    ["aws_iam_role_policy.p", { role: "delivery" }],
    ["aws_s3_bucket_policy.p", { bucket: "logs" }],
    ["aws_kms_key.p", { key_id: "1" }],
  ])("is judged by a rule that blocks where it is of auditing: %s", (address, names) => {
    expect(one(address, { ...names, policy: policy("a:B") }, { ...names, policy: policy("*") })).toEqual([]);
  });

  it("says what it gains, 20 at most", () => {
    // Each with a resource of its own, so that each is a line.
    const statements = Array.from({ length: 25 }, (_, index) => ({
      Effect: "Allow",
      Action: `s3:Get${index}`,
      Resource: arn("s3", `${index}`),
    }));
    const after = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const [found] = findings([
      change("aws_iam_policy.p", { policy: policy("sqs:SendMessage") }, { policy: after }),
    ]);

    expect(found?.details).toHaveLength(21);
    expect(found?.details[0]).toContain("s3:Get0");
    expect(found?.details[20]).toBe("and 5 more");
  });

  it("says nothing of a sensitive one", () => {
    const before = { role: "app", policy: policy("s3:GetObject") };
    const sensitive = { policy: true, role: true };
    const [found] = findings([
      change(
        "aws_iam_role_policy.p",
        before,
        { role: "app", policy: policy("secret:Action") },
        { sensitive },
      ),
    ]);

    expect(found).toMatchObject({ message: "The policy is opened", details: [] });
  });

  it.each([["{"], [1], [[]], [true]])("warns where it becomes %j, which can't be read", (after) => {
    expect(one("aws_iam_policy.p", { policy: policy("s3:GetObject") }, { policy: after })).toHaveLength(1);
  });

  it("is one that no longer denies, too, unless what it belongs to is destroyed", () => {
    const denies = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" }],
    });
    const gone = change("aws_iam_role_policy.p", { role: "app", policy: denies }, undefined);

    expect(told([gone, ROLE])).toHaveLength(1);
    expect(told([gone, change("aws_iam_role.r", { name: "app" }, undefined)])).toEqual([]);
    expect(
      told([
        change("aws_iam_role_policy.p", { role: "app", policy: denies }, undefined, { actions: ["forget"] }),
      ]),
    ).toEqual([]);
  });
});

describe("a policy that is made", () => {
  const made = change("aws_iam_role_policy.p", undefined, { role: "app", policy: policy("s3:GetObject") });

  it("is a gain of a role that was there, in the plan or not", () => {
    expect(told([made, ROLE])).toHaveLength(1);
    expect(told([made])).toHaveLength(1);
  });

  it("is none of a role that is made with it", () => {
    const ofUnknown = change(
      "aws_iam_role_policy.p",
      undefined,
      { policy: policy("s3:GetObject") },
      { unknown: { role: true } },
    );
    const configuration = referring({ "aws_iam_role_policy.p": { role: "aws_iam_role.r.id" } });
    const newRole = change("aws_iam_role.r", undefined, { name: "app" });

    expect(told([made, newRole])).toEqual([]);
    expect(told([ofUnknown, newRole], configuration)).toEqual([]);
  });

  it("is none by itself where nobody has it yet", () => {
    expect(one("aws_iam_policy.p", undefined, { policy: policy("*") })).toEqual([]);
  });

  it("is a gain of the role that it is moved to", () => {
    const text = policy("s3:GetObject");

    expect(
      one("aws_iam_role_policy.p", { role: "a", policy: text }, { role: "b", policy: text }, REPLACED),
    ).toEqual(['warns iam-widened: The policy of the role "b" is opened']);
  });
});

describe("a role", () => {
  const before: Attributes = {
    name: "app",
    assume_role_policy: policy("sts:AssumeRole"),
    inline_policy: [{ name: "own", policy: policy("s3:GetObject") }],
    managed_policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    permissions_boundary: "arn:aws:iam::111122223333:policy/limit",
  };

  it.each<[string, Attributes, string]>([
    ["more may assume", { assume_role_policy: policy("*") }, 'The trust policy of the role "app" is opened'],
    [
      "has more inline",
      { inline_policy: [{ name: "own", policy: policy("*") }] },
      'An inline policy of the role "app" is opened',
    ],
    [
      "has another inline",
      { inline_policy: [{ name: "other", policy: policy("s3:GetObject") }] },
      'An inline policy of the role "app" is opened',
    ],
    [
      "has another managed",
      { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
      'The role "app" gets another policy',
    ],
    ["loses its boundary", { permissions_boundary: null }, 'The permissions boundary of "app" is removed'],
    [
      "gets another boundary",
      { permissions_boundary: "arn:aws:iam::111122223333:policy/x" },
      'The permissions boundary of "app" is replaced by another, which may allow more',
    ],
  ])("that %s is a warning", (_, after, message) => {
    expect(one("aws_iam_role.r", before, { ...before, ...after })).toEqual([`warns iam-widened: ${message}`]);
  });

  it.each<[string, Attributes | undefined, Attributes | undefined]>([
    ["stays", before, before],
    ["is made", undefined, before],
    ["is destroyed", before, undefined],
    ["has fewer policies", before, { ...before, managed_policy_arns: [], inline_policy: [] }],
    ["gets a boundary", { ...before, permissions_boundary: "" }, before],
  ])("that %s isn't", (_, was, is) => {
    expect(one("aws_iam_role.r", was, is)).toEqual([]);
  });

  it.each(["assume_role_policy", "inline_policy", "managed_policy_arns", "permissions_boundary"])(
    "whose %s isn't known is one",
    (attribute) => {
      expect(one("aws_iam_role.r", before, before, { unknown: { [attribute]: true } })).toEqual([
        expect.stringMatching(/^warns iam-widened: .* known after apply only/),
      ]);
    },
  );
});

describe("an attachment", () => {
  const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
  const attachment = (attributes: Attributes, options: Options = {}) =>
    change("aws_iam_role_policy_attachment.a", undefined, attributes, options);

  it("to a role that was there is a warning that names the policy", () => {
    expect(findings([attachment({ role: "app", policy_arn: ADMIN })])).toMatchObject([
      { message: 'The role "app" gets another policy', details: [`attaches ${ADMIN}`] },
    ]);
  });

  it("of a policy that isn't made yet is one, too", () => {
    expect(findings([attachment({ role: "app" }, { unknown: { policy_arn: true } })])).toMatchObject([
      { details: ["attaches a policy that the plan makes"] },
    ]);
  });

  it("to the delivery role, or to a role that is made with it, isn't", () => {
    expect(told([attachment({ role: "delivery", policy_arn: ADMIN })])).toEqual([]);
    expect(
      told([
        attachment({ role: "app", policy_arn: ADMIN }),
        change("aws_iam_role.r", undefined, { name: "app" }),
      ]),
    ).toEqual([]);
  });

  it("that is made again for a policy that is isn't, and for one that isn't known is", () => {
    const before = { role: "app", policy_arn: "arn:aws:iam::111122223333:policy/p" };
    const again = change(
      "aws_iam_role_policy_attachment.a",
      before,
      { role: "app" },
      { ...REPLACED, unknown: { policy_arn: true } },
    );
    const replaced = change(
      "aws_iam_policy.p",
      { policy: policy("a:B") },
      { policy: policy("a:B") },
      REPLACED,
    );
    const configuration = referring({
      "aws_iam_role_policy_attachment.a": { policy_arn: "aws_iam_policy.p.arn" },
    });

    expect(told([again, replaced], configuration)).toEqual([]);
    expect(told([again])).toEqual([expect.stringMatching(/known after apply only/)]);
  });

  it("to more of several is a warning", () => {
    const before = { policy_arn: ADMIN, roles: ["a"], users: [], groups: null };

    expect(one("aws_iam_policy_attachment.a", before, { ...before, users: ["x"] })).toEqual([
      "warns iam-widened: More users get a policy",
    ]);
    expect(one("aws_iam_policy_attachment.a", before, { ...before, roles: [] })).toEqual([]);
  });
});

describe("a permission of a function", () => {
  const RULE_ARN = arn("events", "rule/r");
  const permission = (attributes: Attributes, options: Options = {}) =>
    change(
      "aws_lambda_permission.p",
      undefined,
      {
        function_name: "f",
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        ...attributes,
      },
      options,
    );
  const rule = unchanged("aws_cloudwatch_event_rule.r", { name: "r", arn: RULE_ARN });

  it.each<[string, Attributes, string]>([
    [
      "another account",
      { principal: "444455556666" },
      "allows lambda:InvokeFunction by 444455556666 from anything",
    ],
    [
      "a rule of elsewhere",
      { source_arn: arn("events", "rule/x") },
      `allows lambda:InvokeFunction by events.amazonaws.com from ${arn("events", "rule/x")}`,
    ],
    ["any rule", { source_arn: null }, "allows lambda:InvokeFunction by events.amazonaws.com from anything"],
  ])("for %s is a warning", (_, attributes, detail) => {
    expect(findings([rule, permission(attributes)])).toMatchObject([
      { message: 'More may invoke the function "f"', details: [detail] },
    ]);
  });

  it("for a rule of the plan isn't, known or not", () => {
    const unknown = permission({}, { unknown: { source_arn: true } });
    const configuration = referring({
      "aws_lambda_permission.p": { source_arn: "aws_cloudwatch_event_rule.r.arn" },
    });

    expect(told([rule, permission({ source_arn: RULE_ARN })])).toEqual([]);
    expect(told([rule, unknown], configuration)).toEqual([]);
    expect(told([rule, unknown])).toEqual([expect.stringMatching(/known after apply only/)]);
  });

  it("of a function that is made with it isn't", () => {
    const f = change("aws_lambda_function.f", undefined, { function_name: "f" });

    expect(told([f, permission({ principal: "444455556666" })])).toEqual([]);
  });
});

describe("a permission of an event bus", () => {
  const attributes = { principal: "444455556666", action: "events:PutEvents", event_bus_name: "default" };

  it("is a warning where it is made", () => {
    expect(one("aws_cloudwatch_event_permission.p", undefined, attributes)).toEqual([
      'warns iam-widened: More may put events on the event bus "default"',
    ]);
    expect(one("aws_cloudwatch_event_permission.p", attributes, attributes)).toEqual([]);
    expect(one("aws_cloudwatch_event_permission.p", attributes, undefined)).toEqual([]);
  });

  it("isn't known where its principal isn't", () => {
    expect(
      one("aws_cloudwatch_event_permission.p", undefined, attributes, { unknown: { principal: true } }),
    ).toEqual([expect.stringMatching(/known after apply only/)]);
  });
});
