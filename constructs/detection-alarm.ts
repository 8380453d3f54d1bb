import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { type Detection, METRIC_NAMESPACE } from "../detections";
import type { DeclaredState } from "../lambda-src/guard/declared-state";
import type { AlertTopic } from "./alert-topic";
import type { AuditTrail } from "./audit-trail";

export interface DetectionAlarmProps {
  /** What is watched for. Its `filterPattern` is deployed as it stands. */
  readonly detection: AlarmDefinition;
  /** Trail whose log group is watched. */
  readonly trail: AuditTrail;
  /**
   * Topic that the alarm publishes to.
   * @default - the alarm changes its state and tells nobody
   */
  readonly topic?: AlertTopic | undefined;
  /**
   * Stands before the names of filter, metric and alarm, so that two deployments in one account don't share them.
   * @default - no prefix
   */
  readonly namePrefix?: string | undefined;
}

/** What a metric filter and its alarm are made from; each {@link Detection} is one. */
export type AlarmDefinition = Pick<
  Detection,
  | "filterName"
  | "filterPattern"
  | "metricName"
  | "alarmName"
  | "description"
  | "statistic"
  | "periodSeconds"
  | "threshold"
>;

/**
 * The metric filter and alarm of one detection.
 *
 * Source: AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples".
 */
export class DetectionAlarm extends Construct {
  readonly alarmArn: string;
  readonly alarmName: string;
  readonly statistic: Detection["statistic"];
  readonly periodSeconds: number;
  readonly threshold: number;
  /** What a guard keeps. */
  readonly declared: {
    readonly metricFilter: DeclaredState["logGroup"]["metricFilters"][number];
    readonly alarm: DeclaredState["alarms"][number];
  };
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: DetectionAlarmProps) {
    super(scope, id);
    const { detection, trail, topic, namePrefix = "" } = props;
    const metricName = namePrefix + detection.metricName;
    const metricFilter = {
      name: namePrefix + detection.filterName,
      pattern: detection.filterPattern,
      namespace: METRIC_NAMESPACE,
      metricName,
    };
    const filter = new CloudwatchLogMetricFilter(this, "filter", {
      name: metricFilter.name,
      logGroupName: trail.logGroupName,
      pattern: metricFilter.pattern,
      metricTransformation: { namespace: METRIC_NAMESPACE, name: metricName, value: "1" },
    });
    this.alarmName = namePrefix + detection.alarmName;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: this.alarmName,
      alarmDescription: detection.description,
      namespace: METRIC_NAMESPACE,
      metricName,
      statistic: detection.statistic,
      period: detection.periodSeconds,
      evaluationPeriods: 1,
      threshold: detection.threshold,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      // The filter counts matches only: without one there is no data, and that is the good state.
      treatMissingData: "notBreaching",
      ...(topic === undefined ? {} : { alarmActions: [topic.topicArn] }),
    });
    this.alarmArn = alarm.arn;
    this.statistic = detection.statistic;
    this.periodSeconds = detection.periodSeconds;
    this.threshold = detection.threshold;
    topic?.allowPublish("cloudwatch.amazonaws.com", alarm.arn);
    this.declared = { metricFilter, alarm: { name: this.alarmName, tells: topic !== undefined } };
    this.guarded = [filter, alarm];
  }
}
