// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are Terraform's own.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zipSync } from "fflate";
import type { EnvironmentConfig } from "../../config";
import { Command, type Ended } from "./support/command";
import {
  editJson,
  HandWrittenStack,
  plannedJson,
  remove,
  resourceIn,
  type StackJson,
  verdictsOn,
} from "./support/planned";
import { Sandbox } from "./support/sandbox";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(300_000);

const REGION = "ap-northeast-2";
const ENVIRONMENT: EnvironmentConfig = { region: REGION, alerts: { emails: ["security@example.com"] } };
const PEER_STACK = path.join(__dirname, "../fixtures/peer-stack");
const ANYBODY = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::*/*" };

/** What is said of the default stack's guard, and of all that belongs to it, once they are destroyed. */
const OF_NO_GUARD = [
  "alarm-removed aws_cloudwatch_metric_alarm.guard_alarms_dead-letters_A1AE2195",
  "alarm-removed aws_cloudwatch_metric_alarm.guard_alarms_errors_373B88E0",
  "alarm-removed aws_cloudwatch_metric_alarm.guard_alarms_silence_ADED924D",
  "alarm-removed aws_cloudwatch_metric_alarm.guard_alarms_throttles_36442A5F",
  "guard-declared-state-loosened aws_ssm_parameter.guard_parameters_declared-state_3ABEACB8",
  "guard-destroyed aws_iam_policy.guard_alarm-policy_4B8004A8",
  "guard-destroyed aws_iam_role.guard_role_32F33266",
  "guard-destroyed aws_iam_role_policy.guard_policy_B2ED0830",
  "guard-destroyed aws_iam_role_policy_attachment.guard_alarm-policy-attachment_A40942E4",
  "guard-destroyed aws_lambda_function.guard_function_DA6E1370",
  "guard-permission-removed aws_iam_role.guard_global-events_role_1BFF3193",
  "guard-permission-removed aws_iam_role_policy.guard_global-events_policy_84A80C2C",
  "guard-permission-removed aws_lambda_permission.guard_alert-topics-permission_CA846754",
  "guard-permission-removed aws_lambda_permission.guard_own-parts-permission_C251FF16",
  "guard-permission-removed aws_lambda_permission.guard_permission_410387F8",
  "guard-permission-removed aws_lambda_permission.guard_regular-look-permission_C9AB0E59",
  "guard-permission-removed aws_lambda_permission.guard_tampering-permission_215B741F",
  "guard-queue-removed aws_lambda_function_event_invoke_config.guard_invoke-config_C415B424",
  "guard-queue-removed aws_sqs_queue.guard_dead-letter-queue_C3049688",
  "guard-queue-removed aws_sqs_queue_policy.guard_dead-letter-queue-policy_CAAFD4B6",
  "guard-rule-removed aws_cloudwatch_event_rule.guard_alert-topics_rule_1BA85B9A",
  "guard-rule-removed aws_cloudwatch_event_rule.guard_global-events_rule_8C2D6F62",
  "guard-rule-removed aws_cloudwatch_event_rule.guard_own-parts_rule_3423A267",
  "guard-rule-removed aws_cloudwatch_event_rule.guard_rule_406296B8",
  "guard-rule-removed aws_cloudwatch_event_rule.guard_tampering-rule_903CF0C6",
  "guard-schedule-removed aws_cloudwatch_event_rule.guard_regular-look-rule_45B615CF",
  "guard-target-removed aws_cloudwatch_event_target.guard_alert-topics-target_D787642C",
  "guard-target-removed aws_cloudwatch_event_target.guard_global-events_target_2641080B",
  "guard-target-removed aws_cloudwatch_event_target.guard_own-parts-target_3C1AD451",
  "guard-target-removed aws_cloudwatch_event_target.guard_regular-look-target_9B31E352",
  "guard-target-removed aws_cloudwatch_event_target.guard_tampering-target_C1E15F33",
  "guard-target-removed aws_cloudwatch_event_target.guard_target_B57F1A4F",
];

/** A policy with one more statement. */
function opened(policy: unknown, statement: object): string {
  const document = JSON.parse(String(policy));
  return JSON.stringify({ ...document, Statement: [...document.Statement, statement] });
}

