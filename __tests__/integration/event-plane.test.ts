import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudTrailClient,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricStatisticsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  type InputLogEvent,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateUserCommand, DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteFunctionCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from "@aws-sdk/client-sns";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { strToU8, zipSync } from "fflate";
import { parseFaults } from "../../local/event-plane/faults";
import { ACCOUNT_ID, type Allowed, LivingAccount, policy, REGION, USER } from "./support/living-account";
import { descendants, running } from "./support/processes";

jest.setTimeout(60_000);

const OTHER_REGION = "us-east-1";
const MINUTE_MS = 60_000;
const EVENTS = { Service: "events.amazonaws.com" };
const ALARMS = { Service: "cloudwatch.amazonaws.com" };
/** The trail that logs throughout. */
const TRAIL = "main";

let account: LivingAccount;
let cloudTrail: CloudTrailClient;
let events: EventBridgeClient;
const others: string[] = [];

beforeAll(async () => {
  account = await LivingAccount.open();
  cloudTrail = new CloudTrailClient(account.settings());
  events = new EventBridgeClient(account.settings());
  await account.trail(TRAIL);
});

afterEach(async () => {
  account.plane.faults.set([]);
  for (const Name of others.splice(0)) {
    await cloudTrail.send(new DeleteTrailCommand({ Name }));
  }
});

/** The time, once nothing of what came before is under way. */
async function now(): Promise<Date> {
  await account.plane.idle();
  // Its last note may be of this millisecond.
  await sleep(2);
  return account.plane.clock.now();
}

/** A trail beside the one that logs throughout, until a test ends. */
async function trail(...args: Parameters<LivingAccount["trail"]>): Promise<void> {
  await account.trail(...args);
  others.push(args[0]);
}

async function turn(minutes: number): Promise<void> {
  await account.plane.turn(minutes * MINUTE_MS);
}

async function namesDelivered(logGroupName: string): Promise<unknown[]> {
  return (await account.delivered(logGroupName)).map(({ record }) => record.eventName);
}

/** A customer's key. @returns its id */
async function key(...allowed: readonly Allowed[]): Promise<string> {
  const root = { Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` }, Action: "kms:*", Resource: "*" };
  const { KeyMetadata } = await new KMSClient(account.settings()).send(
    new CreateKeyCommand({ Policy: policy(root, ...allowed.map((one) => ({ Resource: "*", ...one }))) }),
  );
  return KeyMetadata?.KeyId ?? "";
}

/** A metric's sum over the last hours, of those that SNS has by topic. */
async function counted(MetricName: string, topicName: string): Promise<number | undefined> {
  const { Datapoints = [] } = await new CloudWatchClient(account.settings()).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/SNS",
      MetricName,
      Dimensions: [{ Name: "TopicName", Value: topicName }],
      StartTime: new Date(Date.now() - 60 * MINUTE_MS),
      EndTime: new Date(Date.now() + MINUTE_MS),
      Period: 2 * 60 * 60,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints[0]?.Sum;
}

/** How many messages CloudWatch says were published to a topic in the last hours. */
function published(topicName: string): Promise<number | undefined> {
  return counted("NumberOfMessagesPublished", topicName);
}

describe("a trail", () => {
  it("has the records of calls that change something delivered to its log group", async () => {
    await account.trigger("recorded");
    await new SSMClient(account.settings()).send(new DescribeParametersCommand({}));
    const last = (await account.delivered(TRAIL)).at(-1);
    expect(last?.stream).toBe(`${ACCOUNT_ID}_CloudTrail_${REGION}`);
    expect(last?.record).toMatchObject({
      eventSource: "ssm.amazonaws.com",
      eventName: "PutParameter",
      awsRegion: REGION,
      requestParameters: { name: "/recorded", value: "HIDDEN_DUE_TO_SECURITY_REASONS" },
      userIdentity: { type: "IAMUser", userName: USER },
      readOnly: false,
    });
  });

  it("has those of refused calls with their error", async () => {
    const iam = new IAMClient(account.settings());
    await expect(iam.send(new DeleteRoleCommand({ RoleName: "nobody" }))).rejects.toThrow();
    expect((await account.delivered(TRAIL)).at(-1)?.record).toMatchObject({
      eventName: "DeleteRole",
      awsRegion: "us-east-1",
      errorCode: "NoSuchEntityException",
      errorMessage: "Role nobody not found",
    });
  });

  it("logs the calls that stop and start it, and nothing in between", async () => {
    await account.trail("stopped");
    await cloudTrail.send(new StopLoggingCommand({ Name: "stopped" }));
    await account.trigger("while-stopped");
    await cloudTrail.send(new StartLoggingCommand({ Name: "stopped" }));
    await account.trigger("after");
    expect(await namesDelivered("stopped")).toEqual([
      "StartLogging",
      "StopLogging",
      "StartLogging",
      "PutParameter",
    ]);
    await cloudTrail.send(new DeleteTrailCommand({ Name: "stopped" }));
    await account.trigger("after");
    expect((await namesDelivered("stopped")).at(-1)).toBe("DeleteTrail");
  });

  it("of one region logs that region's calls", async () => {
    await trail("regional", { isMultiRegion: false });
    await account.trigger("elsewhere", OTHER_REGION);
    await account.trigger("here");
    const seen = await account.delivered("regional");
    expect(seen.map(({ record }) => record.requestParameters)).toEqual([
      { name: "regional" },
      expect.objectContaining({ name: "/here" }),
    ]);
    const all = (await account.delivered(TRAIL)).map(({ record }) => record);
    expect(all).toContainEqual(
      expect.objectContaining({ awsRegion: OTHER_REGION, eventName: "PutParameter" }),
    );
  });

  it("logs what its selectors select", async () => {
    await trail("selective");
    const select = (selectors: Partial<ConstructorParameters<typeof PutEventSelectorsCommand>[0]>) =>
      cloudTrail.send(new PutEventSelectorsCommand({ TrailName: "selective", ...selectors }));
    const EventSelectors = [{ ReadWriteType: "All", IncludeManagementEvents: false } as const];
    await select({ EventSelectors });
    await account.trigger("deselected");
    await select({
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: "eventCategory", Equals: ["Management"] },
            { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
          ],
        },
      ],
    });
    await key();
    await account.trigger("selected");
    expect(await namesDelivered("selective")).toEqual([
      "StartLogging",
      // As it was before the call, and as it was after.
      "PutEventSelectors",
      "PutEventSelectors",
      "PutParameter",
    ]);
  });

  it.each(["logs:PutLogEvents", "logs:CreateLogStream"])("delivers nothing without %s", async (missing) => {
    const began = await now();
    const Resource = "*";
    const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
    await account.allow("main-delivery", {
      Action: actions.filter((action) => action !== missing),
      Resource,
    });
    await account.trigger("undelivered");
    const problems = await account.noted(began, "not delivered");
    await account.allow("main-delivery", { Action: actions, Resource });
    expect(problems).toContainEqual(
      `events of the trail main to its log group: the role main-delivery may not ${missing} on arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:main:log-stream:${ACCOUNT_ID}_CloudTrail_${REGION}`,
    );
  });

  it.each([
    [`logs.${OTHER_REGION}.amazonaws.com`, `its policy doesn't let logs.${REGION}.amazonaws.com use it`],
    [`logs.${REGION}.amazonaws.com`, undefined],
  ])(
    "delivers to an encrypted log group if its key lets CloudWatch Logs, not %s",
    async (Service, problem) => {
      const name = `encrypted-${Service.split(".")[1]}`;
      const keyId = await key({ Principal: { Service }, Action: ["kms:Encrypt*", "kms:GenerateDataKey*"] });
      const began = await now();
      await trail(name, { kmsKeyId: `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/${keyId}` });
      const problems = await account.noted(began, "not delivered");
      expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
      if (problem === undefined) {
        await new KMSClient(account.settings()).send(new DisableKeyCommand({ KeyId: keyId }));
        expect(await account.noted(began, "not delivered")).toEqual([
          expect.stringContaining("it is not enabled"),
        ]);
      }
    },
  );

  it("goes on with a log group that was deleted and made again", async () => {
    const logs = new CloudWatchLogsClient(account.settings());
    const began = await now();
    await trail("dropped");
    await account.plane.idle();
    await logs.send(new DeleteLogGroupCommand({ logGroupName: "dropped" }));
    expect(await account.noted(began, "not delivered")).toEqual([
      "events of the trail dropped to its log group: there is no log group dropped",
    ]);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "dropped" }));
    expect(await namesDelivered("dropped")).toEqual(["CreateLogGroup"]);
  });

  it("is logged to whatever else is called in a region that the emulator doesn't have", async () => {
    const nowhere = { ...account.settings("xx-nowhere-1"), maxAttempts: 1, forcePathStyle: true };
    await new S3Client(nowhere).send(new CreateBucketCommand({ Bucket: "nowhere" })).catch(() => undefined);
    const began = await now();
    await account.trigger("after-nowhere");
    expect(await account.noted(began)).toEqual([expect.stringMatching(/^ssm.amazonaws.com PutParameter: /)]);
    expect(await cloudTrail.send(new DescribeTrailsCommand({}))).toMatchObject({
      trailList: [{ Name: TRAIL }],
    });
  });
});

