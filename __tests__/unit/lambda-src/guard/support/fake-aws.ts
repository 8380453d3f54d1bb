import type {
  AdvancedEventSelector,
  EventSelector,
  InsightSelector,
  Trail,
} from "@aws-sdk/client-cloudtrail";
import type { MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import type { RuleState } from "@aws-sdk/client-eventbridge";
import type { LifecycleRule, PublicAccessBlockConfiguration } from "@aws-sdk/client-s3";
import type { Aws, AwsCallName, AwsCalls } from "../../../../../lambda-src/guard/aws";
import { type DeclaredState, digestOf } from "../../../../../lambda-src/guard/declared-state";
import type { Alert } from "../../../../../lambda-src/shared/alert";
import { readAlert } from "../../../../../lambda-src/shared/publication";
import { PARAMETERS, TOPIC_ARN, textOf } from "./deployment";

/** What the fake holds of a trail. */
export interface TrailInMemory {
  readonly arn: string;
  isLogging: boolean;
  settings: Trail;
  eventSelectors: EventSelector[];
  advancedEventSelectors: AdvancedEventSelector[];
  insightSelectors: InsightSelector[];
  tags: Map<string, string>;
  deliveryError?: string;
  logDeliveryError?: string;
}

export interface BucketInMemory {
  readonly name: string;
  policy: string | undefined;
  publicAccessBlock: PublicAccessBlockConfiguration | undefined;
  ownership: "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter" | undefined;
  versioning: "Enabled" | "Suspended" | undefined;
  encryption: { algorithm: "AES256" | "aws:kms" | "aws:kms:dsse"; keyArn: string | undefined } | undefined;
  lifecycle: LifecycleRule[] | undefined;
}

export interface KeyInMemory {
  readonly arn: string;
  state: "Enabled" | "Disabled" | "PendingDeletion" | "PendingImport";
}

export interface LogGroupInMemory {
  readonly name: string;
  retentionDays: number | undefined;
  keyArn: string | undefined;
  readonly filters: Map<string, MetricFilter>;
}

export interface AlarmInMemory {
  isEnabled: boolean;
  actions: string[];
}

/** The deployment as it is. */
export interface Cloud {
  trail: TrailInMemory | undefined;
  bucket: BucketInMemory | undefined;
  key: KeyInMemory | undefined;
  logGroup: LogGroupInMemory | undefined;
  readonly alarms: Map<string, AlarmInMemory>;
  readonly rules: Map<string, RuleState>;
  readonly parameters: Map<string, { text: string; modifiedAt: Date }>;
  hasTopic: boolean;
}

/** An error that AWS answers with. */
export class AwsError extends Error {
  override readonly name: string;

  constructor(
    code: string,
    message: string,
    /** Whether the test asked for it; else it is what AWS says to such a call. */
    readonly isInjected = false,
  ) {
    super(message);
    this.name = code;
  }
}

/** Thrown, outside of the code under test, when its process is killed. */
export class Killed extends Error {}

/** What goes wrong with a call; a late fault comes after the call took effect. A crash ends the process that makes it. */
export const FAULTS = ["throttled", "failed", "timed out", "timed out late", "crash", "crash late"] as const;

export type Fault = (typeof FAULTS)[number];

/** A call as it was made. */
export interface RecordedCall {
  readonly name: AwsCallName;
  readonly input: object;
  /** Milliseconds of Unix time. */
  readonly at: number;
}

export interface PublishedMessage {
  readonly subject: string;
  readonly body: string;
  /** As functions and queues get it. */
  readonly alert: Alert | undefined;
}

/** One run of a function. */
export interface Process {
  readonly aws: Aws;
  /** Rejects when the process is killed; never resolves. */
  readonly killed: Promise<never>;
}

/** Whether a call changes the deployment; the guard's memory and its messages are no part of that. */
export function isWrite({ name }: Pick<RecordedCall, "name">): boolean {
  return !/:(?:Get|List|Describe)/.test(name) && name !== "ssm:PutParameter" && name !== "sns:Publish";
}

const NEVER = new Promise<never>(() => {});

/** AWS, as far as the guard calls it: in memory, with AWS's semantics and names of errors. */
export class FakeAws {
  readonly calls: RecordedCall[] = [];
  readonly messages: PublishedMessage[] = [];
  now = () => 0;
  /** Asked before each call whether something goes wrong with it. */
  faultOf: (name: AwsCallName, input: object) => Fault | undefined = () => undefined;
  /** How many turns of the event loop's microtasks pass before and after a call takes effect. */
  delay = () => 0;
  /** Wraps the effect of each call. */
  around: (call: RecordedCall, effect: () => object) => object = (_, effect) => effect();

  /** Names of what was there at first: what is deleted still has its name. */
  private readonly names: { trail: string; bucket: string; key: string; logGroup: string };

  constructor(readonly cloud: Cloud) {
    this.names = {
      trail: cloud.trail?.arn ?? "",
      bucket: cloud.bucket?.name ?? "",
      key: cloud.key?.arn ?? "",
      logGroup: cloud.logGroup?.name ?? "",
    };
  }

  get writes(): RecordedCall[] {
    return this.calls.filter(isWrite);
  }

  /** Names of the writes since the last time this was asked, and forgets all calls. */
  takeWrites(): string[] {
    const names = this.writes.map(({ name }) => name);
    this.calls.length = 0;
    return names;
  }

  takeMessages(): PublishedMessage[] {
    return this.messages.splice(0);
  }

  /** Has calls of a name go wrong, so many times. */
  fail(name: AwsCallName | "any", fault: Fault, times = 1): void {
    const others = this.faultOf;
    let left = times;
    this.faultOf = (called, input) => {
      if ((name === "any" || called === name) && left > 0) {
        left -= 1;
        return fault;
      }
      return others(called, input);
    };
  }

  heal(): void {
    this.faultOf = () => undefined;
  }

  process(): Process {
    let kill: (error: Killed) => void = () => {};
    const killed = new Promise<never>((_, reject) => {
      kill = reject;
    });
    killed.catch(() => {});
    const state = { isDead: false };
    const call = async <Name extends AwsCallName>(name: Name, input: AwsCalls[Name][0]) => {
      await this.wait();
      if (state.isDead) {
        return NEVER;
      }
      const recorded: RecordedCall = { name, input, at: this.now() };
      this.calls.push(recorded);
      const fault = this.faultOf(name, input);
      const isLate = fault === "crash late" || fault === "timed out late";
      const output =
        fault === undefined || isLate
          ? this.around(recorded, () => this.handlers[name](input) as object)
          : undefined;
      if (fault === "crash" || fault === "crash late") {
        state.isDead = true;
        kill(new Killed(`killed at ${name}`));
        return NEVER;
      }
      if (fault !== undefined) {
        throw injected(fault);
      }
      await this.wait();
      return state.isDead ? NEVER : (output as AwsCalls[Name][1]);
    };
    return { aws: call, killed };
  }

  private async wait(): Promise<void> {
    for (let left = this.delay(); left > 0; left--) {
      await undefined;
    }
  }

  private readonly handlers: {
    readonly [Name in AwsCallName]: (input: AwsCalls[Name][0]) => AwsCalls[Name][1];
  } = {
    "cloudtrail:GetTrail": ({ Name }) => ({ Trail: { ...this.trail(Name).settings } }),
    "cloudtrail:GetTrailStatus": ({ Name }) => {
      const { isLogging, deliveryError, logDeliveryError } = this.trail(Name);
      return {
        IsLogging: isLogging,
        LatestDeliveryError: deliveryError,
        LatestCloudWatchLogsDeliveryError: logDeliveryError,
      };
    },
    "cloudtrail:GetEventSelectors": ({ TrailName }) => {
      const { arn, eventSelectors, advancedEventSelectors } = this.trail(TrailName);
      return advancedEventSelectors.length > 0
        ? { TrailARN: arn, AdvancedEventSelectors: [...advancedEventSelectors] }
        : { TrailARN: arn, EventSelectors: [...eventSelectors] };
    },
    "cloudtrail:GetInsightSelectors": ({ TrailName }) => {
      const { arn, insightSelectors } = this.trail(TrailName);
      if (insightSelectors.length === 0) {
        throw new AwsError("InsightNotEnabledException", `Trail ${arn} does not have Insights enabled`);
      }
      return { TrailARN: arn, InsightSelectors: [...insightSelectors] };
    },
    "cloudtrail:ListTags": ({ ResourceIdList = [] }) => ({
      ResourceTagList: ResourceIdList.map((id) => ({
        ResourceId: id,
        TagsList: [...this.tagged(id).tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    }),
    "cloudtrail:AddTags": ({ ResourceId, TagsList = [] }) => {
      const { tags } = this.tagged(ResourceId);
      for (const { Key, Value } of TagsList) {
        tags.set(Key ?? "", Value ?? "");
      }
      return {};
    },
    "cloudtrail:StartLogging": ({ Name }) => {
      this.trail(Name).isLogging = true;
      return {};
    },
    "cloudtrail:CreateTrail": ({ TagsList = [], Name, ...request }) => {
      if (this.cloud.trail !== undefined) {
        throw new AwsError("TrailAlreadyExistsException", `Trail ${Name} already exists`);
      }
      this.checkTargets(request);
      this.cloud.trail = newTrail(this.names.trail, settingsOf(request), TagsList);
      return { TrailARN: this.names.trail };
    },
    "cloudtrail:UpdateTrail": ({ Name, ...request }) => {
      const trail = this.trail(Name);
      this.checkTargets(request);
      trail.settings = { ...trail.settings, ...settingsOf(request) };
      if (trail.settings.S3KeyPrefix === "") {
        delete trail.settings.S3KeyPrefix;
      }
      return { TrailARN: trail.arn };
    },
    "cloudtrail:PutEventSelectors": ({ TrailName, EventSelectors, AdvancedEventSelectors }) => {
      const trail = this.trail(TrailName);
      const basic = EventSelectors ?? [];
      const advanced = AdvancedEventSelectors ?? [];
      const resources = basic.flatMap(({ DataResources = [] }) =>
        DataResources.flatMap(({ Values = [] }) => Values),
      );
      if (basic.length > 0 === advanced.length > 0 || basic.length > 5 || resources.length > 250) {
        throw new AwsError("InvalidEventSelectorsException", "The event selectors are not valid");
      }
      trail.eventSelectors = [...basic];
      trail.advancedEventSelectors = [...advanced];
      return {};
    },
    "cloudtrail:PutInsightSelectors": ({ TrailName, InsightSelectors = [] }) => {
      const trail = this.trail(TrailName);
      const ofCalls = InsightSelectors.some(
        ({ InsightType, EventCategories = [] }) =>
          InsightType === "ApiCallRateInsight" &&
          (EventCategories.length === 0 || EventCategories.includes("Management")),
      );
      if (ofCalls && !managementEventsOf(trail).has("write")) {
        throw new AwsError("InvalidInsightSelectorsException", "The trail must log write management events");
      }
      trail.insightSelectors = [...InsightSelectors];
      return {};
    },
    "s3:GetBucketPolicy": ({ Bucket }) => ({
      Policy: present(this.bucket(Bucket).policy, "NoSuchBucketPolicy", "The bucket policy does not exist"),
    }),
    "s3:PutBucketPolicy": ({ Bucket, Policy = "" }) => {
      const bucket = this.bucket(Bucket);
      try {
        JSON.parse(Policy);
      } catch {
        throw new AwsError("MalformedPolicy", "Policies must be valid JSON");
      }
      bucket.policy = Policy;
      return {};
    },
    "s3:GetBucketLifecycleConfiguration": ({ Bucket }) => ({
      Rules: present(
        this.bucket(Bucket).lifecycle,
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
      ),
    }),
    "s3:PutBucketLifecycleConfiguration": ({ Bucket, LifecycleConfiguration }) => {
      this.bucket(Bucket).lifecycle = [...(LifecycleConfiguration?.Rules ?? [])];
      return {};
    },
    "s3:GetBucketVersioning": ({ Bucket }) => {
      const { versioning } = this.bucket(Bucket);
      return versioning === undefined ? {} : { Status: versioning };
    },
    "s3:PutBucketVersioning": ({ Bucket, VersioningConfiguration }) => {
      this.bucket(Bucket).versioning = VersioningConfiguration?.Status;
      return {};
    },
    "s3:GetBucketEncryption": ({ Bucket }) => {
      const { algorithm, keyArn } = present(
        this.bucket(Bucket).encryption,
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
      );
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: keyArn };
      return { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] } };
    },
    "s3:PutBucketEncryption": ({ Bucket, ServerSideEncryptionConfiguration }) => {
      const rule = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
      this.bucket(Bucket).encryption = {
        algorithm: rule?.SSEAlgorithm === "aws:kms" ? "aws:kms" : "AES256",
        keyArn: rule?.KMSMasterKeyID,
      };
      return {};
    },
    "s3:GetPublicAccessBlock": ({ Bucket }) => ({
      PublicAccessBlockConfiguration: present(
        this.bucket(Bucket).publicAccessBlock,
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
      ),
    }),
    "s3:PutPublicAccessBlock": ({ Bucket, PublicAccessBlockConfiguration }) => {
      this.bucket(Bucket).publicAccessBlock = { ...PublicAccessBlockConfiguration };
      return {};
    },
    "s3:GetBucketOwnershipControls": ({ Bucket }) => ({
      OwnershipControls: {
        Rules: [
          {
            ObjectOwnership: present(
              this.bucket(Bucket).ownership,
              "OwnershipControlsNotFoundError",
              "The bucket ownership controls were not found",
            ),
          },
        ],
      },
    }),
    "s3:PutBucketOwnershipControls": ({ Bucket, OwnershipControls }) => {
      this.bucket(Bucket).ownership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
      return {};
    },
    "kms:DescribeKey": ({ KeyId }) => {
      const { arn, state } = this.key(KeyId);
      return { KeyMetadata: { KeyId: arn, Arn: arn, KeyState: state } };
    },
    "kms:CancelKeyDeletion": ({ KeyId }) => {
      const key = this.key(KeyId);
      if (key.state !== "PendingDeletion") {
        throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion`);
      }
      key.state = "Disabled";
      return { KeyId: key.arn };
    },
    "kms:EnableKey": ({ KeyId }) => {
      const key = this.key(KeyId);
      if (key.state === "PendingDeletion" || key.state === "PendingImport") {
        throw new AwsError("KMSInvalidStateException", `${key.arn} is ${key.state}`);
      }
      key.state = "Enabled";
      return {};
    },
    "logs:DescribeLogGroups": ({ logGroupNamePrefix = "" }) => {
      const { logGroup } = this.cloud;
      // Another group that begins with the same name.
      const other = { logGroupName: `${logGroupNamePrefix}-archive`, retentionInDays: 1 };
      return {
        logGroups:
          logGroup?.name.startsWith(logGroupNamePrefix) === true
            ? [
                {
                  logGroupName: logGroup.name,
                  retentionInDays: logGroup.retentionDays,
                  kmsKeyId: logGroup.keyArn,
                },
                other,
              ]
            : [other],
      };
    },
    "logs:DescribeMetricFilters": ({ logGroupName, limit = 50, nextToken = "0" }) => {
      const filters = [...this.logGroup(logGroupName).filters.values()];
      const start = Number(nextToken);
      const end = start + Math.min(limit, 50);
      return {
        metricFilters: filters.slice(start, end),
        ...(end < filters.length ? { nextToken: String(end) } : {}),
      };
    },
    "logs:PutRetentionPolicy": ({ logGroupName, retentionInDays }) => {
      if (!RETENTIONS.includes(retentionInDays ?? 0)) {
        throw new AwsError("InvalidParameterException", "Invalid retention value");
      }
      this.logGroup(logGroupName).retentionDays = retentionInDays;
      return {};
    },
    "logs:AssociateKmsKey": ({ logGroupName, kmsKeyId }) => {
      const group = this.logGroup(logGroupName);
      if (kmsKeyId === this.cloud.key?.arn && this.cloud.key?.state !== "Enabled") {
        throw new AwsError("InvalidParameterException", "The KMS key is disabled");
      }
      group.keyArn = kmsKeyId;
      return {};
    },
    "logs:PutMetricFilter": ({ logGroupName, filterName = "", filterPattern, metricTransformations }) => {
      this.logGroup(logGroupName).filters.set(filterName, {
        filterName,
        filterPattern,
        metricTransformations,
      });
      return {};
    },
    "cloudwatch:DescribeAlarms": ({ AlarmNames = [], MaxRecords = 50 }) => {
      if (AlarmNames.length > 100 || MaxRecords > 100) {
        throw new AwsError("ValidationError", "At most 100 alarms");
      }
      return {
        MetricAlarms: AlarmNames.flatMap((AlarmName) => {
          const alarm = this.cloud.alarms.get(AlarmName);
          return alarm === undefined
            ? []
            : [{ AlarmName, ActionsEnabled: alarm.isEnabled, AlarmActions: [...alarm.actions] }];
        }).slice(0, MaxRecords),
      };
    },
    "cloudwatch:EnableAlarmActions": ({ AlarmNames = [] }) => {
      if (AlarmNames.length > 100) {
        throw new AwsError("ValidationError", "At most 100 alarms");
      }
      for (const name of AlarmNames) {
        const alarm = this.cloud.alarms.get(name);
        if (alarm !== undefined) {
          alarm.isEnabled = true;
        }
      }
      return {};
    },
    "events:ListRules": ({ NamePrefix = "", Limit = 100, NextToken = "0" }) => {
      const rules = [...this.cloud.rules].filter(([name]) => name.startsWith(NamePrefix));
      const start = Number(NextToken);
      // Pages may hold less than was asked for.
      const end = start + Math.min(Limit, 3);
      return {
        Rules: rules.slice(start, end).map(([Name, State]) => ({ Name, State })),
        ...(end < rules.length ? { NextToken: String(end) } : {}),
      };
    },
    "events:EnableRule": ({ Name = "" }) => {
      if (!this.cloud.rules.has(Name)) {
        throw new AwsError("ResourceNotFoundException", `Rule ${Name} does not exist on EventBus default.`);
      }
      this.cloud.rules.set(Name, "ENABLED");
      return {};
    },
    "ssm:GetParameters": ({ Names = [] }) => {
      const found = Names.filter((name) => this.cloud.parameters.has(name));
      return {
        Parameters: found.map((Name) => {
          const { text, modifiedAt } = this.cloud.parameters.get(Name) ?? {
            text: "",
            modifiedAt: new Date(0),
          };
          return { Name, Type: "String", Value: text, LastModifiedDate: modifiedAt };
        }),
        InvalidParameters: Names.filter((name) => !found.includes(name)),
      };
    },
    "ssm:PutParameter": ({ Name = "", Value = "", Overwrite, Type }) => {
      const isThere = this.cloud.parameters.has(Name);
      if ((!isThere && Type === undefined) || Value === "" || Value.length > 4096) {
        throw new AwsError("ValidationException", "The parameter is not valid");
      }
      if (isThere && Overwrite !== true) {
        throw new AwsError("ParameterAlreadyExists", "The parameter already exists");
      }
      this.setParameter(Name, Value);
      return {};
    },
    "sns:Publish": ({ TopicArn, Subject = "", Message = "", MessageStructure, MessageAttributes }) => {
      if (!this.cloud.hasTopic || TopicArn !== TOPIC_ARN) {
        throw new AwsError("NotFoundException", "Topic does not exist");
      }
      const bytes = Buffer.byteLength(Subject + Message + JSON.stringify(MessageAttributes));
      if (!/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(Subject) || MessageStructure !== "json" || bytes > 262_144) {
        throw new AwsError("InvalidParameterException", "Invalid parameter: Subject or Message");
      }
      // As the SDK does, which can't send half a character.
      encodeURIComponent(Message);
      const { email, lambda } = JSON.parse(Message);
      this.messages.push({ subject: Subject, body: email, alert: readAlert(lambda) });
      return {};
    },
  };

  private trail(name: string | undefined): TrailInMemory {
    const { trail } = this.cloud;
    if (trail === undefined || (name !== trail.arn && `trail/${name}` !== trail.arn.split(":")[5])) {
      throw new AwsError("TrailNotFoundException", `Unknown trail: ${name}`);
    }
    return trail;
  }

  /** Calls about tags know trails as resources, by their ARN. */
  private tagged(id: string | undefined): TrailInMemory {
    const { trail } = this.cloud;
    if (trail === undefined || id !== trail.arn) {
      throw new AwsError("ResourceNotFoundException", `Resource ${id} was not found`);
    }
    return trail;
  }

  private checkTargets(request: Trail): void {
    const { bucket, key, logGroup } = this.cloud;
    const { S3BucketName, KmsKeyId, CloudWatchLogsLogGroupArn } = request;
    if (S3BucketName === this.names.bucket) {
      if (bucket === undefined) {
        throw new AwsError("S3BucketDoesNotExistException", `S3 bucket ${S3BucketName} does not exist!`);
      }
      if (bucket.policy?.includes("cloudtrail.amazonaws.com") !== true) {
        throw new AwsError("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected");
      }
    }
    if (KmsKeyId === this.names.key && key?.state !== "Enabled") {
      throw new AwsError("KmsException", "The KMS key can't be used");
    }
    if (CloudWatchLogsLogGroupArn?.includes(`:${this.names.logGroup}:`) === true && logGroup === undefined) {
      throw new AwsError("InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check the log group");
    }
  }

  private bucket(name: string | undefined): BucketInMemory {
    const { bucket } = this.cloud;
    if (bucket === undefined || name !== bucket.name) {
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist");
    }
    return bucket;
  }

  private key(id: string | undefined): KeyInMemory {
    const { key } = this.cloud;
    if (key === undefined || (id !== key.arn && !key.arn.endsWith(`/${id}`))) {
      throw new AwsError("NotFoundException", `Key '${id}' does not exist`);
    }
    return key;
  }

  private logGroup(name: string | undefined): LogGroupInMemory {
    const { logGroup } = this.cloud;
    if (logGroup === undefined || name !== logGroup.name) {
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    return logGroup;
  }

  setParameter(name: string, text: string): void {
    this.cloud.parameters.set(name, { text, modifiedAt: new Date(this.now()) });
  }
}

function injected(fault: Fault): AwsError {
  switch (fault) {
    case "throttled":
      return new AwsError("ThrottlingException", "Rate exceeded", true);
    case "failed":
      return new AwsError("InternalFailure", "The request processing has failed", true);
    default:
      return new AwsError("TimeoutError", "Connection timed out", true);
  }
}

function present<Value>(value: Value | undefined, code: string, message: string): Value {
  if (value === undefined) {
    throw new AwsError(code, message);
  }
  return value;
}

/** Days that CloudWatch Logs keeps events. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 3653,
];

type TrailRequest = Pick<
  AwsCalls["cloudtrail:UpdateTrail"][0],
  | "S3BucketName"
  | "S3KeyPrefix"
  | "IncludeGlobalServiceEvents"
  | "IsMultiRegionTrail"
  | "EnableLogFileValidation"
  | "CloudWatchLogsLogGroupArn"
  | "CloudWatchLogsRoleArn"
  | "KmsKeyId"
>;

/** What a request sets; what it doesn't name stays. */
function settingsOf({ EnableLogFileValidation, ...request }: TrailRequest): Trail {
  const named = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return {
    ...named,
    ...(EnableLogFileValidation === undefined ? {} : { LogFileValidationEnabled: EnableLogFileValidation }),
  };
}

function newTrail(
  arn: string,
  settings: Trail,
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[],
): TrailInMemory {
  return {
    arn,
    isLogging: false,
    settings: { Name: arn.slice(arn.lastIndexOf("/") + 1), TrailARN: arn, ...settings },
    eventSelectors: [
      {
        ReadWriteType: "All",
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      },
    ],
    advancedEventSelectors: [],
    insightSelectors: [],
    tags: new Map(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
  };
}

/** Which management events a trail records without exception. */
export function managementEventsOf({
  eventSelectors,
  advancedEventSelectors,
}: Pick<TrailInMemory, "eventSelectors" | "advancedEventSelectors">): Set<"read" | "write"> {
  const recorded = new Set<"read" | "write">();
  for (const {
    IncludeManagementEvents,
    ReadWriteType,
    ExcludeManagementEventSources = [],
  } of eventSelectors) {
    if (IncludeManagementEvents !== false && ExcludeManagementEventSources.length === 0) {
      if (ReadWriteType !== "WriteOnly") recorded.add("read");
      if (ReadWriteType !== "ReadOnly") recorded.add("write");
    }
  }
  for (const { FieldSelectors = [] } of advancedEventSelectors) {
    const values = new Map(FieldSelectors.map(({ Field, Equals }) => [Field, Equals?.[0]]));
    if (values.get("eventCategory") === "Management") {
      const readOnly = values.get("readOnly");
      if (values.size === 1 || (values.size === 2 && readOnly === "true")) recorded.add("read");
      if (values.size === 1 || (values.size === 2 && readOnly === "false")) recorded.add("write");
    }
  }
  return recorded;
}

/** A cloud in which everything is as declared, and its parameters say so. */
export function cloudAsDeclared(declared: DeclaredState, text = textOf(declared)): Cloud {
  const { trail, bucket, key, logGroup, alarms, rules } = declared;
  const { settings } = trail;
  const written = { modifiedAt: new Date(0) };
  return {
    trail: {
      ...newTrail(trail.arn, trailSettings(settings), []),
      isLogging: true,
      insightSelectors: (settings?.insightSelectors ?? []).map((type) => ({
        InsightType: type as "ApiCallRateInsight",
      })),
      ...(settings === undefined
        ? {}
        : {
            eventSelectors: settings.eventSelectors.map((selector) => ({
              ReadWriteType: selector.readWriteType,
              IncludeManagementEvents: selector.includeManagementEvents,
              DataResources: [],
              ExcludeManagementEventSources: [],
            })),
            tags: new Map(Object.entries(settings.tags)),
          }),
    },
    bucket:
      bucket === undefined
        ? undefined
        : {
            name: bucket.name,
            policy: JSON.stringify(bucket.policy),
            publicAccessBlock: {
              BlockPublicAcls: true,
              BlockPublicPolicy: true,
              IgnorePublicAcls: true,
              RestrictPublicBuckets: true,
            },
            ownership: "BucketOwnerEnforced",
            versioning: "Enabled",
            encryption: { algorithm: "aws:kms", keyArn: bucket.encryptionKeyArn },
            lifecycle: [declaredRule(bucket.lifecycle)],
          },
    key: key === undefined ? undefined : { arn: key.arn, state: "Enabled" },
    logGroup: {
      name: logGroup.name,
      retentionDays: logGroup.retentionDays,
      keyArn: logGroup.keyArn,
      filters: new Map(
        logGroup.metricFilters.map((filter) => [
          filter.name,
          {
            filterName: filter.name,
            filterPattern: filter.pattern,
            metricTransformations: [
              { metricNamespace: filter.namespace, metricName: filter.metricName, metricValue: "1" },
            ],
          },
        ]),
      ),
    },
    alarms: new Map(
      alarms.map(({ name, tells }) => [name, { isEnabled: true, actions: tells ? [TOPIC_ARN] : [] }]),
    ),
    rules: new Map(rules.map((name) => [name, "ENABLED"])),
    parameters: new Map([
      [PARAMETERS.declaredState, { text, ...written }],
      [PARAMETERS.appliedState, { text: digestOf(text), ...written }],
      [PARAMETERS.pause, { text: "none", ...written }],
      [PARAMETERS.memory, { text: "{}", ...written }],
    ]),
    hasTopic: true,
  };
}

function trailSettings(settings: DeclaredState["trail"]["settings"]): Trail {
  return settings === undefined
    ? {}
    : {
        S3BucketName: settings.bucketName,
        KmsKeyId: settings.keyArn,
        CloudWatchLogsLogGroupArn: settings.logGroupArn,
        CloudWatchLogsRoleArn: settings.roleArn,
        IsMultiRegionTrail: settings.multiRegion,
        IncludeGlobalServiceEvents: settings.globalServiceEvents,
        LogFileValidationEnabled: settings.logFileValidation,
      };
}

function declaredRule(lifecycle: NonNullable<DeclaredState["bucket"]>["lifecycle"]): LifecycleRule {
  return {
    ID: lifecycle.id,
    Status: "Enabled",
    Filter: { Prefix: "" },
    Expiration: { Days: lifecycle.expiration },
    NoncurrentVersionExpiration: { NoncurrentDays: lifecycle.noncurrentVersionExpiration },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: lifecycle.abortIncompleteMultipartUpload },
  };
}
