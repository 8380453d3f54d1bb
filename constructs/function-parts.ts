import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { Construct } from "constructs";
import { AwsContext } from "./aws-context";
import type { IEncryptionKey } from "./encryption-key";
import { type PolicyStatement, policyDocument } from "./policy-document";

// What each function of a deployment has beside its code.

/** The queue of what a function didn't get or couldn't handle. */
export interface DeadLetterQueue {
  readonly arn: string;
  /** Lets services send to the queue: what they are to send comes after it. */
  readonly policy: SqsQueuePolicy;
}

/** An AWS service that keeps in the queue what it can't deliver, and the rules or topics that it does it for. */
export interface QueueSender {
  readonly service: "events.amazonaws.com" | "sns.amazonaws.com";
  readonly sourceArns: readonly string[];
}

export function deadLetterQueue(
  scope: Construct,
  name: string,
  senders: readonly QueueSender[],
): DeadLetterQueue {
  const queue = new SqsQueue(scope, "dead-letter-queue", {
    name,
    messageRetentionSeconds: 14 * 24 * 3600,
    sqsManagedSseEnabled: true,
  });
  const policy = new SqsQueuePolicy(scope, "dead-letter-queue-policy", {
    queueUrl: queue.id,
    policy: policyDocument([
      ...senders.map(
        ({ service, sourceArns }): PolicyStatement => ({
          Sid:
            service === "events.amazonaws.com"
              ? "EventRulesKeepWhatTheyCannotDeliver"
              : "TopicsKeepWhatTheyCannotDeliver",
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": sourceArns } },
        }),
      ),
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        // Only a Deny may name every action: it gives nobody anything.
        Action: "sqs:*",
        Resource: queue.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
  });
  return { arn: queue.arn, policy };
}

/** The function's own log. */
export function functionLogGroup(
  scope: Construct,
  functionName: string,
  key: IEncryptionKey,
  retentionInDays: number,
): CloudwatchLogGroup {
  const name = `/aws/lambda/${functionName}`;
  // Written out: the key's policy comes before the log group that it is for.
  key.allowLogGroup(AwsContext.of(scope).arn("logs", `log-group:${name}`));
  return new CloudwatchLogGroup(scope, "log-group", { name, retentionInDays, kmsKeyId: key.keyArn });
}

/**
 * The function's role, which may nothing yet.
 *
 * @param path e.g. `/service-role/`, of a role that exists already
 */
export function functionRole(scope: Construct, functionName: string, path = "/"): IamRole {
  return new IamRole(scope, "role", {
    name: functionName,
    ...(path === "/" ? {} : { path }),
    description: `What ${functionName} may do`,
    assumeRolePolicy: policyDocument([
      {
        Sid: "LambdaRunsTheFunction",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]),
  });
}

/**
 * Has a rule invoke a function.
 *
 * @param id ends in `-`, or is empty for the first rule
 */
export function invokeByRule(
  scope: Construct,
  id: string,
  rule: { readonly name: string; readonly arn: string },
  target: { readonly function: LambdaFunction; readonly id: string; readonly queue: DeadLetterQueue },
): void {
  const permission = new LambdaPermission(scope, `${id}permission`, {
    statementId: `EventRuleInvokes${id === "" ? "" : `_${id.slice(0, -1)}`}`,
    action: "lambda:InvokeFunction",
    functionName: target.function.functionName,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new CloudwatchEventTarget(scope, `${id}target`, {
    rule: rule.name,
    // Chosen here, so that a target made by an apply that was killed is found again, not doubled.
    targetId: target.id,
    arn: target.function.arn,
    deadLetterConfig: { arn: target.queue.arn },
    // An event before it could not be delivered: it would be a dead letter, and that an alarm.
    dependsOn: [permission],
  });
}
