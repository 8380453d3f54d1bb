import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { AlertTopic, type AlertTopicProps } from "../../../constructs";
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

describe("subscribers of an AlertTopic", () => {
  type Subscribers = NonNullable<AlertTopicProps["subscribers"]>;

  const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:alerts";
  const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:alerts";

  function subscribedTemplate(subscribers: Subscribers, topicNames = ["alerts"]): Template {
    const stack = foreignStack();
    for (const topicName of topicNames) {
      new AlertTopic(stack, topicName, { topicName, subscribers });
    }
    return Template.fromStack(stack);
  }

  it("are subscribed once each, by their protocols, and no apply waits for them", () => {
    const subscriptions = subscribedTemplate([
      { protocol: "https", endpoint: "https://alerts.example.com/a/b" },
      { protocol: "https", endpoint: "https://alerts.example.com/a--b" },
      { protocol: "sqs", endpoint: QUEUE },
      { protocol: "lambda", endpoint: FUNCTION },
      { protocol: "sms", endpoint: "+821012345678" },
      { protocol: "sqs", endpoint: QUEUE },
    ]).resources("aws_sns_topic_subscription");

    expect(subscriptions.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`).sort()).toEqual([
      "https https://alerts.example.com/a--b",
      "https https://alerts.example.com/a/b",
      `lambda ${FUNCTION}`,
      "sms +821012345678",
      `sqs ${QUEUE}`,
    ]);
    expect(subscriptions.filter((subscription) => "endpoint_auto_confirms" in subscription)).toEqual([]);
  });

  it("have the same addresses in Terraform whatever their order", () => {
    const one = { protocol: "sqs", endpoint: QUEUE } as const;
    const other = { protocol: "sms", endpoint: "+821012345678" } as const;
    const addresses = (subscribers: Subscribers) =>
      Object.keys(subscribedTemplate(subscribers).json.resource?.aws_sns_topic_subscription ?? {}).sort();

    expect(addresses([one, other])).toEqual(addresses([other, one]));
  });

  it("may be references to what the same stack makes", () => {
    const stack = foreignStack();
    const queues = ["one", "two"].map((name) => new SqsQueue(stack, name, { name }));
    const subscribers = queues.map(({ arn }) => ({ protocol: "sqs", endpoint: arn }) as const);
    new AlertTopic(stack, "alerts", { topicName: "alerts", subscribers });

    expect(
      Template.fromStack(stack)
        .resources("aws_sns_topic_subscription")
        .map(({ endpoint }) => endpoint),
    ).toEqual([`\${aws_sqs_queue.one.arn}`, `\${aws_sqs_queue.two.arn}`]);
  });

  it.each([
    [FUNCTION, { function_name: FUNCTION }],
    [`${FUNCTION}:live`, { function_name: FUNCTION, qualifier: "live" }],
  ])("that are functions let the topic, and no other, call them: %s", (endpoint, expected) => {
    const template = subscribedTemplate([{ protocol: "lambda", endpoint }]);

    const permission = template.resource("aws_lambda_permission");
    expect(permission).toMatchObject({
      ...expected,
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      source_arn: expect.stringMatching(/^\$\{aws_sns_topic\..*\.arn\}$/),
    });
    expect("qualifier" in permission).toBe("qualifier" in expected);
    expect(template.resource("aws_sns_topic_subscription")).toMatchObject({
      endpoint,
      depends_on: [expect.stringMatching(/^aws_lambda_permission\./)],
    });
  });

  it("may have their URL in a parameter, which a stack reads once, and Terraform's JSON doesn't hold", () => {
    const template = subscribedTemplate(
      [{ protocol: "https", endpointParameter: "/alerts/pagerduty-url" }],
      ["alerts", "more-alerts"],
    );

    const { aws_ssm_parameter: parameters } = template.json.data as Record<string, Record<string, object>>;
    const [[address, parameter] = [], ...others] = Object.entries(parameters ?? {});
    expect(others).toEqual([]);
    expect(parameter).toMatchObject({ name: "/alerts/pagerduty-url", with_decryption: true });
    expect(template.resources("aws_sns_topic_subscription").map(({ endpoint }) => endpoint)).toEqual([
      `\${data.aws_ssm_parameter.${address}.value}`,
      `\${data.aws_ssm_parameter.${address}.value}`,
    ]);
  });

  it.each<[Subscribers[number], string]>([
    [{ protocol: "https" }, "subscribers: https needs either endpoint or endpointParameter"],
    [
      { protocol: "https", endpoint: "https://a.example.com", endpointParameter: "/url" },
      "subscribers: https needs either endpoint or endpointParameter",
    ],
    [
      { protocol: "sqs", endpointParameter: "/url" },
      "subscribers: endpointParameter is for https only, got sqs",
    ],
    [
      { protocol: "https", endpointParameter: "https://a.example.com/k3y" },
      'subscribers: endpointParameter is no parameter\'s name, such as "/alerts/pagerduty-url"',
    ],
    [
      { protocol: "https", endpoint: "https://events.pagerduty.com/integration/k3y/enqueue" },
      "subscribers: endpoint of https holds a secret; put the URL into an SSM parameter and name it with endpointParameter",
    ],
    [
      { protocol: "https", endpoint: "alerts.example.com" },
      'subscribers: endpoint "alerts.example.com" is no https URL, such as "https://alerts.example.com/aws"',
    ],
    [
      { protocol: "sqs", endpoint: "alerts" },
      'subscribers: endpoint "alerts" is no standard queue\'s ARN (arn:aws:sqs:REGION:ACCOUNT:NAME)',
    ],
  ])("are refused at synth where they can't be: %j", (subscriber, message) => {
    expect(() => subscribedTemplate([subscriber])).toThrow(new Error(message));
  });
});
