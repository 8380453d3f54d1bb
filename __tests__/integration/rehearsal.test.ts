import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { AddPermissionCommand, LambdaClient, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ATTACKS, chooseAttacks } from "../../cli/rehearsal/attacks";
import type { Row } from "../../cli/rehearsal/rehearse";
import { parseFaults } from "../../local/event-plane/faults";
import { type Rehearsed, rehearsed } from "./support/rehearsed";

jest.setTimeout(600_000);

const REGION = "ap-northeast-2";
const ACCOUNT = "123456789012";
const PEOPLE = "security@example.com";
const GUARD = "enable_trail";
const MINUTE_MS = 60_000;

let deployed: Rehearsed;

beforeAll(async () => {
  deployed = await rehearsed({ region: REGION, alerts: { emails: [PEOPLE] } });
});

/** Attacks, and has Terraform put right what is left. */
async function attack(name: string, faults = ""): Promise<Row> {
  const { rehearsal, terraform } = deployed;
  const [chosen] = chooseAttacks(name);
  if (chosen === undefined) {
    throw new Error(`no attack ${name}`);
  }
  const { row, needsApply } = await rehearsal.attack(chosen, faults === "" ? [] : parseFaults(faults));
  if (needsApply) {
    await terraform.apply();
    await rehearsal.settle();
  }
  return row;
}

/** But for the schedule, which may come round meanwhile. */
function noticed({ detectedBy }: Row): string[] {
  return detectedBy.filter((by) => !by.startsWith("schedule"));
}

function subjectsOf({ mails }: Row): (string | undefined)[] {
  return mails.map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]);
}

describe("every attack", () => {
  const byEvent = (rule: string, eventName: string) => ({
    detectedBy: [`rule ${rule}`],
    healed: "healed",
    subjects: [`Trail guard: ${eventName} undone - trailwarden`],
  });
  const byAlarm = (alarmName: string, subject: string) => ({
    detectedBy: [`alarm ${alarmName}`],
    healed: "nothing to heal",
    subjects: [subject],
  });

  const ANSWERS: Readonly<Record<string, { detectedBy: string[]; healed: string; subjects: string[] }>> = {
    stop: byEvent(GUARD, "StopLogging"),
    delete: byEvent(`${GUARD}_tampering`, "DeleteTrail"),
    selectors: byEvent(`${GUARD}_tampering`, "PutEventSelectors"),
    "single-region": byEvent(`${GUARD}_tampering`, "UpdateTrail"),
    "log-group": {
      detectedBy: [`rule ${GUARD}_tampering`],
      healed: "by terraform apply",
      subjects: ["Trail guard: ACTION NEEDED, DeleteLogGroup - trailwarden"],
    },
    "bucket-lifecycle": byEvent(`${GUARD}_tampering`, "PutBucketLifecycle"),
    "bucket-policy": byEvent(`${GUARD}_tampering`, "DeleteBucketPolicy"),
    key: byEvent(`${GUARD}_tampering`, "DisableKey"),
    rule: {
      ...byEvent(`${GUARD}_own_parts`, "DisableRule"),
      subjects: ["AWS Notification Message", "Trail guard: DisableRule undone - trailwarden"],
    },
    "alarm-actions": byEvent(`${GUARD}_tampering`, "DisableAlarmActions"),
    "security-group": byAlarm(
      "Security group configuration changes",
      "[MEDIUM] Security group configuration changes: 2 events by user mallory",
    ),
    "iam-policy": byAlarm("IAM Policy Changes", "[MEDIUM] IAM Policy Changes: 1 event by user mallory"),
    "sign-ins": byAlarm(
      "Console sign-in failures",
      "[MEDIUM] Console sign-in failures: 3 events by user mallory",
    ),
    "instance-states": {
      detectedBy: ["rule ec2_state_change"],
      healed: "nothing to heal",
      subjects: ["[LOW] 3 changes of EC2 instances: 1 running, 1 stopped, 1 terminated"],
    },
  };

  it("is one of these", () => {
    expect(Object.keys(ANSWERS)).toEqual(ATTACKS.map(({ name }) => name));
  });

  it.each(ATTACKS.map(({ name }) => name))("%s is detected, told of and healed", async (name) => {
    const { detectedBy, healed, subjects } = ANSWERS[name] as (typeof ANSWERS)[string];

    const row = await attack(name);

    expect(row).toMatchObject({ ok: true, why: [], notified: [PEOPLE], healed });
    expect(noticed(row)).toEqual(detectedBy);
    expect(subjectsOf(row).sort()).toEqual([...subjects].sort());
    if (healed === "healed") {
      expect(row.seconds).toBeLessThan(10);
    }
  });

  it("leaves nothing to change", async () => {
    expect(await deployed.terraform.plan()).toMatchObject({ empty: true });
  });
});

