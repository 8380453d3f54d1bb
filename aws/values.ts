// Values that AWS accepts, which configuration and constructs both check.

/**
 * Days a CloudWatch Logs log group can keep its events (CloudWatch Logs API reference, "PutRetentionPolicy").
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/**
 * Days of a hundred years: the longest that the configuration has a bucket keep log files. S3 is younger, so it is for ever.
 */
export const FOR_EVER_DAYS = 36_500;

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

/** Protocols of a topic's subscribers beside e-mail (Amazon SNS API reference, "Subscribe"). */
export const SUBSCRIPTION_PROTOCOLS = ["https", "sqs", "lambda", "sms"] as const;

export type SubscriptionProtocol = (typeof SUBSCRIPTION_PROTOCOLS)[number];

/** A form of text, and what to say of text that isn't of it. */
export interface TextForm {
  readonly pattern: RegExp;
  readonly complaint: string;
}

/** What a subscriber's endpoint looks like, by protocol. A topic that isn't FIFO can't deliver to a queue that is. */
export const ENDPOINT_FORMS: Readonly<Record<SubscriptionProtocol, TextForm>> = {
  https: {
    pattern: /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w.~!$&'()*+,;=:@%/-]*)?$/,
    complaint: 'is no https URL, such as "https://alerts.example.com/aws"',
  },
  sqs: {
    pattern: /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]{1,80}$/,
    complaint: "is no standard queue's ARN (arn:aws:sqs:REGION:ACCOUNT:NAME)",
  },
  lambda: {
    pattern: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,64}(?::[\w-]{1,128})?$/,
    complaint: "is no function's ARN (arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS or without)",
  },
  sms: {
    pattern: /^\+[1-9]\d{6,14}$/,
    complaint: 'is no phone number in E.164 form, such as "+821012345678"',
  },
};

/** Name of a parameter in Systems Manager (AWS Systems Manager API reference, "PutParameter"). */
export const PARAMETER_NAME: TextForm = {
  pattern: /^(?=.{1,1011}$)(?:\/[\w.-]+){0,14}\/?[\w.-]+$/,
  complaint: 'is no parameter\'s name, such as "/alerts/pagerduty-url"',
};

// AWS Chatbot API reference, "CreateSlackChannelConfiguration"; what Slack's ids begin with is Slack's own rule.
export const SLACK_WORKSPACE_ID: TextForm = {
  pattern: /^T[A-Z0-9]{1,254}$/,
  complaint: 'is no Slack workspace\'s id, such as "T0123456789"',
};
export const SLACK_CHANNEL_ID: TextForm = {
  pattern: /^[CG][A-Z0-9]{1,254}$/,
  complaint: 'is no Slack channel\'s id, such as "C0123456789"',
};

/** A bucket's settings that are a resource each in Terraform. */
export const BUCKET_SETTINGS = [
  "policy",
  "publicAccessBlock",
  "ownershipControls",
  "encryption",
  "versioning",
  "lifecycle",
  "objectLock",
] as const;

export type BucketSetting = (typeof BUCKET_SETTINGS)[number];
