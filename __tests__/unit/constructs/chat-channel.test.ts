import { AlertTopic } from "../../../constructs";
import { ChatChannel, type ChatChannelProps } from "../../../constructs/chat-channel";
import { foreignStack } from "../../support/app";
import { statements, Template } from "../../support/template";

function chatTemplate(props: Partial<ChatChannelProps> = {}): Template {
  const stack = foreignStack();
  const topics = ["one", "two"].map((topicName) => new AlertTopic(stack, topicName, { topicName }));
  new ChatChannel(stack, "chat", {
    configurationName: "acme-security",
    slackWorkspaceId: "T07EA123LEP",
    slackChannelId: "C07EZ1ABC23",
    topics,
    ...props,
  });
  return Template.fromStack(stack);
}

describe("ChatChannel", () => {
  it("tells a Slack channel of every topic", () => {
    expect(chatTemplate().resource("aws_chatbot_slack_channel_configuration")).toMatchObject({
      configuration_name: "acme-security",
      slack_team_id: "T07EA123LEP",
      slack_channel_id: "C07EZ1ABC23",
      iam_role_arn: expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/),
      sns_topic_arns: [
        expect.stringMatching(/^\$\{aws_sns_topic\.one_/),
        expect.stringMatching(/^\$\{aws_sns_topic\.two_/),
      ],
    });
  });

  it("lets nobody run commands: its role may do nothing, and the guardrail denies everything", () => {
    const template = chatTemplate();

    expect(template.resourceTypes().filter((type) => /^aws_iam_.*policy/.test(type))).toEqual([]);
    const role = template.resource("aws_iam_role");
    expect(role).not.toHaveProperty("managed_policy_arns");
    expect(role).not.toHaveProperty("inline_policy");
    expect(template.resource("aws_chatbot_slack_channel_configuration").guardrail_policy_arns).toEqual([
      expect.stringMatching(/^arn:\$\{data\.aws_partition\..*\.partition\}:iam::aws:policy\/AWSDenyAll$/),
    ]);
  });

  it("has a role that the service assumes for this account only", () => {
    const role = chatTemplate().resource("aws_iam_role");

    expect(role.name).toBe("acme-security-chat-channel");
    expect(statements(role, "assume_role_policy")).toEqual([
      {
        Sid: "ChatApplicationsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "chatbot.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": expect.stringContaining("aws_caller_identity") },
        },
      },
    ]);
  });

  it.each<[Partial<ChatChannelProps>, string]>([
    [
      { configurationName: "a".repeat(52) },
      `configurationName must be 1 to 51 letters, digits, "_" or "-", got "${"a".repeat(52)}"`,
    ],
    [
      { slackWorkspaceId: "acme" },
      'slackWorkspaceId "acme" is no Slack workspace\'s id, such as "T0123456789"',
    ],
    [{ slackChannelId: "#a" }, 'slackChannelId "#a" is no Slack channel\'s id, such as "C0123456789"'],
  ])("refuses what the service does not take: %j", (props, message) => {
    expect(() => chatTemplate(props)).toThrow(new Error(message));
  });
});
