import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type CloudTrailInsightType, type Ec2InstanceState, globalEventsRegion } from "../aws/values";
import {
  alertTopicNames,
  EC2_RULE_NAME,
  EC2_TOPIC_NAME,
  GUARD_NAME,
  GUARD_TOPIC_NAME,
  SHARED_TOPIC_NAME,
} from "../detections";
import { AlertTopic } from "./alert-topic";
import { AuditTrail } from "./audit-trail";
import { Backend, type BackendProps } from "./backend";
import { type AlarmDefinition, DetectionAlarm } from "./detection-alarm";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { EventAlert } from "./event-alert";
import type { ObjectLock } from "./trail-bucket";
import { TrailGuard, type TrailGuardProps } from "./trail-guard";

export interface TrailwardenStackProps {
  /** Home region of the trail and region of everything else, e.g. `ap-northeast-2`. */
  readonly region: string;
  /**
   * Stands before every name, so that two deployments in one account don't collide.
   * @default - no prefix
   */
  readonly namePrefix?: string | undefined;
  /**
   * Tags of every resource that takes tags.
   * @default - no tags
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Where Terraform keeps the state.
   * @default - a local file in the folder above `cdktf.out`, for one person's trials only
   */
  readonly backend?: BackendProps | undefined;
  /** @default - a new trail with the defaults of {@link AuditTrail} */
  readonly trail?: TrailSettings | undefined;
  readonly retention?: RetentionSettings | undefined;
  /** What gets a metric filter and an alarm. */
  readonly detections: readonly AlarmSettings[];
  readonly alerts?: AlertSettings | undefined;
  /**
   * EC2 instance states that people are told of; none makes no rule.
   * @default ["running", "stopped", "terminated"]
   */
  readonly ec2States?: readonly Ec2InstanceState[] | undefined;
  readonly guard?: GuardSettings | undefined;
  /** @default - AWS itself */
  readonly provider?: ProviderSettings | undefined;
}

export interface AlarmSettings extends AlarmDefinition {
  /** Unique in the stack; the construct's id. */
  readonly id: string;
  /** Name of the alarm's topic, where each has its own. */
  readonly topicName: string;
  /**
   * Whether the alarm tells people.
   * @default true
   */
  readonly pages?: boolean | undefined;
}

export interface TrailSettings {
  /** @default "trailwarden", after the prefix */
  readonly name?: string | undefined;
  /** Name or ARN of a trail that exists already. Needs `existingLogGroup`. */
  readonly existingTrail?: string | undefined;
  /** Name of a bucket that exists already. */
  readonly existingBucket?: string | undefined;
  /** ARN of a key that exists already. */
  readonly existingKey?: string | undefined;
  /** Name or ARN of a log group that exists already. */
  readonly existingLogGroup?: string | undefined;
  /** @default - none */
  readonly insights?: readonly CloudTrailInsightType[] | undefined;
  /** @default - no object lock */
  readonly objectLock?: ObjectLock | undefined;
  /**
   * Lets Terraform destroy the bucket with the log files in it.
   * @default false
   */
  readonly forceDestroy?: boolean | undefined;
}

export interface RetentionSettings {
  /** @default 365 */
  readonly logGroupDays?: number | undefined;
  /** @default 365 */
  readonly bucketDays?: number | undefined;
}

export interface AlertSettings {
  /** @default - no subscribers */
  readonly emails?: readonly string[] | undefined;
  /**
   * `per-detection` gives every detection and the EC2 rule a topic of their own, `shared` one topic to all.
   * @default "per-detection"
   */
  readonly topics?: "per-detection" | "shared" | undefined;
}

export interface GuardSettings
  extends Pick<
    TrailGuardProps,
    "modes" | "exemptPrincipals" | "everyMinutes" | "repairs" | "gracePeriodMinutes" | "longestPauseMinutes"
  > {
  /**
   * `enforce` makes the trail as declared and tells people, `observe` only tells them, `off` makes no guard.
   * @default "enforce"
   */
  readonly mode?: "enforce" | "observe" | "off" | undefined;
}