describe("plans of the default stack", () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.open(ENVIRONMENT);
    const { terraform } = sandbox.checkout();
    await terraform.init();
    await terraform.apply();
  });

  /** The plan of what the environment, or its stack's JSON, became. */
  async function planned(
    changed: Partial<EnvironmentConfig>,
    edit: (stack: StackJson) => void = () => {},
    ...options: string[]
  ): Promise<string> {
    const { folder, terraform } = sandbox.checkout({ ...ENVIRONMENT, ...changed });
    editJson(path.join(folder, "cdk.tf.json"), edit);
    await terraform.init();
    return plannedJson(terraform, ...options);
  }

  it("says nothing of a plan that changes nothing", async () => {
    expect(verdictsOn(await planned({}))).toEqual([]);
  });

  it("blocks a trail that is switched off, part by part", async () => {
    const plan = await planned({}, (stack) =>
      Object.assign(resourceIn(stack, "aws_cloudtrail"), {
        enable_logging: false,
        is_multi_region_trail: false,
        include_global_service_events: false,
        enable_log_file_validation: false,
        event_selector: [{ read_write_type: "WriteOnly", include_management_events: false }],
      }),
    );

    expect(verdictsOn(plan)).toEqual([
      "trail-global-events-off aws_cloudtrail.trail_3987B402",
      "trail-logging-off aws_cloudtrail.trail_3987B402",
      "trail-management-events-deselected aws_cloudtrail.trail_3987B402",
      "trail-single-region aws_cloudtrail.trail_3987B402",
      "trail-validation-off aws_cloudtrail.trail_3987B402",
    ]);
  });

  it("blocks what opens, shortens or suspends", async () => {
    const plan = await planned({}, (stack) => {
      const bucketPolicy = resourceIn(stack, "aws_s3_bucket_policy");
      bucketPolicy.policy = opened(bucketPolicy.policy, ANYBODY);
      resourceIn(stack, "aws_s3_bucket_public_access_block").restrict_public_buckets = false;
      resourceIn(stack, "aws_s3_bucket_versioning").versioning_configuration.status = "Suspended";
      resourceIn(stack, "aws_s3_bucket_lifecycle_configuration").rule[0].expiration[0].days = 30;
      const key = resourceIn(stack, "aws_kms_key");
      key.deletion_window_in_days = 7;
      key.policy = opened(key.policy, {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999999999999:root" },
        Action: "kms:Decrypt",
        Resource: "*",
      });
      resourceIn(stack, "aws_cloudwatch_log_group", "trail").retention_in_days = 30;
      const role = resourceIn(stack, "aws_iam_role", "trail");
      role.assume_role_policy = opened(role.assume_role_policy, {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999999999999:root" },
        Action: "sts:AssumeRole",
      });
      const delivery = resourceIn(stack, "aws_iam_role_policy", "trail");
      delivery.policy = opened(delivery.policy, {
        Effect: "Allow",
        Action: "s3:DeleteObject",
        Resource: "*",
      });
    });

    expect(verdictsOn(plan)).toEqual([
      "bucket-lifecycle-shortened aws_s3_bucket_lifecycle_configuration.trail_bucket_lifecycle_34D7FD40",
      "bucket-policy-opened aws_s3_bucket_policy.trail_bucket_policy_FF4BBFBE",
      "bucket-public-access aws_s3_bucket_public_access_block.trail_bucket_public-access-block_F2FF29D7",
      "bucket-versioning-suspended aws_s3_bucket_versioning.trail_bucket_versioning_1D3221D6",
      "delivery-role-widened aws_iam_role.trail_delivery-role_8695264D",
      "delivery-role-widened aws_iam_role_policy.trail_delivery-policy_EB9A1FD7",
      "key-deletion-window-shortened aws_kms_key.key_F64E54E4",
      "key-policy-opened aws_kms_key.key_F64E54E4",
      "log-group-retention-shortened aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
    ]);
  });

  it("blocks what replaces", async () => {
    const plan = await planned({}, (stack) => {
      resourceIn(stack, "aws_cloudtrail").name = "another";
      resourceIn(stack, "aws_s3_bucket").bucket = "another-bucket-123456789012";
      resourceIn(stack, "aws_cloudwatch_log_group", "trail").name = "/another";
      resourceIn(stack, "aws_iam_role", "trail").name = "another";
    });

    expect(verdictsOn(plan)).toEqual([
      "bucket-destroyed aws_s3_bucket.trail_bucket_9474FEA0",
      "delivery-role-destroyed aws_iam_role.trail_delivery-role_8695264D",
      "delivery-role-destroyed aws_iam_role_policy.trail_delivery-policy_EB9A1FD7 (unknown)",
      "delivery-role-widened aws_iam_role_policy.trail_delivery-policy_EB9A1FD7 (unknown)",
      "filter-removed aws_cloudwatch_log_metric_filter.console-sign-in-failures_filter_42BE114E",
      "filter-removed aws_cloudwatch_log_metric_filter.iam-policy-changes_filter_EC275F42",
      "filter-removed aws_cloudwatch_log_metric_filter.security-group-changes_filter_4726D2E2",
      "log-group-destroyed aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
      "trail-delivery-changed aws_cloudtrail.trail_3987B402",
      "trail-delivery-changed aws_cloudtrail.trail_3987B402 (unknown)",
      "trail-delivery-changed aws_cloudtrail.trail_3987B402 (unknown)",
      "trail-destroyed aws_cloudtrail.trail_3987B402",
    ]);
  });

  it("blocks a guard that is switched off", async () => {
    expect(verdictsOn(await planned({ guard: { mode: "off" } }))).toEqual([
      ...OF_NO_GUARD,
      "topic-policy-narrowed aws_sns_topic_policy.topic-TrailGuard_Alerts_Topic_policy_7A1E854B",
    ]);
  });

  it("blocks a guard that only observes, and exempts anybody", async () => {
    const exemptPrincipals = ["arn:aws:iam::123456789012:role/*"];

    expect(verdictsOn(await planned({ guard: { mode: "observe", exemptPrincipals } }))).toEqual([
      "guard-destroyed aws_iam_policy.guard_alarm-policy_4B8004A8",
      "guard-destroyed aws_iam_role_policy_attachment.guard_alarm-policy-attachment_A40942E4",
      "guard-exempt-principals-widened aws_lambda_function.guard_function_DA6E1370",
      "guard-not-enforcing aws_lambda_function.guard_function_DA6E1370",
    ]);
  });

  it("blocks a guard that is cut off", async () => {
    const plan = await planned({}, (stack) => {
      resourceIn(stack, "aws_cloudwatch_event_rule", "guard_rule").state = "DISABLED";
      remove(stack, "aws_cloudwatch_event_target", "guard_tampering-target");
      remove(stack, "aws_lambda_permission", "guard_own-parts-permission");
      resourceIn(stack, "aws_cloudwatch_event_rule", "guard_regular-look").schedule_expression =
        "rate(1 day)";
      delete resourceIn(stack, "aws_cloudwatch_event_target", "guard_target").dead_letter_config;
    });

    expect(verdictsOn(plan)).toEqual([
      "guard-permission-removed aws_lambda_permission.guard_own-parts-permission_C251FF16",
      "guard-queue-removed aws_cloudwatch_event_target.guard_target_B57F1A4F",
      "guard-rule-removed aws_cloudwatch_event_rule.guard_rule_406296B8",
      "guard-schedule-removed aws_cloudwatch_event_rule.guard_regular-look-rule_45B615CF",
      "guard-target-removed aws_cloudwatch_event_target.guard_tampering-target_C1E15F33",
    ]);
  });

  it("blocks a declared state that is loosened with what it declares", async () => {
    const plan = await planned({ retention: { logGroupDays: 60, bucketDays: 60 } });

    expect(verdictsOn(plan)).toEqual([
      "bucket-lifecycle-shortened aws_s3_bucket_lifecycle_configuration.trail_bucket_lifecycle_34D7FD40",
      "guard-declared-state-loosened aws_ssm_parameter.guard_parameters_declared-state_3ABEACB8",
      "log-group-retention-shortened aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
    ]);
  });

  it("warns of what weakens alerts", async () => {
    const plan = await planned({ detections: { disabled: ["iam-policy-changes"] } }, (stack) => {
      resourceIn(stack, "aws_cloudwatch_metric_alarm", "console").threshold = 100;
      delete resourceIn(stack, "aws_cloudwatch_metric_alarm", "security").alarm_actions;
      resourceIn(stack, "aws_cloudwatch_log_metric_filter", "security").pattern =
        "{ ($.eventName = CreateSecurityGroup) }";
      remove(stack, "aws_sns_topic_subscription", "topic-SecurityGroupChanges");
      const topic = resourceIn(stack, "aws_sns_topic_policy", "topic-ConsoleSignIn");
      topic.policy = opened(topic.policy, {
        Effect: "Allow",
        Principal: "*",
        Action: "sns:Publish",
        Resource: "*",
      });
      const notifier = resourceIn(stack, "aws_iam_role_policy", "notifier");
      notifier.policy = opened(notifier.policy, { Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
      resourceIn(stack, "aws_cloudwatch_log_group", "trail").retention_in_days = 731;
    });

    expect(verdictsOn(plan)).toEqual([
      "alarm-actions-removed aws_cloudwatch_metric_alarm.security-group-changes_alarm_0C18EF60",
      "alarm-removed aws_cloudwatch_metric_alarm.iam-policy-changes_alarm_C629C21E",
      "alarm-weakened aws_cloudwatch_metric_alarm.console-sign-in-failures_alarm_E48F0358",
      "filter-matches-less aws_cloudwatch_log_metric_filter.security-group-changes_filter_4726D2E2",
      "filter-removed aws_cloudwatch_log_metric_filter.iam-policy-changes_filter_EC275F42",
      "guard-declared-state-loosened aws_ssm_parameter.guard_parameters_declared-state_3ABEACB8",
      "iam-widened aws_iam_role_policy.notifier_policy_ACE191C5",
      "retention-raised aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
      "subscriber-removed aws_sns_topic_subscription.topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic_email-securityexamplecom_CFCC91A7",
      "subscriber-removed aws_sns_topic_subscription.topic-SecurityGroupChanges_CloudWatch_Alarms_Topic_email-securityexamplecom_FA929031",
      "topic-policy-narrowed aws_sns_topic_policy.topic-AlarmNotifier_CloudWatch_Alarms_Topic_policy_799E7A55",
      "topic-policy-opened aws_sns_topic_policy.topic-ConsoleSignInFailures_CloudWatch_Alarms_Topic_policy_DBCC96E4",
      "topic-removed aws_sns_topic.topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic_topic_DC4CD8C1",
    ]);
  });

  it("warns of what costs more, and of nothing else in more detections", async () => {
    expect(verdictsOn(await planned({ detections: { preset: "cis-3.0" } }))).toEqual([
      "cost-raised plan",
      "iam-widened aws_iam_policy.guard_alarm-policy_4B8004A8",
      "iam-widened aws_iam_role_policy.notifier_policy_ACE191C5",
      "topic-policy-opened aws_sns_topic_policy.topic-AlarmNotifier_CloudWatch_Alarms_Topic_policy_799E7A55",
    ]);
  });

  it("can't judge what is known after apply only", async () => {
    const plan = await planned({}, (stack) => {
      stack.resource.terraform_data = { later: { input: "x" } };
      resourceIn(stack, "aws_s3_bucket_policy").policy = "${terraform_data.later.output}";
    });

    expect(verdictsOn(plan)).toEqual([
      "bucket-delivery-denied aws_s3_bucket_policy.trail_bucket_policy_FF4BBFBE (unknown)",
      "bucket-policy-opened aws_s3_bucket_policy.trail_bucket_policy_FF4BBFBE (unknown)",
    ]);
  });

  it("blocks the destruction of everything", async () => {
    expect(verdictsOn(await planned({}, () => {}, "-destroy"))).toEqual(
      [
        ...OF_NO_GUARD,
        "alarm-removed aws_cloudwatch_metric_alarm.console-sign-in-failures_alarm_E48F0358",
        "alarm-removed aws_cloudwatch_metric_alarm.iam-policy-changes_alarm_C629C21E",
        "alarm-removed aws_cloudwatch_metric_alarm.notifier_alarms_dead-letters_B4BFE7BA",
        "alarm-removed aws_cloudwatch_metric_alarm.notifier_alarms_errors_1E5E9437",
        "alarm-removed aws_cloudwatch_metric_alarm.notifier_alarms_throttles_FC249DE1",
        "alarm-removed aws_cloudwatch_metric_alarm.security-group-changes_alarm_0C18EF60",
        "bucket-destroyed aws_s3_bucket.trail_bucket_9474FEA0",
        "delivery-role-destroyed aws_iam_role.trail_delivery-role_8695264D",
        "event-rule-removed aws_cloudwatch_event_rule.ec2-state-change_rule_FC966D1C",
        "filter-removed aws_cloudwatch_log_metric_filter.console-sign-in-failures_filter_42BE114E",
        "filter-removed aws_cloudwatch_log_metric_filter.iam-policy-changes_filter_EC275F42",
        "filter-removed aws_cloudwatch_log_metric_filter.security-group-changes_filter_4726D2E2",
        "key-destroyed aws_kms_key.key_F64E54E4",
        "log-group-destroyed aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
        "subscriber-removed aws_sns_topic_subscription.notifier_alarms-subscription_E56E7D44",
        "subscriber-removed aws_sns_topic_subscription.topic-ConsoleSignInFailures_CloudWatch_Alarms_Topic_email-securityexamplecom_16C53B7F",
        "subscriber-removed aws_sns_topic_subscription.topic-EC2StateChange_Events_Topic_email-securityexamplecom_47FDEED9",
        "subscriber-removed aws_sns_topic_subscription.topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic_email-securityexamplecom_CFCC91A7",
        "subscriber-removed aws_sns_topic_subscription.topic-SecurityGroupChanges_CloudWatch_Alarms_Topic_email-securityexamplecom_FA929031",
        "subscriber-removed aws_sns_topic_subscription.topic-TrailGuard_Alerts_Topic_email-securityexamplecom_0158FD6E",
        "topic-removed aws_sns_topic.topic-AlarmNotifier_CloudWatch_Alarms_Topic_topic_7AC3D464",
        "topic-removed aws_sns_topic.topic-ConsoleSignInFailures_CloudWatch_Alarms_Topic_topic_9936A032",
        "topic-removed aws_sns_topic.topic-EC2StateChange_Events_Topic_topic_AB145F1C",
        "topic-removed aws_sns_topic.topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic_topic_DC4CD8C1",
        "topic-removed aws_sns_topic.topic-SecurityGroupChanges_CloudWatch_Alarms_Topic_topic_AB2622F8",
        "topic-removed aws_sns_topic.topic-TrailGuard_Alerts_Topic_topic_4967644D",
        "trail-destroyed aws_cloudtrail.trail_3987B402",
      ].sort(),
    );
  });
});

