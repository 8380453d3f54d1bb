import { alarmPolicies, type GuardPolicyProps, guardPolicy } from "../../../../constructs/guard-policy";
import type { PolicyStatement } from "../../../../constructs/policy-document";
import type { AwsCallName } from "../../../../lambda-src/guard/aws";
import type { GuardMode, GuardRow } from "../../../../lambda-src/guard/rows";
import {
  arn,
  DECLARED,
  KEY_ARN,
  LOG_GROUP,
  modesOf,
  PARAMETERS,
  REGION,
  TOPIC_ARN,
  TRAIL_ARN,
} from "../../lambda-src/guard/support/deployment";
import type { RecordedCall } from "../../lambda-src/guard/support/fake-aws";
import { Scene } from "../../lambda-src/guard/support/scene";
import { RESTORABLE } from "../../lambda-src/guard/support/tampering";

const parameterArn = (name: string): string => arn("ssm", `parameter${name}`);

/** The role's policies, with every row in `enforce` but those given. */
export function policy(
  modes: Partial<Record<GuardRow, GuardMode>> = {},
  more: Partial<GuardPolicyProps> = {},
): PolicyStatement[] {
  const all = modesOf("enforce", modes);
  const props: GuardPolicyProps = {
    declared: DECLARED,
    modeOf: (row) => all[row],
    arn,
    partition: "aws",
    region: REGION,
    parameterArns: Object.values(PARAMETERS).map(parameterArn),
    memoryArn: parameterArn(PARAMETERS.memory),
    topicArns: [TOPIC_ARN],
    topicKeyArns: [KEY_ARN],
    logGroupArn: arn("logs", "log-group:/aws/lambda/enable_trail"),
    queueArn: arn("sqs", "enable_trail_dead_letters"),
    ...more,
  };
  return [...guardPolicy(props), ...alarmPolicies(props).flat()];
}

/** What a call needs: an action on each of the resources (Service Authorization Reference). */
export interface Need {
  readonly action: string;
  readonly resources: readonly string[];
}

const LOG_GROUP_ARN = arn("logs", `log-group:${LOG_GROUP}:*`);

/** Where the action has another name than the call. */
const ACTIONS: Partial<Record<AwsCallName, string>> = {
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};

export function needsOf({ name, input }: RecordedCall): Need[] {
  const action = ACTIONS[name] ?? name;
  const value = (key: string) => (input as Record<string, unknown>)[key];
  const names = (key: string) => value(key) as string[];
  const [service] = name.split(":");
  switch (service) {
    case "cloudtrail": {
      const passesRole = name === "cloudtrail:CreateTrail" || name === "cloudtrail:UpdateTrail";
      const tags = name === "cloudtrail:CreateTrail" ? "cloudtrail:AddTags" : undefined;
      return [
        { action, resources: [TRAIL_ARN] },
        ...(passesRole
          ? [{ action: "iam:PassRole", resources: [String(value("CloudWatchLogsRoleArn"))] }]
          : []),
        ...(tags === undefined ? [] : [{ action: tags, resources: [TRAIL_ARN] }]),
      ];
    }
    case "s3":
      return [{ action, resources: [`arn:aws:s3:::${value("Bucket")}`] }];
    case "kms":
      return [{ action, resources: [KEY_ARN] }];
    case "logs":
      return [
        {
          action,
          resources: [name === "logs:DescribeLogGroups" ? arn("logs", "log-group:any:*") : LOG_GROUP_ARN],
        },
      ];
    case "cloudwatch":
      return [{ action, resources: names("AlarmNames").map((alarm) => arn("cloudwatch", `alarm:${alarm}`)) }];
    case "events":
      return [
        { action, resources: [name === "events:ListRules" ? "*" : arn("events", `rule/${value("Name")}`)] },
      ];
    case "ssm":
      return [
        {
          action,
          resources:
            name === "ssm:GetParameters"
              ? names("Names").map(parameterArn)
              : [parameterArn(String(value("Name")))],
        },
      ];
    default:
      return [
        { action, resources: [String(value("TopicArn"))] },
        // The topic is encrypted.
        { action: "kms:GenerateDataKey", resources: [KEY_ARN] },
        { action: "kms:Decrypt", resources: [KEY_ARN] },
      ];
  }
}

/** Every call that the guard can make: after each tampering, by its event and by its regular look. */
export async function callsOf(modes: Partial<Record<GuardRow, GuardMode>> = {}): Promise<RecordedCall[]> {
  const calls: RecordedCall[] = [];
  for (const tampering of RESTORABLE) {
    const byEvent = new Scene({ settings: { modes } });
    await byEvent.suffer(tampering);
    const byLook = new Scene({ settings: { modes } });
    tampering.change(byLook.cloud);
    await byLook.look();
    calls.push(...byEvent.fake.calls, ...byLook.fake.calls);
  }
  return calls;
}
