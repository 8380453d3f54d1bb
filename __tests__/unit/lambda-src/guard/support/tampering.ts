import type {
  AdvancedEventSelector,
  EventSelector,
  InsightSelector,
  Trail,
} from "@aws-sdk/client-cloudtrail";
import type { MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import { BUCKET, DECLARED, KEY_ARN, KEY_ID, LOG_GROUP, TRAIL_ARN } from "./deployment";
import type { CallOfEvent } from "./events";
import type { BucketInMemory, Cloud } from "./fake-aws";

/** A change that somebody makes by one call. */
export interface Tampering {
  readonly name: string;
  readonly call: CallOfEvent;
  /** Id of the difference that it makes. */
  readonly difference: string;
  /** Makes the change; does nothing where there is nothing left to change. */
  readonly change: (cloud: Cloud) => void;
  /** Names of the calls that undo it, where it is the only change. */
  readonly undoneBy: readonly string[];
  /** Id of what is stronger than declared once it is undone. */
  readonly leaves?: string;
}

const OTHER_KEY_ARN = KEY_ARN.replace(KEY_ID, "99999999-9999-9999-9999-999999999999");
const [FILTER] = DECLARED.logGroup.metricFilters;
const [ALARM] = DECLARED.alarms;
const [RULE] = DECLARED.rules;
export const FILTER_NAME = FILTER?.name ?? "";
export const ALARM_NAME = ALARM?.name ?? "";
export const RULE_NAME = RULE ?? "";

export const STOP_LOGGING: Tampering = {
  name: "logging is stopped",
  call: {
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    requestParameters: { name: TRAIL_ARN },
  },
  difference: "trail.logging",
  change: ({ trail }) => {
    if (trail !== undefined) trail.isLogging = false;
  },
  undoneBy: ["cloudtrail:StartLogging"],
};

export const DELETE_TRAIL: Tampering = {
  name: "the trail is deleted",
  call: {
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "DeleteTrail",
    requestParameters: { name: "trailwarden" },
  },
  difference: "trail",
  change: (cloud) => {
    cloud.trail = undefined;
  },
  undoneBy: ["cloudtrail:CreateTrail", "cloudtrail:StartLogging", "cloudtrail:PutInsightSelectors"],
};

function updateTrail(name: string, settings: Trail): Tampering {
  return {
    name,
    call: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "UpdateTrail",
      requestParameters: { name: "trailwarden", ...settings },
    },
    difference: "trail.settings",
    change: ({ trail }) => {
      if (trail !== undefined) trail.settings = { ...trail.settings, ...settings };
    },
    undoneBy: ["cloudtrail:UpdateTrail"],
  };
}

function putSelectors(
  name: string,
  {
    basic = [],
    advanced = [],
    undoneBy = ["cloudtrail:PutEventSelectors"],
  }: { basic?: EventSelector[]; advanced?: AdvancedEventSelector[]; undoneBy?: string[] },
): Tampering {
  const addsData =
    basic.some(({ DataResources = [] }) => DataResources.length > 0) || advanced.includes(ADVANCED_DATA);
  return {
    name,
    call: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "PutEventSelectors",
      requestParameters: { trailName: TRAIL_ARN },
    },
    difference: undoneBy.length === 0 ? "trail.event-selectors.stronger" : "trail.event-selectors",
    change: ({ trail }) => {
      if (trail !== undefined) {
        trail.eventSelectors = basic;
        trail.advancedEventSelectors = advanced;
      }
    },
    undoneBy,
    ...(addsData && undoneBy.length > 0 ? { leaves: "trail.event-selectors.stronger" } : {}),
  };
}

function putInsights(name: string, selectors: InsightSelector[]): Tampering {
  return {
    name,
    call: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "PutInsightSelectors",
      requestParameters: { trailName: "trailwarden" },
    },
    difference: "trail.insight-selectors",
    change: ({ trail }) => {
      if (trail !== undefined) trail.insightSelectors = selectors;
    },
    undoneBy: ["cloudtrail:PutInsightSelectors"],
  };
}

