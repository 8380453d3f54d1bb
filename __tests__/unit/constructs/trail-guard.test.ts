import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { parseConfig, type StackSettings } from "../../../config";
import {
  AlarmNotifier,
  AlertTopic,
  AuditTrail,
  DetectionAlarm,
  TrailGuard,
  type TrailGuardProps,
} from "../../../constructs";
import {
  alertTopicNames,
  type Detection,
  guardRules,
  PRESET_NAMES,
  PRESETS,
  roleChangesName,
} from "../../../detections";
import { readDeclaredState } from "../../../lambda-src/guard/declared-state";
import { guardSettings } from "../../../lambda-src/guard/settings";
import { eventOfRecord } from "../../../local/event-of-record";
import { parseEventPattern } from "../../../patterns";
import { defaultTemplate, foreignStack } from "../../support/app";
import { statement, Template } from "../../support/template";
import { cycleOf } from "./support/dependencies";
import { foreignStackOf, writtenArchive } from "./support/written-stack";

function guardTemplate(props: Partial<TrailGuardProps> = {}): Template {
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", {
    trailName: "audit",
    existingTrail: "audit",
    existingLogGroup: "group",
  });
  new TrailGuard(stack, "guard", { trail, ...props });
  return Template.fromStack(stack);
}

const TRAIL_ARN = expect.stringMatching(/^arn:\$\{.+\}:cloudtrail:\$\{.+\}:\$\{.+\}:trail\/audit$/);

/** A guard of a trail that is made with it, which has one alarm and one event alert. */
function wholeTemplate(props: Partial<TrailGuardProps> = {}): Template {
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", { trailName: "audit", insights: ["ApiErrorRateInsight"] });
  const topic = new AlertTopic(stack, "topic", { topicName: "alerts" });
  const [detection] = PRESETS["aws-guide"] as [Detection];
  const alarms = [new DetectionAlarm(stack, "alarm", { detection, trail, topic })];
  new TrailGuard(stack, "guard", { trail, alarms, topic, trailTags: { team: "security" }, ...props });
  return Template.fromStack(stack);
}

/** The whole of it with a notifier, and its topic as the one of routes. */
function withNotifier() {
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", { trailName: "audit" });
  const topic = new AlertTopic(stack, "topic", { topicName: "alerts" });
  const routesTopic = new AlertTopic(stack, "internal", { topicName: "internal" });
  const [detection] = PRESETS["aws-guide"] as [Detection];
  const alarm = new DetectionAlarm(stack, "alarm", { detection, trail, topic: routesTopic });
  const notifier = new AlarmNotifier(stack, "notifier", {
    trail,
    alarmTopic: routesTopic,
    alarms: [{ alarm, detection, topic }],
    topic,
  });
  new TrailGuard(stack, "guard", { trail, alarms: [alarm], topic, notifier, routesTopic });
  return { template: Template.fromStack(stack), notifier };
}

function keptAlarms(template: Template): unknown {
  const text = String(parameter(template, "declared-state").insecure_value);
  return readDeclaredState(text.replace(/\$\{[^}]*?(\w+)\}/g, "<$1>")).alarms;
}

function ownPartsPattern(template: Template) {
  const rule = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_own_parts" });
  return parseEventPattern(String(rule.event_pattern));
}

const ruleNames = (template: Template) =>
  template.resources("aws_cloudwatch_event_rule").map(({ name }) => name);

const parameter = (template: Template, name: string) =>
  template.resource("aws_ssm_parameter", { name: `/trailwarden/enable_trail/${name}` });

const GUARD = guardTemplate();
const WHOLE = wholeTemplate();

