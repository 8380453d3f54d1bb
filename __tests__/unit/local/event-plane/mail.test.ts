import { mailOf } from "../../../../local/event-plane/mail";

const NOTIFICATION = {
  message: "The trail was stopped.",
  topicArn: "arn:aws:sns:ap-northeast-2:111122223333:alerts",
  endpoint: "one@example.com",
  subscriptionArn: "arn:aws:sns:ap-northeast-2:111122223333:alerts:s1",
};

describe("mailOf", () => {
  it("is the mail as a person gets it", () => {
    expect(mailOf({ ...NOTIFICATION, subject: 'ALARM: "a" in Asia Pacific (Seoul)' })).toBe(
      `From: AWS Notifications <no-reply@sns.amazonaws.com>
To: one@example.com
Subject: ALARM: "a" in Asia Pacific (Seoul)

The trail was stopped.

--
If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
https://sns.ap-northeast-2.amazonaws.com/unsubscribe.html?SubscriptionArn=arn:aws:sns:ap-northeast-2:111122223333:alerts:s1&Endpoint=one@example.com

Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support
`,
    );
  });

  it.each([undefined, ""])("has a subject of SNS's own for %j", (subject) => {
    expect(mailOf({ ...NOTIFICATION, subject })).toContain("\nSubject: AWS Notification Message\n");
  });

  it("comes from the topic's display name", () => {
    expect(mailOf({ ...NOTIFICATION, topicDisplayName: "Trail" })).toMatch(
      /^From: Trail <no-reply@sns\.amazonaws\.com>\n/,
    );
  });

  it("leaves the lines of the message as they are", () => {
    expect(mailOf({ ...NOTIFICATION, message: '"one"\n"two"' })).toContain('\n\n"one"\n"two"\n\n--\n');
  });
});
