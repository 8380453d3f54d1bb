import {
  DeleteTrailCommand,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  PutEventSelectorsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { DescribeAlarmsCommand, DisableAlarmActionsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { DisableRuleCommand, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { CreatePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, DisableKeyCommand } from "@aws-sdk/client-kms";
import {
  DeleteBucketPolicyCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import type { StackSettings } from "../../config";
import { ATTACKER, type Target } from "./target";

type Guard = NonNullable<StackSettings["guard"]>;

/** Something that is done to a deployment, or to the account that it watches. */
export interface Attack {
  readonly name: string;
  /** What is done, in a sentence. */
  readonly title: string;
  /** Who is to answer it: a row of the guard, a detection of the catalogue, or the rule on instance states. */
  readonly answeredBy:
    | { readonly guardRow: keyof NonNullable<Guard["modes"]> }
    | { readonly detection: string }
    | "instance states";
  act(target: Target): Promise<void>;
  /** What is attacked, as it is now: as before, it is healed. None for an attack that breaks nothing of the deployment. */
  see?(target: Target): Promise<unknown>;
}

const stop: Attack = {
  name: "stop",
  title: "Stop the trail",
  answeredBy: { guardRow: "stop-logging" },
  act: async ({ cloudTrail, trail }) => {
    await cloudTrail.send(new StopLoggingCommand({ Name: trail.arn }));
  },
  see: isLogging,
};

const deleteTrail: Attack = {
  name: "delete",
  title: "Delete the trail",
  answeredBy: { guardRow: "delete-trail" },
  act: async ({ cloudTrail, trail }) => {
    await cloudTrail.send(new DeleteTrailCommand({ Name: trail.arn }));
  },
  see: async (target) => {
    const settings = await trailSettings(target);
    return settings === undefined
      ? undefined
      : { settings, isLogging: await isLogging(target), selectors: await selectors(target) };
  },
};

const selectorsAttack: Attack = {
  name: "selectors",
  title: "Deselect events that change something",
  answeredBy: { guardRow: "event-selectors" },
  act: async ({ cloudTrail, trail }) => {
    await cloudTrail.send(
      new PutEventSelectorsCommand({
        TrailName: trail.arn,
        EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }],
      }),
    );
  },
  see: selectors,
};

const singleRegion: Attack = {
  name: "single-region",
  title: "Narrow the trail to one region",
  answeredBy: { guardRow: "update-trail" },
  act: async ({ cloudTrail, trail }) => {
    await cloudTrail.send(
      new UpdateTrailCommand({
        Name: trail.arn,
        IsMultiRegionTrail: false,
        IncludeGlobalServiceEvents: false,
      }),
    );
  },
  see: trailSettings,
};

const logGroup: Attack = {
  name: "log-group",
  title: "Delete the trail's log group",
  answeredBy: { guardRow: "irreparable" },
  act: async ({ logs, trail }) => {
    await logs.send(new DeleteLogGroupCommand({ logGroupName: trail.logGroupName }));
  },
  see: async ({ logs, trail }) => {
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: trail.logGroupName }),
    );
    return logGroups.map(({ logGroupName, retentionInDays, kmsKeyId }) => ({
      logGroupName,
      retentionInDays,
      kmsKeyId,
    }));
  },
};

const bucketLifecycle: Attack = {
  name: "bucket-lifecycle",
  title: "Have the bucket delete log files after a day",
  answeredBy: { guardRow: "bucket" },
  act: async ({ s3, trail }) => {
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: trail.bucketName,
        LifecycleConfiguration: {
          Rules: [{ ID: "gone", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }],
        },
      }),
    );
  },
  see: async ({ s3, trail }) => {
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: trail.bucketName }));
    return Rules;
  },
};

const bucketPolicy: Attack = {
  name: "bucket-policy",
  title: "Delete the bucket's policy",
  answeredBy: { guardRow: "bucket" },
  act: async ({ s3, trail }) => {
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: trail.bucketName }));
  },
  see: async ({ s3, trail }) => {
    const policy = await unlessMissing(s3.send(new GetBucketPolicyCommand({ Bucket: trail.bucketName })));
    return policy === undefined ? undefined : JSON.parse(policy.Policy ?? "{}");
  },
};

const key: Attack = {
  name: "key",
  title: "Disable the key",
  answeredBy: { guardRow: "key" },
  act: async ({ kms, trail }) => {
    await kms.send(new DisableKeyCommand({ KeyId: trail.keyId }));
  },
  see: async ({ kms, trail }) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: trail.keyId }));
    return KeyMetadata?.KeyState;
  },
};