/** What an emulator of AWS needs. */
export interface ProviderSettings {
  /** URL that every call to AWS is sent to. */
  readonly endpoint?: string | undefined;
  readonly s3UsePathStyle?: boolean | undefined;
  readonly skipCredentialsValidation?: boolean | undefined;
  readonly skipMetadataApiCheck?: boolean | undefined;
  readonly skipRequestingAccountId?: boolean | undefined;
}

/** Provider versions that the stack works with; CDKTF alone would pin the one its classes were generated from. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";

/** The oldest Terraform that the stack's JSON was written for. */
const TERRAFORM_VERSIONS = ">= 1.5.7";

const DEFAULT_NAME = "trailwarden";
const DEFAULT_EC2_STATES: readonly Ec2InstanceState[] = ["running", "stopped", "terminated"];

/** One environment: trail, alarms, event alerts and guard, with its state backend and outputs. */
export class TrailwardenStack extends TerraformStack {
  private readonly topics = new Map<string, AlertTopic>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrailwardenStackProps,
  ) {
    super(scope, id);
    new Backend(this, props.backend ?? localBackend(id));
    this.addProvider();

    const key = this.encryptionKey();
    const trail = this.auditTrail(key);
    const alarms = props.detections.map(
      (detection) =>
        new DetectionAlarm(this, detection.id, {
          detection,
          trail,
          topic: detection.pages === false ? undefined : this.topic(detection.topicName, key),
          namePrefix: props.namePrefix,
        }),
    );
    const eventAlerts = this.ec2StateAlerts(key);
    const guard = this.guard(key, { trail, alarms, eventAlerts });
    this.addOutputs(trail, guard);
  }

  private name(name: string): string {
    return `${this.props.namePrefix ?? ""}${name}`;
  }

  private addProvider(): void {
    new AwsProvider(this, "aws", this.providerConfig(this.props.region));
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
    this.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
  }

  private providerConfig(region: string): AwsProviderConfig {
    const { tags, provider = {} } = this.props;
    return {
      region,
      ...(tags === undefined ? {} : { defaultTags: [{ tags: { ...tags } }] }),
      ...emulatorSettings(provider),
    };
  }

  private globalEvents(): TrailGuardProps["globalEvents"] {
    const region = globalEventsRegion(this.props.region);
    return region === this.props.region
      ? undefined
      : {
          provider: new AwsProvider(this, "aws-global", { ...this.providerConfig(region), alias: "global" }),
          region,
        };
  }

  private encryptionKey(): IEncryptionKey {
    const existingKey = this.props.trail?.existingKey;
    return existingKey === undefined
      ? new EncryptionKey(this, "key", {
          alias: this.name(DEFAULT_NAME),
          description: "Log files, log groups and alert topics of the audit trail",
        })
      : EncryptionKey.fromKeyArn(existingKey);
  }

  private auditTrail(encryptionKey: IEncryptionKey): AuditTrail {
    const { trail = {}, retention = {} } = this.props;
    return new AuditTrail(this, "trail", {
      trailName: this.name(trail.name ?? DEFAULT_NAME),
      existingTrail: trail.existingTrail,
      existingBucket: trail.existingBucket,
      existingLogGroup: trail.existingLogGroup,
      encryptionKey,
      logGroupRetentionDays: retention.logGroupDays,
      bucketRetentionDays: retention.bucketDays,
      insights: trail.insights,
      objectLock: trail.objectLock,
      forceDestroyBucket: trail.forceDestroy,
    });
  }

  /** The topic of that name, or the one topic that all share. */
  private topic(ownName: string, encryptionKey: IEncryptionKey): AlertTopic {
    const { emails, topics = "per-detection" } = this.props.alerts ?? {};
    const name = topics === "shared" ? SHARED_TOPIC_NAME : ownName;
    const topic =
      this.topics.get(name) ??
      new AlertTopic(this, `topic-${name}`, { topicName: this.name(name), emails, encryptionKey });
    this.topics.set(name, topic);
    return topic;
  }

  // EventBridge user guide, "Amazon EC2 instance state-change events"
  private ec2StateAlerts(encryptionKey: IEncryptionKey): EventAlert[] {
    const states = this.props.ec2States ?? DEFAULT_EC2_STATES;
    if (states.length === 0) {
      return [];
    }
    const alert = new EventAlert(this, "ec2-state-change", {
      ruleName: this.name(EC2_RULE_NAME),
      description: `Tells of EC2 instances that are ${states.join(", ")}`,
      eventPattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { state: states },
      },
      topic: this.topic(EC2_TOPIC_NAME, encryptionKey),
      message: {
        inputPaths: {
          instance: "$.detail.instance-id",
          state: "$.detail.state",
          account: "$.account",
          region: "$.region",
          time: "$.time",
        },
        lines: ["EC2 instance <instance> is now <state>.", "Account <account>, region <region>, at <time>."],
      },
    });
    return [alert];
  }

  private guard(
    encryptionKey: IEncryptionKey,
    guarded: Pick<TrailGuardProps, "trail" | "alarms" | "eventAlerts">,
  ): TrailGuard | undefined {
    const { guard = {}, alerts, retention, tags, namePrefix = "" } = this.props;
    const { mode = "enforce", ...settings } = guard;
    return mode === "off"
      ? undefined
      : new TrailGuard(this, "guard", {
          ...guarded,
          ...settings,
          mode,
          topic: this.topic(GUARD_TOPIC_NAME, encryptionKey),
          watchedTopicNames: alertTopicNames(namePrefix, alerts?.topics ?? "per-detection"),
          trailTags: tags,
          globalEvents: this.globalEvents(),
          functionName: this.name(GUARD_NAME),
          logRetentionDays: retention?.logGroupDays,
          encryptionKey,
        });
  }

  private addOutputs(trail: AuditTrail, guard: TrailGuard | undefined): void {
    const topicArns = [...this.topics.values()].map(({ topicName, topicArn }) => [topicName, topicArn]);
    const outputs = {
      trail_arn: trail.trailArn,
      bucket_name: trail.bucketName,
      log_group_name: trail.logGroupName,
      topic_arns: Object.fromEntries(topicArns),
      guard_function_name: guard?.functionName,
      guard_pause_parameter_name: guard?.pauseParameterName,
    };
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) {
        new TerraformOutput(this, name, { value, staticId: true });
      }
    }
  }
}

