import { watchedPatterns } from "../../../cli/match/watched-patterns";
import { parseConfig, type StackSettings } from "../../../config";
import { defaultTemplate } from "../../support/app";
import { type Statement, statement, statements } from "../../support/template";

describe("the default stack", () => {
  it("is as reviewed", () => {
    const json = JSON.stringify(defaultTemplate().json, null, 2)
      // The archive's hash changes with every change of the guard's code.
      .replace(/(?<=guard_archive_\w+\/)[0-9a-f]{64}/, "SHA256_HEX")
      .replace(/(?<="source_code_hash": ")[^"]+/, "SHA256_BASE64");

    expect(json).toMatchSnapshot();
  });

  it("works with both majors of the AWS provider", () => {
    expect(defaultTemplate().json).toMatchObject({
      terraform: {
        required_providers: { aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } },
        required_version: ">= 1.5.7",
      },
    });
  });

  it("has the outputs that other tools read", () => {
    expect(defaultTemplate().json).toMatchObject({
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
        guard_function_name: { value: expect.stringContaining("aws_lambda_function.") },
        guard_pause_parameter_name: { value: "/trailwarden/enable_trail/pause" },
      },
    });
  });

  it("allows no wildcard action and trusts no one but AWS services and the account's own policies", () => {
    const policies = Object.values(defaultTemplate().json.resource ?? {})
      .flatMap((byName) => Object.values(byName))
      .flatMap((resource) => ["policy", "assume_role_policy"].map((name) => ({ resource, name })))
      .filter(({ resource, name }) => typeof resource[name] === "string")
      .flatMap(({ resource, name }) => statements(resource, name));
    expect(policies.length).toBeGreaterThan(15);

    const allowed = policies.filter(({ Effect }) => Effect === "Allow");
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    expect(allowed.filter((statement) => !trustworthy(statement))).toEqual([]);
  });

  it("has one key for everything", () => {
    expect(defaultTemplate().resources("aws_kms_key")).toHaveLength(1);
  });

  it("names no partition, account or region of its own", () => {
    const { provider: _, ...json } = defaultTemplate().json;

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

/** Alarms that watch the guard. */
const GUARD_ALARMS = 4;

function parsedDetections(): StackSettings["detections"] {
  return (parseConfig({ environments: { main: { region: "eu-west-1" } } }).main as StackSettings).detections;
}

describe("an environment's settings", () => {
  it("shares one topic among all alerts", () => {
    const template = defaultTemplate({ alerts: { emails: ["a@example.com"], topics: "shared" } });

    expect(template.resource("aws_sns_topic").name).toBe("trailwarden-alerts");
    expect(template.resources("aws_sns_topic_subscription")).toHaveLength(1);
    expect(template.resources("aws_cloudwatch_metric_alarm")).toHaveLength(3 + GUARD_ALARMS);
  });

  it("puts the prefix before every name", () => {
    const template = defaultTemplate({ namePrefix: "blue-" });
    const names: Record<string, string> = {
      aws_cloudtrail: "name",
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
      for (const resource of template.resources(type)) {
        expect(resource[name]).toMatch(/^blue-/);
      }
    }
    expect(template.resource("aws_kms_alias").name).toBe("alias/blue-trailwarden");
    expect(template.resources("aws_cloudwatch_log_group").map(({ name }) => name)).toEqual([
      "/aws/lambda/blue-enable_trail",
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

    expect(template.resources("aws_lambda_function")).toEqual([]);
    expect(template.json).not.toHaveProperty("output.guard_function_name");
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
    expect(template.resources("aws_iam_role")).toHaveLength(2);
  });

  it("makes an alarm for each detection, and none without detections", () => {
    const alarms = (detections: StackSettings["detections"]) =>
      defaultTemplate({ detections, guard: { mode: "off" } }).resources("aws_cloudwatch_metric_alarm");

    expect(alarms([])).toEqual([]);
    expect(alarms(parsedDetections().slice(0, 2))).toHaveLength(2);
  });
});

describe("the rules that logs are matched with", () => {
  it.each(["enforce", "off"] as const)(
    "are those that the stack makes of CloudTrail's events: guard %s",
    (mode) => {
      const settings = parseConfig({
        environments: { main: { region: "eu-west-1", namePrefix: "blue-", guard: { mode } } },
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
      expect(made).toHaveLength(mode === "off" ? 0 : 4);
    },
  );
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
    expect(made).toHaveLength(5);
    for (const name of made) {
      expect(patterns).toContain(name);
    }
  });
});

describe("the backend", () => {
  it("is a local file beside cdktf.out if none is chosen, by a path that holds on every machine", () => {
    expect(defaultTemplate().json).toMatchObject({
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
