import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CloudTrailRecord } from "../../../../local/event-of-record";
import type { Caller } from "../../../../local/event-plane/callers";
import { recordOf, signInRecord } from "../../../../local/event-plane/record";
import { apiRequestOf } from "../../../../local/gateway/api-request";
import type { Call } from "../../../../local/gateway/call";
import { formCall, signedCall } from "../gateway/support";

// CloudTrail logs of real attacks, recorded by the makers of Stratus Red Team; they aren't part of this project.
const vectors = process.env.TRAILWARDEN_VECTORS ?? path.join(__dirname, "../../../../../shared/data");
const folder = path.join(vectors, "stratus-red-team");
const isPresent = existsSync(folder);

/** The records of changes by `SERVICE EVENT`; of several the last. */
function recordedChanges(): ReadonlyMap<string, CloudTrailRecord> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const records = files.flatMap((file): CloudTrailRecord[] =>
    JSON.parse(readFileSync(path.join(folder, file), "utf8")),
  );
  return new Map(
    records
      .filter(({ readOnly }) => readOnly === false)
      .map((record) => [`${String(record.eventSource).split(".")[0]} ${record.eventName}`, record]),
  );
}

function json(service: string, operation: string, input: object): Call {
  const headers = { "x-amz-target": `Service.${operation}` };
  return signedCall(service, { headers, body: Buffer.from(JSON.stringify(input)) });
}

function lambda(method: string, functionPath: string, input: object): Call {
  const body = Buffer.from(JSON.stringify(input));
  return signedCall("lambda", { method, path: `/2015-03-31/functions/${functionPath}`, body });
}

const FUNCTION = encodeURIComponent("arn:aws:lambda:eu-central-1:111122223333:function:f");

/** The calls that the attacks made. */
const CALLS: Readonly<Record<string, Call>> = {
  "cloudtrail DeleteTrail": json("cloudtrail", "DeleteTrail", { Name: "main" }),
  "cloudtrail PutEventSelectors": json("cloudtrail", "PutEventSelectors", {
    TrailName: "main",
    EventSelectors: [
      {
        ReadWriteType: "ReadOnly",
        IncludeManagementEvents: false,
        DataResources: [
          { Type: "AWS::S3::Object", Values: [] },
          { Type: "AWS::Lambda::Function", Values: [] },
        ],
        ExcludeManagementEventSources: [],
      },
    ],
  }),
  "cloudtrail StopLogging": json("cloudtrail", "StopLogging", { Name: "main" }),
  "ec2-instance-connect SendSSHPublicKey": json("ec2-instance-connect", "SendSSHPublicKey", {
    InstanceId: "i-1",
    InstanceOSUser: "ec2-user",
    SSHPublicKey: "ssh-ed25519",
  }),
  "ec2 AuthorizeSecurityGroupIngress": formCall("ec2", {
    Action: "AuthorizeSecurityGroupIngress",
    GroupId: "sg-1",
    CidrIp: "0.0.0.0/0",
    IpProtocol: "tcp",
    FromPort: "22",
    ToPort: "22",
  }),
  "ec2 DeleteFlowLogs": formCall("ec2", { Action: "DeleteFlowLogs", "FlowLogId.1": "fl-1" }),
  "ec2 EnableSerialConsoleAccess": formCall("ec2", { Action: "EnableSerialConsoleAccess" }),
  "ec2 ModifyInstanceAttribute": formCall("ec2", {
    Action: "ModifyInstanceAttribute",
    InstanceId: "i-1",
    "UserData.Value": "IyEvYmluL3No",
  }),
  "ec2 RunInstances": formCall("ec2", {
    Action: "RunInstances",
    ImageId: "ami-1",
    InstanceType: "p2.xlarge",
    MinCount: "1",
    MaxCount: "10",
    SubnetId: "subnet-1",
    ClientToken: "token",
  }),
  "ec2 StartInstances": formCall("ec2", { Action: "StartInstances", "InstanceId.1": "i-1" }),
  "ec2 StopInstances": formCall("ec2", { Action: "StopInstances", Force: "true", "InstanceId.1": "i-1" }),
  "iam AttachRolePolicy": formCall("iam", { Action: "AttachRolePolicy", RoleName: "r", PolicyArn: "arn" }),
  "iam AttachUserPolicy": formCall("iam", { Action: "AttachUserPolicy", UserName: "u", PolicyArn: "arn" }),
  "iam CreateAccessKey": formCall("iam", { Action: "CreateAccessKey", UserName: "u" }),
  "iam CreateLoginProfile": formCall("iam", { Action: "CreateLoginProfile", UserName: "u", Password: "p" }),
  "iam CreateRole": formCall("iam", {
    Action: "CreateRole",
    RoleName: "r",
    AssumeRolePolicyDocument: "{}",
    PermissionsBoundary: "arn",
  }),
  "iam CreateUser": formCall("iam", {
    Action: "CreateUser",
    UserName: "u",
    "Tags.member.1.Key": "StratusRedTeam",
    "Tags.member.1.Value": "true",
  }),
  "iam DeleteLoginProfile": formCall("iam", { Action: "DeleteLoginProfile", UserName: "u" }),
  "iam UpdateAssumeRolePolicy": formCall("iam", {
    Action: "UpdateAssumeRolePolicy",
    RoleName: "r",
    PolicyDocument: "{}",
  }),
  "iam UpdateLoginProfile": formCall("iam", { Action: "UpdateLoginProfile", UserName: "u", Password: "p" }),
  "lambda AddPermission20150331v2": lambda("POST", "f/policy", {
    Action: "lambda:InvokeFunction",
    Principal: "*",
    StatementId: "backdoor",
  }),
  "lambda UpdateFunctionCode20150331v2": lambda("PUT", `${FUNCTION}/code`, {
    ZipFile: "eA==",
    Publish: true,
  }),
  "lambda UpdateFunctionConfiguration20150331v2": lambda("PUT", `${FUNCTION}/configuration`, {
    Layers: ["arn:aws:lambda:eu-central-1:111122223333:layer:l:1"],
  }),
  "organizations LeaveOrganization": json("organizations", "LeaveOrganization", {}),
  "ssm SendCommand": json("ssm", "SendCommand", {
    DocumentName: "AWS-RunShellScript",
    InstanceIds: ["i-1", "i-2", "i-3"],
    Parameters: { commands: ["id"] },
  }),
  "ssm StartSession": json("ssm", "StartSession", { Target: "i-1" }),
  "ssm TerminateSession": json("ssm", "TerminateSession", { SessionId: "s" }),
  "sts GetFederationToken": formCall("sts", { Action: "GetFederationToken", Name: "n", Policy: "{}" }),
};

