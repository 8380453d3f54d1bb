import { watchedPatterns } from "../../../cli/match/watched-patterns";
import { parseConfig, type StackSettings } from "../../../config";
import { type AlertSettings, TrailwardenStack, type TrailwardenStackProps } from "../../../constructs";
import { PRESET_NAMES, PRESETS } from "../../../detections";
import { defaultTemplate } from "../../support/app";
import { type Statement, statement, statements, type Template } from "../../support/template";
import { cycleOf } from "./support/dependencies";
import { deploymentOf, fileOf, writtenArchive } from "./support/written-stack";

const DEFAULT = defaultTemplate();

describe("the default stack", () => {
  it("is as reviewed", () => {
    const json = JSON.stringify(DEFAULT.json, null, 2)
      // The archives' hashes change with every change of the functions' code.
      .replace(/(?<=(?:guard|notifier)_archive_\w+\/)[0-9a-f]{64}/g, "SHA256_HEX")
      .replace(/(?<="source_code_hash": ")[^"]+/g, "SHA256_BASE64");

    expect(json).toMatchSnapshot();
  });

  it("works with both majors of the AWS provider", () => {
    expect(DEFAULT.json).toMatchObject({
      terraform: {
        required_providers: { aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } },
        required_version: ">= 1.5.7",
      },
    });
  });

  it("has the outputs that other tools read", () => {
    expect(DEFAULT.json).toMatchObject({
      output: {
        trail_arn: { value: expect.stringMatching(/:trail\/trailwarden$/) },
        bucket_name: { value: expect.stringContaining("aws_s3_bucket.") },
        log_group_name: { value: expect.stringContaining("aws_cloudwatch_log_group.") },
        topic_arns: {
          value: {
            SecurityGroupChanges_CloudWatch_Alarms_Topic: expect.any(String),
            ConsoleSignInFailures_CloudWatch_Alarms_Topic: expect.any(String),
            IAM_Policy_Changes_CloudWatch_Alarms_Topic: expect.any(String),
            EC2StateChange_Events_Topic: expect.any(String),
            TrailGuard_Alerts_Topic: expect.any(String),
          },
        },
        notifier_function_name: { value: "alarm_notifier" },
        guard_function_name: { value: expect.stringContaining("aws_lambda_function.") },
        guard_pause_parameter_name: { value: "/trailwarden/enable_trail/pause" },
      },
    });
  });

  it("allows no wildcard action and trusts no one but AWS services and the account's own policies", () => {
    const policies = Object.values(DEFAULT.json.resource ?? {})
      .flatMap((byName) => Object.values(byName))
      .flatMap((resource) => ["policy", "assume_role_policy"].map((name) => ({ resource, name })))
      .filter(({ resource, name }) => typeof resource[name] === "string")
      .flatMap(({ resource, name }) => statements(resource, name));
    expect(policies.length).toBeGreaterThan(20);

    const allowed = policies.filter(({ Effect }) => Effect === "Allow");
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    expect(allowed.filter((statement) => !trustworthy(statement))).toEqual([]);
  });

  it("has one key for everything", () => {
    expect(DEFAULT.resources("aws_kms_key")).toHaveLength(1);
  });

  it("names no partition, account or region of its own", () => {
    const { provider: _, ...json } = DEFAULT.json;

    expect(JSON.stringify(json)).not.toMatch(/arn:aws|ap-northeast-2|\b\d{12}\b/);
  });
});

function trustworthy({ Principal }: Statement): boolean {
  if (Principal === undefined) {
    return true;
  }
  const { Service, AWS } = Principal as { Service?: string; AWS?: string };
  return Service?.endsWith(".amazonaws.com") ?? /^arn:\$\{.+\}:iam::\$\{.+\}:root$/.test(AWS ?? "");
}

/** Alarms that watch guard and notifier. */
const FUNCTION_ALARMS = 4 + 3;