const rule: Attack = {
  name: "rule",
  title: "Disable the guard's event rule",
  answeredBy: { guardRow: "alarms-and-rules" },
  act: async ({ events, guardFunctionName }) => {
    await events.send(new DisableRuleCommand({ Name: guardFunctionName }));
  },
  see: async ({ events, guardFunctionName }) => {
    const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: guardFunctionName }));
    return Rules.map(({ Name, State }) => ({ Name, State })).sort(byName);
  },
};

const alarmActions: Attack = {
  name: "alarm-actions",
  title: "Disable the actions of all alarms",
  answeredBy: { guardRow: "alarms-and-rules" },
  act: async ({ cloudWatch }) => {
    const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    const names = MetricAlarms.map(({ AlarmName = "" }) => AlarmName);
    // CloudWatch API reference, "DisableAlarmActions": 100 alarms a call.
    for (let first = 0; first < names.length; first += 100) {
      await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: names.slice(first, first + 100) }));
    }
  },
  see: async ({ cloudWatch }) => {
    const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    return MetricAlarms.map(({ AlarmName: Name, ActionsEnabled }) => ({ Name, ActionsEnabled })).sort(byName);
  },
};

const securityGroup: Attack = {
  name: "security-group",
  title: "Open a security group to the world",
  answeredBy: { detection: "security-group-changes" },
  act: async ({ ec2 }) => {
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: `open-${Date.now()}`, Description: "ssh for everybody" }),
    );
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
  },
};

const iamPolicy: Attack = {
  name: "iam-policy",
  title: "Make an IAM policy that allows everything",
  answeredBy: { detection: "iam-policy-changes" },
  act: async ({ iam }) => {
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: `everything-${Date.now()}`,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    );
  },
};

const signIns: Attack = {
  name: "sign-ins",
  title: "Fail to sign in three times",
  answeredBy: { detection: "console-sign-in-failures" },
  act: async ({ plane, region }) => {
    for (let nth = 1; nth <= 3; nth++) {
      await plane.signIn({ userName: ATTACKER, region, succeeded: false, mfa: false });
    }
  },
};

const instanceStates: Attack = {
  name: "instance-states",
  title: "Run, stop and terminate an instance",
  answeredBy: "instance states",
  act: async ({ ec2 }) => {
    const { Instances = [] } = await ec2.send(
      // The image of the emulator's that is in every region.
      new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1 }),
    );
    const InstanceIds = Instances.map(({ InstanceId = "" }) => InstanceId);
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  },
};

/** In the order in which `all` runs them. */
export const ATTACKS: readonly Attack[] = [
  stop,
  deleteTrail,
  selectorsAttack,
  singleRegion,
  logGroup,
  bucketLifecycle,
  bucketPolicy,
  key,
  rule,
  alarmActions,
  securityGroup,
  iamPolicy,
  signIns,
  instanceStates,
];

/**
 * @param names `all`, or names of attacks, with commas between them
 * @throws naming the one that is none
 */
export function chooseAttacks(names: string): readonly Attack[] {
  if (names === "all") {
    return ATTACKS;
  }
  return names.split(",").map((part) => {
    const attack = ATTACKS.find(({ name }) => name === part.trim());
    if (attack === undefined) {
      throw new Error(
        `no attack ${JSON.stringify(part.trim())}; there is all, ${ATTACKS.map(({ name }) => name).join(", ")}`,
      );
    }
    return attack;
  });
}

async function isLogging({ cloudTrail, trail }: Target): Promise<boolean | undefined> {
  const status = await unlessMissing(cloudTrail.send(new GetTrailStatusCommand({ Name: trail.arn })));
  return status?.IsLogging;
}

async function selectors({ cloudTrail, trail }: Target): Promise<unknown> {
  const of = await unlessMissing(cloudTrail.send(new GetEventSelectorsCommand({ TrailName: trail.arn })));
  const { EventSelectors = [], AdvancedEventSelectors = [] } = of ?? {};
  const none = EventSelectors.length + AdvancedEventSelectors.length === 0;
  // A trail without selectors logs all management events; what is left out and an empty list are the same.
  const basic = (
    none ? [{ ReadWriteType: "All", IncludeManagementEvents: true } as const] : EventSelectors
  ).map(({ DataResources = [], ExcludeManagementEventSources = [], ...selector }: EventSelector) => ({
    ...selector,
    DataResources,
    ExcludeManagementEventSources,
  }));
  return [...basic, ...AdvancedEventSelectors];
}

async function trailSettings({ cloudTrail, trail }: Target): Promise<unknown> {
  const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand({ trailNameList: [trail.arn] }));
  return trailList[0];
}

function byName(a: { Name?: string | undefined }, b: { Name?: string | undefined }): number {
  return (a.Name ?? "") < (b.Name ?? "") ? -1 : 1;
}

/** Undefined where AWS says that there is no such thing. */
async function unlessMissing<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Error && /NotFound|NoSuch/.test(error.name)) {
      return undefined;
    }
    throw error;
  }
}
