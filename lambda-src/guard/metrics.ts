/** Namespace of the guard's metrics; their one dimension is `FunctionName`. */
export const GUARD_METRIC_NAMESPACE = "Trailwarden";

/**
 * A log line that CloudWatch makes metrics of, with no call to it.
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
export function metricLine(
  functionName: string,
  time: Date,
  counts: Readonly<Record<string, number>>,
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: time.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: GUARD_METRIC_NAMESPACE,
          Dimensions: [["FunctionName"]],
          Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: "Count" })),
        },
      ],
    },
    FunctionName: functionName,
    ...counts,
  });
}
