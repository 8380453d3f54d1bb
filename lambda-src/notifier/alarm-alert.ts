import type { Alert, Link } from "../shared/alert";
import { callerName } from "../shared/caller";
import { alarmLink, insightsLink } from "../shared/console-links";
import { oneLine } from "../shared/text";
import type { AlarmNotification, Window } from "./alarm-notification";
import type { NotifiedDetection } from "./deployment";
import type { FoundEvents } from "./find-events";

/** Where an alarm was raised. */
export interface AlarmPlace {
  readonly trailName: string;
  readonly logGroupName: string;
}

/** The alert of a detection's alarm: who did what, from where. */
export function detectionAlert(
  alarm: AlarmNotification,
  window: Window,
  detection: NotifiedDetection,
  found: FoundEvents,
  place: AlarmPlace,
): Alert {
  const { id, title, severity, runbook, insightsQuery } = detection;
  const { accountId, region } = placeOf(alarm);
  const isNone = found.count === 0;
  return {
    subject: `[${severity.toUpperCase()}] ${title}: ${isNone ? "no event found" : `${countText(found)}${byWhom(found)}`}`,
    title,
    severity,
    detection: id,
    summary: summaryOf(alarm, window, found),
    calls: found.calls,
    callCount: isNone ? undefined : numberText(found),
    facts: [
      {
        label: "Alarm",
        lines: [alarm.alarmName, alarm.description, `account ${accountId}, region ${region}`],
      },
      { label: "Trail", lines: [place.trailName] },
    ],
    items: [],
    notices: noticesOf(alarm, found),
    steps: runbook,
    links: [...alarmLinks(alarm), ...eventsLinks(alarm, window, insightsQuery, place.logGroupName)],
  };
}

/** The alert of an alarm that no detection is known of. */
export function plainAlarmAlert(alarm: AlarmNotification, detection: string): Alert {
  const { accountId, region } = placeOf(alarm);
  return {
    subject: `[HIGH] ${alarm.state}: ${alarm.alarmName}`,
    title: alarm.alarmName,
    severity: "high",
    detection,
    summary: alarm.description || "The alarm has no description.",
    calls: [],
    facts: [
      { label: "State", lines: [alarm.state, alarm.reason] },
      { label: "When", lines: [alarm.changedAt.toISOString()] },
      { label: "Account", lines: [`${accountId}, region ${region}`] },
    ],
    items: [],
    notices: [],
    steps: [],
    links: alarmLinks(alarm),
  };
}

/** Window of the whole alarm in words, e.g. `2026-11-22 05:40:00 to 05:45:00 UTC`. */
export function windowText({ start, end }: Window): string {
  const [startDay, startClock] = dayAndClock(start);
  const [endDay, endClock] = dayAndClock(end);
  return `${startDay} ${startClock} to ${startDay === endDay ? "" : `${endDay} `}${endClock} UTC`;
}

function dayAndClock(time: Date): [day: string, clock: string] {
  const text = time.toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}

function summaryOf(alarm: AlarmNotification, window: Window, found: FoundEvents): string {
  const when = windowText(window);
  const counted = alarm.counted === undefined ? "" : ` The alarm's metric counted ${alarm.counted}.`;
  if (found.count > 0) {
    const { length } = found.calls;
    const first = length === 1 ? "the first is shown" : `the first ${length} are shown`;
    const shown = found.count > length && length > 0 ? `; ${first}` : "";
    return `${countText(found)} from ${when}${shown}.`;
  }
  if (found.isCut) {
    return `No matching event was found from ${when} before reading was stopped.${counted}`;
  }
  return found.error === undefined
    ? `No matching event is found in the log group from ${when}.${counted}`
    : `The alarm was raised, and the events of ${when} could not be read.${counted}`;
}

function noticesOf({ counted, state }: AlarmNotification, found: FoundEvents): string[] {
  const { count, error, isCut } = found;
  return [
    ...(state === "ALARM" ? [] : [`The alarm's state is ${state}.`]),
    ...(error === undefined
      ? []
      : [`CloudWatch Logs answered ${oneLine(error.name)}: ${oneLine(error.message, 300)}.`]),
    ...(isCut && count > 0 ? [`Reading was stopped after ${eventsText(count)}: there may be more.`] : []),
    ...(!isCut && error === undefined && counted !== undefined && counted > count && count > 0
      ? [`The alarm's metric counted ${counted}: the others were not in the log group yet.`]
      : []),
    ...(count === 0 && error === undefined && !isCut
      ? ["It may have been raised by hand, or its events come late: look again with the link."]
      : []),
  ];
}

function countText({ count, isCut }: FoundEvents): string {
  return `${isCut ? "at least " : ""}${eventsText(count)}`;
}

function eventsText(count: number): string {
  return `${count} ${count === 1 ? "event" : "events"}`;
}

function numberText({ count, isCut }: FoundEvents): string {
  return isCut ? `at least ${count}` : String(count);
}

/** Who it was, as far as the calls that are shown tell. */
function byWhom({ calls, count }: FoundEvents): string {
  const names = new Set(calls.map(callerName));
  const [name] = names;
  if (name === undefined) {
    return "";
  }
  if (count > calls.length) {
    return `, the first by ${name}`;
  }
  const others = names.size - 1;
  return ` by ${name}${others === 0 ? "" : ` and ${others} ${others === 1 ? "other" : "others"}`}`;
}

function placeOf({ alarmArn, accountId }: AlarmNotification): { accountId: string; region: string } {
  const [, , , region = "", account = ""] = alarmArn.split(":");
  return { accountId: accountId || account || "unknown", region: region || "unknown" };
}

function alarmLinks({ alarmArn }: AlarmNotification): Link[] {
  return linksOf("Alarm in CloudWatch", alarmLink(alarmArn));
}

function eventsLinks(
  { alarmArn }: AlarmNotification,
  { start, end }: Window,
  query: string | undefined,
  logGroupName: string,
): Link[] {
  const [, partition = "", , region = ""] = alarmArn.split(":");
  return query === undefined
    ? []
    : linksOf(
        "Events in Logs Insights",
        insightsLink({ partition, region, logGroupName, query, start, end }),
      );
}

/** Where a partition's console isn't known there is no link. */
export function linksOf(label: string, url: string | undefined): Link[] {
  return url === undefined ? [] : [{ label, url }];
}
