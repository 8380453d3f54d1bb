import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  EventBridgeClient,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { strToU8, zipSync } from "fflate";
import { type LivingEmulator, startLivingEmulator } from "../../../local/emulator";
import type { CloudTrailRecord } from "../../../local/event-of-record";
import type { EntryKind } from "../../../local/event-plane/journal";
import { afterwards } from "./afterwards";

export const REGION = "ap-northeast-2";
export const ACCOUNT_ID = "123456789012";
/** Who makes the tests' own calls. */
export const USER = "alice";

/** A policy's statement without its `Effect`, which is to allow. */
export type Allowed = Readonly<Record<string, unknown>>;

export function policy(...allowed: readonly Allowed[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: allowed.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** An account of an emulated AWS in which what is deployed acts, with calls to deploy things as their users would. */
export class LivingAccount {
  private constructor(private readonly emulator: LivingEmulator) {}

  static async open(): Promise<LivingAccount> {
    const emulator = await startLivingEmulator();
    afterwards(() => emulator.stop());
    return new LivingAccount(emulator);
  }

  get plane() {
    return this.emulator.plane;
  }

  settings(region = REGION) {
    return {
      endpoint: this.emulator.url,
      region,
      credentials: { accessKeyId: USER, secretAccessKey: "any" },
    };
  }

  /** @returns its ARN */
  async role(name: string, service: string, ...allowed: readonly Allowed[]): Promise<string> {
    const iam = new IAMClient(this.settings());
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: policy({ Principal: { Service: service }, Action: "sts:AssumeRole" }),
      }),
    );
    await this.allow(name, ...allowed);
    return `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
  }

  /** Instead of what the role was allowed before. */
  async allow(roleName: string, ...allowed: readonly Allowed[]): Promise<void> {
    await new IAMClient(this.settings()).send(
      new PutRolePolicyCommand({
        RoleName: roleName,
        PolicyName: "allowed",
        PolicyDocument: policy(
          ...(allowed.length > 0 ? allowed : [{ Action: "s3:ListBucket", Resource: "*" }]),
        ),
      }),
    );
  }

  /** A trail that logs to a log group of its name. */
  async trail(
    name: string,
    { isMultiRegion = true, kmsKeyId }: { isMultiRegion?: boolean; kmsKeyId?: string } = {},
  ) {
    const logGroupArn = `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:${name}`;
    const bucket = `${name}-records`;
    await new CloudWatchLogsClient(this.settings()).send(
      new CreateLogGroupCommand({ logGroupName: name, kmsKeyId }),
    );
    await new S3Client({ ...this.settings(), forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    const CloudWatchLogsRoleArn = await this.role(`${name}-delivery`, "cloudtrail.amazonaws.com", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:log-stream:*`,
    });
    const cloudTrail = new CloudTrailClient(this.settings());
    await cloudTrail.send(
      new CreateTrailCommand({
        Name: name,
        S3BucketName: bucket,
        IsMultiRegionTrail: isMultiRegion,
        IncludeGlobalServiceEvents: true,
        CloudWatchLogsLogGroupArn: `${logGroupArn}:*`,
        CloudWatchLogsRoleArn,
      }),
    );
    await cloudTrail.send(new StartLoggingCommand({ Name: name }));
  }

  /** What a trail delivered to its log group, or a function printed to its own, and to which stream, in its order. */
  async delivered(logGroupName: string): Promise<{ stream: string | undefined; record: CloudTrailRecord }[]> {
    await this.plane.idle();
    const client = new CloudWatchLogsClient(this.settings());
    const found: { stream: string | undefined; record: CloudTrailRecord }[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
      found.push(
        ...events.map(({ logStreamName, message = "" }) => ({
          stream: logStreamName,
          record: JSON.parse(message) as CloudTrailRecord,
        })),
      );
    }
    return found;
  }

  /** @returns its ARN */
  async queue(name: string, ...allowed: readonly Allowed[]): Promise<string> {
    const sqs = new SQSClient(this.settings());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
    if (allowed.length > 0) {
      const Policy = policy(
        ...allowed.map((statement) => ({ Resource: arn, Action: "sqs:SendMessage", ...statement })),
      );
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    }
    return arn;
  }

  /** All that is in a queue, which it is taken from. */
  async messages(queueArn: string): Promise<Message[]> {
    await this.plane.idle();
    const sqs = new SQSClient(this.settings());
    const QueueUrl = `${this.emulator.url}/${ACCOUNT_ID}/${queueArn.slice(queueArn.lastIndexOf(":") + 1)}`;
    const messages: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) {
        return messages;
      }
      for (const message of Messages) {
        messages.push(message);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      }
    }
  }

  /** A topic that `NAME@example.com` has subscribed to. @returns its ARN */
  async topic(name: string, keyId: string | undefined, ...allowed: readonly Allowed[]): Promise<string> {
    const sns = new SNSClient(this.settings());
    const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
    await sns.send(
      new CreateTopicCommand({
        Name: name,
        Attributes: keyId === undefined ? {} : { KmsMasterKeyId: keyId },
      }),
    );
    if (allowed.length > 0) {
      await sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: "Policy",
          AttributeValue: policy(
            ...allowed.map((statement) => ({ Action: "sns:Publish", Resource: TopicArn, ...statement })),
          ),
        }),
      );
    }
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: `${name}@example.com` }));
    return TopicArn;
  }

  /** Mails to the subscriber of a topic since a time. */
  async mails(topicName: string, since: Date) {
    await this.plane.idle();
    return this.plane.inbox.since(since, `${topicName}@example.com`);
  }

  /** A rule on {@link trigger} of its name, if it isn't told otherwise. @returns its ARN */
  async rule(
    name: string,
    target: Omit<Target, "Id"> | undefined,
    settings: Partial<PutRuleCommandInput> = {},
    region = REGION,
  ): Promise<string> {
    const events = new EventBridgeClient(this.settings(region));
    const EventPattern = JSON.stringify({
      source: ["aws.ssm"],
      detail: { eventName: ["PutParameter"], requestParameters: { name: [`/${name}`] } },
    });
    const { RuleArn = "" } = await events.send(
      new PutRuleCommand({
        Name: name,
        ...(settings.ScheduleExpression === undefined ? { EventPattern } : {}),
        ...settings,
      }),
    );
    if (target !== undefined) {
      await events.send(
        new PutTargetsCommand({ Rule: name, Targets: [{ Id: "target", ...target } as Target] }),
      );
    }
    return RuleArn;
  }

  /** A call that changes something, and is named as the rule is that waits for it. */
  async trigger(name: string, region = REGION): Promise<void> {
    await new SSMClient(this.settings(region)).send(
      new PutParameterCommand({ Name: `/${name}`, Value: "v", Type: "String", Overwrite: true }),
    );
  }

  /** @param code of `index.js`, that exports `handler`. @returns its ARN */
  async function(
    name: string,
    code: string,
    settings: Partial<CreateFunctionCommandInput> & { readonly Role: string },
  ): Promise<string> {
    await new LambdaClient(this.settings()).send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipSync({ "index.js": strToU8(code) }) },
        ...settings,
      }),
    );
    return `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
  }

  /** @param service who invokes it: EventBridge, if nobody is named */
  async permit(functionName: string, sourceArn: string, service = "events.amazonaws.com"): Promise<void> {
    await new LambdaClient(this.settings()).send(
      new AddPermissionCommand({
        FunctionName: functionName,
        StatementId: service.replace(/\..*/, ""),
        Action: "lambda:InvokeFunction",
        Principal: service,
        SourceArn: sourceArn,
      }),
    );
  }

  /** A function whose role may write to a log group of its own, as `/aws/lambda/NAME`. @returns its ARN */
  async printingFunction(name: string, code: string): Promise<string> {
    await new CloudWatchLogsClient(this.settings()).send(
      new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}` }),
    );
    const Role = await this.role(`${name}-role`, "lambda.amazonaws.com", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    });
    return this.function(name, code, { Role });
  }

  /** @param protocol as SNS names it, e.g. `lambda`. @returns the subscription's ARN */
  async subscribe(
    topicArn: string,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { SubscriptionArn = "" } = await new SNSClient(this.settings()).send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Attributes: attributes,
        ReturnSubscriptionArn: true,
      }),
    );
    return SubscriptionArn;
  }

  /** An alarm on a sum of a minute, that is 1 or more and told to a topic. */
  async alarm(name: string, topicArn: string, settings: Partial<PutMetricAlarmCommandInput>): Promise<void> {
    await new CloudWatchClient(this.settings()).send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
        AlarmActions: [topicArn],
        ...settings,
      }),
    );
  }

  /** What the journal has since a time of some kinds, once nothing is under way, as `WHAT: DETAIL`. */
  async noted(since: Date, ...kinds: readonly EntryKind[]): Promise<string[]> {
    await this.plane.idle();
    return this.plane.journal.since(since, ...kinds).map(({ what, detail }) => `${what}: ${detail}`);
  }
}
