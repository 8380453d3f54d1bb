import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { callEvent } from "../../local/call-event";
import { inventory } from "../../local/inventory";
import type { Changes } from "../../local/terraform";
import { type Ended, until } from "./support/command";
import { DeployedGuard } from "./support/deployed-guard";
import { type Checkout, Sandbox, type StateLock } from "./support/sandbox";

jest.setTimeout(300_000);

// Expected values are written out from the CloudTrail user guide and the other sources of the defaults, not taken
// from the code.
const REGION = "ap-northeast-2";
const ACCOUNT = "123456789012";
const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/trailwarden`;
const BUCKET = `trailwarden-${ACCOUNT}-${REGION}`;
const GUARD = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:enable_trail`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:enable_trail_dead_letters`;
/** Rules that tell people without the guard. */
const OWN_RULES = ["enable_trail_own_parts", "enable_trail_alert_topics"];
const ALARM_TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:AlarmNotifier_CloudWatch_Alarms_Topic`;
const NOTIFIER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:alarm_notifier`;
const NOTIFIER_QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:alarm_notifier_dead_letters`;
const EMAIL = { Protocol: "email", Endpoint: "security@example.com" };

const topicArn = (name: string): string => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
const ruleArn = (name: string): string => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;

describe("an environment with a region and an e-mail address, deployed", () => {
  let sandbox: Sandbox;
  let checkout: Checkout;
  let otherCheckout: Checkout;
  let applied: Changes;
  /** What a second run met while the first one applied. */
  let meanwhile: { lock: StateLock | undefined; lockAfterwards: StateLock | undefined; refused: Ended[] };
  let keyArn: string | undefined;

  beforeAll(async () => {
    sandbox = await Sandbox.open({ region: REGION, alerts: { emails: ["security@example.com"] } });
    checkout = sandbox.checkout();
    otherCheckout = sandbox.checkout();
    await Promise.all([checkout.terraform.init(), otherCheckout.terraform.init()]);
    await checkout.terraform.validate();
    [applied, meanwhile] = await Promise.all([checkout.terraform.apply(), runASecondTerraform()]);
    keyArn = (await sandbox.account.keys())[0]?.arn;
  });

  async function runASecondTerraform(): Promise<typeof meanwhile> {
    await until("the apply has locked the state", async () => (await sandbox.lock()) !== undefined);
    const lock = await sandbox.lock();
    const refused = [
      await otherCheckout.start("plan", "-input=false", "-no-color").ended,
      await otherCheckout.start("apply", "-auto-approve", "-input=false", "-no-color").ended,
    ];
    return { lock, refused, lockAfterwards: await sandbox.lock() };
  }

  it("has every resource of the configuration", () => {
    expect(applied).toMatchObject({ add: checkout.resources().length, change: 0, remove: 0 });
  });

  it("refused a second run while the first held the lock of the state", () => {
    const { lock, lockAfterwards, refused } = meanwhile;

    for (const { status, stderr } of refused) {
      expect(status).toBe(1);
      expect(stderr).toContain("Error acquiring the state lock");
      expect(stderr).toContain(lock?.ID);
    }
    expect(lock).toMatchObject({ Operation: "OperationTypeApply" });
    expect(lockAfterwards).toEqual(lock);
  });

  it("released the lock", async () => {
    expect(await sandbox.lock()).toBeUndefined();
  });

  it("has a multi-region trail with validated, encrypted log files", async () => {
    expect(await sandbox.account.trails()).toMatchObject([
      {
        Name: "trailwarden",
        TrailARN: TRAIL,
        HomeRegion: REGION,
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        LogFileValidationEnabled: true,
        KmsKeyId: keyArn,
        S3BucketName: BUCKET,
        CloudWatchLogsLogGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/cloudtrail/trailwarden:*`,
        CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/trailwarden-log-delivery`,
      },
    ]);
  });

  it("has one key, which is rotated", async () => {
    expect(await sandbox.account.keys()).toMatchObject([
      { state: "Enabled", rotates: true, aliases: ["alias/trailwarden"] },
    ]);
  });

  it("has a private, versioned, encrypted bucket that only its trail writes to, over TLS", async () => {
    const bucketArn = `arn:aws:s3:::${BUCKET}`;
    const cloudTrail = { Service: "cloudtrail.amazonaws.com" };

    expect(await sandbox.account.bucket(BUCKET)).toEqual({
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: [{ ObjectOwnership: "BucketOwnerEnforced" }],
      versioning: "Enabled",
      encryption: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn },
          BucketKeyEnabled: true,
        },
      ],
      lifecycle: [
        {
          ID: "expire-log-files",
          Status: "Enabled",
          Filter: { Prefix: "" },
          Expiration: { Days: 365 },
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
      policy: [
        {
          Sid: "AWSCloudTrailAclCheck",
          Effect: "Allow",
          Principal: cloudTrail,
          Action: "s3:GetBucketAcl",
          Resource: bucketArn,
          Condition: { StringEquals: { "aws:SourceArn": TRAIL } },
        },
        {
          Sid: "AWSCloudTrailWrite",
          Effect: "Allow",
          Principal: cloudTrail,
          Action: "s3:PutObject",
          Resource: `${bucketArn}/AWSLogs/${ACCOUNT}/*`,
          Condition: {
            StringEquals: { "aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control" },
          },
        },
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucketArn, `${bucketArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("keeps encrypted logs for a year", async () => {
    expect(await sandbox.account.logGroups()).toEqual([
      { logGroupName: "/aws/cloudtrail/trailwarden", retentionInDays: 365, kmsKeyId: keyArn },
      { logGroupName: "/aws/lambda/alarm_notifier", retentionInDays: 365, kmsKeyId: keyArn },
      { logGroupName: "/aws/lambda/enable_trail", retentionInDays: 365, kmsKeyId: keyArn },
    ]);
  });

  it("lets CloudTrail write its own log streams and nothing else", async () => {
    expect(await sandbox.account.role("trailwarden-log-delivery")).toEqual({
      trust: [
        {
          Sid: "CloudTrailDelivers",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceArn": TRAIL, "aws:SourceAccount": ACCOUNT } },
        },
      ],
      allowed: [
        {
          Sid: "WriteOwnLogStreams",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/cloudtrail/trailwarden:log-stream:${ACCOUNT}_CloudTrail_${REGION}*`,
        },
      ],
      attachedPolicies: [],
    });
  });

  it("counts what the CloudTrail user guide counts, with its patterns to the byte", async () => {
    const counting = (metricName: string) => ({
      logGroupName: "/aws/cloudtrail/trailwarden",
      // Without a default value: a metric is published only on a match.
      metricTransformations: [
        { metricNamespace: "CloudTrailMetrics", metricName, metricValue: "1", unit: "None" },
      ],
    });

    expect(await sandbox.account.metricFilters()).toEqual([
      {
        filterName: "ConsoleSignInFailures",
        filterPattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
        ...counting("ConsoleSigninFailureCount"),
      },
      {
        filterName: "IAMPolicyChanges",
        filterPattern:
          "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
        ...counting("IAMPolicyEventCount"),
      },
      {
        filterName: "SecurityGroupEvents",
        filterPattern:
          "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
        ...counting("SecurityGroupEventCount"),
      },
    ]);
  });

  it("raises the alarms of the CloudTrail user guide, to the notifier's topic", async () => {
    const common = {
      Namespace: "CloudTrailMetrics",
      Dimensions: [],
      Statistic: "Sum",
      Period: 300,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      ActionsEnabled: true,
      OKActions: [],
      InsufficientDataActions: [],
    };

    const alarms = await sandbox.account.alarms();
    expect(alarms.filter(({ Namespace }) => Namespace === "CloudTrailMetrics")).toMatchObject([
      {
        AlarmName: "Console sign-in failures",
        AlarmDescription: expect.stringMatching(/three or more failures in 5 minutes$/),
        MetricName: "ConsoleSigninFailureCount",
        Threshold: 3,
        AlarmActions: [ALARM_TOPIC],
        ...common,
      },
      {
        AlarmName: "IAM Policy Changes",
        AlarmDescription: "Raises alarms if IAM policy changes occur",
        MetricName: "IAMPolicyEventCount",
        Threshold: 1,
        AlarmActions: [ALARM_TOPIC],
        ...common,
      },
      {
        AlarmName: "Security group configuration changes",
        AlarmDescription: "Raises alarms if security group configuration changes occur",
        MetricName: "SecurityGroupEventCount",
        Threshold: 1,
        AlarmActions: [ALARM_TOPIC],
        ...common,
      },
    ]);
  });

  it("has an encrypted topic for each alarm and for EC2, which no service may publish to", async () => {
    const topic = (name: string, subscriptions: object[], ...publish: object[]) => ({
      name,
      key: keyArn,
      subscriptions,
      policy: [
        ...publish,
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topicArn(name),
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const alarmArn = (alarmName: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarmName}`;

    const topics = await sandbox.account.topics();
    expect(topics.filter(({ name }) => name !== "TrailGuard_Alerts_Topic")).toEqual([
      topic("AlarmNotifier_CloudWatch_Alarms_Topic", [{ Protocol: "lambda", Endpoint: NOTIFIER }], {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: ALARM_TOPIC,
        Condition: {
          ArnEquals: {
            "aws:SourceArn": [
              alarmArn("Security group configuration changes"),
              alarmArn("Console sign-in failures"),
              alarmArn("IAM Policy Changes"),
            ],
          },
          StringEquals: { "aws:SourceAccount": ACCOUNT },
        },
      }),
      topic("ConsoleSignInFailures_CloudWatch_Alarms_Topic", [EMAIL]),
      topic("EC2StateChange_Events_Topic", [EMAIL]),
      topic("IAM_Policy_Changes_CloudWatch_Alarms_Topic", [EMAIL]),
      topic("SecurityGroupChanges_CloudWatch_Alarms_Topic", [EMAIL]),
    ]);
  });

  it("tells of EC2 instances that run, stop and are terminated", async () => {
    expect(await sandbox.account.rule("ec2_state_change")).toEqual({
      state: "ENABLED",
      pattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { state: ["running", "stopped", "terminated"] },
      },
      targets: [{ Id: "notifier", Arn: NOTIFIER, DeadLetterConfig: { Arn: NOTIFIER_QUEUE } }],
    });
  });

  it("wakes the guard at a StopLogging call", async () => {
    expect(await sandbox.account.rule("enable_trail")).toEqual({
      state: "ENABLED",
      pattern: {
        source: ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
      },
      targets: [{ Id: "guard", Arn: GUARD, DeadLetterConfig: { Arn: QUEUE } }],
    });
  });

  it("wakes the guard at other tampering too, and every five minutes", async () => {
    const others = ["alert_topics", "own_parts", "regular_look", "tampering"].map(
      (name) => `enable_trail_${name}`,
    );

    expect(await sandbox.account.ruleNames()).toEqual(["ec2_state_change", "enable_trail", ...others]);
    for (const name of others) {
      const { state, targets } = await sandbox.account.rule(name);
      expect(state).toBe("ENABLED");
      expect(targets).toContainEqual({ Id: "guard", Arn: GUARD, DeadLetterConfig: { Arn: QUEUE } });
    }
  });

  it("tells people of the guard's troubles and of attacks on it, without the function", async () => {
    const alarms = await sandbox.account.alarms();
    const ofGuard = alarms.filter(({ AlarmName }) => AlarmName?.startsWith("enable_trail_"));

    expect(ofGuard.map(({ AlarmName, AlarmActions }) => [AlarmName, AlarmActions])).toEqual(
      ["dead_letters", "errors", "silence", "throttles"].map((name) => [
        `enable_trail_${name}`,
        [topicArn("TrailGuard_Alerts_Topic")],
      ]),
    );
    const [topic] = (await sandbox.account.topics()).filter(({ name }) => name === "TrailGuard_Alerts_Topic");
    expect(topic).toMatchObject({
      key: keyArn,
      subscriptions: [EMAIL],
      policy: [
        {
          Sid: "AlarmsPublish",
          Condition: {
            ArnEquals: {
              "aws:SourceArn": [
                ...["errors", "throttles", "dead_letters"].map((name) => `alarm_notifier_${name}`),
                ...["errors", "throttles", "dead_letters", "silence"].map((name) => `enable_trail_${name}`),
              ].map((name) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`),
            },
          },
        },
        { Sid: "EventRulesPublish", Condition: { ArnEquals: { "aws:SourceArn": OWN_RULES.map(ruleArn) } } },
        { Sid: "DenyWithoutTls" },
      ],
    });
    for (const name of OWN_RULES) {
      const { targets } = await sandbox.account.rule(name);
      expect(targets).toContainEqual(
        expect.objectContaining({
          Id: "topic",
          Arn: topicArn("TrailGuard_Alerts_Topic"),
          DeadLetterConfig: { Arn: QUEUE },
        }),
      );
    }
  });

  it("has the notifier, whose failures reach people and a queue without it", async () => {
    expect(await sandbox.account.guardFunction("alarm_notifier")).toMatchObject({
      configuration: {
        FunctionArn: NOTIFIER,
        Runtime: "nodejs22.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
        Role: `arn:aws:iam::${ACCOUNT}:role/alarm_notifier`,
        Timeout: 120,
        MemorySize: 256,
        DeadLetterConfig: { TargetArn: NOTIFIER_QUEUE },
        Environment: {
          Variables: { TOPIC_ARN: topicArn("TrailGuard_Alerts_Topic"), TABLE_NAME: "alarm_notifier_told" },
        },
      },
      invocation: {
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: topicArn("TrailGuard_Alerts_Topic") } },
      },
    });
    const alarms = (await sandbox.account.alarms()).filter(({ AlarmName }) =>
      AlarmName?.startsWith("alarm_notifier_"),
    );
    expect(alarms.map(({ AlarmName, AlarmActions }) => [AlarmName, AlarmActions])).toEqual(
      ["dead_letters", "errors", "throttles"].map((name) => [
        `alarm_notifier_${name}`,
        [topicArn("TrailGuard_Alerts_Topic")],
      ]),
    );
  });

  it("has the guard function, which its rules alone may invoke", async () => {
    expect(await sandbox.account.guardFunction("enable_trail")).toMatchObject({
      configuration: {
        FunctionArn: GUARD,
        Runtime: "nodejs22.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
        Role: `arn:aws:iam::${ACCOUNT}:role/enable_trail`,
        Timeout: 60,
        MemorySize: 256,
        Environment: { Variables: { TRAIL_ARN: TRAIL, GUARD_MODE: "enforce" } },
      },
      invocation: { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: QUEUE } } },
    });
    const { policy } = await sandbox.account.guardFunction("enable_trail");
    const ofRule = (name: string) =>
      expect.objectContaining({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: GUARD,
        Condition: { ArnLike: { "AWS:SourceArn": ruleArn(name) } },
      });
    const rules = ["", "_alert_topics", "_own_parts", "_regular_look", "_tampering"];
    expect(policy).toHaveLength(rules.length);
    expect(policy).toEqual(expect.arrayContaining(rules.map((name) => ofRule(`enable_trail${name}`))));
  });

  it("keeps what the guard could not handle for 14 days, encrypted", async () => {
    expect(await sandbox.account.queue("enable_trail_dead_letters")).toMatchObject({
      QueueArn: QUEUE,
      MessageRetentionPeriod: "1209600",
      SqsManagedSseEnabled: "true",
      Policy: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Condition: {
            ArnEquals: {
              "aws:SourceArn": [
                "enable_trail",
                "enable_trail_tampering",
                "enable_trail_own_parts",
                "enable_trail_alert_topics",
                "enable_trail_regular_look",
              ].map(ruleArn),
            },
          },
        },
        { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
  });

  it("lets the guard's role be taken by Lambda only, and change nothing but what it keeps", async () => {
    const role = await sandbox.account.role("enable_trail");

    expect(role.trust).toEqual([
      {
        Sid: "LambdaRunsTheFunction",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
    const bySid = Object.fromEntries((role.allowed as { Sid: string }[]).map((one) => [one.Sid, one]));
    expect(bySid).toMatchObject({
      KeepTheTrail: {
        Action: [
          "cloudtrail:StartLogging",
          "cloudtrail:CreateTrail",
          "cloudtrail:UpdateTrail",
          "cloudtrail:PutEventSelectors",
        ],
        Resource: TRAIL,
      },
      GiveTheTrailItsRole: {
        Action: "iam:PassRole",
        Resource: `arn:aws:iam::${ACCOUNT}:role/trailwarden-log-delivery`,
        Condition: { StringEquals: { "iam:PassedToService": "cloudtrail.amazonaws.com" } },
      },
      KeepTheBucket: { Resource: `arn:aws:s3:::${BUCKET}` },
      KeepTheKey: { Action: ["kms:EnableKey", "kms:CancelKeyDeletion"], Resource: keyArn },
      TellPeople: { Action: "sns:Publish", Resource: topicArn("TrailGuard_Alerts_Topic") },
      KeepOwnMemory: {
        Action: "ssm:PutParameter",
        Resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/trailwarden/enable_trail/memory`,
      },
    });
    expect(role.attachedPolicies).toMatchObject([{ PolicyName: "enable_trail-keep-alarm-actions" }]);
    expect(await sandbox.account.roleNames()).toEqual([
      "alarm_notifier",
      "enable_trail",
      "enable_trail_role_changes",
      "trailwarden-log-delivery",
    ]);
  });

  it("has IAM's events sent home from us-east-1, which is the only region where they arrive", async () => {
    const virginia = new EventBridgeClient({ ...sandbox.clientSettings(), region: "us-east-1" });
    const of = { Rule: "enable_trail_role_changes" };

    const { Targets } = await virginia.send(new ListTargetsByRuleCommand(of));

    expect(Targets).toEqual([
      {
        Id: "home",
        Arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/enable_trail_role_changes`,
      },
    ]);
    expect((await sandbox.account.role("enable_trail_role_changes")).allowed).toEqual([
      {
        Sid: "SendEventsHome",
        Effect: "Allow",
        Action: "events:PutEvents",
        Resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`,
      },
    ]);
  });

  describe("the guard, run from the archive that was deployed", () => {
    let guard: DeployedGuard;
    let cloudTrail: CloudTrailClient;

    beforeAll(async () => {
      guard = await DeployedGuard.of(sandbox, checkout);
      cloudTrail = new CloudTrailClient(sandbox.clientSettings());
    });

    beforeEach(async () => {
      await cloudTrail.send(new StopLoggingCommand({ Name: TRAIL }));
    });

    // The last plan must find nothing to change.
    afterAll(async () => {
      await cloudTrail.send(new StartLoggingCommand({ Name: TRAIL }));
    });

    const stopOf = (trail: string) =>
      callEvent(
        {
          eventSource: "cloudtrail.amazonaws.com",
          eventName: "StopLogging",
          requestParameters: { name: trail },
        },
        { accountId: ACCOUNT, region: REGION },
      );

    const logging = async (): Promise<boolean | undefined> => (await sandbox.account.trails())[0]?.IsLogging;

    it("is the code that the emulator has", async () => {
      const { configuration } = await sandbox.account.guardFunction("enable_trail");

      expect(guard.sha256).toBe(configuration.CodeSha256);
    });

    it.each([
      ["its name", "trailwarden"],
      ["its ARN", TRAIL],
    ])("switches the trail on again when it was stopped by %s", async (_, trail) => {
      expect(await logging()).toBe(false);

      const { result, error } = await guard.invoke(stopOf(trail));

      expect({ result, error }).toEqual({
        result: { outcome: "restored", restored: ["trail.logging"], left: [] },
        error: undefined,
      });
      expect(await logging()).toBe(true);
    });

    it("repairs nothing when the call was denied", async () => {
      const event = stopOf(TRAIL);
      const denied = { ...event.detail, errorCode: "AccessDenied", requestParameters: null };

      const { result } = await guard.invoke({ ...event, detail: denied });

      expect(result).toEqual({ outcome: "told", restored: [], left: [] });
      expect(await logging()).toBe(false);
    });

    it("does nothing when another trail was stopped", async () => {
      const { result } = await guard.invoke(stopOf("someone-elses-trail"));

      expect(result).toEqual({ outcome: "ignored", restored: [], left: [] });
      expect(await logging()).toBe(false);
    });

    it("fails when AWS can't be reached, so that Lambda tries again", async () => {
      const { result, error } = await guard.invoke(stopOf(TRAIL), "http://127.0.0.1:1");

      expect(result).toBeUndefined();
      expect(error?.message).toContain("ECONNREFUSED");
      expect(await logging()).toBe(false);
    });
  });

  it("leaves nothing to change for a second plan", async () => {
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
  });

  it("leaves nothing to change for a plan from another checkout", async () => {
    expect(await otherCheckout.terraform.plan()).toMatchObject({ empty: true });
  });

  it("is destroyed without a trace", async () => {
    const destroyed = await checkout.terraform.destroy();

    expect(destroyed).toMatchObject({ add: 0, change: 0, remove: applied.add });
    expect(await inventory(sandbox.endpoint, sandbox.region)).toEqual([]);
    expect(await sandbox.account.roleNames()).toEqual([]);
    expect(await sandbox.account.bucketNames()).toEqual(["terraform-state"]);
    expect(await sandbox.account.keys()).toMatchObject([{ state: "PendingDeletion" }]);
    expect(await sandbox.stateResources()).toEqual([]);
    expect(await sandbox.lock()).toBeUndefined();
  });
});