function ofTags(name: string, eventName: string, change: (tags: Map<string, string>) => void): Tampering {
  return {
    name,
    call: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName,
      requestParameters: { resourceId: TRAIL_ARN },
    },
    difference: "trail.tags",
    change: ({ trail }) => {
      if (trail !== undefined) change(trail.tags);
    },
    undoneBy: ["cloudtrail:AddTags"],
  };
}

function ofBucket(
  name: string,
  eventName: string,
  difference: string,
  change: (bucket: BucketInMemory) => void,
  ...undoneBy: string[]
): Tampering {
  return {
    name,
    call: { eventSource: "s3.amazonaws.com", eventName, requestParameters: { bucketName: BUCKET } },
    difference,
    change: ({ bucket }) => {
      if (bucket !== undefined) change(bucket);
    },
    undoneBy,
  };
}

function ofKey(
  name: string,
  eventName: string,
  state: "Disabled" | "PendingDeletion",
  ...undoneBy: string[]
): Tampering {
  return {
    name,
    call: { eventSource: "kms.amazonaws.com", eventName, requestParameters: { keyId: KEY_ID } },
    difference: "key.state",
    change: ({ key }) => {
      // A key that is to be deleted can't be disabled.
      if (key !== undefined && key.state !== "PendingDeletion") key.state = state;
    },
    undoneBy,
  };
}

function ofLogGroup(
  name: string,
  eventName: string,
  difference: string,
  change: (group: NonNullable<Cloud["logGroup"]>) => void,
  ...undoneBy: string[]
): Tampering {
  return {
    name,
    call: {
      eventSource: "logs.amazonaws.com",
      eventName,
      requestParameters: {
        logGroupName: LOG_GROUP,
        ...(difference.startsWith("metric-filter.") ? { filterName: FILTER_NAME } : {}),
      },
    },
    difference,
    change: ({ logGroup }) => {
      if (logGroup !== undefined) change(logGroup);
    },
    undoneBy,
  };
}

function putFilter(name: string, change: Partial<MetricFilter>): Tampering {
  return ofLogGroup(
    name,
    "PutMetricFilter",
    `metric-filter.${FILTER_NAME}`,
    ({ filters }) => {
      const filter = filters.get(FILTER_NAME) ?? {};
      filters.set(FILTER_NAME, {
        filterName: FILTER_NAME,
        filterPattern: FILTER?.pattern,
        metricTransformations: filter.metricTransformations,
        ...change,
      });
    },
    "logs:PutMetricFilter",
  );
}

const TRANSFORMATION = { metricNamespace: "Trailwarden", metricName: FILTER_NAME, metricValue: "1" };

function fields(values: Readonly<Record<string, readonly string[]>>): AdvancedEventSelector {
  return {
    FieldSelectors: Object.entries(values).map(([Field, Equals]) => ({ Field, Equals: [...Equals] })),
  };
}

const MANAGEMENT = { eventCategory: ["Management"] };
export const S3_DATA = { Type: "AWS::S3::Object", Values: ["arn:aws:s3:::acme-invoices/"] };
export const ADVANCED_DATA = fields({ eventCategory: ["Data"], "resources.type": ["AWS::SQS::Queue"] });

const { lifecycle } = DECLARED.bucket ?? {};

function putLifecycle(
  name: string,
  rules: BucketInMemory["lifecycle"],
  difference = "bucket.lifecycle",
): Tampering {
  return ofBucket(
    name,
    "PutBucketLifecycle",
    difference,
    (bucket) => {
      bucket.lifecycle = rules;
    },
    ...(difference === "bucket.lifecycle" ? ["s3:PutBucketLifecycleConfiguration"] : []),
  );
}

