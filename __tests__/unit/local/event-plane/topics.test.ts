import type { DeployedTopic } from "../../../../local/event-plane/deployed";
import { Inbox } from "../../../../local/event-plane/inbox";
import { Journal } from "../../../../local/event-plane/journal";
import type { DataPoint } from "../../../../local/event-plane/metrics";
import { Topics } from "../../../../local/event-plane/topics";

const NOW = new Date("2026-11-22T05:42:07Z");
const ALERTS = "arn:aws:sns:ap-northeast-2:123456789012:alerts";

/** A topic with these subscribers, what they got, and what was counted. */
function topics(...subscribers: (readonly [protocol: string, endpoint: string])[]) {
  const topic: DeployedTopic = {
    policy: undefined,
    keyId: undefined,
    displayName: undefined,
    subscriptions: subscribers.map(([Protocol, Endpoint]) => ({ Protocol, Endpoint })),
  };
  const counted: DataPoint[] = [];
  const inbox = new Inbox();
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
    clock: { now: () => NOW },
    metricData: {
      put: async (points) => {
        counted.push(...points);
      },
    },
  });
  const noted = () => journal.since(NOW).map(({ kind, what, detail }) => `${kind}: ${what}: ${detail}`);
  return { topics: delivering, inbox, counted, noted };
}

describe("Topics", () => {
  it("deliver to each subscriber, and count it as SNS does", async () => {
    const {
      topics: delivering,
      inbox,
      counted,
      noted,
    } = topics(
      ["email", "a@example.com"],
      ["sqs", "arn:aws:sqs:ap-northeast-2:123456789012:queue"],
      ["lambda", "arn:aws:lambda:ap-northeast-2:123456789012:function:f"],
    );

    await delivering.deliver(ALERTS, { subject: "Fire", message: "It burns." });

    expect(inbox.since(NOW).map(({ endpoint, body }) => [endpoint, body])).toEqual([
      ["a@example.com", "It burns."],
      ["arn:aws:sqs:ap-northeast-2:123456789012:queue", "It burns."],
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
      point("NumberOfNotificationsDelivered", 2),
      point("NumberOfNotificationsFailed", 1),
    ]);
    expect(noted()).toEqual([
      `delivered: ${ALERTS}: email a@example.com`,
      `delivered: ${ALERTS}: sqs arn:aws:sqs:ap-northeast-2:123456789012:queue`,
      `not delivered: ${ALERTS}: subscribers by lambda get nothing here, and arn:aws:lambda:ap-northeast-2:123456789012:function:f is one`,
    ]);
  });

  it("say that a topic has no subscribers", async () => {
    const { topics: delivering, inbox, counted, noted } = topics();

    await delivering.deliver(ALERTS, { message: "It burns." });

    expect(inbox.since(NOW)).toEqual([]);
    expect(counted.map(({ value }) => value)).toEqual([1, 0, 0]);
    expect(noted()).toEqual([`not delivered: ${ALERTS}: nobody has subscribed to the topic`]);
  });
});
