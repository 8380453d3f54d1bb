import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import {
  type EventRule,
  GUARD_NAME,
  guardParameterPrefix,
  guardQueueName,
  guardRuleNames,
  guardRules,
  roleChangesName,
  roleChangesRule,
} from "../detections";
import type { DeclaredState } from "../lambda-src/guard/declared-state";
import { GUARD_METRIC_NAMESPACE } from "../lambda-src/guard/metrics";
import type { GuardMode, GuardRow } from "../lambda-src/guard/rows";
import type { AlarmNotifier } from "./alarm-notifier";
import { AlertTopic } from "./alert-topic";
import type { AuditTrail } from "./audit-trail";
import { AwsContext } from "./aws-context";
import { textOfDeclaredState } from "./declared-state-text";
import type { DetectionAlarm } from "./detection-alarm";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { EventAlert } from "./event-alert";
import { FUNCTION_ALARMS, FunctionAlarms, type FunctionParts, functionAlarmName } from "./function-alarms";
import { FunctionArchive } from "./function-archive";
import { deadLetterQueue, functionLogGroup, functionRole, invokeByRule } from "./function-parts";
import { GlobalEvents } from "./global-events";
import { GuardParameters } from "./guard-parameters";
import { alarmPolicies, type GuardPolicyProps, guardPolicy } from "./guard-policy";
import { policyDocument } from "./policy-document";

export interface TrailGuardProps {
  /** Trail that is kept as declared. */
  readonly trail: AuditTrail;
  /**
   * Alarms that are kept, with their metric filters.
   * @default - none
   */
  readonly alarms?: readonly DetectionAlarm[] | undefined;
  /**
   * Event alerts whose rules are kept enabled.
   * @default - none
   */
  readonly eventAlerts?: readonly EventAlert[] | undefined;
  /**
   * Topic that people hear of it by.
   * @default - a topic named after the function, which nobody has subscribed to yet
   */
  readonly topic?: AlertTopic | undefined;
  /**
   * Other topics whose tampering people hear of, by name; one that begins with `*` is the end of a name, one that ends with it
   * the beginning.
   * @default - none
   */
  readonly watchedTopicNames?: readonly string[] | undefined;
  /**
   * Notifier of the trail's alarms, whose tampering people hear of, too.
   * @default - none
   */
  readonly notifier?: AlarmNotifier | undefined;
  /**
   * Topic of a notifier that hands on to its routes what the guard has told people.
   * @default - none
   */
  readonly routesTopic?: AlertTopic | undefined;
  /**
   * Tags that a provider's `default_tags` give to the trail; one that the guard makes again has them too.
   * @default - none
   */
  readonly trailTags?: Readonly<Record<string, string>> | undefined;
  /**
   * Name of function, rule and role: up to 40 letters, digits, `_` and `-`. The guard's other names begin with it.
   * @default "enable_trail"
   */
  readonly functionName?: string | undefined;
  /**
   * Path of the role, of one that exists already.
   * @default "/"
   */
  readonly rolePath?: string | undefined;
  /**
   * `enforce` makes it as declared and tells people; `observe` only tells them, and may change nothing.
   * @default "enforce"
   */
  readonly mode?: "enforce" | "observe" | undefined;
  /**
   * Modes of single rows.
   * @default - the mode of the guard
   */
  readonly modes?: { readonly [Row in GuardRow]?: GuardMode | undefined } | undefined;
  /**
   * ARN patterns, with `*` and `?`, of users and roles whose doings people are told of and that are left.
   * @default - none
   */
  readonly exemptPrincipals?: readonly string[] | undefined;
  /**
   * Provider of the region that AWS's global services send their events to, and that region: without it the guard isn't woken
   * by changes of its roles. Not needed where the trail is in that region.
   * @default - none
   */
  readonly globalEvents?: { readonly provider: AwsProvider; readonly region: string } | undefined;
  /**
   * Minutes between two regular looks, which need no event: 1 to 60.
   * @default 5
   */
  readonly everyMinutes?: number | undefined;
  /**
   * Repairs within the window, above which the guard only tells.
   * @default 100 in 15 minutes
   */
  readonly repairs?: { readonly limit: number; readonly windowMinutes: number } | undefined;
  /**
   * Minutes that the guard waits, after the declared state has changed, for Terraform to finish, before it makes what is
   * missing.
   * @default 30
   */
  readonly gracePeriodMinutes?: number | undefined;
  /**
   * Minutes of the longest pause that it takes.
   * @default 240
   */
  readonly longestPauseMinutes?: number | undefined;
  /**
   * Days the function's own log is kept; one of the values CloudWatch Logs accepts.
   * @default 365
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Key that the function's own log is encrypted with.
   * @default - a key is made
   */
  readonly encryptionKey?: IEncryptionKey | undefined;
}