describe("a rule", () => {
  it("hands its event to a queue that lets it, and to no other", async () => {
    const open = await account.queue("open", {
      Principal: EVENTS,
      Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/to-open` } },
    });
    await account.rule("to-open", { Arn: open });
    await account.rule("to-open-too", { Arn: open });
    const began = await now();
    await account.trigger("to-open");
    const [message, ...others] = await account.messages(open);
    expect(others).toEqual([]);
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.ssm",
      region: REGION,
      detail: { eventName: "PutParameter", requestParameters: { name: "/to-open" } },
    });
    expect(await account.noted(began, "rule matched", "delivered")).toEqual([
      expect.stringMatching(/^to-open: /),
      `rule to-open: ${open}`,
    ]);
    await account.trigger("to-open-too");
    expect(await account.messages(open)).toEqual([]);
    expect(await account.noted(began, "not delivered")).toEqual([
      expect.stringMatching(
        /^rule to-open-too to open: the policy of the queue .* doesn't let events.amazonaws.com send/,
      ),
    ]);
  });

  it("hands on what its input makes of the event", async () => {
    const queue = await account.queue("inputs", { Principal: EVENTS });
    await account.rule("by-path", { Arn: queue, InputPath: "$.detail.eventName" });
    await account.rule("by-template", {
      Arn: queue,
      InputTransformer: {
        InputPathsMap: { name: "$.detail.requestParameters.name" },
        InputTemplate: '"made <name>"',
      },
    });
    await account.rule("by-constant", { Arn: queue, Input: '{"a":1}' });
    for (const name of ["by-path", "by-template", "by-constant"]) {
      await account.trigger(name);
    }
    const bodies = (await account.messages(queue)).map(({ Body }) => Body).sort();
    expect(bodies).toEqual(['"PutParameter"', '"made /by-template"', '{"a":1}']);
  });

  it("is silent while it is disabled, when another call is made, and once no trail logs", async () => {
    const queue = await account.queue("silent", { Principal: EVENTS });
    await account.rule("silent", { Arn: queue });
    await account.trigger("another");
    await events.send(new DisableRuleCommand({ Name: "silent" }));
    await account.trigger("silent");
    await events.send(new EnableRuleCommand({ Name: "silent" }));
    await cloudTrail.send(new StopLoggingCommand({ Name: TRAIL }));
    await account.trigger("silent");
    await cloudTrail.send(new StartLoggingCommand({ Name: TRAIL }));
    expect(await account.messages(queue)).toEqual([]);
    await account.trigger("silent");
    expect(await account.messages(queue)).toHaveLength(1);
  });

  it("publishes to a topic if the topic's policy and its key's let it", async () => {
    const source = (rule: string) => ({
      ArnLike: { "aws:SourceArn": `arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${rule}` },
    });
    const using = { Principal: EVENTS, Action: ["kms:GenerateDataKey*", "kms:Decrypt"] };
    const goodKey = await key(using);
    const badKey = await key({ ...using, Principal: ALARMS });
    const topics = {
      "topic-open": await account.topic("topic-open", goodKey, {
        Principal: EVENTS,
        Condition: source("topic-open"),
      }),
      "topic-shut": await account.topic("topic-shut", goodKey),
      "topic-locked": await account.topic("topic-locked", badKey, { Principal: EVENTS }),
    };
    const began = await now();
    for (const [name, Arn] of Object.entries(topics)) {
      await account.rule(name, { Arn });
      await account.trigger(name);
    }
    const [mail, ...others] = await account.mails("topic-open", began);
    expect(others).toEqual([]);
    expect(await published("topic-open")).toBe(1);
    expect(await published("topic-shut")).toBeUndefined();
    expect(JSON.parse(mail?.body ?? "")).toMatchObject({ detail: { eventName: "PutParameter" } });
    expect(mail?.mail).toContain("PutParameter");
    expect(await account.mails("topic-shut", began)).toEqual([]);
    expect(await account.mails("topic-locked", began)).toEqual([]);
    expect(await account.noted(began, "not delivered")).toEqual([
      expect.stringMatching(
        /^rule topic-shut to topic-shut: the policy of the topic topic-shut doesn't let events/,
      ),
      expect.stringMatching(
        /^rule topic-locked .* the key of the topic topic-locked doesn't let events.amazonaws.com use kms:/,
      ),
    ]);
  });

  it("puts its event on another region's bus with a role that may, and it goes no further", async () => {
    const bus = (region: string) => `arn:aws:events:${region}:${ACCOUNT_ID}:event-bus/default`;
    const queue = await account.queue("forwarded", { Principal: EVENTS });
    const putting = { Action: "events:PutEvents", Resource: [bus(REGION), bus("eu-west-1")] };
    const RoleArn = await account.role("forwarder", "events.amazonaws.com", putting);
    await account.rule("forwarded", { Arn: bus(REGION), RoleArn }, {}, OTHER_REGION);
    await account.rule("forwarded", { Arn: queue });
    const began = await now();
    await account.trigger("forwarded", OTHER_REGION);
    expect((await account.messages(queue)).map(({ Body = "" }) => JSON.parse(Body))).toMatchObject([
      { region: OTHER_REGION, detail: { awsRegion: OTHER_REGION } },
    ]);

    const back = await account.rule("forwarded", { Arn: bus("eu-west-1"), RoleArn });
    expect(back).toContain(REGION);
    await account.trigger("forwarded", OTHER_REGION);
    await account.plane.idle();
    await account.allow("forwarder");
    await account.trigger("forwarded", OTHER_REGION);
    expect(await account.noted(began, "not delivered")).toEqual([
      expect.stringContaining("not to a third region"),
      expect.stringContaining(`the role forwarder doesn't let the rule put events on ${bus(REGION)}`),
    ]);
  });

  it("isn't hindered by another queue's policy that isn't understood", async () => {
    const Condition = { NobodyKnowsThis: { "aws:SourceArn": "*" } };
    const strange = await account.queue("strange", { Principal: EVENTS, Condition });
    const plain = await account.queue("plain", { Principal: EVENTS });
    await account.rule("strange", { Arn: strange });
    await account.rule("plain", { Arn: plain });
    const began = await now();
    await account.trigger("strange");
    await account.trigger("plain");
    await turn(1);
    expect(await account.messages(plain)).toHaveLength(1);
    expect(await account.noted(began, "not delivered", "unknown")).toEqual([
      expect.stringMatching(/^rule strange to strange: .*policy of the queue .*NobodyKnowsThis/),
    ]);
  });

  it("isn't hindered by another rule's pattern that isn't understood", async () => {
    const queue = await account.queue("understood", { Principal: EVENTS });
    await account.rule("understood", { Arn: queue });
    const EventPattern = JSON.stringify({ source: [{ "sounds-like": "aws.ssm" }] });
    await account.rule("riddle", { Arn: queue }, { EventPattern });
    const began = await now();
    await account.trigger("understood");
    expect(await account.messages(queue)).toHaveLength(1);
    expect(await account.noted(began, "unknown")).toContainEqual(expect.stringMatching(/^rule riddle: /));
    await events.send(new DisableRuleCommand({ Name: "riddle" }));
  });

  it("keeps what it can't deliver in a dead-letter queue that lets it", async () => {
    const kept = await account.queue("dead-letters", { Principal: EVENTS });
    const shut = await account.queue("dead-letters-shut");
    const Arn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:nobody`;
    const RuleArn = await account.rule("dead", { Arn, DeadLetterConfig: { Arn: kept } });
    await account.rule("dead-shut", { Arn, DeadLetterConfig: { Arn: shut } });
    const began = await now();
    await account.trigger("dead");
    const [message] = await account.messages(kept);
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      detail: { requestParameters: { name: "/dead" } },
    });
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      RULE_ARN: RuleArn,
      TARGET_ARN: Arn,
      ERROR_CODE: "NO_RESOURCE",
      ERROR_MESSAGE: `there is no function ${Arn}`,
      RETRY_ATTEMPTS: "0",
    });
    await account.trigger("dead-shut");
    expect(await account.noted(began, "not delivered")).toContainEqual(
      expect.stringMatching(/^event of rule dead-shut to its dead-letter queue: the policy of the queue/),
    );
    expect(await account.messages(shut)).toEqual([]);
  });

  it("tries again what failed, as often as its target says", async () => {
    const topic = await account.topic("retried", undefined, { Principal: EVENTS });
    const kept = await account.queue("retried-in-vain", { Principal: EVENTS });
    const target = { Arn: topic, DeadLetterConfig: { Arn: kept } };
    await account.rule("retried", { ...target, RetryPolicy: { MaximumRetryAttempts: 2 } });
    const began = await now();
    account.plane.faults.set(parseFaults("throttle:sns:Publish*2"));
    await account.trigger("retried");
    expect(await account.mails("retried", began)).toEqual([]);
    await turn(1);
    expect(await account.mails("retried", began)).toHaveLength(1);
    expect(await account.noted(began, "fault")).toEqual(["sns:Publish: throttle", "sns:Publish: throttle"]);
    expect(await account.messages(kept)).toEqual([]);

    account.plane.faults.set(parseFaults("5xx:sns:Publish*3"));
    await account.trigger("retried");
    await turn(1);
    expect(await account.mails("retried", began)).toHaveLength(1);
    expect(await account.messages(kept)).toMatchObject([
      {
        MessageAttributes: {
          ERROR_CODE: { StringValue: "INTERNAL_ERROR" },
          RETRY_ATTEMPTS: { StringValue: "2" },
          EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
        },
      },
    ]);
  });

  it("gives up an event that has become too old", async () => {
    const kept = await account.queue("too-old", { Principal: EVENTS });
    const target = { Arn: kept, DeadLetterConfig: { Arn: kept } };
    await account.rule("too-old", { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    account.plane.faults.set(parseFaults("throttle:sqs:SendMessage*always"));
    await account.trigger("too-old");
    await turn(2);
    expect(await account.messages(kept)).toMatchObject([
      { MessageAttributes: { EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumEventAgeInSeconds" } } },
    ]);
  });

  it("delivers late what a fault delays", async () => {
    const queue = await account.queue("delayed", { Principal: EVENTS });
    await account.rule("delayed", { Arn: queue });
    account.plane.faults.set(parseFaults("delay:sqs:SendMessage*1"));
    const began = Date.now();
    await account.trigger("delayed");
    expect(Date.now() - began).toBeLessThan(1500);
    expect(await account.messages(queue)).toHaveLength(1);
    expect(Date.now() - began).toBeGreaterThan(1900);
  });

  it.each([
    ["cut:ssm", []],
    ["duplicate:ssm", [1, 1, 2, 2]],
    ["reorder:ssm", [2, 1]],
  ])("gets its events as the fault %s has them", async (fault, expected) => {
    const queue = await account.queue("faulty", { Principal: EVENTS });
    const EventPattern = JSON.stringify({
      detail: { requestParameters: { name: [{ prefix: "/faulty-" }] } },
    });
    await account.rule("faulty", { Arn: queue }, { EventPattern });
    account.plane.faults.set(parseFaults(fault));
    const began = await now();
    await account.trigger("faulty-1");
    await account.trigger("faulty-2");
    // Queues don't keep the order.
    const bodies = (await account.messages(queue)).map(
      ({ Body = "" }) => JSON.parse(Body).detail.requestParameters.name,
    );
    expect(bodies.sort()).toEqual(expected.map((number) => `/faulty-${number}`).sort());
    const { journal } = account.plane;
    const recorded = journal.since(began, "recorded").map(({ detail }) => detail);
    const matched = journal.since(began, "rule matched").map(({ detail }) => recorded.indexOf(detail) + 1);
    expect(matched).toEqual(expected);
  });

  it("ticks at its rate while it is enabled, as it was changed last", async () => {
    const queue = await account.queue("ticks", { Principal: EVENTS });
    const ticks = async (minutes: number) => {
      await turn(minutes);
      return (await account.messages(queue)).map(({ Body = "" }) => JSON.parse(Body));
    };
    const rule = (ScheduleExpression: string) =>
      account.rule("ticks", { Arn: queue }, { ScheduleExpression });
    const RuleArn = await rule("rate(5 minutes)");
    const began = (await now()).getTime();
    expect(await ticks(4.5)).toEqual([]);
    const [tick, ...others] = await ticks(1);
    expect(others).toEqual([]);
    expect(tick).toMatchObject({
      "detail-type": "Scheduled Event",
      source: "aws.events",
      resources: [RuleArn],
    });
    expect(Math.abs(Date.parse(tick.time) - began - 5 * MINUTE_MS)).toBeLessThan(5000);
    expect(await ticks(10)).toHaveLength(2);
    await rule("rate(1 minute)");
    expect(await ticks(3.5)).toHaveLength(3);
    await events.send(new DisableRuleCommand({ Name: "ticks" }));
    expect(await ticks(5)).toEqual([]);
    await events.send(new EnableRuleCommand({ Name: "ticks" }));
    expect(await ticks(1.5)).toHaveLength(1);
    await events.send(new RemoveTargetsCommand({ Rule: "ticks", Ids: ["target"] }));
    await events.send(new DeleteRuleCommand({ Name: "ticks" }));
    expect(await ticks(5)).toEqual([]);
  });

  it("hears of the states of an instance, whether a trail logs or not", async () => {
    const queue = await account.queue("states", { Principal: EVENTS });
    const EventPattern = JSON.stringify({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["running", "stopped", "terminated"] },
    });
    await account.rule("states", { Arn: queue, InputPath: "$.detail.state" }, { EventPattern });
    const states = async () => (await account.messages(queue)).map(({ Body }) => Body);
    const ec2 = new EC2Client(account.settings());
    const { Instances: [instance] = [] } = await ec2.send(
      new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1 }),
    );
    const of = { InstanceIds: [instance?.InstanceId ?? ""] };
    expect(await states()).toEqual(['"running"']);
    await cloudTrail.send(new StopLoggingCommand({ Name: TRAIL }));
    await ec2.send(new StopInstancesCommand(of));
    await ec2.send(new StopInstancesCommand(of));
    expect(await states()).toEqual(['"stopped"']);
    await ec2.send(new TerminateInstancesCommand(of));
    expect(await states()).toEqual(['"terminated"']);
    await cloudTrail.send(new StartLoggingCommand({ Name: TRAIL }));
  });
});

/** A call with the function's own credentials, as an SDK would sign it. */
const CALL = `
  const call = async (target, body) => {
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID } = process.env;
    const authorization = "AWS4-HMAC-SHA256 Credential=" + AWS_ACCESS_KEY_ID + "/20261122/" + AWS_REGION + "/ssm/aws4_request, SignedHeaders=host, Signature=0";
    const headers = { authorization, "x-amz-target": target, "content-type": "application/x-amz-json-1.1" };
    const answer = await fetch(AWS_ENDPOINT_URL, { method: "POST", headers, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.message), { name: said.__type });
    return said;
  };`;

describe("a function", () => {
  const lambda = () => new LambdaClient(account.settings());

  /** A function that a rule of its name invokes. @returns its role's name */
  async function invoked(name: string, code: string, settings: { Timeout?: number } = {}): Promise<string> {
    const Role = await account.role(`${name}-role`, "lambda.amazonaws.com");
    const Arn = await account.function(name, code, { Role, ...settings });
    await account.permit(name, await account.rule(name, { Arn }));
    return `${name}-role`;
  }

  const ran = (since: Date) =>
    account.noted(since, "function ran", "function failed", "not delivered", "unknown");

  it("runs if it lets the rule invoke it, and for no other", async () => {
    const Role = await account.role("runs-role", "lambda.amazonaws.com");
    const Arn = await account.function("runs", "exports.handler = async () => {};", { Role });
    const RuleArn = await account.rule("runs", { Arn });
    await account.rule("runs-too", { Arn });
    const began = await now();
    await account.trigger("runs");
    await account.plane.idle();
    await account.permit("runs", RuleArn);
    await account.trigger("runs");
    await account.plane.idle();
    await account.trigger("runs-too");
    const refused = (rule: string) =>
      `rule ${rule} to runs: the function runs has no permission that lets events.amazonaws.com invoke it for arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${rule}`;
    expect(await ran(began)).toEqual([refused("runs"), "runs: ", refused("runs-too")]);
    expect(await account.noted(began, "delivered")).toEqual(["rule runs: function runs"]);
  });

  it("gets the event, its environment and the clock, and what it prints is in its log group", async () => {
    const code = `exports.handler = async (event) => console.log(JSON.stringify({
      name: event.detail.requestParameters.name, greeting: process.env.GREETING, region: process.env.AWS_REGION, now: Date.now() }));`;
    const logGroupName = "/aws/lambda/prints";
    await new CloudWatchLogsClient(account.settings()).send(new CreateLogGroupCommand({ logGroupName }));
    const Role = await account.role("prints-role", "lambda.amazonaws.com", {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    });
    const Environment = { Variables: { GREETING: "hello" } };
    const Arn = await account.function("prints", code, { Role, Environment });
    await account.permit("prints", await account.rule("prints", { Arn }));
    await turn(10);
    const began = (await now()).getTime();
    await account.trigger("prints");
    const [{ record, stream } = { record: {}, stream: "" }] = await account.delivered(logGroupName);
    expect(stream).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(record).toMatchObject({ name: "/prints", greeting: "hello", region: REGION });
    expect(Math.abs(Number(record.now) - began)).toBeLessThan(10_000);
  });

  it("that fails is tried again after one and two minutes, then its event is kept and an alarm fires", async () => {
    const topic = await account.topic("failures", undefined, { Principal: ALARMS });
    const kept = await account.queue("failed");
    const role = await invoked("fails", 'exports.handler = async () => { throw new Error("on purpose"); };');
    await account.allow(role, { Action: "sqs:SendMessage", Resource: kept });
    await lambda().send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: "fails",
        DestinationConfig: { OnFailure: { Destination: kept } },
      }),
    );
    await account.alarm("failing", topic, {
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: "fails" }],
      Threshold: 3,
      Period: 300,
    });
    const began = await now();
    const failures = async () => (await account.noted(began, "function failed")).length;
    await account.trigger("fails");
    expect(await account.noted(began, "function failed")).toEqual(["fails: Error: on purpose"]);
    await turn(0.9);
    expect(await failures()).toBe(1);
    await turn(0.2);
    expect(await failures()).toBe(2);
    await turn(1.8);
    expect(await failures()).toBe(2);
    expect(await account.messages(kept)).toEqual([]);
    await turn(0.3);
    expect(await failures()).toBe(3);
    const [message, ...others] = await account.messages(kept);
    expect(others).toEqual([]);
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { detail: { requestParameters: { name: "/fails" } } },
      responsePayload: { errorMessage: "on purpose", errorType: "Error" },
    });
    await turn(1);
    expect(await account.mails("failures", began)).toMatchObject([
      { subject: 'ALARM: "failing" in Asia Pacific (Seoul)' },
    ]);
    await turn(10);
    expect(await failures()).toBe(3);
  });

  it("that fails tells the topic that is its destination, and its dead-letter queue", async () => {
    const keyId = await key();
    const people = await account.topic("told-of-failures", keyId);
    const letters = await account.queue("letters");
    const name = "fails-loudly";
    const code = 'exports.handler = async () => { throw new Error("x".repeat(2000)); };';
    const role = await invoked(name, code);
    await lambda().send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: name,
        DeadLetterConfig: { TargetArn: letters },
      }),
    );
    await lambda().send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: name,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: people } },
      }),
    );
    const publish = { Action: "sns:Publish", Resource: people };
    await account.allow(role, publish, { Action: "sqs:SendMessage", Resource: letters });
    const began = await now();
    await account.trigger(name);
    expect(await account.mails("told-of-failures", began)).toEqual([]);
    expect(await account.noted(began, "not delivered")).toEqual([
      expect.stringMatching(
        new RegExp(`^event that ${name} could not handle: User: .*/${name} is not .* kms:GenerateDataKey on`),
      ),
    ]);
    const [letter, ...others] = await account.messages(letters);
    expect(others).toEqual([]);
    expect(JSON.parse(letter?.Body ?? "")).toMatchObject({ detail: { eventName: "PutParameter" } });
    expect(letter?.MessageAttributes).toEqual({
      RequestID: { DataType: "String", StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: "x".repeat(1024) },
    });

    const use = {
      Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
      Resource: `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/${keyId}`,
      Condition: { StringEquals: { "kms:ViaService": `sns.${REGION}.amazonaws.com` } },
    };
    await account.allow(role, publish, use);
    const again = await now();
    await account.trigger(name);
    const [mail, ...more] = await account.mails("told-of-failures", again);
    expect(more).toEqual([]);
    expect(JSON.parse(mail?.body ?? "")).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
      requestPayload: { detail: { eventName: "PutParameter" } },
      responsePayload: { errorType: "Error" },
    });
    expect(await account.noted(again, "not delivered")).toEqual([
      expect.stringMatching(/could not handle: the role .* may not sqs:SendMessage on .*:letters$/),
    ]);
  });

  it("that may not run has its event in the topic of its dead letters, with the reason", async () => {
    const letters = await account.topic("dead-letter-topic", undefined);
    const queue = await account.queue("letters-by-topic");
    await account.subscribe(letters, "sqs", queue);
    const role = await invoked("stopped-short", "exports.handler = async () => {};");
    await account.allow(role, { Action: "sns:Publish", Resource: letters });
    await lambda().send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: "stopped-short",
        DeadLetterConfig: { TargetArn: letters },
      }),
    );
    await lambda().send(
      new PutFunctionConcurrencyCommand({ FunctionName: "stopped-short", ReservedConcurrentExecutions: 0 }),
    );
    await account.trigger("stopped-short");
    const [message] = await account.messages(queue);
    const { Message, MessageAttributes } = JSON.parse(message?.Body ?? "");
    expect(JSON.parse(Message)).toMatchObject({ detail: { eventName: "PutParameter" } });
    expect(MessageAttributes).toMatchObject({
      ErrorCode: { Type: "Number", Value: "429" },
      ErrorMessage: { Type: "String", Value: "Rate Exceeded." },
    });
  });

  it.each([
    ["is to be once", { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 3600 }, 2],
    ["isn't to be", { MaximumRetryAttempts: 0 }, 1],
    ["would be with an event that is too old", { MaximumEventAgeInSeconds: 60 }, 1],
  ])("is not tried again more often if it %s", async (_, settings, times) => {
    const name = `fails-${times}-${Object.keys(settings)[0]}`;
    await invoked(name, 'exports.handler = async () => { throw new Error("no"); };');
    await lambda().send(new PutFunctionEventInvokeConfigCommand({ FunctionName: name, ...settings }));
    const began = await now();
    await account.trigger(name);
    await turn(5);
    expect(await account.noted(began, "function failed")).toHaveLength(times);
    expect(await account.noted(began, "not delivered")).toEqual([
      `event that ${name} could not handle: it has no destination for failures`,
    ]);
  });

  it("that takes too long is ended, and one that may not run is not run", async () => {
    await invoked("hangs", "exports.handler = () => new Promise((end) => setTimeout(end, 60000));", {
      Timeout: 1,
    });
    const began = await now();
    await account.trigger("hangs");
    expect(await ran(began)).toEqual(["hangs: Runtime.ExitError: task timed out after 1 seconds"]);
    await lambda().send(
      new PutFunctionConcurrencyCommand({ FunctionName: "hangs", ReservedConcurrentExecutions: 0 }),
    );
    const stopped = await now();
    await account.trigger("hangs");
    expect(await ran(stopped)).toEqual([
      "event that hangs could not handle: it has no destination for failures",
    ]);
    await turn(10);
    expect(await account.noted(stopped, "function ran", "function failed")).toEqual([]);
  });

  it("may do what its role may, and is refused the rest", async () => {
    const code = `${CALL} exports.handler = () => call("AmazonSSM.PutParameter", { Name: "/made", Value: "v", Type: "String", Overwrite: true });`;
    const role = await invoked("calls", code);
    const began = await now();
    await account.trigger("calls");
    const arn = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/calls-role/calls`;
    expect(await account.noted(began, "function failed")).toEqual([
      `calls: AccessDeniedException: User: ${arn} is not authorized to perform: ssm:PutParameter on resource: arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/made because no identity-based policy allows the ssm:PutParameter action`,
    ]);
    const made = async () =>
      (await account.delivered(TRAIL))
        .map(({ record }) => record)
        .filter(({ userIdentity }) => JSON.stringify(userIdentity).includes(arn));
    expect(await made()).toEqual([
      expect.objectContaining({
        eventName: "PutParameter",
        errorCode: "AccessDenied",
        requestParameters: null,
      }),
    ]);
    const Resource = `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/made`;
    await account.allow(role, { Action: "ssm:PutParameter", Resource });
    const allowed = await now();
    await account.trigger("calls");
    expect(await ran(allowed)).toEqual(["calls: "]);
    expect((await made()).at(-1)).toMatchObject({
      requestParameters: { name: "/made" },
      userIdentity: { type: "AssumedRole", arn },
    });
    expect((await made()).at(-1)).not.toHaveProperty("errorCode");
    await turn(5);
  });

  it.each([
    ["throttle:ssm:PutParameter*1", ["suffers-throttle: ThrottlingException: Rate exceeded"]],
    ["5xx:ssm:PutParameter*1", ["suffers-5xx: ServiceUnavailable: Service Unavailable"]],
    ["delay:ssm:PutParameter*1", ["suffers-delay: "]],
    ["throttle:sns:PutParameter*1", ["suffers-throttle-not: "]],
  ])("suffers the fault %s once", async (fault, expected) => {
    const name = expected[0]?.split(":")[0] ?? "";
    const code = `${CALL} exports.handler = () => call("AmazonSSM.PutParameter", { Name: "/x", Value: "v", Type: "String", Overwrite: true });`;
    const role = await invoked(name, code, { Timeout: 30 });
    await account.allow(role, { Action: "ssm:PutParameter", Resource: "*" });
    account.plane.faults.set(parseFaults(fault));
    const began = await now();
    await account.trigger(name);
    expect(await ran(began)).toEqual(expected);
    expect((await now()).getTime() - began.getTime() > 2000).toBe(fault.startsWith("delay"));
    await turn(1.5);
    expect(await account.noted(began, "function ran")).toEqual([`${name}: `]);
  });

  it("doesn't run with a role that Lambda may not take on, and says so", async () => {
    const Role = await account.role("foreign-role", "ec2.amazonaws.com");
    const Arn = await account.function("foreign", "exports.handler = async () => {};", { Role });
    await account.permit("foreign", await account.rule("foreign", { Arn }));
    const began = await now();
    await account.trigger("foreign");
    expect(await ran(began)).toEqual([
      `foreign: AccessDeniedException: Lambda may not take on the role ${Role}`,
    ]);
    await turn(5);
  });

  it("runs the code that was uploaded last", async () => {
    await invoked("updated", 'exports.handler = async () => { throw new Error("old"); };');
    const ZipFile = zipSync({ "index.js": strToU8("exports.handler = async () => {};") });
    await lambda().send(new UpdateFunctionCodeCommand({ FunctionName: "updated", ZipFile }));
    const began = await now();
    await account.trigger("updated");
    expect(await ran(began)).toEqual(["updated: "]);
  });

  it("goes on with its code where the emulator takes what is no archive", async () => {
    await invoked("broken", "exports.handler = async () => {};");
    const began = await now();
    await lambda().send(
      new UpdateFunctionCodeCommand({ FunctionName: "broken", ZipFile: strToU8("no archive") }),
    );
    await account.trigger("broken");
    expect(await ran(began)).toEqual([
      `code of arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:broken: invalid zip data`,
      "broken: ",
    ]);
  });
});

