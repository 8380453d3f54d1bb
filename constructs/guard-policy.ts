import type { DeclaredState } from "../lambda-src/guard/declared-state";
import type { GuardMode, GuardRow } from "../lambda-src/guard/rows";
import { allow, type PolicyStatement } from "./policy-document";

export interface GuardPolicyProps {
  readonly declared: DeclaredState;
  /** The guard's mode for each row. */
  readonly modeOf: (row: GuardRow) => GuardMode;
  /** Makes the ARN of a resource in the deployment's partition, region and account. */
  readonly arn: (service: string, resource: string) => string;
  readonly partition: string;
  readonly region: string;
  readonly parameterArns: readonly string[];
  readonly memoryArn: string;
  readonly topicArns: readonly string[];
  readonly topicKeyArns: readonly string[];
  readonly logGroupArn: string;
  readonly queueArn: string;
}

/**
 * What the guard's role may do: to see every part that is declared, to restore the rows that are enforced, to tell people and
 * to keep its own books. Nothing else, and each on its own resource.
 *
 * Sources: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
 */
export function guardPolicy(props: GuardPolicyProps): PolicyStatement[] {
  return [...ownNeeds(props), ...toSee(props), ...toRestore(props)];
}

function ownNeeds(props: GuardPolicyProps): PolicyStatement[] {
  return [
    allow("ReadOwnParameters", "ssm:GetParameters", props.parameterArns),
    allow("KeepOwnMemory", "ssm:PutParameter", props.memoryArn),
    allow("TellPeople", "sns:Publish", one(props.topicArns)),
    {
      ...allow("EncryptWhatItTells", ["kms:GenerateDataKey", "kms:Decrypt"], one(props.topicKeyArns)),
      Condition: { StringLike: { "kms:ViaService": `sns.${props.region}.amazonaws.com` } },
    },
    allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], `${props.logGroupArn}:log-stream:*`),
    allow("KeepWhatCouldNotBeHandled", "sqs:SendMessage", props.queueArn),
  ];
}

function toSee({ declared, arn, partition }: GuardPolicyProps): PolicyStatement[] {
  const { trail, bucket, key, logGroup } = declared;
  const { settings } = trail;
  return [
    allow(
      "SeeTheTrail",
      [
        "cloudtrail:GetTrailStatus",
        ...(settings === undefined ? [] : ["cloudtrail:GetTrail", "cloudtrail:GetEventSelectors"]),
        ...(settings?.insightSelectors.length ? ["cloudtrail:GetInsightSelectors"] : []),
        ...(settings !== undefined && Object.keys(settings.tags).length > 0 ? ["cloudtrail:ListTags"] : []),
      ],
      trail.arn,
    ),
    ...(bucket === undefined
      ? []
      : [
          allow(
            "SeeTheBucket",
            [
              "s3:GetBucketPolicy",
              "s3:GetBucketPublicAccessBlock",
              "s3:GetBucketOwnershipControls",
              "s3:GetBucketVersioning",
              "s3:GetEncryptionConfiguration",
              "s3:GetLifecycleConfiguration",
            ],
            `arn:${partition}:s3:::${bucket.name}`,
          ),
        ]),
    ...(key === undefined ? [] : [allow("SeeTheKey", "kms:DescribeKey", key.arn)]),
    // These name no one log group, alarm or rule: they are granted on the kind.
    allow("SeeLogGroups", "logs:DescribeLogGroups", arn("logs", "log-group:*")),
    allow("SeeMetricFilters", "logs:DescribeMetricFilters", logGroupArns(arn, logGroup.name)),
    allow("SeeAlarms", "cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:*")),
    allow("SeeEventRules", "events:ListRules", "*"),
  ];
}