describe("the guard function", () => {
  it("is enable_trail on Lambda's Node 22 and arm64, and knows its trail", () => {
    expect(GUARD.resource("aws_lambda_function")).toMatchObject({
      function_name: "enable_trail",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      environment: { variables: { TRAIL_ARN, GUARD_MODE: "enforce" } },
    });
  });

  it("is set up by its props", () => {
    const { environment } = wholeTemplate({
      mode: "observe",
      modes: { bucket: "enforce" },
      exemptPrincipals: ["arn:aws:iam::123456789012:role/Terraform"],
      repairs: { limit: 7, windowMinutes: 3 },
      gracePeriodMinutes: 11,
      longestPauseMinutes: 60,
    }).resource("aws_lambda_function") as { environment: { variables: Record<string, string> } };

    expect(
      guardSettings({ ...environment.variables, AWS_LAMBDA_FUNCTION_NAME: "enable_trail" }),
    ).toMatchObject({
      modes: { bucket: "enforce", key: "observe" },
      exemptPrincipals: ["arn:aws:iam::123456789012:role/Terraform"],
      repairLimit: 7,
      repairWindowMinutes: 3,
      gracePeriodMinutes: 11,
      longestPauseMinutes: 60,
    });
  });

  it("is woken by StopLogging to the letter of AWS's example, by other tampering and by a schedule", () => {
    const template = wholeTemplate({ everyMinutes: 1 });

    const rule = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail" });
    expect(JSON.parse(String(rule.event_pattern))).toEqual({
      source: ["aws.cloudtrail"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
    });
    const schedule = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_regular_look" });
    expect(schedule.schedule_expression).toBe("rate(1 minute)");
    expect(ruleNames(template)).toEqual([
      "enable_trail_alert_topics",
      "enable_trail_own_parts",
      "enable_trail_regular_look",
      "enable_trail",
      "enable_trail_tampering",
    ]);
    expect(
      template
        .resources("aws_lambda_permission")
        .map(({ source_arn }) => source_arn)
        .sort(),
    ).toEqual(
      Object.keys(template.json.resource?.aws_cloudwatch_event_rule ?? {})
        .map((name) => `\${aws_cloudwatch_event_rule.${name}.arn}`)
        .sort(),
    );
  });

  it("tells people without the function when the guard or a topic is tampered with", () => {
    const template = WHOLE;

    for (const rule of ["own-parts", "alert-topics"]) {
      const [direct] = template
        .resources("aws_cloudwatch_event_target")
        .filter(({ rule: name, target_id }) => target_id === "topic" && String(name).includes(rule));
      expect(direct).toMatchObject({
        arn: expect.stringContaining("aws_sns_topic."),
        dead_letter_config: { arn: expect.stringContaining("aws_sqs_queue.") },
      });
      expect(JSON.stringify(direct)).toContain("run terraform apply");
    }
  });

  it("loses no event: what can't be delivered or handled is kept, encrypted, for 14 days", () => {
    const template = GUARD;

    const queueArn = expect.stringMatching(/^\$\{aws_sqs_queue\..+\.arn\}$/);
    expect(template.resource("aws_sqs_queue")).toMatchObject({
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 14 * 24 * 3600,
    });
    const targets = template.resources("aws_cloudwatch_event_target");
    expect(targets).toHaveLength(7);
    for (const target of targets) {
      expect(target).toMatchObject({ dead_letter_config: { arn: queueArn } });
    }
    expect(template.resource("aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: queueArn } },
    });
    const policy = template.resource("aws_sqs_queue_policy");
    const { Condition } = statement(policy, "EventRulesKeepWhatTheyCannotDeliver");
    const sources = Condition?.ArnEquals?.["aws:SourceArn"] as string[];
    expect(sources.map((arn) => arn.replace(/^.*:rule\//, "")).sort()).toEqual(ruleNames(template).sort());
    expect(statement(policy, "DenyWithoutTls").Effect).toBe("Deny");
  });

  it("is watched by alarms that go straight to the topic, and silence is one of them", () => {
    const template = WHOLE;

    const alarm = (name: string) => template.resource("aws_cloudwatch_metric_alarm", { alarm_name: name });
    for (const name of ["errors", "throttles", "dead_letters", "silence"]) {
      expect(alarm(`enable_trail_${name}`)).toMatchObject({
        alarm_actions: [expect.stringContaining("aws_sns_topic.")],
        statistic: name === "dead_letters" ? "Maximum" : "Sum",
      });
    }
    expect(alarm("enable_trail_silence")).toMatchObject({
      namespace: "Trailwarden",
      metric_name: "Looks",
      dimensions: { FunctionName: "enable_trail" },
      comparison_operator: "LessThanThreshold",
      period: 300,
      evaluation_periods: 3,
      treat_missing_data: "breaching",
    });
    const publishers = statement(template.resource("aws_sns_topic_policy"), "AlarmsPublish").Condition;
    expect(publishers?.ArnEquals?.["aws:SourceArn"]).toHaveLength(5);
  });

  it.each([
    [
      { functionName: "no spaces" },
      'functionName must be 1 to 40 letters, digits, "_" or "-", got "no spaces"',
    ],
    [{ everyMinutes: 0 }, "everyMinutes must be a whole number from 1 to 60, got 0"],
    [
      { repairs: { limit: 0, windowMinutes: 1 } },
      "repairs.limit must be a whole number from 1 to 1000, got 0",
    ],
    [{ gracePeriodMinutes: 1.5 }, "gracePeriodMinutes must be a whole number from 1 to 1440, got 1.5"],
  ])("refuses %j", (props, message) => {
    expect(() => guardTemplate(props)).toThrow(message);
  });

  it("keeps its log encrypted, and no longer than told", () => {
    expect(guardTemplate({ logRetentionDays: 90 }).resource("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/lambda/enable_trail",
      retention_in_days: 90,
      kms_key_id: expect.stringContaining("aws_kms_key."),
    });
  });
});

describe("a guard of a deployment with a notifier", () => {
  const { template, notifier } = withNotifier();

  it("keeps the notifier's alarms, too, and comes after all that Terraform may change of it", () => {
    const declared = JSON.stringify(keptAlarms(template));
    expect(notifier.alarmNames).toHaveLength(3);
    for (const name of notifier.alarmNames) {
      expect(declared).toContain(name);
    }
    const [guard] = Object.entries(template.json.resource?.aws_lambda_function ?? {}).flatMap(
      ([name, properties]) => (name.startsWith("guard_") ? [properties] : []),
    );
    const ofNotifier = Object.keys(template.json.resource?.aws_cloudwatch_metric_alarm ?? {})
      .filter((name) => name.startsWith("notifier_"))
      .map((name) => `aws_cloudwatch_metric_alarm.${name}`);
    expect(ofNotifier).toHaveLength(3);
    expect(guard?.depends_on).toEqual(expect.arrayContaining(ofNotifier));
  });

  it("watches its function, role, queue and table", () => {
    const pattern = ownPartsPattern(template);

    for (const [service, eventName, requestParameters] of [
      ["lambda", "DeleteFunction20150331", { functionName: "alarm_notifier" }],
      ["iam", "DeleteRolePolicy", { roleName: "alarm_notifier" }],
      ["sqs", "PurgeQueue", { queueUrl: "https://sqs.example/1/alarm_notifier_dead_letters" }],
      ["dynamodb", "DeleteTable", { tableName: "alarm_notifier_told" }],
    ] as const) {
      const source = `${service}.amazonaws.com`;
      const event = eventOfRecord({
        eventSource: source,
        eventName,
        requestParameters,
        eventType: "AwsApiCall",
        awsRegion: "eu-west-1",
        recipientAccountId: "123456789012",
      });
      expect([eventName, pattern.matches(event)]).toEqual([eventName, true]);
      expect([eventName, ownPartsPattern(WHOLE).matches(event)]).toEqual([eventName, false]);
    }
  });

  it("tells routes what it has told people, and so do its alarms", () => {
    const guard = template.resource("aws_lambda_function", { function_name: "enable_trail" });
    const [people, internal] = ["topic", "internal"].map((id) =>
      expect.stringContaining(`aws_sns_topic.${id}_`),
    );
    expect(guard).toMatchObject({
      environment: {
        variables: {
          // Known before the topics are made: a function that is adopted without an environment could not be changed else.
          TOPIC_ARN: expect.stringMatching(/^arn:.*:sns:.*:alerts$/),
          ROUTES_TOPIC_ARN: expect.stringMatching(/^arn:.*:sns:.*:internal$/),
        },
      },
    });
    const silence = template.resource("aws_cloudwatch_metric_alarm", { alarm_name: "enable_trail_silence" });
    expect(silence.alarm_actions).toEqual([people, internal]);
    // What is told without the function goes straight to people.
    const direct = template
      .resources("aws_cloudwatch_event_target")
      .filter(({ target_id }) => target_id === "topic");
    expect(direct.map(({ arn }) => arn)).toEqual([people, people]);
  });

  it("is in an order that Terraform can bring it into", () => {
    expect(cycleOf(template)).toEqual([]);
  });
});

describe("what the guard keeps", () => {
  /** The declared state as the guard reads it, with a text for each reference that Terraform fills in. */
  const declaredBy = (template: Template) =>
    readDeclaredState(
      String(parameter(template, "declared-state").insecure_value).replace(/\$\{[^}]*?(\w+)\}/g, "<$1>"),
    );

  it("is what Terraform declares", () => {
    const declared = declaredBy(WHOLE);

    expect(declared).toMatchObject({
      trail: {
        arn: "arn:<partition>:cloudtrail:<id>:<account_id>:trail/audit",
        settings: {
          bucketName: "audit-<account_id>-<id>",
          keyArn: "<arn>",
          logGroupArn: "arn:<partition>:logs:<id>:<account_id>:log-group:/aws/cloudtrail/audit:*",
          roleArn: "arn:<partition>:iam::<account_id>:role/audit-log-delivery",
          multiRegion: true,
          globalServiceEvents: true,
          logFileValidation: true,
          eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }],
          insightSelectors: ["ApiErrorRateInsight"],
          tags: { team: "security" },
        },
      },
      bucket: {
        name: "audit-<account_id>-<id>",
        encryptionKeyArn: "<arn>",
        lifecycle: { id: "expire-log-files", expiration: 365, noncurrentVersionExpiration: 90 },
      },
      key: { arn: "<arn>" },
      logGroup: {
        name: "/aws/cloudtrail/audit",
        retentionDays: 365,
        keyArn: "<arn>",
        metricFilters: [
          {
            name: "SecurityGroupEvents",
            pattern: expect.stringContaining("AuthorizeSecurityGroupIngress"),
            namespace: "CloudTrailMetrics",
            metricName: "SecurityGroupEventCount",
          },
        ],
      },
      alarms: [
        { name: "Security group configuration changes", tells: true },
        { name: "enable_trail_errors", tells: true },
        { name: "enable_trail_throttles", tells: true },
        { name: "enable_trail_dead_letters", tells: true },
        { name: "enable_trail_silence", tells: true },
      ],
    });
    expect([...declared.rules].sort()).toEqual(ruleNames(WHOLE).sort());
  });

  it("is the bucket's policy as Terraform puts it", () => {
    const template = WHOLE;
    const readable = (text: string) => text.replace(/\$\{[^}]*?(\w+)\}/g, "<$1>");

    expect(declaredBy(template).bucket?.policy).toEqual(
      JSON.parse(readable(String(template.resource("aws_s3_bucket_policy").policy))),
    );
  });

  it("is only logging, filters, alarms and rules for a trail that exists already", () => {
    expect(declaredBy(GUARD)).toEqual({
      trail: { arn: expect.stringMatching(/:trail\/audit$/) },
      logGroup: { name: "group", metricFilters: [] },
      alarms: expect.any(Array),
      rules: expect.any(Array),
    });
  });

  it("is written before Terraform touches it, and its digest taken away before and written after", () => {
    const { resource = {} } = WHOLE.json;
    const address = (type: string, part: string) =>
      Object.keys(resource[type] ?? {})
        .filter((name) => name.includes(part))
        .map((name) => `${type}.${name}`);
    const [declared] = address("aws_ssm_parameter", "declared-state");
    const guarded = [
      "aws_cloudtrail",
      "aws_cloudwatch_log_metric_filter",
      "aws_cloudwatch_metric_alarm",
      "aws_cloudwatch_event_rule",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
    ].flatMap((type) => address(type, ""));
    expect(guarded).toHaveLength(18);
    const dependsOn = (name: string) => {
      const [type = "", id = ""] = name.split(".");
      return resource[type]?.[id]?.depends_on;
    };

    for (const name of guarded) {
      expect(dependsOn(name)).toContain(declared);
    }
    const [applied = ""] = address("aws_ssm_parameter", "applied-state");
    expect(dependsOn(applied)).toEqual(expect.arrayContaining(guarded));
    const [, id = ""] = applied.split(".");
    expect(resource.aws_ssm_parameter?.[id]).toMatchObject({
      insecure_value: `\${sha256(${declared}.insecure_value)}`,
      lifecycle: { replace_triggered_by: expect.arrayContaining([declared, ...guarded]) },
    });
    // And the guard goes before all of it.
    expect(dependsOn(address("aws_lambda_function", "")[0] ?? "")).toEqual(expect.arrayContaining(guarded));
  });

  it("leaves to people and to the guard what they write", () => {
    for (const name of ["pause", "memory"]) {
      expect(parameter(WHOLE, name).lifecycle).toEqual({ ignore_changes: ["insecure_value"] });
    }
  });

  it("fits its parameter with every preset in both dialects and the longest prefix", () => {
    const namePrefix = "acme-production-eu-";
    const { detections } = parseConfig({
      environments: {
        main: { region: "eu-west-1", namePrefix, detections: { preset: [...PRESET_NAMES], dialect: "both" } },
      },
    }).main as StackSettings;
    const template = defaultTemplate({ namePrefix, detections });

    const declared = template
      .resources("aws_ssm_parameter")
      .find(({ name }) => String(name).endsWith("/declared-state"));
    expect(String(declared?.insecure_value).length).toBeLessThan(4096 - 4 * 96);
  });

  it("takes a larger parameter where it has to, which AWS charges for", () => {
    const { detections } = parseConfig({
      environments: {
        main: {
          region: "eu-west-1",
          detections: {
            preset: [...PRESET_NAMES],
            dialect: "both",
            ignorePrincipals: ["arn:aws:iam::123456789012:role/Deploy"],
          },
        },
      },
    }).main as StackSettings;

    expect(parameter(defaultTemplate({ detections }), "declared-state").tier).toBe("Advanced");
    expect(parameter(defaultTemplate(), "declared-state")).not.toHaveProperty("tier");
  });

  it("says so if it doesn't fit", () => {
    const stack = foreignStack();
    const trail = new AuditTrail(stack, "audit", { trailName: "audit" });
    const alarms = Array.from({ length: 100 }, (_, index) => {
      const random = createHash("sha512").update(String(index)).digest("base64url");
      const detection = {
        ...(PRESETS["aws-guide"][0] as Detection),
        filterName: random,
        alarmName: random,
        metricName: random,
      };
      return new DetectionAlarm(stack, `alarm-${index}`, { detection, trail });
    });

    expect(() => new TrailGuard(stack, "guard", { trail, alarms })).toThrow(
      /^what the guard is to keep takes \d+ characters, and its parameter holds 8192: leave out detections/,
    );
  });
});

