import { createHash } from "node:crypto";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { TerraformStack } from "cdktf";
import {
  AlarmNotifier,
  type AlarmNotifierProps,
  AlertTopic,
  AuditTrail,
  DetectionAlarm,
  EncryptionKey,
  EventAlert,
  type NotifiedDetection,
} from "../../../constructs";
import { type Detection, PRESETS } from "../../../detections";
import { foreignStack } from "../../support/app";
import { type Statement, statement, statements, Template } from "../../support/template";
import { cycleOf } from "./support/dependencies";
import { deploymentOf, fileOf, foreignStackOf, writtenArchive } from "./support/written-stack";

const [DETECTION] = PRESETS["aws-guide"] as [Detection];

type Parts = Omit<AlarmNotifierProps, "topic" | "instanceStates" | "alarms"> & {
  readonly people: AlertTopic;
  readonly key: EncryptionKey;
  readonly alarms: AlarmNotifierProps["alarms"];
};

/** A trail with one alarm, its notifier, and what a test changes of it. */
function addNotifier(
  stack: TerraformStack,
  change: (parts: Parts) => Partial<AlarmNotifierProps> = () => ({}),
): AlarmNotifier {
  const key = new EncryptionKey(stack, "shared-key", { alias: "shared", description: "All of it" });
  const trail = new AuditTrail(stack, "audit", { trailName: "audit", encryptionKey: key });
  const topicOf = (topicName: string) => new AlertTopic(stack, topicName, { topicName, encryptionKey: key });
  const alarmTopic = topicOf("internal");
  const people = topicOf("people");
  const alarm = new DetectionAlarm(stack, "alarm", { detection: DETECTION, trail, topic: alarmTopic });
  const alarms = [{ alarm, detection: DETECTION, topic: people }];
  return new AlarmNotifier(stack, "notifier", {
    trail,
    alarmTopic,
    alarms,
    topic: topicOf("ops"),
    encryptionKey: key,
    ...change({ trail, alarmTopic, alarms, people, key }),
  });
}

function notifierTemplate(change?: (parts: Parts) => Partial<AlarmNotifierProps>): Template {
  const stack = foreignStack();
  addNotifier(stack, change);
  return Template.fromStack(stack);
}

const archiveOf = (change?: (parts: Parts) => Partial<AlarmNotifierProps>) =>
  writtenArchive("alarm_notifier", (app) => {
    const stack = foreignStackOf(app);
    addNotifier(stack, change);
    return stack;
  });

/** The notifier gets the events of a rule on EC2 instances, too. */
const withInstanceStates = ({ people, trail }: Parts): Partial<AlarmNotifierProps> => ({
  instanceStates: {
    topic: people,
    alert: new EventAlert(trail, "instances", {
      ruleName: "instances",
      description: "Tells of instances",
      eventPattern: { source: ["aws.ec2"] },
    }),
  },
});

const reference = (type: string, part: string, attribute = "arn") =>
  expect.stringMatching(new RegExp(`^\\$\\{${type}\\.${part}[\\w-]*\\.${attribute}\\}$`));
const topicArn = (name: string) => reference("aws_sns_topic", `${name}_topic_`);
const QUEUE_ARN = reference("aws_sqs_queue", "notifier_");
const FUNCTION_ARN = reference("aws_lambda_function", "notifier_");

const NOTIFIER = notifierTemplate();
const WITH_INSTANCES = notifierTemplate(withInstanceStates);

