import {
  CloudTrailClient,
  PutEventSelectorsCommand,
  RemoveTagsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import {
  AttachRolePolicyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateGrantCommand,
  DecryptCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { recordOf } from "../../../../local/event-plane/record";
import { type ApiRequest, apiRequestOf } from "../../../../local/gateway/api-request";
import { CallRecorder } from "../gateway/support";

const ACCOUNT = "111122223333";
const XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/";
const ZipFile = Buffer.from("code");

const recorder = new CallRecorder();
let aws: ReturnType<typeof clients>;
beforeAll(async () => {
  aws = clients(await recorder.start());
});
afterAll(() => recorder.stop());

function clients(settings: Awaited<ReturnType<CallRecorder["start"]>>) {
  return {
    cloudTrail: new CloudTrailClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secretsManager: new SecretsManagerClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
}

async function requestOf(asked: Promise<unknown>): Promise<ApiRequest> {
  const request = apiRequestOf(await recorder.callOf(asked));
  if (request === undefined) {
    throw new Error("not a call that can be read");
  }
  return request;
}

async function recordOfCall(asked: Promise<unknown>) {
  const caller = { kind: "user", userName: "mallory", arn: `arn:aws:iam::${ACCOUNT}:user/mallory` } as const;
  return recordOf(await requestOf(asked), {}, caller, { accountId: ACCOUNT, time: new Date() });
}

/** What every call on the bucket `b` tells. */
const OF_BUCKET = { bucketName: "b", Host: "b.s3.eu-central-1.amazonaws.com" };

describe("a call of the SDK is recorded as on AWS:", () => {
  it.each<[string, string, () => Promise<unknown>, object]>([
    [
      "cloudtrail",
      "StopLogging",
      () => aws.cloudTrail.send(new StopLoggingCommand({ Name: "main" })),
      { name: "main" },
    ],
    [
      "cloudtrail",
      "UpdateTrail",
      () =>
        aws.cloudTrail.send(
          new UpdateTrailCommand({ Name: "main", IsMultiRegionTrail: false, KmsKeyId: "k" }),
        ),
      { name: "main", isMultiRegionTrail: false, kmsKeyId: "k" },
    ],
    [
      "cloudtrail",
      "PutEventSelectors",
      () =>
        aws.cloudTrail.send(
          new PutEventSelectorsCommand({
            TrailName: "main",
            AdvancedEventSelectors: [
              { Name: "n", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
            ],
          }),
        ),
      {
        trailName: "main",
        advancedEventSelectors: [
          { name: "n", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
        ],
      },
    ],
    [
      "cloudtrail",
      "RemoveTags",
      () => aws.cloudTrail.send(new RemoveTagsCommand({ ResourceId: "arn", TagsList: [{ Key: "owner" }] })),
      { resourceId: "arn", tagsList: [{ key: "owner" }] },
    ],
    [
      "monitoring",
      "PutMetricAlarm",
      () =>
        aws.cloudWatch.send(
          new PutMetricAlarmCommand({
            AlarmName: "Root",
            Threshold: 1,
            Dimensions: [{ Name: "Trail", Value: "V" }],
          }),
        ),
      { alarmName: "Root", threshold: 1, dimensions: [{ name: "Trail", value: "V" }] },
    ],
    [
      "monitoring",
      "DisableAlarmActions",
      () => aws.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["Root", "IAM"] })),
      { alarmNames: ["Root", "IAM"] },
    ],
    [
      "logs",
      "PutMetricFilter",
      () =>
        aws.logs.send(
          new PutMetricFilterCommand({
            logGroupName: "/trail",
            filterName: "Root",
            filterPattern: "x",
            metricTransformations: [
              {
                metricName: "M",
                metricNamespace: "N",
                metricValue: "1",
                dimensions: { EventName: "$.eventName" },
              },
            ],
          }),
        ),
      {
        logGroupName: "/trail",
        filterName: "Root",
        filterPattern: "x",
        metricTransformations: [
          {
            metricName: "M",
            metricNamespace: "N",
            metricValue: "1",
            dimensions: { EventName: "$.eventName" },
          },
        ],
      },
    ],
    [
      "logs",
      "CreateLogGroup",
      () => aws.logs.send(new CreateLogGroupCommand({ logGroupName: "/trail", tags: { Owner: "sec" } })),
      { logGroupName: "/trail", tags: { Owner: "sec" } },
    ],
    [
      "logs",
      "DeleteLogGroup",
      () => aws.logs.send(new DeleteLogGroupCommand({ logGroupName: "/trail" })),
      { logGroupName: "/trail" },
    ],
    [
      "events",
      "PutRule",
      () =>
        aws.events.send(new PutRuleCommand({ Name: "guard", State: "DISABLED", EventPattern: '{"A":[1]}' })),
      { name: "guard", state: "DISABLED", eventPattern: '{"A":[1]}' },
    ],
    [
      "events",
      "PutTargets",
      () =>
        aws.events.send(
          new PutTargetsCommand({
            Rule: "guard",
            Targets: [
              {
                Id: "1",
                Arn: "arn",
                InputTransformer: { InputPathsMap: { State: "$.detail.state" }, InputTemplate: "<State>" },
                RetryPolicy: { MaximumRetryAttempts: 3 },
              },
            ],
          }),
        ),
      {
        rule: "guard",
        targets: [
          {
            id: "1",
            arn: "arn",
            inputTransformer: { inputPathsMap: { State: "$.detail.state" }, inputTemplate: "<State>" },
            retryPolicy: { maximumRetryAttempts: 3 },
          },
        ],
      },
    ],
    [
      "iam",
      "AttachRolePolicy",
      () => aws.iam.send(new AttachRolePolicyCommand({ RoleName: "guard", PolicyArn: "arn" })),
      { roleName: "guard", policyArn: "arn" },
    ],
    [
      "iam",
      "PutRolePolicy",
      () =>
        aws.iam.send(
          new PutRolePolicyCommand({ RoleName: "guard", PolicyName: "p", PolicyDocument: '{"A":1}' }),
        ),
      { roleName: "guard", policyName: "p", policyDocument: '{"A":1}' },
    ],
    [
      "iam",
      "CreateUser",
      () => aws.iam.send(new CreateUserCommand({ UserName: "eve", Tags: [{ Key: "Q", Value: "true" }] })),
      { userName: "eve", tags: [{ key: "Q", value: "true" }] },
    ],
    [
      "iam",
      "CreateLoginProfile",
      () => aws.iam.send(new CreateLoginProfileCommand({ UserName: "eve", Password: "secret" })),
      { userName: "eve", passwordResetRequired: false },
    ],
    [
      "kms",
      "ScheduleKeyDeletion",
      () => aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId: "k", PendingWindowInDays: 7 })),
      { keyId: "k", pendingWindowInDays: 7 },
    ],
    [
      "kms",
      "PutKeyPolicy",
      () => aws.kms.send(new PutKeyPolicyCommand({ KeyId: "k", Policy: "{}" })),
      { keyId: "k", policy: "{}" },
    ],
    [
      "kms",
      "CreateGrant",
      () =>
        aws.kms.send(
          new CreateGrantCommand({
            KeyId: "k",
            GranteePrincipal: "arn",
            Operations: ["Decrypt"],
            Constraints: { EncryptionContextSubset: { Trail: "T" } },
          }),
        ),
      {
        keyId: "k",
        granteePrincipal: "arn",
        operations: ["Decrypt"],
        constraints: { encryptionContextSubset: { Trail: "T" } },
      },
    ],
    [
      "s3",
      "PutBucketLifecycle",
      () =>
        aws.s3.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket: "b",
            LifecycleConfiguration: {
              Rules: [{ ID: "nuke", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }],
            },
          }),
        ),
      {
        ...OF_BUCKET,
        lifecycle: "",
        LifecycleConfiguration: {
          xmlns: XMLNS,
          Rule: { ID: "nuke", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
        },
      },
    ],
    [
      "s3",
      "PutBucketPolicy",
      () =>
        aws.s3.send(new PutBucketPolicyCommand({ Bucket: "b", Policy: '{"Statement":[{"Effect":"Deny"}]}' })),
      { ...OF_BUCKET, policy: "", bucketPolicy: { Statement: [{ Effect: "Deny" }] } },
    ],
    [
      "s3",
      "PutBucketVersioning",
      () =>
        aws.s3.send(
          new PutBucketVersioningCommand({ Bucket: "b", VersioningConfiguration: { Status: "Suspended" } }),
        ),
      { ...OF_BUCKET, versioning: "", VersioningConfiguration: { xmlns: XMLNS, Status: "Suspended" } },
    ],
    [
      "s3",
      "PutBucketPublicAccessBlock",
      () =>
        aws.s3.send(
          new PutPublicAccessBlockCommand({
            Bucket: "b",
            PublicAccessBlockConfiguration: { BlockPublicAcls: false, BlockPublicPolicy: true },
          }),
        ),
      {
        ...OF_BUCKET,
        publicAccessBlock: "",
        PublicAccessBlockConfiguration: { xmlns: XMLNS, BlockPublicAcls: false, BlockPublicPolicy: true },
      },
    ],
    [
      "s3",
      "PutBucketObjectLockConfiguration",
      () => aws.s3.send(new PutObjectLockConfigurationCommand({ Bucket: "b" })),
      { ...OF_BUCKET, "object-lock": "" },
    ],
    [
      "s3",
      "PutBucketNotification",
      () =>
        aws.s3.send(
          new PutBucketNotificationConfigurationCommand({ Bucket: "b", NotificationConfiguration: {} }),
        ),
      { ...OF_BUCKET, notification: "", NotificationConfiguration: { xmlns: XMLNS } },
    ],
    [
      "s3",
      "PutAccelerateConfiguration",
      () =>
        aws.s3.send(
          new PutBucketAccelerateConfigurationCommand({
            Bucket: "b",
            AccelerateConfiguration: { Status: "Enabled" },
          }),
        ),
      { ...OF_BUCKET, accelerate: "", AccelerateConfiguration: { xmlns: XMLNS, Status: "Enabled" } },
    ],
    [
      "s3",
      "DeleteBucketPublicAccessBlock",
      () => aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket: "b" })),
      { ...OF_BUCKET, publicAccessBlock: "" },
    ],
    [
      "s3",
      "DeleteBucketEncryption",
      () => aws.s3.send(new DeleteBucketEncryptionCommand({ Bucket: "b" })),
      { ...OF_BUCKET, encryption: "" },
    ],
    ["s3", "DeleteBucket", () => aws.s3.send(new DeleteBucketCommand({ Bucket: "b" })), OF_BUCKET],
    [
      "s3",
      "CreateBucket",
      () => aws.s3.send(new CreateBucketCommand({ Bucket: "b", ObjectOwnership: "BucketOwnerEnforced" })),
      {
        ...OF_BUCKET,
        "x-amz-object-ownership": "BucketOwnerEnforced",
        CreateBucketConfiguration: { xmlns: XMLNS, LocationConstraint: "eu-central-1" },
      },
    ],
    [
      "lambda",
      "CreateFunction20150331",
      () =>
        aws.lambda.send(
          new CreateFunctionCommand({
            FunctionName: "guard",
            Role: "arn",
            Code: { ZipFile },
            Environment: { Variables: { SECRET: "s" } },
            Tags: { Owner: "sec" },
            DeadLetterConfig: { TargetArn: "queue" },
          }),
        ),
      {
        functionName: "guard",
        role: "arn",
        environment: {},
        tags: { Owner: "sec" },
        deadLetterConfig: { targetArn: "queue" },
      },
    ],
    [
      "lambda",
      "UpdateFunctionCode20150331v2",
      () =>
        aws.lambda.send(
          new UpdateFunctionCodeCommand({ FunctionName: "guard:live", ZipFile, Publish: true }),
        ),
      {
        functionName: "guard:live",
        publish: true,
        dryRun: false,
        fullyQualifiedArn: {
          arnPrefix: { partition: "aws", region: "eu-central-1", account: ACCOUNT },
          relativeId: { functionName: "guard" },
          functionQualifier: { qualifier: "live" },
        },
      },
    ],
    [
      "lambda",
      "UpdateFunctionConfiguration20150331v2",
      () => aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "guard", Timeout: 1 })),
      { functionName: "guard", timeout: 1, environment: {} },
    ],
    [
      "lambda",
      "DeleteFunction20150331",
      () => aws.lambda.send(new DeleteFunctionCommand({ FunctionName: "guard" })),
      { functionName: "guard" },
    ],
    [
      "lambda",
      "PutFunctionConcurrency20171031",
      () =>
        aws.lambda.send(
          new PutFunctionConcurrencyCommand({ FunctionName: "guard", ReservedConcurrentExecutions: 0 }),
        ),
      { functionName: "guard", reservedConcurrentExecutions: 0 },
    ],
    [
      "lambda",
      "AddPermission20150331v2",
      () =>
        aws.lambda.send(
          new AddPermissionCommand({
            FunctionName: "guard",
            StatementId: "s",
            Action: "lambda:InvokeFunction",
            Principal: "*",
          }),
        ),
      { functionName: "guard", statementId: "s", action: "lambda:InvokeFunction", principal: "*" },
    ],
    [
      "lambda",
      "RemovePermission20150331v2",
      () => aws.lambda.send(new RemovePermissionCommand({ FunctionName: "guard", StatementId: "s" })),
      { functionName: "guard", statementId: "s" },
    ],
    [
      "lambda",
      "PutFunctionEventInvokeConfig",
      () =>
        aws.lambda.send(
          new PutFunctionEventInvokeConfigCommand({ FunctionName: "guard", MaximumRetryAttempts: 0 }),
        ),
      { functionName: "guard", maximumRetryAttempts: 0 },
    ],
    [
      "lambda",
      "UpdateAlias20150331",
      () =>
        aws.lambda.send(
          new UpdateAliasCommand({ FunctionName: "guard", Name: "live", FunctionVersion: "2" }),
        ),
      { functionName: "guard", name: "live", functionVersion: "2" },
    ],
    [
      "lambda",
      "CreateEventSourceMapping20150331",
      () =>
        aws.lambda.send(
          new CreateEventSourceMappingCommand({ FunctionName: "guard", EventSourceArn: "queue" }),
        ),
      { functionName: "guard", eventSourceArn: "queue" },
    ],
    [
      "lambda",
      "TagResource20170331v2",
      () => aws.lambda.send(new TagResourceCommand({ Resource: "arn:aws:lambda", Tags: { Owner: "x" } })),
      { resource: "arn:aws:lambda", tags: { Owner: "x" } },
    ],
    [
      "lambda",
      "AddLayerVersionPermission20181031",
      () =>
        aws.lambda.send(
          new AddLayerVersionPermissionCommand({
            LayerName: "l",
            VersionNumber: 3,
            StatementId: "s",
            Action: "a",
            Principal: "*",
          }),
        ),
      { layerName: "l", versionNumber: 3, statementId: "s", action: "a", principal: "*" },
    ],
    [
      "sns",
      "CreateTopic",
      () =>
        aws.sns.send(
          new CreateTopicCommand({
            Name: "t",
            Attributes: { KmsMasterKeyId: "k" },
            Tags: [{ Key: "A", Value: "1" }],
          }),
        ),
      { name: "t", attributes: { KmsMasterKeyId: "k" }, tags: [{ key: "A", value: "1" }] },
    ],
    [
      "sns",
      "SetTopicAttributes",
      () =>
        aws.sns.send(
          new SetTopicAttributesCommand({ TopicArn: "t", AttributeName: "Policy", AttributeValue: "{}" }),
        ),
      { topicArn: "t", attributeName: "Policy", attributeValue: "{}" },
    ],
    [
      "sns",
      "Subscribe",
      () =>
        aws.sns.send(
          new SubscribeCommand({
            TopicArn: "t",
            Protocol: "email",
            Endpoint: "a@example.com",
            ReturnSubscriptionArn: true,
          }),
        ),
      {
        topicArn: "t",
        protocol: "email",
        endpoint: "HIDDEN_DUE_TO_SECURITY_REASONS",
        returnSubscriptionArn: true,
      },
    ],
    [
      "dynamodb",
      "CreateTable",
      () =>
        aws.dynamoDb.send(
          new CreateTableCommand({
            TableName: "t",
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          }),
        ),
      {
        tableName: "t",
        attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
        keySchema: [{ attributeName: "id", keyType: "HASH" }],
      },
    ],
    [
      "sqs",
      "CreateQueue",
      () => aws.sqs.send(new CreateQueueCommand({ QueueName: "q", Attributes: { VisibilityTimeout: "30" } })),
      { queueName: "q", attributes: { VisibilityTimeout: "30" } },
    ],
    [
      "ssm",
      "PutParameter",
      () => aws.ssm.send(new PutParameterCommand({ Name: "/p", Value: "secret", Type: "SecureString" })),
      { name: "/p", value: "HIDDEN_DUE_TO_SECURITY_REASONS", type: "SecureString" },
    ],
    [
      "sts",
      "GetFederationToken",
      () => aws.sts.send(new GetFederationTokenCommand({ Name: "eve", DurationSeconds: 900 })),
      { name: "eve", durationSeconds: 900 },
    ],
  ])("%s %s", async (service, eventName, ask, requestParameters) => {
    const record = await recordOfCall(ask());

    expect(record).toMatchObject({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters });
    expect(record?.requestParameters).toEqual(requestParameters);
  });
});

