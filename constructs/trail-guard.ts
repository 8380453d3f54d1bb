import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { type EventRule, GUARD_NAME, guardRules } from "../detections";
import type { AuditTrail } from "./audit-trail";
import { AwsContext } from "./aws-context";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { FunctionArchive } from "./function-archive";
import { type PolicyStatement, policyDocument } from "./policy-document";

export interface TrailGuardProps {
  /** Trail that is kept logging. */
  readonly trail: AuditTrail;
  /**
   * Name of function, rule and role: up to 50 letters, digits, `_` and `-`.
   * @default "enable_trail"
   */
  readonly functionName?: string | undefined;
  /**
   * `enforce` switches a stopped trail on again; `observe` only logs that it was stopped, and may change nothing.
   * @default "enforce"
   */
  readonly mode?: "enforce" | "observe" | undefined;
  /**
   * Days the function's own log is kept; one of the values CloudWatch Logs accepts.
   * @default 365
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Key that the function's own log is encrypted with.
   * @default - a key is made
   */
  readonly encryptionKey?: IEncryptionKey | undefined;
}

/**
 * A function that switches the trail on again within seconds of a `StopLogging` call, with the rule that wakes it.
 * Events that neither the rule could deliver nor the function handle are kept in a dead-letter queue for 14 days.
 */
export class TrailGuard extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly deadLetterQueueArn: string;

  /** @throws if the name is not one that Lambda, IAM and EventBridge accept */
  constructor(scope: Construct, id: string, props: TrailGuardProps) {
    super(scope, id);
    const { trail, functionName = GUARD_NAME, mode = "enforce" } = props;
    if (!/^[A-Za-z0-9_-]{1,50}$/.test(functionName)) {
      throw new Error(
        `functionName must be 1 to 50 letters, digits, "_" or "-", got ${JSON.stringify(functionName)}`,
      );
    }

    const [stopLogging] = guardRules(functionName) as [EventRule];
    const rule = new CloudwatchEventRule(this, "rule", {
      name: stopLogging.name,
      description: `Wakes ${functionName} when logging of a trail is stopped`,
      eventPattern: JSON.stringify(stopLogging.eventPattern),
    });
    const queue = this.deadLetterQueue(functionName, rule.arn);
    const logGroup = this.logGroup(functionName, props);
    const role = this.role(functionName, mode, trail, logGroup.arn, queue.arn);

    const archive = new FunctionArchive(this, "archive", "guard");
    const guard = new LambdaFunction(this, "function", {
      functionName,
      description: `Keeps the trail ${trail.trailName} logging`,
      role: role.arn,
      runtime: archive.runtime,
      architectures: ["arm64"],
      handler: archive.handler,
      filename: archive.path,
      sourceCodeHash: archive.sha256,
      timeout: 30,
      memorySize: 256,
      environment: { variables: { TRAIL_ARN: trail.trailArn, GUARD_MODE: mode } },
      // The log group is not the function's to make.
      dependsOn: [role.policy, logGroup],
    });
    new LambdaFunctionEventInvokeConfig(this, "invoke-config", {
      functionName: guard.functionName,
      maximumRetryAttempts: 2,
      // Unlike the function's own dead-letter setting, it keeps the error with the event.
      destinationConfig: { onFailure: { destination: queue.arn } },
    });
    new LambdaPermission(this, "permission", {
      statementId: "EventRuleInvokes",
      action: "lambda:InvokeFunction",
      functionName: guard.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      // Chosen here, so that a target made by an apply that was killed is found again, not doubled.
      targetId: "guard",
      arn: guard.arn,
      deadLetterConfig: { arn: queue.arn },
    });

    this.functionName = guard.functionName;
    this.functionArn = guard.arn;
    this.deadLetterQueueArn = queue.arn;
  }

  private deadLetterQueue(functionName: string, ruleArn: string): SqsQueue {
    const queue = new SqsQueue(this, "dead-letter-queue", {
      name: `${functionName}_dead_letters`,
      messageRetentionSeconds: 14 * 24 * 3600,
      sqsManagedSseEnabled: true,
    });
    new SqsQueuePolicy(this, "dead-letter-queue-policy", {
      queueUrl: queue.id,
      policy: policyDocument([
        {
          Sid: "EventRuleKeepsWhatItCannotDeliver",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        },
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
    return queue;
  }

  private logGroup(functionName: string, props: TrailGuardProps): CloudwatchLogGroup {
    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "key", {
        alias: functionName,
        description: `Log of the function ${functionName}`,
      });
    const name = `/aws/lambda/${functionName}`;
    // Written out: the key's policy comes before the log group that it is for.
    key.allowLogGroup(AwsContext.of(this).arn("logs", `log-group:${name}`));
    return new CloudwatchLogGroup(this, "log-group", {
      name,
      retentionInDays: props.logRetentionDays ?? 365,
      kmsKeyId: key.keyArn,
    });
  }

  private role(
    functionName: string,
    mode: "enforce" | "observe",
    trail: AuditTrail,
    logGroupArn: string,
    queueArn: string,
  ): { arn: string; policy: IamRolePolicy } {
    const role = new IamRole(this, "role", {
      name: functionName,
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
    const policy = new IamRolePolicy(this, "policy", {
      name: "keep-the-trail-logging",
      role: role.id,
      policy: policyDocument([
        ...(mode === "enforce" ? [keepLogging(trail.trailArn)] : []),
        {
          Sid: "WriteOwnLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${logGroupArn}:log-stream:*`,
        },
        {
          Sid: "KeepWhatCouldNotBeHandled",
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: queueArn,
        },
      ]),
    });
    return { arn: role.arn, policy };
  }
}

function keepLogging(trailArn: string): PolicyStatement {
  return {
    Sid: "KeepTheTrailLogging",
    Effect: "Allow",
    Action: ["cloudtrail:StartLogging", "cloudtrail:GetTrailStatus"],
    Resource: trailArn,
  };
}
