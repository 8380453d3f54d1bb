import { notifierTableName } from "./alert-topics";
import { LOG_GROUP_CALLS, ROLE_CALLS } from "./tamper/calls";

/** An event rule on the default bus whose events are made from CloudTrail records. */
export interface EventRule {
  readonly name: string;
  /** What it watches, in a sentence. */
  readonly description: string;
  /** EventBridge event pattern, at most 2,048 characters as JSON. */
  readonly eventPattern: Readonly<Record<string, unknown>>;
}

/** Name of the guard's function, role and first rule, after the prefix. */
export const GUARD_NAME = "enable_trail";

/** Names that the guard's rules watch: as they are at AWS, prefix and all. */
export interface GuardedNames {
  readonly functionName: string;
  /** ARN of the function's role, whose own calls don't wake it. */
  readonly roleArn: string;
  /**
   * Names of the deployment's other functions.
   * @default - none
   */
  readonly otherFunctionNames?: readonly string[] | undefined;
  /** Names of the roles of trail and functions. */
  readonly roleNames: readonly string[];
  /** May end in `*`; undefined for a trail whose bucket isn't the deployment's. */
  readonly bucketName: string | undefined;
  readonly logGroupName: string;
  /** Names of all event rules of the deployment but the guard's own. */
  readonly ruleNames: readonly string[];
  /** Names of topics; each may begin or end with `*`. */
  readonly topicNames: readonly string[];
}

/** The rules by which events reach a guard function. */
export interface GuardRules {
  /** Logging of a trail was stopped (the rule of AWS's own examples, to the letter). */
  readonly stopLogging: EventRule;
  /** Anything else was done to the trail and what belongs to it. */
  readonly tampering: EventRule;
  /** Something was done to the guard itself: people are told without it. */
  readonly ownParts: EventRule;
  /** Something was done to the topics that alerts go to. */
  readonly alertTopics: EventRule;
}

/** Names of a guard's own rules; the last is its schedule. */
export function guardRuleNames(functionName: string) {
  return {
    stopLogging: functionName,
    tampering: `${functionName}_tampering`,
    ownParts: `${functionName}_own_parts`,
    alertTopics: `${functionName}_alert_topics`,
    regularLook: `${functionName}_regular_look`,
  };
}

/** The rule, in the region of global services, that brings home what is done to roles. Its role has the same name. */
export function roleChangesRule(functionName: string, roleNames: readonly string[]): EventRule {
  return {
    name: roleChangesName(functionName),
    description: "Brings home what is done to the roles of trail and guard",
    eventPattern: {
      source: ["aws.iam"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: roleChanges(roleNames),
    },
  };
}

export function roleChangesName(functionName: string): string {
  return `${functionName}_role_changes`;
}

function roleChanges(roleNames: readonly string[]): Calls {
  return {
    eventName: shortened(ROLE_CALLS, ["DeleteRole", "PutRole"]),
    requestParameters: { roleName: [...roleNames, UNNAMED] },
  };
}

/** Names of the guard's parameters begin so. */
export function guardParameterPrefix(functionName: string): string {
  return `/trailwarden/${functionName}`;
}

/** Name of the guard's queue. */
export function guardQueueName(functionName: string): string {
  return `${functionName}_dead_letters`;
}

export function guardRules(names: GuardedNames): GuardRules {
  const rules = guardRuleNames(names.functionName);
  return {
    stopLogging: {
      name: rules.stopLogging,
      description: `Wakes ${names.functionName} when logging of a trail is stopped`,
      eventPattern: {
        source: ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
      },
    },
    tampering: {
      name: rules.tampering,
      description: `Wakes ${names.functionName} when the trail or what belongs to it is changed`,
      eventPattern: patternOf(
        ["cloudtrail", "s3", "kms", "logs", "monitoring", "events"],
        tampering(names),
        names.roleArn,
      ),
    },
    ownParts: {
      name: rules.ownParts,
      description: `Tells people, and wakes ${names.functionName}, when the guard itself is changed`,
      eventPattern: patternOf(
        [
          "lambda",
          "sqs",
          "ssm",
          "iam",
          "events",
          ...((names.otherFunctionNames ?? []).length > 0 ? ["dynamodb"] : []),
        ],
        ownParts(names),
        names.roleArn,
      ),
    },
    alertTopics: {
      name: rules.alertTopics,
      description: `Tells people, and wakes ${names.functionName}, when a topic that alerts go to is changed`,
      eventPattern: patternOf(["sns"], alertTopics(names), names.roleArn),
    },
  };
}

type Calls = Readonly<Record<string, unknown>>;

/** Attempts count: a call that was denied often names nothing. */
const UNNAMED = { exists: false };

function patternOf(services: readonly string[], calls: readonly Calls[], roleArn: string) {
  return {
    source: services.map((service) => `aws.${service}`),
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      $or: calls,
      userIdentity: {
        sessionContext: { sessionIssuer: { arn: [{ "anything-but": [roleArn] }, { exists: false }] } },
      },
    },
  };
}