describe("an alarm", () => {
  const filter = (filterName: string, filterPattern: string) =>
    new CloudWatchLogsClient(account.settings()).send(
      new PutMetricFilterCommand({
        logGroupName: TRAIL,
        filterName,
        filterPattern,
        metricTransformations: [{ metricNamespace: "Test", metricName: filterName, metricValue: "1" }],
      }),
    );
  const stateOf = async (name: string) => {
    const { MetricAlarms = [] } = await new CloudWatchClient(account.settings()).send(
      new DescribeAlarmsCommand({ AlarmNames: [name] }),
    );
    return MetricAlarms[0]?.StateValue;
  };

  it("on failed sign-ins is silent for two in five minutes, and sends one mail for three", async () => {
    const topic = await account.topic("sign-ins", undefined, { Principal: ALARMS });
    await filter(
      "sign-ins",
      '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    );
    await account.alarm("sign-ins", topic, {
      Namespace: "Test",
      MetricName: "sign-ins",
      Threshold: 3,
      Period: 300,
    });
    const signIn = async (succeeded: boolean, times: number): Promise<void> => {
      for (let time = 0; time < times; time++) {
        await account.plane.signIn({ userName: USER, region: REGION, succeeded, mfa: true });
      }
    };
    const began = await now();
    await signIn(false, 2);
    await signIn(true, 5);
    await turn(6);
    expect(await account.mails("sign-ins", began)).toEqual([]);
    await signIn(false, 1);
    await turn(6);
    expect(await account.mails("sign-ins", began)).toEqual([]);
    await signIn(false, 3);
    await turn(1);
    expect(await stateOf("sign-ins")).toBe("ALARM");
    // CloudWatch looks further back than the alarm's own period before it takes data as missing.
    await turn(16);
    const [mail, ...others] = await account.mails("sign-ins", began);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('ALARM: "sign-ins" in Asia Pacific (Seoul)');
    expect(await stateOf("sign-ins")).toBe("OK");
  });

  it("tells nobody where the topic's policy or key doesn't let CloudWatch, or its actions are disabled", async () => {
    await filter("users", "{ $.eventName = CreateUser }");
    const metric = { Namespace: "Test", MetricName: "users" };
    const using = { Principal: ALARMS, Action: ["kms:GenerateDataKey*", "kms:Decrypt"] };
    const [goodKey, badKey] = [await key(using), await key({ ...using, Principal: EVENTS })];
    const topics = {
      "alarm-open": await account.topic("alarm-open", goodKey, { Principal: ALARMS }),
      "alarm-shut": await account.topic("alarm-shut", goodKey, { Principal: EVENTS }),
      "alarm-locked": await account.topic("alarm-locked", badKey, { Principal: ALARMS }),
      "alarm-disabled": await account.topic("alarm-disabled", undefined, { Principal: ALARMS }),
    };
    for (const [name, topic] of Object.entries(topics)) {
      await account.alarm(name, topic, metric);
    }
    await new CloudWatchClient(account.settings()).send(
      new DisableAlarmActionsCommand({ AlarmNames: ["alarm-disabled"] }),
    );
    const began = await now();
    await new IAMClient(account.settings()).send(new CreateUserCommand({ UserName: "mallory" }));
    await turn(1);
    const mails = await Promise.all(Object.keys(topics).map((name) => account.mails(name, began)));
    expect(mails.map(({ length }) => length)).toEqual([1, 0, 0, 0]);
    expect((await account.noted(began, "not delivered")).sort()).toEqual([
      "alarm alarm-disabled: its actions are disabled",
      expect.stringMatching(
        /^alarm alarm-locked: the policy of the key .* doesn't let cloudwatch.amazonaws.com use kms:/,
      ),
      expect.stringMatching(
        /^alarm alarm-shut: the policy of the topic .* doesn't let cloudwatch.amazonaws.com publish/,
      ),
    ]);
  });
});

describe("a topic", () => {
  const SNS = "sns.amazonaws.com";
  const PRINTS_ITS_EVENT = "exports.handler = async (event) => console.log(JSON.stringify(event));";

  const publish = (TopicArn: string, input: Partial<PublishCommandInput> = {}) =>
    new SNSClient(account.settings()).send(new PublishCommand({ TopicArn, Message: "hello", ...input }));

  /** What functions got that print their events. */
  const eventsOf = async (functionName: string) =>
    (await account.delivered(`/aws/lambda/${functionName}`)).map(({ record }) =>
      JSON.parse(JSON.stringify(record)),
    );

  it("hands its messages to a function that lets it, with their attributes", async () => {
    const topic = await account.topic("to-function", undefined, { Principal: EVENTS });
    const Arn = await account.printingFunction("listens", PRINTS_ITS_EVENT);
    await account.permit("listens", topic, SNS);
    const subscription = await account.subscribe(topic, "lambda", Arn);
    const began = await now();
    const { MessageId } = await publish(topic, {
      Subject: "Hi",
      MessageAttributes: {
        severity: { DataType: "String", StringValue: "high" },
        count: { DataType: "Number", StringValue: "7" },
      },
    });
    await account.plane.idle();
    await account.rule("to-function", { Arn: topic, Input: '"by a rule"' });
    await account.trigger("to-function");
    expect(await eventsOf("listens")).toEqual([
      {
        Records: [
          {
            EventVersion: "1.0",
            EventSubscriptionArn: subscription,
            EventSource: "aws:sns",
            Sns: {
              Type: "Notification",
              MessageId,
              TopicArn: topic,
              Subject: "Hi",
              Message: "hello",
              Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
              SignatureVersion: "1",
              Signature: expect.any(String),
              SigningCertUrl: expect.stringMatching(/^https:/),
              UnsubscribeUrl: expect.stringContaining(subscription),
              MessageAttributes: {
                severity: { Type: "String", Value: "high" },
                count: { Type: "Number", Value: "7" },
              },
            },
          },
        ],
      },
      {
        Records: [
          {
            EventVersion: "1.0",
            EventSubscriptionArn: subscription,
            EventSource: "aws:sns",
            Sns: expect.objectContaining({
              Subject: null,
              Message: '"by a rule"',
              MessageAttributes: {},
            }),
          },
        ],
      },
    ]);
    expect(await account.noted(began, "delivered")).toContain(`${topic}: lambda ${Arn}`);
    expect(await account.noted(began, "not delivered")).toEqual([]);
    expect(await counted("NumberOfNotificationsDelivered", "to-function")).toBe(4);
    const { Subscriptions } = await new SNSClient(account.settings()).send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topic }),
    );
    expect(Subscriptions).toContainEqual(expect.objectContaining({ Protocol: "lambda", Endpoint: Arn }));
  });

  it("hands over what the fault had it try again", async () => {
    const topic = await account.topic("to-faulty", undefined);
    const Arn = await account.printingFunction("listens-late", PRINTS_ITS_EVENT);
    await account.permit("listens-late", topic, SNS);
    await account.subscribe(topic, "lambda", Arn);
    account.plane.faults.set(parseFaults("throttle:lambda:Invoke*4"));
    const began = await now();
    await publish(topic);
    expect(await eventsOf("listens-late")).toEqual([]);
    await turn(0.1);
    expect(await eventsOf("listens-late")).toHaveLength(1);
    expect(await account.noted(began, "fault")).toHaveLength(4);
  });

  it("keeps in a dead-letter queue that lets it what no function takes", async () => {
    const topic = await account.topic("unheard", undefined);
    const letters = await account.queue("unheard-letters", {
      Principal: { Service: SNS },
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    });
    const shut = await account.queue("unheard-shut");
    const redrive = (deadLetterTargetArn: string) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn }),
    });
    const Arn = await account.printingFunction("deaf", PRINTS_ITS_EVENT);
    await account.permit("deaf", `${topic}-other`, SNS);
    await account.subscribe(topic, "lambda", Arn, redrive(letters));
    await account.subscribe(topic, "lambda", `${Arn}-nobody`, redrive(shut));
    await account.subscribe(topic, "lambda", `${Arn}-picky`, { FilterPolicy: '{"a":["b"]}' });
    const began = await now();
    const { MessageId } = await publish(topic, { Subject: "Hi" });
    const [letter, ...others] = await account.messages(letters);
    expect(others).toEqual([]);
    expect(JSON.parse(letter?.Body ?? "")).toMatchObject({
      Type: "Notification",
      MessageId,
      TopicArn: topic,
      Subject: "Hi",
      Message: "hello",
    });
    expect(letter?.MessageAttributes).toMatchObject({ ErrorCode: { StringValue: "NO_PERMISSIONS" } });
    expect((await account.noted(began, "not delivered")).sort()).toEqual([
      `${topic} to ${Arn}-nobody: there is no function ${Arn}-nobody`,
      `${topic} to ${Arn}-picky: filter policies of functions aren't known here`,
      `${topic} to ${Arn}: the function deaf has no permission that lets ${SNS} invoke it for ${topic}`,
      `message of ${topic} to its dead-letter queue: the policy of the queue ${shut} doesn't let ${SNS} send for ${topic}`,
    ]);
    expect(await eventsOf("deaf")).toEqual([]);
    expect(await counted("NumberOfNotificationsFailed", "unheard")).toBe(3);
  });

  it("gives each protocol its own message", async () => {
    const topic = await account.topic("many-voices", undefined);
    const queue = await account.queue("many-voices");
    const Arn = await account.printingFunction("many-voices", PRINTS_ITS_EVENT);
    await account.permit("many-voices", topic, SNS);
    await account.subscribe(topic, "lambda", Arn);
    await account.subscribe(topic, "sqs", queue);
    const MessageStructure = "json";
    const began = await now();
    const messages = { default: "for all", lambda: "for functions", sqs: "for queues", http: { a: 1 } };
    await publish(topic, { MessageStructure, Message: JSON.stringify(messages) });
    const others = { default: "for the others", sqs: { a: 1 } };
    await publish(topic, { MessageStructure, Message: JSON.stringify(others) });
    const bodies = (await account.messages(queue)).map(({ Body = "" }) => JSON.parse(Body).Message);
    expect(bodies.sort()).toEqual(["for queues", "for the others"]);
    expect((await eventsOf("many-voices")).map(({ Records: [{ Sns }] }) => Sns.Message).sort()).toEqual([
      "for functions",
      "for the others",
    ]);
    expect((await account.mails("many-voices", began)).map(({ body }) => body)).toEqual([
      "for all",
      "for the others",
    ]);
  });

  it.each([
    ['{"sqs":"x"}', "No default entry in JSON message body"],
    ["hello", "JSON message body failed to parse"],
  ])("refuses a message for several protocols that is none, such as %s", async (Message, why) => {
    const topic = await account.topic("misunderstood", undefined);
    const began = await now();
    await expect(publish(topic, { MessageStructure: "json", Message })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: `Invalid parameter: Message Structure - ${why}`,
    });
    expect(await account.mails("misunderstood", began)).toEqual([]);
  });

  it("tells no function that was deleted, and stops no publisher by it", async () => {
    const topic = await account.topic("forsaken", undefined);
    const Arn = await account.printingFunction("forsakes", PRINTS_ITS_EVENT);
    await account.permit("forsakes", topic, SNS);
    await account.subscribe(topic, "lambda", Arn);
    await new LambdaClient(account.settings()).send(new DeleteFunctionCommand({ FunctionName: "forsakes" }));
    const began = await now();
    await publish(topic);
    expect(await account.mails("forsaken", began)).toHaveLength(1);
    expect(await account.noted(began, "not delivered")).toEqual([
      `${topic} to ${Arn}: there is no function ${Arn}`,
    ]);
  });
});

