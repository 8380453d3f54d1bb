import {
  alertTopicNames,
  type GuardedNames,
  type GuardRules,
  guardRules,
  roleChangesRule,
} from "../../../detections";
import { eventOfRecord } from "../../../local/event-of-record";
import { parseEventPattern } from "../../../patterns";

const ACCOUNT = "123456789012";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/enable_trail`;
const BUCKET = `trailwarden-${ACCOUNT}-eu-west-1`;
const topicArn = (name: string): string => `arn:aws:sns:eu-west-1:${ACCOUNT}:${name}`;

const ROLE_NAMES = ["trailwarden-log-delivery", "enable_trail", "alarm_notifier"];
const NAMES: GuardedNames = {
  functionName: "enable_trail",
  otherFunctionNames: ["alarm_notifier"],
  roleArn: ROLE_ARN,
  roleNames: ROLE_NAMES,
  bucketName: BUCKET,
  logGroupName: "/aws/cloudtrail/trailwarden",
  ruleNames: ["ec2_state_change"],
  topicNames: alertTopicNames("", { routes: [{ name: "on-call" }] }),
};
const RULES = guardRules(NAMES);

type Parameters = Readonly<Record<string, unknown>> | null;

function recordOf(service: string, eventName: string, requestParameters: Parameters, more: object = {}) {
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestParameters,
    eventType: "AwsApiCall",
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/mallory` },
    ...more,
  };
}

const PATTERNS = (Object.keys(RULES) as (keyof GuardRules)[]).map(
  (rule) => [rule, parseEventPattern(JSON.stringify(RULES[rule].eventPattern))] as const,
);

/** Which of the rules an API call's event matches. */
function matching(record: ReturnType<typeof recordOf>): string[] {
  const event = eventOfRecord(record);
  return PATTERNS.filter(([, pattern]) => pattern.matches(event)).map(([rule]) => rule);
}

const byItself = (...[service, eventName, requestParameters]: [string, string, Parameters]) =>
  matching(recordOf(service, eventName, requestParameters));

const TRAIL: Parameters = { name: "trailwarden" };
const OF_BUCKET: Parameters = { bucketName: BUCKET };
const OF_LOG_GROUP: Parameters = { logGroupName: "/aws/cloudtrail/trailwarden" };
const FUNCTION: Parameters = { functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:enable_trail` };
const OF_ROLE: Parameters = { roleName: "enable_trail" };
const OF_RULE: Parameters = { name: "enable_trail_tampering" };
const OF_PARAMETER: Parameters = { name: "/trailwarden/enable_trail/pause" };
const OF_QUEUE: Parameters = {
  queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/enable_trail_dead_letters`,
};

