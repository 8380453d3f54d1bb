import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { alertMail } from "../../../lambda-src/shared/alert-mail";
import { readAlert } from "../../../lambda-src/shared/publication";
import type { Sandbox } from "./sandbox";

export interface Mail {
  readonly Subject: string;
  readonly Message: string;
}

/** What people get who have subscribed to a topic, kept in a queue until it is read. */
export class Mailbox {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  static async of(sandbox: Sandbox, topicArn: string): Promise<Mailbox> {
    const sqs = new SQSClient(sandbox.clientSettings());
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "mailbox" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const sns = new SNSClient(sandbox.clientSettings());
    await sns.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn }),
    );
    return new Mailbox(sqs, QueueUrl);
  }

  /** All that came since it was last read. */
  async read(): Promise<Mail[]> {
    const mails: Mail[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) {
        return mails;
      }
      for (const { Body = "", ReceiptHandle } of Messages) {
        mails.push(asMail(JSON.parse(Body) as Mail));
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle }));
      }
    }
  }
}

/** A queue gets the alert itself where people get its mail. */
function asMail(notification: Mail): Mail {
  const alert = readAlert(notification.Message);
  return alert === undefined ? notification : { ...notification, Message: alertMail(alert).body };
}
