import { randomUUID } from "node:crypto";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { nameOfArn, regionOfArn } from "../arn";
import { emulatorClientSettings } from "../environment";
import { type AccessRequest, judgeResourcePolicy } from "../iam/policy";
import type { Clock } from "./clock";
import { sufferFault } from "./delivery-fault";
import type { Deployed, DeployedSubscription, DeployedTopic } from "./deployed";
import type { Faults } from "./faults";
import type { Functions } from "./functions";
import type { Inbox } from "./inbox";
import type { Journal } from "./journal";
import { mailOf } from "./mail";
import { attributesForCall, attributesOf, type MessageAttributes } from "./message-attributes";
import type { MetricData } from "./metric-data";
import { NotDelivered } from "./not-delivered";
import { eventOfNotification, jsonOfNotification, type Notification, waitBeforeRetry } from "./notification";
import type { Queues } from "./queues";

export interface Publication {
  readonly subject?: string | undefined;
  readonly message: string;
  /** What protocols get instead. */
  readonly byProtocol?: ReadonlyMap<string, string> | undefined;
  readonly attributes?: MessageAttributes | undefined;
}

/** An AWS service that publishes on behalf of an alarm or a rule. */
export interface ServicePublisher {
  readonly service: string;
  readonly sourceArn: string;
  /** EventBridge sends none. */
  readonly sourceAccount?: string | undefined;
}

export interface TopicsOptions {
  readonly emulatorUrl: string;
  readonly deployed: Pick<Deployed, "topic" | "key">;
  readonly inbox: Inbox;
  readonly journal: Journal;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly metricData: Pick<MetricData, "put">;
  readonly faults: Faults;
  readonly queues: Pick<Queues, "send">;
  readonly functions: Pick<Functions, "queue">;
}

/** Protocols whose subscribers get what is published: mails and text messages here, the others from the emulator. */
const SERVED: readonly string[] = ["email", "email-json", "sms", "sqs", "http", "https"];

/** Topics as deployed: who may publish, and who gets it. */
export class Topics {
  constructor(private readonly options: TopicsOptions) {}

