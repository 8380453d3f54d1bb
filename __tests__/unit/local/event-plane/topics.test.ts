import type { DeployedSubscription, DeployedTopic } from "../../../../local/event-plane/deployed";
import { Faults, parseFaults } from "../../../../local/event-plane/faults";
import { Inbox } from "../../../../local/event-plane/inbox";
import { Journal } from "../../../../local/event-plane/journal";
import type { MessageAttributes } from "../../../../local/event-plane/message-attributes";
import type { DataPoint } from "../../../../local/event-plane/metrics";
import { NotDelivered } from "../../../../local/event-plane/not-delivered";
import { Topics } from "../../../../local/event-plane/topics";

const NOW = new Date("2026-11-22T05:42:07Z");
const ALERTS = "arn:aws:sns:ap-northeast-2:123456789012:alerts";
const QUEUE = "arn:aws:sqs:ap-northeast-2:123456789012:queue";
const FUNCTION = "arn:aws:lambda:ap-northeast-2:123456789012:function:f";
const LETTERS = "arn:aws:sqs:ap-northeast-2:123456789012:letters";
const REDRIVE = JSON.stringify({ deadLetterTargetArn: LETTERS });

/** A topic with these subscribers, what they got, and what was counted. */
function topics(...subscriptions: readonly DeployedSubscription[]) {
  const topic: DeployedTopic = {
    policy: undefined,
    keyId: undefined,
    displayName: undefined,
    subscriptions,
  };
  const counted: DataPoint[] = [];
  const invoked: { functionArn: string; message: unknown; sourceArn: string }[] = [];
  const sent: { queueArn: string; message: unknown; code: string | undefined }[] = [];
  const waits: { milliseconds: number; work: () => unknown }[] = [];
  const refusal: { error?: Error } = {};
  const inbox = new Inbox();
  const faults = new Faults();
  const journal = new Journal(() => NOW);
  const delivering = new Topics({
    emulatorUrl: "",
    deployed: {
      topic: async () => topic,
      key: async () => {
        throw new Error("nobody asks for a key");
      },
    },
    inbox,
    journal,
    faults,
    clock: {
      now: () => NOW,
      after: (milliseconds, work) => {
        waits.push({ milliseconds, work });
        return { cancel: () => undefined };
      },
    },
    metricData: {
      put: async (points) => {
        counted.push(...points);
      },
    },
    functions: {
      queue: async (functionArn, payload, { sourceArn }) => {
        if (refusal.error !== undefined) {
          throw refusal.error;
        }
        invoked.push({ functionArn, message: JSON.parse(payload).Records[0].Sns.Message, sourceArn });
      },
    },
    queues: {
      send: async (queueArn, body, _, attributes: MessageAttributes = {}) => {
        sent.push({ queueArn, message: JSON.parse(body).Message, code: attributes.ErrorCode?.Value });
      },
    },
  });
  const noted = () => journal.since(NOW).map(({ kind, what, detail }) => `${kind}: ${what}: ${detail}`);
  return { topics: delivering, inbox, counted, noted, invoked, sent, waits, refusal, faults };
}

function sum(points: readonly DataPoint[], name: string): number {
  return points
    .filter(({ metricName }) => metricName === name)
    .reduce((total, { value }) => total + value, 0);
}

