import fc from "fast-check";
import { isExempt } from "../../../../lambda-src/guard/exempt";
import { apiCallOf } from "../../../../lambda-src/shared/api-call";
import { ACCOUNT } from "./support/deployment";
import { eventOf, inRole, MALLORY, TERRAFORM, TERRAFORM_ROLE_ARN } from "./support/events";

function isExemptBy(userIdentity: unknown, ...patterns: string[]): boolean {
  const call = apiCallOf(
    eventOf({ eventSource: "s3.amazonaws.com", eventName: "DeleteBucket", userIdentity }),
  );
  return call !== undefined && isExempt(call.principal, patterns);
}

describe("isExempt", () => {
  it.each([
    [TERRAFORM_ROLE_ARN],
    [`arn:aws:iam::${ACCOUNT}:role/ci/*`],
    [`arn:aws:iam::*:role/ci/terra????`],
    ["*"],
    ["*terraform"],
  ])("takes a role by %s, whatever its session is called", (pattern) => {
    expect(isExemptBy(TERRAFORM, pattern)).toBe(true);
    expect(isExemptBy(inRole(TERRAFORM_ROLE_ARN, "another"), "arn:aws:iam::0:user/x", pattern)).toBe(true);
  });

  it.each([
    [`${TERRAFORM_ROLE_ARN}x`],
    [`arn:aws:iam::${ACCOUNT}:role/ci`],
    [`arn:aws:iam::${ACCOUNT}:role/ci/terra???`],
    ["terraform"],
    [""],
    // Its dots and brackets stand for themselves.
    [TERRAFORM_ROLE_ARN.replace("aws", "a.s")],
    [`${TERRAFORM_ROLE_ARN}|.*`],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/terraform/run-4711`],
  ])("doesn't take a role by %s", (pattern) => {
    expect(isExemptBy(TERRAFORM, pattern)).toBe(false);
  });

  it("takes a session without a record of its role by the role's name, without a path", () => {
    const session = { type: "AssumedRole", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/terraform/x` };

    expect(isExemptBy(session, `arn:aws:iam::${ACCOUNT}:role/terraform`)).toBe(true);
    expect(isExemptBy(session, TERRAFORM_ROLE_ARN)).toBe(false);
  });

  it("isn't fooled by a session, a name or a line that looks like another", () => {
    expect(isExemptBy(inRole(`arn:aws:iam::${ACCOUNT}:role/x`, TERRAFORM_ROLE_ARN), TERRAFORM_ROLE_ARN)).toBe(
      false,
    );
    expect(isExemptBy({ ...MALLORY, userName: "terraform" }, TERRAFORM_ROLE_ARN)).toBe(false);
    expect(isExemptBy({ arn: `${MALLORY.arn}\n${TERRAFORM_ROLE_ARN}` }, TERRAFORM_ROLE_ARN)).toBe(false);
    expect(isExemptBy({ arn: `x\n${TERRAFORM_ROLE_ARN}` }, "*terraform")).toBe(false);
  });

  it.each([
    [null],
    [{}],
    [{ arn: "" }],
    [{ arn: 7 }],
    [{ type: "AWSService", invokedBy: "config.amazonaws.com" }],
  ])("takes nobody who isn't named for exempt: %j", (userIdentity) => {
    expect(isExemptBy(userIdentity, "*")).toBe(false);
  });

  it("takes an ARN by itself, by any part replaced, and by no other ARN", () => {
    const anyArn = fc.string({ unit: fc.constantFrom(..."ab:/-.+$^()[]{}|\\"), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyArn, anyArn, fc.nat(12), (one, other, place) => {
        const called = { arn: one };
        expect(isExemptBy(called, one)).toBe(true);
        expect(isExemptBy(called, other)).toBe(one === other);
        expect(isExemptBy(called, `${one.slice(0, place)}*`)).toBe(true);
        expect(isExemptBy(called, `*${one.slice(place)}`)).toBe(true);
      }),
    );
  });
});