describe("a call of the SDK that reads or is about data is no management event that changes something:", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["monitoring:DescribeAlarms", () => aws.cloudWatch.send(new DescribeAlarmsCommand({}))],
    [
      "monitoring:PutMetricData",
      () =>
        aws.cloudWatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m" }] })),
    ],
    ["logs:FilterLogEvents", () => aws.logs.send(new FilterLogEventsCommand({ logGroupName: "g" }))],
    [
      "logs:PutLogEvents",
      () => aws.logs.send(new PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents: [] })),
    ],
    [
      "dynamodb:GetItem",
      () => aws.dynamoDb.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "a" } } })),
    ],
    [
      "dynamodb:PutItem",
      () => aws.dynamoDb.send(new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } })),
    ],
    [
      "dynamodb:UpdateItem",
      () => aws.dynamoDb.send(new UpdateItemCommand({ TableName: "t", Key: { id: { S: "a" } } })),
    ],
    [
      "dynamodb:DeleteItem",
      () => aws.dynamoDb.send(new DeleteItemCommand({ TableName: "t", Key: { id: { S: "a" } } })),
    ],
    ["dynamodb:Scan", () => aws.dynamoDb.send(new ScanCommand({ TableName: "t" }))],
    [
      "dynamodb:TransactWriteItems",
      () => aws.dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: [] })),
    ],
    ["events:PutEvents", () => aws.events.send(new PutEventsCommand({ Entries: [] }))],
    [
      "events:TestEventPattern",
      () => aws.events.send(new TestEventPatternCommand({ EventPattern: "{}", Event: "{}" })),
    ],
    [
      "iam:SimulatePrincipalPolicy",
      () => aws.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: "a", ActionNames: ["a"] })),
    ],
    ["kms:Decrypt", () => aws.kms.send(new DecryptCommand({ CiphertextBlob: ZipFile }))],
    ["lambda:Invoke", () => aws.lambda.send(new InvokeCommand({ FunctionName: "guard" }))],
    ["s3:GetBucketPolicy", () => aws.s3.send(new GetBucketPolicyCommand({ Bucket: "b" }))],
    ["s3:PutObject", () => aws.s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }))],
    [
      "s3:DeleteObjects",
      () => aws.s3.send(new DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "k" }] } })),
    ],
    [
      "secretsmanager:GetSecretValue",
      () => aws.secretsManager.send(new GetSecretValueCommand({ SecretId: "s" })),
    ],
    ["sns:Publish", () => aws.sns.send(new PublishCommand({ TopicArn: "t", Message: "m" }))],
    [
      "sqs:SendMessage",
      () => aws.sqs.send(new SendMessageCommand({ QueueUrl: "http://q/1", MessageBody: "m" })),
    ],
    [
      "sqs:DeleteMessage",
      () => aws.sqs.send(new DeleteMessageCommand({ QueueUrl: "http://q/1", ReceiptHandle: "r" })),
    ],
    ["ssm:GetParameter", () => aws.ssm.send(new GetParameterCommand({ Name: "p" }))],
    ["sts:AssumeRole", () => aws.sts.send(new AssumeRoleCommand({ RoleArn: "r", RoleSessionName: "s" }))],
    ["sts:GetCallerIdentity", () => aws.sts.send(new GetCallerIdentityCommand({}))],
  ])("%s", async (action, ask) => {
    const request = await requestOf(ask());

    expect(`${request.service}:${request.operation}`).toBe(action);
    expect(
      recordOf(request, {}, { kind: "root", arn: "arn" }, { accountId: ACCOUNT, time: new Date() }),
    ).toBeUndefined();
  });
});
