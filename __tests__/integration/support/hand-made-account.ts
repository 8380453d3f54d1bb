import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { strToU8, zipSync } from "fflate";
import type { emulatorClientSettings } from "../../../local/environment";

type ClientSettings = ReturnType<typeof emulatorClientSettings>;

const REGION = "ap-northeast-2";
const ACCOUNT = "123456789012";
const LOG_ARCHIVE = "222222222222";

/** Names that the consoles made up, and those that the guide and the blog give. */
export const BY_HAND = {
  trail: "management-events",
  bucket: `aws-cloudtrail-logs-${ACCOUNT}-1a2b3c4d`,
  logGroup: `aws-cloudtrail-logs-${ACCOUNT}-5e6f7a8b`,
  deliveryRole: "CloudTrailRoleForCloudWatchLogs_management-events",
  deliveryRolePolicy: "oneClick_CloudTrail_CloudWatchLogs_Role_1585111234567",
  function: "enable_trail",
  functionRole: "enable_trail-role-ab12cd34",
  functionLogGroup: "/aws/lambda/enable_trail",
  guardRule: "enable_trail",
  guardTarget: "Id1585112345678",
  instanceRule: "ec2_state_change",
  instanceTarget: "Id1585113456789",
  instanceTopic: "EC2StateChange_Events_Topic",
} as const;

export const TRAIL_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${BY_HAND.trail}`;

/** A log file that the trail wrote, and an event that it delivered. */
export const LOG_FILE = `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2020/03/25/${ACCOUNT}_CloudTrail_${REGION}_20200325T0545Z_1f2e3d4c.json.gz`;
export const LOG_EVENT = JSON.stringify({ eventName: "CreateUser", eventSource: "iam.amazonaws.com" });

interface AlarmOfTheGuide {
  readonly filterName: string;
  readonly filterPattern: string;
  readonly metricName: string;
  readonly alarmName: string;
  readonly description: string;
  readonly threshold: number;
  readonly topicName: string;
}

// AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples"
const ALARMS: readonly AlarmOfTheGuide[] = [
  {
    filterName: "SecurityGroupEvents",
    filterPattern:
      "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
    metricName: "SecurityGroupEventCount",
    alarmName: "Security group configuration changes",
    description: "Raises alarms if security group configuration changes occur",
    threshold: 1,
    topicName: "SecurityGroupChanges_CloudWatch_Alarms_Topic",
  },
  {
    filterName: "ConsoleSignInFailures",
    filterPattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    metricName: "ConsoleSigninFailureCount",
    alarmName: "Console sign-in failures",
    description: "Raises alarms if more than 3 console sign-in failures occur within 5 minutes",
    threshold: 3,
    topicName: "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
  },
  {
    filterName: "IAMPolicyChanges",
    filterPattern:
      "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
    metricName: "IAMPolicyEventCount",
    alarmName: "IAM Policy Changes",
    description: "Raises alarms if IAM policy changes occur",
    threshold: 1,
    topicName: "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
  },
];

/** An archive with the function as the blog has it. */
const PYTHON = zipSync({
  "lambda_function.py": strToU8(`import boto3

def lambda_handler(event, context):
    trail = event["detail"]["requestParameters"]["name"]
    boto3.client("cloudtrail").start_logging(Name=trail)
