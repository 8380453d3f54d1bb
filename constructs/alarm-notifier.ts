import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { type ITerraformDependable, type TerraformResource, Token } from "cdktf";
import { Construct } from "constructs";
import { type Detection, NOTIFIER_NAME, notifierQueueName, notifierTableName } from "../detections";
import { DEPLOYMENT_FILE, type Deployment, type Route } from "../lambda-src/notifier/deployment";
import type { AlertTopic } from "./alert-topic";
import type { AuditTrail } from "./audit-trail";
import { AwsContext } from "./aws-context";
import type { DetectionAlarm } from "./detection-alarm";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import type { EventAlert } from "./event-alert";
import { FunctionAlarms, type FunctionParts } from "./function-alarms";
import { FunctionArchive } from "./function-archive";
import { deadLetterQueue, functionLogGroup, functionRole, invokeByRule } from "./function-parts";
import { insightsQueryOf } from "./insights-query";
import {
  furtherTopicPolicies,
  type NotifierPolicyProps,
  notifierPolicy,
  type SlackWebhook,
} from "./notifier-policy";
import { policyDocument } from "./policy-document";

export interface AlarmNotifierProps {
  /** Trail whose log group the events are looked for in. */
  readonly trail: AuditTrail;
  /** Topic that the alarms publish to: nobody but the notifier needs to subscribe to it. */
  readonly alarmTopic: AlertTopic;
  /** The alarms, and the topics that people get them by. */
  readonly alarms: readonly NotifiedAlarm[];
  /**
   * Names of further alarms that publish to the alarms' topic, and that people are told of without the notifier: it only
   * hands them on to routes.
   * @default - none
   */
  readonly relayedAlarmNames?: readonly string[] | undefined;
  /**
   * A rule on changes of EC2 instances' states, without a topic of its own, and the topic that people get them by.
   * @default - none
   */
  readonly instanceStates?: { readonly alert: EventAlert; readonly topic: AlertTopic } | undefined;
  /** Topic that people hear by, without the notifier, of what it could not tell. */
  readonly topic: AlertTopic;
  /**
   * Where some alerts go beside their topic.
   * @default - none
   */
  readonly routes?: readonly NotifierRoute[] | undefined;
  /**
   * Name of function and role: up to 40 letters, digits, `_` and `-`. Queue, table and alarms begin with it.
   * @default "alarm_notifier"
   */
  readonly functionName?: string | undefined;
  /**
   * Path of the role, of one that exists already.
   * @default "/"
   */
  readonly rolePath?: string | undefined;
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

export interface NotifiedAlarm {
  /** An alarm that publishes to the alarms' topic. */
  readonly alarm: DetectionAlarm;
  /** What the alarm is about. */
  readonly detection: NotifiedDetection;
  /** Topic that people get it by. */
  readonly topic: AlertTopic;
}

/** Each {@link Detection} is one. */
export interface NotifiedDetection extends Pick<Detection, "id" | "title" | "severity" | "filterPattern"> {
  /** What to look at first, one line each. */
  readonly runbook: readonly string[];
}

/** Further places for some alerts. Without severities and detections it takes all; with both, either is enough. */
export interface NotifierRoute {
  readonly name: string;
  readonly severities?: readonly Detection["severity"][] | undefined;
  /** Ids of detections; `trail-guard` and `ec2-state-change` stand for the guard and for EC2 instances. */
  readonly detections?: readonly string[] | undefined;
  /** @default - only webhooks */
  readonly topic?: AlertTopic | undefined;
  /** @default - only a topic */
  readonly slack?: readonly SlackWebhook[] | undefined;
}

/** Seconds that one run may take: it waits for late events, and for Slack. */
const TIMEOUT_SECONDS = 120;

/**
 * A function between alarms and people: it finds the events that an alarm counted and tells who did what, from where, to
 * people's topics and to Slack. What it fails to tell reaches people without it: Lambda sends them the event, a queue keeps
 * it, and alarms watch both function and queue.
 */
export class AlarmNotifier extends Construct {
  /** As at AWS, known at synth. */
  readonly functionName: string;
  readonly functionArn: string;
  /** The alarms on the notifier itself. */
  readonly alarmNames: readonly string[];
  /** What a dashboard shows. */
  readonly parts: FunctionParts;
  /** Topic that the alarms publish to. */
  readonly alarmTopic: AlertTopic;
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  /** @throws if the name is not one that Lambda and IAM accept, or a name that the function needs is known to Terraform only */
  constructor(scope: Construct, id: string, props: AlarmNotifierProps) {
    super(scope, id);
    const { trail, alarmTopic, topic, routes = [], functionName = NOTIFIER_NAME } = props;
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(functionName)) {
      throw new Error(
        `functionName must be 1 to 40 letters, digits, "_" or "-", got ${JSON.stringify(functionName)}`,
      );
    }
    const aws = AwsContext.of(this);
    this.functionName = functionName;
    this.alarmTopic = alarmTopic;

    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "key", {
        alias: functionName,
        description: `Log of the function ${functionName}`,
      });
    const queueName = notifierQueueName(functionName);
    const rules = props.instanceStates === undefined ? [] : [props.instanceStates.alert.ruleArn];
    const queue = deadLetterQueue(this, queueName, [
      ...(rules.length === 0 ? [] : [{ service: "events.amazonaws.com" as const, sourceArns: rules }]),
      { service: "sns.amazonaws.com", sourceArns: [alarmTopic.topicArn] },
    ]);
    const alarms = new FunctionAlarms(this, "alarms", {
      functionName,
      queueName,
      consequence: "people may not have been told of an alarm. Its log says why, a mail what of",
      remedy: "read them, since people may not have been told of them, then purge the queue",
      topics: [topic],
    });
    const table = this.table(functionName);
    const logGroup = functionLogGroup(this, functionName, key, props.logRetentionDays ?? 365);
    const role = this.role(functionName, props.rolePath, {
      ...topicArns([topic, ...topicsOf(props)]),
      arn: (service, resource) => aws.arn(service, resource),
      region: aws.region,
      logGroupName: trail.declared.logGroup.name,
      tableArn: table.arn,
      ownLogGroupArn: logGroup.arn,
      queueArn: queue.arn,
      webhooks: routes.flatMap(({ slack = [] }) => slack),
    });
    const archive = new FunctionArchive(this, "archive", "notifier", {
      [DEPLOYMENT_FILE]: textOfDeployment(deploymentOf(props)),
    });
    const notifier = new LambdaFunction(this, "function", {
      functionName,
      description: `Tells people what the alarms of ${trail.trailName} are about`,
      role: role.arn,
      runtime: archive.runtime,
      architectures: ["arm64"],
      handler: archive.handler,
      filename: archive.path,
      sourceCodeHash: archive.sha256,
      timeout: TIMEOUT_SECONDS,
      memorySize: 256,
      environment: { variables: { TOPIC_ARN: topic.topicArn, TABLE_NAME: table.name } },
      deadLetterConfig: { targetArn: queue.arn },
      // The log group is not the function's to make.
      dependsOn: [...role.policies, logGroup],
    });
    this.functionArn = notifier.arn;
    new LambdaFunctionEventInvokeConfig(this, "invoke-config", {
      functionName: notifier.functionName,
      maximumRetryAttempts: 2,
      // People get the event as it is; the queue keeps it, too.
      destinationConfig: { onFailure: { destination: topic.topicArn } },
    });
    const permission = new LambdaPermission(this, "alarms-permission", {
      statementId: "TopicInvokes",
      action: "lambda:InvokeFunction",
      functionName: notifier.functionName,
      principal: "sns.amazonaws.com",
      sourceArn: alarmTopic.topicArn,
    });
    new SnsTopicSubscription(this, "alarms-subscription", {
      topicArn: alarmTopic.topicArn,
      protocol: "lambda",
      endpoint: notifier.arn,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn }),
      // An alarm before them could not be delivered.
      dependsOn: [permission, queue.policy],
    });
    if (props.instanceStates !== undefined) {
      const { ruleName, ruleArn } = props.instanceStates.alert;
      invokeByRule(
        this,
        "instance-states-",
        { name: ruleName, arn: ruleArn },
        { function: notifier, id: "notifier", queue },
      );
    }
    this.alarmNames = alarms.alarmNames;
    this.parts = alarms.parts;
    this.guarded = alarms.guarded;
  }

  private role(
    functionName: string,
    rolePath: string | undefined,
    props: NotifierPolicyProps,
  ): { arn: string; policies: ITerraformDependable[] } {
    const role = functionRole(this, functionName, rolePath);
    const policy = new IamRolePolicy(this, "policy", {
      name: "tell-people",
      role: role.id,
      policy: policyDocument(notifierPolicy(props)),
    });
    const attachments = furtherTopicPolicies(props.topicArns).map((statements, index) => {
      const furtherPolicy = new IamPolicy(this, `topic-policy-${index + 2}`, {
        name: `${functionName}-tell-people-${index + 2}`,
        description: `Lets ${functionName} publish to topics of alerts`,
        policy: policyDocument(statements),
      });
      return new IamRolePolicyAttachment(this, `topic-policy-attachment-${index + 2}`, {
        role: role.name,
        policyArn: furtherPolicy.arn,
      });
    });
    return { arn: role.arn, policies: [policy, ...attachments] };
  }

  /**
   * What was told, so that a message that is delivered twice is told once. It holds names of alarms and instances; DynamoDB
   * encrypts it with a key of its own, and what is two days old is deleted.
   */
  private table(functionName: string): DynamodbTable {
    return new DynamodbTable(this, "told", {
      name: notifierTableName(functionName),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiresAt", enabled: true },
    });
  }
}

