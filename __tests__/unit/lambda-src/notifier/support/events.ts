import { type CallOfEvent, eventOf } from "../../guard/support/events";
import { ACCOUNT, ALARM, alarmArn, REGION } from "./deployment";
import type { LogEvent } from "./fake-aws";

/** Start of the period that alarms here are about. */
export const START = Date.parse("2026-03-25T05:40:00Z");
export const PERIOD_MS = 300_000;

/** `25/03/26 05:40:00` */
function reasonTime(time: number): string {
  const [, year, month, day, clock] =
    /^20(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(time).toISOString()) ?? [];
  return `${day}/${month}/${year} ${clock}`;
}

/** Each data point: what was counted in the period that begins then. */
export function reasonOf(...dataPoints: readonly (readonly [value: string, start: number])[]): string {
  const points = dataPoints.map(([value, start]) => `${value} (${reasonTime(start)})`).join(", ");
  const count = dataPoints.length;
  return `Threshold Crossed: ${count} out of the last ${count} datapoints [${points}] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).`;
}

/** What CloudWatch publishes, in fields and spelling that of published messages. */
export function alarmFields({ name = ALARM, counted = 1, start = START } = {}) {
  return {
    AlarmName: name,
    AlarmDescription: `What ${name} tells`,
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: "2026-03-01T00:00:00.000+0000",
    NewStateValue: "ALARM",
    NewStateReason: reasonOf([`${counted}.0`, start]),
    StateChangeTime: new Date(start + PERIOD_MS + 20_123).toISOString().replace("Z", "+0000"),
    Region: "Asia Pacific (Seoul)",
    AlarmArn: alarmArn(name),
    OldStateValue: "OK",
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: "IAMPolicyEventCount",
      Namespace: "CloudTrailMetrics",
      StatisticType: "Statistic",
      Statistic: "SUM",
      Unit: null,
      Dimensions: [],
      Period: PERIOD_MS / 1000,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: 1.0,
      TreatMissingData: "notBreaching",
      EvaluateLowSampleCountPercentile: "",
    },
  };
}

/** A message of SNS as Lambda gets it. */
export function snsEvent(message: string | object, { messageId = "m1", subject = "ALARM" } = {}) {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        Sns: {
          Type: "Notification",
          MessageId: messageId,
          Subject: subject,
          Message: typeof message === "string" ? message : JSON.stringify(message),
        },
      },
    ],
  };
}

/** An event of the log group; what it tells is by default what {@link ALARM} counts. */
export function loggedCall({ at = START, ...call }: Partial<CallOfEvent> = {}, foundFrom = 0): LogEvent {
  const { detail } = eventOf({
    eventSource: "iam.amazonaws.com",
    eventName: "AttachUserPolicy",
    requestParameters: { userName: "bob", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    at,
    ...call,
  });
  return { at, message: JSON.stringify(detail), foundFrom };
}

/** What EventBridge sends of an instance. */
export function instanceEvent(id: number, { at = START, state = "running" } = {}) {
  return {
    version: "0",
    id: `e${id}`,
    "detail-type": "EC2 Instance State-change Notification",
    source: "aws.ec2",
    account: ACCOUNT,
    time: new Date(at).toISOString().replace(/\.\d+Z$/, "Z"),
    region: REGION,
    resources: [],
    detail: { "instance-id": `i-${id.toString(16).padStart(17, "0")}`, state },
  };
}
