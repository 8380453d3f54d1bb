import type { Deployment } from "../../../../lambda-src/notifier/deployment";
import { slackMessage } from "../../../../lambda-src/notifier/slack-message";
import { LEASE_SECONDS } from "../../../../lambda-src/notifier/told";
import { publicationOf } from "../../../../lambda-src/shared/publication";
import { alertWith } from "../shared/alerts";
import {
  ALARM,
  DEPLOYMENT,
  DETECTION_TOPIC,
  GUARD_ALARM,
  INSTANCES_TOPIC,
  OWN_TOPIC,
  ROUTE_TOPIC,
  WEBHOOK,
} from "./support/deployment";
import { alarmFields, instanceEvent, loggedCall, PERIOD_MS, START, snsEvent } from "./support/events";
import type { Fault } from "./support/fake-aws";
import { Scene } from "./support/scene";

const DETECTION_NAME = "IAM_Policy_Changes_CloudWatch_Alarms_Topic";
const OWN_NAME = "TrailGuard_Alerts_Topic";
const INSTANCES_NAME = "EC2StateChange_Events_Topic";
const ROUTE_NAME = "trailwarden-oncall";

const ALARM_EVENT = snsEvent(alarmFields());
const HOUR = 3600_000;

/** A scene with one event that the alarm counted. */
function scene(deployment: Deployment = DEPLOYMENT): Scene {
  const scene = new Scene(deployment);
  scene.fake.logEvents.push(loggedCall());
  return scene;
}

/** Fails what is published to a topic, as often as is said. */
function failing(scene: Scene, topicArn: string, times = 1, fault: Fault = "failed"): void {
  let left = times;
  scene.fake.faultOf = (_, input) =>
    "TopicArn" in input && input.TopicArn === topicArn && left-- > 0 ? fault : undefined;
}