const topicReference = (part: string) =>
  expect.stringMatching(new RegExp(`^\\$\\{aws_sns_topic\\.${part}_topic_\\w+\\.arn\\}$`));

const topicNames = (template: Template) =>
  template
    .resources("aws_sns_topic")
    .map(({ name }) => name)
    .sort();

function parsedDetections(): StackSettings["detections"] {
  return (parseConfig({ environments: { main: { region: "eu-west-1" } } }).main as StackSettings).detections;
}

describe("an environment's settings", () => {
  it("shares one topic among all alerts", () => {
    const template = defaultTemplate({ alerts: { emails: ["a@example.com"], topics: "shared" } });

    expect(topicNames(template)).toEqual(["AlarmNotifier_CloudWatch_Alarms_Topic", "trailwarden-alerts"]);
    expect(template.resources("aws_sns_topic_subscription").map(({ protocol }) => protocol)).toEqual([
      "lambda",
      "email",
    ]);
    expect(template.resources("aws_cloudwatch_metric_alarm")).toHaveLength(3 + FUNCTION_ALARMS);
  });

  it("puts the prefix before every name", () => {
    const template = defaultTemplate({ namePrefix: "blue-" });
    const names: Record<string, string> = {
      aws_cloudtrail: "name",
      aws_cloudwatch_dashboard: "dashboard_name",
      aws_dynamodb_table: "name",
      aws_s3_bucket: "bucket",
      aws_cloudwatch_event_rule: "name",
      aws_cloudwatch_log_metric_filter: "name",
      aws_cloudwatch_metric_alarm: "alarm_name",
      aws_iam_role: "name",
      aws_lambda_function: "function_name",
      aws_sns_topic: "name",
      aws_sqs_queue: "name",
    };

    for (const [type, name] of Object.entries(names)) {
      expect(template.resources(type)).not.toEqual([]);
      for (const resource of template.resources(type)) {
        expect(resource[name]).toMatch(/^blue-/);
      }
    }
    expect(template.resource("aws_kms_alias").name).toBe("alias/blue-trailwarden");
    expect(template.resources("aws_cloudwatch_log_group").map(({ name }) => name)).toEqual([
      "/aws/lambda/blue-enable_trail",
      "/aws/lambda/blue-alarm_notifier",
      "/aws/cloudtrail/blue-trailwarden",
    ]);
  });

  it("tells of the EC2 states that were chosen, and of none if there are none", () => {
    const some = defaultTemplate({ ec2States: ["pending"] });
    const rule = some.resource("aws_cloudwatch_event_rule", { name: "ec2_state_change" });
    expect(JSON.parse(String(rule.event_pattern)).detail).toEqual({ state: ["pending"] });

    const none = defaultTemplate({ ec2States: [] });
    for (const { name } of none.resources("aws_cloudwatch_event_rule")) {
      expect(name).toMatch(/^enable_trail/);
    }
  });

  it("makes no guard when it is off", () => {
    const template = defaultTemplate({ guard: { mode: "off" } });

    expect(template.resource("aws_lambda_function").function_name).toBe("alarm_notifier");
    expect(template.json).not.toHaveProperty("output.guard_function_name");
    // By which Terraform destroys what an earlier guard had there.
    expect(template.json).toMatchObject({
      provider: { aws: [{}, { region: "us-east-1", alias: "global" }] },
    });
    // What the notifier could not tell goes there.
    expect(topicNames(template)).toContain("TrailGuard_Alerts_Topic");
  });

  it("leaves alarms and EC2 events to people's topics without a notifier, as they are", () => {
    const template = defaultTemplate({ alerts: { emails: ["a@example.com"], enrich: false } });

    const alarm = template.resource("aws_cloudwatch_metric_alarm", { alarm_name: "IAM Policy Changes" });
    expect(alarm.alarm_actions).toEqual([topicReference("topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic")]);
    const [target, ...others] = template
      .resources("aws_cloudwatch_event_target")
      .filter(({ rule }) => String(rule).includes("ec2"));
    expect(others).toEqual([]);
    expect(target).toMatchObject({
      target_id: "topic",
      arn: topicReference("topic-EC2StateChange_Events_Topic"),
      input_transformer: {
        input_paths: {
          instance: "$.detail.instance-id",
          state: "$.detail.state",
          account: "$.account",
          region: "$.region",
          time: "$.time",
        },
        input_template:
          '"EC2 instance <instance> is now <state>."\n"Account <account>, region <region>, at <time>."',
      },
    });
    expect(topicNames(template)).toEqual([
      "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
      "EC2StateChange_Events_Topic",
      "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
      "SecurityGroupChanges_CloudWatch_Alarms_Topic",
      "TrailGuard_Alerts_Topic",
    ]);
    expect(template.resource("aws_lambda_function").function_name).toBe("enable_trail");
    expect(template.resources("aws_dynamodb_table")).toEqual([]);
    expect(template.json).not.toHaveProperty("output.notifier_function_name");
    expect(JSON.stringify(template.json)).not.toMatch(/notifier/i);
  });

  it("tags through the provider, and reaches an emulator if told", () => {
    const { json } = defaultTemplate({
      tags: { team: "security" },
      provider: { endpoint: "http://127.0.0.1:5000", s3UsePathStyle: true, skipMetadataApiCheck: true },
    });

    const settings = {
      default_tags: [{ tags: { team: "security" } }],
      endpoints: [{ cloudtrail: "http://127.0.0.1:5000", sts: "http://127.0.0.1:5000" }],
      s3_use_path_style: true,
      skip_metadata_api_check: "true",
    };
    expect(json).toMatchObject({
      provider: {
        aws: [
          { ...settings, region: "ap-northeast-2" },
          { ...settings, region: "us-east-1", alias: "global" },
        ],
      },
    });
  });

  it.each([
    ["eu-west-1", "us-east-1"],
    ["us-gov-east-1", "us-gov-west-1"],
    ["cn-northwest-1", "cn-north-1"],
  ])("brings what is done to its roles home to %s from %s, where IAM's events arrive", (region, from) => {
    const template = defaultTemplate({ region });

    expect(template.json).toMatchObject({
      provider: { aws: [{ region }, { region: from, alias: "global" }] },
    });
    const rule = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_role_changes" });
    expect(rule.provider).toBe("aws.global");
    expect(JSON.parse(String(rule.event_pattern))).toMatchObject({
      source: ["aws.iam"],
      detail: {
        requestParameters: {
          roleName: expect.arrayContaining([
            "enable_trail",
            "trailwarden-log-delivery",
            "enable_trail_role_changes",
          ]),
        },
      },
    });
    expect(template.resource("aws_cloudwatch_event_target", { target_id: "home" })).toMatchObject({
      provider: "aws.global",
      arn: expect.stringMatching(/:event-bus\/default$/),
      role_arn: expect.stringContaining("aws_iam_role."),
    });
    const role = template.resource("aws_iam_role", { name: "enable_trail_role_changes" });
    expect(statement(role, "TheRuleSendsEvents", "assume_role_policy").Condition).toEqual({
      StringEquals: {
        "aws:SourceArn": expect.stringContaining(`:events:${from}:`),
      },
    });
  });

  it.each(["us-east-1", "us-gov-west-1", "cn-north-1"])("has IAM's events at hand in %s", (region) => {
    const template = defaultTemplate({ region });

    expect(template.json.provider).toMatchObject({ aws: [{ region }] });
    expect(template.resources("aws_iam_role").map(({ name }) => name)).toEqual([
      "enable_trail",
      "alarm_notifier",
      "trailwarden-log-delivery",
    ]);
  });

  it("makes an alarm for each detection, and none without detections", () => {
    const alarms = (detections: StackSettings["detections"]) =>
      defaultTemplate({ detections, guard: { mode: "off" }, alerts: { enrich: false } }).resources(
        "aws_cloudwatch_metric_alarm",
      );

    expect(alarms([])).toEqual([]);
    expect(alarms(parsedDetections().slice(0, 2))).toHaveLength(2);
  });
});

