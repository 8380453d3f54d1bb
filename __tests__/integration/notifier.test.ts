import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { AddPermissionCommand, LambdaClient, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { chooseAttacks } from "../../cli/rehearsal/attacks";
import type { Row } from "../../cli/rehearsal/rehearse";
import { parseFaults } from "../../local/event-plane/faults";
import type { Delivery } from "../../local/event-plane/inbox";
import type { SlackWebhook } from "../../local/slack-webhook";
import { type Rehearsed, rehearsed } from "./support/rehearsed";

jest.setTimeout(600_000);

const REGION = "ap-northeast-2";
const ACCOUNT = "123456789012";
const PEOPLE = "security@example.com";
const ONCALL = "oncall@example.com";
const PHONE = "+821012345678";
const NOTIFIER = "alarm_notifier";
const ALARM_TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:AlarmNotifier_CloudWatch_Alarms_Topic`;
const SECURITY_GROUPS = "Security group configuration changes";
const MINUTE_MS = 60_000;

let deployed: Rehearsed;

beforeAll(async () => {
  deployed = await rehearsed({
    region: REGION,
    alerts: {
      emails: [PEOPLE],
      subscribers: [{ protocol: "sms", endpoint: PHONE }],
      routes: [
        { name: "everything", slack: [{ name: "everything", secret: "alerts/slack-everything" }] },
        {
          name: "urgent",
          severities: ["critical", "high"],
          emails: [ONCALL],
          slack: [{ name: "urgent", parameter: "/alerts/slack-urgent" }],
        },
      ],
    },
  });
});

interface Attacked {
  readonly row: Row;
  /** What each reader got, in its order. */
  to(reader: string): Delivery[];
}

async function attack(name: string, faults = ""): Promise<Attacked> {
  const { rehearsal, plane } = deployed;
  const [chosen] = chooseAttacks(name);
  if (chosen === undefined) {
    throw new Error(`no attack ${name}`);
  }
  // Until what came of the last attack is over.
  await plane.turn(20 * MINUTE_MS);
  const from = plane.clock.now();
  const { row } = await rehearsal.attack(chosen, faults === "" ? [] : parseFaults(faults));
  return { row, to: (reader) => plane.inbox.since(from, reader) };
}

function webhook(name: string): SlackWebhook {
  const found = deployed.slack.webhooks.get(name);
  if (found === undefined) {
    throw new Error(`no webhook ${name}`);
  }
  return found;
}

/** What a webhook was asked since it was asked so often. */
function requestsSince(name: string, count: number) {
  return webhook(name).requests.slice(count);
}

function subjects(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ subject }) => subject);
}

describe("an alarm of a detection", () => {
  it("is told of with who did what, from where, by mail, by phone and in Slack", async () => {
    const asked = webhook("everything").requests.length;

    const { row, to } = await attack("security-group");

    expect(row).toMatchObject({ ok: true, healed: "nothing to heal" });
    expect([...row.notified].sort()).toEqual([PEOPLE, "slack everything", `sms ${PHONE}`]);
    const [mail] = to(PEOPLE);
    expect(mail?.subject).toBe(`[MEDIUM] ${SECURITY_GROUPS}: 2 events by user mallory`);
    for (const line of [
      "Event 1 of 2",
      "Who      user mallory, MFA unknown",
      "         arn:aws:iam::123456789012:user/mallory",
      "What     AuthorizeSecurityGroupIngress (ec2.amazonaws.com)",
      "From     203.0.113.10",
      "Account  123456789012, region ap-northeast-2",
      "To do",
    ]) {
      expect(mail?.body.split("\n")).toContain(line);
    }
    expect(mail?.body).toMatch(/^ {9}groupId sg-[0-9a-f]+$/m);
    expect(mail?.body.replace(/\n {9}/g, " ")).toMatch(/^With {5}groupId: sg-.*0\.0\.0\.0\/0/m);
    expect(mail?.body).toMatch(
      /^Alarm in CloudWatch\n {2}https:\/\/ap-northeast-2\.console\.aws\.amazon\.com\/\S+$/m,
    );
    expect(mail?.body).toMatch(/^Events in Logs Insights\n {2}https:\/\/\S+logs-insights\S+$/m);
    expect(to(PHONE).map(({ body }) => body)).toEqual([
      `[MEDIUM] ${SECURITY_GROUPS}: 2 events by user mallory from 203.0.113.10`,
    ]);
    const [message] = to("everything");
    for (const fact of [
      "mallory",
      "AuthorizeSecurityGroupIngress",
      "203.0.113.10",
      "[Alarm in CloudWatch]",
      "[Events in Logs Insights]",
    ]) {
      expect(message?.body).toContain(fact);
    }
    expect(requestsSince("everything", asked)).toMatchObject([{ answer: { status: 200 }, problems: [] }]);
    expect([...to(ONCALL), ...to("urgent")]).toEqual([]);
  });

  it("that is delivered again makes no second message", async () => {
    const { to } = await attack("security-group");
    const cloudWatch = new CloudWatchClient(deployed.clientSettings);
    const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [SECURITY_GROUPS] }),
    );
    const [mail] = to(PEOPLE);
    const [, start = ""] = /from \d+-\d+-\d+ (\S+) to/.exec(mail?.body ?? "") ?? [];
    const [, year, month, day] = /from \d\d(\d\d)-(\d\d)-(\d\d)/.exec(mail?.body ?? "") ?? [];

    await new SNSClient(deployed.clientSettings).send(
      new PublishCommand({
        TopicArn: ALARM_TOPIC_ARN,
        Message: JSON.stringify({
          AlarmName: alarm?.AlarmName,
          AlarmArn: alarm?.AlarmArn,
          NewStateValue: "ALARM",
          NewStateReason: `Threshold Crossed: 1 datapoint [2.0 (${day}/${month}/${year} ${start})] was greater`,
          StateChangeTime: deployed.plane.clock.now().toISOString(),
          Trigger: { Period: 300, Statistic: "SUM" },
        }),
      }),
    );
    await deployed.plane.idle();

    expect(to(PEOPLE)).toHaveLength(1);
    expect(to("everything")).toHaveLength(1);
  });

  it("is told of with the reason where the events can't be read", async () => {
    const { to } = await attack("sign-ins", "throttle:logs:FilterLogEvents*always");

    const [mail] = to(PEOPLE);
    expect(mail?.subject).toBe("[MEDIUM] Console sign-in failures: no event found");
    expect(mail?.body).toContain("could not be read. The alarm's metric counted 3.");
    expect(mail?.body).toContain("CloudWatch Logs answered ThrottlingException");
  });
});

describe("what the guard tells", () => {
  it("reaches people without the notifier, and routes by it", async () => {
    const { row, to } = await attack("stop", "throttle:dynamodb*always");

    expect(row).toMatchObject({ ok: true, healed: "healed" });
    expect(subjects(to(PEOPLE))).toContain("Trail guard: StopLogging undone - trailwarden");

    const { to: readers } = await attack("stop");

    expect(subjects(readers(PEOPLE))).toEqual(["Trail guard: StopLogging undone - trailwarden"]);
    expect(subjects(readers(ONCALL))).toEqual(["Trail guard: StopLogging undone - trailwarden"]);
    for (const name of ["everything", "urgent"]) {
      expect(readers(name).map(({ body }) => body)).toEqual([expect.stringContaining("StopLogging undone")]);
    }
  });
});

describe("changes of EC2 instances", () => {
  it("are told of in one message", async () => {
    const { to } = await attack("instance-states");

    expect(subjects(to(PEOPLE))).toEqual([
      "[LOW] 3 changes of EC2 instances: 1 running, 1 stopped, 1 terminated",
    ]);
    expect(to("everything")).toHaveLength(1);
    expect(to("urgent")).toEqual([]);
  });
});

describe("Slack", () => {
  it.each([
    ["that asks to wait", { retryAfter: 1 }, [429, 200]],
    ["that fails", 500, [500, 200]],
    ["that doesn't answer", "nothing", [undefined, 200]],
  ] as const)("%s gets the message once", async (_, answer, statuses) => {
    const asked = webhook("everything").requests.length;
    webhook("everything").answerNext(answer);

    const { to } = await attack("security-group");

    expect(requestsSince("everything", asked).map((request) => request.answer?.status)).toEqual(statuses);
    expect(to("everything")).toHaveLength(1);
    expect(to(PEOPLE)).toHaveLength(1);
  });

  it("that refuses for good is told of by mail, once", async () => {
    webhook("everything").answerNext(404, 404);

    const { to } = await attack("security-group");
    await deployed.plane.turn(6 * MINUTE_MS);

    expect(subjects(to(PEOPLE)).sort()).toEqual(
      [
        `[MEDIUM] ${SECURITY_GROUPS}: 2 events by user mallory`,
        "[HIGH] Slack refuses alerts: everything",
      ].sort(),
    );
    expect(to(PEOPLE).find(({ subject }) => subject.includes("Slack"))?.body).toContain(
      "Slack answered 404: no_service",
    );
    expect(
      to(PEOPLE)
        .map(({ body }) => body)
        .join(),
    ).not.toContain(webhook("everything").url);
  });
});

describe("a notifier that fails", () => {
  const queue = async (): Promise<Message[]> => {
    const sqs = new SQSClient(deployed.clientSettings);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${NOTIFIER}_dead_letters` }));
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    for (const { ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return Messages;
  };

  it("people get the alarm from Lambda, the queue keeps it, and alarms tell of both", async () => {
    await queue();

    const fault = "throttle:dynamodb*always";
    const { plane } = deployed;
    const { to } = await attack("security-group", fault);
    plane.faults.set(parseFaults(fault));
    await plane.turn(10 * MINUTE_MS);
    plane.faults.set([]);

    const mails = to(PEOPLE);
    const fromLambda = mails.find(({ body }) => body.includes('"condition":"RetriesExhausted"'));
    expect(fromLambda?.body).toContain(SECURITY_GROUPS);
    expect(subjects(mails)).toEqual(
      expect.arrayContaining([
        `ALARM: "${NOTIFIER}_errors" in Asia Pacific (Seoul)`,
        `ALARM: "${NOTIFIER}_dead_letters" in Asia Pacific (Seoul)`,
      ]),
    );
    expect(await queue()).toEqual([
      expect.objectContaining({ Body: expect.stringContaining(SECURITY_GROUPS) }),
    ]);
  });

  it("that can't be invoked: the queue keeps what it doesn't get, and an alarm tells of it", async () => {
    const { clientSettings, plane } = deployed;
    const lambda = new LambdaClient(clientSettings);
    const permission = { FunctionName: NOTIFIER, StatementId: "TopicInvokes" };
    await queue();
    await plane.turn(20 * MINUTE_MS);
    const from = plane.clock.now();
    await lambda.send(new RemovePermissionCommand(permission));
    await plane.turn(MINUTE_MS);
    try {
      await attack("security-group");

      expect(subjects(plane.inbox.since(from, PEOPLE))).toEqual([
        // The rule's own mail, which has no subject.
        "",
        "Trail guard: ACTION NEEDED, RemovePermission20150331v2 - trailwarden",
        `ALARM: "${NOTIFIER}_dead_letters" in Asia Pacific (Seoul)`,
      ]);
      expect(await queue()).toEqual([
        // The guard's report, for the routes.
        expect.objectContaining({ Body: expect.stringContaining("RemovePermission") }),
        expect.objectContaining({ Body: expect.stringContaining(SECURITY_GROUPS) }),
      ]);
    } finally {
      await lambda.send(
        new AddPermissionCommand({
          ...permission,
          Action: "lambda:InvokeFunction",
          Principal: "sns.amazonaws.com",
          SourceArn: ALARM_TOPIC_ARN,
        }),
      );
    }
  });

  it("leaves nothing to change", async () => {
    expect(await deployed.terraform.plan()).toMatchObject({ empty: true });
  });
});