function rule(days: number, noncurrentDays = lifecycle?.noncurrentVersionExpiration, ID = lifecycle?.id) {
  return {
    ID,
    Status: "Enabled" as const,
    Filter: { Prefix: "" },
    Expiration: { Days: days },
    NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
  };
}

/** What the guard undoes. */
export const RESTORABLE: readonly Tampering[] = [
  STOP_LOGGING,
  DELETE_TRAIL,
  updateTrail("log file validation is off", { LogFileValidationEnabled: false }),
  updateTrail("the trail is of one region", { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }),
  updateTrail("the trail writes to another bucket", { S3BucketName: "mallorys-bucket" }),
  updateTrail("the trail writes below a prefix", { S3KeyPrefix: "elsewhere" }),
  updateTrail("the trail uses another key", { KmsKeyId: OTHER_KEY_ARN }),
  updateTrail("the trail has no log group", { CloudWatchLogsLogGroupArn: "", CloudWatchLogsRoleArn: "" }),
  putSelectors("only writes are recorded", {
    basic: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true }],
  }),
  putSelectors("events of KMS are left out", {
    basic: [{ ReadWriteType: "All", ExcludeManagementEventSources: ["kms.amazonaws.com"] }],
  }),
  putSelectors("only data events are recorded", {
    basic: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: false, DataResources: [S3_DATA] }],
  }),
  putSelectors("only data events are recorded, by five selectors", {
    basic: ["a", "b", "c", "d", "e"].map((bucket) => ({
      ReadWriteType: bucket === "e" ? ("ReadOnly" as const) : ("All" as const),
      IncludeManagementEvents: false,
      DataResources: [{ Type: "AWS::S3::Object", Values: [`arn:aws:s3:::${bucket}/`] }],
    })),
  }),
  putSelectors("only reads are recorded, by an advanced selector", {
    advanced: [fields({ ...MANAGEMENT, readOnly: ["true"] })],
  }),
  putSelectors("events of RDS alone are recorded, by an advanced selector", {
    advanced: [fields({ ...MANAGEMENT, eventSource: ["rds.amazonaws.com"] }), ADVANCED_DATA],
  }),
  putSelectors("only data events are recorded, by an advanced selector", { advanced: [ADVANCED_DATA] }),
  putInsights("no insights are recorded", []),
  putInsights("other insights are recorded", [{ InsightType: "ApiErrorRateInsight" }]),
  putInsights("insights are recorded on data events only", [
    { InsightType: "ApiCallRateInsight", EventCategories: ["Data"] },
  ]),
  ofTags("a tag is removed", "RemoveTags", (tags) => {
    tags.delete("Owner");
  }),
  ofTags("a tag is changed", "AddTags", (tags) => {
    tags.set("Owner", "mallory");
  }),
  ofBucket(
    "the bucket policy lets others read",
    "PutBucketPolicy",
    "bucket.policy",
    (bucket) => {
      bucket.policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
      });
    },
    "s3:PutBucketPolicy",
  ),
  ofBucket(
    "the bucket policy is deleted",
    "DeleteBucketPolicy",
    "bucket.policy",
    (bucket) => {
      bucket.policy = undefined;
    },
    "s3:PutBucketPolicy",
  ),
  ofBucket(
    "the public access block is deleted",
    "DeleteBucketPublicAccessBlock",
    "bucket.public-access-block",
    (bucket) => {
      bucket.publicAccessBlock = undefined;
    },
    "s3:PutPublicAccessBlock",
  ),
  ofBucket(
    "public policies are let in",
    "PutBucketPublicAccessBlock",
    "bucket.public-access-block",
    (bucket) => {
      bucket.publicAccessBlock = { ...bucket.publicAccessBlock, BlockPublicPolicy: false };
    },
    "s3:PutPublicAccessBlock",
  ),
  ofBucket(
    "objects belong to who writes them",
    "PutBucketOwnershipControls",
    "bucket.ownership",
    (bucket) => {
      bucket.ownership = "ObjectWriter";
    },
    "s3:PutBucketOwnershipControls",
  ),
  ofBucket(
    "ownership controls are deleted",
    "DeleteBucketOwnershipControls",
    "bucket.ownership",
    (bucket) => {
      bucket.ownership = undefined;
    },
    "s3:PutBucketOwnershipControls",
  ),
  ofBucket(
    "versioning is suspended",
    "PutBucketVersioning",
    "bucket.versioning",
    (bucket) => {
      bucket.versioning = "Suspended";
    },
    "s3:PutBucketVersioning",
  ),
  ofBucket(
    "default encryption is S3's own",
    "DeleteBucketEncryption",
    "bucket.encryption",
    (bucket) => {
      bucket.encryption = { algorithm: "AES256", keyArn: undefined };
    },
    "s3:PutBucketEncryption",
  ),
  ofBucket(
    "default encryption is with another key",
    "PutBucketEncryption",
    "bucket.encryption",
    (bucket) => {
      bucket.encryption = { algorithm: "aws:kms", keyArn: OTHER_KEY_ARN };
    },
    "s3:PutBucketEncryption",
  ),
  putLifecycle("log files are deleted after a day", [rule(1)]),
  putLifecycle("log files are deleted on a day", [
    { ...rule(3650), Expiration: { Date: new Date("2026-01-01T00:00:00Z") } },
  ]),
  putLifecycle("older versions are deleted after a day", [rule(3650, 1)]),
  {
    ...putLifecycle("a second rule deletes log files after a day", [rule(4000), rule(1, 90, "tidy")]),
    leaves: "bucket.lifecycle.stronger",
  },
  ofKey("the key is disabled", "DisableKey", "Disabled", "kms:EnableKey"),
  ofKey(
    "the key is to be deleted",
    "ScheduleKeyDeletion",
    "PendingDeletion",
    "kms:CancelKeyDeletion",
    "kms:EnableKey",
  ),
  ofLogGroup(
    "events are kept for a day",
    "PutRetentionPolicy",
    "log-group.retention",
    (group) => {
      group.retentionDays = 1;
    },
    "logs:PutRetentionPolicy",
  ),
  ofLogGroup(
    "the log group has no key",
    "DisassociateKmsKey",
    "log-group.key",
    (group) => {
      group.keyArn = undefined;
    },
    "logs:AssociateKmsKey",
  ),
  ofLogGroup(
    "a metric filter is deleted",
    "DeleteMetricFilter",
    `metric-filter.${FILTER_NAME}`,
    ({ filters }) => {
      filters.delete(FILTER_NAME);
    },
    "logs:PutMetricFilter",
  ),
  putFilter("a metric filter matches nothing", { filterPattern: "{ $.eventName = NoSuchCall }" }),
  putFilter("a metric filter counts 0", { metricTransformations: [{ ...TRANSFORMATION, metricValue: "0" }] }),
  putFilter("a metric filter counts into another metric", {
    metricTransformations: [{ ...TRANSFORMATION, metricName: "elsewhere" }],
  }),
  putFilter("a metric filter's metric has a dimension", {
    metricTransformations: [{ ...TRANSFORMATION, dimensions: { Caller: "$.userIdentity.arn" } }],
  }),
  putFilter("a metric filter takes off what it counts", {
    metricTransformations: [{ ...TRANSFORMATION, defaultValue: -1000 }],
  }),
  putFilter("a metric filter sees one account only", {
    fieldSelectionCriteria: '@aws.account = "000000000000"',
  }),
  putFilter("a metric filter sees transformed events only", { applyOnTransformedLogs: true }),
  {
    name: "an alarm's actions are disabled",
    call: {
      eventSource: "monitoring.amazonaws.com",
      eventName: "DisableAlarmActions",
      requestParameters: { alarmNames: [ALARM_NAME] },
    },
    difference: "alarms.actions",
    change: ({ alarms }) => {
      const alarm = alarms.get(ALARM_NAME);
      if (alarm !== undefined) alarm.isEnabled = false;
    },
    undoneBy: ["cloudwatch:EnableAlarmActions"],
  },
  ...DECLARED.rules.map(
    (name): Tampering => ({
      name: `the event rule ${name} is disabled`,
      call: { eventSource: "events.amazonaws.com", eventName: "DisableRule", requestParameters: { name } },
      difference: `rule.${name}.state`,
      change: ({ rules }) => {
        if (rules.has(name)) rules.set(name, "DISABLED");
      },
      undoneBy: ["events:EnableRule"],
    }),
  ),
];