describe("the guard's rules", () => {
  it.each<[string, string, Parameters, string[]]>([
    ["cloudtrail", "StopLogging", TRAIL, ["stopLogging"]],
    ...["DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "RemoveTags"].map(
      (call): [string, string, Parameters, string[]] => ["cloudtrail", call, TRAIL, ["tampering"]],
    ),
    ...[
      "DeleteBucket",
      "DeleteBucketPolicy",
      "PutBucketPolicy",
      "PutBucketLifecycle",
      "DeleteBucketLifecycle",
      "PutBucketVersioning",
      "PutBucketEncryption",
      "DeleteBucketEncryption",
      "PutBucketPublicAccessBlock",
      "DeleteBucketPublicAccessBlock",
      "PutBucketOwnershipControls",
      "PutBucketLogging",
      "PutObjectLockConfiguration",
      "PutBucketObjectLockConfiguration",
    ].map((call): [string, string, Parameters, string[]] => ["s3", call, OF_BUCKET, ["tampering"]]),
    ...["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "RevokeGrant"].map(
      (call): [string, string, Parameters, string[]] => ["kms", call, { keyId: "any" }, ["tampering"]],
    ),
    ...[
      "DeleteLogGroup",
      "DeleteLogStream",
      "DeleteMetricFilter",
      "PutMetricFilter",
      "PutRetentionPolicy",
      "DeleteRetentionPolicy",
      "DisassociateKmsKey",
    ].map((call): [string, string, Parameters, string[]] => ["logs", call, OF_LOG_GROUP, ["tampering"]]),
    ...["DeleteAlarms", "DisableAlarmActions", "SetAlarmState", "PutMetricAlarm"].map(
      (call): [string, string, Parameters, string[]] => [
        "monitoring",
        call,
        { alarmName: "any" },
        ["tampering"],
      ],
    ),
    ["events", "DisableRule", { name: "ec2_state_change" }, ["tampering"]],
    ...["DisableRule", "DeleteRule", "PutRule"].map((call): [string, string, Parameters, string[]] => [
      "events",
      call,
      OF_RULE,
      ["ownParts"],
    ]),
    ["events", "RemoveTargets", { rule: "enable_trail" }, ["ownParts"]],
    ["events", "PutTargets", { rule: "enable_trail_tampering" }, ["ownParts"]],
    // The rule that would see it may be the one that is disabled.
    ["events", "DisableRule", { name: "enable_trail_own_parts" }, ["tampering", "ownParts"]],
    ...["DeleteTopic", "SetTopicAttributes", "RemovePermission"].map(
      (call): [string, string, Parameters, string[]] => [
        "sns",
        call,
        { topicArn: topicArn("TrailGuard_Alerts_Topic") },
        ["alertTopics"],
      ],
    ),
    [
      "sns",
      "Unsubscribe",
      { subscriptionArn: topicArn("IAM_Policy_Changes_CloudWatch_Alarms_Topic:0f1e") },
      ["alertTopics"],
    ],
    ...[
      "DeleteFunction20150331",
      "UpdateFunctionCode20150331v2",
      "UpdateFunctionConfiguration20150331v2",
      "PutFunctionConcurrency20171031",
      "RemovePermission20150331v2",
      "PutFunctionEventInvokeConfig",
      "DeleteFunctionEventInvokeConfig",
    ].map((call): [string, string, Parameters, string[]] => ["lambda", call, FUNCTION, ["ownParts"]]),
    ...[
      "DeleteRole",
      "DeleteRolePolicy",
      "PutRolePolicy",
      "AttachRolePolicy",
      "DetachRolePolicy",
      "UpdateAssumeRolePolicy",
      "PutRolePermissionsBoundary",
    ].map((call): [string, string, Parameters, string[]] => ["iam", call, OF_ROLE, ["ownParts"]]),
    ["iam", "DeleteRolePermissionsBoundary", OF_ROLE, ["ownParts"]],
    ...[
      `${ACCOUNT}:enable_trail`,
      "alarm_notifier",
      `${ACCOUNT}:function:alarm_notifier`,
      `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:alarm_notifier`,
    ].map((functionName): [string, string, Parameters, string[]] => [
      "lambda",
      "UpdateFunctionConfiguration20150331v2",
      { functionName },
      ["ownParts"],
    ]),
    ["iam", "DetachRolePolicy", { roleName: "alarm_notifier" }, ["ownParts"]],
    ["dynamodb", "DeleteTable", { tableName: "alarm_notifier_told" }, ["ownParts"]],
    ["sqs", "PurgeQueue", OF_QUEUE, ["ownParts"]],
    ...["DeleteQueue", "SetQueueAttributes", "PurgeQueue"].map(
      (call): [string, string, Parameters, string[]] => [
        "sqs",
        call,
        { queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/alarm_notifier_dead_letters` },
        ["ownParts"],
      ],
    ),
    ...[
      "AlarmNotifier_CloudWatch_Alarms_Topic",
      "EC2StateChange_Events_Topic",
      "trailwarden-on-call",
      "trailwarden-siem",
    ].flatMap((topic): [string, string, Parameters, string[]][] => [
      ["sns", "SetTopicAttributes", { topicArn: topicArn(topic) }, ["alertTopics"]],
      [
        "sns",
        "SetSubscriptionAttributes",
        { subscriptionArn: topicArn(`${topic}:0f1e2d3c`), attributeName: "FilterPolicy" },
        ["alertTopics"],
      ],
    ]),
    ["ssm", "PutParameter", OF_PARAMETER, ["ownParts"]],
    ["ssm", "DeleteParameters", { names: ["/x", "/trailwarden/enable_trail/memory"] }, ["ownParts"]],
  ])("see %s %s of %j", (service, eventName, parameters, rules) => {
    expect(byItself(service, eventName, parameters)).toEqual(rules);
    // An attempt often names nothing.
    const denied = matching(recordOf(service, eventName, null, { errorCode: "AccessDenied" }));
    // Two rules would tell of it twice.
    const told = service === "events" ? ["ownParts"] : rules;
    expect(denied).toEqual(
      expect.arrayContaining(told.filter((rule) => rule !== "ownParts" || eventName !== "DeleteParameters")),
    );
  });

  it.each<[string, string, Parameters]>([
    ["cloudtrail", "GetTrailStatus", TRAIL],
    ["s3", "PutBucketPolicy", { bucketName: "another" }],
    ["s3", "PutObject", OF_BUCKET],
    ["logs", "DeleteLogGroup", { logGroupName: "/aws/lambda/another" }],
    ["events", "DisableRule", { name: "another" }],
    ["sns", "DeleteTopic", { topicArn: topicArn("orders") }],
    ["sns", "DeleteTopic", { topicArn: topicArn("blue-trailwarden-on-call") }],
    ["sns", "Unsubscribe", { subscriptionArn: topicArn("blue-trailwarden-on-call:0f1e") }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "another" }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "blue-alarm_notifier" }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: `${ACCOUNT}:function:blue-alarm_notifier` }],
    ["dynamodb", "DeleteTable", { tableName: "another" }],
    ["iam", "PutRolePolicy", { roleName: "another" }],
    ["ssm", "PutParameter", { name: "/another" }],
    ["sqs", "PurgeQueue", { queueUrl: "https://sqs.eu-west-1.amazonaws.com/1/another" }],
  ])("don't see %s %s of %j", (service, eventName, parameters) => {
    expect(byItself(service, eventName, parameters)).toEqual([]);
  });

  it.each<[string, string, Parameters]>([
    ["cloudtrail", "UpdateTrail", TRAIL],
    ["s3", "PutBucketPolicy", OF_BUCKET],
    ["logs", "PutMetricFilter", OF_LOG_GROUP],
    ["ssm", "PutParameter", { name: "/trailwarden/enable_trail/memory" }],
  ])("don't see what the guard does itself: %s %s", (service, eventName, parameters) => {
    const byRole = (arn: string) =>
      matching(
        recordOf(service, eventName, parameters, {
          userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { arn } } },
        }),
      );

    expect(byRole(ROLE_ARN)).toEqual([]);
    expect(byRole(ROLE_ARN.replace(ACCOUNT, "999999999999"))).not.toEqual([]);
  });

  it("are without the notifier's parts where there is none", () => {
    const { ownParts } = guardRules({ ...NAMES, otherFunctionNames: undefined, roleNames: ["enable_trail"] });

    expect(JSON.stringify(ownParts.eventPattern)).not.toMatch(/dynamodb|notifier/);
  });

  it("have what is done to roles brought home from where IAM's events arrive", () => {
    const { eventPattern } = roleChangesRule("enable_trail", ROLE_NAMES);
    const pattern = parseEventPattern(JSON.stringify(eventPattern));

    expect(pattern.matches(eventOfRecord(recordOf("iam", "PutRolePolicy", OF_ROLE)))).toBe(true);
    expect(pattern.matches(eventOfRecord(recordOf("iam", "PutRolePolicy", { roleName: "another" })))).toBe(
      false,
    );
  });
});
