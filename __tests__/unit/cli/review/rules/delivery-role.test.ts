import fc from "fast-check";
import { judgeDeliveryRoles } from "../../../../../cli/review/rules/delivery-role";
import { change, judged, REPLACED, referring, unchanged, verdicts } from "../support";

const TRAIL = unchanged("aws_cloudtrail.this", {
  s3_bucket_name: "logs",
  cloud_watch_logs_role_arn: "arn:aws:iam::111122223333:role/service-role/delivery",
});
const ADDRESS = "aws_iam_role.delivery";
const ASSUME = {
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "sts:AssumeRole",
};
const WRITE = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: "arn:aws:logs:eu-central-1:111122223333:log-group:audit:log-stream:*",
};
const MORE = { Effect: "Allow", Action: "iam:PassRole", Resource: "*" };
const ROLE = { name: "delivery", assume_role_policy: policy(ASSUME), permissions_boundary: null };
const DESTROYED = "delivery-role-destroyed";
const WIDENED = "delivery-role-widened";

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function role(before: object, after: object, options = {}) {
  return verdicts(judgeDeliveryRoles, [
    TRAIL,
    change(ADDRESS, { ...ROLE, ...before }, { ...ROLE, ...after }, options),
  ]);
}

function inlinePolicy(name: string, before: string | undefined, after: string | undefined, options = {}) {
  const of = (text: string | undefined) =>
    text === undefined ? undefined : { role: "delivery", name, policy: text };
  return change(`aws_iam_role_policy.${name}`, of(before), of(after), options);
}