describe("an alarm of a detection", () => {
  it("is told to its topic and to the routes that take it, with who, what and where", async () => {
    const { fake, posts, handle } = bound(scene());

    await expect(handle(ALARM_EVENT)).resolves.toBe("told");

    const [first, second] = fake.publications;
    expect([first?.topicArn, second?.topicArn]).toEqual([DETECTION_TOPIC, ROUTE_TOPIC]);
    expect(first?.subject).toBe("[HIGH] IAM policy changes: 1 event by user mallory");
    expect(first?.mail).toContain("What     AttachUserPolicy (iam.amazonaws.com)\n         userName bob\n");
    expect(first?.mail).toContain("From     203.0.113.10\n");
    expect(second?.alert).toEqual(first?.alert);
    expect(posts).toEqual([expect.objectContaining({ payload: slackMessage(first?.alert ?? alertWith()) })]);
  });

  it("tells only of events in its window", async () => {
    const { fake, handle } = bound(new Scene());
    for (const at of [START - 1, START + 7, START + PERIOD_MS]) {
      fake.logEvents.push(loggedCall({ at, eventId: `at ${at - START}` }));
    }
    await handle(ALARM_EVENT);

    expect(fake.publications[0]?.alert.calls.map(({ eventId }) => eventId)).toEqual(["at 7"]);
  });

  it("waits for events that come late", async () => {
    const { fake, handle, time } = bound(new Scene());
    fake.logEvents.push(loggedCall({}, time.time + 5000));
    await handle(ALARM_EVENT);

    expect(fake.publications[0]?.alert).toMatchObject({ callCount: "1", calls: [{ eventId: "e1" }] });
  });

  it("is told where no event is found, as such", async () => {
    const { fake, handle } = bound(new Scene());
    await handle(ALARM_EVENT);

    expect(fake.publications[0]?.subject).toBe("[HIGH] IAM policy changes: no event found");
    expect(fake.publications[0]?.topicArn).toBe(DETECTION_TOPIC);
  });

  it("is told where the log group can't be read, with the reason", async () => {
    const { fake, handle } = bound(scene());
    fake.faultOf = (name) => (name === "logs:FilterLogEvents" ? "failed" : undefined);
    await handle(ALARM_EVENT);

    expect(fake.publications).toHaveLength(2);
    expect(fake.publications[0]?.mail).toContain(
      "CloudWatch Logs answered ServiceUnavailable: logs:FilterLogEvents failed.",
    );
  });

  it("tells of the first ten of many, and how many they are", async () => {
    const { fake, handle } = bound(new Scene());
    fake.logEvents.push(...Array.from({ length: 50 }, (_, n) => loggedCall({ at: START + n })));
    await handle(snsEvent(alarmFields({ counted: 50 })));

    expect(fake.publications[0]?.subject).toBe(
      "[HIGH] IAM policy changes: 50 events, the first by user mallory",
    );
    expect(fake.publications[0]?.mail).toContain("\nEvent 10 of 50\n");
    expect(fake.publications[0]?.mail).toContain(
      "\n50 events from 2026-03-25 05:40:00 to 05:45:00 UTC; the first 10 are shown.\n",
    );
  });

  it("tells of at least so many where there are too many pages", async () => {
    const { fake, handle } = bound(new Scene());
    fake.logEvents.push(...Array.from({ length: 250 }, (_, n) => loggedCall({ at: START + n })));
    fake.pageSize = 2;
    await handle(snsEvent(alarmFields({ counted: 250 })));

    expect(fake.publications[0]?.subject).toBe(
      "[HIGH] IAM policy changes: at least 200 events, the first by user mallory",
    );
    expect(fake.publications[0]?.alert.callCount).toBe("at least 200");
  });

  it("costs at most five calls with fifty events, one topic and one webhook of a secret", async () => {
    const { fake, posts, handle } = bound(
      new Scene({ ...DEPLOYMENT, routes: [{ name: "chat", webhooks: [WEBHOOK] }] }),
    );
    fake.logEvents.push(...Array.from({ length: 50 }, (_, n) => loggedCall({ at: START + n })));
    await handle(snsEvent(alarmFields({ counted: 50 })));

    expect(posts).toHaveLength(1);
    expect(fake.takeCalls().sort()).toEqual([
      "dynamodb:UpdateItem",
      "dynamodb:UpdateItem",
      "logs:FilterLogEvents",
      "secretsmanager:GetSecretValue",
      "sns:Publish",
    ]);
  });

  it("is told to nobody by a route that doesn't take it", async () => {
    const { handle, takeTopics, posts } = bound(
      scene({
        ...DEPLOYMENT,
        routes: [{ name: "oncall", severities: ["critical"], topicName: ROUTE_NAME, webhooks: [WEBHOOK] }],
      }),
    );
    await handle(ALARM_EVENT);

    expect(takeTopics()).toEqual([DETECTION_NAME]);
    expect(posts).toEqual([]);
  });

  it("is told once, whatever is delivered twice", async () => {
    const { handle, begin, time, takeTopics, posts, fake } = bound(scene());
    fake.latency = () => 10;
    const at = (id: string) => begin(snsEvent(alarmFields(), { messageId: id }), id);

    const outcomes = await time.run(Promise.all(["i1", "i2", "i3"].map(at)));
    time.time += HOUR;
    outcomes.push(await handle(ALARM_EVENT, "i1"), await handle(ALARM_EVENT, "i4"));

    expect(outcomes.sort()).toEqual(["folded", "folded", "folded", "folded", "told"]);
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME]);
    expect(posts).toHaveLength(1);
  });

  it("is searched for while it is taken on", async () => {
    const { fake, time, handle } = bound(scene());
    const begun: (readonly [string, number])[] = [];
    const start = time.time;
    fake.latency = () => 500;
    fake.faultOf = (name) => {
      begun.push([name, time.time - start]);
      return undefined;
    };
    await handle(ALARM_EVENT);

    expect(begun.slice(0, 3)).toEqual([
      ["logs:FilterLogEvents", 0],
      ["dynamodb:UpdateItem", 0],
      ["sns:Publish", 1000],
    ]);
  });

  it("costs one page and a note where it was told before", async () => {
    const { fake, time, handle, posts } = bound(new Scene());
    fake.logEvents.push(...Array.from({ length: 50 }, (_, n) => loggedCall({ at: START + n })));
    fake.pageSize = 20;
    const event = snsEvent(alarmFields({ counted: 60 }));
    await handle(event);
    fake.takeCalls();
    fake.publications.splice(0);
    posts.splice(0);
    const start = time.time;

    await expect(handle(event, "i2")).resolves.toBe("folded");

    expect(fake.takeCalls()).toEqual(["logs:FilterLogEvents", "dynamodb:UpdateItem"]);
    expect([fake.publications, posts, time.time - start]).toEqual([[], [], 0]);
  });

  // An error that nobody handles would end the function's process, and fails a test here.
  it("is folded, whatever becomes of the search", async () => {
    const { fake, handle } = bound(scene());
    await handle(ALARM_EVENT);
    fake.faultOf = (name) => (name === "logs:FilterLogEvents" ? "failed" : undefined);

    await expect(handle(ALARM_EVENT, "i2")).resolves.toBe("folded");
  });

  it("fails for the table alone where neither the table nor the log group answers", async () => {
    const { fake, handle, takeTopics } = bound(scene());
    fake.faultOf = () => "failed";

    await expect(handle(ALARM_EVENT)).rejects.toThrow(/^dynamodb:UpdateItem failed$/);
    expect(takeTopics()).toEqual([]);
  });

  it("is told again where it is raised anew", async () => {
    const { handle, takeTopics } = bound(scene());
    await handle(ALARM_EVENT);
    await handle(snsEvent(alarmFields({ start: START + PERIOD_MS })), "i2");

    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME, DETECTION_NAME, ROUTE_NAME]);
  });

  it.each<[Fault, string[]]>([
    ["failed", [ROUTE_NAME]],
    ["answer lost", [ROUTE_NAME]],
  ])("is told by the next try only where it is missing: %s", async (fault, missing) => {
    const all = bound(scene());
    failing(all.scene, ROUTE_TOPIC, 1, fault);

    await expect(all.handle(ALARM_EVENT)).rejects.toThrow(
      /^not everybody was told of "\[HIGH\] IAM policy changes: 1 event by user mallory" \(1 event from .*\): \w+: sns:Publish/,
    );
    all.takeTopics();
    await expect(all.handle(ALARM_EVENT)).resolves.toBe("told");

    expect(all.takeTopics()).toEqual(missing);
    expect(all.posts).toHaveLength(1);
    await expect(all.handle(ALARM_EVENT)).resolves.toBe("folded");
  });

  it("is taken over from an invocation that died", async () => {
    const all = bound(scene());
    const id = `ALARM ${ALARM} 2026-03-25T05:40:00.000Z`;
    all.fake.table.set(id, {
      id: { S: id },
      invocation: { S: "dead" },
      leaseUntil: { N: String(Math.floor(all.time.time / 1000) + LEASE_SECONDS) },
      arrived: { SS: [DETECTION_TOPIC] },
    });

    await expect(all.handle(ALARM_EVENT)).resolves.toBe("folded");
    all.time.time += (LEASE_SECONDS + 1) * 1000;
    await expect(all.handle(ALARM_EVENT)).resolves.toBe("told");
    expect(all.takeTopics()).toEqual([ROUTE_NAME]);
  });

  it("is told once to a route's topic that is its own", async () => {
    const { handle, takeTopics } = bound(
      scene({ ...DEPLOYMENT, routes: [{ name: "same", topicName: DETECTION_NAME, webhooks: [] }] }),
    );
    await handle(ALARM_EVENT);

    expect(takeTopics()).toEqual([DETECTION_NAME]);
  });
});