describe("the guard's event patterns", () => {
  const long = (length: number) => "x".repeat(length);

  it.each([
    // What repeats itself is harder on wildcards.
    ["x's", long(20)],
    ["a usual prefix", "acme-production-eu1-"],
    ["a prefix like the names themselves", "trailwarden-trailwa-"],
  ])(
    "are within EventBridge's 2,048 characters and its wildcards with the longest names: %s",
    (_, prefix) => {
      expect(prefix).toHaveLength(20);
      const functionName = `${prefix}enable_trail`;
      const otherFunctionNames = [`${prefix}alarm_notifier`];
      const rules = guardRules({
        functionName,
        otherFunctionNames,
        roleArn: `arn:aws-us-gov:iam::123456789012:role/${functionName}`,
        roleNames: [
          `${long(35)}-log-delivery`,
          functionName,
          roleChangesName(functionName),
          ...otherFunctionNames,
        ],
        bucketName: long(63),
        logGroupName: `/aws/cloudtrail/${long(35)}`,
        ruleNames: [`${prefix}ec2_state_change`],
        topicNames: alertTopicNames(prefix, {
          routes: Array.from({ length: 10 }, (_, index) => ({ name: `${long(39)}${index}` })),
        }),
      });

      for (const { eventPattern } of Object.values(rules)) {
        expect(JSON.stringify(eventPattern).length).toBeLessThanOrEqual(2048);
        expect(() => parseEventPattern(JSON.stringify(eventPattern))).not.toThrow();
      }
    },
  );
});