describe("AlarmNotifier", () => {
  it("is a function on Lambda's Node 22 and arm64 that knows its table and the topic for what goes wrong", () => {
    const template = NOTIFIER;

    expect(template.resource("aws_lambda_function")).toMatchObject({
      function_name: "alarm_notifier",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      environment: {
        variables: { TOPIC_ARN: topicArn("ops"), TABLE_NAME: reference("aws_dynamodb_table", "", "name") },
      },
    });
    expect(template.resource("aws_dynamodb_table")).toMatchObject({
      name: "alarm_notifier_told",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attribute_name: "expiresAt", enabled: true },
    });
  });

  it("gets the alarms from their topic, and keeps in its queue what the topic can't deliver", () => {
    const template = NOTIFIER;

    const subscription = template.resource("aws_sns_topic_subscription");
    expect(subscription).toMatchObject({
      topic_arn: topicArn("internal"),
      protocol: "lambda",
      endpoint: FUNCTION_ARN,
    });
    expect(JSON.parse(String(subscription.redrive_policy))).toEqual({ deadLetterTargetArn: QUEUE_ARN });
    expect(subscription).not.toHaveProperty("filter_policy");
    expect(template.resources("aws_cloudwatch_event_target")).toEqual([]);
  });

  it("tells people by Lambda itself of what it fails to tell, and keeps that in its queue, too", () => {
    const template = NOTIFIER;

    expect(template.resource("aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: topicArn("ops") } },
    });
    expect(template.resource("aws_lambda_function").dead_letter_config).toEqual({ target_arn: QUEUE_ARN });
    expect(template.resource("aws_sqs_queue")).toMatchObject({
      name: "alarm_notifier_dead_letters",
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 14 * 24 * 3600,
    });
  });

  it("is invoked by its topic and its rule, and by nobody else", () => {
    const invokers = (template: Template) =>
      template
        .resources("aws_lambda_permission")
        .map(({ action, principal, source_arn }) => [action, principal, source_arn]);

    const byTopic = ["lambda:InvokeFunction", "sns.amazonaws.com", topicArn("internal")];
    expect(invokers(NOTIFIER)).toEqual([byTopic]);
    const template = WITH_INSTANCES;
    const ruleArn = reference("aws_cloudwatch_event_rule", "audit_instances_rule_");
    expect(invokers(template)).toEqual([byTopic, ["lambda:InvokeFunction", "events.amazonaws.com", ruleArn]]);
    expect(template.resource("aws_cloudwatch_event_target")).toMatchObject({
      rule: "instances",
      target_id: "notifier",
      arn: FUNCTION_ARN,
      dead_letter_config: { arn: QUEUE_ARN },
      depends_on: [expect.stringContaining("aws_lambda_permission.notifier_instance-states")],
    });
    expect(template.resource("aws_cloudwatch_event_target")).not.toHaveProperty("input_transformer");
  });

  it("has a queue that its topic and its rule send to, and nobody else, each where it is there", () => {
    const senders = (template: Template) =>
      statements(template.resource("aws_sqs_queue_policy"))
        .filter(({ Effect }) => Effect === "Allow")
        .map(({ Principal, Action, Resource, Condition }) => ({ Principal, Action, Resource, Condition }));

    const bySns = {
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QUEUE_ARN,
      Condition: { ArnEquals: { "aws:SourceArn": [topicArn("internal")] } },
    };
    const byEvents = {
      ...bySns,
      Principal: { Service: "events.amazonaws.com" },
      Condition: {
        ArnEquals: { "aws:SourceArn": [reference("aws_cloudwatch_event_rule", "audit_instances_rule_")] },
      },
    };
    expect(senders(NOTIFIER)).toEqual([bySns]);
    expect(senders(WITH_INSTANCES)).toEqual([byEvents, bySns]);
    const policy = NOTIFIER.resource("aws_sqs_queue_policy");
    expect(statement(policy, "DenyWithoutTls").Effect).toBe("Deny");
  });

  it("may publish to its topics, by their keys, and write its own log", () => {
    const role = NOTIFIER.resource("aws_iam_role_policy", { name: "tell-people" });
    const resourceOf = (sid: string) => statement(role, sid).Resource;

    expect(resourceOf("TellPeople")).toEqual([topicArn("ops"), topicArn("people")]);
    expect(resourceOf("EncryptWhatItTells")).toEqual([reference("aws_kms_key", "shared-key")]);
    expect(resourceOf("NoteWhatIsTold")).toEqual(reference("aws_dynamodb_table", "notifier_told"));
    expect(resourceOf("KeepWhatCouldNotBeTold")).toEqual(QUEUE_ARN);
    for (const resource of resourceOf("FindEvents")) {
      expect(resource).toMatch(/:log-group:\/aws\/cloudtrail\/audit(?::\*)?$/);
    }
    // It reads the alarms, it doesn't publish them.
    expect(resourceOf("TellPeople")).not.toContainEqual(topicArn("internal"));
  });

  it("may publish to more topics than one policy has room for, by policies that are attached", () => {
    const template = notifierTemplate(({ trail, alarmTopic, key }) => ({
      alarms: Array.from({ length: 100 }, (_, index) => {
        const detection = { ...DETECTION, alarmName: `a${index}`, filterName: `f${index}` };
        const id = `many-${index}`;
        return {
          detection,
          alarm: new DetectionAlarm(trail, id, { detection, trail, topic: alarmTopic }),
          topic: new AlertTopic(trail, `topic-${id}`, { topicName: id, encryptionKey: key }),
        };
      }),
    }));

    const published = [...template.resources("aws_iam_role_policy"), ...template.resources("aws_iam_policy")]
      .flatMap((policy) => statements(policy))
      .filter(({ Action }) => Action === "sns:Publish")
      .flatMap(({ Resource }) => Resource);
    expect(new Set(published).size).toBe(101);
    expect(published).toHaveLength(101);
    expect(template.resources("aws_iam_policy").map(({ name }) => name)).toEqual([
      "alarm_notifier-tell-people-2",
      "alarm_notifier-tell-people-3",
    ]);
    const attached = template.resources("aws_iam_role_policy_attachment");
    expect(attached).toHaveLength(2);
    for (const { role } of attached) {
      expect(role).toEqual(reference("aws_iam_role", "notifier_", "name"));
    }
    // The function comes after all that it may.
    expect(template.resource("aws_lambda_function").depends_on).toEqual(
      expect.arrayContaining(
        ["aws_iam_role_policy_attachment", "aws_iam_role_policy"].flatMap((type) =>
          Object.keys(template.json.resource?.[type] ?? {})
            .filter((name) => name.startsWith("notifier_"))
            .map((name) => `${type}.${name}`),
        ),
      ),
    );
  });

  it("is watched by alarms that go to people without it", () => {
    const template = NOTIFIER;

    for (const end of ["errors", "throttles", "dead_letters"]) {
      const alarm = template.resource("aws_cloudwatch_metric_alarm", { alarm_name: `alarm_notifier_${end}` });
      expect(alarm).toMatchObject({ alarm_actions: [topicArn("ops")], treat_missing_data: "notBreaching" });
    }
    const ops = template
      .resources("aws_sns_topic_policy")
      .find(({ arn }) => String(arn).includes("ops")) as object;
    expect(statement({ ...ops }, "AlarmsPublish").Condition?.ArnEquals?.["aws:SourceArn"]).toHaveLength(3);
  });

  it("keeps its log encrypted, and no longer than told", () => {
    expect(
      notifierTemplate(() => ({ logRetentionDays: 90 })).resource("aws_cloudwatch_log_group", {
        name: "/aws/lambda/alarm_notifier",
      }),
    ).toMatchObject({ retention_in_days: 90, kms_key_id: reference("aws_kms_key", "shared-key") });
  });

  it("names all that is its own after the function", () => {
    const template = notifierTemplate(() => ({ functionName: "blue-notifier" }));
    const names = [
      ["aws_lambda_function", "function_name"],
      ["aws_dynamodb_table", "name"],
      ["aws_sqs_queue", "name"],
    ].map(([type = "", name = ""]) => template.resource(type)[name]);

    expect(names).toEqual(["blue-notifier", "blue-notifier_told", "blue-notifier_dead_letters"]);
    expect(template.resources("aws_iam_role").map(({ name }) => name)).toContain("blue-notifier");
  });

  it.each(["", "no spaces", "x".repeat(41)])("refuses the name %j", (functionName) => {
    expect(() => notifierTemplate(() => ({ functionName }))).toThrow(
      `functionName must be 1 to 40 letters, digits, "_" or "-", got ${JSON.stringify(functionName)}`,
    );
  });

  it("has parts that Terraform can bring into an order", () => {
    expect(cycleOf(WITH_INSTANCES)).toEqual([]);
  });

  it("allows no wildcard action", () => {
    const allowed = ["aws_iam_role_policy", "aws_sqs_queue_policy"]
      .flatMap((type) => WITH_INSTANCES.resources(type))
      .flatMap((policy): Statement[] => statements(policy))
      .filter(({ Effect }) => Effect === "Allow");

    expect(allowed.flatMap(({ Action }) => Action).join()).not.toContain("*");
  });
});