function tampering({ bucketName, logGroupName, ruleNames, functionName }: GuardedNames): Calls[] {
  // The guard's own rules are watched by the rule on its own parts, but for that one: disabled, it sees nothing.
  const rules = [...ruleNames, guardRuleNames(functionName).ownParts];
  return [
    {
      eventSource: ["cloudtrail.amazonaws.com"],
      eventName: ["DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "RemoveTags"],
    },
    ...(bucketName === undefined
      ? []
      : [
          {
            eventName: [{ prefix: "PutBucket" }, { prefix: "DeleteBucket" }, { prefix: "PutObjectLock" }],
            requestParameters: { bucketName: [oneName(bucketName), UNNAMED] },
          },
        ]),
    // Neither keys nor alarms are picked by name here: a key has several, alarms are too many.
    { eventName: ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "RevokeGrant"] },
    {
      eventSource: ["logs.amazonaws.com"],
      eventName: LOG_GROUP_CALLS,
      requestParameters: { logGroupName: [logGroupName, UNNAMED] },
    },
    { eventName: ["DeleteAlarms", "DisableAlarmActions", "SetAlarmState", "PutMetricAlarm"] },
    { eventName: ["DisableRule", "DeleteRule", "PutRule"], requestParameters: { name: rules } },
    { eventName: ["RemoveTargets", "PutTargets"], requestParameters: { rule: rules } },
  ];
}

function ownParts({ functionName, otherFunctionNames = [], roleNames }: GuardedNames): Calls[] {
  const functionNames = [functionName, ...otherFunctionNames];
  const rules = [{ prefix: functionName }, UNNAMED];
  const parameters = { prefix: `${guardParameterPrefix(functionName)}/` };
  return [
    {
      // Lambda's event names carry versions.
      eventName: ["DeleteFunction", "UpdateFunction", "PutFunction", "RemovePermission"].map((prefix) => ({
        prefix,
      })),
      requestParameters: {
        functionName: [...functionNames.flatMap((name) => [name, { suffix: `:${name}` }]), UNNAMED],
      },
    },
    roleChanges(roleNames),
    {
      eventSource: ["sqs.amazonaws.com"],
      eventName: ["DeleteQueue", "SetQueueAttributes", "PurgeQueue", "RemovePermission"],
      requestParameters: {
        queueUrl: [...functionNames.map((name) => ({ suffix: `/${guardQueueName(name)}` })), UNNAMED],
      },
    },
    ...(otherFunctionNames.length === 0
      ? []
      : [
          {
            eventName: ["DeleteTable"],
            requestParameters: { tableName: [...otherFunctionNames.map(notifierTableName), UNNAMED] },
          },
        ]),
    { eventName: ["PutParameter", "DeleteParameter"], requestParameters: { name: [parameters, UNNAMED] } },
    { eventName: ["DeleteParameters"], requestParameters: { names: [parameters, UNNAMED] } },
    { eventName: ["DisableRule", "DeleteRule", "PutRule"], requestParameters: { name: rules } },
    { eventName: ["RemoveTargets", "PutTargets"], requestParameters: { rule: rules } },
  ];
}

function alertTopics({ topicNames }: GuardedNames): Calls[] {
  const eventName = ["Unsubscribe", "SetSubscriptionAttributes"];
  const beginnings = topicNames.filter((name) => name.endsWith("*"));
  const others = topicNames.filter((name) => !name.endsWith("*"));
  return [
    {
      eventSource: ["sns.amazonaws.com"],
      eventName: ["DeleteTopic", "SetTopicAttributes", "RemovePermission"],
      requestParameters: { topicArn: [...topicNames.map(oneTopic), UNNAMED] },
    },
    {
      eventName,
      requestParameters: {
        subscriptionArn: [...others.map((name) => ({ wildcard: `*${tail(name)}:*` })), UNNAMED],
      },
    },
    ...(beginnings.length === 0
      ? []
      : [
          {
            // EventBridge would find all wildcards of the field too complex; after one field more they count by themselves.
            eventSource: ["sns.amazonaws.com"],
            eventName,
            requestParameters: {
              subscriptionArn: beginnings.map((name) => ({ wildcard: `*${tail(name)}` })),
            },
          },
        ]),
  ];
}

/** A list of calls with one prefix for those that begin with it: a pattern has no room for all of their names. */
function shortened(calls: readonly string[], prefixes: readonly string[]): unknown[] {
  return [
    ...prefixes.map((prefix) => ({ prefix })),
    ...calls.filter((call) => !prefixes.some((prefix) => call.startsWith(prefix))),
  ];
}

function oneName(name: string): unknown {
  return name.endsWith("*") ? { prefix: name.slice(0, -1) } : name;
}

function oneTopic(name: string): unknown {
  return name.endsWith("*") ? { wildcard: `*${tail(name)}` } : { suffix: tail(name) };
}

/** End of a topic's ARN. */
function tail(topicName: string): string {
  return topicName.startsWith("*") ? topicName.slice(1) : `:${topicName}`;
}