describe("another message", () => {
  it.each([
    ["an alarm that nobody knows", alarmFields({ name: "billing" }), "[HIGH] ALARM: billing"],
    ["an alarm of an odd name", alarmFields({ name: "constructor" }), "[HIGH] ALARM: constructor"],
    [
      "an alarm that doesn't tell its period",
      { ...alarmFields(), Trigger: undefined },
      `[HIGH] ALARM: ${ALARM}`,
    ],
    [
      "an alarm with a period beyond all time",
      { ...alarmFields(), Trigger: { Period: 1e300 } },
      `[HIGH] ALARM: ${ALARM}`,
    ],
    ["a message of no known kind", "Hello", "[HIGH] Unknown message: ALARM"],
    ["a message of nothing", "", "[HIGH] Unknown message: ALARM"],
  ])("is told to the notifier's own topic, and to routes: %s", async (_, message, subject) => {
    const { fake, handle, posts } = bound(scene());

    await expect(handle(snsEvent(message))).resolves.toBe("told");
    await expect(handle(snsEvent(message), "i2")).resolves.toBe("folded");

    expect(fake.publications.map((one) => [one.topicArn, one.subject])).toEqual([
      [OWN_TOPIC, subject],
      [ROUTE_TOPIC, subject],
    ]);
    expect(fake.publications[0]?.alert.detection).toBe("alarm-notifier");
    expect(posts).toHaveLength(1);
  });

  it("with the guard's alert goes to routes only, as it is", async () => {
    const { fake, handle, takeTopics, posts } = bound(scene());
    const alert = alertWith({ detection: "trail-guard" });
    const message = JSON.parse(publicationOf(alert).Message).lambda;
    await handle(snsEvent(message));

    expect(fake.publications[0]?.alert).toEqual(alert);
    expect(takeTopics()).toEqual([ROUTE_NAME]);
    expect(posts[0]?.payload).toEqual(slackMessage(alert));
  });

  it("with the guard's alert goes nowhere where no route takes it", async () => {
    const { handle, takeTopics } = bound(scene({ ...DEPLOYMENT, routes: [] }));

    await expect(handle(snsEvent(JSON.parse(publicationOf(alertWith()).Message).lambda))).resolves.toBe(
      "told",
    );
    expect(takeTopics()).toEqual([]);
  });

  it("with an alarm that has told people goes to routes only", async () => {
    const { fake, handle } = bound(scene());
    await handle(snsEvent(alarmFields({ name: GUARD_ALARM })));

    expect(fake.publications.map(({ topicArn, subject }) => [topicArn, subject])).toEqual([
      [ROUTE_TOPIC, `[HIGH] ALARM: ${GUARD_ALARM}`],
    ]);
    expect(fake.publications[0]?.alert.detection).toBe("trail-guard");
  });

  it("beside others doesn't keep them from being told", async () => {
    const { handle, takeTopics } = bound(scene());
    const records = [alarmFields(), alarmFields({ name: GUARD_ALARM })].flatMap((message, n) => {
      return snsEvent(message, { messageId: `m${n}` }).Records;
    });

    await expect(handle({ Records: records })).resolves.toBe("told");
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME, ROUTE_NAME]);
    await expect(handle({ Records: records }, "i2")).resolves.toBe("folded");
  });
});