describe("what the notifier is told of its deployment", () => {
  const routes: AlarmNotifierProps["routes"] = [
    {
      name: "on-call",
      severities: ["critical"],
      detections: ["trail-guard"],
      slack: [
        { name: "on-call", secret: "slack/on-call", keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
        { name: "team", parameter: "/slack/team" },
      ],
    },
  ];

  it("is each alarm with its pattern, query, runbook and topic, and the routes without what Terraform needs of them", () => {
    const deployment = deploymentOf(
      archiveOf(() => ({ routes, relayedAlarmNames: ["enable_trail_errors"] })),
    );

    expect(deployment).toEqual({
      trailName: "audit",
      logGroupName: "/aws/cloudtrail/audit",
      alarms: {
        [DETECTION.alarmName]: {
          id: DETECTION.id,
          title: DETECTION.title,
          severity: DETECTION.severity,
          filterPattern: DETECTION.filterPattern,
          insightsQuery: expect.stringContaining('filter eventName = "AuthorizeSecurityGroupIngress"'),
          runbook: DETECTION.runbook,
          topicName: "people",
        },
      },
      relayedAlarms: ["enable_trail_errors"],
      routes: [
        {
          name: "on-call",
          severities: ["critical"],
          detections: ["trail-guard"],
          webhooks: [
            { name: "on-call", source: { secret: "slack/on-call" } },
            { name: "team", source: { parameter: "/slack/team" } },
          ],
        },
      ],
    });
  });

  it("is the topic of a route and that of instances, by name", () => {
    const deployment = deploymentOf(
      archiveOf((parts) => ({
        ...withInstanceStates(parts),
        routes: [{ name: "all", topic: parts.people }],
      })),
    );

    expect(deployment.instanceStatesTopicName).toBe("people");
    expect(deployment.routes).toEqual([{ name: "all", topicName: "people", webhooks: [] }]);
  });

  it("has no query where Logs Insights can't search by the pattern", () => {
    const detection: NotifiedDetection = { ...DETECTION, filterPattern: "[a, b]" };
    const deployment = deploymentOf(
      archiveOf(({ alarms }) => ({ alarms: alarms.map((notified) => ({ ...notified, detection })) })),
    );

    expect(deployment.alarms[DETECTION.alarmName]).toMatchObject({ filterPattern: "[a, b]" });
    expect(deployment.alarms[DETECTION.alarmName]).not.toHaveProperty("insightsQuery");
  });

  it("is in the archive with the hash that Lambda reports, the same at each synth, another for another deployment", () => {
    const first = archiveOf();
    const second = archiveOf();
    const other = archiveOf(() => ({ routes }));

    expect(createHash("sha256").update(first.content).digest("base64")).toBe(first.hash);
    expect(second.content.equals(first.content)).toBe(true);
    expect(other.hash).not.toBe(first.hash);
    expect(fileOf(first, "package.json")).toBe('{"type":"module"}');
  });

  it("refuses a webhook that is kept nowhere", () => {
    expect(() => notifierTemplate(() => ({ routes: [{ name: "r", slack: [{ name: "lost" }] }] }))).toThrow(
      'slack webhook "lost" needs a secret or a parameter with its URL',
    );
  });

  it("refuses what only Terraform knows, since nothing is filled in there", () => {
    const ofGroup = ({ trail }: Parts): Partial<AlarmNotifierProps> => ({
      trail: new AuditTrail(trail, "other", {
        trailName: "other",
        existingTrail: "other",
        existingLogGroup: new CloudwatchLogGroup(trail, "group", { name: "group" }).name,
      }),
    });

    expect(() => notifierTemplate(ofGroup)).toThrow(
      "the notifier must know at synth: logGroupName; give text, not references",
    );
  });
});
