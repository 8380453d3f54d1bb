/**
 * A CloudTrail event pattern worth an alarm: one metric filter on the trail's log group and one alarm on its metric.
 */
export interface Detection {
  /** Kebab-case name, unique in the catalogue and used in configuration, e.g. `iam-policy-changes`. */
  readonly id: string;
  /** Name of the metric filter: 1 to 512 characters without `:` and `*`. */
  readonly filterName: string;
  /** CloudWatch Logs filter pattern, at most 1,024 characters. */
  readonly filterPattern: string;
  /** Name of the metric that the filter counts into, in the namespace {@link METRIC_NAMESPACE}. */
  readonly metricName: string;
  /** Name of the alarm: 1 to 255 characters. */
  readonly alarmName: string;
  /** What the alarm tells those who read it. */
  readonly description: string;
  /** Statistic of the metric over one period. */
  readonly statistic: "Sum" | "SampleCount" | "Average" | "Minimum" | "Maximum";
  /** Length of the alarm's period in seconds: a multiple of 60, the resolution of a metric filter's metric. */
  readonly periodSeconds: number;
  /** The alarm is raised when the statistic is greater than or equal to this value. */
  readonly threshold: number;
  /** Name of the topic that the alarm publishes to where each detection has its own. */
  readonly topicName: string;
}

/** Namespace of every detection's metric (AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples"). */
export const METRIC_NAMESPACE = "CloudTrailMetrics";
