import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { AlertTopic } from "./alert-topic";

export interface FunctionAlarmsProps {
  readonly functionName: string;
  readonly queueName: string;
  /** What may not have been done where the function failed: the end of a sentence. */
  readonly consequence: string;
  /** What to do about events in the queue: the end of a sentence. */
  readonly remedy: string;
  /** Further alarms, by the end of their names. */
  readonly more?: Readonly<Record<string, AlarmConfig>> | undefined;
  /** Topics that they publish to. */
  readonly topics: readonly AlertTopic[];
}

/** Names of a function and its queue as they are at AWS, and the alarms on them: what a dashboard shows. */
export interface FunctionParts {
  readonly functionName: string;
  readonly queueName: string;
  /** ARNs. */
  readonly alarmArns: readonly string[];
}

export type AlarmConfig = Partial<CloudwatchMetricAlarmConfig> & { readonly metricName: string };

/** Ends of the names of the alarms that each function has. */
export const FUNCTION_ALARMS = ["errors", "throttles", "dead_letters"] as const;

export function functionAlarmName(functionName: string, alarm: string): string {
  return `${functionName}_${alarm}`;
}

/**
 * The alarms by which people hear that a function itself doesn't work: from CloudWatch to the topic, without the function.
 *
 * Sources: AWS Lambda developer guide, "Using CloudWatch metrics with Lambda"; Amazon SQS developer guide, "Available
 * CloudWatch metrics for Amazon SQS".
 */
export class FunctionAlarms extends Construct {
  readonly alarmNames: readonly string[];
  readonly parts: FunctionParts;
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { functionName, queueName, topics } = props;
    const ofFunction = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
    const ofEach: Readonly<Record<(typeof FUNCTION_ALARMS)[number], AlarmConfig>> = {
      errors: {
        ...ofFunction,
        metricName: "Errors",
        alarmDescription: `${functionName} failed: ${props.consequence}`,
      },
      throttles: {
        ...ofFunction,
        metricName: "Throttles",
        alarmDescription: `${functionName} was kept from running: look at its concurrency and the account's`,
      },
      dead_letters: {
        dimensions: { QueueName: queueName },
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        statistic: "Maximum",
        alarmDescription: `Events that ${functionName} didn't get or couldn't handle are in the queue ${queueName}: ${props.remedy}`,
      },
    };
    const alarms = { ...ofEach, ...props.more };
    const made = Object.entries(alarms).map(
      ([name, config]) =>
        new CloudwatchMetricAlarm(this, name.replace("_", "-"), {
          alarmName: functionAlarmName(functionName, name),
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          threshold: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: topics.map(({ topicArn }) => topicArn),
          ...config,
        }),
    );
    for (const topic of topics) {
      for (const { arn } of made) {
        topic.allowPublish("cloudwatch.amazonaws.com", arn);
      }
    }
    this.alarmNames = Object.keys(alarms).map((name) => functionAlarmName(functionName, name));
    this.parts = { functionName, queueName, alarmArns: made.map(({ arn }) => arn) };
    this.guarded = made;
  }
}
