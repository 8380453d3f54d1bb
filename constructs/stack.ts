import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type CloudTrailInsightType, type Ec2InstanceState, globalEventsRegion } from "../aws/values";
import {
  alertTopicNames,
  type Detection,
  EC2_RULE_NAME,
  EC2_TOPIC_NAME,
  GUARD_NAME,
  GUARD_TOPIC_NAME,
  NOTIFIER_NAME,
  NOTIFIER_TOPIC_NAME,
  routeTopicName,
  SHARED_TOPIC_NAME,
} from "../detections";
import { type AdoptSettings, adoptedRolePath, importByName } from "./adopt";
import { AlarmNotifier, type NotifiedDetection, type NotifierRoute } from "./alarm-notifier";
import { AlertTopic, type AlertTopicProps } from "./alert-topic";
import { AuditTrail } from "./audit-trail";
import { Backend, type BackendProps } from "./backend";
import { ChatChannel, type ChatChannelProps } from "./chat-channel";
import { type AlarmDefinition, DetectionAlarm } from "./detection-alarm";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { EventAlert, type EventMessage } from "./event-alert";
import type { Subscription } from "./subscription";
import type { ObjectLock } from "./trail-bucket";
import { TrailDashboard } from "./trail-dashboard";
import { guardAlarmNames, TrailGuard, type TrailGuardProps } from "./trail-guard";

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
  /**
   * What exists already and Terraform takes over.
   * @default - nothing: everything is made that {@link trail} doesn't name
   */
  readonly adopt?: AdoptSettings | undefined;
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
  /**
   * What people are told it is about.
   * @default - the alarm's name
   */
  readonly title?: string | undefined;
  /** @default "medium" */
  readonly severity?: Detection["severity"] | undefined;
  /**
   * What people are told to look at first.
   * @default - nothing
   */
  readonly runbook?: readonly string[] | undefined;
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
  /**
   * Whether a notifier tells who did what, from where. Without it people get the plain alarm.
   * @default true
   */
  readonly enrich?: boolean | undefined;
  /**
   * Who else gets every alert.
   * @default - nobody
   */
  readonly subscribers?: readonly SubscriberSettings[] | undefined;
  /**
   * Where some alerts go beside their topic. Needs the notifier.
   * @default - nowhere
   */
  readonly routes?: readonly RouteSettings[] | undefined;
  /**
   * Slack channels that Amazon Q Developer in chat applications tells of every alert.
   * @default - none
   */
  readonly chatbot?: readonly ChatChannelSettings[] | undefined;
}

export interface SubscriberSettings extends Subscription {
  /**
   * `messages` are those that people get; `alarms` are CloudWatch's own, which need the notifier to be told apart.
   * @default "messages"
   */
  readonly receives?: "messages" | "alarms" | undefined;
}

export interface RouteSettings extends Omit<NotifierRoute, "topic"> {
  /** @default - no subscribers */
  readonly emails?: readonly string[] | undefined;
  /** @default - nobody */
  readonly subscribers?: readonly Subscription[] | undefined;
}

