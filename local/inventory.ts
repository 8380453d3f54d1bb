import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListSubscriptionsByTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { nameOfArn } from "./arn";
import { emulatorClientSettings } from "./environment";

/** One thing that exists: what it is, its name, and what there is to know of it. */
export interface InventoryRow {
  readonly kind: string;
  readonly name: string;
  readonly detail: string;
}

/** What exists in the emulator, as its API tells it. */
export async function inventory(endpoint: string, region: string): Promise<InventoryRow[]> {
  const settings = emulatorClientSettings(endpoint, region);
  const rows = await Promise.all([
    trails(new CloudTrailClient(settings)),
    logGroups(new CloudWatchLogsClient(settings)),
    metricFilters(new CloudWatchLogsClient(settings)),
    alarms(new CloudWatchClient(settings)),
    topics(new SNSClient(settings)),
    rules(new EventBridgeClient(settings)),
    functions(new LambdaClient(settings)),
    queues(new SQSClient(settings)),
    keys(new KMSClient(settings)),
  ]);
  // The emulator lists in no order.
  return rows.flatMap((ofKind) => ofKind.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

async function trails(client: CloudTrailClient): Promise<InventoryRow[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({}));
  return Promise.all(
    trailList.map(async (trail) => {
      const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: trail.TrailARN }));
      const scope = trail.IsMultiRegionTrail ? "all regions" : "one region";
      const validation = trail.LogFileValidationEnabled ? "validated files" : "no file validation";
      return {
        kind: "trail",
        name: trail.Name ?? "",
        detail: `${IsLogging ? "logging" : "NOT LOGGING"}, ${scope}, ${validation}, to s3://${trail.S3BucketName}`,
      };
    }),
  );
}

async function logGroups(client: CloudWatchLogsClient): Promise<InventoryRow[]> {
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  return logGroups.map(({ logGroupName = "", retentionInDays, kmsKeyId }) => ({
    kind: "log group",
    name: logGroupName,
    detail: `kept ${retentionInDays ?? "for ever"}${retentionInDays ? " days" : ""}, ${kmsKeyId ? "encrypted with the key" : "no key"}`,
  }));
}

async function metricFilters(client: CloudWatchLogsClient): Promise<InventoryRow[]> {
  const { metricFilters = [] } = await client.send(new DescribeMetricFiltersCommand({}));
  return metricFilters.map(({ filterName = "", metricTransformations = [] }) => ({
    kind: "metric filter",
    name: filterName,
    detail: metricTransformations.map((to) => `${to.metricNamespace}/${to.metricName}`).join(", "),
  }));
}

async function alarms(client: CloudWatchClient): Promise<InventoryRow[]> {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
  return MetricAlarms.map((alarm) => ({
    kind: "alarm",
    name: alarm.AlarmName ?? "",
    detail: `${conditionOf(alarm)}, to ${(alarm.AlarmActions ?? []).map(nameOfArn).join(", ")}`,
  }));
}

function conditionOf(alarm: MetricAlarm): string {
  const { Statistic, MetricName, ComparisonOperator = "", Threshold, Period = 0, EvaluationPeriods } = alarm;
  const operator = OPERATORS[ComparisonOperator] ?? ComparisonOperator;
  const periods = EvaluationPeriods === 1 ? `${Period} s` : `${EvaluationPeriods} times ${Period} s`;
  const missing = alarm.TreatMissingData === "breaching" ? " or no data" : "";
  return `${Statistic} of ${MetricName} ${operator} ${Threshold}${missing} in ${periods}`;
}

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: ">=",
  GreaterThanThreshold: ">",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
};

async function topics(client: SNSClient): Promise<InventoryRow[]> {
  const { Topics = [] } = await client.send(new ListTopicsCommand({}));
  return Promise.all(
    Topics.map(async ({ TopicArn = "" }) => {
      const { Subscriptions = [] } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      return {
        kind: "topic",
        name: nameOfArn(TopicArn),
        detail: Subscriptions.map(({ Endpoint }) => Endpoint).join(", ") || "no subscribers",
      };
    }),
  );
}

async function rules(client: EventBridgeClient): Promise<InventoryRow[]> {
  const { Rules = [] } = await client.send(new ListRulesCommand({}));
  return Promise.all(
    Rules.map(async ({ Name = "", State }) => {
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
      return {
        kind: "event rule",
        name: Name,
        detail: `${State?.toLowerCase()}, to ${Targets.map(({ Arn = "" }) => nameOfArn(Arn)).join(", ")}`,
      };
    }),
  );
}

async function functions(client: LambdaClient): Promise<InventoryRow[]> {
  const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
  return Functions.map(({ FunctionName = "", Runtime, Architectures = [], Timeout, CodeSize = 0 }) => ({
    kind: "function",
    name: FunctionName,
    detail: `${Runtime} on ${Architectures.join()}, ${Math.round(CodeSize / 1024)} KB, up to ${Timeout} s`,
  }));
}

async function queues(client: SQSClient): Promise<InventoryRow[]> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  return QueueUrls.map((url) => ({
    kind: "queue",
    name: url.slice(url.lastIndexOf("/") + 1),
    detail: "dead letters",
  }));
}

async function keys(client: KMSClient): Promise<InventoryRow[]> {
  const { Aliases = [] } = await client.send(new ListAliasesCommand({}));
  return Aliases.filter(({ AliasName = "" }) => !AliasName.startsWith("alias/aws/")).map(
    ({ AliasName = "", TargetKeyId = "" }) => ({ kind: "key", name: AliasName, detail: TargetKeyId }),
  );
}
