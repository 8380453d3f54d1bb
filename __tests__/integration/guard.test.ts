import {
  CloudTrailClient,
  DeleteTrailCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  ListTagsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  RemoveTagsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DisableAlarmActionsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DisassociateKmsKeyCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DisableRuleCommand, EventBridgeClient, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import { DisableKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { callEvent, regularLookEvent } from "../../local/call-event";
import { DeployedGuard } from "./support/deployed-guard";
import { Mailbox } from "./support/mailbox";
import { type Checkout, Sandbox } from "./support/sandbox";

jest.setTimeout(300_000);

const PLACE = { region: "ap-northeast-2", accountId: "123456789012" };
const TRAIL = `arn:aws:cloudtrail:${PLACE.region}:${PLACE.accountId}:trail/trailwarden`;
const BUCKET = `trailwarden-${PLACE.accountId}-${PLACE.region}`;
const LOG_GROUP = "/aws/cloudtrail/trailwarden";
const TOPIC = `arn:aws:sns:${PLACE.region}:${PLACE.accountId}:TrailGuard_Alerts_Topic`;

let sandbox: Sandbox;
let checkout: Checkout;
let guard: DeployedGuard;
let mailbox: Mailbox;
let cloudTrail: CloudTrailClient;
let cloudWatch: CloudWatchClient;
let logs: CloudWatchLogsClient;
let events: EventBridgeClient;
let kms: KMSClient;
let s3: S3Client;
let ssm: SSMClient;
let keyArn: string;
let keyId: string;
let asDeclared: unknown;

beforeAll(async () => {
  sandbox = await Sandbox.open({
    region: PLACE.region,
    alerts: { emails: ["security@example.com"] },
    tags: { team: "security" },
    trail: { insights: ["ApiCallRateInsight", "ApiErrorRateInsight"] },
    guard: { exemptPrincipals: ["arn:aws:iam::*:role/Deploy"], repairs: { limit: 1000, windowMinutes: 60 } },
  });
  checkout = sandbox.checkout();
  await checkout.terraform.init();
  await checkout.terraform.apply();
  guard = await DeployedGuard.of(sandbox, checkout);
  mailbox = await Mailbox.of(sandbox, TOPIC);
  const settings = sandbox.clientSettings();
  cloudTrail = new CloudTrailClient(settings);
  cloudWatch = new CloudWatchClient(settings);
  logs = new CloudWatchLogsClient(settings);
  events = new EventBridgeClient(settings);
  kms = new KMSClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  ssm = new SSMClient(settings);
  keyArn = (await sandbox.account.keys())[0]?.arn as string;
  keyId = keyArn.slice(keyArn.lastIndexOf("/") + 1);
  asDeclared = await whatIsKept();
});

/** Everything that the guard keeps, as the API tells it. */
async function whatIsKept(): Promise<unknown> {
  const { account } = sandbox;
  const [trails, selectors, insights, tags, bucket, keys, logGroups, filters, alarms] = await Promise.all([
    account.trails(),
    cloudTrail.send(new GetEventSelectorsCommand({ TrailName: TRAIL })).catch(() => undefined),
    cloudTrail.send(new GetInsightSelectorsCommand({ TrailName: TRAIL })).catch(() => undefined),
    cloudTrail.send(new ListTagsCommand({ ResourceIdList: [TRAIL] })),
    account.bucket(BUCKET).catch((error: Error) => error.name),
    account.keys(),
    account.logGroups(),
    account.metricFilters(),
    account.alarms(),
  ]);
  const rules = await Promise.all((await account.ruleNames()).map((name) => account.rule(name as string)));
  const [selector = {}] = selectors?.EventSelectors ?? [];
  return {
    trails,
    // A trail that no selector was ever put to has none, and records the same.
    managementEvents: [selector.ReadWriteType ?? "All", selector.IncludeManagementEvents ?? true],
    insights: insights?.InsightSelectors,
    tags: tags.ResourceTagList,
    bucket,
    keys,
    logGroups,
    filters: filters.map(({ filterName, filterPattern, metricTransformations: [to] = [] }) => ({
      filterName,
      filterPattern,
      metric: `${to?.metricNamespace}/${to?.metricName}=${to?.metricValue}`,
    })),
    alarms: alarms.map(({ AlarmName, ActionsEnabled, AlarmActions }) => ({
      AlarmName,
      ActionsEnabled,
      AlarmActions,
    })),
    rules: rules.map(({ state }) => state),
  };
}

interface Tampering {
  readonly call: () => Promise<unknown>;
  readonly source: string;
  readonly parameters: () => Record<string, unknown>;
}

/** By the name of the call that CloudTrail records: the call itself, and what its record holds. */
const TAMPERINGS: Record<string, Tampering> = {
  StopLogging: {
    call: () => cloudTrail.send(new StopLoggingCommand({ Name: TRAIL })),
    source: "cloudtrail",
    parameters: () => ({ name: TRAIL }),
  },
  DeleteTrail: {
    call: () => cloudTrail.send(new DeleteTrailCommand({ Name: TRAIL })),
    source: "cloudtrail",
    parameters: () => ({ name: "trailwarden" }),
  },
  UpdateTrail: {
    call: () =>
      cloudTrail.send(
        new UpdateTrailCommand({
          Name: TRAIL,
          IsMultiRegionTrail: false,
          IncludeGlobalServiceEvents: false,
          EnableLogFileValidation: false,
          S3BucketName: "terraform-state",
          CloudWatchLogsRoleArn: "arn:aws:iam::123456789012:role/other",
        }),
      ),
    source: "cloudtrail",
    parameters: () => ({ name: TRAIL, isMultiRegionTrail: false }),
  },
  PutEventSelectors: {
    call: () =>
      cloudTrail.send(
        new PutEventSelectorsCommand({
          TrailName: TRAIL,
          EventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: false, DataResources: [] }],
        }),
      ),
    source: "cloudtrail",
    parameters: () => ({ trailName: TRAIL, eventSelectors: [{ includeManagementEvents: false }] }),
  },
  PutInsightSelectors: {
    call: () =>
      cloudTrail.send(
        new PutInsightSelectorsCommand({
          TrailName: TRAIL,
          InsightSelectors: [{ InsightType: "ApiCallRateInsight" }],
        }),
      ),
    source: "cloudtrail",
    parameters: () => ({ trailName: TRAIL, insightSelectors: [{ insightType: "ApiCallRateInsight" }] }),
  },
  RemoveTags: {
    call: () =>
      cloudTrail.send(
        new RemoveTagsCommand({ ResourceId: TRAIL, TagsList: [{ Key: "team", Value: "security" }] }),
      ),
    source: "cloudtrail",
    parameters: () => ({ resourceId: TRAIL, tagsList: [{ key: "team" }] }),
  },
  DeleteBucketPolicy: {
    call: () => s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET })),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET }),
  },
  PutBucketPolicy: {
    call: () =>
      s3.send(
        new PutBucketPolicyCommand({
          Bucket: BUCKET,
          Policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Deny",
                Principal: "*",
                Action: "s3:PutObject",
                Resource: `arn:aws:s3:::${BUCKET}/*`,
              },
            ],
          }),
        }),
      ),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET, bucketPolicy: {} }),
  },
  PutBucketLifecycle: {
    call: () =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: BUCKET,
          LifecycleConfiguration: {
            Rules: [{ ID: "gone", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }],
          },
        }),
      ),
    source: "s3",
    parameters: () => ({
      bucketName: BUCKET,
      LifecycleConfiguration: { Rule: { Status: "Enabled", Expiration: { Days: 1 } } },
    }),
  },
  PutBucketVersioning: {
    call: () =>
      s3.send(
        new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
      ),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
  },
  DeleteBucketEncryption: {
    call: () => s3.send(new DeleteBucketEncryptionCommand({ Bucket: BUCKET })),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET }),
  },
  DeleteBucketPublicAccessBlock: {
    call: () => s3.send(new DeletePublicAccessBlockCommand({ Bucket: BUCKET })),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET }),
  },
  DeleteBucketOwnershipControls: {
    call: () => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: BUCKET })),
    source: "s3",
    parameters: () => ({ bucketName: BUCKET }),
  },
  DisableKey: {
    call: () => kms.send(new DisableKeyCommand({ KeyId: keyId })),
    source: "kms",
    parameters: () => ({ keyId }),
  },
  ScheduleKeyDeletion: {
    call: () => kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 })),
    source: "kms",
    parameters: () => ({ keyId: keyArn, pendingWindowInDays: 7 }),
  },
  PutRetentionPolicy: {
    call: () => logs.send(new PutRetentionPolicyCommand({ logGroupName: LOG_GROUP, retentionInDays: 1 })),
    source: "logs",
    parameters: () => ({ logGroupName: LOG_GROUP, retentionInDays: 1 }),
  },
  DisassociateKmsKey: {
    call: () => logs.send(new DisassociateKmsKeyCommand({ logGroupName: LOG_GROUP })),
    source: "logs",
    parameters: () => ({ logGroupName: LOG_GROUP }),
  },
  DeleteMetricFilter: {
    call: () =>
      logs.send(new DeleteMetricFilterCommand({ logGroupName: LOG_GROUP, filterName: "IAMPolicyChanges" })),
    source: "logs",
    parameters: () => ({ logGroupName: LOG_GROUP, filterName: "IAMPolicyChanges" }),
  },
  PutMetricFilter: {
    call: () =>
      logs.send(
        new PutMetricFilterCommand({
          logGroupName: LOG_GROUP,
          filterName: "SecurityGroupEvents",
          filterPattern: "{ $.eventName = Nothing }",
          metricTransformations: [
            {
              metricNamespace: "CloudTrailMetrics",
              metricName: "SecurityGroupEventCount",
              metricValue: "1",
            },
          ],
        }),
      ),
    source: "logs",
    parameters: () => ({ logGroupName: LOG_GROUP, filterName: "SecurityGroupEvents" }),
  },
  DisableAlarmActions: {
    call: () =>
      cloudWatch.send(
        new DisableAlarmActionsCommand({ AlarmNames: ["IAM Policy Changes", "enable_trail_silence"] }),
      ),
    source: "monitoring",
    parameters: () => ({ alarmNames: ["IAM Policy Changes", "enable_trail_silence"] }),
  },
  DisableRule: {
    call: () => events.send(new DisableRuleCommand({ Name: "enable_trail" })),
    source: "events",
    parameters: () => ({ name: "enable_trail" }),
  },
};