export interface ChatChannelSettings extends Pick<ChatChannelProps, "slackWorkspaceId" | "slackChannelId"> {
  /** Name of the channel's configuration, after the prefix. */
  readonly name: string;
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
/** Only CloudWatch's own messages have it, and none of what the guard hands on to routes. */
const ALARMS_ONLY = { AlarmName: [{ exists: true }] };

/** What people get of each event where no notifier tells them. */
const INSTANCE_STATE_MESSAGE: EventMessage = {
  inputPaths: {
    instance: "$.detail.instance-id",
    state: "$.detail.state",
    account: "$.account",
    region: "$.region",
    time: "$.time",
  },
  lines: ["EC2 instance <instance> is now <state>.", "Account <account>, region <region>, at <time>."],
};
const DEFAULT_EC2_STATES: readonly Ec2InstanceState[] = ["running", "stopped", "terminated"];

/** One environment: trail, alarms, event alerts and guard, with its state backend and outputs. */
export class TrailwardenStack extends TerraformStack {
  private readonly topics = new Map<string, AlertTopic>();
  private readonly routeTopics: AlertTopic[] = [];
  private readonly globalEvents: TrailGuardProps["globalEvents"];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrailwardenStackProps,
  ) {
    super(scope, id);
    new Backend(this, props.backend ?? localBackend(id));
    this.addProvider();
    this.globalEvents = this.addGlobalEventsProvider();

    const key = this.encryptionKey();
    const trail = this.auditTrail(key);
    const alarmTopic = this.alarmTopic(key);
    const alarms = props.detections.map((detection) => ({
      detection,
      alarm: new DetectionAlarm(this, detection.id, {
        detection,
        trail,
        topic: detection.pages === false ? undefined : (alarmTopic ?? this.topic(detection.topicName, key)),
        namePrefix: props.namePrefix,
      }),
    }));
    const instanceStates = this.instanceStateAlert(key, alarmTopic !== undefined);
    const notifier =
      alarmTopic === undefined
        ? undefined
        : this.notifier(key, { trail, alarmTopic, alarms, instanceStates });
    const guard = this.guard(key, {
      trail,
      alarms: alarms.map(({ alarm }) => alarm),
      eventAlerts: instanceStates === undefined ? [] : [instanceStates],
      notifier,
      routesTopic: this.routes.length > 0 ? alarmTopic : undefined,
    });
    this.chatChannels();
    new TrailDashboard(this, "dashboard", {
      dashboardName: this.name(DEFAULT_NAME),
      trail,
      alarms: alarms.map(({ alarm, detection }) => ({
        alarm,
        title: shownTitle(detection),
      })),
      guard,
      notifier,
      topics: [
        ...(alarmTopic === undefined ? [] : [alarmTopic]),
        ...this.topics.values(),
        ...this.routeTopics,
      ],
    });
    this.addOutputs(trail, notifier, guard);
    importByName(this, this.adopt);
  }