/** Everything that an environment may have of alerts. */
const ALERTS: AlertSettings = {
  emails: ["a@example.com"],
  subscribers: [
    { protocol: "https", endpoint: "https://events.example.com/alerts" },
    { protocol: "https", endpointParameter: "/pagerduty/url", receives: "alarms" },
  ],
  routes: [
    { name: "on-call", severities: ["critical"], emails: ["call@example.com"] },
    { name: "siem", subscribers: [{ protocol: "sqs", endpoint: "arn:aws:sqs:eu-west-1:123456789012:siem" }] },
    { name: "slack", detections: ["trail-guard"], slack: [{ name: "team", secret: "slack/team" }] },
  ],
  chatbot: [{ name: "security", slackWorkspaceId: "T0123456789", slackChannelId: "C0123456789" }],
};

describe("alerts that a notifier makes", () => {
  const whole = defaultTemplate({ alerts: ALERTS, detections: PRESETS["aws-guide"] });
  const INTERNAL = topicReference("topic-AlarmNotifier_CloudWatch_Alarms_Topic");
  const GUARD = topicReference("topic-TrailGuard_Alerts_Topic");

  /** Subscriptions of the topics whose ids include the text. */
  const subscribersOf = (topic: string) =>
    whole
      .resources("aws_sns_topic_subscription")
      .filter(({ topic_arn }) => String(topic_arn).includes(topic))
      .map(({ protocol, endpoint }) => [protocol, endpoint]);

  it("come of alarms that publish to a topic of their own, which only the notifier and takers of alarms read", () => {
    for (const { alarmName } of PRESETS["aws-guide"]) {
      const alarm = whole.resource("aws_cloudwatch_metric_alarm", { alarm_name: alarmName });
      expect(alarm.alarm_actions).toEqual([INTERNAL]);
    }
    expect(subscribersOf("AlarmNotifier").sort()).toEqual([
      ["https", expect.stringContaining("data.aws_ssm_parameter.")],
      ["lambda", expect.stringContaining("aws_lambda_function.notifier_")],
    ]);
    // What the guard hands on to routes is no alarm.
    const [taker] = whole
      .resources("aws_sns_topic_subscription")
      .filter(
        ({ topic_arn, protocol }) => String(topic_arn).includes("AlarmNotifier") && protocol === "https",
      );
    expect(JSON.parse(String(taker?.filter_policy))).toEqual({ AlarmName: [{ exists: true }] });
    expect(taker?.filter_policy_scope).toBe("MessageBody");
  });

  it("reach each topic's people and takers of messages", () => {
    for (const topic of [
      ...PRESETS["aws-guide"].map(({ topicName }) => topicName),
      "EC2StateChange",
      "TrailGuard",
    ]) {
      expect(subscribersOf(topic).sort()).toEqual([
        ["email", "a@example.com"],
        ["https", "https://events.example.com/alerts"],
      ]);
    }
  });

  it("go on to routes, each with a topic of its own where it has subscribers", () => {
    expect(topicNames(whole).filter((name) => String(name).startsWith("trailwarden-"))).toEqual([
      "trailwarden-on-call",
      "trailwarden-siem",
    ]);
    expect(subscribersOf("route-on-call")).toEqual([["email", "call@example.com"]]);
    expect(subscribersOf("route-siem")).toEqual([["sqs", "arn:aws:sqs:eu-west-1:123456789012:siem"]]);
    const policy = whole.resource("aws_iam_role_policy", { name: "tell-people" });
    expect(statement(policy, "TellPeople").Resource).toEqual(
      expect.arrayContaining(["route-on-call", "route-siem"].map(topicReference)),
    );
    expect(statement(policy, "ReadWebhooksOfSecrets").Resource).toEqual([
      expect.stringMatching(/:secret:slack\/team-\?{6}$/),
    ]);
  });

  it("are what Amazon Q Developer tells a channel of: every topic that people read, and no other", () => {
    const { sns_topic_arns } = whole.resource("aws_chatbot_slack_channel_configuration", {
      configuration_name: "security",
    });

    expect(sns_topic_arns).toEqual(
      [
        ...PRESETS["aws-guide"].map(({ topicName }) => topicName),
        "EC2StateChange_Events_Topic",
        "TrailGuard_Alerts_Topic",
      ].map((name) => topicReference(`topic-${name}`)),
    );
  });

  it("come of the guard, too, but only where there are routes", () => {
    const guardOf = (template: Template) => {
      const { environment } = template.resource("aws_lambda_function", { function_name: "enable_trail" });
      const alarm = template.resource("aws_cloudwatch_metric_alarm", { alarm_name: "enable_trail_silence" });
      const policy = template.resource("aws_iam_role_policy", { name: "keep-the-trail-as-declared" });
      return {
        variables: (environment as { variables: object }).variables,
        actions: alarm.alarm_actions,
        topics: [statement(policy, "TellPeople").Resource].flat(),
      };
    };

    expect(guardOf(whole)).toEqual({
      variables: expect.objectContaining({
        TOPIC_ARN: expect.stringMatching(/^arn:.*:sns:.*:TrailGuard_Alerts_Topic$/),
        ROUTES_TOPIC_ARN: expect.stringMatching(/^arn:.*:sns:.*:AlarmNotifier_CloudWatch_Alarms_Topic$/),
      }),
      actions: [GUARD, INTERNAL],
      topics: [GUARD, INTERNAL],
    });
    const plain = guardOf(DEFAULT);
    expect(plain).toMatchObject({ actions: [GUARD], topics: [GUARD] });
    expect(plain.variables).not.toHaveProperty("ROUTES_TOPIC_ARN");
  });

  it("that tell of the notifier's own failure don't go through it", () => {
    for (const end of ["errors", "throttles", "dead_letters"]) {
      const alarm = whole.resource("aws_cloudwatch_metric_alarm", { alarm_name: `alarm_notifier_${end}` });
      expect(alarm.alarm_actions).toEqual([GUARD]);
    }
  });

  it("come of the rule on EC2 instances by way of the notifier, as the event is", () => {
    const targets = whole
      .resources("aws_cloudwatch_event_target")
      .filter(({ rule }) => String(rule).includes("ec2"));

    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ arn: expect.stringContaining("aws_lambda_function.notifier_") });
    expect(targets[0]).not.toHaveProperty("input_transformer");
  });

  it("are of parts that Terraform can bring into an order", () => {
    expect(cycleOf(whole)).toEqual([]);
    expect(cycleOf(DEFAULT)).toEqual([]);
  });

  it("allow nobody a wildcard action", () => {
    const allowed = ["aws_iam_role_policy", "aws_iam_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy"]
      .flatMap((type) => whole.resources(type))
      .flatMap((policy) => statements(policy))
      .filter(({ Effect }) => Effect === "Allow");

    expect(allowed.flatMap(({ Action }) => Action).join()).not.toContain("*");
  });

  it("are shown by the dashboard, with both functions", () => {
    const body = String(whole.resource("aws_cloudwatch_dashboard").dashboard_body);

    for (const name of ["alarm_notifier", "enable_trail", "AlarmNotifier_CloudWatch_Alarms_Topic"]) {
      expect(body).toContain(`"${name}"`);
    }
  });

  it("are made of a file in the function's archive, which holds nothing secret and no address", () => {
    const archive = writtenArchive(
      "alarm_notifier",
      (app) =>
        new TrailwardenStack(app, "main", {
          region: "eu-west-1",
          detections: PRESETS["aws-guide"],
          alerts: ALERTS,
        }),
    );
    const deployment = deploymentOf(archive);

    expect(deployment.routes).toEqual([
      { name: "on-call", severities: ["critical"], topicName: "trailwarden-on-call", webhooks: [] },
      { name: "siem", topicName: "trailwarden-siem", webhooks: [] },
      {
        name: "slack",
        detections: ["trail-guard"],
        webhooks: [{ name: "team", source: { secret: "slack/team" } }],
      },
    ]);
    expect(deployment.instanceStatesTopicName).toBe("EC2StateChange_Events_Topic");
    expect(deployment.relayedAlarms).toEqual(
      ["errors", "throttles", "dead_letters", "silence"].map((end) => `enable_trail_${end}`),
    );
    expect(fileOf(archive, "deployment.json")).not.toMatch(/\w@\w|https:|sqs|pagerduty|arn:|Token/);
  });

  it.each<[string, Partial<TrailwardenStackProps>]>([
    ["routes", { alerts: { ...ALERTS, routes: [] } }],
    ["a guard", { alerts: ALERTS, guard: { mode: "off" } }],
  ])("hand no alarm of the guard on without %s", (_, props) => {
    const archive = writtenArchive(
      "alarm_notifier",
      (app) =>
        new TrailwardenStack(app, "main", {
          region: "eu-west-1",
          detections: PRESETS["aws-guide"],
          ...props,
        }),
    );

    expect(deploymentOf(archive).relayedAlarms).toEqual([]);
  });

  it("are of every alarm that pages, whichever detections there are, by the topic that it has", () => {
    const { detections } = parseConfig({
      environments: {
        main: {
          region: "eu-west-1",
          namePrefix: "blue-",
          detections: { preset: [...PRESET_NAMES], dialect: "both" },
        },
      },
    }).main as StackSettings;
    const props = { region: "eu-west-1", namePrefix: "blue-", detections };
    const template = defaultTemplate(props);
    const { alarms } = deploymentOf(
      writtenArchive("blue-alarm_notifier", (app) => new TrailwardenStack(app, "main", props)),
    );

    const paging = detections.filter(({ pages }) => pages !== false);
    expect(paging.length).toBeLessThan(detections.length);
    expect(Object.keys(alarms).sort()).toEqual(
      template
        .resources("aws_cloudwatch_metric_alarm")
        .filter(({ alarm_actions }) => JSON.stringify(alarm_actions ?? []).includes("AlarmNotifier_"))
        .map(({ alarm_name }) => alarm_name)
        .sort(),
    );
    for (const { alarmName, id, title, severity, filterPattern, runbook, topicName } of paging) {
      expect(alarms[`blue-${alarmName}`]).toMatchObject({
        id,
        title,
        severity,
        filterPattern,
        runbook,
        topicName: `blue-${topicName}`,
      });
    }
  });
});