describe("Topics", () => {
  it("deliver to each subscriber, and count it as SNS does", async () => {
    const {
      topics: delivering,
      inbox,
      counted,
      noted,
    } = topics(
      { Protocol: "email", Endpoint: "a@example.com" },
      { Protocol: "sqs", Endpoint: QUEUE },
      { Protocol: "sms", Endpoint: "+15550100" },
      { Protocol: "firehose", Endpoint: "arn:aws:firehose:stream" },
    );

    await delivering.deliver(ALERTS, { subject: "Fire", message: "It burns." }, "m");

    expect(inbox.since(NOW).map(({ endpoint, body }) => [endpoint, body])).toEqual([
      ["a@example.com", "It burns."],
      [QUEUE, "It burns."],
      ["+15550100", "It burns."],
    ]);
    const point = (metricName: string, value: number): DataPoint => ({
      region: "ap-northeast-2",
      namespace: "AWS/SNS",
      metricName,
      dimensions: { TopicName: "alerts" },
      time: NOW,
      value,
    });
    expect(counted).toEqual([
      point("NumberOfMessagesPublished", 1),
      point("NumberOfNotificationsDelivered", 3),
      point("NumberOfNotificationsFailed", 1),
    ]);
    expect(noted()).toEqual([
      `delivered: ${ALERTS}: email a@example.com`,
      `delivered: ${ALERTS}: sqs ${QUEUE}`,
      `delivered: ${ALERTS}: sms +15550100`,
      `not delivered: ${ALERTS}: subscribers by firehose get nothing here, and arn:aws:firehose:stream is one`,
    ]);
  });

  it("say that a topic has no subscribers", async () => {
    const { topics: delivering, inbox, counted, noted } = topics();

    await delivering.deliver(ALERTS, { message: "It burns." }, "m");

    expect(inbox.since(NOW)).toEqual([]);
    expect(counted.map(({ value }) => value)).toEqual([1, 0, 0]);
    expect(noted()).toEqual([`not delivered: ${ALERTS}: nobody has subscribed to the topic`]);
  });

  it("give each protocol what is meant for it", async () => {
    const byProtocol = new Map([
      ["email", "for people"],
      ["lambda", "for functions"],
    ]);
    const {
      topics: delivering,
      inbox,
      invoked,
    } = topics(
      { Protocol: "email", Endpoint: "a@example.com" },
      { Protocol: "email-json", Endpoint: "b@example.com" },
      { Protocol: "lambda", Endpoint: FUNCTION },
    );

    await delivering.deliver(ALERTS, { message: "for all", byProtocol }, "m");

    expect(inbox.since(NOW).map(({ body }) => body)).toEqual(["for people", "for all"]);
    expect(invoked).toEqual([{ functionArn: FUNCTION, message: "for functions", sourceArn: ALERTS }]);
  });

  it("hand a message to a function again as SNS does: at once, and then later", async () => {
    const {
      topics: delivering,
      counted,
      invoked,
      faults,
      waits,
    } = topics({ Protocol: "lambda", Endpoint: FUNCTION });
    faults.set(parseFaults("throttle:lambda:Invoke*7"));

    await delivering.deliver(ALERTS, { message: "It burns." }, "m");

    expect(waits).toHaveLength(1);
    // What comes due makes the next wait.
    for (const { work } of waits) {
      expect(invoked).toEqual([]);
      expect(sum(counted, "NumberOfNotificationsDelivered")).toBe(0);
      await work();
    }
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([1000, 1000, 1000, 2000]);
    expect(invoked).toHaveLength(1);
    expect(sum(counted, "NumberOfNotificationsDelivered")).toBe(1);
    expect(sum(counted, "NumberOfNotificationsFailed")).toBe(0);
  });

  it("keep for the dead-letter queue what a function may not be given, and don't try again", async () => {
    const {
      topics: delivering,
      counted,
      sent,
      waits,
      refusal,
    } = topics({ Protocol: "lambda", Endpoint: FUNCTION, redrivePolicy: REDRIVE });
    refusal.error = new NotDelivered("it has no permission", "NO_PERMISSIONS");

    await delivering.deliver(ALERTS, { message: "It burns." }, "m");

    expect(sent).toEqual([{ queueArn: LETTERS, message: "It burns.", code: "NO_PERMISSIONS" }]);
    expect(waits).toEqual([]);
    expect(sum(counted, "NumberOfNotificationsFailed")).toBe(1);
  });

  it.each(["{}", "null", '{"deadLetterTargetArn":7}', "no JSON"])(
    "say that a redrive policy such as %s names no queue",
    async (redrivePolicy) => {
      const {
        topics: delivering,
        noted,
        sent,
        refusal,
      } = topics({ Protocol: "lambda", Endpoint: FUNCTION, redrivePolicy });
      refusal.error = new NotDelivered("gone", "NO_RESOURCE");

      await delivering.deliver(ALERTS, { message: "It burns." }, "m");

      expect(sent).toEqual([]);
      expect(noted()).toEqual([
        `not delivered: ${ALERTS} to ${FUNCTION}: gone`,
        expect.stringContaining(`not delivered: message of ${ALERTS} to its dead-letter queue: `),
      ]);
    },
  );

  it("hand nothing to a function with a filter policy, and say so", async () => {
    const {
      topics: delivering,
      invoked,
      noted,
    } = topics({ Protocol: "lambda", Endpoint: FUNCTION, filterPolicy: "{}" });

    await delivering.deliver(ALERTS, { message: "It burns." }, "m");

    expect(invoked).toEqual([]);
    expect(noted()).toEqual([
      `not delivered: ${ALERTS} to ${FUNCTION}: filter policies of functions aren't known here`,
    ]);
  });
});