`),
});

/**
 * Makes, in ap-northeast-2, what the user guide and the blog have people make in the consoles, with the names and settings
 * that the consoles choose: nothing is encrypted with a key of the account, logs never expire, the trail is one region's.
 *
 * @param email that has subscribed to every topic
 */
export async function makeByHand(settings: ClientSettings, email: string): Promise<void> {
  await makeTrail(settings);
  await Promise.all([
    ...ALARMS.map((alarm) => makeAlarm(settings, email, alarm)),
    makeGuard(settings),
    makeInstanceRule(settings, email),
  ]);
}

async function makeTrail(settings: ClientSettings): Promise<void> {
  await Promise.all([
    makeBucket(settings),
    makeLogGroup(settings, BY_HAND.logGroup),
    makeDeliveryRole(settings, BY_HAND.deliveryRole, BY_HAND.logGroup),
  ]);
  await startTrail(settings, BY_HAND);
}

interface TrailNames {
  readonly trail: string;
  readonly bucket: string;
  readonly logGroup: string;
  readonly deliveryRole: string;
}

/** A trail of one region; bucket, log group and role are there. */
async function startTrail(settings: ClientSettings, names: TrailNames): Promise<void> {
  const cloudTrail = new CloudTrailClient(settings);
  await cloudTrail.send(
    new CreateTrailCommand({
      Name: names.trail,
      S3BucketName: names.bucket,
      IsMultiRegionTrail: false,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: false,
      CloudWatchLogsLogGroupArn: `${logGroupArn(names.logGroup)}:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/service-role/${names.deliveryRole}`,
    }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: names.trail }));
}

/** What an organization has in an account whose log files go to a log archive account: a trail of its own, and Control Tower's. */
export const ORGANIZED = {
  own: {
    trail: "management-events",
    bucket: "example-log-archive",
    logGroup: "example-cloudtrail",
    deliveryRole: "example-cloudtrail-delivery",
  },
  controlTower: {
    trail: "aws-controltower-BaselineCloudTrail",
    bucket: `aws-controltower-logs-${LOG_ARCHIVE}-${REGION}`,
    logGroup: "aws-controltower/CloudTrailLogs",
    deliveryRole: "aws-controltower-CloudWatchLogsRole",
  },
} as const satisfies Record<string, TrailNames>;

/** Makes that, with buckets of which CloudTrail may read the ACL, and may write nothing of this account. */
export async function organize(settings: ClientSettings): Promise<void> {
  const archive = await settingsOfAccount(settings, LOG_ARCHIVE);
  for (const names of Object.values(ORGANIZED)) {
    await makeArchiveBucket(archive, names.bucket);
    await makeLogGroup(settings, names.logGroup);
    await makeDeliveryRole(settings, names.deliveryRole, names.logGroup);
    await startTrail(settings, names);
  }
}

/** The emulator takes keys that were made for a role of another account for that account's. */
async function settingsOfAccount(settings: ClientSettings, accountId: string): Promise<ClientSettings> {
  const { Credentials } = await new STSClient(settings).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/owner`, RoleSessionName: "owner" }),
  );
  const { AccessKeyId = "", SecretAccessKey = "" } = Credentials ?? {};
  return { ...settings, credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } };
}

async function makeArchiveBucket(settings: ClientSettings, Bucket: string): Promise<void> {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const LocationConstraint: BucketLocationConstraint = REGION;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  const Policy = policy({
    Sid: "AWSBucketPermissionsCheck",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:GetBucketAcl",
    Resource: `arn:aws:s3:::${Bucket}`,
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

/** As S3 makes every bucket since 2023, with the policy of the CloudTrail console and a log file. */
async function makeBucket(settings: ClientSettings): Promise<void> {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const Bucket = BY_HAND.bucket;
  const bucketArn = `arn:aws:s3:::${Bucket}`;
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const LocationConstraint: BucketLocationConstraint = REGION;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
      },
    }),
  );
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: policy(
        {
          Sid: "AWSCloudTrailAclCheck20150319",
          Principal,
          Action: "s3:GetBucketAcl",
          Resource: bucketArn,
          Condition: { StringEquals: { "aws:SourceArn": TRAIL_ARN } },
        },
        {
          Sid: "AWSCloudTrailWrite20150319",
          Principal,
          Action: "s3:PutObject",
          Resource: `${bucketArn}/AWSLogs/${ACCOUNT}/*`,
          Condition: {
            StringEquals: { "aws:SourceArn": TRAIL_ARN, "s3:x-amz-acl": "bucket-owner-full-control" },
          },
        },
      ),
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: LOG_FILE, Body: "a log file" }));
}

/** With an event that a trail delivered. */
async function makeLogGroup(settings: ClientSettings, logGroupName: string): Promise<void> {
  const logs = new CloudWatchLogsClient(settings);
  const stream = { logGroupName, logStreamName: `${ACCOUNT}_CloudTrail_${REGION}` };
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand(stream));
  await logs.send(
    new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: LOG_EVENT }] }),
  );
}

/** @returns its ARN */
function makeDeliveryRole(settings: ClientSettings, name: string, logGroup: string): Promise<string> {
  const Resource = [`${logGroupArn(logGroup)}:log-stream:${ACCOUNT}_CloudTrail_${REGION}*`];
  return makeServiceRole(settings, name, "cloudtrail.amazonaws.com", {
    [BY_HAND.deliveryRolePolicy]: policy(
      { Sid: "AWSCloudTrailCreateLogStream20141101", Action: ["logs:CreateLogStream"], Resource },
      { Sid: "AWSCloudTrailPutLogEvents20141101", Action: ["logs:PutLogEvents"], Resource },
    ),
  });
}