describe("the AWS services that an emulator is asked for", () => {
  it("are those of all of the stack's resources", () => {
    const template = defaultTemplate({
      alerts: ALERTS,
      provider: { endpoint: "http://127.0.0.1:5000" },
      trail: { insights: ["ApiErrorRateInsight"], objectLock: { mode: "GOVERNANCE", days: 1 } },
    });
    const [{ endpoints: [endpoints = {}] = [] }] = (
      template.json.provider as { aws: [{ endpoints?: Record<string, string>[] }] }
    ).aws;

    const needed = new Set(
      [...Object.keys(template.json.resource ?? {}), ...Object.keys(template.json.data ?? {})].flatMap(
        serviceOf,
      ),
    );
    expect(needed.size).toBeGreaterThan(12);
    expect([...needed].filter((service) => !(service in endpoints))).toEqual([]);
  });
});

/** The service that the AWS provider asks of a type of resources. */
function serviceOf(type: string): string[] {
  const known: Readonly<Record<string, string | undefined>> = {
    aws_caller_identity: "sts",
    // Of the provider itself.
    aws_partition: undefined,
    aws_region: undefined,
  };
  if (type in known) {
    return [known[type] ?? []].flat();
  }
  const [, ofCloudWatch] = /^aws_cloudwatch_(event|log)_/.exec(type) ?? [];
  return ofCloudWatch === undefined ? [type.split("_")[1] as string] : [`${ofCloudWatch}s`];
}

