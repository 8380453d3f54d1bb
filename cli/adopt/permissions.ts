import { messageOf } from "../drill/aws-error";
import { statementsNotCovered, UnreadablePolicy } from "../iam-policy/policy-changes";
import type { Look } from "./look";
import { statementsOf, titleOf } from "./policy-statements";

/** A statement of a policy, as people put it into one. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly Service: string } | { readonly AWS: string };
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Grantee {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** ARN of the trail. */
  readonly trailArn: string;
}

/** What the policy of a used bucket must allow (AWS CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail"). */
export function bucketStatements(bucket: string, { partition, accountId, trailArn }: Grantee): Statement[] {
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const cloudTrail = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "AWSCloudTrailAclCheck",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: ["s3:GetBucketAcl"],
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "AWSCloudTrailWrite",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: ["s3:PutObject"],
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: {
        StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
  ];
}

/**
 * What the policy of a used key must allow (AWS CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail";
 * CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS"; Amazon SNS developer guide, "Enable
 * compatibility between event sources from AWS services and encrypted topics"; AWS KMS developer guide, "Default key policy").
 *
 * @param logGroups names of those that are encrypted with it
 */
export function keyStatements(logGroups: readonly string[], grantee: Grantee): Statement[] {
  const { partition, region, accountId, trailArn } = grantee;
  const cloudTrail = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "CloudTrailEncryptsItsLogFiles",
      Effect: "Allow",
      Principal: cloudTrail,
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
      Principal: cloudTrail,
      Action: ["kms:DescribeKey"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    ...(logGroups.length === 0
      ? []
      : [
          {
            Sid: "CloudWatchLogsEncryptsItsLogGroups",
            Effect: "Allow" as const,
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
            Condition: {
              ArnEquals: {
                "kms:EncryptionContext:aws:logs:arn": logGroups.map(
                  (name) => `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`,
                ),
              },
            },
          },
        ]),
    ...(["cloudwatch", "events"] as const).map((service) => ({
      Sid: service === "cloudwatch" ? "CloudWatchAlarmsPublish" : "EventRulesPublish",
      Effect: "Allow" as const,
      Principal: { Service: `${service}.amazonaws.com` },
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
    })),
    // The functions publish, too, by roles that are new to the key: their IAM policies count where the account is allowed.
    {
      Sid: "IamPoliciesOfTheAccountCount",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
    },
  ];
}

/**
 * Lines on what a used policy lacks: each statement that it doesn't surely allow, with the actions that are missing, as JSON to
 * paste.
 */
export function missingPermissions(
  what: string,
  policy: Look<string>,
  required: readonly Statement[],
): string[] {
  if ("problem" in policy) {
    return unread(what, policy.problem, required);
  }
  let missing: Statement[];
  try {
    missing = required.flatMap((statement) => missingOf(policy.found, statement));
  } catch (error) {
    if (error instanceof UnreadablePolicy) {
      return unread(what, messageOf(error), required);
    }
    throw error;
  }
  const denials = statementsOf(policy.found).filter(({ Effect }) => Effect === "Deny");
  return [
    ...(missing.length === 0
      ? [`the ${what}'s policy allows what it must`]
      : [
          `the ${what}'s policy must allow this, too; its owner adds it before terraform apply:`,
          ...missing.map((statement) => JSON.stringify(statement)),
        ]),
    ...(denials.length === 0
      ? []
      : [
          `the ${what}'s policy denies, too: see that none of it is meant for these services (${denials.map(titleOf).join(", ")})`,
        ]),
  ];
}

function unread(what: string, why: string, required: readonly Statement[]): string[] {
  return [
    `the ${what}'s policy couldn't be read (${why}); its owner sees to it that it allows:`,
    ...required.map((statement) => JSON.stringify(statement)),
  ];
}

/** A statement with the actions that a policy doesn't surely allow; none if it allows all. */
function missingOf(policy: string | undefined, statement: Statement): Statement[] {
  const Action = statement.Action.filter(
    (action) => statementsNotCovered(policy, [{ ...statement, Action: action }]).length > 0,
  );
  return Action.length === 0 ? [] : [{ ...statement, Action }];
}
