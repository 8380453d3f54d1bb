/**
 * What one filter pattern may hold. Sources: "PutMetricFilter" of the CloudWatch Logs API reference and "Filter
 * pattern syntax" of its user guide.
 */
export const limits = {
  characters: 1024,
  regularExpressions: 2,
  wildcardSelectors: 3,
  /** AWS publishes no limit; it bounds the work that one character of a record can cause. */
  regularExpressionSteps: 500,
} as const;