/** Names of a guard's own alarms. */
export function guardAlarmNames(functionName: string): string[] {
  return [...FUNCTION_ALARMS, "silence"].map((alarm) => functionAlarmName(functionName, alarm));
}

/** Looks that may be missed in a row before people hear of it. */
const MISSED_LOOKS = 3;
/** Seconds that one run may take; what then isn't done is done by the next. */
const TIMEOUT_SECONDS = 60;

/**
 * A function that keeps the trail, and all that belongs to it, as declared, and tells people what was done by whom: woken by
 * events within seconds, and by a schedule when events are lost or cut off. Alarms and a rule tell people, without the
 * function, when the guard itself fails, falls silent or is tampered with.
 */
export class TrailGuard extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly deadLetterQueueArn: string;
  readonly topic: AlertTopic;
  /** What a dashboard shows. */
  readonly parts: FunctionParts;
  /** Name of the parameter that a pause is written to. */
  readonly pauseParameterName: string;

  private readonly names: ReturnType<typeof guardRuleNames>;
  private readonly modeOf: (row: GuardRow) => GuardMode;

  /** @throws if the name is not one that Lambda, IAM and EventBridge accept, or a number is out of range */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrailGuardProps,
  ) {
    super(scope, id);
    checkProps(props);
    const { trail, functionName = GUARD_NAME, mode = "enforce", modes = {} } = props;
    this.names = guardRuleNames(functionName);
    this.modeOf = (row) => modes[row] ?? mode;
    const aws = AwsContext.of(this);
    const prefix = guardParameterPrefix(functionName);
    this.pauseParameterName = `${prefix}/pause`;

    const key = this.encryptionKey(functionName);
    this.topic =
      props.topic ??
      new AlertTopic(this, "topic", { topicName: `${functionName}_alerts`, encryptionKey: key });
    const roleArn = `arn:${aws.partition}:iam::${aws.accountId}:role${props.rolePath ?? "/"}${functionName}`;
    const roleNames = [
      ...(trail.deliveryRoleName === undefined ? [] : [trail.deliveryRoleName]),
      functionName,
      ...(props.globalEvents === undefined ? [] : [roleChangesName(functionName)]),
      ...(props.notifier === undefined ? [] : [props.notifier.functionName]),
    ];
    if (props.globalEvents !== undefined) {
      new GlobalEvents(this, "global-events", {
        ...props.globalEvents,
        rule: roleChangesRule(functionName, roleNames),
      });
    }
    const rules = guardRules({
      functionName,
      otherFunctionNames: props.notifier === undefined ? [] : [props.notifier.functionName],
      roleArn,
      roleNames,
      bucketName: trail.declared.bucket?.name,
      logGroupName: trail.declared.logGroup.name,
      ruleNames: (props.eventAlerts ?? []).map(({ ruleName }) => ruleName),
      topicNames: [...new Set([...(props.watchedTopicNames ?? []), this.topic.topicName])],
    });
    const stopLogging = this.rule("rule", rules.stopLogging);
    const tampering = this.rule("tampering-rule", rules.tampering);
    const regularLook = new CloudwatchEventRule(this, "regular-look-rule", {
      name: this.names.regularLook,
      description: `Wakes ${functionName} regularly, whatever became of events`,
      scheduleExpression: rate(props.everyMinutes ?? 5),
    });
    const ruleArn = (name: string) => aws.arn("events", `rule/${name}`);
    const queue = deadLetterQueue(this, guardQueueName(functionName), [
      { service: "events.amazonaws.com", sourceArns: Object.values(this.names).map(ruleArn) },
    ]);
    const ownParts = this.directAlert("own-parts", rules.ownParts, queue.arn);
    const alertTopics = this.directAlert("alert-topics", rules.alertTopics, queue.arn);
    const everyMinutes = props.everyMinutes ?? 5;
    const alarms = new FunctionAlarms(this, "alarms", {
      functionName,
      queueName: guardQueueName(functionName),
      consequence: "something may not be restored or told. Its log says what; run terraform plan",
      remedy: "read them, see to the trail, then purge the queue",
      more: {
        silence: {
          namespace: GUARD_METRIC_NAMESPACE,
          metricName: "Looks",
          dimensions: { FunctionName: functionName },
          comparisonOperator: "LessThanThreshold",
          period: everyMinutes * 60,
          evaluationPeriods: MISSED_LOOKS,
          treatMissingData: "breaching",
          alarmDescription: `${functionName} has not looked at the trail for ${everyMinutes * MISSED_LOOKS} minutes or longer: nobody guards it. See to function and schedule; run terraform plan`,
        },
      },
      topics: this.topics,
    });

    const declared = this.declaredState([...alarms.alarmNames, ...(props.notifier?.alarmNames ?? [])]);
    const guarded: TerraformResource[] = [
      ...trail.guarded,
      ...(props.alarms ?? []).flatMap(({ guarded }) => guarded),
      ...(props.eventAlerts ?? []).flatMap(({ guarded }) => guarded),
      ...alarms.guarded,
      ...(props.notifier?.guarded ?? []),
      ...ownParts.guarded,
      ...alertTopics.guarded,
      stopLogging,
      tampering,
      regularLook,
    ];
    const parameters = new GuardParameters(this, "parameters", {
      prefix,
      declaredState: textOfDeclaredState(declared),
      guarded,
    });
    const logGroup = functionLogGroup(this, functionName, key, props.logRetentionDays ?? 365);
    const role = this.role(functionName, {
      declared,
      modeOf: this.modeOf,
      arn: (service, resource) => aws.arn(service, resource),
      partition: aws.partition,
      region: aws.region,
      parameterArns: parameters.arns,
      memoryArn: parameters.memoryArn,
      topicArns: this.topics.map(({ topicArn }) => topicArn),
      topicKeyArns: [...new Set(this.topics.map(({ encryptionKeyArn }) => encryptionKeyArn))],
      logGroupArn: logGroup.arn,
      queueArn: queue.arn,
    });

    const archive = new FunctionArchive(this, "archive", "guard");
    const guard = new LambdaFunction(this, "function", {
      functionName,
      description: `Keeps the trail ${trail.trailName} as declared`,
      role: role.arn,
      runtime: archive.runtime,
      architectures: ["arm64"],
      handler: archive.handler,
      filename: archive.path,
      sourceCodeHash: archive.sha256,
      timeout: TIMEOUT_SECONDS,
      memorySize: 256,
      environment: { variables: this.environment(roleArn, prefix) },
      // The log group is not the function's to make. All that is guarded: so that the guard is destroyed before it.
      dependsOn: [...role.policies, logGroup, ...guarded],
    });
    new LambdaFunctionEventInvokeConfig(this, "invoke-config", {
      functionName: guard.functionName,
      maximumRetryAttempts: 2,
      // Unlike the function's own dead-letter setting, it keeps the error with the event.
      destinationConfig: { onFailure: { destination: queue.arn } },
    });
    for (const [ruleId, rule] of Object.entries({
      "": stopLogging,
      "tampering-": tampering,
      "own-parts-": { name: ownParts.ruleName, arn: ownParts.ruleArn },
      "alert-topics-": { name: alertTopics.ruleName, arn: alertTopics.ruleArn },
      "regular-look-": regularLook,
    })) {
      invokeByRule(this, ruleId, rule, { function: guard, id: "guard", queue });
    }

    this.functionName = guard.functionName;
    this.functionArn = guard.arn;
    this.parts = alarms.parts;
    this.deadLetterQueueArn = queue.arn;
  }

  /** Where it publishes: to people first. */
  private get topics(): AlertTopic[] {
    const { routesTopic } = this.props;
    return [this.topic, ...(routesTopic === undefined ? [] : [routesTopic])];
  }

  private rule(id: string, { name, description, eventPattern }: EventRule): CloudwatchEventRule {
    return new CloudwatchEventRule(this, id, {
      name,
      description,
      eventPattern: JSON.stringify(eventPattern),
    });
  }

  /** Tells people without the function: it may be the one that is attacked. */
  private directAlert(
    id: string,
    { name, description, eventPattern }: EventRule,
    queueArn: string,
  ): EventAlert {
    return new EventAlert(this, id, {
      ruleName: name,
      description,
      eventPattern,
      topic: this.topic,
      deadLetterQueueArn: queueArn,
      message: {
        inputPaths: {
          call: "$.detail.eventName",
          service: "$.detail.eventSource",
          who: "$.detail.userIdentity.arn",
          address: "$.detail.sourceIPAddress",
          account: "$.account",
          region: "$.region",
          time: "$.detail.eventTime",
          error: "$.detail.errorCode",
        },
        lines: [
          "Part of the trail's guard, or a topic that alerts go to, was changed, or somebody tried to.",
          "What: <call> (<service>), error if AWS refused it: <error>",
          "Who: <who>, from <address>",
          "When: <time>, account <account>, region <region>",
          "If you don't know of it: disable the caller's credentials and run terraform apply.",
          "This message did not come through the guard, which tells of it too. If it doesn't, look at the guard.",
        ],
      },
    });
  }

  private declaredState(ownAlarmNames: readonly string[]): DeclaredState {
    const { trail, alarms = [], eventAlerts = [], trailTags = {} } = this.props;
    const { settings } = trail.declared.trail;
    return {
      ...trail.declared,
      trail: {
        ...trail.declared.trail,
        ...(settings === undefined ? {} : { settings: { ...settings, tags: { ...trailTags } } }),
      },
      logGroup: {
        ...trail.declared.logGroup,
        metricFilters: alarms.map(({ declared }) => declared.metricFilter),
      },
      alarms: [
        ...alarms.map(({ declared }) => declared.alarm),
        ...ownAlarmNames.map((name) => ({ name, tells: true })),
      ],
      rules: [...eventAlerts.map(({ ruleName }) => ruleName), ...Object.values(this.names)],
    };
  }

  private environment(roleArn: string, parameterPrefix: string): Record<string, string> {
    const { trail, mode = "enforce", modes = {}, exemptPrincipals = [], repairs, routesTopic } = this.props;
    const aws = AwsContext.of(this);
    // Written out: the provider fails at a function that has no environment yet, such as an adopted one, and gets values that
    // are known after apply only (hashicorp/terraform-provider-aws issue 38755).
    const topicArn = ({ topicName }: AlertTopic) => aws.arn("sns", topicName);
    return {
      TRAIL_ARN: trail.trailArn,
      TOPIC_ARN: topicArn(this.topic),
      ...(routesTopic === undefined ? {} : { ROUTES_TOPIC_ARN: topicArn(routesTopic) }),
      ROLE_ARN: roleArn,
      PARAMETER_PREFIX: parameterPrefix,
      GUARD_MODE: mode,
      ROW_MODES: JSON.stringify(modes),
      EXEMPT_PRINCIPALS: JSON.stringify(exemptPrincipals),
      REPAIR_LIMIT: String(repairs?.limit ?? 100),
      REPAIR_WINDOW_MINUTES: String(repairs?.windowMinutes ?? 15),
      GRACE_PERIOD_MINUTES: String(this.props.gracePeriodMinutes ?? 30),
      LONGEST_PAUSE_MINUTES: String(this.props.longestPauseMinutes ?? 240),
    };
  }

  private encryptionKey(functionName: string): IEncryptionKey {
    return (
      this.props.encryptionKey ??
      new EncryptionKey(this, "key", {
        alias: functionName,
        description: `Log and alerts of the function ${functionName}`,
      })
    );
  }

  private role(
    functionName: string,
    props: GuardPolicyProps,
  ): { arn: string; policies: ITerraformDependable[] } {
    const role = functionRole(this, functionName, this.props.rolePath);
    const policy = new IamRolePolicy(this, "policy", {
      name: "keep-the-trail-as-declared",
      role: role.id,
      policy: policyDocument(guardPolicy(props)),
    });
    const attachments = alarmPolicies(props).map((statements, index) => {
      const suffix = index === 0 ? "" : `-${index + 1}`;
      const ofAlarms = new IamPolicy(this, `alarm-policy${suffix}`, {
        name: `${functionName}-keep-alarm-actions${suffix}`,
        description: `Lets ${functionName} enable the actions of the trail's alarms`,
        policy: policyDocument(statements),
      });
      return new IamRolePolicyAttachment(this, `alarm-policy-attachment${suffix}`, {
        role: role.name,
        policyArn: ofAlarms.arn,
      });
    });
    return { arn: role.arn, policies: [policy, ...attachments] };
  }
}

// EventBridge user guide, "Rate expressions"
function rate(minutes: number): string {
  return `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`;
}

function checkProps(props: TrailGuardProps): void {
  const {
    functionName = GUARD_NAME,
    everyMinutes = 5,
    repairs,
    gracePeriodMinutes,
    longestPauseMinutes,
  } = props;
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(functionName)) {
    throw new Error(
      `functionName must be 1 to 40 letters, digits, "_" or "-", got ${JSON.stringify(functionName)}`,
    );
  }
  const ranges = {
    everyMinutes: [everyMinutes, 1, 60],
    "repairs.limit": [repairs?.limit, 1, 1000],
    "repairs.windowMinutes": [repairs?.windowMinutes, 1, 60],
    gracePeriodMinutes: [gracePeriodMinutes, 1, 1440],
    longestPauseMinutes: [longestPauseMinutes, 1, 10_080],
  } as const;
  for (const [name, [value, least, most]] of Object.entries(ranges)) {
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
      throw new Error(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
    }
  }
}