describe("FilterLogEvents", () => {
  const logs = () => new CloudWatchLogsClient(account.settings());

  async function group(logGroupName: string, ...events: readonly InputLogEvent[]): Promise<void> {
    await logs().send(new CreateLogGroupCommand({ logGroupName }));
    await logs().send(new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }));
    for (let from = 0; from < events.length; from += 5000) {
      const logEvents = events.slice(from, from + 5000);
      await logs().send(new PutLogEventsCommand({ logGroupName, logStreamName: "s", logEvents }));
    }
  }

  async function pagesOf(input: FilterLogEventsCommandInput): Promise<(string | undefined)[][]> {
    const pages: (string | undefined)[][] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs() }, input)) {
      pages.push(events.map(({ message }) => message));
    }
    return pages;
  }

  it("finds what a pattern of any kind matches, between two times and with them", async () => {
    const time = Date.now() - 10_000;
    const at = (offset: number, message: string) => ({ timestamp: time + offset, message });
    await group(
      "/patterns",
      at(0, '{"n":1}'),
      at(1, '{"n":2}'),
      at(2, "GET /a 200"),
      at(3, '{"n":3}'),
      at(4, '{"n":4}'),
    );
    const logGroupName = "/patterns";
    const found = async (input: Partial<FilterLogEventsCommandInput>) =>
      (await pagesOf({ logGroupName, ...input })).flat();
    expect(await found({ filterPattern: "{ $.n > 1 && $.n != 3 }" })).toEqual(['{"n":2}', '{"n":4}']);
    expect(await found({ filterPattern: "[method=GET, path, status=2*]" })).toEqual(["GET /a 200"]);
    expect(await found({ filterPattern: "GET -POST" })).toEqual(["GET /a 200"]);
    expect(await found({ startTime: time + 1, endTime: time + 3, filterPattern: "{ $.n = * }" })).toEqual([
      '{"n":2}',
      '{"n":3}',
    ]);
    expect(await pagesOf({ logGroupName, limit: 2, filterPattern: "{ $.n = * }" })).toEqual([
      ['{"n":1}', '{"n":2}'],
      ['{"n":3}', '{"n":4}'],
    ]);
    const logGroupIdentifier = `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:/patterns`;
    expect(await pagesOf({ logGroupIdentifier, logStreamNamePrefix: "s", filterPattern: "GET" })).toEqual([
      ["GET /a 200"],
    ]);
    expect(await found({ logStreamNamePrefix: "other" })).toEqual([]);
  });

  it.each<[Partial<FilterLogEventsCommandInput>, string]>([
    [{ filterPattern: "{ $.n = }" }, "InvalidParameterException"],
    [{ limit: 10_001 }, "InvalidParameterException"],
    [{ logGroupName: "/nowhere" }, "ResourceNotFoundException"],
  ])("refuses %j", async (input, name) => {
    await expect(
      logs().send(new FilterLogEventsCommand({ logGroupName: TRAIL, ...input })),
    ).rejects.toMatchObject({ name });
  });

  it("finds ten thousand of twenty thousand events in pages of a megabyte, in a few seconds", async () => {
    const time = Date.now() - 60_000;
    const padding = "x".repeat(1000);
    await group(
      "/many",
      ...Array.from({ length: 20_000 }, (_, n) => ({
        timestamp: time + Math.floor(n / 10),
        message: JSON.stringify({ n, even: n % 2 === 0, padding }),
      })),
    );
    const began = Date.now();
    const pages = await pagesOf({ logGroupName: "/many", filterPattern: "{ $.even IS TRUE }" });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(pages.flat().map((message) => JSON.parse(message ?? "").n)).toEqual(
      Array.from({ length: 10_000 }, (_, n) => 2 * n),
    );
    const sizes = pages.map((messages) => messages.join("").length);
    expect(Math.max(...sizes)).toBeLessThan(1_048_576);
    expect(sizes.length).toBeLessThan(15);
    expect(await pagesOf({ logGroupName: "/many", filterPattern: "{ $.n = 19999 }" })).toEqual([
      [],
      [expect.any(String)],
    ]);
  });
});

