import type { ApiRequest } from "../../../../local/gateway/api-request";
import { requirementsOf, UnknownCallError } from "../../../../local/iam/requirements";

const ACCOUNT = { accountId: "111122223333", partition: "aws-cn" };

function arn(service: string, resource: string): string {
  return `arn:aws-cn:${service}:eu-west-1:111122223333:${resource}`;
}

function call(service: string, operation: string, input: ApiRequest["input"]): ApiRequest {
  return { service, operation, input, region: "eu-west-1", accessKeyId: "ASIA", userAgent: "test" };
}

const TRAIL = "arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/t";
const GROUP = arn("logs", "log-group:/trail:log-stream:");
const ROLE = "arn:aws-cn:iam::111122223333:role/delivery";
const SECRET = arn("secretsmanager", "secret:slack-AbCdEf");

describe("requirementsOf", () => {
  it.each<[string, string, ApiRequest["input"], [string, string][]]>([
    [
      "cloudtrail",
      "GetTrailStatus",
      { Name: "t" },
      [["cloudtrail:GetTrailStatus", arn("cloudtrail", "trail/t")]],
    ],
    ["cloudtrail", "StartLogging", { Name: TRAIL }, [["cloudtrail:StartLogging", TRAIL]]],
    ["cloudtrail", "PutEventSelectors", { TrailName: TRAIL }, [["cloudtrail:PutEventSelectors", TRAIL]]],
    ["cloudtrail", "AddTags", { ResourceId: TRAIL }, [["cloudtrail:AddTags", TRAIL]]],
    ["cloudtrail", "ListTags", { ResourceIdList: [TRAIL] }, [["cloudtrail:ListTags", TRAIL]]],
    [
      "cloudtrail",
      "CreateTrail",
      { Name: "t", TagsList: [{ Key: "k" }], CloudWatchLogsRoleArn: ROLE },
      [
        ["cloudtrail:CreateTrail", arn("cloudtrail", "trail/t")],
        ["cloudtrail:AddTags", arn("cloudtrail", "trail/t")],
        ["iam:PassRole", ROLE],
      ],
    ],
    ["cloudtrail", "UpdateTrail", { Name: TRAIL, TagsList: [] }, [["cloudtrail:UpdateTrail", TRAIL]]],
    [
      "s3",
      "PutBucketLifecycleConfiguration",
      { Bucket: "b" },
      [["s3:PutLifecycleConfiguration", "arn:aws-cn:s3:::b"]],
    ],
    ["s3", "GetBucketEncryption", { Bucket: "b" }, [["s3:GetEncryptionConfiguration", "arn:aws-cn:s3:::b"]]],
    ["s3", "GetPublicAccessBlock", { Bucket: "b" }, [["s3:GetBucketPublicAccessBlock", "arn:aws-cn:s3:::b"]]],
    ["kms", "EnableKey", { KeyId: "k" }, [["kms:EnableKey", arn("kms", "key/k")]]],
    ["kms", "Decrypt", { KeyId: arn("kms", "key/k") }, [["kms:Decrypt", arn("kms", "key/k")]]],
    [
      "logs",
      "DescribeLogGroups",
      { logGroupNamePrefix: "/trail" },
      [["logs:DescribeLogGroups", arn("logs", "log-group::log-stream:")]],
    ],
    ["logs", "PutMetricFilter", { logGroupName: "/trail" }, [["logs:PutMetricFilter", GROUP]]],
    ["logs", "FilterLogEvents", { logGroupName: "/trail" }, [["logs:FilterLogEvents", GROUP]]],
    [
      "logs",
      "FilterLogEvents",
      { logGroupIdentifier: arn("logs", "log-group:/trail") },
      [["logs:FilterLogEvents", GROUP]],
    ],
    [
      "logs",
      "AssociateKmsKey",
      { resourceIdentifier: arn("logs", "log-group:/trail:*") },
      [["logs:AssociateKmsKey", GROUP]],
    ],
    [
      "monitoring",
      "DescribeAlarms",
      { AlarmNames: ["a", "b"] },
      [
        ["cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:a")],
        ["cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:b")],
      ],
    ],
    [
      "monitoring",
      "DescribeAlarms",
      { AlarmNamePrefix: "a" },
      [["cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:*")]],
    ],
    [
      "monitoring",
      "EnableAlarmActions",
      { AlarmNames: ["a"] },
      [["cloudwatch:EnableAlarmActions", arn("cloudwatch", "alarm:a")]],
    ],
    ["events", "ListRules", { NamePrefix: "a" }, [["events:ListRules", "*"]]],
    ["events", "EnableRule", { Name: "r" }, [["events:EnableRule", arn("events", "rule/r")]]],
    [
      "events",
      "EnableRule",
      { Name: "r", EventBusName: arn("events", "event-bus/b") },
      [["events:EnableRule", arn("events", "rule/b/r")]],
    ],
    [
      "events",
      "PutEvents",
      { Entries: [{}, { EventBusName: "b" }, { EventBusName: "default" }] },
      [
        ["events:PutEvents", arn("events", "event-bus/default")],
        ["events:PutEvents", arn("events", "event-bus/b")],
      ],
    ],
    ["ssm", "GetParameter", { Name: "/a/b:3" }, [["ssm:GetParameter", arn("ssm", "parameter/a/b")]]],
    [
      "ssm",
      "GetParameters",
      { Names: ["a", arn("ssm", "parameter/b:label")] },
      [
        ["ssm:GetParameters", arn("ssm", "parameter/a")],
        ["ssm:GetParameters", arn("ssm", "parameter/b")],
      ],
    ],
    [
      "ssm",
      "PutParameter",
      { Name: "/a", Tags: [{}] },
      [
        ["ssm:PutParameter", arn("ssm", "parameter/a")],
        ["ssm:AddTagsToResource", arn("ssm", "parameter/a")],
      ],
    ],
    ["sns", "Publish", { TopicArn: arn("sns", "t") }, [["sns:Publish", arn("sns", "t")]]],
    [
      "sqs",
      "SendMessage",
      { QueueUrl: "http://127.0.0.1:4566/111122223333/q" },
      [["sqs:SendMessage", arn("sqs", "q")]],
    ],
    ["secretsmanager", "GetSecretValue", { SecretId: SECRET }, [["secretsmanager:GetSecretValue", SECRET]]],
    [
      "secretsmanager",
      "GetSecretValue",
      { SecretId: "slack/url" },
      [["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:slack/url-??????")]],
    ],
    [
      "ssm",
      "GetParameter",
      { Name: "/a", WithDecryption: true },
      [["ssm:GetParameter", arn("ssm", "parameter/a")]],
    ],
    ["dynamodb", "GetItem", { TableName: "t" }, [["dynamodb:GetItem", arn("dynamodb", "table/t")]]],
    ["dynamodb", "PutItem", { TableName: "t" }, [["dynamodb:PutItem", arn("dynamodb", "table/t")]]],
    [
      "dynamodb",
      "UpdateItem",
      { TableName: arn("dynamodb", "table/t") },
      [["dynamodb:UpdateItem", arn("dynamodb", "table/t")]],
    ],
    ["dynamodb", "DeleteItem", { TableName: "t" }, [["dynamodb:DeleteItem", arn("dynamodb", "table/t")]]],
    ["lambda", "Invoke", { FunctionName: "f" }, [["lambda:InvokeFunction", arn("lambda", "function:f")]]],
    [
      "lambda",
      "Invoke",
      { FunctionName: "111122223333:function:f", Qualifier: "live" },
      [["lambda:InvokeFunction", arn("lambda", "function:f:live")]],
    ],
  ])("%s %s %j needs %j", (service, operation, input, needed) => {
    const requirements = requirementsOf(call(service, operation, input), ACCOUNT);
    expect(requirements.map(({ action, resource }) => [action, resource])).toEqual(needed);
  });

  it("says to whom a role is passed", () => {
    const [, passRole] = requirementsOf(
      call("cloudtrail", "UpdateTrail", { Name: "t", CloudWatchLogsRoleArn: ROLE }),
      ACCOUNT,
    );
    expect(passRole).toEqual({
      action: "iam:PassRole",
      resource: ROLE,
      context: { "iam:PassedToService": "cloudtrail.amazonaws.com" },
    });
  });

  it("asks for the key of an encrypted topic", () => {
    const publish = call("sns", "Publish", { TopicArn: arn("sns", "t") });
    const context = { "kms:ViaService": "sns.eu-west-1.amazonaws.com" };
    expect(requirementsOf(publish, { ...ACCOUNT, topicKeyId: "k" }).slice(1)).toEqual([
      { action: "kms:GenerateDataKey", resource: arn("kms", "key/k"), context },
      { action: "kms:Decrypt", resource: arn("kms", "key/k"), context },
    ]);
  });

  it.each<[string, string, ApiRequest["input"], string]>([
    ["s3", "PutObject", { Bucket: "b" }, "it isn't among the calls that are judged here"],
    [
      "kms",
      "DescribeKey",
      { KeyId: "alias/trail" },
      "alias/trail is an alias of a key that isn't known here",
    ],
    [
      "kms",
      "DescribeKey",
      { KeyId: arn("kms", "alias/trail") },
      "is an alias of a key that isn't known here",
    ],
    ["kms", "Decrypt", { CiphertextBlob: "" }, "it has no text KeyId"],
    ["cloudtrail", "GetInsightSelectors", { EventDataStore: "e" }, "it has no text TrailName"],
    [
      "cloudtrail",
      "UpdateTrail",
      { Name: "t", IsOrganizationTrail: true },
      "a trail of an organization needs",
    ],
    ["monitoring", "EnableAlarmActions", { AlarmNames: [] }, "it has no list AlarmNames"],
    ["monitoring", "EnableAlarmActions", { AlarmNames: [7] }, "AlarmNames holds what is no text"],
    [
      "logs",
      "AssociateKmsKey",
      { resourceIdentifier: arn("logs", "query-result:*") },
      `${arn("logs", "query-result")} is no log group`,
    ],
    ["sns", "Publish", { PhoneNumber: "+1" }, "it has no text TopicArn or TargetArn"],
    ["sqs", "SendMessage", { QueueUrl: "q" }, "its QueueUrl ends in no account and name"],
    ["secretsmanager", "GetSecretValue", {}, "it has no text SecretId"],
    ["dynamodb", "Query", { TableName: "t" }, "it isn't among the calls that are judged here"],
  ])("doesn't guess what %s %s %j needs", (service, operation, input, reason) => {
    const judge = () => requirementsOf(call(service, operation, input), ACCOUNT);
    expect(judge).toThrow(UnknownCallError);
    expect(judge).toThrow(`this emulator doesn't know what ${operation} of ${service} needs: `);
    expect(judge).toThrow(reason);
  });
});