  /**
   * Publishes for an AWS service, if the policies of topic and key let it. The emulator hands it to queues.
   *
   * @param publisher undefined where the publisher's own permission was judged
   * @throws NotDelivered
   */
  async publish(
    topicArn: string,
    publication: Publication,
    publisher: ServicePublisher | undefined,
  ): Promise<void> {
    const topic = await this.topic(topicArn);
    if (publisher !== undefined) {
      await this.check(topicArn, topic, publisher);
    }
    const client = new SNSClient(emulatorClientSettings(this.options.emulatorUrl, regionOfArn(topicArn)));
    const { MessageId = "" } = await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: publication.subject,
        Message: publication.message,
        MessageAttributes: attributesForCall(publication.attributes ?? {}),
      }),
    );
    await this.deliver(topicArn, publication, MessageId);
  }

  /** Puts in the inbox what was published, once for each subscriber, hands it to functions, and counts it. */
  async deliver(topicArn: string, publication: Publication, messageId: string): Promise<void> {
    const { deployed, journal, clock } = this.options;
    const time = clock.now();
    const topic = await deployed.topic(topicArn);
    const served = topic.subscriptions.filter(({ Protocol = "" }) => SERVED.includes(Protocol));
    for (const subscription of served) {
      this.put(topicArn, topic, subscription, publication);
    }
    const functions = topic.subscriptions.filter(({ Protocol }) => Protocol === "lambda");
    const others = topic.subscriptions.filter((one) => !served.includes(one) && !functions.includes(one));
    for (const { Protocol, Endpoint } of others) {
      const reason = `subscribers by ${Protocol} get nothing here, and ${Endpoint} is one`;
      journal.note("not delivered", topicArn, reason);
    }
    if (topic.subscriptions.length === 0) {
      journal.note("not delivered", topicArn, "nobody has subscribed to the topic");
    }
    await this.count(topicArn, {
      NumberOfMessagesPublished: 1,
      NumberOfNotificationsDelivered: served.length,
      NumberOfNotificationsFailed: others.length,
    });
    await Promise.all(
      functions.map((subscription) => {
        const notification: Notification = {
          topicArn,
          subscriptionArn: subscription.SubscriptionArn ?? "",
          messageId,
          subject: publication.subject,
          message: messageFor("lambda", publication),
          attributes: publication.attributes ?? {},
          time,
        };
        return this.hand(subscription, notification, 0);
      }),
    );
  }

  /** To a function, now or when SNS tries again. */
  private async hand(
    subscription: DeployedSubscription,
    notification: Notification,
    retries: number,
  ): Promise<void> {
    const { Endpoint: functionArn = "", filterPolicy } = subscription;
    const { topicArn } = notification;
    const { functions, journal, clock } = this.options;
    try {
      if (filterPolicy !== undefined) {
        throw new NotDelivered("filter policies of functions aren't known here", "UNKNOWN");
      }
      await sufferFault(this.options, "lambda", "Invoke");
      const sender = { service: "sns.amazonaws.com", sourceArn: topicArn };
      await functions.queue(functionArn, JSON.stringify(eventOfNotification(notification)), sender);
      journal.note("delivered", topicArn, `lambda ${functionArn}`);
      await this.count(topicArn, { NumberOfNotificationsDelivered: 1 });
    } catch (error) {
      const wait = error instanceof NotDelivered && error.isRetriable ? waitBeforeRetry(retries) : undefined;
      if (wait === undefined) {
        journal.note("not delivered", `${topicArn} to ${functionArn}`, (error as Error).message);
        await this.count(topicArn, { NumberOfNotificationsFailed: 1 });
        await this.keep(subscription, notification, error as Error);
      } else if (wait === 0) {
        await this.hand(subscription, notification, retries + 1);
      } else {
        clock.after(wait, () => this.hand(subscription, notification, retries + 1));
      }
    }
  }

  /** In the subscription's dead-letter queue (Amazon SNS developer guide, "Amazon SNS dead-letter queues"). */
  private async keep(
    { redrivePolicy }: DeployedSubscription,
    notification: Notification,
    error: Error,
  ): Promise<void> {
    if (redrivePolicy === undefined) {
      return;
    }
    const { topicArn } = notification;
    const { queues, journal } = this.options;
    try {
      const queueArn = deadLetterQueueOf(redrivePolicy);
      // The guide tells no attributes: these are by the example of Lambda's dead-letter queues.
      const attributes = attributesOf({
        RequestID: randomUUID(),
        ErrorCode: error instanceof NotDelivered ? error.code : "UNKNOWN",
        ErrorMessage: error.message,
      });
      const sender = { service: "sns.amazonaws.com", sourceArn: topicArn };
      await queues.send(queueArn, jsonOfNotification(notification), sender, attributes);
      journal.note("delivered", `message of ${topicArn} that couldn't be delivered`, queueArn);
    } catch (problem) {
      journal.note(
        "not delivered",
        `message of ${topicArn} to its dead-letter queue`,
        (problem as Error).message,
      );
    }
  }

  private put(
    topicArn: string,
    { displayName }: DeployedTopic,
    { Protocol = "", Endpoint = "", SubscriptionArn = "" }: DeployedSubscription,
    publication: Publication,
  ): void {
    const { inbox, journal, clock } = this.options;
    const { subject } = publication;
    const isMail = Protocol === "email" || Protocol === "email-json";
    const body = messageFor(Protocol, publication);
    const mail = isMail
      ? mailOf({
          subject,
          message: body,
          topicArn,
          endpoint: Endpoint,
          subscriptionArn: SubscriptionArn,
          topicDisplayName: displayName,
        })
      : undefined;
    inbox.put({
      at: clock.now(),
      topicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      subject: subject ?? "",
      body,
      mail,
    });
    journal.note("delivered", topicArn, `${Protocol} ${Endpoint}`);
  }

  /** Amazon SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch". */
  private async count(topicArn: string, counts: Readonly<Record<string, number>>): Promise<void> {
    const { clock, metricData } = this.options;
    const time = clock.now();
    await metricData.put(
      Object.entries(counts).map(([metricName, value]) => ({
        region: regionOfArn(topicArn),
        namespace: "AWS/SNS",
        metricName,
        dimensions: { TopicName: nameOfArn(topicArn) },
        time,
        value,
      })),
    );
  }

  private async check(topicArn: string, topic: DeployedTopic, publisher: ServicePublisher): Promise<void> {
    const { service, sourceArn, sourceAccount } = publisher;
    const { deployed } = this.options;
    const request: AccessRequest = {
      principal: { service },
      action: "sns:Publish",
      resource: topicArn,
      context: {
        "aws:SourceArn": sourceArn,
        "aws:SecureTransport": "true",
        ...(sourceAccount === undefined ? {} : { "aws:SourceAccount": sourceAccount }),
      },
    };
    if (judgeResourcePolicy(topic.policy, request).effect !== "allow") {
      throw new NotDelivered(
        `the policy of the topic ${nameOfArn(topicArn)} doesn't let ${service} publish for ${sourceArn}`,
        "NO_PERMISSIONS",
      );
    }
    if (topic.keyId !== undefined) {
      const region = regionOfArn(topicArn);
      const key = await deployed.key(region, topic.keyId);
      if (!key.isEnabled) {
        throw new NotDelivered(`the key of the topic ${nameOfArn(topicArn)} is not enabled`, "KMS_DISABLED");
      }
      for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
        const use: AccessRequest = { ...request, action, resource: key.arn };
        if (judgeResourcePolicy(key.policy, use).effect !== "allow") {
          throw new NotDelivered(
            `the policy of the key of the topic ${nameOfArn(topicArn)} doesn't let ${service} use ${action}`,
            "KMS_ACCESS_DENIED",
          );
        }
      }
    }
  }

  private async topic(topicArn: string) {
    try {
      return await this.options.deployed.topic(topicArn);
    } catch (error) {
      throw new NotDelivered(
        `the topic ${nameOfArn(topicArn)} can't be published to: ${(error as Error).message}`,
        "NO_RESOURCE",
      );
    }
  }
}

function messageFor(protocol: string, { message, byProtocol }: Publication): string {
  return byProtocol?.get(protocol) ?? message;
}

/** @throws NotDelivered for a policy that names none; SyntaxError for one that isn't JSON */
function deadLetterQueueOf(redrivePolicy: string): string {
  const policy: unknown = JSON.parse(redrivePolicy);
  const names = typeof policy === "object" && policy !== null && "deadLetterTargetArn" in policy;
  if (!names || typeof policy.deadLetterTargetArn !== "string") {
    throw new NotDelivered(`the redrive policy names no queue: ${redrivePolicy}`, "UNKNOWN");
  }
  return policy.deadLetterTargetArn;
}