  private get adopt(): AdoptSettings {
    return this.props.adopt ?? {};
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

  /** Without a guard, too: Terraform needs it to destroy what an earlier guard had by it. */
  private addGlobalEventsProvider(): TrailGuardProps["globalEvents"] {
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
    const adoptedKey = this.adopt.key;
    if (existingKey !== undefined && adoptedKey !== undefined) {
      throw new Error(
        `adopt.key stands beside ${JSON.stringify(existingKey)}, which is used as it is and not taken over`,
      );
    }
    return existingKey === undefined
      ? new EncryptionKey(this, "key", {
          alias: this.name(DEFAULT_NAME),
          description: "Log files, log groups and alert topics of the audit trail",
          adoptedKey,
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
      adopt: this.adopt,
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
    const { emails, subscribers = [], topics = "per-detection" } = this.props.alerts ?? {};
    const name = topics === "shared" ? SHARED_TOPIC_NAME : ownName;
    const topic =
      this.topics.get(name) ??
      new AlertTopic(this, `topic-${name}`, {
        topicName: this.name(name),
        emails,
        subscribers: subscribers.filter(({ receives }) => receives !== "alarms"),
        encryptionKey,
      });
    this.topics.set(name, topic);
    return topic;
  }

  /** Topic of the alarms themselves, which the notifier reads; undefined where they go to people's topics. */
  private alarmTopic(encryptionKey: IEncryptionKey): AlertTopic | undefined {
    const { enrich = true, subscribers = [] } = this.props.alerts ?? {};
    return enrich
      ? new AlertTopic(this, `topic-${NOTIFIER_TOPIC_NAME}`, {
          topicName: this.name(NOTIFIER_TOPIC_NAME),
          subscribers: subscribers
            .filter(({ receives }) => receives === "alarms")
            .map((subscriber) => ({ ...subscriber, bodyFilter: ALARMS_ONLY })),
          encryptionKey,
        })
      : undefined;
  }

  private get routes(): readonly RouteSettings[] {
    return this.props.alerts?.routes ?? [];
  }

  private notifier(
    encryptionKey: IEncryptionKey,
    parts: {
      readonly trail: AuditTrail;
      readonly alarmTopic: AlertTopic;
      readonly alarms: readonly { readonly alarm: DetectionAlarm; readonly detection: AlarmSettings }[];
      readonly instanceStates: EventAlert | undefined;
    },
  ): AlarmNotifier {
    const { guard, retention } = this.props;
    return new AlarmNotifier(this, "notifier", {
      trail: parts.trail,
      alarmTopic: parts.alarmTopic,
      alarms: parts.alarms
        .filter(({ detection }) => detection.pages !== false)
        .map(({ alarm, detection }) => ({
          alarm,
          detection: notifiedDetection(detection),
          topic: this.topic(detection.topicName, encryptionKey),
        })),
      relayedAlarmNames:
        this.routes.length === 0 || guard?.mode === "off" ? [] : guardAlarmNames(this.name(GUARD_NAME)),
      instanceStates:
        parts.instanceStates === undefined
          ? undefined
          : { alert: parts.instanceStates, topic: this.topic(EC2_TOPIC_NAME, encryptionKey) },
      topic: this.topic(GUARD_TOPIC_NAME, encryptionKey),
      routes: this.routes.map(({ emails = [], subscribers = [], ...route }) => ({
        ...route,
        topic:
          emails.length + subscribers.length === 0
            ? undefined
            : this.routeTopic(route.name, { emails, subscribers, encryptionKey }),
      })),
      functionName: this.name(NOTIFIER_NAME),
      rolePath: adoptedRolePath(this.adopt, this.name(NOTIFIER_NAME)),
      logRetentionDays: retention?.logGroupDays,
      encryptionKey,
    });
  }

  private routeTopic(routeName: string, props: Omit<AlertTopicProps, "topicName">): AlertTopic {
    const topicName = this.name(routeTopicName(routeName));
    const topic = new AlertTopic(this, `route-${routeName}`, { topicName, ...props });
    this.routeTopics.push(topic);
    return topic;
  }

  /** People of each channel get what subscribers by e-mail get. */
  private chatChannels(): void {
    for (const { name, ...channel } of this.props.alerts?.chatbot ?? []) {
      new ChatChannel(this, `chat-${name}`, {
        ...channel,
        configurationName: this.name(name),
        topics: [...this.topics.values()],
      });
    }
  }

  // EventBridge user guide, "Amazon EC2 instance state-change events"
  private instanceStateAlert(encryptionKey: IEncryptionKey, isNotified: boolean): EventAlert | undefined {
    const states = this.props.ec2States ?? DEFAULT_EC2_STATES;
    if (states.length === 0) {
      return undefined;
    }
    return new EventAlert(this, "ec2-state-change", {
      ruleName: this.name(EC2_RULE_NAME),
      description: `Tells of EC2 instances that are ${states.join(", ")}`,
      eventPattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { state: states },
      },
      ...(isNotified
        ? {}
        : { topic: this.topic(EC2_TOPIC_NAME, encryptionKey), message: INSTANCE_STATE_MESSAGE }),
    });
  }

  private guard(
    encryptionKey: IEncryptionKey,
    parts: Pick<TrailGuardProps, "trail" | "alarms" | "eventAlerts" | "notifier" | "routesTopic">,
  ): TrailGuard | undefined {
    const { guard = {}, alerts, retention, tags, namePrefix = "" } = this.props;
    const { mode = "enforce", ...settings } = guard;
    return mode === "off"
      ? undefined
      : new TrailGuard(this, "guard", {
          ...parts,
          ...settings,
          mode,
          topic: this.topic(GUARD_TOPIC_NAME, encryptionKey),
          watchedTopicNames: alertTopicNames(namePrefix, alerts ?? {}),
          trailTags: tags,
          globalEvents: this.globalEvents,
          functionName: this.name(GUARD_NAME),
          rolePath: adoptedRolePath(this.adopt, this.name(GUARD_NAME)),
          logRetentionDays: retention?.logGroupDays,
          encryptionKey,
        });
  }

  private addOutputs(
    trail: AuditTrail,
    notifier: AlarmNotifier | undefined,
    guard: TrailGuard | undefined,
  ): void {
    const topics = [...this.topics.values(), ...this.routeTopics];
    const topicArns = topics.map(({ topicName, topicArn }) => [topicName, topicArn]);
    const outputs = {
      trail_arn: trail.trailArn,
      bucket_name: trail.bucketName,
      log_group_name: trail.logGroupName,
      topic_arns: Object.fromEntries(topicArns),
      notifier_function_name: notifier?.functionName,
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

/** Of two forms of a detection, one is the auditor's. */
function shownTitle({ title, alarmName, pages }: AlarmSettings): string {
  return `${title ?? alarmName}${pages === false ? " (for the auditor)" : ""}`;
}

function notifiedDetection(settings: AlarmSettings): NotifiedDetection {
  const { id, alarmName, filterPattern, title = alarmName, severity = "medium", runbook = [] } = settings;
  return { id, title, severity, filterPattern, runbook };
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
  "chatbot",
  "cloudtrail",
  "cloudwatch",
  "dynamodb",
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
