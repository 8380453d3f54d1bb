import { readFileSync } from "node:fs";
import path from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { chooseAttacks } from "../../cli/rehearsal/attacks";
import { Rehearsal } from "../../cli/rehearsal/rehearsal";
import type { Row } from "../../cli/rehearsal/rehearse";
import { parseConfig, type StackSettings } from "../../config";
import { type LivingEmulator, startEmulator, startLivingEmulator } from "../../local/emulator";
import {
  emulatorClientSettings,
  emulatorEnvironment,
  emulatorProviderSettings,
} from "../../local/environment";
import { Terraform } from "../../local/terraform";
import { Account } from "./support/account";
import { afterwards } from "./support/afterwards";
import { Command, type Ended } from "./support/command";
import {
  BY_HAND,
  LOG_EVENT,
  LOG_FILE,
  makeByHand,
  ORGANIZED,
  organize,
  TRAIL_ARN,
} from "./support/hand-made-account";
import { verdictsOn } from "./support/planned";
import { npx, ProjectCopy } from "./support/project-copy";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(300_000);

const REGION = "ap-northeast-2";
const ACCOUNT = "123456789012";
const PEOPLE = "security@example.com";
const FILTERS = ["ConsoleSignInFailures", "IAMPolicyChanges", "SecurityGroupEvents"];
const ALARMS = ["Console sign-in failures", "IAM Policy Changes", "Security group configuration changes"];
const TOPICS = [
  "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
  BY_HAND.instanceTopic,
  "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
  "SecurityGroupChanges_CloudWatch_Alarms_Topic",
].map((name) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`);
const RULES = [BY_HAND.instanceRule, BY_HAND.guardRule];
const TARGETS = [
  `${BY_HAND.instanceRule}/${BY_HAND.instanceTarget}`,
  `${BY_HAND.guardRule}/${BY_HAND.guardTarget}`,
];

/** Source of a configuration as people write it, for an emulator. */
function configFor(endpoint: string): string {
  return `import { defineConfig } from "./config";

export default defineConfig({
  environments: {
    // Watches the account's API calls.
    main: {
      region: "${REGION}",
      alerts: { emails: ["${PEOPLE}"] },
      provider: ${JSON.stringify(emulatorProviderSettings(endpoint))},
    },
  },
});
`;
}

/** A project whose environment is of an emulator, and what is run in it. */
class Project {
  private readonly copy: ProjectCopy;
  private readonly environment: NodeJS.ProcessEnv;
  readonly terraform: Terraform;

  constructor(endpoint: string) {
    this.copy = new ProjectCopy(configFor(endpoint));
    // Terraform that is stopped may leave its temporary files.
    this.environment = { ...emulatorEnvironment(endpoint, REGION, "alice"), TMPDIR: tempFolder() };
    const folder = path.join(this.copy.folder, "cdktf.out/stacks/main");
    const stopping = new AbortController();
    this.terraform = new Terraform({ folder, environment: this.environment, signal: stopping.signal });
    afterwards(() => stopping.abort());
  }

  adopt(...options: string[]): Promise<Ended> {
    const args = ["run", "adopt", "--", "--region", REGION, ...options];
    return new Command("npm", args, this.copy.folder, this.environment).ended;
  }

  synthesize(): Promise<Ended> {
    return npx(["tsx", "main.ts"], this.copy.folder, this.environment);
  }

  /** Source of its configuration. */
  config(): string {
    return readFileSync(this.configFile, "utf8");
  }

  settings(): StackSettings {
    return parseConfig(require(this.configFile).default).main as StackSettings;
  }

  private get configFile(): string {
    return path.join(this.copy.folder, "trailwarden.config.ts");
  }
}

/** What the test needs of `terraform show -json`. */
interface Plan {
  readonly resource_changes: readonly {
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly importing?: { readonly id: string };
      readonly after: Readonly<Record<string, unknown>> | null;
    };
  }[];
}

async function planOf(terraform: Terraform, file: string): Promise<Plan> {
  await terraform.run(["plan", "-input=false", "-no-color", `-out=${file}`]);
  return JSON.parse(await terraform.run(["show", "-json", file]));
}

describe("everything of the guide and the blog, made by hand", () => {
  let emulator: LivingEmulator;
  let project: Project;
  let account: Account;
  let clientSettings: ReturnType<typeof emulatorClientSettings>;
  let adopted: Ended;
  /** What the command did to the account. */
  let recorded: readonly unknown[];
  let settings: StackSettings;
  let plan: Plan;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    emulator = await startLivingEmulator();
    afterwards(() => emulator.stop());
    clientSettings = emulatorClientSettings(emulator.url, REGION, "alice");
    account = new Account(clientSettings);
    await makeByHand(clientSettings, PEOPLE);
    await emulator.plane.idle();

    const from = emulator.plane.clock.now();
    project = new Project(emulator.url);
    adopted = await project.adopt("--write");
    recorded = emulator.plane.journal.since(from, "recorded");
    settings = project.settings();
    expect(await project.synthesize()).toMatchObject({ status: 0 });
    await project.terraform.init();
    plan = await planOf(project.terraform, "adopt.tfplan");
    await project.terraform.run(["apply", "-input=false", "adopt.tfplan"]);
    const outputs = await project.terraform.outputs();
    rehearsal = await Rehearsal.of({ settings, endpoint: emulator.url, plane: emulator.plane, outputs });
  });

  it("is found by calls that only read, and named in the configuration", () => {
    expect(adopted).toMatchObject({ status: 0 });
    expect(adopted.stdout).toContain("is_multi_region_trail: false -> true");
    expect(project.config()).toContain("// Watches the account's API calls.");
    expect(recorded).toEqual([]);
    expect(settings).toMatchObject({
      adopt: {
        trail: TRAIL_ARN,
        bucket: BY_HAND.bucket,
        bucketSettings: ["policy", "publicAccessBlock", "ownershipControls", "encryption"],
        logGroup: BY_HAND.logGroup,
        deliveryRole: `arn:aws:iam::${ACCOUNT}:role/service-role/${BY_HAND.deliveryRole}`,
        deliveryRolePolicy: BY_HAND.deliveryRolePolicy,
        metricFilters: FILTERS,
        alarms: ALARMS,
        topics: TOPICS,
        eventRules: RULES,
        eventTargets: TARGETS,
        functions: [BY_HAND.function],
        logGroups: [BY_HAND.functionLogGroup],
      },
      // Hand-made logs never expire: the longest that there is.
      retention: { logGroupDays: 3653, bucketDays: 36_500 },
    });
  });

  it("is imported by the first plan, which destroys and replaces nothing", () => {
    const imported = plan.resource_changes.flatMap(({ type, change: { importing } }) =>
      importing === undefined ? [] : [`${type} ${importing.id}`],
    );
    const actions = new Set(plan.resource_changes.flatMap(({ change }) => change.actions));

    expect(imported.sort()).toEqual(
      [
        `aws_cloudtrail ${TRAIL_ARN}`,
        `aws_s3_bucket ${BY_HAND.bucket}`,
        `aws_s3_bucket_policy ${BY_HAND.bucket}`,
        `aws_s3_bucket_public_access_block ${BY_HAND.bucket}`,
        `aws_s3_bucket_ownership_controls ${BY_HAND.bucket}`,
        `aws_s3_bucket_server_side_encryption_configuration ${BY_HAND.bucket}`,
        `aws_cloudwatch_log_group ${BY_HAND.logGroup}`,
        `aws_iam_role ${BY_HAND.deliveryRole}`,
        `aws_iam_role_policy ${BY_HAND.deliveryRole}:${BY_HAND.deliveryRolePolicy}`,
        ...FILTERS.map((name) => `aws_cloudwatch_log_metric_filter ${BY_HAND.logGroup}:${name}`),
        ...ALARMS.map((name) => `aws_cloudwatch_metric_alarm ${name}`),
        ...TOPICS.flatMap((arn) => [`aws_sns_topic ${arn}`, `aws_sns_topic_policy ${arn}`]),
        ...RULES.map((name) => `aws_cloudwatch_event_rule ${name}`),
        ...TARGETS.map((id) => `aws_cloudwatch_event_target ${id}`),
        `aws_lambda_function ${BY_HAND.function}`,
        `aws_cloudwatch_log_group ${BY_HAND.functionLogGroup}`,
      ].sort(),
    );
    expect([...actions].sort()).toEqual(["create", "no-op", "update"]);
  });

  it("has what it takes from the account named by the review of that plan", () => {
    expect(verdictsOn(JSON.stringify(plan))).toEqual([
      // To the notifier's topic.
      "alarm-actions-removed aws_cloudwatch_metric_alarm.console-sign-in-failures_alarm_E48F0358",
      "alarm-actions-removed aws_cloudwatch_metric_alarm.iam-policy-changes_alarm_C629C21E",
      "alarm-actions-removed aws_cloudwatch_metric_alarm.security-group-changes_alarm_0C18EF60",
      // Older versions, which were kept for ever.
      "bucket-lifecycle-shortened aws_s3_bucket_lifecycle_configuration.trail_bucket_lifecycle_34D7FD40",
      "cost-raised plan",
      // To the notifier.
      "event-rule-removed aws_cloudwatch_event_target.notifier_instance-states-target_E730B394",
      // A role that is made by the same plan.
      "guard-destroyed aws_lambda_function.guard_function_DA6E1370 (unknown)",
      // Ten years, the longest there is, instead of for ever.
      "log-group-retention-shortened aws_cloudwatch_log_group.trail_log-group_2BDB0A37",
      // By SNS's own policy everything in the account could publish.
      "topic-policy-narrowed aws_sns_topic_policy.topic-ConsoleSignInFailures_CloudWatch_Alarms_Topic_policy_DBCC96E4",
      "topic-policy-narrowed aws_sns_topic_policy.topic-EC2StateChange_Events_Topic_policy_60296203",
      "topic-policy-narrowed aws_sns_topic_policy.topic-IAM_Policy_Changes_CloudWatch_Alarms_Topic_policy_E8176893",
      "topic-policy-narrowed aws_sns_topic_policy.topic-SecurityGroupChanges_CloudWatch_Alarms_Topic_policy_9038A026",
    ]);
  });

  it("is one trail, hardened, once the plan is applied", async () => {
    const [key] = await account.keys();

    expect(await account.trails()).toMatchObject([
      {
        TrailARN: TRAIL_ARN,
        S3BucketName: BY_HAND.bucket,
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        LogFileValidationEnabled: true,
        KmsKeyId: key?.arn,
        CloudWatchLogsLogGroupArn: expect.stringContaining(`:log-group:${BY_HAND.logGroup}:*`),
        CloudWatchLogsRoleArn: expect.stringContaining(`:role/service-role/${BY_HAND.deliveryRole}`),
      },
    ]);
    expect(await account.bucketNames()).toEqual([BY_HAND.bucket]);
    expect((await account.topics()).map(({ name }) => name)).toEqual(
      [
        ...TOPICS.map((arn) => arn.split(":")[5]),
        "AlarmNotifier_CloudWatch_Alarms_Topic",
        "TrailGuard_Alerts_Topic",
      ].sort((one, other) => (one ?? "").localeCompare(other ?? "")),
    );
  });

  it("has the guard for code where the blog's function was", async () => {
    const planned = plan.resource_changes.find(
      ({ type, change }) =>
        type === "aws_lambda_function" && change.after?.function_name === BY_HAND.function,
    );

    const { configuration } = await account.guardFunction(BY_HAND.function);

    expect(configuration).toMatchObject({
      Runtime: "nodejs22.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Role: `arn:aws:iam::${ACCOUNT}:role/${BY_HAND.function}`,
      CodeSha256: planned?.change.after?.source_code_hash,
    });
  });

  it("keeps its log files and events", async () => {
    const s3 = new S3Client({ ...clientSettings, forcePathStyle: true });
    const logs = new CloudWatchLogsClient(clientSettings);

    // Not the file itself: the emulator passes over the condition on which the bucket's policy denies it.
    const files = await s3.send(new ListObjectVersionsCommand({ Bucket: BY_HAND.bucket }));
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: BY_HAND.logGroup }));

    expect(files.Versions).toMatchObject([{ Key: LOG_FILE, Size: 10, IsLatest: true }]);
    expect(files.DeleteMarkers).toBeUndefined();
    expect(events.map(({ message }) => message)).toContain(LOG_EVENT);
  });

  it("leaves nothing to change", async () => {
    expect(await project.terraform.plan()).toMatchObject({ empty: true });
  });

  it("is guarded: the trail logs again as soon as it is stopped, and people hear of it", async () => {
    const row = await attack("stop");

    expect(row).toMatchObject({
      ok: true,
      why: [],
      healed: "healed",
      notified: [PEOPLE],
      mails: [expect.stringContaining(`Subject: Trail guard: StopLogging undone - ${BY_HAND.trail}\n`)],
    });
    expect(row.detectedBy).toContain("rule enable_trail");
  });

  it("has people told of what the guide's filters and alarms watch", async () => {
    expect(await attack("iam-policy")).toMatchObject({
      ok: true,
      why: [],
      detectedBy: ["alarm IAM Policy Changes"],
      notified: [PEOPLE],
    });
  });

  async function attack(name: string): Promise<Row> {
    const [chosen] = chooseAttacks(name);
    if (chosen === undefined) {
      throw new Error(`no attack ${name}`);
    }
    return (await rehearsal.attack(chosen, [])).row;
  }
});

describe("trails whose log files go to a log archive account", () => {
  let project: Project;

  beforeAll(async () => {
    const emulator = await startEmulator();
    afterwards(() => emulator.stop());
    await organize(emulatorClientSettings(emulator.url, REGION, "alice"));
    project = new Project(emulator.url);
  });

  it("are told apart by their names", async () => {
    const { status, stderr } = await project.adopt();

    expect(status).toBe(1);
    expect(stderr).toContain("--trail NAME");
    for (const { trail } of Object.values(ORGANIZED)) {
      expect(stderr).toContain(trail);
    }
  });

  it("are imported without the bucket, and what its policy lacks is listed", async () => {
    const before = project.config();
    const { trail, bucket, logGroup } = ORGANIZED.own;

    const { status, stdout } = await project.adopt("--trail", trail);

    expect(status).toBe(0);
    expect(stdout).toContain(`trail: "arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${trail}"`);
    expect(stdout).toContain(`logGroup: "${logGroup}"`);
    expect(stdout).toContain(`existingBucket: "${bucket}"`);
    expect(stdout).not.toContain(`bucket: "${bucket}"`);
    expect(stdout).toContain(`"arn:aws:s3:::${bucket}/AWSLogs/${ACCOUNT}/*"`);
    expect(stdout).toContain("s3:PutObject");
    expect(stdout).not.toContain("s3:GetBucketAcl");
    expect(project.config()).toBe(before);
  });

  it("are used as they are where Control Tower made them", async () => {
    const before = project.config();
    const { trail, logGroup } = ORGANIZED.controlTower;

    const { status, stdout } = await project.adopt("--trail", trail);

    expect(status).toBe(0);
    expect(stdout).toContain(`existingTrail: "arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${trail}"`);
    expect(stdout).toContain(`existingLogGroup: "${logGroup}"`);
    expect(stdout).not.toContain("adopt: {");
    expect(project.config()).toBe(before);
  });
});
