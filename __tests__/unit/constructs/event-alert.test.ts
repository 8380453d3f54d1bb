import { AlertTopic, EventAlert, type EventAlertProps } from "../../../constructs";
import { foreignStack } from "../../support/app";
import { statement, Template } from "../../support/template";

function alert(ruleName: string, props: Partial<EventAlertProps> = {}): Template {
  const stack = foreignStack();
  new EventAlert(stack, "alert", {
    ruleName,
    description: "Tells of things",
    eventPattern: { source: ["aws.ec2"] },
    topic: new AlertTopic(stack, "alerts", { topicName: "alerts" }),
    message: { inputPaths: { what: "$.detail.what" }, lines: ["It was <what>.", "Look."] },
    ...props,
  });
  return Template.fromStack(stack);
}

describe("EventAlert", () => {
  it("hands what the rule matches to the topic as lines that people read", () => {
    const template = alert("things");

    expect(template.resource("aws_cloudwatch_event_rule")).toMatchObject({
      name: "things",
      description: "Tells of things",
      event_pattern: '{"source":["aws.ec2"]}',
    });
    expect(template.resource("aws_cloudwatch_event_target")).toMatchObject({
      target_id: "topic",
      arn: expect.stringMatching(/^\$\{aws_sns_topic\./),
      input_transformer: {
        input_paths: { what: "$.detail.what" },
        input_template: '"It was <what>."\n"Look."',
      },
    });
  });

  it("may publish to its topic, by its rule", () => {
    expect(
      statement(alert("things").resource("aws_sns_topic_policy"), "EventRulesPublish").Condition,
    ).toEqual({
      ArnEquals: { "aws:SourceArn": [expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..+\.arn\}$/)] },
    });
  });

  it("leaves it to a notifier to tell people where it has no topic", () => {
    const template = alert("things", { topic: undefined, message: undefined });

    expect(template.resources("aws_cloudwatch_event_rule")).toHaveLength(1);
    expect(template.resources("aws_cloudwatch_event_target")).toEqual([]);
  });

  it("refuses a topic without a message", () => {
    expect(() => alert("things", { message: undefined })).toThrow(
      'message is missing: topic "alerts" needs what to publish',
    );
  });

  it("refuses a name that EventBridge does not take", () => {
    expect(() => alert("no spaces")).toThrow(
      'ruleName must be 1 to 64 letters, digits, ".", "_" or "-", got "no spaces"',
    );
  });
});