/** Topics that the notifier publishes to beside its own. */
function topicsOf({ alarms, instanceStates, routes = [] }: AlarmNotifierProps): AlertTopic[] {
  return [
    ...alarms.map(({ topic }) => topic),
    ...(instanceStates === undefined ? [] : [instanceStates.topic]),
    ...routes.flatMap(({ topic }) => topic ?? []),
  ];
}

/** Each once. */
function topicArns(topics: readonly AlertTopic[]): Pick<NotifierPolicyProps, "topicArns" | "topicKeyArns"> {
  return {
    topicArns: [...new Set(topics.map(({ topicArn }) => topicArn))],
    topicKeyArns: [...new Set(topics.map(({ encryptionKeyArn }) => encryptionKeyArn))],
  };
}

/** Terraform fills in no reference in the function's archive. */
function textOfDeployment(deployment: Deployment): string {
  const text = JSON.stringify(deployment);
  if (Token.isUnresolved(text)) {
    const unknown = Object.entries(deployment).flatMap(([name, value]) =>
      Token.isUnresolved(JSON.stringify(value)) ? [name] : [],
    );
    throw new Error(`the notifier must know at synth: ${unknown.join(", ")}; give text, not references`);
  }
  return text;
}

function deploymentOf(props: AlarmNotifierProps): Deployment {
  const { trail, alarms, relayedAlarmNames = [], instanceStates, routes = [] } = props;
  const { name: logGroupName } = trail.declared.logGroup;
  return {
    trailName: trail.trailName,
    logGroupName,
    alarms: Object.fromEntries(
      alarms.map(({ alarm, detection, topic }) => {
        const { id, title, severity, filterPattern, runbook } = detection;
        const insightsQuery = insightsQueryOf(filterPattern);
        return [
          alarm.alarmName,
          { id, title, severity, filterPattern, insightsQuery, runbook, topicName: topic.topicName },
        ];
      }),
    ),
    relayedAlarms: relayedAlarmNames,
    instanceStatesTopicName: instanceStates?.topic.topicName,
    routes: routes.map(
      ({ name, severities, detections, topic, slack = [] }): Route => ({
        name,
        severities,
        detections,
        topicName: topic?.topicName,
        webhooks: slack.map(({ name, secret, parameter }) => {
          if (secret !== undefined) {
            return { name, source: { secret } };
          }
          if (parameter !== undefined) {
            return { name, source: { parameter } };
          }
          throw new Error(`slack webhook ${JSON.stringify(name)} needs a secret or a parameter with its URL`);
        }),
      }),
    ),
  };
}
