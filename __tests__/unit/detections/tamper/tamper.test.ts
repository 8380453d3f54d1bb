import { type DeploymentNames, type Detection, PRESETS } from "../../../../detections";
import { apiCall, assumedRole, awsService, deniedCall, onBehalfOf } from "../../../../detections/examples";
import { parseFilterPattern } from "../../../../patterns";
import { NAMES, PREFIXED_NAMES } from "../support";

const ACCOUNT = "111122223333";
const REGION = "eu-central-1";

/** Ids of the detections that a record sets off. */
function alerts(record: object, names: DeploymentNames = NAMES): string[] {
  return PRESETS.tamper(names)
    .filter(({ filterPattern }) => parseFilterPattern(filterPattern).matches(record))
    .map(({ id }) => id);
}

/** The calls to watch, and how each names what it is about; by hand, as CloudTrail records them. */
const CALLS: [id: string, source: string, names: readonly string[], parameters: object | null][] = [
  [
    "tamper-trail",
    "cloudtrail",
    ["StopLogging", "DeleteTrail", "UpdateTrail"],
    { name: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/trailwarden` },
  ],
  ["tamper-trail", "cloudtrail", ["StopLogging", "DeleteTrail", "UpdateTrail"], { name: "trailwarden" }],
  [
    "tamper-trail",
    "cloudtrail",
    ["PutEventSelectors", "PutInsightSelectors"],
    { trailName: "trailwarden", eventSelectors: [] },
  ],
  [
    "tamper-trail",
    "cloudtrail",
    ["RemoveTags"],
    { resourceId: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/trailwarden`, tagsList: [] },
  ],
  [
    "tamper-log-bucket",
    "s3",
    [
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
    ],
    { bucketName: `trailwarden-${ACCOUNT}-${REGION}` },
  ],
  [
    "tamper-key",
    "kms",
    ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "RevokeGrant"],
    { keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
  ],
  [
    "tamper-log-group",
    "logs",
    [
      "DeleteLogGroup",
      "DeleteLogStream",
      "DeleteMetricFilter",
      "PutMetricFilter",
      "PutRetentionPolicy",
      "DeleteRetentionPolicy",
      "DisassociateKmsKey",
    ],
    { logGroupName: "/aws/cloudtrail/trailwarden" },
  ],
  [
    "tamper-log-group",
    "logs",
    ["DisassociateKmsKey"],
    { resourceIdentifier: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/cloudtrail/trailwarden` },
  ],
  [
    "tamper-alarms",
    "monitoring",
    ["DeleteAlarms", "DisableAlarmActions"],
    { alarmNames: ["one", "IAM Policy Changes"] },
  ],
  ["tamper-alarms", "monitoring", ["SetAlarmState", "PutMetricAlarm"], { alarmName: "IAM Policy Changes" }],
  ["tamper-event-rules", "events", ["DisableRule", "DeleteRule", "PutRule"], { name: "enable_trail" }],
  ["tamper-event-rules", "events", ["DisableRule", "DeleteRule", "PutRule"], { name: "ec2_state_change" }],
  ["tamper-event-rules", "events", ["RemoveTargets", "PutTargets"], { rule: "enable_trail" }],
  ["tamper-event-rules", "events", ["RemoveTargets", "PutTargets"], { rule: "enable_trail_sweep" }],
  [
    "tamper-topics",
    "sns",
    ["DeleteTopic", "SetTopicAttributes", "RemovePermission"],
    { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:SecurityGroupChanges_CloudWatch_Alarms_Topic` },
  ],
  [
    "tamper-topics",
    "sns",
    ["DeleteTopic", "SetTopicAttributes", "RemovePermission"],
    { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:EC2StateChange_Events_Topic` },
  ],
  [
    "tamper-topics",
    "sns",
    ["Unsubscribe"],
    {
      subscriptionArn: `arn:aws:sns:${REGION}:${ACCOUNT}:trailwarden-alerts:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`,
    },
  ],
  ...["", `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`, `${ACCOUNT}:function:`, `${ACCOUNT}:`].flatMap(
    (before): [string, string, string[], object][] =>
      ["", ":$LATEST", ":7"].map((after) => [
        "tamper-functions",
        "lambda",
        [
          "DeleteFunction20150331",
          "UpdateFunctionCode20150331v2",
          "UpdateFunctionConfiguration20150331v2",
          "PutFunctionConcurrency20171031",
          "RemovePermission20150331v2",
          "PutFunctionEventInvokeConfig",
          "DeleteFunctionEventInvokeConfig",
        ],
        { functionName: `${before}enable_trail${after}` },
      ]),
  ),
  [
    "tamper-roles",
    "iam",
    [
      "DeleteRole",
      "DeleteRolePolicy",
      "PutRolePolicy",
      "AttachRolePolicy",
      "DetachRolePolicy",
      "UpdateAssumeRolePolicy",
      "PutRolePermissionsBoundary",
    ],
    { roleName: "trailwarden-log-delivery" },
  ],
  ["tamper-security-services", "guardduty", ["DeleteDetector", "UpdateDetector"], { detectorId: "12abc34d" }],
  ["tamper-security-services", "securityhub", ["DisableSecurityHub"], null],
  [
    "tamper-security-services",
    "config",
    ["StopConfigurationRecorder", "DeleteConfigurationRecorder"],
    { configurationRecorderName: "default" },
  ],
  [
    "tamper-security-services",
    "ec2",
    ["DeleteFlowLogs"],
    { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-0123456789abcdef0" } } },
  ],
  ["tamper-security-services", "organizations", ["LeaveOrganization"], null],
];

const EVENTS = CALLS.flatMap(([id, source, names, parameters]) =>
  names.map((eventName) => ({
    id,
    eventSource: `${source}.amazonaws.com`,
    eventName,
    requestParameters: parameters as Record<string, unknown> | null,
    about: JSON.stringify(parameters),
  })),
);

describe("the preset tamper", () => {
  it.each(EVENTS)("tells of $eventName about $about", ({ id, ...call }) => {
    expect(alerts(apiCall({ ...call, by: assumedRole() }))).toEqual([id]);
  });

  it.each(EVENTS)(
    "tells of a denied $eventName that names nothing ($about)",
    ({ id, eventSource, eventName }) => {
      expect(alerts(deniedCall({ eventSource, eventName }))).toEqual([id]);
    },
  );

  it.each(EVENTS)("tells of a failed $eventName about $about", ({ id, ...call }) => {
    const record = { ...apiCall(call), errorCode: "ThrottlingException", errorMessage: "Rate exceeded" };

    expect(alerts(record)).toEqual([id]);
  });

  it.each([
    ["cloudtrail", "RemoveTags", { resourceId: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/other` }],
    ["s3", "PutBucketPolicy", { bucketName: "website" }],
    ["logs", "PutRetentionPolicy", { logGroupName: "/aws/lambda/orders", retentionInDays: 7 }],
    ["logs", "DeleteLogGroup", { logGroupName: "/aws/cloudtrail/trailwarden-old" }],
    ["events", "PutRule", { name: "orders" }],
    ["events", "RemoveTargets", { rule: "orders", ids: ["1"] }],
    ["sns", "DeleteTopic", { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:orders` }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "orders" }],
    ["lambda", "UpdateFunctionCode20150331v2", { functionName: "enable_trail_of_crumbs" }],
    ["iam", "PutRolePolicy", { roleName: "orders" }],
  ])("is silent about %s %s on something else: %j", (source, eventName, requestParameters) => {
    expect(alerts(apiCall({ eventSource: `${source}.amazonaws.com`, eventName, requestParameters }))).toEqual(
      [],
    );
  });

  it.each([
    ["autoscaling.amazonaws.com", "PutMetricAlarm"],
    ["kms.amazonaws.com", "StopLogging"],
    ["elasticloadbalancing.amazonaws.com", "DeleteRule"],
  ])("is silent about another service's call of the same name: %s %s", (eventSource, eventName) => {
    expect(alerts(apiCall({ eventSource, eventName }))).toEqual([]);
  });

  it("is silent about grants that services revoke in their own work, and about nothing else of theirs", () => {
    const call = (eventName: string, by = awsService("rds.amazonaws.com")) =>
      apiCall({ eventSource: "kms.amazonaws.com", eventName, by, requestParameters: { keyId: "1234abcd" } });

    expect(alerts(call("RevokeGrant"))).toEqual([]);
    expect(alerts(call("RevokeGrant", onBehalfOf(assumedRole(), "ebs.amazonaws.com")))).toEqual([]);
    expect(
      alerts(call("ScheduleKeyDeletion", onBehalfOf(assumedRole(), "cloudformation.amazonaws.com"))),
    ).toEqual(["tamper-key"]);
  });

  it("is silent about alarms that autoscaling makes and deletes", () => {
    const by = onBehalfOf(assumedRole(), "autoscaling.amazonaws.com");
    const requestParameters = { alarmNames: ["TargetTracking-orders-AlarmLow"] };

    expect(
      alerts(
        apiCall({
          eventSource: "monitoring.amazonaws.com",
          eventName: "DeleteAlarms",
          by,
          requestParameters,
        }),
      ),
    ).toEqual([]);
  });

  it("tells a record of no type, as CloudTrail writes some", () => {
    const record = apiCall({
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      by: { accountId: ACCOUNT, principalId: "" },
      requestParameters: { name: "trailwarden" },
    });

    expect(alerts(record)).toEqual(["tamper-trail"]);
  });
});

describe("the preset tamper of a deployment with a prefix", () => {
  const call = (source: string, eventName: string, requestParameters: Record<string, unknown>) =>
    alerts(apiCall({ eventSource: `${source}.amazonaws.com`, eventName, requestParameters }), PREFIXED_NAMES);

  it("watches the deployment's own alarms, wherever they stand in the list", () => {
    expect(call("monitoring", "DeleteAlarms", { alarmNames: ["a", "prod-IAM Policy Changes"] })).toEqual([
      "tamper-alarms",
    ]);
    expect(call("monitoring", "PutMetricAlarm", { alarmName: "prod-IAM Policy Changes" })).toEqual([
      "tamper-alarms",
    ]);
    expect(call("monitoring", "DeleteAlarms", { alarmNames: ["a", "IAM Policy Changes"] })).toEqual([]);
    expect(call("monitoring", "SetAlarmState", { alarmName: "orders" })).toEqual([]);
  });

  it("watches the deployment's own rules, topics, functions, roles, bucket and log group", () => {
    expect(call("events", "DisableRule", { name: "prod-enable_trail" })).toEqual(["tamper-event-rules"]);
    expect(call("events", "DisableRule", { name: "enable_trail" })).toEqual([]);
    const topic = (name: string) => ({ topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:${name}` });
    expect(call("sns", "DeleteTopic", topic("prod-trailwarden-alerts"))).toEqual(["tamper-topics"]);
    expect(call("sns", "DeleteTopic", topic("trailwarden-alerts"))).toEqual([]);
    expect(call("lambda", "DeleteFunction20150331", { functionName: "prod-enable_trail" })).toEqual([
      "tamper-functions",
    ]);
    expect(call("iam", "DeleteRole", { roleName: "prod-enable_trail" })).toEqual(["tamper-roles"]);
    expect(call("s3", "DeleteBucket", { bucketName: `prod-trailwarden-${ACCOUNT}-${REGION}` })).toEqual([
      "tamper-log-bucket",
    ]);
    expect(call("s3", "DeleteBucket", { bucketName: `trailwarden-${ACCOUNT}-${REGION}` })).toEqual([]);
    expect(call("logs", "DeleteLogGroup", { logGroupName: "/aws/cloudtrail/prod-trailwarden" })).toEqual([
      "tamper-log-group",
    ]);
  });

  it("watches a function's rule that doesn't begin with the prefix", () => {
    const names = { ...PREFIXED_NAMES, functionNames: ["guard"] };
    const record = apiCall({
      eventSource: "events.amazonaws.com",
      eventName: "DisableRule",
      requestParameters: { name: "guard" },
    });

    expect(alerts(record, names)).toEqual(["tamper-event-rules"]);
  });
});

describe("the preset tamper of a deployment that lacks something", () => {
  it("watches no functions and no roles where there are none", () => {
    const ids = PRESETS.tamper({ ...NAMES, functionNames: [], roleNames: [] }).map(({ id }: Detection) => id);

    expect(ids).not.toContain("tamper-functions");
    expect(ids).not.toContain("tamper-roles");
    expect(ids).toContain("tamper-event-rules");
  });

  it("watches every bucket where the trail's isn't known", () => {
    const record = apiCall({
      eventSource: "s3.amazonaws.com",
      eventName: "PutBucketLifecycle",
      requestParameters: { bucketName: "somebody-elses" },
    });

    expect(alerts(record, { ...NAMES, bucketName: "*" })).toEqual(["tamper-log-bucket"]);
  });

  it("watches a log group of the longest name", () => {
    const logGroupName = `/${"a".repeat(150)}`;
    const record = apiCall({
      eventSource: "logs.amazonaws.com",
      eventName: "DeleteLogGroup",
      requestParameters: { logGroupName },
    });

    expect(alerts(record, { ...NAMES, logGroupName })).toEqual(["tamper-log-group"]);
  });
});
