/** How bad it is when the detection is right, from a matter for the weekly review to one for the middle of the night. */
export type Severity = "low" | "medium" | "high" | "critical";

/** Statistics of the metric that an alarm can compare with its threshold. */
export type Statistic = "Sum" | "SampleCount" | "Average" | "Minimum" | "Maximum";

/**
 * A CloudTrail event pattern worth an alarm: one metric filter on the trail's log group and one alarm on its metric.
 */
export interface Detection {
  /** Kebab-case name, unique in the catalogue and used in configuration, e.g. `iam-policy-changes`. */
  readonly id: string;
  /** Name for people, e.g. in a list: up to 60 characters, no full stop. */
  readonly title: string;
  /** What the alarm tells those who read it. */
  readonly description: string;
  readonly severity: Severity;
  /** Controls of published standards that the detection answers. */
  readonly controls: Controls;
  /** Techniques of MITRE ATT&CK (Enterprise, IaaS) that it sees, e.g. `T1562.008`. */
  readonly attack: readonly string[];
  /**
   * CloudWatch Logs filter pattern, at most 1,024 characters: for a control, the standard's own text to the letter,
   * since auditors compare text.
   */
  readonly filterPattern: string;
  /** The pattern that people are better served by, where the standard's text is known to miss or to cry wolf. */
  readonly tunedPattern?: string;
  /** Name of the metric filter: 1 to 512 characters without `:` and `*`. */
  readonly filterName: string;
  /** Name of the metric that the filter counts into, in the namespace {@link METRIC_NAMESPACE}: 1 to 255 characters. */
  readonly metricName: string;
  /** Name of the alarm: 1 to 255 characters. */
  readonly alarmName: string;
  /** Name of the topic that the alarm publishes to where each detection has its own: letters, digits, `_` and `-`. */
  readonly topicName: string;
  /** Statistic of the metric over one period. Each match counts 1. */
  readonly statistic: Statistic;
  /** Length of the alarm's period in seconds: a multiple of 60, the resolution of a metric filter's metric, up to 86,400. */
  readonly periodSeconds: number;
  /** The alarm is raised when the statistic is greater than or equal to this number of matches. */
  readonly threshold: number;
  /** What to look at first when the alarm is raised: three lines of up to 100 characters. */
  readonly runbook: readonly [string, string, string];
  readonly examples: Examples;
}

/** Numbers of the controls, as each standard writes them. */
export interface Controls {
  /** CIS AWS Foundations Benchmark 1.2, e.g. `3.10`. */
  readonly cis12?: string;
  /** CIS AWS Foundations Benchmark 1.4, e.g. `4.10`. */
  readonly cis14?: string;
  /** CIS AWS Foundations Benchmark 3.0, e.g. `4.10`. */
  readonly cis30?: string;
  /** AWS Security Hub, e.g. `CloudWatch.10`. */
  readonly securityHub?: string;
}

/** CloudTrail records that hold the detection to its meaning. */
export interface Examples extends Judgements {
  /** Records that the tuned pattern judges so and the standard's text the other way round. */
  readonly tuned?: Judgements;
}

export interface Judgements {
  /** Records that must match. */
  readonly matches: readonly Readonly<Record<string, unknown>>[];
  /** Records that must not match. */
  readonly ignores: readonly Readonly<Record<string, unknown>>[];
}

/** Namespace of every detection's metric (AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples"). */
export const METRIC_NAMESPACE = "CloudTrailMetrics";