describe("plans of a stack that engineers wrote by hand", () => {
  const source = readFileSync(path.join(PEER_STACK, "main.tf"), "utf8");
  let stack: HandWrittenStack;

  beforeAll(async () => {
    const archive = zipSync({ "index.py": Buffer.from("def handler(event, context):\n    return None\n") });
    stack = await HandWrittenStack.deploy(PEER_STACK, REGION, archive);
  });

  it("says nothing of a plan that changes nothing", async () => {
    expect(verdictsOn(await stack.planned({}))).toEqual([]);
  });

  it("blocks a trail that is switched off, part by part", async () => {
    const plan = await stack.planned({
      "main.tf": [
        ["enable_logging                = true", "enable_logging                = false"],
        ["is_multi_region_trail         = true", "is_multi_region_trail         = false"],
        ["include_global_service_events = true", "include_global_service_events = false"],
        ["enable_log_file_validation    = true", "enable_log_file_validation    = false"],
        ['read_write_type           = "All"', 'read_write_type           = "ReadOnly"'],
        ["retention_in_days = 365", "retention_in_days = 14"],
        ['Principal = { Service = "cloudtrail.amazonaws.com" }', 'Principal = { AWS = "*" }'],
        ['["logs:CreateLogStream", "logs:PutLogEvents"]', '["logs:*"]'],
      ],
      "storage/main.tf": [
        ["deletion_window_in_days = 30", "deletion_window_in_days = 7"],
        ['Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }', 'Principal = { AWS = "*" }'],
        ["block_public_policy     = true", "block_public_policy     = false"],
        ['status = "Enabled"\n  }', 'status = "Suspended"\n  }'],
        ["days = 400", "days = 90"],
        [
          'identifiers = ["cloudtrail.amazonaws.com"]\n    }\n    condition',
          'identifiers = ["*"]\n    }\n    condition',
        ],
      ],
    });

    expect(verdictsOn(plan)).toEqual([
      "bucket-delivery-denied module.storage.aws_s3_bucket_policy.logs",
      "bucket-lifecycle-shortened module.storage.aws_s3_bucket_lifecycle_configuration.logs",
      "bucket-policy-opened module.storage.aws_s3_bucket_policy.logs",
      "bucket-public-access module.storage.aws_s3_bucket_public_access_block.logs",
      "bucket-versioning-suspended module.storage.aws_s3_bucket_versioning.logs",
      "delivery-role-widened aws_iam_role.delivery",
      "delivery-role-widened aws_iam_role_policy.delivery",
      "key-deletion-window-shortened module.storage.aws_kms_key.trail",
      "key-policy-opened module.storage.aws_kms_key.trail",
      "log-group-retention-shortened aws_cloudwatch_log_group.trail",
      "trail-global-events-off aws_cloudtrail.this",
      "trail-logging-off aws_cloudtrail.this",
      "trail-management-events-deselected aws_cloudtrail.this",
      "trail-single-region aws_cloudtrail.this",
      "trail-validation-off aws_cloudtrail.this",
    ]);
  });

  it("blocks what is cut off a guard", async () => {
    const plan = await stack.planned({
      "main.tf": [
        ['eventName = ["StopLogging", "DeleteTrail"]', 'eventName = ["DeleteTrail"]'],
        ['schedule_expression = "rate(10 minutes)"', 'schedule_expression = "rate(1 day)"'],
        ["  dead_letter_config {\n    target_arn = aws_sqs_queue.dead.arn\n  }\n", ""],
        ["message_retention_seconds = 1209600", "message_retention_seconds = 60"],
        ["($.eventName = StopLogging)", "($.eventName = DeleteTrail)"],
        ["threshold           = 1", "threshold           = 5"],
        ['value = "swordfish-1"', 'value = "swordfish-2"'],
        ['"cloudtrail:StartLogging", Resource = local.trail_arn', '"cloudtrail:*", Resource = "*"'],
        ['endpoint  = "security@example.com"', 'endpoint  = "nobody@example.com"'],
      ],
    });

    expect(verdictsOn(plan)).toEqual([
      'alarm-weakened aws_cloudwatch_metric_alarm.cis["root-usage"]',
      'alarm-weakened aws_cloudwatch_metric_alarm.cis["trail-changes"]',
      'filter-matches-less aws_cloudwatch_log_metric_filter.cis["trail-changes"]',
      "guard-queue-removed aws_lambda_function.restart",
      "guard-queue-removed aws_sqs_queue.dead",
      "guard-rule-removed aws_cloudwatch_event_rule.stopped",
      "guard-schedule-removed aws_cloudwatch_event_rule.look",
      "iam-widened aws_iam_role_policy.restart",
      "subscriber-removed aws_sns_topic_subscription.people",
    ]);
  });

  it("blocks what is destroyed or replaced", async () => {
    const plan = await stack.planned({
      "main.tf": [
        ['name                          = "org-audit"', 'name                          = "another"'],
        ['name              = "cloudtrail/org-audit"', 'name              = "another"'],
        ['function_name = "restart-trail"', 'function_name = "another"'],
      ],
      "storage/main.tf": [
        ['bucket = "org-audit-logs-${var.account_id}"', 'bucket = "another-${var.account_id}"'],
      ],
    });

    expect(verdictsOn(plan)).toEqual([
      'alarm-weakened aws_cloudwatch_metric_alarm.cis["root-usage"]',
      'alarm-weakened aws_cloudwatch_metric_alarm.cis["trail-changes"]',
      "bucket-delivery-denied module.storage.aws_s3_bucket_policy.logs (unknown)",
      "bucket-destroyed module.storage.aws_s3_bucket.logs",
      "bucket-policy-opened module.storage.aws_s3_bucket_policy.logs (unknown)",
      'filter-removed aws_cloudwatch_log_metric_filter.cis["root-usage"]',
      'filter-removed aws_cloudwatch_log_metric_filter.cis["trail-changes"]',
      "guard-destroyed aws_lambda_function.restart",
      "guard-permission-removed aws_lambda_permission.stopped",
      "guard-target-removed aws_cloudwatch_event_target.look (unknown)",
      "guard-target-removed aws_cloudwatch_event_target.stopped (unknown)",
      "log-group-destroyed aws_cloudwatch_log_group.trail",
      "trail-delivery-changed aws_cloudtrail.this (unknown)",
      "trail-delivery-changed aws_cloudtrail.this (unknown)",
      "trail-destroyed aws_cloudtrail.this",
    ]);
  });

  it("warns of what weakens alerts", async () => {
    const plan = await stack.planned({
      "main.tf": [
        [/\n {4}trail-changes = .*/.exec(source)?.[0] ?? "trail-changes", ""],
        ["NOT EXISTS &&", "NOT EXISTS && $.eventName = ConsoleLogin &&"],
        ["alarm_actions       = [aws_sns_topic.alerts.arn]", "alarm_actions       = []"],
        ['Principal = { Service = "cloudwatch.amazonaws.com" }', 'Principal = "*"'],
        ["retention_in_days = 365", "retention_in_days = 731"],
      ],
    });

    expect(verdictsOn(plan)).toEqual([
      'alarm-actions-removed aws_cloudwatch_metric_alarm.cis["root-usage"]',
      'alarm-removed aws_cloudwatch_metric_alarm.cis["trail-changes"]',
      'filter-matches-less aws_cloudwatch_log_metric_filter.cis["root-usage"]',
      'filter-removed aws_cloudwatch_log_metric_filter.cis["trail-changes"]',
      "retention-raised aws_cloudwatch_log_group.trail",
      "topic-policy-opened aws_sns_topic_policy.alerts",
    ]);
  });

  it("blocks the destruction of everything", async () => {
    expect(verdictsOn(await stack.planned({}, "-destroy"))).toEqual([
      'alarm-removed aws_cloudwatch_metric_alarm.cis["root-usage"]',
      'alarm-removed aws_cloudwatch_metric_alarm.cis["trail-changes"]',
      "bucket-destroyed module.storage.aws_s3_bucket.logs",
      "delivery-role-destroyed aws_iam_role.delivery",
      'filter-removed aws_cloudwatch_log_metric_filter.cis["root-usage"]',
      'filter-removed aws_cloudwatch_log_metric_filter.cis["trail-changes"]',
      "guard-destroyed aws_iam_role.restart",
      "guard-destroyed aws_iam_role_policy.restart",
      "guard-destroyed aws_lambda_function.restart",
      "guard-permission-removed aws_lambda_permission.stopped",
      "guard-queue-removed aws_sqs_queue.dead",
      "guard-rule-removed aws_cloudwatch_event_rule.stopped",
      "guard-schedule-removed aws_cloudwatch_event_rule.look",
      "guard-target-removed aws_cloudwatch_event_target.look",
      "guard-target-removed aws_cloudwatch_event_target.stopped",
      "key-destroyed module.storage.aws_kms_key.trail",
      "log-group-destroyed aws_cloudwatch_log_group.trail",
      "subscriber-removed aws_sns_topic_subscription.people",
      "topic-removed aws_sns_topic.alerts",
      "trail-destroyed aws_cloudtrail.this",
    ]);
  });

  describe("and the command", () => {
    let file: string;

    beforeAll(async () => {
      file = path.join(tempFolder(), "plan.json");
      const plan = await stack.planned({
        "main.tf": [
          ["retention_in_days = 365", "retention_in_days = 14"],
          ['value = "swordfish-1"', 'value = "swordfish-2"'],
        ],
      });
      writeFileSync(file, plan);
    });

    function review(...options: string[]): Promise<Ended> {
      const args = ["run", "--silent", "review", "--", ...options];
      return new Command("npm", args, path.join(__dirname, "../.."), process.env).ended;
    }

    it.each(["table", "markdown", "json", "sarif"])(
      "tells what blocks, and no secret, as %s",
      async (format) => {
        const { status, stdout, stderr } = await review("--format", format, file);

        expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
        expect(stdout).toContain("log-group-retention-shortened");
        expect(stdout).not.toContain("swordfish");
      },
    );

    it.each(["table", "markdown", "json"])("tells what else changes, as %s", async (format) => {
      expect((await review("--format", format, file)).stdout).toContain("aws_ssm_parameter.unrelated");
    });

    it("lets pass what is waived by name", async () => {
      const waivers = path.join(path.dirname(file), "waivers.json");
      const waiver = {
        rule: "log-group-retention-shortened",
        address: "aws_cloudwatch_log_group.trail",
        reason: "The log archive keeps them for ten years",
        expiry: "2999-12-31",
      };
      writeFileSync(waivers, JSON.stringify([waiver]));

      const { status, stdout } = await review("--waivers", waivers, file);

      expect(status).toBe(0);
      expect(stdout).toContain(waiver.reason);
    });

    it("can't judge what is no plan", async () => {
      const noPlan = path.join(path.dirname(file), "no-plan.json");
      writeFileSync(noPlan, "{}");

      const { status, stdout, stderr } = await review(noPlan);

      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toContain("terraform show -json PLANFILE");
    });
  });
});