/** Changes that can't be rebuilt: of protocols that aren't read, or with members that the service fills in. */
const OTHERS = [
  "bedrock CreateFoundationModelAgreement",
  "bedrock PutFoundationModelEntitlement",
  "bedrock PutUseCaseForModelAccess",
  "ec2-instance-connect SendSerialConsoleSSHPublicKey",
  "ec2 ModifyImageAttribute",
  "ec2 ModifySnapshotAttribute",
  "rds ModifyDBSnapshotAttribute",
  "rolesanywhere CreateProfile",
  "rolesanywhere CreateTrustAnchor",
  "route53resolver DeleteResolverQueryLogConfig",
  "signin ConsoleLogin",
];

/** Fields that come from the answer or from the connection. */
const NOT_OF_THE_REQUEST = ["responseElements", "tlsDetails"];

const CALLERS: Readonly<Record<string, Caller>> = {
  IAMUser: { kind: "user", userName: "u", arn: "arn:aws:iam::111122223333:user/u" },
  AssumedRole: { kind: "role", roleArn: "arn:role/r", roleName: "r", sessionName: "s", arn: "arn" },
};

/** Members by path, with their types: of `{ a: [{ b: 1 }] }` it is `a.0.b: number`. */
function shapeOf(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    return [`${at}: ${JSON.stringify(value) === "{}" || value === null ? value : typeof value}`];
  }
  return Object.entries(value)
    .flatMap(([name, inner]) => shapeOf(inner, at === "" ? name : `${at}.${name}`))
    .sort();
}

(isPresent ? describe : describe.skip)(
  isPresent
    ? "over recorded attacks"
    : "over recorded attacks (skipped: TRAILWARDEN_VECTORS names no folder with stratus-red-team)",
  () => {
    const changes = isPresent ? recordedChanges() : new Map<string, CloudTrailRecord>();

    it("every change is one of these", () => {
      expect([...changes.keys()].sort()).toEqual([...Object.keys(CALLS), ...OTHERS].sort());
    });

    it.each(Object.entries(CALLS))("%s has the shape that AWS gave it", (name, call) => {
      const { errorCode, errorMessage, ...recorded } = changes.get(name) ?? {};
      const identity = recorded.userIdentity as { readonly type: string };
      const request = apiRequestOf({
        ...call,
        headers: {
          ...call.headers,
          authorization: call.headers.authorization?.replace("mallory", "AKIAX"),
        },
      });
      const record =
        request &&
        recordOf(request, failureOf(errorCode, errorMessage), CALLERS[identity.type] as Caller, {
          accountId: "111122223333",
          time: new Date(),
        });

      expect(`${String(record?.eventSource).split(".")[0]} ${record?.eventName}`).toBe(name);
      expect(record?.errorCode).toBe(errorCode);
      expect(shapeOf(record?.requestParameters)).toEqual(shapeOf(recorded.requestParameters));
      expect(shapeOf(record?.userIdentity)).toEqual(shapeOf(identity));
      const { errorCode: _, errorMessage: __, ...others } = record ?? {};
      expect(fieldsOf(others)).toEqual(fieldsOf(recorded));
    });

    it("so has a sign-in", () => {
      const recorded = changes.get("signin ConsoleLogin") ?? {};
      const record = signInRecord({
        userName: "u",
        accountId: "111122223333",
        region: "us-east-1",
        succeeded: true,
        mfa: false,
        time: new Date(),
      });

      expect(fieldsOf(record)).toEqual(fieldsOf(recorded));
      for (const field of ["userIdentity", "responseElements", "additionalEventData"]) {
        expect(shapeOf(record[field])).toEqual(shapeOf(recorded[field]));
      }
    });
  },
);

/** What the service answered before CloudTrail spelled it. */
function failureOf(errorCode: unknown, errorMessage: unknown) {
  return errorCode === undefined
    ? {}
    : {
        errorCode: String(errorCode).replace(/^Client\.|(?<=Unmodifiable)Exception$/g, ""),
        errorMessage: String(errorMessage),
      };
}

function fieldsOf(record: CloudTrailRecord): string[] {
  return Object.keys(record)
    .filter((field) => !NOT_OF_THE_REQUEST.includes(field))
    .sort();
}
