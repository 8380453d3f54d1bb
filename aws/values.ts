// Values that AWS accepts, which configuration and constructs both check.

/**
 * Days a CloudWatch Logs log group can keep its events (CloudWatch Logs API reference, "PutRetentionPolicy").
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** EC2 instance states that EventBridge announces (EventBridge user guide, "Amazon EC2 instance state-change events"). */
export const EC2_INSTANCE_STATES = [
  "pending",
  "running",
  "shutting-down",
  "stopped",
  "stopping",
  "terminated",
] as const;

export type Ec2InstanceState = (typeof EC2_INSTANCE_STATES)[number];

/** What CloudTrail Insights looks for (AWS CloudTrail API reference, "InsightSelector"). */
export const CLOUDTRAIL_INSIGHT_TYPES = ["ApiCallRateInsight", "ApiErrorRateInsight"] as const;

export type CloudTrailInsightType = (typeof CLOUDTRAIL_INSIGHT_TYPES)[number];

/**
 * The region of a region's partition that AWS's global services, such as IAM, send their events to (EventBridge user guide,
 * "Receiving events from AWS services"; IAM user guide, "Logging IAM and AWS STS API calls with AWS CloudTrail").
 */
export function globalEventsRegion(region: string): string {
  if (region.startsWith("us-gov-")) {
    return "us-gov-west-1";
  }
  return region.startsWith("cn-") ? "cn-north-1" : "us-east-1";
}
