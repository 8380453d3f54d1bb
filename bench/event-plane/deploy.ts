import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { emulatorClientSettings } from "../../local/environment";

type ClientSettings = ReturnType<typeof emulatorClientSettings>;

const NAME = "bench";

/** Makes a trail with a log group, metric filters on it with these patterns, and event rules with a queue for their target. */
export async function deployFiltersAndRules(
  endpoint: string,
  region: string,
  { filters, rules }: { readonly filters: readonly string[]; readonly rules: readonly string[] },
): Promise<void> {
  const settings = emulatorClientSettings(endpoint, region);
  await makeTrail(settings);
  await makeFilters(settings, filters);
  await makeRules(settings, rules, await makeQueue(settings));
}

function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } });
}

async function makeTrail(settings: ClientSettings): Promise<void> {
  const logs = new CloudWatchLogsClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const iam = new IAMClient(settings);
  const cloudTrail = new CloudTrailClient(settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName: NAME }));
  const LocationConstraint = settings.region as BucketLocationConstraint;
  await s3.send(new CreateBucketCommand({ Bucket: NAME, CreateBucketConfiguration: { LocationConstraint } }));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: NAME,
      AssumeRolePolicyDocument: policy({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  const roleArn = Role?.Arn ?? "";
  const logGroupArn = `arn:aws:logs:${settings.region}:${roleArn.split(":")[4]}:log-group:${NAME}`;
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: NAME,
      PolicyName: NAME,
      PolicyDocument: policy({
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroupArn}:log-stream:*`,
      }),
    }),
  );
  await cloudTrail.send(
    new CreateTrailCommand({
      Name: NAME,
      S3BucketName: NAME,
      CloudWatchLogsLogGroupArn: `${logGroupArn}:*`,
      CloudWatchLogsRoleArn: roleArn,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
    }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: NAME }));
}

async function makeFilters(settings: ClientSettings, patterns: readonly string[]): Promise<void> {
  const logs = new CloudWatchLogsClient(settings);
  for (const [index, filterPattern] of patterns.entries()) {
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName: NAME,
        filterName: `filter-${index}`,
        filterPattern,
        metricTransformations: [{ metricNamespace: NAME, metricName: `filter-${index}`, metricValue: "1" }],
      }),
    );
  }
}

/** @returns its ARN */
async function makeQueue(settings: ClientSettings): Promise<string> {
  const sqs = new SQSClient(settings);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: NAME }));
  const { Attributes: { QueueArn = "" } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const Policy = policy({
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: QueueArn,
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return QueueArn;
}

async function makeRules(
  settings: ClientSettings,
  patterns: readonly string[],
  queueArn: string,
): Promise<void> {
  const events = new EventBridgeClient(settings);
  for (const [index, EventPattern] of patterns.entries()) {
    const Rule = `rule-${index}`;
    await events.send(new PutRuleCommand({ Name: Rule, EventPattern }));
    await events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: "queue", Arn: queueArn }] }));
  }
}
