import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { AlertTopic } from "./alert-topic";

export interface EventAlertProps {
  /** Name of the rule: up to 64 letters, digits, `.`, `_` and `-`. */
  readonly ruleName: string;
  /** What the rule watches, in a sentence. */
  readonly description: string;
  /** EventBridge event pattern. */
  readonly eventPattern: Readonly<Record<string, unknown>>;
  /**
   * Topic that the message is published to.
   * @default - none: a notifier tells people
   */
  readonly topic?: AlertTopic | undefined;
  /**
   * The message that people read, made from the event. Needed with a topic.
   * @default - none
   */
  readonly message?: EventMessage | undefined;
  /**
   * Queue that keeps what could not be published.
   * @default - it is lost
   */
  readonly deadLetterQueueArn?: string | undefined;
}

export interface EventMessage {
  /** Variables of the message and where in the event their values stand, e.g. `{ state: "$.detail.state" }`. */
  readonly inputPaths: Readonly<Record<string, string>>;
  /** Lines of text, each at most one printed line; `<state>` stands for the variable `state`. No double quotes. */
  readonly lines: readonly string[];
}

/** An event rule on the default bus that tells people about each event it matches. */
export class EventAlert extends Construct {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  /** @throws if the name is not one that EventBridge accepts */
  constructor(scope: Construct, id: string, props: EventAlertProps) {
    super(scope, id);
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(props.ruleName)) {
      throw new Error(
        `ruleName must be 1 to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(props.ruleName)}`,
      );
    }
    this.ruleName = props.ruleName;
    const rule = new CloudwatchEventRule(this, "rule", {
      name: props.ruleName,
      description: props.description,
      eventPattern: JSON.stringify(props.eventPattern),
    });
    this.ruleArn = rule.arn;
    this.guarded = [rule];
    if (props.topic !== undefined) {
      this.publish(rule, props.topic, props);
    }
  }

  private publish(
    rule: CloudwatchEventRule,
    topic: AlertTopic,
    { message, deadLetterQueueArn }: EventAlertProps,
  ): void {
    if (message === undefined) {
      throw new Error(`message is missing: topic ${JSON.stringify(topic.topicName)} needs what to publish`);
    }
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      // Chosen here, so that a target made by an apply that was killed is found again, not doubled.
      targetId: "topic",
      arn: topic.topicArn,
      // An event before it could not be published.
      dependsOn: [topic.policy],
      inputTransformer: {
        inputPaths: { ...message.inputPaths },
        // EventBridge takes text as JSON strings, one a line.
        inputTemplate: message.lines.map((line) => JSON.stringify(line)).join("\n"),
      },
      ...(deadLetterQueueArn === undefined ? {} : { deadLetterConfig: { arn: deadLetterQueueArn } }),
    });
    topic.allowPublish("events.amazonaws.com", rule.arn);
  }
}
