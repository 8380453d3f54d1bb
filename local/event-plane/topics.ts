import { PublishCommand, SNSClient, type Subscription } from "@aws-sdk/client-sns";
import { nameOfArn, regionOfArn } from "../arn";
import { emulatorClientSettings } from "../environment";
import { type AccessRequest, judgeResourcePolicy } from "../iam/policy";
import type { Clock } from "./clock";
import type { Deployed, DeployedTopic } from "./deployed";
import type { Inbox } from "./inbox";
import type { Journal } from "./journal";
import { mailOf } from "./mail";
import type { MetricData } from "./metric-data";
import { NotDelivered } from "./not-delivered";

export interface Publication {
  readonly subject?: string | undefined;
  readonly message: string;
  /** What the e-mail protocol gets instead. */
  readonly email?: string | undefined;
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
  readonly clock: Pick<Clock, "now">;
  readonly metricData: Pick<MetricData, "put">;
}

/** Protocols whose subscribers get what is published: mails here, the others from the emulator. */
const SERVED: readonly string[] = ["email", "email-json", "sqs", "http", "https"];

/** Topics as deployed: who may publish, and who gets it. */
export class Topics {
  constructor(private readonly options: TopicsOptions) {}

  /**
   * Publishes for an AWS service, if the policies of topic and key let it. The emulator hands it to queues.
   *
   * @throws NotDelivered
   */
  async publish(topicArn: string, publication: Publication, publisher: ServicePublisher): Promise<void> {
    await this.check(topicArn, publisher);
    const client = new SNSClient(emulatorClientSettings(this.options.emulatorUrl, regionOfArn(topicArn)));
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: publication.subject,
        Message: publication.message,
      }),
    );
    await this.deliver(topicArn, publication);
  }

  /** Puts in the inbox what was published, once for each subscriber, and counts it. */
  async deliver(topicArn: string, publication: Publication): Promise<void> {
    const { deployed, journal } = this.options;
    const topic = await deployed.topic(topicArn);
    const served = topic.subscriptions.filter(({ Protocol = "" }) => SERVED.includes(Protocol));
    for (const subscription of served) {
      this.put(topicArn, topic, subscription, publication);
    }
    const others = topic.subscriptions.filter((subscription) => !served.includes(subscription));
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
  }

  private put(
    topicArn: string,
    { displayName }: DeployedTopic,
    { Protocol = "", Endpoint = "", SubscriptionArn = "" }: Subscription,
    { subject, message, email }: Publication,
  ): void {
    const { inbox, journal, clock } = this.options;
    const isMail = Protocol === "email" || Protocol === "email-json";
    const body = isMail ? (email ?? message) : message;
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

  private async check(topicArn: string, publisher: ServicePublisher): Promise<void> {
    const { service, sourceArn, sourceAccount } = publisher;
    const { deployed } = this.options;
    const topic = await this.topic(topicArn);
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