describe("an event of another kind", () => {
  it.each([
    ["of EventBridge", { source: "aws.health", "detail-type": "AWS Health Event", detail: {} }],
    ["of nothing", undefined],
    ["of text", "hello"],
    ["of no message", { Records: [] }],
    ["of S3", { Records: [{ s3: {} }] }],
    ["of an instance without an id", { ...instanceEvent(1), id: undefined }],
  ])("is told to the notifier's own topic: %s", async (_, event) => {
    const { fake, handle } = bound(scene());

    await expect(handle(event)).resolves.toBe("told");
    await expect(handle(event)).resolves.toBe("folded");
    expect(fake.publications.map(({ topicArn, subject }) => [topicArn, subject])).toEqual([
      [OWN_TOPIC, "[HIGH] Unknown message: an event"],
      [ROUTE_TOPIC, "[HIGH] Unknown message: an event"],
    ]);
  });
});

describe("changes of instances", () => {
  it("are told together, to their topic and to routes", async () => {
    const { fake, time, begin, takeTopics, posts } = bound(scene());

    await time.run(Promise.all([1, 2, 3].map((id) => begin(instanceEvent(id), `i${id}`))));

    expect(fake.publications[0]).toMatchObject({
      topicArn: INSTANCES_TOPIC,
      subject: "[LOW] 3 changes of EC2 instances: 3 running",
    });
    expect(takeTopics()).toEqual([INSTANCES_NAME, ROUTE_NAME]);
    expect(posts).toHaveLength(1);
  });

  it("are told to routes only where they have no topic", async () => {
    const { handle, takeTopics } = bound(scene({ ...DEPLOYMENT, instanceStatesTopicName: undefined }));
    await handle(instanceEvent(1));

    expect(takeTopics()).toEqual([ROUTE_NAME]);
  });

  it("are told by the next try only where they are missing", async () => {
    const all = bound(scene());
    failing(all.scene, ROUTE_TOPIC);

    await expect(all.handle(instanceEvent(1))).rejects.toThrow(/i-0+1 is running.*sns:Publish failed/);
    expect(all.takeTopics()).toEqual([INSTANCES_NAME]);
    await expect(all.handle(instanceEvent(1))).resolves.toBe("told");
    expect(all.takeTopics()).toEqual([ROUTE_NAME]);
    expect(all.posts).toHaveLength(1);
  });
});