function toRestore({ declared, modeOf, arn, partition }: GuardPolicyProps): PolicyStatement[] {
  const { trail, bucket, key, logGroup, rules } = declared;
  const { settings } = trail;
  const isKept = (row: GuardRow) => modeOf(row) === "enforce";
  const isMade = settings !== undefined && isKept("delete-trail");
  const hasInsights = settings !== undefined && settings.insightSelectors.length > 0;
  const hasTags = settings !== undefined && Object.keys(settings.tags).length > 0;
  const trailActions = [
    ...(isKept("stop-logging") || isMade ? ["cloudtrail:StartLogging"] : []),
    ...(isMade ? ["cloudtrail:CreateTrail"] : []),
    ...(settings !== undefined && isKept("update-trail") ? ["cloudtrail:UpdateTrail"] : []),
    ...(hasTags && (isMade || isKept("update-trail")) ? ["cloudtrail:AddTags"] : []),
    ...(settings !== undefined && isKept("event-selectors") ? ["cloudtrail:PutEventSelectors"] : []),
    ...(hasInsights && (isMade || isKept("event-selectors")) ? ["cloudtrail:PutInsightSelectors"] : []),
  ];
  return [
    ...(trailActions.length === 0 ? [] : [allow("KeepTheTrail", trailActions, trail.arn)]),
    ...(settings !== undefined && (isMade || isKept("update-trail"))
      ? [
          {
            ...allow("GiveTheTrailItsRole", "iam:PassRole", settings.roleArn),
            Condition: { StringEquals: { "iam:PassedToService": "cloudtrail.amazonaws.com" } },
          },
        ]
      : []),
    ...(bucket !== undefined && isKept("bucket")
      ? [
          allow(
            "KeepTheBucket",
            [
              "s3:PutBucketPolicy",
              "s3:PutBucketPublicAccessBlock",
              "s3:PutBucketOwnershipControls",
              "s3:PutBucketVersioning",
              "s3:PutEncryptionConfiguration",
              "s3:PutLifecycleConfiguration",
            ],
            `arn:${partition}:s3:::${bucket.name}`,
          ),
        ]
      : []),
    ...(key !== undefined && isKept("key")
      ? [allow("KeepTheKey", ["kms:EnableKey", "kms:CancelKeyDeletion"], key.arn)]
      : []),
    ...(isKept("log-group")
      ? [
          allow(
            "KeepTheLogGroup",
            [
              "logs:PutMetricFilter",
              ...(logGroup.retentionDays === undefined ? [] : ["logs:PutRetentionPolicy"]),
              ...(logGroup.keyArn === undefined ? [] : ["logs:AssociateKmsKey"]),
            ],
            logGroupArns(arn, logGroup.name),
          ),
        ]
      : []),
    ...(isKept("alarms-and-rules")
      ? [
          allow(
            "KeepEventRules",
            "events:EnableRule",
            rules.map((name) => arn("events", `rule/${name}`)),
          ),
        ]
      : []),
  ];
}

/** Alarms of one policy: an IAM policy holds 6,144 characters. */
const ALARMS_OF_A_POLICY = 40;

/**
 * What the guard's role may do to the alarms: in policies of their own, since there may be too many for one.
 *
 * @returns the statements of each policy
 */
export function alarmPolicies({
  declared,
  modeOf,
  arn,
}: Pick<GuardPolicyProps, "declared" | "modeOf" | "arn">): PolicyStatement[][] {
  const arns = declared.alarms.map(({ name }) => arn("cloudwatch", `alarm:${name}`));
  const policies = modeOf("alarms-and-rules") === "enforce" ? Math.ceil(arns.length / ALARMS_OF_A_POLICY) : 0;
  return Array.from({ length: policies }, (_, index) => [
    allow(
      "KeepAlarmActions",
      "cloudwatch:EnableAlarmActions",
      arns.slice(index * ALARMS_OF_A_POLICY, (index + 1) * ALARMS_OF_A_POLICY),
    ),
  ]);
}

/** A log group is named with and without what stands in it. */
function logGroupArns(arn: GuardPolicyProps["arn"], name: string): string[] {
  return [arn("logs", `log-group:${name}`), arn("logs", `log-group:${name}:*`)];
}

/** A list of one is written as one. */
function one(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? (texts[0] as string) : texts;
}
