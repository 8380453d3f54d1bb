import type { Deployment, NotifiedDetection, Webhook } from "../../../../../lambda-src/notifier/deployment";
import type { NotifierSettings } from "../../../../../lambda-src/notifier/settings";

export const ACCOUNT = "123456789012";
export const REGION = "ap-northeast-2";
export const LOG_GROUP = "/aws/cloudtrail/trailwarden";

export function topicArn(name: string): string {
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
}

export function alarmArn(name: string): string {
  return `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;
}

export const OWN_TOPIC = topicArn("TrailGuard_Alerts_Topic");
export const DETECTION_TOPIC = topicArn("IAM_Policy_Changes_CloudWatch_Alarms_Topic");
export const INSTANCES_TOPIC = topicArn("EC2StateChange_Events_Topic");
export const ROUTE_TOPIC = topicArn("trailwarden-oncall");

export const SETTINGS: NotifierSettings = {
  region: REGION,
  topicArn: OWN_TOPIC,
  tableName: "alarm_notifier_told",
};

export const ALARM = "IAM Policy Changes";
export const GUARD_ALARM = "enable_trail_silence";

export const DETECTION: NotifiedDetection = {
  id: "iam-policy-changes",
  title: "IAM policy changes",
  severity: "high",
  filterPattern: "{ ($.eventName = AttachUserPolicy) || ($.eventName = PutUserPolicy) }",
  insightsQuery: 'fields @timestamp\n| filter eventName = "AttachUserPolicy"\n| sort @timestamp desc',
  runbook: ["See whose rights it changes.", "Ask who made it.", "Take it back."],
  topicName: "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
};

export const WEBHOOK: Webhook = { name: "oncall-1", source: { secret: "prod/slack" } };
export const WEBHOOK_URL = "https://hooks.slack.com/services/T00000001/B00000001/kept0nlyHere";

/** One route with a topic and a webhook takes all. */
export const DEPLOYMENT: Deployment = {
  trailName: "trailwarden",
  logGroupName: LOG_GROUP,
  alarms: { [ALARM]: DETECTION },
  relayedAlarms: [GUARD_ALARM],
  instanceStatesTopicName: "EC2StateChange_Events_Topic",
  routes: [{ name: "oncall", topicName: "trailwarden-oncall", webhooks: [WEBHOOK] }],
};
