import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { GUARD_METRIC_NAMESPACE } from "../lambda-src/guard/metrics";
import type { AlertTopic } from "./alert-topic";

export interface GuardAlarmsProps {
  readonly functionName: string;
  readonly queueName: string;
  /** Minutes between two regular looks. */
  readonly everyMinutes: number;
  readonly topic: AlertTopic;
}

/** Looks that may be missed in a row before people hear of it. */
const MISSED_LOOKS = 3;

/**
 * The alarms by which people hear that the guard itself doesn't work: from CloudWatch to the topic, without the function.
 *
 * Sources: AWS Lambda developer guide, "Using CloudWatch metrics with Lambda"; Amazon SQS developer guide, "Available
 * CloudWatch metrics for Amazon SQS".
 */
export class GuardAlarms extends Construct {
  readonly alarmNames: readonly string[];
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: GuardAlarmsProps) {
    super(scope, id);
    const { functionName, queueName, everyMinutes, topic } = props;
    const ofFunction = { dimensions: { FunctionName: functionName } };
    const alarms: Record<string, Partial<CloudwatchMetricAlarmConfig> & { metricName: string }> = {
      errors: {
        ...ofFunction,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        alarmDescription: `${functionName} failed: something may not be restored or told. Its log says what; run terraform plan`,
      },
      throttles: {
        ...ofFunction,
        namespace: "AWS/Lambda",
        metricName: "Throttles",
        alarmDescription: `${functionName} was kept from running: look at its concurrency and the account's`,
      },
      dead_letters: {
        dimensions: { QueueName: queueName },
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        statistic: "Maximum",
        alarmDescription: `Events that ${functionName} didn't get or couldn't handle are in the queue ${queueName}: read them, see to the trail, then purge the queue`,
      },
      silence: {
        ...ofFunction,
        namespace: GUARD_METRIC_NAMESPACE,
        metricName: "Looks",
        comparisonOperator: "LessThanThreshold",
        period: everyMinutes * 60,
        evaluationPeriods: MISSED_LOOKS,
        treatMissingData: "breaching",
        alarmDescription: `${functionName} has not looked at the trail for ${everyMinutes * MISSED_LOOKS} minutes or longer: nobody guards it. See to function and schedule; run terraform plan`,
      },
    };
    const made = Object.entries(alarms).map(
      ([name, config]) =>
        new CloudwatchMetricAlarm(this, name.replace("_", "-"), {
          alarmName: `${functionName}_${name}`,
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          threshold: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [topic.topicArn],
          ...config,
        }),
    );
    for (const { arn } of made) {
      topic.allowPublish("cloudwatch.amazonaws.com", arn);
    }
    this.alarmNames = Object.keys(alarms).map((name) => `${functionName}_${name}`);
    this.guarded = made;
  }
}
