/** What SNS sends to one subscriber of the protocol `email`. */
export interface Notification {
  /** @default "AWS Notification Message" */
  readonly subject?: string | undefined;
  readonly message: string;
  readonly topicArn: string;
  /** The subscriber's address. */
  readonly endpoint: string;
  readonly subscriptionArn: string;
  /** @default "AWS Notifications" */
  readonly topicDisplayName?: string | undefined;
}

/**
 * An e-mail of SNS as a person gets it: headers, an empty line, the message and how to unsubscribe.
 *
 * Sources: Amazon SNS developer guide, "Creating an Amazon SNS topic" (display name), and mails that people published.
 */
export function mailOf(notification: Notification): string {
  const { message, topicArn, endpoint, subscriptionArn } = notification;
  const region = topicArn.split(":")[3];
  return `From: ${notification.topicDisplayName || "AWS Notifications"} <no-reply@sns.amazonaws.com>
To: ${endpoint}
Subject: ${notification.subject || "AWS Notification Message"}

${message}

--
If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
https://sns.${region}.amazonaws.com/unsubscribe.html?SubscriptionArn=${subscriptionArn}&Endpoint=${endpoint}

Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support
`;
}
