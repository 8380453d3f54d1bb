import type { BucketSetting } from "../../aws/values";
import type { Place } from "./declared";
import type { Look } from "./look";

// What there is in an account, as far as the decisions need it.

/** A resource's settings by the names of Terraform's arguments, so that they can be laid beside a stack's. */
export interface Part {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Without those of AWS itself, which begin with `aws:`; undefined where they couldn't be read. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** CloudFormation's stack that has it. */
  readonly cloudFormationStack?: string | undefined;
}

/** A trail that is seen in the region, with what tells whose it is. */
export interface TrailSummary extends Pick<Part, "arguments"> {
  readonly name: string;
  readonly arn: string;
  readonly homeRegion: string;
  readonly isOrganizationTrail: boolean;
  readonly bucketName: string;
  readonly logGroupArn: string | undefined;
  readonly deliveryRoleArn: string | undefined;
  readonly keyArn: string | undefined;
  readonly s3KeyPrefix: string | undefined;
  readonly snsTopic: string | undefined;
}

/** A trail of this account and region. */
export interface ExistingTrail extends TrailSummary, Part {
  /** What it records beside management events, in words; none for nothing. */
  readonly otherEvents: readonly string[];
  /** Terraform can't take them away, even where they select management events only. */
  readonly hasAdvancedSelectors: boolean;
}

export interface LifecycleRule {
  readonly id: string;
  readonly isEnabled: boolean;
  /** Of the log files that it is for; empty for all. */
  readonly prefix: string;
  /** Whether it is for some of them by tags or size, too. */
  readonly isNarrowed: boolean;
  /** Days until a log file expires; undefined where the rule lets none expire. */
  readonly expirationDays: number | undefined;
  /** What else it does, in words. */
  readonly others: readonly string[];
}

export interface ExistingBucket {
  readonly name: string;
  /** Whether this account owns it. */
  readonly isOwned: boolean;
  /** Undefined where it isn't known. */
  readonly region: string | undefined;
  /** The policy's text. */
  readonly policy: Look<string>;
  /** Those that exist, with their settings. None of a bucket of another account. */
  readonly settings: Readonly<Partial<Record<BucketSetting, Part["arguments"]>>>;
  readonly lifecycleRules: readonly LifecycleRule[];
  readonly tags: Part["tags"];
  /** Looks that failed, one sentence each. */
  readonly problems: readonly string[];
}

export interface ExistingKey extends Part {
  readonly arn: string;
  readonly manager: string;
  readonly spec: string;
  readonly usage: string;
  readonly state: string;
  readonly origin: string;
  readonly isMultiRegion: boolean;
  readonly policy: Look<string>;
}

export interface ExistingLogGroup extends Part {
  readonly name: string;
  readonly class: string;
  /** Undefined for ever. */
  readonly retentionDays: number | undefined;
}

export interface ExistingRole extends Part {
  readonly arn: string;
  readonly name: string;
  /** Texts of inline policies, by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  /** ARNs. */
  readonly attachedPolicies: readonly string[];
}

export interface ExistingAlarm extends Part {
  readonly isComposite: boolean;
}

export interface ExistingTopic extends Part {
  readonly arn: string;
  /** E-mail addresses and other endpoints, with their protocol. */
  readonly subscriptions: readonly {
    readonly protocol: string;
    readonly endpoint: string;
    readonly arn: string;
  }[];
  /** Names of the region's alarms that tell it of any state. */
  readonly alarms: Look<readonly string[]>;
  /** Names of the default bus's rules that it is a target of. */
  readonly eventRules: Look<readonly string[]>;
}

export interface ExistingTarget {
  readonly id: string;
  readonly arn: string;
  readonly arguments: Part["arguments"];
}

export interface ExistingRule extends Part {
  /** AWS service that made it for itself. */
  readonly managedBy: string | undefined;
  readonly targets: readonly ExistingTarget[];
}

export interface ExistingFunction extends Part {
  readonly packageType: string;
  readonly roleArn: string;
  /** Statements of its resource policy. */
  readonly permissions: readonly Readonly<Record<string, unknown>>[];
  /** Its role, where this deployment has another for it. */
  readonly role: Look<ExistingRole>;
}

/** The trail and what it is made of. */
export interface TrailParts extends Place {
  /** Every trail that is seen in the region. */
  readonly trails: readonly TrailSummary[];
  /** Name of the one that was looked at; undefined where none was. */
  readonly trailName: string | undefined;
  readonly trail: Look<ExistingTrail>;
  readonly bucket: Look<ExistingBucket>;
  readonly key: Look<ExistingKey>;
  readonly logGroup: Look<ExistingLogGroup>;
  readonly deliveryRole: Look<ExistingRole>;
}

/** Everything that a stack knows by a name of its own. Each is there for each name that was looked for. */
export interface NamedParts {
  readonly metricFilters: ReadonlyMap<string, Look<Part>>;
  /** Names of others in the same log group. */
  readonly otherMetricFilters: readonly string[];
  readonly alarms: ReadonlyMap<string, Look<ExistingAlarm>>;
  readonly topics: ReadonlyMap<string, Look<ExistingTopic>>;
  readonly eventRules: ReadonlyMap<string, Look<ExistingRule>>;
  readonly functions: ReadonlyMap<string, Look<ExistingFunction>>;
  readonly logGroups: ReadonlyMap<string, Look<ExistingLogGroup>>;
  readonly roles: ReadonlyMap<string, Look<ExistingRole>>;
  readonly keyAliases: ReadonlyMap<string, Look<Part>>;
}

/** What is asked of the account, by calls that read only. Each rejects with an Error that says what went wrong. */
export interface AdoptAccount {
  callerIdentity(): Promise<{ readonly accountId: string; readonly arn: string }>;
  /** Those of other regions and of the organization that are seen in this region, too. */
  trails(): Promise<readonly TrailSummary[]>;
  trailDetails(trail: TrailSummary): Promise<ExistingTrail>;
  bucket(name: string): Promise<ExistingBucket | undefined>;
  key(arn: string): Promise<ExistingKey | undefined>;
  logGroup(name: string): Promise<ExistingLogGroup | undefined>;
  role(name: string): Promise<ExistingRole | undefined>;
  /** Those of a log group, by name. */
  metricFilters(logGroupName: string): Promise<ReadonlyMap<string, Part>>;
  alarms(names: readonly string[]): Promise<ReadonlyMap<string, ExistingAlarm>>;
  /** Names of the region's alarms, metric and composite, by the ARNs that they tell of any state. */
  alarmsByAction(): Promise<ReadonlyMap<string, readonly string[]>>;
  topic(arn: string): Promise<Omit<ExistingTopic, "alarms" | "eventRules"> | undefined>;
  eventRule(name: string): Promise<ExistingRule | undefined>;
  /** Names of the default bus's rules with a target of that ARN. */
  eventRulesOfTarget(arn: string): Promise<readonly string[]>;
  function(name: string): Promise<Omit<ExistingFunction, "role"> | undefined>;
  keyAliases(): Promise<ReadonlyMap<string, Part>>;
}