describe("judgeDeliveryRoles", () => {
  it("finds a role that is destroyed or replaced", () => {
    const expected = [`blocks ${DESTROYED} ${ADDRESS}`];

    expect(verdicts(judgeDeliveryRoles, [TRAIL, change(ADDRESS, ROLE, undefined)])).toEqual(expected);
    expect(role({}, {}, REPLACED)).toEqual(expected);
  });

  it("finds nothing in another role, one that stays, and one that is made", () => {
    const other = { ...ROLE, name: "other", assume_role_policy: policy() };
    expect(verdicts(judgeDeliveryRoles, [TRAIL, change(ADDRESS, other, undefined)])).toEqual([]);
    expect(role({}, {})).toEqual([]);
    const made = [
      change(ADDRESS, undefined, ROLE),
      inlinePolicy("a", undefined, policy(MORE)),
      change("aws_iam_role_policy_attachment.a", undefined, { role: "delivery", policy_arn: "p" }),
      change("aws_iam_policy_attachment.b", undefined, { roles: ["delivery"], policy_arn: "p" }),
    ];
    expect(verdicts(judgeDeliveryRoles, [TRAIL, ...made])).toEqual([]);
  });

  describe("of who may assume it", () => {
    it("finds more, and no longer CloudTrail", () => {
      const somebody = { ...ASSUME, Principal: { AWS: "*" } };

      expect(role({}, { assume_role_policy: policy(ASSUME, somebody) })).toEqual([
        `blocks ${WIDENED} ${ADDRESS}`,
      ]);
      expect(role({}, { assume_role_policy: policy({ ...ASSUME, Effect: "Deny" }) })).toEqual([
        `blocks ${DESTROYED} ${ADDRESS}`,
      ]);
    });

    it("finds nothing where a condition is added", () => {
      const Condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };

      expect(role({}, { assume_role_policy: policy({ ...ASSUME, Condition }) })).toEqual([]);
    });

    it("can't judge what isn't known, or can't be read", () => {
      expect(role({}, {}, { unknown: { assume_role_policy: true } })).toEqual([
        `unknown ${WIDENED} ${ADDRESS}`,
      ]);
      expect(role({}, { assume_role_policy: "{" })).toEqual([
        `unknown ${DESTROYED} ${ADDRESS}`,
        `unknown ${WIDENED} ${ADDRESS}`,
      ]);
    });
  });

  it("finds a permissions boundary taken away or changed, but not one that is added", () => {
    const bounded = { permissions_boundary: "arn:b" };

    expect(role(bounded, {})).toEqual([`blocks ${WIDENED} ${ADDRESS}`]);
    expect(role(bounded, { permissions_boundary: "arn:c" })).toEqual([`blocks ${WIDENED} ${ADDRESS}`]);
    expect(role(bounded, {}, { unknown: { permissions_boundary: true } })).toEqual([
      `unknown ${WIDENED} ${ADDRESS}`,
    ]);
    expect(role({}, bounded)).toEqual([]);
  });

  it("judges the role's own policies", () => {
    const inline = (...statements: readonly object[]) => ({
      inline_policy: [{ name: "a", policy: policy(...statements) }],
    });

    expect(role(inline(WRITE), inline(WRITE, MORE))).toEqual([`blocks ${WIDENED} ${ADDRESS}`]);
    expect(role(inline(WRITE), { inline_policy: [] })).toEqual([`blocks ${DESTROYED} ${ADDRESS}`]);
    expect(role(inline(WRITE), {}, { unknown: { inline_policy: true } })).toEqual([
      `unknown ${WIDENED} ${ADDRESS}`,
    ]);
    expect(role({ managed_policy_arns: ["a"] }, { managed_policy_arns: ["b"] })).toEqual([
      `blocks ${DESTROYED} ${ADDRESS}`,
      `blocks ${WIDENED} ${ADDRESS}`,
    ]);
    expect(role({ managed_policy_arns: ["a", "b"] }, { managed_policy_arns: ["b", "a"] })).toEqual([]);
  });

  describe("of inline policies", () => {
    it("finds what one newly allows", () => {
      expect(
        judged(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(WRITE), policy(WRITE, MORE))]),
      ).toMatchObject([
        {
          rule: WIDENED,
          severity: "blocks",
          address: "aws_iam_role_policy.a",
          details: [expect.stringContaining("iam:PassRole")],
        },
      ]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("b", undefined, policy(MORE))])).toEqual([
        `blocks ${WIDENED} aws_iam_role_policy.b`,
      ]);
    });

    it("finds one that is destroyed, or that no longer lets the role deliver", () => {
      const expected = [`blocks ${DESTROYED} aws_iam_role_policy.a`];
      const listing = policy({ ...WRITE, Action: "logs:CreateLogStream" });

      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(WRITE), undefined)])).toEqual(
        expected,
      );
      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(WRITE), listing)])).toEqual(
        expected,
      );
    });

    it("finds nothing where one is tightened, or another takes its place", () => {
      const wide = policy({ ...WRITE, Action: "logs:*", Resource: "*" });

      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", wide, policy(WRITE))])).toEqual([]);
      expect(
        verdicts(judgeDeliveryRoles, [
          TRAIL,
          inlinePolicy("a", policy(WRITE), undefined),
          inlinePolicy("b", undefined, policy(WRITE)),
        ]),
      ).toEqual([]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(MORE), undefined)])).toEqual([]);
    });

    it("finds one destroyed of which another has a part only", () => {
      const other = policy({ ...WRITE, Resource: "arn:aws:logs:eu-central-1:111122223333:log-group:b:*" });

      expect(
        verdicts(judgeDeliveryRoles, [
          TRAIL,
          inlinePolicy("a", policy(WRITE), undefined),
          inlinePolicy("b", other, other),
        ]),
      ).toEqual([`blocks ${DESTROYED} aws_iam_role_policy.a`]);
    });

    it("can't judge what isn't known, or can't be read", () => {
      const both = [`unknown ${DESTROYED} aws_iam_role_policy.a`, `unknown ${WIDENED} aws_iam_role_policy.a`];
      const unknown = { unknown: { policy: true } };

      expect(
        verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(WRITE), policy(WRITE), unknown)]),
      ).toEqual(both);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, inlinePolicy("a", policy(WRITE), "{")])).toEqual(both);
    });

    it("never tells what is sensitive", () => {
      const sensitive = { sensitive: { policy: true } };
      const found = judged(judgeDeliveryRoles, [
        TRAIL,
        inlinePolicy("a", policy(WRITE), policy(WRITE, MORE), sensitive),
      ]);

      expect(found).toMatchObject([{ rule: WIDENED, details: [] }]);
    });
  });

  describe("of managed policies", () => {
    const attachment = (
      name: string,
      before: string | undefined,
      after: string | undefined,
      options = {},
    ) => {
      const of = (arn: string | undefined) =>
        arn === undefined ? undefined : { role: "delivery", policy_arn: arn };
      return change(`aws_iam_role_policy_attachment.${name}`, of(before), of(after), options);
    };

    it("finds one attached or detached", () => {
      expect(verdicts(judgeDeliveryRoles, [TRAIL, attachment("a", undefined, "arn:p")])).toEqual([
        `blocks ${WIDENED} aws_iam_role_policy_attachment.a`,
      ]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, attachment("a", "arn:p", undefined)])).toEqual([
        `blocks ${DESTROYED} aws_iam_role_policy_attachment.a`,
      ]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, attachment("a", "arn:p", "arn:q", REPLACED)])).toEqual([
        `blocks ${DESTROYED} aws_iam_role_policy_attachment.a`,
        `blocks ${WIDENED} aws_iam_role_policy_attachment.a`,
      ]);
    });

    it("finds nothing where one stays attached, at whatever address", () => {
      expect(
        verdicts(judgeDeliveryRoles, [
          TRAIL,
          attachment("a", "arn:p", undefined),
          attachment("b", undefined, "arn:p"),
          attachment("c", "arn:q", "arn:q"),
        ]),
      ).toEqual([]);
    });

    it("can't judge one that isn't known", () => {
      const unknown = { ...REPLACED, unknown: { policy_arn: true } };

      expect(verdicts(judgeDeliveryRoles, [TRAIL, attachment("a", "arn:p", "arn:p", unknown)])).toEqual([
        `unknown ${DESTROYED} aws_iam_role_policy_attachment.a`,
        `unknown ${WIDENED} aws_iam_role_policy_attachment.a`,
      ]);
    });

    it("judges one that is attached to several roles", () => {
      const of = (before: readonly string[], after: readonly string[]) =>
        verdicts(judgeDeliveryRoles, [
          TRAIL,
          change(
            "aws_iam_policy_attachment.a",
            { roles: before, policy_arn: "p" },
            { roles: after, policy_arn: "p" },
          ),
        ]);

      expect(of(["x"], ["x", "delivery"])).toEqual([`blocks ${WIDENED} aws_iam_policy_attachment.a`]);
      expect(of(["x", "delivery"], ["x"])).toEqual([`blocks ${DESTROYED} aws_iam_policy_attachment.a`]);
      expect(of(["delivery"], ["delivery", "x"])).toEqual([]);
    });

    it("judges the policy itself, whether its ARN or a reference tells that it is attached", () => {
      const arn = "arn:aws:iam::111122223333:policy/p";
      const attached = attachment("a", arn, arn);
      const changed = (after: string) =>
        change("aws_iam_policy.p", { arn, policy: policy(WRITE) }, { arn, policy: after });
      const configuration = referring({
        "aws_iam_role_policy_attachment.a": { policy_arn: "aws_iam_policy.p.arn" },
      });
      const byReference = attachment("a", "other", "other");

      expect(verdicts(judgeDeliveryRoles, [TRAIL, attached, changed(policy(WRITE, MORE))])).toEqual([
        `blocks ${WIDENED} aws_iam_policy.p`,
      ]);
      expect(
        verdicts(judgeDeliveryRoles, [TRAIL, byReference, changed(policy(WRITE, MORE))], configuration),
      ).toEqual([`blocks ${WIDENED} aws_iam_policy.p`]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, changed(policy(WRITE, MORE))])).toEqual([]);
      expect(verdicts(judgeDeliveryRoles, [TRAIL, attached, changed("[]")])).toEqual([
        `unknown ${DESTROYED} aws_iam_policy.p`,
        `unknown ${WIDENED} aws_iam_policy.p`,
      ]);
    });
  });

  it("takes any values of any attribute", () => {
    const names = [
      "policy",
      "assume_role_policy",
      "inline_policy",
      "managed_policy_arns",
      "roles",
      "policy_arn",
    ];
    const attributes = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    const types = [
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
      "aws_iam_policy_attachment",
      "aws_iam_policy",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...types), attributes, attributes, (type, before, after) => {
        const of = (more: object) => ({ name: "delivery", role: "delivery", roles: ["delivery"], ...more });
        const changes = [TRAIL, change(`${type}.this`, of(before), of(after))];

        expect(() => judged(judgeDeliveryRoles, changes)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});
