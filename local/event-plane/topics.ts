import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { emulatorClientSettings } from "../environment";
import { type AccessRequest, judgeResourcePolicy } from "../iam/policy";
import type { Clock } from "./clock";
import { type Deployed, regionOfArn } from "./deployed";
import type { Inbox } from "./inbox";
import type { Journal } from "./journal";
import { mailOf } from "./mail";
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
  readonly deployed: Deployed;
  readonly inbox: Inbox;
  readonly journal: Journal;
  readonly clock: Clock;
}

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

  /** Puts in the inbox what was published, once for each subscriber. */
  async deliver(topicArn: string, { subject, message, email }: Publication): Promise<void> {
    const { deployed, inbox, journal, clock } = this.options;
    const { subscriptions, displayName } = await deployed.topic(topicArn);
    for (const { Protocol = "", Endpoint = "", SubscriptionArn = "" } of subscriptions) {
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
    if (subscriptions.length === 0) {
      journal.note("not delivered", topicArn, "nobody has subscribed to the topic");
    }
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
        `the policy of the topic ${nameOf(topicArn)} doesn't let ${service} publish for ${sourceArn}`,
        "NO_PERMISSIONS",
      );
    }
    if (topic.keyId !== undefined) {
      const region = regionOfArn(topicArn);
      const key = await deployed.key(region, topic.keyId);
      if (!key.isEnabled) {
        throw new NotDelivered(`the key of the topic ${nameOf(topicArn)} is not enabled`, "KMS_DISABLED");
      }
      for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
        const use: AccessRequest = { ...request, action, resource: key.arn };
        if (judgeResourcePolicy(key.policy, use).effect !== "allow") {
          throw new NotDelivered(
            `the policy of the key of the topic ${nameOf(topicArn)} doesn't let ${service} use ${action}`,
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
        `there is no topic ${nameOf(topicArn)}: ${(error as Error).message}`,
        "NO_RESOURCE",
      );
    }
  }
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