describe("the rules that logs are matched with", () => {
  const routes = [{ name: "on-call", emails: ["a@example.com"] }];

  it.each<[string, object, number]>([
    ["guard and notifier", {}, 4],
    ["routes", { alerts: { routes } }, 4],
    ["one topic for all", { alerts: { topics: "shared", routes } }, 4],
    ["no notifier", { alerts: { enrich: false } }, 4],
    ["one topic for all and no notifier", { alerts: { topics: "shared", enrich: false } }, 4],
    ["no guard", { guard: { mode: "off" } }, 0],
    ["a region where IAM's events arrive", { region: "us-east-1" }, 4],
  ])("are those that the stack makes of CloudTrail's events: %s", (_, environment, rules) => {
    const settings = parseConfig({
      environments: { main: { region: "eu-west-1", namePrefix: "blue-", ...environment } },
    }).main as StackSettings;
    const made = defaultTemplate(settings)
      .resources("aws_cloudwatch_event_rule")
      .filter(({ event_pattern }) => String(event_pattern).includes("via CloudTrail"))
      // It only sends events on, to the rule that tells of them.
      .filter(({ name }) => name !== "blue-enable_trail_role_changes")
      .map(({ name, event_pattern }) => [name, withoutAccount(String(event_pattern))] as const);

    expect(
      watchedPatterns(settings)
        .filter(({ kind }) => kind === "rule")
        .map(({ id, pattern }) => [id, withoutAccount(pattern)])
        .sort(),
    ).toEqual(made.sort());
    expect(made).toHaveLength(rules);
  });
});

