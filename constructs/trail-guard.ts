import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
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
import type { GuardMode, GuardRow } from "../lambda-src/guard/rows";
import { AlertTopic } from "./alert-topic";
import type { AuditTrail } from "./audit-trail";
import { AwsContext } from "./aws-context";
import { textOfDeclaredState } from "./declared-state-text";
import type { DetectionAlarm } from "./detection-alarm";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { EventAlert } from "./event-alert";
import { FunctionArchive } from "./function-archive";
import { GlobalEvents } from "./global-events";
import { GuardAlarms } from "./guard-alarms";
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
   * Other topics whose tampering people hear of, by name; one that begins with `*` is the end of a name.
   * @default - none
   */
  readonly watchedTopicNames?: readonly string[] | undefined;
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
    const roleArn = `arn:${aws.partition}:iam::${aws.accountId}:role/${functionName}`;
    const roleNames = [
      ...(trail.deliveryRoleName === undefined ? [] : [trail.deliveryRoleName]),
      functionName,
      ...(props.globalEvents === undefined ? [] : [roleChangesName(functionName)]),
    ];
    if (props.globalEvents !== undefined) {
      new GlobalEvents(this, "global-events", {
        ...props.globalEvents,
        rule: roleChangesRule(functionName, roleNames),
      });
    }
    const rules = guardRules({
      functionName,
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
    const queue = this.deadLetterQueue(functionName, Object.values(this.names).map(ruleArn));
    const ownParts = this.directAlert("own-parts", rules.ownParts, queue.arn);
    const alertTopics = this.directAlert("alert-topics", rules.alertTopics, queue.arn);
    const alarms = new GuardAlarms(this, "alarms", {
      functionName,
      queueName: guardQueueName(functionName),
      everyMinutes: props.everyMinutes ?? 5,
      topic: this.topic,
    });

    const declared = this.declaredState(alarms.alarmNames);
    const guarded: TerraformResource[] = [
      ...trail.guarded,
      ...(props.alarms ?? []).flatMap(({ guarded }) => guarded),
      ...(props.eventAlerts ?? []).flatMap(({ guarded }) => guarded),
      ...alarms.guarded,
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
    const logGroup = this.logGroup(functionName, key);
    const role = this.role(functionName, {
      declared,
      modeOf: this.modeOf,
      arn: (service, resource) => aws.arn(service, resource),
      partition: aws.partition,
      region: aws.region,
      parameterArns: parameters.arns,
      memoryArn: parameters.memoryArn,
      topicArn: this.topic.topicArn,
      topicKeyArn: this.topic.encryptionKeyArn,
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
      this.wake(ruleId, rule, guard, queue.arn);
    }

    this.functionName = guard.functionName;
    this.functionArn = guard.arn;
    this.deadLetterQueueArn = queue.arn;
  }

  private rule(id: string, { name, description, eventPattern }: EventRule): CloudwatchEventRule {
    return new CloudwatchEventRule(this, id, {
      name,
      description,
      eventPattern: JSON.stringify(eventPattern),
    });
  }

  /** Has a rule invoke the function. */
  private wake(
    id: string,
    rule: { name: string; arn: string },
    guard: LambdaFunction,
    queueArn: string,
  ): void {
    const permission = new LambdaPermission(this, `${id}permission`, {
      statementId: `EventRuleInvokes${id === "" ? "" : `_${id.slice(0, -1)}`}`,
      action: "lambda:InvokeFunction",
      functionName: guard.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, `${id}target`, {
      rule: rule.name,
      // Chosen here, so that a target made by an apply that was killed is found again, not doubled.
      targetId: "guard",
      arn: guard.arn,
      deadLetterConfig: { arn: queueArn },
      // An event before it could not be delivered: it would be a dead letter, and that an alarm.
      dependsOn: [permission],
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
    const { trail, mode = "enforce", modes = {}, exemptPrincipals = [], repairs } = this.props;
    return {
      TRAIL_ARN: trail.trailArn,
      TOPIC_ARN: this.topic.topicArn,
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

  private deadLetterQueue(functionName: string, ruleArns: readonly string[]): SqsQueue {
    const queue = new SqsQueue(this, "dead-letter-queue", {
      name: guardQueueName(functionName),
      messageRetentionSeconds: 14 * 24 * 3600,
      sqsManagedSseEnabled: true,
    });
    new SqsQueuePolicy(this, "dead-letter-queue-policy", {
      queueUrl: queue.id,
      policy: policyDocument([
        {
          Sid: "EventRulesKeepWhatTheyCannotDeliver",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
        },
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          // Only a Deny may name every action: it gives nobody anything.
          Action: "sqs:*",
          Resource: queue.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    });
    return queue;
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

  private logGroup(functionName: string, key: IEncryptionKey): CloudwatchLogGroup {
    const name = `/aws/lambda/${functionName}`;
    // Written out: the key's policy comes before the log group that it is for.
    key.allowLogGroup(AwsContext.of(this).arn("logs", `log-group:${name}`));
    return new CloudwatchLogGroup(this, "log-group", {
      name,
      retentionInDays: this.props.logRetentionDays ?? 365,
      kmsKeyId: key.keyArn,
    });
  }

  private role(
    functionName: string,
    props: GuardPolicyProps,
  ): { arn: string; policies: ITerraformDependable[] } {
    const role = new IamRole(this, "role", {
      name: functionName,
      description: `What ${functionName} may do`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "LambdaRunsTheFunction",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]),
    });
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