// Relative to the folder of the stack's JSON: beside cdktf.out, which is made anew at each synth.
function localBackend(stackName: string): BackendProps {
  return { type: "local", arguments: { path: `../../../terraform.${stackName}.tfstate` } };
}

function emulatorSettings(settings: ProviderSettings): Partial<AwsProviderConfig> {
  const {
    endpoint,
    s3UsePathStyle,
    skipCredentialsValidation,
    skipMetadataApiCheck,
    skipRequestingAccountId,
  } = settings;
  return {
    ...(s3UsePathStyle === undefined ? {} : { s3UsePathStyle }),
    ...(skipCredentialsValidation === undefined ? {} : { skipCredentialsValidation }),
    // The provider takes this switch as text.
    ...(skipMetadataApiCheck === undefined ? {} : { skipMetadataApiCheck: String(skipMetadataApiCheck) }),
    ...(skipRequestingAccountId === undefined ? {} : { skipRequestingAccountId }),
    ...(endpoint === undefined
      ? {}
      : { endpoints: [Object.fromEntries(SERVICES.map((service) => [service, endpoint]))] }),
  };
}

/** AWS services that the stack's resources belong to, as the provider names them. */
const SERVICES = [
  "cloudtrail",
  "cloudwatch",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "s3",
  "sns",
  "sqs",
  "ssm",
  "sts",
] as const;
