import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { PolicyStatement } from "../../../../constructs/policy-document";
import type { ApiRequest } from "../../../../local/gateway/api-request";
import { type Policy, parsePolicy } from "../../../../local/iam/policy";
import { denialOf, RolePolicies } from "../../../../local/iam/role-policies";
import { callsOf, needsOf, policy } from "../../constructs/support/guard-calls";
import {
  ACCOUNT,
  GUARD_ROLE_ARN,
  KEY_ARN,
  REGION,
  TOPIC_ARN,
  TRAIL_ARN,
} from "../../lambda-src/guard/support/deployment";
import type { RecordedCall } from "../../lambda-src/guard/support/fake-aws";

const SESSION = {
  roleArn: GUARD_ROLE_ARN,
  sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/enable_trail/enable_trail`,
};

function call(service: string, operation: string, input: ApiRequest["input"]): ApiRequest {
  return { service, operation, input, region: REGION, accessKeyId: "ASIA", userAgent: "test" };
}

function documentOf(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

const START = call("cloudtrail", "StartLogging", { Name: TRAIL_ARN });
const PUBLISH = call("sns", "Publish", { TopicArn: TOPIC_ARN });
const ALLOW_START = { Effect: "Allow", Action: "cloudtrail:StartLogging", Resource: TRAIL_ARN };
const ALLOW_PUBLISH = { Effect: "Allow", Action: "sns:Publish", Resource: TOPIC_ARN };

describe("the guard's own policy", () => {
  function requestOf({ name, input }: RecordedCall): ApiRequest {
    const [service = "", operation = ""] = name.split(":");
    return call(service === "cloudwatch" ? "monitoring" : service, operation, { ...input });
  }

  function denialBy(statements: readonly PolicyStatement[], made: RecordedCall) {
    return denialOf(requestOf(made), SESSION, [parsePolicy(documentOf(statements), "guard")], KEY_ARN);
  }

  /** A statement that is left with no action goes. */
  function without(action: string): PolicyStatement[] {
    return policy().flatMap((statement) => {
      const Action = [statement.Action].flat().filter((one) => one !== action);
      return Action.length === 0 ? [] : [{ ...statement, Action }];
    });
  }

  it("allows every call of the guard's", async () => {
    const calls = await callsOf();

    expect(calls.length).toBeGreaterThan(100);
    expect(calls.map((made) => denialBy(policy(), made)).filter((denial) => denial !== undefined)).toEqual(
      [],
    );
  });

  it("refuses a call when any of the actions it needs is taken away", async () => {
    const calls = new Map((await callsOf()).map((made) => [JSON.stringify(needsOf(made)), made]));

    for (const made of calls.values()) {
      for (const { action } of needsOf(made)) {
        expect(denialBy(without(action), made)?.message).toContain(`not authorized to perform: ${action} on`);
      }
    }
  });
});

describe("denialOf", () => {
  function policiesOf(...statements: readonly object[]): Policy[] {
    return [parsePolicy(documentOf(statements), "p")];
  }

  it("says in the words of AWS that nothing allows a call", () => {
    expect(denialOf(START, SESSION, policiesOf())).toEqual({
      code: "AccessDeniedException",
      status: 400,
      message: `User: ${SESSION.sessionArn} is not authorized to perform: cloudtrail:StartLogging on resource: ${TRAIL_ARN} because no identity-based policy allows the cloudtrail:StartLogging action`,
    });
  });

  it("says in the words of AWS that something denies it", () => {
    const deny = { Effect: "Deny", Action: "*", Resource: "*" };
    expect(denialOf(START, SESSION, policiesOf(ALLOW_START, deny))?.message).toBe(
      `User: ${SESSION.sessionArn} is not authorized to perform: cloudtrail:StartLogging on resource: ${TRAIL_ARN} with an explicit deny in an identity-based policy`,
    );
  });

  it.each([
    ["s3", "GetBucketPolicy", { Bucket: "b" }, "AccessDenied", 403],
    ["monitoring", "DescribeAlarms", {}, "AccessDenied", 403],
    ["sns", "Publish", { TopicArn: TOPIC_ARN }, "AuthorizationError", 403],
    ["lambda", "Invoke", { FunctionName: "f" }, "AccessDeniedException", 403],
    ["kms", "DescribeKey", { KeyId: "k" }, "AccessDeniedException", 400],
  ])("has the error code of %s", (service, operation, input, code, status) => {
    expect(denialOf(call(service, operation, input), SESSION, [])).toMatchObject({ code, status });
  });

  it("refuses a call that it doesn't know, and says so", () => {
    const everything = policiesOf({ Effect: "Allow", Action: "*", Resource: "*" });
    expect(denialOf(call("s3", "PutObject", {}), SESSION, everything)).toEqual({
      code: "AccessDenied",
      status: 403,
      message:
        "this emulator doesn't know what PutObject of s3 needs: it isn't among the calls that are judged here",
    });
  });

  it.each([
    ["a name that any ending lets", "secret:slack-??????", undefined],
    ["a name that begins with it", "secret:slack-more-??????", "secret:slack-??????"],
    ["any", "*", undefined],
  ])("judges who asks for a secret by its name by %s", (_, allowed, refused) => {
    const of = (secret: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:${secret}`;
    const Resource = allowed === "*" ? "*" : of(allowed);
    const policies = policiesOf({ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource });
    const denial = denialOf(
      call("secretsmanager", "GetSecretValue", { SecretId: "slack" }),
      SESSION,
      policies,
    );
    expect(denial?.message).toEqual(
      refused === undefined ? undefined : expect.stringContaining(`on resource: ${of(refused)} because`),
    );
  });

  it("knows the caller, the region and that AWS would be asked over TLS", () => {
    const Condition = {
      Bool: { "aws:SecureTransport": "true" },
      ArnEquals: { "aws:PrincipalArn": GUARD_ROLE_ARN },
      StringEquals: { "aws:PrincipalAccount": ACCOUNT, "aws:RequestedRegion": REGION },
    };
    expect(denialOf(START, SESSION, policiesOf({ ...ALLOW_START, Condition }))).toBeUndefined();
  });
});

