import {
  eventOfNotification,
  jsonOfNotification,
  type Notification,
  waitBeforeRetry,
} from "../../../../local/event-plane/notification";

const NOTIFICATION: Notification = {
  topicArn: "arn:aws:sns:ap-northeast-2:123456789012:alarms",
  subscriptionArn: "arn:aws:sns:ap-northeast-2:123456789012:alarms:1",
  messageId: "m",
  subject: "Fire",
  message: "It burns.",
  attributes: { severity: { Type: "String", Value: "high" } },
  time: new Date("2026-11-22T05:42:07Z"),
};

const UNSUBSCRIBE =
  "https://sns.ap-northeast-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:ap-northeast-2:123456789012:alarms:1";

describe("a notification", () => {
  it("is an event for a function", () => {
    expect(eventOfNotification(NOTIFICATION)).toEqual({
      Records: [
        {
          EventVersion: "1.0",
          EventSubscriptionArn: NOTIFICATION.subscriptionArn,
          EventSource: "aws:sns",
          Sns: {
            Type: "Notification",
            MessageId: "m",
            TopicArn: NOTIFICATION.topicArn,
            Subject: "Fire",
            Message: "It burns.",
            Timestamp: "2026-11-22T05:42:07.000Z",
            SignatureVersion: "1",
            Signature: "EXAMPLE",
            SigningCertUrl: "https://sns.ap-northeast-2.amazonaws.com/SimpleNotificationService-EXAMPLE.pem",
            UnsubscribeUrl: UNSUBSCRIBE,
            MessageAttributes: { severity: { Type: "String", Value: "high" } },
          },
        },
      ],
    });
  });

  it("without a subject is an event with null", () => {
    expect(eventOfNotification({ ...NOTIFICATION, subject: undefined })).toMatchObject({
      Records: [{ Sns: { Subject: null } }],
    });
  });

  it("is JSON for a queue, without what it hasn't got", () => {
    const [whole, bare] = [NOTIFICATION, { ...NOTIFICATION, subject: undefined, attributes: {} }].map((one) =>
      JSON.parse(jsonOfNotification(one)),
    );

    expect(whole).toMatchObject({
      ...{ Type: "Notification", MessageId: "m", Subject: "Fire", Message: "It burns." },
      ...{ UnsubscribeURL: UNSUBSCRIBE, MessageAttributes: NOTIFICATION.attributes },
    });
    expect(Object.keys(whole).filter((name) => !(name in bare))).toEqual(["Subject", "MessageAttributes"]);
  });

  it("is delivered again at once, then ever later, and not for ever", () => {
    const first = Array.from({ length: 17 }, (_, retries) => waitBeforeRetry(retries));
    expect(first.map((wait) => (wait ?? 0) / 1000)).toEqual([
      ...[0, 0, 0, 1, 1],
      ...[1, 2, 4, 8, 16, 20, 20, 20, 20, 20],
      ...[20, 20],
    ]);
    expect(waitBeforeRetry(100_014)).toBe(20_000);
    expect(waitBeforeRetry(100_015)).toBeUndefined();
  });
});