const eventOf = (name: string, { source, parameters }: Tampering, fields: Record<string, unknown> = {}) =>
  callEvent(
    {
      eventSource: `${source}.amazonaws.com`,
      eventName: name,
      requestParameters: parameters(),
      ...fields,
    },
    PLACE,
  );

const look = () => guard.invoke(regularLookEvent(PLACE));

describe("the deployed guard", () => {
  it("finds nothing to do or to tell after an apply", async () => {
    const { result, error } = await look();

    expect({ result, error }).toEqual({
      result: { outcome: "as declared", restored: [], left: [] },
      error: undefined,
    });
    expect(await mailbox.read()).toEqual([]);
  });

  describe.each(Object.entries(TAMPERINGS))("after %s", (name, tampering) => {
    it("makes it as declared when the event arrives, and says who it was", async () => {
      await tampering.call();
      expect(await whatIsKept()).not.toEqual(asDeclared);

      const { error } = await guard.invoke(eventOf(name, tampering));

      expect(error).toBeUndefined();
      expect(await whatIsKept()).toEqual(asDeclared);
      const mails = await mailbox.read();
      expect(mails.map(({ Subject }) => Subject)).toEqual([`Trail guard: ${name} undone - trailwarden`]);
      for (const text of [`arn:aws:iam::${PLACE.accountId}:user/mallory`, "203.0.113.10", "without MFA"]) {
        expect(mails[0]?.Message).toContain(text);
      }
    });

    it("makes it as declared by its regular look, with no event", async () => {
      await tampering.call();

      const { error } = await look();

      expect(error).toBeUndefined();
      expect(await whatIsKept()).toEqual(asDeclared);
      expect(await mailbox.read()).toHaveLength(1);
    });
  });

  it("restores everything at once by one look", async () => {
    for (const [name, { call }] of Object.entries(TAMPERINGS)) {
      // A trail that is deleted, and a key that is about to be, take no further call.
      if (!["DeleteTrail", "DisableKey"].includes(name)) {
        await call();
      }
    }

    const { error } = await look();

    expect(error).toBeUndefined();
    expect(await whatIsKept()).toEqual(asDeclared);
    expect(await mailbox.read()).toHaveLength(1);
  });

  it("tells once of an event that arrives twice", async () => {
    await TAMPERINGS.StopLogging?.call();
    const event = eventOf("StopLogging", TAMPERINGS.StopLogging as Tampering);

    await guard.invoke(event);
    await guard.invoke(event);

    expect(await mailbox.read()).toHaveLength(1);
  });

  it("tells of a refused attempt, and repairs nothing", async () => {
    const denied = { errorCode: "AccessDenied", requestParameters: null };

    const { result } = await guard.invoke(
      eventOf("StopLogging", TAMPERINGS.StopLogging as Tampering, denied),
    );

    expect(result).toMatchObject({ outcome: "told", restored: [] });
    const [mail] = await mailbox.read();
    expect(mail?.Subject).toBe("Trail guard: attempt StopLogging - trailwarden");
    expect(mail?.Message).toContain("AccessDenied");
  });

  it("leaves what an exempt principal did, and says so", async () => {
    await TAMPERINGS.PutRetentionPolicy?.call();
    const by = {
      userIdentity: {
        type: "AssumedRole",
        arn: `arn:aws:sts::${PLACE.accountId}:assumed-role/Deploy/someone`,
      },
    };

    await guard.invoke(eventOf("PutRetentionPolicy", TAMPERINGS.PutRetentionPolicy as Tampering, by));
    await look();

    expect(await whatIsKept()).not.toEqual(asDeclared);
    const mails = await mailbox.read();
    expect(mails).toHaveLength(1);
    expect(mails[0]?.Message).toContain("done by an exempt principal");

    // Somebody else does the same: that is undone.
    await guard.invoke(eventOf("PutRetentionPolicy", TAMPERINGS.PutRetentionPolicy as Tampering));
    expect(await whatIsKept()).toEqual(asDeclared);
    await mailbox.read();
  });

  it("only tells while it is paused, and restores when the pause is over", async () => {
    const pause = (value: string) =>
      ssm.send(
        new PutParameterCommand({ Name: "/trailwarden/enable_trail/pause", Value: value, Overwrite: true }),
      );
    const until = new Date(Date.now() + 3600_000).toISOString();
    await pause(JSON.stringify({ until, reason: "moving the bucket", by: "Kim" }));
    await TAMPERINGS.StopLogging?.call();

    await look();
    await look();

    const [mail, ...others] = await mailbox.read();
    expect(others).toEqual([]);
    expect(mail?.Message).toContain("By Kim: moving the bucket");
    expect(mail?.Message).toContain("the trail does not log: left: the guard is paused until");
    expect(await whatIsKept()).not.toEqual(asDeclared);

    await pause("none");
    await look();

    expect(await whatIsKept()).toEqual(asDeclared);
    expect((await mailbox.read())[0]?.Message).toContain("The pause is over");
  });

  it("fails when AWS can't be reached, so that Lambda tries again", async () => {
    const { result, error } = await guard.invoke(regularLookEvent(PLACE), "http://127.0.0.1:1");

    expect(result).toBeUndefined();
    expect(error?.message).toContain("ECONNREFUSED");
  });

  it("says what only Terraform can make again, and Terraform makes it", async () => {
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["Console sign-in failures"] }));
    await guard.invoke(
      callEvent(
        {
          eventSource: "monitoring.amazonaws.com",
          eventName: "DeleteAlarms",
          requestParameters: { alarmNames: ["Console sign-in failures"] },
        },
        PLACE,
      ),
    );
    await events.send(new RemoveTargetsCommand({ Rule: "ec2_state_change", Ids: ["topic"] }));
    await guard.invoke(
      callEvent(
        {
          eventSource: "events.amazonaws.com",
          eventName: "RemoveTargets",
          requestParameters: { rule: "ec2_state_change", ids: ["topic"] },
        },
        PLACE,
      ),
    );
    await guard.invoke(
      callEvent(
        {
          eventSource: "sns.amazonaws.com",
          eventName: "DeleteTopic",
          requestParameters: { topicArn: TOPIC },
        },
        PLACE,
      ),
    );

    const mails = await mailbox.read();
    expect(mails.map(({ Subject }) => Subject)).toEqual([
      "Trail guard: ACTION NEEDED, DeleteAlarms - trailwarden",
      "Trail guard: ACTION NEEDED, RemoveTargets - trailwarden",
      "Trail guard: ACTION NEEDED, DeleteTopic - trailwarden",
    ]);
    for (const { Message } of mails) {
      expect(Message).toContain("run terraform apply");
      expect(Message).toContain("user/mallory");
    }

    await checkout.terraform.apply();

    expect(await whatIsKept()).toEqual(asDeclared);
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
  });
});
