import { AlertTopic } from "../../../constructs";
import { foreignStack } from "../../support/app";
import { statement, statements, Template } from "../../support/template";

const ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a";
const RULE = "arn:aws:events:eu-west-1:123456789012:rule/r";

function topicTemplate(emails?: string[], use: (topic: AlertTopic) => void = () => {}): Template {
  const stack = foreignStack();
  use(new AlertTopic(stack, "alerts", { topicName: "alerts", emails }));
  return Template.fromStack(stack);
}

describe("AlertTopic", () => {
  it("is encrypted with a customer key that alarms and rules may use", () => {
    const template = topicTemplate();

    expect(template.resource("aws_sns_topic").kms_master_key_id).toMatch(/^\$\{aws_kms_key\./);
    const key = template.resource("aws_kms_key");
    for (const [sid, service] of [
      ["CloudWatchAlarmsPublish", "cloudwatch.amazonaws.com"],
      ["EventRulesPublish", "events.amazonaws.com"],
    ] as const) {
      // EventBridge sends no aws:SourceAccount: with that condition delivery would stop.
      expect(statement(key, sid)).toEqual({
        Sid: sid,
        Effect: "Allow",
        Principal: { Service: service },
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "*",
      });
    }
  });

  it("lets nobody publish who wasn't named", () => {
    expect(statements(topicTemplate().resource("aws_sns_topic_policy")).map(({ Effect }) => Effect)).toEqual([
      "Deny",
    ]);
  });

  it("lets named alarms and rules publish, each by its ARN", () => {
    const policy = topicTemplate([], (topic) => {
      topic.allowPublish("cloudwatch.amazonaws.com", ALARM);
      topic.allowPublish("events.amazonaws.com", RULE);
    }).resource("aws_sns_topic_policy");

    expect(statement(policy, "AlarmsPublish")).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Condition: {
        ArnEquals: { "aws:SourceArn": [ALARM] },
        StringEquals: { "aws:SourceAccount": expect.stringContaining("aws_caller_identity") },
      },
    });
    expect(statement(policy, "EventRulesPublish").Condition).toEqual({
      ArnEquals: { "aws:SourceArn": [RULE] },
    });
  });

  it("refuses messages without TLS", () => {
    expect(statement(topicTemplate().resource("aws_sns_topic_policy"), "DenyWithoutTls")).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("subscribes each address once", () => {
    const subscriptions = topicTemplate(["a@example.com", "b@example.com", "a@example.com"]).resources(
      "aws_sns_topic_subscription",
    );

    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
      ["email", "a@example.com"],
      ["email", "b@example.com"],
    ]);
  });

  it("refuses a name that SNS does not take", () => {
    expect(() => new AlertTopic(foreignStack(), "alerts", { topicName: "a b" })).toThrow(
      'topicName must be 1 to 256 letters, digits, "_" or "-", got "a b"',
    );
  });
});