describe("an item", () => {
  it("is written by one of many who would on the same condition", async () => {
    const dynamoDb = new DynamoDBClient({ ...account.settings(), maxAttempts: 1 });
    await dynamoDb.send(
      new CreateTableCommand({
        TableName: "told",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const began = await now();
    for (const id of ["a", "b", "c"]) {
      const writes = Array.from({ length: 20 }, (_, n) =>
        dynamoDb.send(
          new UpdateItemCommand({
            TableName: "told",
            Key: { id: { S: id } },
            UpdateExpression: "SET writer = :n",
            ConditionExpression: "attribute_not_exists(id)",
            ExpressionAttributeValues: { ":n": { N: String(n) } },
          }),
        ),
      );
      const ended = await Promise.allSettled(writes);
      const refused = ended.flatMap((one) => (one.status === "rejected" ? [one.reason.name] : []));
      expect(refused).toEqual(Array.from({ length: 19 }, () => "ConditionalCheckFailedException"));
    }
    expect(await account.noted(began, "recorded")).toEqual([]);
  });
});

describe("the plane", () => {
  it("keeps for FilterLogEvents the log events of a clock that is hours ahead", async () => {
    const other = await LivingAccount.open();
    await other.trail("ahead");
    await other.plane.turn(121 * MINUTE_MS);
    const began = other.plane.clock.now();

    await other.trigger("ahead");

    expect(await other.noted(began, "recorded")).toHaveLength(1);
    expect(await other.noted(began, "not kept")).toEqual([
      expect.stringMatching(/^log group ahead: the clock was turned on by more than two hours/),
    ]);
    expect((await other.delivered("ahead")).map(({ record }) => record.eventName)).toEqual([
      "StartLogging",
      "PutParameter",
    ]);
    const logs = new CloudWatchLogsClient(other.settings());
    const found = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: "ahead",
        startTime: began.getTime(),
        filterPattern: '{ $.requestParameters.name = "/ahead" }',
      }),
    );
    expect(found.events).toHaveLength(1);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: "ahead" }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "ahead" }));
    expect((await other.delivered("ahead")).map(({ record }) => record.eventName)).toEqual([
      "CreateLogGroup",
    ]);
  });

  it("leaves nothing that runs when it is stopped", async () => {
    const other = await LivingAccount.open();
    const Role = await other.role("slow-role", "lambda.amazonaws.com");
    const Arn = await other.function(
      "slow",
      "exports.handler = () => new Promise((end) => setTimeout(end, 500));",
      { Role },
    );
    await other.trail("slow");
    await other.permit("slow", await other.rule("slow", { Arn }));
    await other.rule("slow-ticks", { Arn }, { ScheduleExpression: "rate(1 minute)" });
    const functions = () =>
      descendants(process.pid).filter(({ commandLine }) => commandLine.includes("function-runtime"));
    const began = other.plane.clock.now();
    await other.trigger("slow");
    let started = functions();
    while (started.length === 0) {
      await sleep(10);
      started = functions();
    }
    await other.plane.stop();
    expect(running(started)).toEqual([]);
    const runs = () => other.plane.journal.since(began, "function ran", "function failed");
    expect(runs()).toHaveLength(1);
    await other.plane.turn(10 * MINUTE_MS);
    expect(runs()).toHaveLength(1);
  });
});
