import {
  detectionAlert,
  linksOf,
  plainAlarmAlert,
  windowText,
} from "../../../../lambda-src/notifier/alarm-alert";
import { alarmNotificationOf } from "../../../../lambda-src/notifier/alarm-notification";
import type { FoundEvents } from "../../../../lambda-src/notifier/find-events";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { callOfRecord } from "../shared/records";
import { ALARM, alarmArn, DETECTION, LOG_GROUP } from "./support/deployment";
import { alarmFields, PERIOD_MS, START } from "./support/events";
import { AwsError } from "./support/fake-aws";
import { unreadable } from "./support/readable";

const WINDOW = { start: new Date(START), end: new Date(START + PERIOD_MS) };
const PLACE = { trailName: "trailwarden", logGroupName: LOG_GROUP };
const CALL = callOfRecord({
  eventSource: "iam.amazonaws.com",
  eventName: "AttachUserPolicy",
  requestParameters: { userName: "bob", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
});
const BY_ROOT = callOfRecord({ eventName: "PutUserPolicy", userIdentity: { type: "Root" } });
const BY_ALICE = callOfRecord({
  eventName: "PutUserPolicy",
  userIdentity: { type: "IAMUser", userName: "alice" },
});

function alarmOf(fields: object = {}) {
  const alarm = alarmNotificationOf(JSON.stringify({ ...alarmFields(), ...fields }));
  if (alarm === undefined) {
    throw new Error("no alarm");
  }
  return alarm;
}

function alertOf(found: Partial<FoundEvents>, fields: object = {}, detection = DETECTION) {
  const all = { calls: [], count: 0, isCut: false, ...found };
  return detectionAlert(alarmOf(fields), WINDOW, detection, all, PLACE);
}

describe("detectionAlert", () => {
  it("tells who did what, from where", () => {
    const alert = alertOf({ calls: [CALL], count: 1 });

    expect(alertMail(alert)).toEqual({
      subject: "[HIGH] IAM policy changes: 1 event by user mallory",
      body: `[HIGH] IAM policy changes

1 event from 2026-03-25 05:40:00 to 05:45:00 UTC.

When     1970-01-01T00:00:00Z
Who      user mallory, without MFA
         arn:aws:iam::123456789012:user/mallory
What     AttachUserPolicy (iam.amazonaws.com)
         userName bob
         policyArn arn:aws:iam::aws:policy/AdministratorAccess
From     203.0.113.10
         aws-cli/2.15
Account  123456789012, region ap-northeast-2
Event    e1

Alarm    IAM Policy Changes
         What IAM Policy Changes tells
         account 123456789012, region ap-northeast-2
Trail    trailwarden

To do
  1. See whose rights it changes.
  2. Ask who made it.
  3. Take it back.

Alarm in CloudWatch
  https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#alarmsV2:alarm/IAM%20Policy%20Changes
Events in Logs Insights
  ${alert.links[1]?.url}
`,
    });
    expect(alert).toMatchObject({
      severity: "high",
      detection: "iam-policy-changes",
      callCount: "1",
      notices: [],
    });
    expect(alert.links[1]?.url).toContain("logsV2:logs-insights");
  });

  it.each<[string, Partial<FoundEvents>, string]>([
    ["several of one caller", { calls: [CALL, CALL], count: 2 }, "2 events by user mallory"],
    ["several of two", { calls: [CALL, BY_ROOT, CALL], count: 3 }, "3 events by user mallory and 1 other"],
    [
      "several of several",
      { calls: [CALL, BY_ROOT, BY_ALICE], count: 3 },
      "3 events by user mallory and 2 others",
    ],
    ["more than are shown", { calls: [BY_ALICE, CALL], count: 37 }, "37 events, the first by user alice"],
    [
      "more than are shown or counted",
      { calls: [BY_ALICE, CALL], count: 200, isCut: true },
      "at least 200 events, the first by user alice",
    ],
    ["some that are no records", { calls: [], count: 2 }, "2 events"],
    ["none", {}, "no event found"],
    ["one of maybe more", { calls: [CALL], count: 1, isCut: true }, "at least 1 event by user mallory"],
    [
      "several of maybe more",
      { calls: [CALL, BY_ROOT], count: 2, isCut: true },
      "at least 2 events by user mallory and 1 other",
    ],
    ["none of maybe some", { isCut: true }, "no event found"],
  ])("counts the events in the subject: %s", (_, found, expected) => {
    expect(alertOf(found).subject).toBe(`[HIGH] IAM policy changes: ${expected}`);
  });

  it.each<[string, Partial<FoundEvents>, object, string[]]>([
    [
      "there may be more",
      { calls: Array.from({ length: 10 }, () => CALL), count: 5000, isCut: true },
      { counted: 9000 },
      ["Reading was stopped after 5000 events: there may be more."],
    ],
    // The summary says that reading was stopped.
    ["nothing was found before reading was stopped", { isCut: true }, { counted: 3 }, []],
    [
      "the metric counted more",
      { calls: [CALL], count: 1 },
      { counted: 3 },
      ["The alarm's metric counted 3: the others were not in the log group yet."],
    ],
    [
      "nothing was found",
      {},
      { counted: 3 },
      ["It may have been raised by hand, or its events come late: look again with the link."],
    ],
    [
      "nothing could be read",
      { error: new AwsError("AccessDeniedException", "User: x is\nnot authorized") },
      { counted: 3 },
      ["CloudWatch Logs answered AccessDeniedException: User: x is not authorized."],
    ],
    [
      "reading broke off",
      { calls: [CALL], count: 1, isCut: true, error: new AwsError("ThrottlingException", "Rate exceeded") },
      { counted: 3 },
      [
        "CloudWatch Logs answered ThrottlingException: Rate exceeded.",
        "Reading was stopped after 1 event: there may be more.",
      ],
    ],
  ])("says so where %s", (_, found, { counted }: { counted?: number }, expected) => {
    expect(alertOf(found, alarmFields({ counted: counted ?? 1 })).notices).toEqual(expected);
  });

  it("says so where only the first are shown", () => {
    const calls = Array.from({ length: 10 }, () => CALL);
    const summary = (found: Partial<FoundEvents>) => alertOf({ calls, ...found }).summary;

    expect(summary({ count: 50 })).toBe(
      "50 events from 2026-03-25 05:40:00 to 05:45:00 UTC; the first 10 are shown.",
    );
    expect(summary({ count: 200, isCut: true })).toBe(
      "at least 200 events from 2026-03-25 05:40:00 to 05:45:00 UTC; the first 10 are shown.",
    );
    expect(summary({ calls: [CALL], count: 2 })).toBe(
      "2 events from 2026-03-25 05:40:00 to 05:45:00 UTC; the first is shown.",
    );
    for (const found of [{ count: 10 }, { calls: [], count: 2 }]) {
      expect(summary(found)).toBe(`${found.count} events from 2026-03-25 05:40:00 to 05:45:00 UTC.`);
    }
    expect(alertOf({ calls, count: 50 }, alarmFields({ counted: 50 })).notices).toEqual([]);
  });

  it.each<[Partial<FoundEvents>, string]>([
    [
      { isCut: true },
      "No matching event was found from 2026-03-25 05:40:00 to 05:45:00 UTC before reading was stopped.",
    ],
    [{}, "No matching event is found in the log group from 2026-03-25 05:40:00 to 05:45:00 UTC."],
    [
      { error: new AwsError("X", "y") },
      "The alarm was raised, and the events of 2026-03-25 05:40:00 to 05:45:00 UTC could not be read.",
    ],
  ])("tells what the metric counted where no event tells it", (found, expected) => {
    expect(alertOf(found).summary).toBe(`${expected} The alarm's metric counted 1.`);
    expect(alertOf(found, { NewStateReason: "by hand" }).summary).toBe(expected);
    expect(alertOf(found).callCount).toBeUndefined();
  });

  it("says so where the alarm's state is another", () => {
    expect(alertOf({ calls: [CALL], count: 1 }, { NewStateValue: "INSUFFICIENT_DATA" }).notices).toEqual([
      "The alarm's state is INSUFFICIENT_DATA.",
    ]);
  });

  it("has no link to events where no query finds them", () => {
    const { insightsQuery: _, ...detection } = DETECTION;

    expect(alertOf({}, {}, detection).links.map(({ label }) => label)).toEqual(["Alarm in CloudWatch"]);
  });

  it("takes account and region from the alarm's ARN where it says no more", () => {
    const place = (fields: object) => alertOf({}, fields).facts[0]?.lines.at(-1);

    expect(place({ AWSAccountId: undefined })).toBe("account 123456789012, region ap-northeast-2");
    expect(place({ AWSAccountId: undefined, AlarmArn: "x" })).toBe("account unknown, region unknown");
  });
});

describe("plainAlarmAlert", () => {
  it("tells what the alarm tells", () => {
    const alert = plainAlarmAlert(alarmOf(), "trail-guard");

    expect(alertMail(alert)).toEqual({
      subject: "[HIGH] ALARM: IAM Policy Changes",
      body: `[HIGH] IAM Policy Changes

What IAM Policy Changes tells

State    ALARM
         Threshold Crossed: 1 out of the last 1 datapoints [1.0 (25/03/26
         05:40:00)] was greater than or equal to the threshold (1.0) (minimum
         1 datapoint for OK -> ALARM transition).
When     2026-03-25T05:45:20.123Z
Account  123456789012, region ap-northeast-2

Alarm in CloudWatch
  https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#alarmsV2:alarm/IAM%20Policy%20Changes
`,
    });
    expect(alert.detection).toBe("trail-guard");
  });

  it("reads well where the alarm tells next to nothing", () => {
    const alert = plainAlarmAlert(
      alarmOf({ AlarmDescription: null, NewStateReason: undefined, AWSAccountId: 7, AlarmArn: "x" }),
      "alarm-notifier",
    );

    expect(alert.summary).toBe("The alarm has no description.");
    expect(alert.links).toEqual([]);
    expect(unreadable(alert)).toEqual([]);
  });
});

describe("windowText", () => {
  it("names the second day where it is another", () => {
    const end = new Date(START + 24 * 3600_000);

    expect(windowText(WINDOW)).toBe("2026-03-25 05:40:00 to 05:45:00 UTC");
    expect(windowText({ ...WINDOW, end })).toBe("2026-03-25 05:40:00 to 2026-03-26 05:40:00 UTC");
  });
});

describe("linksOf", () => {
  it("is a link, or none", () => {
    expect(linksOf("Alarm", alarmArn(ALARM))).toEqual([{ label: "Alarm", url: alarmArn(ALARM) }]);
    expect(linksOf("Alarm", undefined)).toEqual([]);
  });
});