/** What makes more of it than is declared: told of, and left. */
export const STRONGER: readonly Tampering[] = [
  putSelectors("data events are recorded too", {
    basic: [{ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [S3_DATA] }],
    undoneBy: [],
  }),
  putSelectors("data events are recorded too, by an advanced selector", {
    advanced: [fields(MANAGEMENT), ADVANCED_DATA],
    undoneBy: [],
  }),
  putLifecycle("log files are kept longer", [rule(4000)], "bucket.lifecycle.stronger"),
  ofBucket("log files are kept for ever", "DeleteBucketLifecycle", "bucket.lifecycle.stronger", (bucket) => {
    bucket.lifecycle = undefined;
  }),
  ofLogGroup("events are kept longer", "PutRetentionPolicy", "log-group.retention.stronger", (group) => {
    group.retentionDays = 3653;
  }),
  ofLogGroup("events are kept for ever", "DeleteRetentionPolicy", "log-group.retention.stronger", (group) => {
    group.retentionDays = undefined;
  }),
];

/** What only Terraform can make again. */
export const IRREPARABLE: readonly Tampering[] = [
  {
    ...ofBucket("the bucket is deleted", "DeleteBucket", "bucket", () => {}),
    change: (cloud) => {
      cloud.bucket = undefined;
    },
  },
  {
    ...ofLogGroup("the log group is deleted", "DeleteLogGroup", "log-group", () => {}),
    change: (cloud) => {
      cloud.logGroup = undefined;
    },
  },
  {
    name: "an alarm is deleted",
    call: {
      eventSource: "monitoring.amazonaws.com",
      eventName: "DeleteAlarms",
      requestParameters: { alarmNames: ["somebody-elses", ALARM_NAME] },
    },
    difference: `alarm.${ALARM_NAME}`,
    change: ({ alarms }) => {
      alarms.delete(ALARM_NAME);
    },
    undoneBy: [],
  },
  {
    name: "an alarm tells nobody",
    call: {
      eventSource: "monitoring.amazonaws.com",
      eventName: "PutMetricAlarm",
      requestParameters: { alarmName: ALARM_NAME },
    },
    difference: `alarm.${ALARM_NAME}.actions`,
    change: ({ alarms }) => {
      const alarm = alarms.get(ALARM_NAME);
      if (alarm !== undefined) alarm.actions = [];
    },
    undoneBy: [],
  },
  {
    name: "an event rule is deleted",
    call: {
      eventSource: "events.amazonaws.com",
      eventName: "DeleteRule",
      requestParameters: { name: RULE_NAME },
    },
    difference: `rule.${RULE_NAME}`,
    change: ({ rules }) => {
      rules.delete(RULE_NAME);
    },
    undoneBy: [],
  },
  {
    name: "the key is deleted",
    call: {
      eventSource: "kms.amazonaws.com",
      eventName: "DeleteImportedKeyMaterial",
      requestParameters: { keyId: KEY_ARN },
    },
    difference: "key",
    change: (cloud) => {
      cloud.key = undefined;
    },
    undoneBy: [],
  },
];

/** By name. @throws where there is none */
export function tampering(name: string): Tampering {
  const found = [...RESTORABLE, ...STRONGER, ...IRREPARABLE].find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`no tampering is called ${JSON.stringify(name)}`);
  }
  return found;
}