/** The little of IAM and SNS that is asked, with pages of one. */
class FakeEmulator {
  readonly asked: string[] = [];
  /** URL-encoded JSON, as IAM gives it. */
  inline = new Map<string, string>();
  /** Documents by ARN and version; the last version is the default. */
  attached = new Map<string, readonly string[]>();
  hasBoundary = false;
  isDown = false;
  topicKey = "";
  readonly #server: Server = createServer(async (incoming, outgoing) => {
    const form = new URLSearchParams(await text(incoming));
    const action = form.get("Action") ?? "";
    this.asked.push(action);
    const result = this.isDown ? undefined : this.#result(action, form);
    const [status, body] =
      result === undefined
        ? [
            404,
            "<ErrorResponse><Error><Code>NotFound</Code><Message>no such thing</Message></Error></ErrorResponse>",
          ]
        : [200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`];
    outgoing.writeHead(status, { "content-type": "text/xml" }).end(body);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #result(action: string, form: URLSearchParams): string | undefined {
    const arn = form.get("PolicyArn") ?? "";
    switch (action) {
      case "GetRole": {
        const trust = documentOf([
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ]);
        const boundary = this.hasBoundary
          ? "<PermissionsBoundary><PermissionsBoundaryArn>arn</PermissionsBoundaryArn></PermissionsBoundary>"
          : "";
        return `<Role><AssumeRolePolicyDocument>${encodeURIComponent(trust)}</AssumeRolePolicyDocument>${boundary}</Role>`;
      }
      case "ListRolePolicies":
        return page([...this.inline.keys()], form, "PolicyNames", (name) => name);
      case "GetRolePolicy":
        return `<PolicyDocument>${this.inline.get(form.get("PolicyName") ?? "")}</PolicyDocument>`;
      case "ListAttachedRolePolicies":
        return page(
          [...this.attached.keys()],
          form,
          "AttachedPolicies",
          (one) => `<PolicyArn>${one}</PolicyArn>`,
        );
      case "GetPolicy":
        return `<Policy><DefaultVersionId>v${this.attached.get(arn)?.length}</DefaultVersionId></Policy>`;
      case "GetPolicyVersion": {
        const version = Number(form.get("VersionId")?.slice(1));
        return `<PolicyVersion><Document>${this.attached.get(arn)?.[version - 1]}</Document></PolicyVersion>`;
      }
      case "GetTopicAttributes":
        return form.get("TopicArn") === TOPIC_ARN
          ? `<Attributes><entry><key>KmsMasterKeyId</key><value>${this.topicKey}</value></entry></Attributes>`
          : undefined;
      default:
        return undefined;
    }
  }
}

function page(all: string[], form: URLSearchParams, list: string, write: (one: string) => string): string {
  const index = Number(form.get("Marker") ?? 0);
  const member = all.slice(index, index + 1).map((one) => `<member>${write(one)}</member>`);
  const isTruncated = index + 1 < all.length;
  return `<${list}>${member.join("")}</${list}><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? `<Marker>${index + 1}</Marker>` : ""}`;
}

function encoded(...statements: readonly object[]): string {
  return encodeURIComponent(documentOf(statements));
}

describe("RolePolicies", () => {
  let emulator: FakeEmulator;
  let roles: RolePolicies;
  beforeEach(async () => {
    emulator = new FakeEmulator();
    roles = new RolePolicies(await emulator.start());
  });
  afterEach(async () => {
    roles.close();
    await emulator.stop();
  });

  it("reads all inline policies and the default versions of all attached ones", async () => {
    emulator.inline.set("a", encoded(ALLOW_START)).set("b", encoded());
    emulator.attached
      .set("arn:one", [encoded(), encoded(ALLOW_PUBLISH)])
      .set("arn:two", [encoded(ALLOW_START, ALLOW_START)]);

    const policies = await roles.policiesOf("enable_trail");

    expect(policies.map(({ name, statements }) => [name, statements.length])).toEqual([
      ["a of role enable_trail", 1],
      ["b of role enable_trail", 0],
      ["arn:one", 1],
      ["arn:two", 2],
    ]);
  });

  it("reads a trust policy", async () => {
    expect((await roles.trustPolicyOf("enable_trail")).statements).toHaveLength(1);
  });

  it("keeps what it read until it is told to forget", async () => {
    expect(await roles.judge(START, SESSION)).toBeDefined();
    const asked = emulator.asked.length;
    emulator.inline.set("a", encoded(ALLOW_START));
    expect(await roles.judge(START, SESSION)).toBeDefined();
    expect(emulator.asked).toHaveLength(asked);

    roles.forget();
    expect(await roles.judge(START, SESSION)).toBeUndefined();
    expect(emulator.asked.length).toBeGreaterThan(asked);
  });

  it("forgets trust policies as well", async () => {
    await roles.trustPolicyOf("enable_trail");
    roles.forget();
    await roles.trustPolicyOf("enable_trail");
    expect(emulator.asked).toEqual(["GetRole", "GetRole"]);
  });

  it("keeps no failure", async () => {
    emulator.isDown = true;
    await expect(roles.policiesOf("enable_trail")).rejects.toThrow("no such thing");
    emulator.isDown = false;
    await expect(roles.policiesOf("enable_trail")).resolves.toEqual([]);
  });

  it("refuses a role with a permissions boundary", async () => {
    emulator.hasBoundary = true;
    await expect(roles.policiesOf("enable_trail")).rejects.toThrow(
      "role enable_trail: it has a permissions boundary, which isn't judged here",
    );
  });

  it("refuses a call by a policy that it doesn't understand, and says so", async () => {
    emulator.inline.set("a", encoded({ ...ALLOW_START, Principal: "*" }));
    expect(await roles.judge(START, SESSION)).toEqual({
      code: "AccessDeniedException",
      status: 400,
      message:
        "this emulator can't judge the call: policy a of role enable_trail, statement 1: an identity-based policy has no Principal",
    });
  });

  it("judges who publishes to an encrypted topic by its key, too", async () => {
    emulator.inline.set("a", encoded(ALLOW_PUBLISH));
    emulator.topicKey = KEY_ARN;
    expect(await roles.judge(PUBLISH, SESSION)).toEqual({
      code: "KMSAccessDenied",
      status: 400,
      message: expect.stringContaining(
        `not authorized to perform: kms:GenerateDataKey on resource: ${KEY_ARN} because`,
      ),
    });
  });

  it("judges who publishes to a topic that isn't there by the call alone", async () => {
    const TopicArn = `${TOPIC_ARN}-gone`;
    emulator.inline.set("a", encoded({ ...ALLOW_PUBLISH, Resource: TopicArn }));
    expect(await roles.judge(call("sns", "Publish", { TopicArn }), SESSION)).toBeUndefined();
  });
});
