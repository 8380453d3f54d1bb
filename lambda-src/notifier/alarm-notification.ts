import { property, text } from "../shared/api-call";

/** What CloudWatch publishes when an alarm changes its state, as far as it is used. */
export interface AlarmNotification {
  readonly alarmName: string;
  readonly alarmArn: string;
  readonly description: string;
  readonly accountId: string;
  /** e.g. `ALARM` */
  readonly state: string;
  readonly reason: string;
  readonly changedAt: Date;
  /** What the alarm looked at; undefined where the notification doesn't tell. */
  readonly window: Window | undefined;
  /** How much the metric counted in the window, where it is a sum; undefined where the notification doesn't tell. */
  readonly counted: number | undefined;
}

/** A span of time: from its start, up to but without its end. */
export interface Window {
  readonly start: Date;
  readonly end: Date;
}

/** Reads a message of any content. @returns undefined for one that tells of no alarm */
export function alarmNotificationOf(message: string): AlarmNotification | undefined {
  const notification = parsed(message);
  const alarmName = text(notification, "AlarmName");
  const alarmArn = text(notification, "AlarmArn");
  const changedAt = new Date(text(notification, "StateChangeTime"));
  if (alarmName === "" || alarmArn === "" || Number.isNaN(changedAt.getTime())) {
    return undefined;
  }
  const reason = text(notification, "NewStateReason");
  const trigger = property(notification, "Trigger");
  const seconds = property(trigger, "Period");
  const periodMs = typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined;
  const dataPoints = dataPointsOf(reason);
  const isSum = text(trigger, "Statistic").toUpperCase() === "SUM";
  return {
    alarmName,
    alarmArn,
    description: text(notification, "AlarmDescription"),
    accountId: text(notification, "AWSAccountId"),
    state: text(notification, "NewStateValue"),
    reason,
    changedAt,
    window: periodMs === undefined ? undefined : windowOf(dataPoints, periodMs, changedAt),
    counted: isSum && dataPoints.length > 0 ? sum(dataPoints.map(({ value }) => value)) : undefined,
  };
}

interface DataPoint {
  readonly value: number;
  /** Start of its period. */
  readonly time: Date;
}

/**
 * The data points that a reason names: `Threshold Crossed: 1 out of the last 1 datapoints [3.0 (22/11/26 05:40:00)] was …`.
 * CloudWatch has no documentation of it; the form is that of published mails.
 */
function dataPointsOf(reason: string): DataPoint[] {
  const found = reason
    .slice(0, LONGEST_REASON)
    .matchAll(/(\d[\d.]*(?:E-?\d+)?) \((\d\d)\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\)/g);
  return [...found].flatMap(([, value, day, month, year, clock]) => {
    const time = new Date(`20${year}-${month}-${day}T${clock}Z`);
    return Number.isNaN(time.getTime()) || Number.isNaN(Number(value))
      ? []
      : [{ value: Number(value), time }];
  });
}

/** CloudWatch API reference, "SetAlarmState": the longest reason. */
const LONGEST_REASON = 1023;

/**
 * Where the reason names no data points, such as one that a person has set: the period before the change.
 *
 * @returns undefined for a period that reaches beyond what a Date holds
 */
function windowOf(dataPoints: readonly DataPoint[], periodMs: number, changedAt: Date): Window | undefined {
  const times = dataPoints.map(({ time }) => time.getTime());
  const { start, end } =
    times.length === 0
      ? { start: new Date(changedAt.getTime() - periodMs), end: changedAt }
      : { start: new Date(Math.min(...times)), end: new Date(Math.max(...times) + periodMs) };
  return Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) ? undefined : { start, end };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
