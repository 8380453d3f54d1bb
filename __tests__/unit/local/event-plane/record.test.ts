import fc from "fast-check";
import type { Caller } from "../../../../local/event-plane/callers";
import { type CallOutcome, recordOf, signInRecord } from "../../../../local/event-plane/record";
import { type ApiRequest, apiRequestOf } from "../../../../local/gateway/api-request";
import { formCall } from "../gateway/support";

const ACCOUNT = "111122223333";
const AT = { accountId: ACCOUNT, time: new Date("2026-03-02T09:14:27.789Z") };
const UUID = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);

const USER: Caller = { kind: "user", userName: "mallory", arn: `arn:aws:iam::${ACCOUNT}:user/mallory` };
const ROLE: Caller = {
  kind: "role",
  roleArn: `arn:aws:iam::${ACCOUNT}:role/teams/guard`,
  roleName: "guard",
  sessionName: "session",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/guard/session`,
};

const STOP: ApiRequest = {
  service: "cloudtrail",
  operation: "StopLogging",
  region: "eu-central-1",
  input: { Name: "main" },
  accessKeyId: "mallory",
  userAgent: "aws-cli/2",
};

function record(request: Partial<ApiRequest> = {}, outcome: CallOutcome = {}, caller = USER) {
  return recordOf({ ...STOP, ...request }, outcome, caller, AT);
}

describe("recordOf", () => {
  it("writes what CloudTrail writes of a call", () => {
    expect(record()).toEqual({
      eventVersion: "1.11",
      userIdentity: {
        type: "IAMUser",
        principalId: expect.stringMatching(/^AIDA[\dA-Z]{17}$/),
        arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
        accountId: ACCOUNT,
        accessKeyId: "mallory",
        userName: "mallory",
      },
      eventTime: "2026-03-02T09:14:27Z",
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: "eu-central-1",
      sourceIPAddress: "203.0.113.10",
      userAgent: "aws-cli/2",
      requestParameters: { name: "main" },
      responseElements: null,
      requestID: UUID,
      eventID: UUID,
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: "Management",
    });
  });

  it("tells calls apart, and knows a caller again", () => {
    const [first, second] = [record(), record()];

    expect(first?.eventID).not.toBe(second?.eventID);
    expect(first?.userIdentity).toEqual(second?.userIdentity);
  });

  it("says from where, and puts S3's user agent in brackets", () => {
    const at = { ...AT, sourceIpAddress: "198.51.100.7" };
    expect(recordOf(STOP, {}, USER, at)).toMatchObject({ sourceIPAddress: "198.51.100.7" });
    expect(record({ service: "s3", operation: "DeleteBucket" })).toMatchObject({ userAgent: "[aws-cli/2]" });
  });

  it("knows a role's session", () => {
    const principalId = expect.stringMatching(/^AROA[\dA-Z]{17}$/);
    const identity = record({ accessKeyId: "ASIAX" }, {}, ROLE)?.userIdentity;

    expect(identity).toEqual({
      type: "AssumedRole",
      principalId: expect.stringMatching(/^AROA[\dA-Z]{17}:session$/),
      arn: ROLE.kind === "role" ? ROLE.arn : "",
      accountId: ACCOUNT,
      accessKeyId: "ASIAX",
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId,
          arn: `arn:aws:iam::${ACCOUNT}:role/teams/guard`,
          accountId: ACCOUNT,
          userName: "guard",
        },
        attributes: { creationDate: "2026-03-02T09:14:27Z", mfaAuthenticated: "false" },
      },
    });
  });

  it("knows a user's session, root and a service", () => {
    expect(record({ accessKeyId: "ASIAX" })).toMatchObject({
      userIdentity: { type: "IAMUser", sessionContext: { attributes: { mfaAuthenticated: "false" } } },
    });
    const arn = `arn:aws:iam::${ACCOUNT}:root`;
    expect(record({ accessKeyId: "AKIAX" }, {}, { kind: "root", arn })).toMatchObject({
      userIdentity: { type: "Root", principalId: ACCOUNT, arn, accountId: ACCOUNT, accessKeyId: "AKIAX" },
    });
    const service = "autoscaling.amazonaws.com";
    expect(record({}, {}, { kind: "service", service })).toMatchObject({
      userIdentity: { type: "AWSService", invokedBy: service },
      sourceIPAddress: service,
      userAgent: service,
    });
  });

  it.each([
    ["iam", "eu-central-1", "us-east-1"],
    ["iam", "us-gov-east-1", "us-gov-west-1"],
    ["organizations", "cn-northwest-1", "cn-north-1"],
    ["sts", "eu-central-1", "eu-central-1"],
    ["cloudtrail", "us-gov-east-1", "us-gov-east-1"],
  ])("records a call of %s, signed for %s, in %s", (service, region, expected) => {
    expect(record({ service, region, operation: "GetFederationToken".replace(/^Get/, "Put") })).toMatchObject(
      {
        awsRegion: expected,
      },
    );
  });

  it.each([
    ["cloudtrail", "TrailNotFoundException", "TrailNotFoundException", { name: "main" }],
    ["cloudtrail", "com.amazonaws.cloudtrail#AccessDeniedException", "AccessDenied", null],
    ["iam", "AccessDenied", "AccessDenied", null],
    ["iam", "NoSuchEntity", "NoSuchEntityException", { name: "main" }],
    ["iam", "ValidationError", "ValidationError", { name: "main" }],
    ["ec2", "UnauthorizedOperation", "Client.UnauthorizedOperation", { name: "main" }],
    ["ec2", "InternalError", "Server.InternalError", { name: "main" }],
  ])("of %s: a failure with %s is %s", (service, code, errorCode, requestParameters) => {
    expect(record({ service }, { errorCode: code, errorMessage: "why" })).toMatchObject({
      errorCode,
      errorMessage: "why",
      requestParameters,
    });
  });

  it("keeps the bucket of a denied call", () => {
    const denied = record(
      { service: "s3", operation: "DeleteBucketPolicy", input: { Bucket: "b" }, region: "cn-north-1" },
      { errorCode: "AccessDenied" },
    );

    expect(denied).toMatchObject({ errorCode: "AccessDenied" });
    expect(denied?.requestParameters).toEqual({
      bucketName: "b",
      Host: "b.s3.cn-north-1.amazonaws.com.cn",
      policy: "",
    });
  });

  it("has no parameters of a call that has none", () => {
    expect(record({ service: "organizations", operation: "LeaveOrganization", input: {} })).toMatchObject({
      requestParameters: null,
    });
  });

  it.each([
    [
      "ssm",
      "SendCommand",
      { Parameters: { commands: ["id"] } },
      { interactive: false, parameters: "HIDDEN_DUE_TO_SECURITY_REASONS" },
    ],
    ["iam", "ChangePassword", { OldPassword: "a", NewPassword: "b" }, null],
    ["secretsmanager", "PutSecretValue", { SecretId: "s", SecretString: "x" }, { secretId: "s" }],
    ["kms", "ImportKeyMaterial", { KeyId: "k", EncryptedKeyMaterial: "x" }, { keyId: "k" }],
  ])("hides the secrets of %s:%s", (service, operation, input, expected) => {
    expect(record({ service, operation, input })?.requestParameters).toEqual(expected);
  });

  it("reads the XML of S3 as CloudTrail does", () => {
    const { requestParameters } =
      record({
        service: "s3",
        operation: "PutBucketTagging",
        input: {
          Bucket: "b",
          Tagging: {
            Tag: [
              { Key: "true", Value: "30" },
              { Key: "007", Value: "-1" },
            ],
          },
        },
      }) ?? {};

    expect(requestParameters).toMatchObject({
      tagging: "",
      Tagging: {
        Tag: [
          { Key: true, Value: 30 },
          { Key: "007", Value: -1 },
        ],
      },
    });
  });

  it("keeps a policy that isn't JSON as it is", () => {
    const { requestParameters } =
      record({ service: "s3", operation: "PutBucketPolicy", input: { Bucket: "b", Policy: "{" } }) ?? {};
    expect(requestParameters).toMatchObject({ bucketPolicy: "{" });
  });
});

describe("recordOf, of EC2", () => {
  it.each([
    [
      { Action: "StopInstances", "InstanceId.1": "i-1", "InstanceId.2": "i-2", Force: "true" },
      { instancesSet: { items: [{ instanceId: "i-1" }, { instanceId: "i-2" }] }, force: true },
    ],
    [
      {
        Action: "AuthorizeSecurityGroupIngress",
        GroupId: "sg-1",
        "IpPermissions.1.IpProtocol": "tcp",
        "IpPermissions.1.FromPort": "22",
        "IpPermissions.1.ToPort": "22",
        "IpPermissions.1.IpRanges.1.CidrIp": "0.0.0.0/0",
      },
      {
        groupId: "sg-1",
        ipPermissions: {
          items: [
            {
              ipProtocol: "tcp",
              fromPort: 22,
              toPort: 22,
              groups: {},
              ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
    ],
    [
      {
        Action: "CreateSecurityGroup",
        GroupName: "g",
        GroupDescription: "d",
        "TagSpecification.1.ResourceType": "security-group",
        "TagSpecification.1.Tag.1.Key": "K",
        "TagSpecification.1.Tag.1.Value": "true",
      },
      {
        groupName: "g",
        groupDescription: "d",
        tagSpecificationSet: {
          items: [{ resourceType: "security-group", tags: [{ key: "K", value: "true" }] }],
        },
      },
    ],
    [
      { Action: "CreateTags", "ResourceId.1": "i-1", "Tag.1.Key": "K", "Tag.1.Value": "V" },
      { resourcesSet: { items: [{ resourceId: "i-1" }] }, tagSet: { items: [{ key: "K", value: "V" }] } },
    ],
    [
      {
        Action: "CreateNetworkAclEntry",
        NetworkAclId: "acl-1",
        RuleNumber: "1",
        Protocol: "-1",
        Egress: "false",
      },
      {
        networkAclId: "acl-1",
        ruleNumber: 1,
        egress: false,
        aclProtocol: "-1",
        icmpTypeCode: {},
        portRange: {},
      },
    ],
    [
      { Action: "DeleteFlowLogs", "FlowLogId.1": "fl-1", "FlowLogId.2": "fl-2" },
      {
        DeleteFlowLogsRequest: {
          FlowLogId: [
            { tag: 1, content: "fl-1" },
            { tag: 2, content: "fl-2" },
          ],
        },
      },
    ],
    [
      { Action: "ModifySubnetAttribute", "SubnetId.1": "subnet-1" },
      { subnetIdSet: { items: [{ subnetId: "subnet-1" }] } },
    ],
  ])("%j", (form, expected) => {
    const request = apiRequestOf(formCall("ec2", form as Record<string, string>));

    expect(request && recordOf(request, {}, USER, AT)?.requestParameters).toEqual(expected);
  });
});

it("recordOf never throws", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("ec2", "s3", "lambda", "iam", "ssm", "kms", "none"),
      fc.constantFrom(
        "RunInstances",
        "DeleteFlowLogs",
        "CreateNetworkAclEntry",
        "PutBucketPolicy",
        "UpdateFunctionCode",
        "PutParameter",
      ),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.option(fc.string(), { nil: undefined }),
      (service, operation, input, errorCode) => {
        expect(record({ service, operation, input }, { errorCode })).toBeDefined();
      },
    ),
    { numRuns: 300 },
  );
});

describe("signInRecord", () => {
  const signIn = { ...AT, userName: "alice", region: "us-east-1", succeeded: true, mfa: true };

  it("writes what CloudTrail writes of a sign-in", () => {
    expect(signInRecord(signIn)).toEqual({
      eventVersion: "1.08",
      userIdentity: {
        type: "IAMUser",
        principalId: expect.stringMatching(/^AIDA/),
        arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
        accountId: ACCOUNT,
        userName: "alice",
      },
      eventTime: "2026-03-02T09:14:27Z",
      eventSource: "signin.amazonaws.com",
      eventName: "ConsoleLogin",
      awsRegion: "us-east-1",
      sourceIPAddress: "203.0.113.10",
      userAgent: expect.stringContaining("Mozilla"),
      requestParameters: null,
      responseElements: { ConsoleLogin: "Success" },
      additionalEventData: {
        LoginTo: "https://console.aws.amazon.com/console/home",
        MobileVersion: "No",
        MFAUsed: "Yes",
      },
      eventID: UUID,
      readOnly: false,
      eventType: "AwsConsoleSignIn",
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: "Management",
    });
  });

  it("says that it failed, without whom it would have been confirmed by", () => {
    const failed = {
      ...signIn,
      succeeded: false,
      mfa: false,
      sourceIpAddress: "198.51.100.7",
      region: "us-gov-west-1",
    };

    expect(signInRecord(failed)).toMatchObject({
      errorMessage: "Failed authentication",
      responseElements: { ConsoleLogin: "Failure" },
      additionalEventData: { MFAUsed: "No" },
      sourceIPAddress: "198.51.100.7",
      userIdentity: { arn: `arn:aws-us-gov:iam::${ACCOUNT}:user/alice` },
    });
  });
});
