import type { AdoptSettings, TrailwardenStackProps } from "../../../constructs";
import { AuditTrail } from "../../../constructs";
import { readDeclaredState } from "../../../lambda-src/guard/declared-state";
import { defaultTemplate, foreignStack, REGION } from "../../support/app";
import { statement, Template } from "../../support/template";
import { cycleOf } from "./support/dependencies";

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:123456789012:${resource}`;
const roleArn = (pathAndName: string) => `arn:aws:iam::123456789012:role/${pathAndName}`;

const TRAIL_NAME = "management-events-of-the-whole-company";
const TRAIL = arn("cloudtrail", `trail/${TRAIL_NAME}`);
const BUCKET = "company-trail-logs";
const LOG_GROUP = "aws-cloudtrail-logs";
const ROLE = "CloudTrail_CloudWatchLogs_Role";
const TOPIC = arn("sns", "SecurityGroupChanges_CloudWatch_Alarms_Topic");

const OF_TRAIL = {
  trail: TRAIL,
  bucket: BUCKET,
  bucketSettings: ["policy", "versioning"],
  key: arn("kms", "key/1234abcd"),
  logGroup: LOG_GROUP,
  deliveryRole: roleArn(`service-role/${ROLE}`),
  deliveryRolePolicy: "Cloudtrail-CW-access-policy",
} as const satisfies AdoptSettings;

function adopting(adopt: AdoptSettings, props: Partial<TrailwardenStackProps> = {}): Template {
  return defaultTemplate({ adopt, ...props });
}

/** Type and id of each import block, sorted; that a block's resource exists is checked on the way. */
function imports({ json }: Template): [type: string, id: string][] {
  const blocks = (json.import ?? []) as { readonly to: string; readonly id: string }[];
  return blocks
    .map(({ to, id, ...rest }): [string, string] => {
      const [type = "", name = ""] = to.split(".");
      expect(json.resource?.[type]?.[name]).toBeDefined();
      expect(rest).toEqual({});
      return [type, id];
    })
    .sort();
}

describe("a stack that adopts nothing", () => {
  it("has no import blocks", () => {
    expect(adopting({}).json).toEqual(defaultTemplate().json);
    expect(defaultTemplate().json).not.toHaveProperty("import");
  });
});

describe("the adopted trail and its parts", () => {
  const template = adopting(OF_TRAIL);

  it("are imported by what Terraform finds them by, each once", () => {
    expect(imports(template)).toEqual([
      ["aws_cloudtrail", TRAIL],
      ["aws_cloudwatch_log_group", LOG_GROUP],
      ["aws_iam_role", ROLE],
      ["aws_iam_role_policy", `${ROLE}:Cloudtrail-CW-access-policy`],
      ["aws_kms_key", "1234abcd"],
      ["aws_s3_bucket", BUCKET],
      ["aws_s3_bucket_policy", BUCKET],
      ["aws_s3_bucket_versioning", BUCKET],
    ]);
  });

  it("keep what Terraform would replace them for", () => {
    expect(template.resource("aws_cloudtrail").name).toBe(TRAIL_NAME);
    expect(template.resource("aws_s3_bucket").bucket).toBe(BUCKET);
    expect(template.resource("aws_cloudwatch_log_group", { name: LOG_GROUP })).toBeDefined();
    const role = template.resource("aws_iam_role", { name: ROLE });
    expect(role.path).toBe("/service-role/");
    expect(template.resource("aws_iam_role_policy", { name: "Cloudtrail-CW-access-policy" }).role).toMatch(
      /^\$\{aws_iam_role\.trail_delivery-role_\w+\.id\}$/,
    );
  });

  it("are what every policy of theirs is about", () => {
    expect(statement(template.resource("aws_s3_bucket_policy"), "AWSCloudTrailWrite")).toMatchObject({
      Resource: expect.stringMatching(new RegExp(`^arn:.+:s3:::${BUCKET}/AWSLogs/`)),
      Condition: { StringEquals: { "aws:SourceArn": expect.stringMatching(`:trail/${TRAIL_NAME}$`) } },
    });
    const key = template.resource("aws_kms_key");
    expect(statement(key, "CloudTrailEncryptsItsLogFiles").Condition?.StringEquals).toEqual({
      "aws:SourceArn": expect.stringMatching(`:trail/${TRAIL_NAME}$`),
    });
    expect(JSON.stringify(key.policy)).toContain(`:log-group:${LOG_GROUP}\\"`);
    const role = template.resource("aws_iam_role", { name: ROLE });
    expect(statement(role, "CloudTrailDelivers", "assume_role_policy").Condition?.StringEquals).toMatchObject(
      {
        "aws:SourceArn": expect.stringMatching(`:trail/${TRAIL_NAME}$`),
      },
    );
  });

  it("are what the guard keeps, and what wakes it", () => {
    const declared = readDeclaredState(
      String(
        template.resource("aws_ssm_parameter", { name: "/trailwarden/enable_trail/declared-state" })
          .insecure_value,
      ),
    );
    expect(declared).toMatchObject({
      trail: {
        arn: expect.stringMatching(`:trail/${TRAIL_NAME}$`),
        settings: {
          roleArn: expect.stringMatching(`:role/service-role/${ROLE}$`),
          logGroupArn: expect.stringMatching(`:log-group:${LOG_GROUP}:\\*$`),
        },
      },
      bucket: { name: BUCKET },
      logGroup: { name: LOG_GROUP },
    });
    const policy = template.resource("aws_iam_role_policy", { name: "keep-the-trail-as-declared" });
    expect(statement(policy, "GiveTheTrailItsRole").Resource).toMatch(`:role/service-role/${ROLE}`);

    const tampering = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_tampering" });
    expect(tampering.event_pattern).toContain(`"${BUCKET}"`);
    expect(tampering.event_pattern).toContain(`"${LOG_GROUP}"`);
    const ownParts = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_own_parts" });
    expect(ownParts.event_pattern).toContain(`"${ROLE}"`);
  });

  it("bring Terraform no cycle", () => {
    expect(cycleOf(template)).toEqual([]);
  });

  it("leave the names of what is made beside them", () => {
    const besides = adopting({ trail: TRAIL });

    expect(imports(besides)).toEqual([["aws_cloudtrail", TRAIL]]);
    expect(besides.resource("aws_s3_bucket").bucket).toMatch(/^trailwarden-\$/);
    expect(
      besides.resource("aws_cloudwatch_log_group", { name: "/aws/cloudtrail/trailwarden" }),
    ).toBeDefined();
    expect(besides.resource("aws_iam_role", { name: "trailwarden-log-delivery" })).not.toHaveProperty("path");
  });
});