describe("a webhook that refuses", () => {
  function refusing() {
    const all = bound(scene());
    all.scene.slack = () => ({ kind: "refused", status: 404, reason: "no_service" });
    const alarm = (period: number) => snsEvent(alarmFields({ start: START + period * PERIOD_MS }));
    return { ...all, alarm };
  }

  it("is told by mail once an hour, and keeps no other from being told", async () => {
    const { handle, alarm, takeTopics, fake, time } = refusing();

    await expect(handle(alarm(0), "i0")).resolves.toBe("told");
    const refusal = fake.publications.at(-1);
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME, OWN_NAME]);
    expect(refusal?.subject).toBe("[HIGH] Slack refuses alerts: oncall-1");
    expect(refusal?.mail).toContain("Slack answered 404: no_service");

    await handle(alarm(1), "i1");
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME]);

    time.time += HOUR;
    await handle(alarm(2), "i2");
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME, OWN_NAME]);
  });

  it("is told by the next try where that mail could not be sent", async () => {
    const { handle, alarm, takeTopics, scene } = refusing();
    failing(scene, OWN_TOPIC);

    await expect(handle(alarm(0))).rejects.toThrow("sns:Publish failed");
    expect(takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME]);
    await expect(handle(alarm(0))).resolves.toBe("told");
    expect(takeTopics()).toEqual([OWN_NAME]);
  });

  it("is told where an instance's change was to go there", async () => {
    const { handle, takeTopics } = refusing();

    await expect(handle(instanceEvent(1))).resolves.toBe("told");
    expect(takeTopics()).toEqual([INSTANCES_NAME, ROUTE_NAME, OWN_NAME]);
  });
});

describe("a webhook that doesn't answer", () => {
  it("is tried again, and nobody else", async () => {
    const all = bound(scene());
    all.scene.slack = () => ({ kind: "unavailable", reason: "answered with 500: fatal" });

    await expect(all.handle(ALARM_EVENT)).rejects.toThrow(
      "the Slack webhook oncall-1 didn't take it: answered with 500: fatal",
    );
    expect(all.takeTopics()).toEqual([DETECTION_NAME, ROUTE_NAME]);
    all.scene.slack = () => ({ kind: "sent" });
    await expect(all.handle(ALARM_EVENT)).resolves.toBe("told");

    expect(all.takeTopics()).toEqual([]);
    expect(all.posts).toHaveLength(2);
  });
});

/** A scene's parts, to be taken apart. */
function bound(scene: Scene) {
  return {
    scene,
    fake: scene.fake,
    posts: scene.posts,
    time: scene.time,
    handle: (event: unknown, id?: string) => scene.handle(event, id),
    begin: (event: unknown, id: string) => scene.begin(event, id),
    takeTopics: () => scene.takeTopics(),
  };
}
