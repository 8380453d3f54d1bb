import { ChatbotSlackChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-slack-channel-configuration";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import { SLACK_CHANNEL_ID, SLACK_WORKSPACE_ID } from "../aws/values";
import type { AlertTopic } from "./alert-topic";
import { AwsContext } from "./aws-context";
import { policyDocument } from "./policy-document";

export interface ChatChannelProps {
  /** Unique in the account, and the stem of the role's name: up to 51 letters, digits, `_` and `-`. */
  readonly configurationName: string;
  /** e.g. `T0123456789`. Someone must have let Amazon Q Developer into the workspace, once, in its console. */
  readonly slackWorkspaceId: string;
  /** e.g. `C0123456789`; to a private channel someone must have invited Amazon Q. A channel has one configuration an account. */
  readonly slackChannelId: string;
  /** Topics whose messages the channel gets. */
  readonly topics: readonly AlertTopic[];
}

/**
 * A Slack channel that Amazon Q Developer in chat applications, formerly AWS Chatbot, tells of alerts. It only tells: its role
 * has no permission, and the guardrail denies whatever a member's own role would allow.
 *
 * Encrypted topics need nothing more: SNS decrypts a message before it delivers it, and the service subscribes with its own
 * service-linked role (Amazon SNS developer guide, "Securing Amazon SNS data with server-side encryption"; Amazon Q Developer
 * in chat applications administrator guide, "Service-linked role for performing operations on Amazon SNS topics").
 */
export class ChatChannel extends Construct {
  /** @throws if a name or an id is not one that the service accepts */
  constructor(scope: Construct, id: string, props: ChatChannelProps) {
    super(scope, id);
    checkProps(props);
    const { partition, accountId } = AwsContext.of(this);
    const role = new IamRole(this, "role", {
      name: `${props.configurationName}-chat-channel`,
      description: `Lets Amazon Q Developer tell the Slack channel ${props.slackChannelId}, and nothing else`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "ChatApplicationsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "chatbot.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ]),
    });
    new ChatbotSlackChannelConfiguration(this, "channel", {
      configurationName: props.configurationName,
      slackTeamId: props.slackWorkspaceId,
      slackChannelId: props.slackChannelId,
      iamRoleArn: role.arn,
      // Left out it would be AdministratorAccess.
      guardrailPolicyArns: [`arn:${partition}:iam::aws:policy/AWSDenyAll`],
      snsTopicArns: props.topics.map(({ topicArn }) => topicArn),
    });
  }
}

function checkProps({ configurationName, slackWorkspaceId, slackChannelId }: ChatChannelProps): void {
  if (!/^[A-Za-z0-9_-]{1,51}$/.test(configurationName)) {
    throw new Error(
      `configurationName must be 1 to 51 letters, digits, "_" or "-", got ${JSON.stringify(configurationName)}`,
    );
  }
  for (const [name, value, { pattern, complaint }] of [
    ["slackWorkspaceId", slackWorkspaceId, SLACK_WORKSPACE_ID],
    ["slackChannelId", slackChannelId, SLACK_CHANNEL_ID],
  ] as const) {
    if (!pattern.test(value)) {
      throw new Error(`${name} ${JSON.stringify(value)} ${complaint}`);
    }
  }
}