describe("the function's archive", () => {
  const archive = () =>
    writtenArchive("enable_trail", (app) => {
      const stack = foreignStackOf(app);
      const trail = new AuditTrail(stack, "audit", { trailName: "a-b-c" });
      new TrailGuard(stack, "guard", { trail });
      return stack;
    });

  it("is written beside the stack's JSON with the hash that Lambda reports, the same each time", () => {
    const first = archive();
    const second = archive();

    expect(createHash("sha256").update(first.content).digest("base64")).toBe(first.hash);
    expect(second.content.equals(first.content)).toBe(true);
  });

  it("holds minified ES modules, each client apart from what every start needs, and no path of the machine", () => {
    const { "package.json": description, ...modules } = unzipSync(archive().content);

    expect(JSON.parse(Buffer.from(description as Uint8Array).toString())).toEqual({ type: "module" });
    const text = (name: string) => Buffer.from(modules[name] as Uint8Array).toString();
    expect(text("index.js")).toContain("handler");
    for (const client of ["cloudtrail", "s3", "sns", "ssm"]) {
      const [file = ""] = Object.keys(modules).filter((name) => name.startsWith(`${client}-`));
      expect(text("index.js")).toContain(`import("./${file}")`);
    }
    for (const name of Object.keys(modules)) {
      expect(text(name)).not.toContain(process.cwd());
      // One line, but for those that texts have.
      expect(text(name).split("\n").length).toBeLessThan(100);
    }
  });
});
