import { concernOf } from "../../../../lambda-src/guard/concern";
import { apiCallOf } from "../../../../lambda-src/shared/api-call";
import {
  ACCOUNT,
  arn,
  BUCKET,
  DECLARED,
  KEY_ARN,
  KEY_ID,
  LOG_GROUP,
  REGION,
  TOPIC_ARN,
  TRAIL_ARN,
} from "./support/deployment";
import { type CallOfEvent, eventOf } from "./support/events";

function concernOfCall(call: CallOfEvent, detail: object = {}, declared = DECLARED) {
  const event = eventOf(call);
  const apiCall = apiCallOf({ ...event, detail: { ...event.detail, ...detail } });
  return apiCall === undefined ? undefined : concernOf(apiCall, declared);
}

const ALARM = DECLARED.alarms[0]?.name;
const [RULE] = DECLARED.rules;

describe("concernOf", () => {
  it.each([
    ["cloudtrail", "UpdateTrail", { name: "trailwarden" }, "trail", "trail trailwarden"],
    ["cloudtrail", "DeleteTrail", { name: TRAIL_ARN }, "trail", `trail ${TRAIL_ARN}`],
    ["cloudtrail", "StopLogging", { name: TRAIL_ARN }, "logging", `trail ${TRAIL_ARN}`],
    ["cloudtrail", "PutEventSelectors", { trailName: "trailwarden" }, "trail", "trail trailwarden"],
    ["cloudtrail", "RemoveTags", { resourceId: TRAIL_ARN }, "trail", `trail ${TRAIL_ARN}`],
    ["s3", "DeleteBucket", { bucketName: BUCKET }, "bucket", `bucket ${BUCKET}`],
    ["kms", "DisableKey", { keyId: KEY_ID }, "key", `key ${KEY_ID}`],
    ["kms", "DisableKey", { keyId: KEY_ARN }, "key", `key ${KEY_ARN}`],
    ["logs", "DeleteLogGroup", { logGroupName: LOG_GROUP }, "log-group", `log group ${LOG_GROUP}`],
    [
      "logs",
      "DisassociateKmsKey",
      { resourceIdentifier: arn("logs", `log-group:${LOG_GROUP}:*`) },
      "log-group",
      `log group ${LOG_GROUP}`,
    ],
    ["monitoring", "DeleteAlarms", { alarmNames: ["another", ALARM] }, "alarms", `alarm ${ALARM}`],
    ["monitoring", "PutMetricAlarm", { alarmName: ALARM }, "alarms", `alarm ${ALARM}`],
    ["events", "DisableRule", { name: RULE }, "rules", `event rule ${RULE}`],
    ["events", "RemoveTargets", { rule: RULE }, "rules", `event rule ${RULE}`],
    ["sns", "DeleteTopic", { topicArn: TOPIC_ARN }, undefined, `topic ${TOPIC_ARN}`],
    ["iam", "DeleteRole", { roleName: "enable_trail" }, undefined, "role enable_trail"],
    [
      "lambda",
      "DeleteFunction20150331",
      { functionName: "enable_trail" },
      undefined,
      "function enable_trail",
    ],
    ["ssm", "DeleteParameters", { names: ["/a", "/b"] }, undefined, "parameter /a"],
  ])("is %s %s of %j", (service, eventName, requestParameters, part, what) => {
    expect(concernOfCall({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters })).toEqual({
      part,
      what,
    });
  });

  it.each([
    ["cloudtrail", "StopLogging", { name: "another" }],
    ["cloudtrail", "StopLogging", { name: TRAIL_ARN.replace(REGION, "us-east-1") }],
    ["cloudtrail", "StopLogging", { name: `${TRAIL_ARN}-2` }],
    ["s3", "DeleteBucket", { bucketName: `${BUCKET}-2` }],
    ["kms", "DisableKey", { keyId: KEY_ID.slice(1) }],
    ["kms", "DisableKey", { keyId: "" }],
    ["logs", "DeleteLogGroup", { logGroupName: `${LOG_GROUP}/x` }],
    ["monitoring", "DeleteAlarms", { alarmNames: ["another", 7] }],
    ["events", "DisableRule", { name: "another" }],
    ["cloudtrail", "StopLogging", null],
    ["s3", "DeleteBucket", { bucketName: { toString: BUCKET } }],
    ["dynamodb", "DeleteTable", { name: "trailwarden" }],
  ])("is not %s %s of %j", (service, eventName, requestParameters) => {
    expect(
      concernOfCall({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters }),
    ).toBeUndefined();
  });

  it.each([
    ["cloudtrail", "trail"],
    ["s3", "bucket"],
    ["kms", "key"],
    ["logs", "log group"],
    ["monitoring", "alarm"],
    ["events", "event rule"],
    ["sns", "topic"],
    ["ssm", "parameter"],
  ])("takes a refused call to %s that names nothing for one about this deployment", (service, kind) => {
    const refused = {
      eventSource: `${service}.amazonaws.com`,
      eventName: "Delete",
      errorCode: "AccessDenied",
    };

    expect(concernOfCall(refused)).toMatchObject({ what: `${kind} (not named)` });
    expect(concernOfCall({ ...refused, requestParameters: "none" })).toMatchObject({
      what: `${kind} (not named)`,
    });
  });

  it("takes a trail's name alone for that of the region and account of the call", () => {
    const call = {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      requestParameters: { name: "trailwarden" },
    };

    expect(concernOfCall(call)).toBeDefined();
    expect(concernOfCall(call, { awsRegion: "us-east-1" })).toBeUndefined();
    expect(concernOfCall(call, { recipientAccountId: ACCOUNT.replace("1", "2") })).toBeUndefined();
  });

  it("finds the key among the resources of a call that names an alias", () => {
    const call = {
      eventSource: "kms.amazonaws.com",
      eventName: "PutKeyPolicy",
      requestParameters: { keyId: "alias/trailwarden" },
      resources: [{ ARN: "arn:aws:kms:x" }, { ARN: KEY_ARN }, null],
    };

    expect(concernOfCall(call)).toEqual({ part: "key", what: `key ${KEY_ARN}` });
  });

  it("knows no bucket or key that isn't declared", () => {
    const { trail, logGroup, alarms, rules } = DECLARED;
    const declared = { trail, logGroup, alarms, rules };
    const bucket = {
      eventSource: "s3.amazonaws.com",
      eventName: "DeleteBucket",
      requestParameters: { bucketName: BUCKET },
    };
    const key = {
      eventSource: "kms.amazonaws.com",
      eventName: "DisableKey",
      requestParameters: { keyId: KEY_ARN },
    };

    expect(concernOfCall(bucket, {}, declared)).toBeUndefined();
    expect(concernOfCall(key, {}, declared)).toBeUndefined();
  });
});
