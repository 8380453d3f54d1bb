import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { AwsContext } from "./aws-context";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { type PolicyStatement, policyDocument } from "./policy-document";
import { type Subscription, subscribe } from "./subscription";

export interface AlertTopicProps {
  /** Name of the topic: up to 256 letters, digits, `_` and `-`. */
  readonly topicName: string;
  /**
   * Addresses that get every message by e-mail, once they have confirmed the subscription.
   * @default - no subscribers
   */
  readonly emails?: readonly string[] | undefined;
  /**
   * Who else gets every message: endpoints, queues, functions and phones.
   * @default - nobody
   */
  readonly subscribers?: readonly Subscription[] | undefined;
  /**
   * Key that messages are encrypted with. The key that AWS manages for SNS won't do: alarms and rules can't publish
   * to a topic encrypted with it.
   * @default - a key is made
   */
  readonly encryptionKey?: IEncryptionKey | undefined;
}

/** AWS services that publish alerts. */
export type AlertPublisher = "cloudwatch.amazonaws.com" | "events.amazonaws.com";

/** An encrypted topic that people subscribe to and that only the alarms and rules named to it can publish to. */
export class AlertTopic extends Construct {
  readonly topicArn: string;
  readonly topicName: string;
  /** Key that messages are encrypted with: who publishes needs it. */
  readonly encryptionKeyArn: string;
  /** Lets alarms and rules publish: what they are to publish comes after it. */
  readonly policy: ITerraformDependable;

  private readonly publishers = new Map<AlertPublisher, string[]>();

  /** @throws if the name or a subscriber's endpoint is not one that SNS accepts, or an endpoint holds a secret */
  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(props.topicName)) {
      throw new Error(
        `topicName must be 1 to 256 letters, digits, "_" or "-", got ${JSON.stringify(props.topicName)}`,
      );
    }
    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "key", {
        alias: props.topicName,
        description: `Messages of the topic ${props.topicName}`,
      });
    key.allowAlertPublishers();
    this.encryptionKeyArn = key.keyArn;

    const topic = new SnsTopic(this, "topic", { name: props.topicName, kmsMasterKeyId: key.keyArn });
    this.topicArn = topic.arn;
    this.topicName = props.topicName;

    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: Lazy.stringValue({ produce: () => this.policyText() }),
    });
    for (const email of new Set(props.emails)) {
      new SnsTopicSubscription(this, `email-${email}`, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: email,
      });
    }
    subscribe(this, topic.arn, props.subscribers ?? []);
  }

  /** Lets one alarm or event rule, by its ARN, publish to the topic. */
  allowPublish(publisher: AlertPublisher, sourceArn: string): void {
    this.publishers.set(publisher, [...(this.publishers.get(publisher) ?? []), sourceArn]);
  }

  private policyText(): string {
    const { accountId } = AwsContext.of(this);
    const allowed = [...this.publishers].map(
      ([service, sourceArns]): PolicyStatement => ({
        Sid: service === "cloudwatch.amazonaws.com" ? "AlarmsPublish" : "EventRulesPublish",
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sns:Publish",
        Resource: this.topicArn,
        Condition: {
          ArnEquals: { "aws:SourceArn": sourceArns },
          // EventBridge sends no aws:SourceAccount; the rule's ARN holds the account.
          ...(service === "cloudwatch.amazonaws.com"
            ? { StringEquals: { "aws:SourceAccount": accountId } }
            : {}),
        },
      }),
    );
    return policyDocument([
      ...allowed,
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: this.topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  }
}
