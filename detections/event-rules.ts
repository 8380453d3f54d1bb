/** An event rule on the default bus whose events are made from CloudTrail records. */
export interface EventRule {
  readonly name: string;
  /** EventBridge event pattern. */
  readonly eventPattern: Readonly<Record<string, unknown>>;
}

/** Name of the guard's function, rule and role, after the prefix. */
export const GUARD_NAME = "enable_trail";

/** The rules that wake a guard function. */
export function guardRules(functionName: string): readonly EventRule[] {
  return [
    {
      name: functionName,
      eventPattern: {
        source: ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
      },
    },
  ];
}