/** Which account and region it is isn't known before Terraform runs. */
function withoutAccount(pattern: string): string {
  return pattern
    .replace(/"arn:[^"]*?:iam::[^"]*?:role\//, '"arn:')
    .replace(/\{"prefix":"blue-trailwarden-"\}|"blue-trailwarden-\$[^"]*"/, "BUCKET");
}

describe("the names that detections watch", () => {
  it("are the names that the stack makes", () => {
    const { detections } = parseConfig({
      environments: {
        main: { region: "eu-west-1", namePrefix: "blue-", detections: { preset: "tamper" } },
      },
    }).main as StackSettings;
    const template = defaultTemplate({ namePrefix: "blue-", detections });
    const patterns = detections.map(({ filterPattern }) => filterPattern).join("\n");

    const made = [
      ["aws_cloudtrail", "name"],
      ["aws_lambda_function", "function_name"],
      ["aws_iam_role", "name"],
    ].flatMap(([type, name]) =>
      template.resources(type as string).map((resource) => resource[name as string]),
    );
    expect(made).toHaveLength(7);
    for (const name of made) {
      expect(patterns).toContain(name);
    }
  });
});

describe("the backend", () => {
  it("is a local file beside cdktf.out if none is chosen, by a path that holds on every machine", () => {
    expect(DEFAULT.json).toMatchObject({
      terraform: { backend: { local: { path: "../../../terraform.main.tfstate" } } },
    });
  });

  it("is rendered as given", () => {
    const { json } = defaultTemplate({
      backend: { type: "s3", arguments: { bucket: "b", use_lockfile: true } },
    });

    expect(json).toMatchObject({ terraform: { backend: { s3: { bucket: "b", use_lockfile: true } } } });
    expect(json).not.toHaveProperty("terraform.backend.local");
  });

  it("is a cloud block for HCP Terraform", () => {
    const { json } = defaultTemplate({ backend: { type: "cloud", arguments: { organization: "o" } } });

    expect(json).toMatchObject({ terraform: { cloud: { organization: "o" } } });
    expect(json).not.toHaveProperty("terraform.backend");
  });
});