function logGroupArn(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
}

async function makeAlarm(settings: ClientSettings, email: string, alarm: AlarmOfTheGuide): Promise<void> {
  const topicArn = await makeTopic(settings, alarm.topicName, email);
  await new CloudWatchLogsClient(settings).send(
    new PutMetricFilterCommand({
      logGroupName: BY_HAND.logGroup,
      filterName: alarm.filterName,
      filterPattern: alarm.filterPattern,
      metricTransformations: [
        { metricNamespace: "CloudTrailMetrics", metricName: alarm.metricName, metricValue: "1" },
      ],
    }),
  );
  const input: PutMetricAlarmCommandInput = {
    AlarmName: alarm.alarmName,
    AlarmDescription: alarm.description,
    ActionsEnabled: true,
    AlarmActions: [topicArn],
    Namespace: "CloudTrailMetrics",
    MetricName: alarm.metricName,
    Statistic: "Sum",
    Period: 300,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: alarm.threshold,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "missing",
  };
  await new CloudWatchClient(settings).send(new PutMetricAlarmCommand(input));
}

/** The blog's function and its rule; Lambda has made the log group when it first ran. */
async function makeGuard(settings: ClientSettings): Promise<void> {
  const functionName = BY_HAND.function;
  const Role = await makeServiceRole(settings, BY_HAND.functionRole, "lambda.amazonaws.com", {
    "start-logging": policy({ Action: "cloudtrail:StartLogging", Resource: TRAIL_ARN }),
    "write-log": policy({ Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" }),
  });
  const lambda = new LambdaClient(settings);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: "python3.12",
      Handler: "lambda_function.lambda_handler",
      Role,
      Code: { ZipFile: PYTHON },
    }),
  );
  await new CloudWatchLogsClient(settings).send(
    new CreateLogGroupCommand({ logGroupName: BY_HAND.functionLogGroup }),
  );
  const SourceArn = await makeRule(settings, BY_HAND.guardRule, BY_HAND.guardTarget, FunctionArn, {
    source: ["aws.cloudtrail"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
  });
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: functionName,
      StatementId: `AWSEvents_${BY_HAND.guardRule}_${BY_HAND.guardTarget}`,
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn,
    }),
  );
}

async function makeInstanceRule(settings: ClientSettings, email: string): Promise<void> {
  const topicArn = await makeTopic(settings, BY_HAND.instanceTopic, email);
  await new SNSClient(settings).send(
    new SetTopicAttributesCommand({
      TopicArn: topicArn,
      AttributeName: "Policy",
      AttributeValue: policy({
        Sid: `AWSEvents_${BY_HAND.instanceRule}_${BY_HAND.instanceTarget}`,
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
      }),
    }),
  );
  await makeRule(settings, BY_HAND.instanceRule, BY_HAND.instanceTarget, topicArn, {
    source: ["aws.ec2"],
    "detail-type": ["EC2 Instance State-change Notification"],
    detail: { state: ["running", "stopped", "terminated"] },
  });
}

/** @returns its ARN */
async function makeTopic(settings: ClientSettings, name: string, email: string): Promise<string> {
  const sns = new SNSClient(settings);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: name }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: email }));
  return TopicArn;
}

/** @returns its ARN */
async function makeRule(
  settings: ClientSettings,
  name: string,
  targetId: string,
  targetArn: string | undefined,
  pattern: object,
): Promise<string> {
  const events = new EventBridgeClient(settings);
  const { RuleArn = "" } = await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), State: "ENABLED" }),
  );
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: targetId, Arn: targetArn }] }));
  return RuleArn;
}

/**
 * A role as consoles make it, in the path of service roles.
 *
 * @param policies inline, by their names
 * @returns its ARN
 */
async function makeServiceRole(
  settings: ClientSettings,
  name: string,
  service: string,
  policies: Readonly<Record<string, string>>,
): Promise<string> {
  const iam = new IAMClient({ ...settings, region: "us-east-1" });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Path: "/service-role/",
      AssumeRolePolicyDocument: policy({ Principal: { Service: service }, Action: "sts:AssumeRole" }),
    }),
  );
  for (const [PolicyName, PolicyDocument] of Object.entries(policies)) {
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument }));
  }
  return Role?.Arn ?? "";
}

/** @param allowed statements without their `Effect` */
function policy(...allowed: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: allowed.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}
