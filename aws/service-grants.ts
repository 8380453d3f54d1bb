// Statements by which a bucket's or a key's policy lets AWS services do what a trail and its alerts need.

/** A statement of a resource's policy. */
export interface ServiceGrant {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Where something is. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

const CLOUD_TRAIL = { Service: "cloudtrail.amazonaws.com" };

/**
 * Lets one trail write log files into a bucket.
 *
 * Source: AWS CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".
 */
export function trailBucketGrants(bucketArn: string, trailArn: string, accountId: string): ServiceGrant[] {
  return [
    {
      Sid: "AWSCloudTrailAclCheck",
      Effect: "Allow",
      Principal: CLOUD_TRAIL,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "AWSCloudTrailWrite",
      Effect: "Allow",
      Principal: CLOUD_TRAIL,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: {
        StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
  ];
}

/**
 * Lets CloudTrail encrypt the log files of one trail with a key.
 *
 * Source: AWS CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail".
 */
export function trailKeyGrants(
  trailArn: string,
  { partition, accountId }: Omit<Place, "region">,
): ServiceGrant[] {
  return [
    {
      Sid: "CloudTrailEncryptsItsLogFiles",
      Effect: "Allow",
      Principal: CLOUD_TRAIL,
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceArn": trailArn },
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${partition}:cloudtrail:*:${accountId}:trail/*`,
        },
      },
    },
    {
      Sid: "CloudTrailDescribesTheKey",
      Effect: "Allow",
      Principal: CLOUD_TRAIL,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
  ];
}

/**
 * Lets CloudWatch Logs of a region encrypt log groups with a key.
 *
 * Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS", its wildcards written out.
 */
export function logGroupKeyGrant(
  Sid: string,
  region: string,
  logGroupArns: string | readonly string[],
): ServiceGrant {
  return {
    Sid,
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArns } },
  };
}

/**
 * Lets alarms and event rules publish to topics that are encrypted with a key. Without aws:SourceAccount: EventBridge does not
 * send it, and delivery would stop in silence.
 *
 * Source: Amazon SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
 */
export function alertPublisherKeyGrants(): ServiceGrant[] {
  return Object.entries({
    CloudWatchAlarmsPublish: "cloudwatch.amazonaws.com",
    EventRulesPublish: "events.amazonaws.com",
  }).map(([Sid, Service]) => ({
    Sid,
    Effect: "Allow",
    Principal: { Service },
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: "*",
  }));
}
