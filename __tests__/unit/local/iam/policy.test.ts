import fc from "fast-check";
import {
  type AccessRequest,
  judgeIdentityPolicies,
  judgeResourcePolicy,
  type Policy,
  type Principal,
  parsePolicy,
} from "../../../../local/iam/policy";
import { UnknownPolicyError } from "../../../../local/iam/unknown-policy-error";

const ACCOUNT = "111122223333";
const ROLE: Principal = { arn: `arn:aws:iam::${ACCOUNT}:role/guard`, accountId: ACCOUNT };
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:Alerts`;

const REQUEST: AccessRequest = { principal: ROLE, action: "sns:Publish", resource: TOPIC, context: {} };

const ALLOW = { Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: TOPIC };

function policyOf(...statements: readonly object[]): Policy {
  return parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }), "p");
}

function identityVerdict(statement: object, request: Partial<AccessRequest> = {}): string {
  return judgeIdentityPolicies([policyOf({ ...ALLOW, ...statement })], { ...REQUEST, ...request }).effect;
}

/** Without one of the statement's elements. */
function without(element: keyof typeof ALLOW, other: object): object {
  return { ...ALLOW, [element]: undefined, ...other };
}

describe("an identity-based policy's", () => {
  it.each<[string | string[], string, boolean]>([
    ["sns:Publish", "sns:Publish", true],
    ["SNS:publish", "sns:Publish", true],
    ["sns:Pub*", "sns:Publish", true],
    ["sns:Publis?", "sns:Publish", true],
    ["sns:Publish?", "sns:Publish", false],
    ["*", "sns:Publish", true],
    [["sqs:*", "sns:Publish"], "sns:Publish", true],
    ["sns:Publish", "sns:PublishBatch", false],
    ["sqs:*", "sns:Publish", false],
  ])("Action %j has %s: %p", (Action, action, allowed) => {
    expect(identityVerdict({ Action }, { action })).toBe(allowed ? "allow" : "implicit deny");
  });

  it.each<[string | string[], boolean]>([
    ["sns:Publish", false],
    ["sns:*", false],
    [["sns:Subscribe", "sqs:*"], true],
  ])("NotAction %j has all others: %p", (NotAction, allowed) => {
    const policy = policyOf(without("Action", { NotAction }));
    expect(judgeIdentityPolicies([policy], REQUEST).effect).toBe(allowed ? "allow" : "implicit deny");
  });

  it.each<[string | string[], boolean]>([
    [TOPIC, true],
    ["*", true],
    ["arn:aws:sns:*:*:Al?rts", true],
    [TOPIC.toLowerCase(), false],
    [["arn:aws:sqs:::q", TOPIC], true],
    [`${TOPIC}s`, false],
  ])("Resource %j has the topic: %p", (Resource, allowed) => {
    expect(identityVerdict({ Resource })).toBe(allowed ? "allow" : "implicit deny");
  });

  it.each<[string, boolean]>([
    [TOPIC, false],
    ["arn:aws:sqs:*:*:*", true],
  ])("NotResource %j has all others: %p", (NotResource, allowed) => {
    const policy = policyOf(without("Resource", { NotResource }));
    expect(judgeIdentityPolicies([policy], REQUEST).effect).toBe(allowed ? "allow" : "implicit deny");
  });

  it("Condition must hold", () => {
    const Condition = { StringLike: { "kms:ViaService": "sns.*.amazonaws.com" } };
    const context = { "kms:ViaService": "sns.eu-west-1.amazonaws.com" };
    expect(identityVerdict({ Condition }, { context })).toBe("allow");
    expect(identityVerdict({ Condition })).toBe("implicit deny");
  });

  it("explicit deny wins, wherever it stands", () => {
    const deny = policyOf({ Sid: "Never", Effect: "Deny", Action: "sns:*", Resource: "*" });
    for (const policies of [
      [policyOf(ALLOW), deny],
      [deny, policyOf(ALLOW)],
    ]) {
      expect(judgeIdentityPolicies(policies, REQUEST)).toEqual({ effect: "explicit deny", sid: "Never" });
    }
  });

  it("verdict names the statement that decides", () => {
    expect(judgeIdentityPolicies([policyOf(ALLOW)], REQUEST)).toEqual({ effect: "allow", sid: "Tell" });
    expect(judgeIdentityPolicies([], REQUEST)).toEqual({ effect: "implicit deny" });
    expect(judgeIdentityPolicies([policyOf(without("Sid", {}))], REQUEST)).toEqual({ effect: "allow" });
  });

  it("statements name a resource and no principal", () => {
    expect(() => identityVerdict({ Principal: "*" })).toThrow(
      "policy p, statement 1 (Tell): an identity-based policy has no Principal",
    );
    expect(() => judgeIdentityPolicies([policyOf(without("Resource", {}))], REQUEST)).toThrow(
      "policy p, statement 1 (Tell): an identity-based policy needs a Resource",
    );
  });
});

describe("a resource-based policy's", () => {
  const EVENTS: Principal = { service: "events.amazonaws.com" };

  it.each<[unknown, Principal, boolean]>([
    [{ Service: "events.amazonaws.com" }, EVENTS, true],
    [{ Service: ["sns.amazonaws.com", "events.amazonaws.com"] }, EVENTS, true],
    [{ Service: "cloudwatch.amazonaws.com" }, EVENTS, false],
    [{ AWS: ACCOUNT }, EVENTS, false],
    ["*", EVENTS, true],
    ["*", ROLE, true],
    [{ AWS: "*" }, EVENTS, true],
    [{ AWS: "*" }, ROLE, true],
    [{ AWS: ACCOUNT }, ROLE, true],
    [{ AWS: `arn:aws:iam::${ACCOUNT}:root` }, ROLE, true],
    [{ AWS: ROLE.arn }, ROLE, true],
    [{ AWS: [`arn:aws:iam::${ACCOUNT}:role/other`, "444455556666"] }, ROLE, false],
    [{ Service: "events.amazonaws.com" }, ROLE, false],
    [{ Service: "sns.amazonaws.com", AWS: ROLE.arn }, ROLE, true],
  ])("Principal %j is %j: %p", (Principal, principal, allowed) => {
    const verdict = judgeResourcePolicy(policyOf({ ...ALLOW, Principal }), { ...REQUEST, principal });
    expect(verdict.effect).toBe(allowed ? "allow" : "implicit deny");
  });

  it("explicit deny wins", () => {
    const policy = policyOf(
      { ...ALLOW, Principal: { Service: "events.amazonaws.com" } },
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: TOPIC,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    );
    const verdict = (secure: string) =>
      judgeResourcePolicy(policy, {
        ...REQUEST,
        principal: EVENTS,
        context: { "aws:SecureTransport": secure },
      });
    expect(verdict("true")).toEqual({ effect: "allow", sid: "Tell" });
    expect(verdict("false")).toEqual({ effect: "explicit deny", sid: "DenyWithoutTls" });
  });

  it("absence allows nothing", () => {
    expect(judgeResourcePolicy(undefined, REQUEST)).toEqual({ effect: "implicit deny" });
  });

  it("statements name a principal and, of a role's trust, no resource", () => {
    expect(() => judgeResourcePolicy(policyOf(ALLOW), REQUEST)).toThrow(
      "policy p, statement 1 (Tell): a resource-based policy needs a Principal",
    );
    const trust = policyOf({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    });
    const asked = { action: "sts:AssumeRole", resource: ROLE.arn, context: {} };
    const effectFor = (service: string) =>
      judgeResourcePolicy(trust, { ...asked, principal: { service } }).effect;
    expect(effectFor("lambda.amazonaws.com")).toBe("allow");
    expect(effectFor("ec2.amazonaws.com")).toBe("implicit deny");
  });
});

describe("parsePolicy", () => {
  it("takes one statement for a list of one, and the older version for the default", () => {
    const policy = parsePolicy(JSON.stringify({ Id: "x", Statement: ALLOW }), "p");
    expect(judgeIdentityPolicies([policy], REQUEST).effect).toBe("allow");
    expect(() => parsePolicy('{"Version": "2008-10-17", "Statement": []}', "p")).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ Version: "2020-01-01", Statement: [] }, 'policy p: Version "2020-01-01" isn\'t known here'],
    [{ Statements: [] }, "policy p: the element Statements isn't known here"],
    [{ Version: "2012-10-17" }, "policy p, statement 1: the statement is no JSON object"],
    [[], "policy p: the document is no JSON object"],
  ])("refuses the document %j", (document, complaint) => {
    expect(() => parsePolicy(JSON.stringify(document), "p")).toThrow(complaint);
  });

  it("refuses what is no JSON", () => {
    expect(() => parsePolicy("{", "p")).toThrow(UnknownPolicyError);
    expect(() => parsePolicy("{", "p")).toThrow("policy p: the document is no JSON");
  });

  it.each<[object, string]>([
    [{ ...ALLOW, NotPrincipal: "*" }, "the element NotPrincipal isn't known here"],
    [{ ...ALLOW, Effect: "allow" }, 'Effect "allow" isn\'t known here'],
    [without("Action", {}), "it has neither Action nor NotAction"],
    [{ ...ALLOW, NotAction: "a:b" }, "it has both Action and NotAction"],
    [{ ...ALLOW, NotResource: "*" }, "it has both Resource and NotResource"],
    [{ ...ALLOW, Action: [] }, "Action is an empty list"],
    [{ ...ALLOW, Action: "Publish" }, 'Action holds "publish", which names no action'],
    [{ ...ALLOW, Action: "s*:Publish" }, 'Action holds "s*:publish", which names no action'],
    [{ ...ALLOW, Resource: 7 }, "Resource holds 7, which is no text"],
    [{ ...ALLOW, Resource: "arn:aws:sns:*" }, 'Resource holds "arn:aws:sns:*", which is no ARN'],
    [{ ...ALLOW, Resource: "topic" }, 'Resource holds "topic", which is no ARN'],
    [{ ...ALLOW, Resource: `${TOPIC}/\${aws:userid}` }, "Resource holds a policy variable"],
    [{ ...ALLOW, Principal: "someone" }, "Principal is no JSON object"],
    [{ ...ALLOW, Principal: { Federated: "x" } }, "the principal Federated isn't known here"],
    [{ ...ALLOW, Principal: { AWS: "AROAEXAMPLE" } }, "the principal AROAEXAMPLE isn't understood"],
    [
      { ...ALLOW, Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/guard/s` } },
      `the principal arn:aws:sts::${ACCOUNT}:assumed-role/guard/s isn't understood`,
    ],
    [{ ...ALLOW, Principal: { Service: "*" } }, "the principal * isn't understood"],
    [
      { ...ALLOW, Condition: { DateLessThan: { k: "x" } } },
      "the condition operator DateLessThan isn't known",
    ],
  ])("refuses the statement %j", (statement, complaint) => {
    expect(() => policyOf(statement)).toThrow(`policy p, statement 1 (Tell): ${complaint}`);
  });

  it("refuses a Sid that is no text", () => {
    expect(() => policyOf({ ...ALLOW, Sid: 7 })).toThrow("policy p, statement 1: Sid 7 is no text");
  });
});