describe("the alarms and the rule of the seeds", () => {
  it("two failed sign-ins in five minutes are silent", async () => {
    const { plane } = deployed;
    await plane.turn(20 * MINUTE_MS);
    const from = plane.clock.now();
    for (let nth = 1; nth <= 2; nth++) {
      await plane.signIn({ userName: "alice", region: REGION, succeeded: false, mfa: false });
    }

    await plane.turn(20 * MINUTE_MS);

    const matched = plane.journal.since(from, "filter matched").map(({ what }) => what);
    expect(new Set(matched)).toEqual(new Set(["ConsoleSignInFailures"]));
    expect(plane.inbox.since(from)).toEqual([]);
  });

  it("people hear of an instance that runs, is stopped or terminated, and of no other state", async () => {
    const { mails } = await attack("instance-states");

    const [mail = ""] = mails;
    const states = [...mail.matchAll(/^ {2}- \S+: i-[0-9a-f]+ is (\S+)$/gm)].map(([, state]) => state);
    expect(mails).toHaveLength(1);
    expect(states.sort()).toEqual(["running", "stopped", "terminated"]);
  });
});

describe("with a fault", () => {
  it.each([
    "throttle:cloudtrail:StartLogging",
    "5xx:cloudtrail:GetTrailStatus",
    "5xx:sns:Publish",
    "throttle:ssm",
    "delay:cloudtrail",
    "reorder",
  ])("%s the trail logs again within seconds, and people hear of it once", async (fault) => {
    const row = await attack("stop", fault);

    expect(row).toMatchObject({ ok: true, healed: "healed" });
    expect(noticed(row)).toEqual([`rule ${GUARD}`]);
    expect(row.seconds).toBeLessThan(20);
    expect(subjectsOf(row)).toEqual(["Trail guard: StopLogging undone - trailwarden"]);
  });

  it("duplicate events do no harm: two runs at the same moment may both tell of it", async () => {
    const row = await attack("stop", "duplicate");

    expect(row).toMatchObject({ ok: true, healed: "healed" });
    const subjects = subjectsOf(row);
    expect(subjects).toContain("Trail guard: StopLogging undone - trailwarden");
    expect(subjects.filter((subject) => !subject?.startsWith("Trail guard: StopLogging"))).toEqual([]);
  });

  it("on the road of events, the regular look heals", async () => {
    const row = await attack("stop", "cut");

    expect(row).toMatchObject({ ok: true, healed: "healed", detectedBy: [`schedule ${GUARD}_regular_look`] });
    expect(row.seconds).toBeLessThanOrEqual(5 * 60 + 10);
    expect(subjectsOf(row)).toEqual(["Trail guard: 1 restored - trailwarden"]);
  });

  it("that doesn't end, the event is kept, and alarms tell people without the function", async () => {
    const { plane, clientSettings } = deployed;
    const from = plane.clock.now();

    const row = await attack("stop", "throttle:cloudtrail:StartLogging*always");
    await plane.turn(5 * MINUTE_MS);

    expect(row).toMatchObject({ ok: false, healed: "not healed" });
    expect(row.why).toContain("it was not healed");
    const subjects = plane.inbox.since(from).map(({ subject }) => subject);
    expect(subjects).toContain(`ALARM: "${GUARD}_errors" in Asia Pacific (Seoul)`);
    expect(subjects).toContain(`ALARM: "${GUARD}_dead_letters" in Asia Pacific (Seoul)`);
    const sqs = new SQSClient(clientSettings);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${GUARD}_dead_letters` }));
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages[0]?.Body ?? "{}")).toMatchObject({
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { "detail-type": "AWS API Call via CloudTrail", detail: { eventName: "StopLogging" } },
    });
  });
});

describe("a broken deployment", () => {
  /** Breaks it while the attack is rehearsed; the guard's messages about the breaking come before. */
  async function broken(name: string, breakIt: () => Promise<unknown>, mendIt: () => Promise<unknown>) {
    const { plane } = deployed;
    await plane.turn(20 * MINUTE_MS);
    await breakIt();
    try {
      await plane.turn(MINUTE_MS);
      return await attack(name);
    } finally {
      await mendIt();
      await plane.turn(MINUTE_MS);
    }
  }

  it("without the rule's permission to invoke the function", async () => {
    const lambda = new LambdaClient(deployed.clientSettings);
    const StatementId = "EventRuleInvokes";

    const row = await broken(
      "stop",
      () => lambda.send(new RemovePermissionCommand({ FunctionName: GUARD, StatementId })),
      () =>
        lambda.send(
          new AddPermissionCommand({
            FunctionName: GUARD,
            StatementId,
            Action: "lambda:InvokeFunction",
            Principal: "events.amazonaws.com",
            SourceArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${GUARD}`,
          }),
        ),
    );

    expect(row).toMatchObject({ ok: false, healed: "healed" });
    expect(row.why).toEqual([
      expect.stringMatching(/^no event woke the guard in time: it was healed after \d+ s$/),
      `rule ${GUARD} to ${GUARD}: the function ${GUARD} has no permission that lets events.amazonaws.com invoke it for arn:aws:events:${REGION}:${ACCOUNT}:rule/${GUARD}`,
    ]);
  });

  it("with a rule that waits for another event", async () => {
    const events = new EventBridgeClient(deployed.clientSettings);
    const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: GUARD }));
    const rule = Rules.find(({ Name }) => Name === GUARD);
    const EventPattern = rule?.EventPattern?.replace("StopLogging", "StopLoging");

    const row = await broken(
      "stop",
      () => events.send(new PutRuleCommand({ Name: GUARD, EventPattern })),
      () => events.send(new PutRuleCommand({ Name: GUARD, EventPattern: rule?.EventPattern })),
    );

    expect(row).toMatchObject({ ok: false, healed: "healed" });
    expect(row.why).toContain(
      "no event rule and no metric filter matched cloudtrail.amazonaws.com StopLogging",
    );
  });

  it("with a key whose policy lets another service publish", async () => {
    const kms = new KMSClient(deployed.clientSettings);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/trailwarden" }));
    const key = { KeyId: KeyMetadata?.KeyId, PolicyName: "default" };
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand(key));
    const wrong = Policy.replaceAll("cloudwatch.amazonaws.com", "monitoring.amazonaws.com");

    const row = await broken(
      "sign-ins",
      () => kms.send(new PutKeyPolicyCommand({ ...key, Policy: wrong })),
      () => kms.send(new PutKeyPolicyCommand({ ...key, Policy })),
    );

    expect(row).toMatchObject({ ok: false, notified: [] });
    expect(row.why).toEqual([
      "nobody was told",
      "alarm Console sign-in failures: the policy of the key of the topic AlarmNotifier_CloudWatch_Alarms_Topic doesn't let cloudwatch.amazonaws.com use kms:GenerateDataKey",
    ]);
  });

  it("with a role that may not start logging", async () => {
    const iam = new IAMClient({ ...deployed.clientSettings, region: "us-east-1" });
    const policy = { RoleName: GUARD, PolicyName: "keep-the-trail-as-declared" };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(policy));
    const document = decodeURIComponent(PolicyDocument);
    const without = document.replace('"cloudtrail:StartLogging",', "");

    const row = await broken(
      "stop",
      () => iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: without })),
      () => iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: document })),
    );

    expect(row).toMatchObject({ ok: false, healed: "not healed" });
    expect(row.why).toContainEqual(
      expect.stringMatching(
        /^cloudtrail:StartLogging: User: .*enable_trail is not authorized to perform: cloudtrail:StartLogging/,
      ),
    );
  });
});
