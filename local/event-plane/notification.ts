import { regionOfArn } from "../arn";
import type { MessageAttributes } from "./message-attributes";

/** A message to one subscriber of a topic. */
export interface Notification {
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: MessageAttributes;
  /** When it was published. */
  readonly time: Date;
}

/** Nothing is signed here. */
const SIGNATURE = "EXAMPLE";

/**
 * The event that a function gets (AWS Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications").
 */
export function eventOfNotification(notification: Notification): object {
  const { topicArn, subscriptionArn, messageId, subject, message, attributes, time } = notification;
  return {
    Records: [
      {
        EventVersion: "1.0",
        EventSubscriptionArn: subscriptionArn,
        EventSource: "aws:sns",
        Sns: {
          Type: "Notification",
          MessageId: messageId,
          TopicArn: topicArn,
          Subject: subject ?? null,
          Message: message,
          Timestamp: time.toISOString(),
          SignatureVersion: "1",
          Signature: SIGNATURE,
          SigningCertUrl: certificateUrl(notification),
          UnsubscribeUrl: unsubscribeUrl(notification),
          MessageAttributes: attributes,
        },
      },
    ],
  };
}

/**
 * What stands in a dead-letter queue: the notification as queues get it (Amazon SNS developer guide, "Amazon SNS message and
 * JSON formats"; that it is this one is from messages that people published).
 */
export function jsonOfNotification(notification: Notification): string {
  const { topicArn, messageId, subject, message, attributes, time } = notification;
  return JSON.stringify({
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: time.toISOString(),
    SignatureVersion: "1",
    Signature: SIGNATURE,
    SigningCertURL: certificateUrl(notification),
    UnsubscribeURL: unsubscribeUrl(notification),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
  });
}

/**
 * How long SNS waits before it delivers to a function again, in milliseconds; undefined where it gives up.
 *
 * Source: Amazon SNS developer guide, "Amazon SNS message delivery retries", of endpoints that AWS manages: 3 times at once,
 * 2 times after 1 second, 10 times after 1 to 20 seconds, ever longer, and 100,000 times after 20 seconds. By how much
 * longer isn't said: here it doubles.
 *
 * @param retries how often it has tried again already
 */
export function waitBeforeRetry(retries: number): number | undefined {
  if (retries < 3) {
    return 0;
  }
  if (retries < 5) {
    return 1000;
  }
  return retries < 100_015 ? Math.min(2 ** (retries - 5), 20) * 1000 : undefined;
}

function certificateUrl({ topicArn }: Notification): string {
  return `https://sns.${regionOfArn(topicArn)}.amazonaws.com/SimpleNotificationService-${SIGNATURE}.pem`;
}

function unsubscribeUrl({ topicArn, subscriptionArn }: Notification): string {
  return `https://sns.${regionOfArn(topicArn)}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}
