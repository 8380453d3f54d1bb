import { Callers } from "../../../../local/event-plane/callers";
import type { ApiRequest } from "../../../../local/gateway/api-request";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/teams/security/guard`;

function request(operation: string, input: ApiRequest["input"], accessKeyId = "mallory"): ApiRequest {
  return { service: "sts", operation, region: "eu-central-1", input, accessKeyId, userAgent: "test" };
}

let callers: Callers;
beforeEach(() => {
  callers = new Callers(ACCOUNT);
});

describe("Callers", () => {
  it("takes a key that nobody issued for an IAM user of that name", () => {
    expect(callers.of("mallory")).toEqual({
      kind: "user",
      userName: "mallory",
      arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
    });
    expect(new Callers(ACCOUNT, "aws-cn").of("mallory")).toMatchObject({
      arn: `arn:aws-cn:iam::${ACCOUNT}:user/mallory`,
    });
  });

  it("issues credentials of a role's session, each their own", () => {
    const credentials = callers.issue(ROLE, "guard-function");
    const others = callers.issue(ROLE, "another");

    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(credentials.secretAccessKey).toHaveLength(40);
    expect(credentials.sessionToken.length).toBeGreaterThan(100);
    expect(callers.of(credentials.accessKeyId)).toEqual({
      kind: "role",
      roleArn: ROLE,
      roleName: "guard",
      sessionName: "guard-function",
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/guard/guard-function`,
    });
    expect(callers.of(others.accessKeyId)).toMatchObject({ sessionName: "another" });
    expect(Object.values(others)).not.toContain(credentials.secretAccessKey);
  });

  it("learns of a role that was assumed, in whatever account", () => {
    const RoleArn = "arn:aws-us-gov:iam::444455556666:role/ops";
    callers.note(
      request("AssumeRole", { RoleArn, RoleSessionName: "alice" }),
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <SecretAccessKey>s</SecretAccessKey><AccessKeyId>ASIAX</AccessKeyId></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );

    expect(callers.of("ASIAX")).toEqual({
      kind: "role",
      roleArn: RoleArn,
      roleName: "ops",
      sessionName: "alice",
      arn: "arn:aws-us-gov:sts::444455556666:assumed-role/ops/alice",
    });
  });

  it.each([
    ["another user", "<UserName>bob</UserName>", "bob"],
    ["the caller", "", "mallory"],
  ])("learns of a key that was made for %s", (_, userName, expected) => {
    callers.note(
      request("CreateAccessKey", {}),
      `<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey>${userName}<AccessKeyId>AKIAX</AccessKeyId>
        </AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>`,
    );

    expect(callers.of("AKIAX")).toMatchObject({ kind: "user", userName: expected });
  });

  it("learns that a session is its user's", () => {
    callers.note(
      request("GetSessionToken", {}),
      `<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>ASIAX</AccessKeyId></Credentials>
        </GetSessionTokenResult></GetSessionTokenResponse>`,
    );

    expect(callers.of("ASIAX")).toEqual(callers.of("mallory"));
  });

  it.each([
    ["a refusal", "AssumeRole", "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"],
    ["no XML", "AssumeRole", "{}"],
    ["no text", "AssumeRole", { AccessKeyId: "ASIAX" }],
    [
      "an answer without a key",
      "AssumeRole",
      "<AssumeRoleResponse><AssumeRoleResult><Credentials/></AssumeRoleResult></AssumeRoleResponse>",
    ],
    [
      "an answer of another call",
      "GetFederationToken",
      "<GetFederationTokenResponse><GetFederationTokenResult><Credentials><AccessKeyId>ASIAX</AccessKeyId></Credentials></GetFederationTokenResult></GetFederationTokenResponse>",
    ],
  ])("learns nothing of %s", (_, operation, answer) => {
    callers.note(request(operation, { RoleArn: ROLE, RoleSessionName: "s" }), answer);

    expect(callers.of("ASIAX")).toMatchObject({ kind: "user", userName: "ASIAX" });
  });
});
