import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { regionOfArn } from "../arn";
import { emulatorClientSettings } from "../environment";
import { judgeResourcePolicy } from "../iam/policy";
import type { Deployed } from "./deployed";
import { attributesForCall, type MessageAttributes } from "./message-attributes";
import { NotDelivered } from "./not-delivered";
import type { ServicePublisher } from "./topics";

/** Sends to queues as deployed. */
export class Queues {
  constructor(
    private readonly emulatorUrl: string,
    private readonly deployed: Deployed,
  ) {}

  /**
   * Sends for an AWS service, if the queue's policy lets it.
   *
   * @param sender undefined where the sender's own permission was judged
   * @throws NotDelivered
   */
  async send(
    queueArn: string,
    body: string,
    sender: ServicePublisher | undefined,
    attributes: MessageAttributes = {},
  ): Promise<void> {
    const queue = await this.deployed.queue(queueArn);
    if (queue === undefined) {
      throw new NotDelivered(`there is no queue ${queueArn}`, "NO_RESOURCE");
    }
    if (sender !== undefined) {
      const verdict = judgeResourcePolicy(queue.policy, {
        principal: { service: sender.service },
        action: "sqs:SendMessage",
        resource: queueArn,
        context: { "aws:SourceArn": sender.sourceArn, "aws:SecureTransport": "true" },
      });
      if (verdict.effect !== "allow") {
        throw new NotDelivered(
          `the policy of the queue ${queueArn} doesn't let ${sender.service} send for ${sender.sourceArn}`,
          "NO_PERMISSIONS",
        );
      }
    }
    const client = new SQSClient(emulatorClientSettings(this.emulatorUrl, regionOfArn(queueArn)));
    await client.send(
      new SendMessageCommand({
        QueueUrl: queue.url,
        MessageBody: body,
        MessageAttributes: attributesForCall(attributes),
      }),
    );
  }
}