describe("object lock of an adopted bucket", () => {
  const trail = { objectLock: { mode: "GOVERNANCE", days: 30 } } as const;

  it("comes by its configuration: on the bucket itself it would replace it", () => {
    const template = adopting({ bucket: BUCKET, bucketSettings: ["objectLock"] }, { trail });

    expect(template.resource("aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
    expect(template.resources("aws_s3_bucket_object_lock_configuration")).toHaveLength(1);
    expect(imports(template)).toContainEqual(["aws_s3_bucket_object_lock_configuration", BUCKET]);
  });

  it("can't be taken over where there is to be none", () => {
    expect(() => adopting({ bucket: BUCKET, bucketSettings: ["objectLock"] })).toThrow(
      'adopt.bucketSettings: "objectLock" is no setting that is given to the bucket',
    );
  });
});

describe("what has its name from the stack", () => {
  it.each<[keyof AdoptSettings, string, [type: string, id: string][]]>([
    [
      "metricFilters",
      "SecurityGroupEvents",
      [["aws_cloudwatch_log_metric_filter", `${LOG_GROUP}:SecurityGroupEvents`]],
    ],
    [
      "alarms",
      "Security group configuration changes",
      [["aws_cloudwatch_metric_alarm", "Security group configuration changes"]],
    ],
    ["alarms", "enable_trail_silence", [["aws_cloudwatch_metric_alarm", "enable_trail_silence"]]],
    [
      "topics",
      TOPIC,
      [
        ["aws_sns_topic", TOPIC],
        ["aws_sns_topic_policy", TOPIC],
      ],
    ],
    ["eventRules", "ec2_state_change", [["aws_cloudwatch_event_rule", "ec2_state_change"]]],
    ["eventTargets", "enable_trail/Id1234", [["aws_cloudwatch_event_target", "enable_trail/Id1234"]]],
    ["functions", "enable_trail", [["aws_lambda_function", "enable_trail"]]],
    ["logGroups", "/aws/lambda/enable_trail", [["aws_cloudwatch_log_group", "/aws/lambda/enable_trail"]]],
    ["roles", roleArn("enable_trail"), [["aws_iam_role", "enable_trail"]]],
    ["keyAliases", "alias/trailwarden", [["aws_kms_alias", "alias/trailwarden"]]],
  ])("is imported as one of %s: %s", (list, entry, expected) => {
    const template = adopting({ logGroup: LOG_GROUP, [list]: [entry] });

    expect(imports(template)).toEqual([["aws_cloudwatch_log_group", LOG_GROUP], ...expected].sort());
  });

  it.each<[keyof AdoptSettings, string, string]>([
    ["metricFilters", "Theirs", "metric filter of the stack main; there is SecurityGroupEvents, "],
    ["alarms", "Theirs", "alarm of the stack main; there is Security group configuration changes, "],
    ["topics", arn("sns", "Theirs"), "topic of the stack main; there is "],
    ["eventRules", "theirs", "event rule of the stack main; there is ec2_state_change, "],
    ["eventTargets", "theirs/1", "event rule with a target of the stack main; there is "],
    ["functions", "theirs", "function of the stack main; there is alarm_notifier, enable_trail"],
    [
      "logGroups",
      "/aws/lambda/theirs",
      "log group of the stack main; there is /aws/cloudtrail/trailwarden, ",
    ],
    ["roles", roleArn("theirs"), "role of the stack main; there is trailwarden-log-delivery, "],
    ["keyAliases", "alias/theirs", "alias of the stack main; there is alias/trailwarden"],
  ])("is refused in %s if the stack has none of that name: %s", (list, entry, complaint) => {
    expect(() => adopting({ [list]: [entry] })).toThrow(
      `adopt.${list}[0]: ${JSON.stringify(entry)} is no ${complaint}`,
    );
  });

  it("is refused where the stack has nothing of the kind", () => {
    const noFunctions = { guard: { mode: "off" }, alerts: { enrich: false } } as const;

    expect(() => adopting({ functions: ["enable_trail"] }, noFunctions)).toThrow(
      'adopt.functions[0]: "enable_trail" is no function of the stack main; there is none',
    );
  });

  it("is taken over once", () => {
    expect(() => adopting({ alarms: ["enable_trail_errors", "enable_trail_errors"] })).toThrow(
      'adopt.alarms[1]: "enable_trail_errors" is taken over by another setting of adopt already',
    );
  });

  it("has the prefix in its name", () => {
    const named = { namePrefix: "blue-" };

    expect(imports(adopting({ eventRules: ["blue-enable_trail"] }, named))).toEqual([
      ["aws_cloudwatch_event_rule", "blue-enable_trail"],
    ]);
    expect(() => adopting({ eventRules: ["enable_trail"] }, named)).toThrow("is no event rule");
  });

  it("is a metric filter in a log group that is used as it is", () => {
    const template = adopting(
      { metricFilters: ["SecurityGroupEvents"] },
      { trail: { existingLogGroup: arn("logs", "log-group:theirs:*") } },
    );

    expect(imports(template)).toEqual([["aws_cloudwatch_log_metric_filter", "theirs:SecurityGroupEvents"]]);
  });
});

describe("the adopted target of a rule", () => {
  it("keeps its id, and the stack's own target becomes it", () => {
    const target = adopting({ eventTargets: ["ec2_state_change/Id1"] }).resource(
      "aws_cloudwatch_event_target",
      {
        target_id: "Id1",
      },
    );

    expect(target).toMatchObject({
      rule: "ec2_state_change",
      arn: expect.stringMatching(/^\$\{aws_lambda_function\.notifier_/),
    });
  });

  it("is refused where the stack has two for the rule", () => {
    expect(() => adopting({ eventTargets: ["enable_trail_own_parts/Id1"] })).toThrow(
      'adopt.eventTargets[0]: "enable_trail_own_parts/Id1" could be any of the 2 targets that this stack has for the rule',
    );
  });
});

describe("adopted roles of functions", () => {
  it("keep their paths, which the guard's own name of itself has, too", () => {
    const template = adopting({
      roles: [roleArn("service-role/enable_trail"), roleArn("lambda/of/us/alarm_notifier")],
    });

    expect(imports(template)).toEqual([
      ["aws_iam_role", "alarm_notifier"],
      ["aws_iam_role", "enable_trail"],
    ]);
    expect(template.resource("aws_iam_role", { name: "enable_trail" }).path).toBe("/service-role/");
    expect(template.resource("aws_iam_role", { name: "alarm_notifier" }).path).toBe("/lambda/of/us/");
    const guard = template.resource("aws_lambda_function", { function_name: "enable_trail" });
    expect(guard.environment).toMatchObject({
      variables: { ROLE_ARN: expect.stringMatching(/:role\/service-role\/enable_trail$/) },
    });
    const tampering = template.resource("aws_cloudwatch_event_rule", { name: "enable_trail_tampering" });
    expect(tampering.event_pattern).toContain(":role/service-role/enable_trail");
  });

  it("are refused with a path that the stack's role hasn't", () => {
    expect(() => adopting({ roles: [roleArn("other/enable_trail_role_changes")] })).toThrow(
      `adopt.roles[0]: "${roleArn("other/enable_trail_role_changes")}" would be replaced: the path of this stack's role is /`,
    );
  });
});

describe("parts that are used as they are", () => {
  it.each<[Partial<AdoptSettings>, TrailwardenStackProps["trail"], string]>([
    [
      { trail: TRAIL },
      { existingTrail: "theirs", existingLogGroup: "g" },
      'adopt.trail stands beside "theirs"',
    ],
    [
      { bucket: BUCKET },
      { existingTrail: "theirs", existingLogGroup: "g" },
      'adopt.bucket stands beside "theirs"',
    ],
    [{ bucket: BUCKET }, { existingBucket: "theirs" }, 'adopt.bucket stands beside "theirs"'],
    [{ logGroup: LOG_GROUP }, { existingLogGroup: "theirs" }, 'adopt.logGroup stands beside "theirs"'],
    [
      { deliveryRole: roleArn(ROLE) },
      { existingTrail: "theirs", existingLogGroup: "g" },
      'adopt.deliveryRole stands beside "theirs"',
    ],
    [{ key: OF_TRAIL.key }, { existingKey: OF_TRAIL.key }, `adopt.key stands beside "${OF_TRAIL.key}"`],
    [{ bucketSettings: ["policy"] }, {}, "adopt.bucketSettings needs adopt.bucket"],
    [{ deliveryRolePolicy: "p" }, {}, "adopt.deliveryRolePolicy needs adopt.deliveryRole"],
  ])("can't be adopted, too: %j %j", (adopt, trail, complaint) => {
    expect(() => adopting(adopt, { trail })).toThrow(complaint);
  });
});

describe("a trail in someone else's stack", () => {
  it("can be adopted, too", () => {
    const stack = foreignStack();
    const { trailName } = new AuditTrail(stack, "audit", { trailName: "audit", adopt: { trail: TRAIL } });

    expect(trailName).toBe(TRAIL_NAME);
    expect(imports(Template.fromStack(stack))).toEqual([["aws_cloudtrail", TRAIL]]);
  });
});
