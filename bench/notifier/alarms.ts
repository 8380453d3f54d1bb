import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { NOTIFIER_TOPIC_NAME } from "../../detections";
import { callEvent, type Place } from "../../local/call-event";
import { emulatorClientSettings } from "../../local/environment";
import { eventTime } from "../../local/event-of-record";
import { alarmNotification } from "../../local/event-plane/alarm-message";
import { type AlarmDefinition, stateOf } from "../../local/event-plane/alarm-state";
import { Metrics } from "../../local/event-plane/metrics";
import { eventOfNotification } from "../../local/event-plane/notification";
import { LOG_STREAM_NAME } from "./deploy";

const PERIOD_SECONDS = 300;
/** CloudWatch Logs takes 1 MB at once, and an event here has about 1 KB. */
const EVENTS_AT_ONCE = 500;
const METRIC = { namespace: "CloudTrailMetrics", metricName: "SecurityGroupEventCount" };

export interface AlarmsOptions {
  readonly endpoint: string;
  readonly place: Place;
  readonly logGroupName: string;
  readonly alarmName: string;
}

/** Raises an alarm on changes of security groups, each time with a window of its own: each alert is told once. */
export class Alarms {
  private readonly logs: CloudWatchLogsClient;
  private end = Math.floor(Date.now() / 60_000) * 60_000;

  constructor(private readonly options: AlarmsOptions) {
    const { endpoint, place } = options;
    this.logs = new CloudWatchLogsClient(emulatorClientSettings(endpoint, place.region));
  }

  /**
   * Puts so many matching events into the log group, over the whole window.
   *
   * @returns the event that the notifier gets of the alarm
   */
  async raise(count: number): Promise<object> {
    const end = new Date(this.end);
    this.end -= PERIOD_SECONDS * 1000;
    const start = this.end;
    const events = Array.from({ length: count }, (_, index) => {
      const timestamp = start + Math.floor((index * PERIOD_SECONDS * 1000) / count);
      return { timestamp, message: JSON.stringify(this.record(timestamp)) };
    });
    for (let from = 0; from < count; from += EVENTS_AT_ONCE) {
      await this.logs.send(
        new PutLogEventsCommand({
          logGroupName: this.options.logGroupName,
          logStreamName: LOG_STREAM_NAME,
          logEvents: events.slice(from, from + EVENTS_AT_ONCE),
        }),
      );
    }
    return this.alarmEvent(count, new Date(start), end);
  }

  private record(timestamp: number): object {
    const permission = {
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
      groups: {},
      ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] },
      ipv6Ranges: {},
      prefixListIds: {},
    };
    return callEvent(
      {
        eventSource: "ec2.amazonaws.com",
        eventName: "AuthorizeSecurityGroupIngress",
        eventTime: eventTime(new Date(timestamp)),
        requestParameters: { groupId: "sg-0123456789abcdef0", ipPermissions: { items: [permission] } },
        responseElements: { requestId: randomUUID(), _return: true },
      },
      this.options.place,
    ).detail;
  }

  private alarmEvent(count: number, start: Date, end: Date): object {
    const { alarmName, place } = this.options;
    const { region, accountId } = place;
    const arnOf = (service: string, resource: string) =>
      `arn:aws:${service}:${region}:${accountId}:${resource}`;
    const topicArn = arnOf("sns", NOTIFIER_TOPIC_NAME);
    const alarm: AlarmDefinition = {
      AlarmName: alarmName,
      AlarmArn: arnOf("cloudwatch", `alarm:${alarmName}`),
      AlarmDescription: "Raises alarms if security groups change",
      AlarmActions: [topicArn],
      Namespace: METRIC.namespace,
      MetricName: METRIC.metricName,
      Statistic: "Sum",
      Period: PERIOD_SECONDS,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
    };
    const metrics = new Metrics();
    metrics.put({ ...METRIC, region, dimensions: {}, time: start, value: count });
    const verdict = stateOf(alarm, metrics, end, "OK", region);
    const { subject, message } = alarmNotification(alarm, "OK", verdict, end, place);
    return eventOfNotification({
      topicArn,
      subscriptionArn: `${topicArn}:${randomUUID()}`,
      messageId: randomUUID(),
      subject,
      message,
      attributes: {},
      time: end,
    });
  }
}