describe("any policy", () => {
  const statement = (effect: fc.Arbitrary<string>) =>
    fc.record({
      Effect: effect,
      Action: fc.subarray(["sns:Publish", "sns:*", "sqs:SendMessage", "*"], { minLength: 1 }),
      Resource: fc.constantFrom("*", TOPIC, "arn:aws:sns:*:*:A*", "arn:aws:sqs:::q"),
      Condition: fc.constantFrom(
        {},
        { Bool: { "aws:SecureTransport": "false" } },
        { StringNotEquals: { k: "v" } },
      ),
    });
  const statements = fc.array(statement(fc.constantFrom("Allow", "Deny")), { maxLength: 5 });
  const request = fc.record({
    principal: fc.constant(ROLE),
    action: fc.constantFrom("sns:Publish", "sns:Subscribe", "sqs:SendMessage"),
    resource: fc.constantFrom(TOPIC, "arn:aws:sqs:::q"),
    context: fc.constantFrom<AccessRequest["context"][]>({}, { "aws:SecureTransport": "false", k: "v" }),
  });
  const isAllowed = (all: readonly object[], asked: AccessRequest) =>
    judgeIdentityPolicies([policyOf(...all)], asked).effect === "allow";

  it("allows no more with one more Deny", () => {
    fc.assert(
      fc.property(statements, statement(fc.constant("Deny")), request, (all, deny, asked) => {
        expect(isAllowed([deny, ...all], asked) && !isAllowed(all, asked)).toBe(false);
      }),
    );
  });

  it("denies no more with one more Allow", () => {
    fc.assert(
      fc.property(statements, statement(fc.constant("Allow")), request, (all, allow, asked) => {
        expect(isAllowed(all, asked) && !isAllowed([allow, ...all], asked)).toBe(false);
      }),
    );
  });
});
