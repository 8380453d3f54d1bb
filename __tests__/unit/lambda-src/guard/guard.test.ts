import fc from "fast-check";
import type { DeclaredState } from "../../../../lambda-src/guard/declared-state";
import {
  ACCOUNT,
  BUCKET,
  DECLARED,
  DECLARED_BUCKET,
  KEY_ARN,
  PARAMETERS,
  TOPIC_ARN,
  TRAIL_ARN,
  TRAIL_SETTINGS,
  textOf,
} from "./support/deployment";
import { GUARD_ITSELF, MALLORY, REGULAR_LOOK, TERRAFORM, TERRAFORM_ROLE_ARN } from "./support/events";
import { Killed } from "./support/fake-aws";
import { pauseText, Scene } from "./support/scene";
import { strengths, weaknesses } from "./support/strength";
import {
  ALARM_NAME,
  DELETE_TRAIL,
  FILTER_NAME,
  IRREPARABLE,
  RESTORABLE,
  STOP_LOGGING,
  STRONGER,
  type Tampering,
  tampering,
} from "./support/tampering";

const NOTHING = { kind: "as declared", restored: [], left: [] };
const IGNORED = { kind: "ignored", restored: [], left: [] };
const EXEMPT = { settings: { exemptPrincipals: [TERRAFORM_ROLE_ARN] } };

/** Each message as one text, without what wraps its lines. */
function texts(scene: Scene): string[] {
  return scene
    .told()
    .map(({ subject, body }) => `${subject}\n${body.replace(/\n +(?!- |\d\. )(?=\S)/g, " ")}`);
}

/** What each message says happened, below its title. */
function headlines(scene: Scene): string[] {
  return texts(scene).map((text) => text.split("\n")[3] ?? "");
}

function isAsDeclared(scene: Scene): boolean {
  return (
    weaknesses(strengths(scene.cloud, scene.declared), strengths(new Scene().cloud, DECLARED)).length === 0
  );
}

describe("what is as declared", () => {
  it("is left alone by a regular look, which writes nothing at all", async () => {
    const scene = new Scene();

    await expect(scene.look()).resolves.toEqual(NOTHING);

    expect(scene.fake.calls.filter(({ name }) => /:(?!Get|List|Describe)/.test(name))).toEqual([]);
    expect(scene.told()).toEqual([]);
  });

  it.each(RESTORABLE)("is left alone by an old event of the call by which $name", async ({ call }) => {
    const scene = new Scene();

    await expect(scene.hear(call)).resolves.toMatchObject({ restored: [], left: [] });

    expect(scene.fake.takeWrites()).toEqual([]);
    expect(headlines(scene).every((line) => line.endsWith("all of it is as declared now."))).toBe(true);
  });

  it("is a deployment of which Terraform manages a part only", async () => {
    const { trail, logGroup } = DECLARED;
    const declared: DeclaredState = {
      trail: { arn: trail.arn },
      logGroup: { name: logGroup.name, metricFilters: [] },
      alarms: [],
      rules: [],
    };
    const scene = new Scene({ declared });

    await expect(scene.look()).resolves.toEqual(NOTHING);

    const services = new Set(scene.fake.calls.map(({ name }) => name.split(":")[0]));
    expect([...services].sort()).toEqual(["cloudtrail", "logs", "ssm"]);
  });
});

describe("what the guard can restore", () => {
  describe.each(RESTORABLE)("$name", ({ change, call, difference, undoneBy, leaves }) => {
    const left = leaves === undefined ? [] : [leaves];

    it("is undone at the event, by these calls alone, and the caller is named once", async () => {
      const scene = new Scene();
      const event = scene.event(call);
      change(scene.cloud);

      await expect(scene.handle(event)).resolves.toEqual({ kind: "told", restored: [difference], left });

      expect(scene.fake.takeWrites()).toEqual(undoneBy);
      expect(isAsDeclared(scene)).toBe(true);
      const [message, ...others] = texts(scene);
      expect(others).toEqual([]);
      expect(message).toContain(call.eventName);
      expect(message).toContain(`Who      user mallory, without MFA ${MALLORY.arn}`);
      expect(message).toMatch(/restored, 0 s after the call/);

      await expect(scene.handle(event)).resolves.toMatchObject({ kind: "as declared", restored: [] });
      await expect(scene.look()).resolves.toMatchObject({ kind: "as declared", restored: [] });
      expect(scene.fake.takeWrites()).toEqual([]);
      expect(scene.told()).toEqual([]);
    });

    it("is undone at the next look if no event comes, and the caller is named once it is known", async () => {
      const scene = new Scene();
      const event = scene.event(call);
      change(scene.cloud);
      scene.pass(5);

      await expect(scene.look()).resolves.toEqual({ kind: "told", restored: [difference], left });

      expect(scene.fake.takeWrites()).toEqual(undoneBy);
      expect(isAsDeclared(scene)).toBe(true);
      expect(texts(scene)).toEqual([expect.stringContaining("unknown: found by the regular look")]);

      scene.pass(1);
      await scene.handle(event);
      await scene.handle(event);
      expect(scene.fake.takeWrites()).toEqual([]);
      expect(texts(scene)).toEqual([
        expect.stringContaining(`Who      user mallory, without MFA ${MALLORY.arn}`),
      ]);
    });

    it("is undone although the first call for it fails after it took effect", async () => {
      const scene = new Scene();
      const [first] = undoneBy;
      scene.fake.fail(first as "cloudtrail:StartLogging", "timed out late");
      change(scene.cloud);

      await expect(scene.look()).resolves.toMatchObject({ kind: "told" });

      expect(isAsDeclared(scene)).toBe(true);
    });

    it("is only told of where its row observes, and not even that where it is off", async () => {
      const rows = [
        "stop-logging",
        "delete-trail",
        "update-trail",
        "event-selectors",
        "bucket",
        "key",
      ] as const;
      const all = [...rows, "log-group", "alarms-and-rules", "irreparable"] as const;
      for (const mode of ["observe", "off"] as const) {
        const scene = new Scene({ settings: { modes: Object.fromEntries(all.map((row) => [row, mode])) } });
        change(scene.cloud);

        await scene.look();
        await scene.hear(call);
        await scene.hear({ ...call, errorCode: "AccessDenied" });

        expect(scene.fake.takeWrites()).toEqual([]);
        const told = texts(scene);
        expect(told).toHaveLength(mode === "off" ? 0 : told.length);
        expect(told.join("").includes("left: the guard only observes")).toBe(mode === "observe");
      }
    });
  });

  it("is undone wholly where all of it was changed at once", async () => {
    const scene = new Scene();
    for (const { change, difference } of RESTORABLE) {
      if (difference !== "trail") change(scene.cloud);
    }

    await expect(scene.look()).resolves.toMatchObject({ kind: "told" });

    expect(isAsDeclared(scene)).toBe(true);
    expect(scene.told()).toHaveLength(1);
  });

  it("is undone with the trail's logging first", async () => {
    const scene = new Scene();
    tampering("the key is disabled").change(scene.cloud);
    STOP_LOGGING.change(scene.cloud);

    await scene.look();

    expect(scene.fake.takeWrites()).toEqual(["cloudtrail:StartLogging", "kms:EnableKey"]);
  });

  it("is a deleted trail, made again as declared down to its tags and selectors", async () => {
    const scene = new Scene({
      declared: {
        ...DECLARED,
        trail: {
          arn: TRAIL_ARN,
          settings: {
            ...TRAIL_SETTINGS,
            multiRegion: false,
            eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
          },
        },
      },
    });
    const { trail } = scene.cloud;
    const before = structuredClone(trail);

    await scene.suffer(DELETE_TRAIL);

    expect(scene.cloud.trail).toEqual({
      ...before,
      eventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true, DataResources: [] }],
    });
  });

  it("is a trail that is deleted by the time that its being stopped is heard of", async () => {
    const scene = new Scene();
    DELETE_TRAIL.change(scene.cloud);

    await expect(scene.hear(STOP_LOGGING.call)).resolves.toMatchObject({ restored: ["trail"] });

    expect(isAsDeclared(scene)).toBe(true);
  });

  it("is a trail that exists already, as far as that it logs", async () => {
    const scene = new Scene({ declared: { ...DECLARED, trail: { arn: TRAIL_ARN } } });
    tampering("log file validation is off").change(scene.cloud);

    await scene.suffer(STOP_LOGGING);
    expect(scene.fake.takeWrites()).toEqual(["cloudtrail:StartLogging"]);

    await expect(scene.suffer(DELETE_TRAIL)).resolves.toMatchObject({ left: ["trail"] });
    expect(scene.fake.takeWrites()).toEqual([]);
    expect(texts(scene).at(-1)).toContain("run terraform apply");
  });

  it("is nothing that an event names, and not what was observed", async () => {
    const scene = new Scene();
    tampering("versioning is suspended").change(scene.cloud);

    await scene.hear(STOP_LOGGING.call);

    expect(scene.fake.takeWrites()).toEqual([]);
  });
});

describe("what is more than declared", () => {
  it.each(STRONGER)("is told of once and left: $name", async (one) => {
    const scene = new Scene();

    await expect(scene.suffer(one)).resolves.toEqual({ kind: "told", restored: [], left: [one.difference] });
    const reason = one.call.eventName.startsWith("DeleteBucket")
      ? "run terraform apply"
      : "declare what is more";
    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(message).toContain(reason);
    expect(message?.includes("left: it is more than declared")).toBe(reason.startsWith("declare"));

    await scene.look();
    await scene.look();
    expect(scene.fake.takeWrites()).toEqual([]);
    expect(scene.told()).toEqual([]);
  });

  it("is told of whole: every setting that is on and was declared off", async () => {
    const settings = { ...TRAIL_SETTINGS, multiRegion: false, logFileValidation: false };
    const scene = new Scene({ declared: { ...DECLARED, trail: { arn: TRAIL_ARN, settings } } });
    const { trail } = scene.cloud;
    if (trail !== undefined) {
      trail.settings = { ...trail.settings, IsMultiRegionTrail: true, LogFileValidationEnabled: true };
    }

    await scene.look();

    const [message] = texts(scene);
    expect(message).toContain("multi-region on, declared off; log file validation on");
    tampering("the trail uses another key").change(scene.cloud);
    await scene.look();
    expect(trail?.settings).toMatchObject({
      KmsKeyId: KEY_ARN,
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
    });
  });

  it("stays while what is less beside it is restored", async () => {
    const settings: typeof TRAIL_SETTINGS = {
      ...TRAIL_SETTINGS,
      eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
    };
    const scene = new Scene({ declared: { ...DECLARED, trail: { arn: TRAIL_ARN, settings } } });
    tampering("only reads are recorded, by an advanced selector").change(scene.cloud);

    await scene.look();

    expect(strengths(scene.cloud, DECLARED)).toMatchObject({
      "trail.event-selectors/read": 1,
      "trail.event-selectors/write": 1,
    });
  });

  it("is more versions of log files that are kept", async () => {
    const scene = new Scene();
    const [rule] = scene.cloud.bucket?.lifecycle ?? [];
    Object.assign(rule?.NoncurrentVersionExpiration ?? {}, { NewerNoncurrentVersions: 3 });

    await expect(scene.look()).resolves.toEqual(NOTHING);
  });
});

describe("what only Terraform can restore", () => {
  it.each(IRREPARABLE)("is told of once, with the caller and what to do: $name", async (one) => {
    const scene = new Scene();

    await expect(scene.suffer(one)).resolves.toMatchObject({ restored: [], left: [one.difference] });

    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(message).toContain(`Who      user mallory, without MFA ${MALLORY.arn}`);
    expect(message).toMatch(/^ {2}(?:-|1\.) run terraform apply$/m);
    await scene.look();
    expect(scene.fake.takeWrites()).toEqual([]);
    expect(scene.told()).toEqual([]);
  });

  it.each(IRREPARABLE)("is not said to be as declared when its caller becomes known: $name", async (one) => {
    const scene = new Scene();
    const event = scene.event(one.call);
    one.change(scene.cloud);
    await scene.look();
    scene.told();

    await scene.handle(event);

    for (const message of texts(scene)) {
      expect(message).toContain(MALLORY.arn);
      expect(message).not.toContain("all of it is as declared");
    }
  });

  it.each([
    ["sns.amazonaws.com", "SetTopicAttributes", { topicArn: TOPIC_ARN }, `topic ${TOPIC_ARN}`],
    ["sns.amazonaws.com", "Unsubscribe", { subscriptionArn: `${TOPIC_ARN}:1` }, `topic ${TOPIC_ARN}:1`],
    ["iam.amazonaws.com", "PutRolePolicy", { roleName: "enable_trail" }, "role enable_trail"],
    [
      "lambda.amazonaws.com",
      "UpdateFunctionCode20150331v2",
      { functionName: "enable_trail" },
      "function enable_trail",
    ],
    ["sqs.amazonaws.com", "PurgeQueue", { queueUrl: "https://q" }, "queue https[:]//q"],
    ["kms.amazonaws.com", "PutKeyPolicy", { keyId: KEY_ARN }, "key arn:aws:kms"],
    [
      "events.amazonaws.com",
      "RemoveTargets",
      { rule: "enable_trail_tampering" },
      "event rule enable_trail_tampering",
    ],
    ["monitoring.amazonaws.com", "PutMetricAlarm", { alarmName: ALARM_NAME }, `alarm ${ALARM_NAME}`],
    ["s3.amazonaws.com", "PutBucketLogging", { bucketName: BUCKET }, `bucket ${BUCKET}`],
    ["s3.amazonaws.com", "PutBucketReplication", { bucketName: BUCKET }, `bucket ${BUCKET}`],
  ])(
    "is told of once, though nothing of it can be seen: %s %s",
    async (eventSource, eventName, requestParameters, what) => {
      const scene = new Scene();
      const event = scene.event({ eventSource, eventName, requestParameters });

      await scene.handle(event);
      await scene.handle(event);

      const [message, ...others] = texts(scene);
      expect(others).toEqual([]);
      expect(message).toContain(`${eventName} on ${what}`);
      expect(message).toContain("the guard can't see or restore");
      expect(message).toContain("ACTION NEEDED");
      expect(message).toMatch(/^ {2}(?:-|1\.) run terraform apply$/m);
      expect(scene.fake.takeWrites()).toEqual([]);
    },
  );

  it("is told of in full: thirty deleted alarms are one message, not one at each look", async () => {
    const alarms = Array.from({ length: 30 }, (_, index) => ({
      name: `prod-trailwarden-a-detection-with-a-long-name-${index}`,
      tells: true,
    }));
    const scene = new Scene({ declared: { ...DECLARED, alarms } });
    for (let nth = 1; nth <= 40; nth++) {
      await scene.hear({ ...STOP_LOGGING.call, eventId: `earlier-${nth}` });
    }
    scene.told();
    scene.cloud.alarms.clear();

    await scene.look();

    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(alarms.filter(({ name }) => !message?.includes(name))).toEqual([]);
    await scene.look();
    await scene.look();
    expect(scene.told()).toEqual([]);
  });
});

describe("an event", () => {
  it.each([
    ["of no call", { "detail-type": "EC2 Instance State-change Notification", detail: { state: "running" } }],
    ["that is no object", "StopLogging"],
    ["that is nothing", undefined],
    ["with a call that has no name", { detail: { eventSource: "cloudtrail.amazonaws.com" } }],
  ])("%s is ignored with no call to AWS", async (_, event) => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);

    await expect(scene.handle(event)).resolves.toEqual(IGNORED);

    expect(scene.fake.calls).toEqual([]);
  });

  it.each([...RESTORABLE, ...IRREPARABLE])(
    "of the guard's own role is ignored with no call to AWS: $name",
    async ({ change, call }) => {
      const scene = new Scene();
      change(scene.cloud);

      await expect(scene.hear({ ...call, userIdentity: GUARD_ITSELF })).resolves.toEqual(IGNORED);
      // Without a record of who issued the session.
      const { arn } = GUARD_ITSELF;
      await expect(scene.hear({ ...call, userIdentity: { arn } })).resolves.toEqual(IGNORED);

      expect(scene.fake.calls).toEqual([]);
    },
  );

  it.each([
    ["cloudtrail.amazonaws.com", "StopLogging", { name: "another" }],
    ["s3.amazonaws.com", "DeleteBucketPolicy", { bucketName: "another" }],
    ["kms.amazonaws.com", "DisableKey", { keyId: "another" }],
    ["logs.amazonaws.com", "DeleteLogGroup", { logGroupName: "another" }],
    ["monitoring.amazonaws.com", "DeleteAlarms", { alarmNames: ["another"] }],
    ["events.amazonaws.com", "DisableRule", { name: "another" }],
    ["ec2.amazonaws.com", "DeleteFlowLogs", {}],
  ])("about something else is ignored: %s %s", async (eventSource, eventName, requestParameters) => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);

    await expect(scene.hear({ eventSource, eventName, requestParameters })).resolves.toEqual(IGNORED);

    expect(scene.fake.takeWrites()).toEqual([]);
    expect(scene.told()).toEqual([]);
  });

  it("of a call that AWS refused is told of once for a caller and a call, and nothing is looked at", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    const refused = { errorCode: "AccessDenied", errorMessage: "User is not authorized" };

    await scene.hear({ ...STOP_LOGGING.call, ...refused });
    await scene.hear({ ...STOP_LOGGING.call, ...refused });
    await scene.hear({ ...DELETE_TRAIL.call, ...refused });
    await scene.hear({ ...STOP_LOGGING.call, ...refused, userIdentity: TERRAFORM });

    expect(scene.fake.takeWrites()).toEqual([]);
    const told = texts(scene);
    expect(told).toHaveLength(3);
    expect(told[0]).toContain("Trail guard: attempt StopLogging - trailwarden");
    expect(told[0]).toContain("Nothing was changed.");
    expect(told[0]).toContain("denied or failed: AccessDenied");
    expect(told[0]).not.toContain("terraform apply");
  });

  it("of a refused call that names nothing is told of", async () => {
    const scene = new Scene();

    await scene.hear({ ...STOP_LOGGING.call, requestParameters: null, errorCode: "AccessDenied" });

    expect(headlines(scene)).toEqual([
      "An attempt that AWS refused: StopLogging on trail (not named). Nothing was changed.",
    ]);
  });

  it("that another call's change is found by doesn't keep that call's caller from being named", async () => {
    const scene = new Scene();
    const change = tampering("no insights are recorded");
    const event = scene.event(change.call);
    change.change(scene.cloud);
    scene.time += 1000;
    const innocent = { ...MALLORY, arn: `arn:aws:iam::${ACCOUNT}:user/alice` };

    await scene.suffer(tampering("log file validation is off"), { userIdentity: innocent });
    await scene.handle(event);

    expect(texts(scene)).toEqual([
      expect.stringContaining("user/alice"),
      expect.stringContaining("user/mallory"),
    ]);
  });

  it("names when it was, and how long it took", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    const event = scene.event(STOP_LOGGING.call);
    scene.time += 61_400;

    await scene.handle(event);

    expect(texts(scene)[0]).toContain("the trail does not log: restored, 61.4 s after the call");
  });
});

describe("exempt principals", () => {
  it.each(RESTORABLE)("are told of and not undone, now or later: $name", async (one) => {
    const scene = new Scene(EXEMPT);
    const event = scene.event({ ...one.call, userIdentity: TERRAFORM });
    one.change(scene.cloud);
    const changed = strengths(scene.cloud, DECLARED);

    await expect(scene.handle(event)).resolves.toMatchObject({ restored: [] });
    await scene.handle(event);
    for (let nth = 1; nth <= 5; nth++) {
      scene.pass(20);
      await scene.look();
    }

    expect(scene.fake.takeWrites()).toEqual([]);
    expect(strengths(scene.cloud, DECLARED)).toEqual(changed);
    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(message).toContain("left: done by an exempt principal");
  });

  it.each(RESTORABLE)("don't cover what somebody else does to the same later: $name", async (one) => {
    const scene = new Scene(EXEMPT);
    await scene.suffer(one, { userIdentity: TERRAFORM });
    scene.pass(5);

    await scene.suffer(one);

    expect(isAsDeclared(scene)).toBe(true);
  });

  it.each(RESTORABLE)("aren't undone by an older event of somebody else's: $name", async (one) => {
    const scene = new Scene(EXEMPT);
    const older = scene.event(one.call);
    one.change(scene.cloud);
    await scene.look();
    scene.fake.takeWrites();
    scene.pass(1);
    await scene.suffer(one, { userIdentity: TERRAFORM });

    await scene.handle(older);
    await scene.handle(older);

    expect(scene.fake.takeWrites()).toEqual([]);
  });

  it("don't cover another change of the same", async () => {
    const scene = new Scene(EXEMPT);
    await scene.suffer(tampering("the trail uses another key"), { userIdentity: TERRAFORM });

    tampering("log file validation is off").change(scene.cloud);
    await scene.look();

    expect(isAsDeclared(scene)).toBe(true);
  });

  it("don't cover another of several things of a kind, nor does its repair undo theirs", async () => {
    const scene = new Scene(EXEMPT);
    const [theirs, other] = RESTORABLE.filter(({ call }) => call.eventName === "DisableRule") as [
      Tampering,
      Tampering,
    ];
    await scene.suffer(theirs, { userIdentity: TERRAFORM });
    scene.pass(1);

    await scene.suffer(other);
    await scene.look();

    expect([...scene.cloud.rules.values()]).toEqual(["DISABLED", "ENABLED"]);
  });

  it("are left alone although people could not be told of it, and people are told later", async () => {
    const scene = new Scene(EXEMPT);
    scene.fake.fail("sns:Publish", "failed");
    await expect(scene.suffer(STOP_LOGGING, { userIdentity: TERRAFORM })).rejects.toThrow();
    scene.pass(5);

    await scene.look();
    await scene.look();

    expect(scene.fake.takeWrites()).toEqual([]);
    expect(texts(scene)).toEqual([expect.stringContaining("done by an exempt principal")]);
  });

  it("are told of even where all is as declared again", async () => {
    const scene = new Scene(EXEMPT);

    await scene.hear({ ...STOP_LOGGING.call, userIdentity: TERRAFORM });

    expect(headlines(scene)).toEqual([
      expect.stringContaining("by an exempt principal: all of it is as declared now."),
    ]);
  });
});

describe("the limit of repairs", () => {
  it("is told of once when it is reached; alerts go on, and repairs when the window is over", async () => {
    const scene = new Scene({ settings: { repairLimit: 2, repairWindowMinutes: 10 } });
    for (const outcome of ["restored", "restored", "left", "left"] as const) {
      scene.pass(1);
      await expect(scene.suffer(STOP_LOGGING)).resolves.toMatchObject({ [outcome]: ["trail.logging"] });
    }
    const told = texts(scene);
    expect(told.filter((message) => message.includes("LIMIT REACHED: 2 repairs in 10 minutes"))).toHaveLength(
      2,
    );

    await scene.look();
    expect(scene.told()).toEqual([]);
    await scene.suffer(tampering("versioning is suspended"));
    expect(texts(scene)).toEqual([expect.stringContaining("LIMIT REACHED")]);
    expect(scene.fake.takeWrites()).toEqual(["cloudtrail:StartLogging", "cloudtrail:StartLogging"]);

    scene.pass(11);
    await expect(scene.look()).resolves.toMatchObject({ restored: ["trail.logging", "bucket.versioning"] });
  });

  it("holds in every window, wherever it begins", async () => {
    const event = fc.record({
      wait: fc.integer({ min: 1, max: 200 }),
      what: fc.constantFrom(...RESTORABLE.slice(0, 12)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 10, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (events, repairLimit) => {
          const scene = new Scene({ settings: { repairLimit, repairWindowMinutes: 5 } });
          const repairs: number[] = [];
          for (const { wait, what } of events) {
            scene.time += wait * 1000;
            const at = scene.time;
            const { restored } = await scene.suffer(what);
            repairs.push(...restored.map(() => at));
          }
          const most = repairs.map(
            (start, index) => repairs.slice(index).filter((at) => at < start + 300_000).length,
          );
          expect(Math.max(0, ...most)).toBeLessThanOrEqual(repairLimit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds for runs that are cut off before they tell", async () => {
    const scene = new Scene({ settings: { repairLimit: 6 } });
    const changes = RESTORABLE.filter(({ call }) => call.eventSource === "s3.amazonaws.com");
    for (let nth = 1; nth <= 5; nth++) {
      for (const { change } of changes) change(scene.cloud);
      scene.fake.fail("sns:Publish", "crash");
      await scene.look().catch((error) => expect(error).toBeInstanceOf(Killed));
    }

    expect(scene.fake.takeWrites()).toHaveLength(6);
  });
});

describe("while Terraform is at work", () => {
  it("what is missing is not made, what is weaker is restored, and people hear of what was deleted", async () => {
    const scene = new Scene();
    scene.beginApply();

    await scene.suffer(DELETE_TRAIL);
    await scene.suffer(tampering("a metric filter is deleted"));
    await scene.suffer(tampering("versioning is suspended"));
    await scene.suffer(tampering("log files are deleted after a day"));

    expect(scene.fake.takeWrites()).toEqual(["s3:PutBucketLifecycleConfiguration"]);
    const [deleted] = texts(scene);
    expect(deleted).toContain("DeleteTrail");
    expect(deleted).not.toContain("all of it is as declared");
    expect(deleted).toContain("the trail is deleted: left for now: a terraform apply may be at work");
  });

  it("nothing that is missing is told of by a regular look", async () => {
    const scene = new Scene();
    scene.beginApply();
    DELETE_TRAIL.change(scene.cloud);
    scene.cloud.alarms.clear();

    await scene.look();

    expect(scene.told()).toEqual([]);
  });

  it("what the guard would only tell of is told by a regular look once Terraform is done", async () => {
    const scene = new Scene();
    scene.beginApply();
    if (scene.cloud.logGroup !== undefined) scene.cloud.logGroup.retentionDays = 3653;

    await scene.look();
    expect(scene.told()).toEqual([]);

    scene.endApply();
    await scene.look();
    expect(texts(scene)).toEqual([expect.stringContaining("kept 3653 days, declared 365 days")]);
  });

  it("it lasts until the grace period is over, and then people hear that the apply hasn't finished", async () => {
    const scene = new Scene();
    scene.beginApply();
    DELETE_TRAIL.change(scene.cloud);
    for (let nth = 1; nth <= 6; nth++) {
      await scene.look();
      scene.pass(5);
    }
    expect(scene.fake.takeWrites()).toEqual([]);
    expect(scene.told()).toEqual([]);

    await expect(scene.look()).resolves.toEqual({
      kind: "told",
      restored: ["trail"],
      left: ["applied-state"],
    });
    const [message] = texts(scene);
    expect(message).toContain("the last terraform apply has not finished");

    await scene.look();
    expect(scene.told()).toEqual([]);
    scene.endApply();
    await scene.look();
    expect(texts(scene)).toEqual([
      expect.stringContaining("As declared again, and not by the guard: applied-state."),
    ]);
  });

  it("the grace period begins anew with each new declared state", async () => {
    const scene = new Scene();
    scene.beginApply();
    await scene.look();
    scene.pass(25);
    scene.declare(textOf({ ...DECLARED, alarms: [] }));
    DELETE_TRAIL.change(scene.cloud);
    scene.pass(25);

    await scene.look();
    expect(scene.fake.takeWrites()).toEqual([]);

    scene.pass(6);
    await scene.look();
    expect(scene.cloud.trail?.isLogging).toBe(true);
  });

  it("the grace period ends for a guard whose memory is gone, too", async () => {
    const scene = new Scene();
    scene.beginApply();
    scene.cloud.parameters.delete(PARAMETERS.memory);
    DELETE_TRAIL.change(scene.cloud);
    scene.pass(31);

    await scene.look();

    expect(scene.cloud.trail?.isLogging).toBe(true);
  });

  it("a run that read the declared state before it was changed repairs nothing by it", async () => {
    const scene = new Scene();
    const longer = { ...DECLARED, logGroup: { ...DECLARED.logGroup, retentionDays: 30 } };
    if (scene.cloud.logGroup !== undefined) scene.cloud.logGroup.retentionDays = 60;
    scene.fake.faultOf = (name) => {
      // Between its reading the parameters and its seeing the log group.
      if (name === "logs:DescribeLogGroups") scene.declare(textOf(longer));
      return undefined;
    };

    await scene.look();

    expect(scene.fake.takeWrites()).toEqual([]);
    expect(scene.cloud.logGroup?.retentionDays).toBe(60);
  });

  it("logging is started again although the parameters can't be read a second time", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    tampering("versioning is suspended").change(scene.cloud);
    let reads = 0;
    scene.fake.faultOf = (name) => (name === "ssm:GetParameters" && ++reads > 1 ? "throttled" : undefined);

    await expect(scene.look()).rejects.toMatchObject({ name: "ThrottlingException" });

    expect(scene.cloud.trail?.isLogging).toBe(true);
    expect(scene.cloud.bucket?.versioning).toBe("Suspended");
  });
});

describe("a pause", () => {
  it("is told of when it begins, changes and ends, once each; meanwhile the guard only tells", async () => {
    const scene = new Scene();
    scene.setPause(pauseText(scene.time + 30 * 60_000));
    await scene.look();
    await scene.look();
    expect(texts(scene)).toEqual([
      expect.stringMatching(/A pause has begun: until 2026-03-25T06:10:00.000Z .* By Kim: moving the bucket/),
    ]);

    await scene.suffer(STOP_LOGGING);
    await scene.look();
    expect(scene.fake.takeWrites()).toEqual([]);
    expect(texts(scene)).toEqual([expect.stringContaining("left: the guard is paused until")]);

    scene.setPause(pauseText(scene.time + 60 * 60_000));
    await scene.look();
    await scene.look();
    expect(texts(scene)).toEqual([expect.stringContaining("A pause was changed")]);

    scene.pass(61);
    await expect(scene.look()).resolves.toMatchObject({ restored: ["trail.logging"] });
    await scene.look();
    expect(texts(scene)).toEqual([expect.stringContaining("The pause is over: the guard restores again.")]);
  });

  it("ends when its parameter is set back or gone", async () => {
    for (const end of [
      (scene: Scene) => scene.setPause("none"),
      (scene: Scene) => scene.cloud.parameters.delete(PARAMETERS.pause),
    ]) {
      const scene = new Scene();
      scene.setPause(pauseText(scene.time + 30 * 60_000));
      await scene.look();
      end(scene);
      await scene.look();
      await scene.look();

      expect(texts(scene)).toEqual([
        expect.stringContaining("has begun"),
        expect.stringContaining("The pause is over"),
      ]);
    }
  });

  it.each([
    [
      "one that is too long",
      pauseText(Date.parse("2026-03-26T05:40:00Z")),
      "it lasts 1440 minutes, and at most 240",
    ],
    ["one that never ends", '{"until": "never", "reason": "r", "by": "b"}', '"until" is no time'],
    ["text", "please", 'it is neither "none" nor JSON'],
  ])("is refused, and that is told once: %s", async (_, text, problem) => {
    const scene = new Scene();
    scene.setPause(text);
    STOP_LOGGING.change(scene.cloud);

    await scene.look();
    await scene.look();

    expect(scene.fake.takeWrites()).toEqual(["cloudtrail:StartLogging"]);
    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(message).toContain("A pause was refused");
    expect(message).toContain(problem);
  });

  it("that was refused as too long is told of when the same text is taken later", async () => {
    const scene = new Scene();
    const text = pauseText(scene.time + 300 * 60_000);
    scene.setPause(text);
    await scene.look();
    expect(texts(scene)).toEqual([expect.stringContaining("refused")]);

    scene.pass(120);
    scene.setPause(text);
    await scene.look();

    expect(texts(scene)).toEqual([expect.stringContaining("A pause has begun")]);
  });
});

describe("an incident", () => {
  it("is one message, however often it is looked at and its event comes", async () => {
    const anyOf = fc.constantFrom(...RESTORABLE, ...STRONGER, ...IRREPARABLE);
    await fc.assert(
      fc.asyncProperty(anyOf, fc.array(fc.boolean(), { maxLength: 6 }), async (one, repeats) => {
        const scene = new Scene({ settings: { repairLimit: 1 } });
        const event = scene.event(one.call);
        one.change(scene.cloud);
        await scene.handle(event);
        await scene.look();
        scene.told();
        for (const isLook of repeats) {
          scene.time += 10_000;
          await scene.handle(isLook ? REGULAR_LOOK : event);
        }
        expect(scene.told()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("that can't be repaired is thrown at each look, and told of once", async () => {
    const scene = new Scene();
    scene.fake.fail("cloudtrail:StartLogging", "failed", 100);
    STOP_LOGGING.change(scene.cloud);

    for (let nth = 1; nth <= 6; nth++) {
      scene.pass(5);
      await expect(scene.look()).rejects.toThrow("not restored: the trail does not log: InternalFailure");
    }

    expect(texts(scene)).toEqual([expect.stringContaining("NOT restored: InternalFailure")]);
    scene.fake.heal();
    await scene.look();
    expect(texts(scene)).toEqual([expect.stringContaining("the trail does not log: restored")]);
  });

  it("that somebody else ends is told of as ended", async () => {
    const scene = new Scene();
    const { rules } = scene.cloud;
    const before = new Map(rules);
    await scene.suffer(tampering("an event rule is deleted"));
    scene.told();

    for (const [name, state] of before) rules.set(name, state);
    await scene.look();
    await scene.look();

    expect(texts(scene)).toEqual([expect.stringContaining("As declared again, and not by the guard: rule.")]);
  });

  it("with another cause is another incident", async () => {
    const scene = new Scene({ settings: { modes: { "log-group": "observe" } } });
    const { logGroup } = scene.cloud;
    for (const days of [1, 3, 3, 1]) {
      if (logGroup !== undefined) logGroup.retentionDays = days;
      await scene.look();
    }

    expect(texts(scene)).toEqual(
      [1, 3, 1].map((days) => expect.stringContaining(`retention ${days} days, declared 365`)),
    );
  });
});

describe("a declared state that can't be read", () => {
  it.each([
    ["gone", (scene: Scene) => scene.cloud.parameters.delete(PARAMETERS.declaredState), "it is gone"],
    ["no JSON", (scene: Scene) => scene.declare("garbage"), "it is no JSON"],
    [
      "of another version",
      (scene: Scene) => scene.declare('{"version":2,"values":[],"document":""}'),
      "its version",
    ],
    ["without a trail", (scene: Scene) => scene.declare(textOf({})), "its trail"],
  ])("is an alert, told once, and no repair: %s", async (_, spoil, problem) => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    spoil(scene);

    await scene.look();
    await scene.look();
    await scene.hear(DELETE_TRAIL.call);

    expect(scene.fake.takeWrites()).toEqual([]);
    const [message, ...others] = texts(scene);
    expect(others).toEqual([]);
    expect(message).toContain("ACTION NEEDED");
    expect(message).toContain(`can't be read: ${problem}`);
    expect(message).toContain("run terraform apply");

    scene.declare(textOf(DECLARED));
    scene.endApply();
    await scene.look();
    expect(scene.cloud.trail?.isLogging).toBe(true);
  });
});

describe("when AWS fails", () => {
  it.each(["throttled", "failed", "timed out"] as const)(
    "its error is thrown, so that Lambda runs it again: %s",
    async (fault) => {
      const codes = {
        throttled: "ThrottlingException",
        failed: "InternalFailure",
        "timed out": "TimeoutError",
      };
      for (const name of [
        "ssm:GetParameters",
        "cloudtrail:GetTrailStatus",
        "sns:Publish",
        "ssm:PutParameter",
      ] as const) {
        const scene = new Scene();
        const event = scene.event(STOP_LOGGING.call);
        STOP_LOGGING.change(scene.cloud);
        scene.fake.fail(name, fault);

        await expect(scene.handle(event)).rejects.toMatchObject({ name: codes[fault] });
        scene.pass(3);
        await scene.handle(event);

        expect(isAsDeclared(scene)).toBe(true);
        expect(
          texts(scene).some(
            (message) => message.includes("restored") || message.includes("may not have been sent"),
          ),
        ).toBe(true);
      }
    },
  );

  it("what can't be seen hides nothing else, and isn't said to be as declared", async () => {
    const reads = ["cloudtrail:GetTrail", "cloudtrail:GetEventSelectors", "cloudtrail:ListTags"] as const;
    for (const read of reads) {
      const scene = new Scene();
      scene.fake.fail(read, "failed", 100);

      await expect(scene.suffer(tampering("no insights are recorded"))).rejects.toMatchObject({
        name: "InternalFailure",
      });

      expect(scene.fake.takeWrites()).toEqual(["cloudtrail:PutInsightSelectors"]);
      const [message] = texts(scene);
      expect(message).toContain("is restored, and not all of it could be seen");
      expect(message).toContain("could not be seen: InternalFailure");
    }
  });

  it("a call is told of although nothing of it could be seen, and is not said to be harmless", async () => {
    const scene = new Scene();
    scene.fake.fail("cloudtrail:GetTrailStatus", "throttled", 100);

    await expect(scene.suffer(STOP_LOGGING)).rejects.toMatchObject({ name: "ThrottlingException" });

    const [message] = texts(scene);
    expect(message).toContain("NOT CHECKED, StopLogging");
    expect(message).not.toContain("as declared now");
    scene.fake.heal();
    await scene.look();
    expect(scene.cloud.trail?.isLogging).toBe(true);
  });

  it("a bucket's policy is restored although something else of the bucket can't be read", async () => {
    const scene = new Scene();
    scene.fake.fail("s3:GetBucketVersioning", "failed", 100);

    await expect(scene.suffer(tampering("the bucket policy lets others read"))).rejects.toThrow();

    expect(JSON.parse(scene.cloud.bucket?.policy ?? "")).toEqual(DECLARED_BUCKET.policy);
  });

  it("a deleted trail is seen as such whatever else can't be seen of it", async () => {
    const scene = new Scene();
    DELETE_TRAIL.change(scene.cloud);
    scene.fake.fail("cloudtrail:GetTrail", "throttled", 1);

    await scene.look();

    expect(scene.cloud.trail?.isLogging).toBe(true);
  });

  it.each(["sns:Publish", "ssm:PutParameter"] as const)(
    "a run that is cut off at %s is told of by a later one",
    async (name) => {
      for (const fault of ["crash", "failed"] as const) {
        const scene = new Scene();
        const change = tampering("versioning is suspended");
        change.change(scene.cloud);
        let calls = 0;
        // The first time it notes what it is about to do.
        scene.fake.faultOf = (called) =>
          called === name && ++calls === (name === "sns:Publish" ? 1 : 2) ? fault : undefined;
        await scene.look().catch(() => {});
        expect(isAsDeclared(scene)).toBe(true);
        scene.fake.heal();
        const told = texts(scene);

        scene.pass(5);
        await scene.look();
        scene.pass(5);
        await scene.look();

        const all = [...told, ...texts(scene)];
        expect(all.some((message) => message.includes("versioning Suspended, declared Enabled"))).toBe(true);
        expect(all.length).toBeLessThanOrEqual(2);
      }
    },
  );

  it("all that was repaired before a cut is told of, by name or by number", async () => {
    const scene = new Scene();
    const changes = RESTORABLE.filter(({ call }) => call.eventSource === "s3.amazonaws.com");
    for (const { change } of changes) change(scene.cloud);
    scene.fake.fail("sns:Publish", "crash");
    await scene.look().catch(() => {});
    scene.pass(5);

    await scene.look();

    expect(texts(scene)).toEqual([expect.stringMatching(/4 more/)]);
  });

  it("two runs at once do no harm, and what they restore is told of", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    tampering("a metric filter is deleted").change(scene.cloud);
    scene.fake.delay = () => 3;

    await Promise.all([scene.look(), scene.hear(STOP_LOGGING.call), scene.look()]);

    expect(isAsDeclared(scene)).toBe(true);
    expect(texts(scene).join("")).toContain(FILTER_NAME);
  });
});

describe("the guard's own parameters", () => {
  it("are not made again where they are gone, and the guard works without them", async () => {
    const scene = new Scene();
    for (const name of [PARAMETERS.memory, PARAMETERS.pause]) scene.cloud.parameters.delete(name);

    await scene.suffer(STOP_LOGGING);

    expect(scene.cloud.trail?.isLogging).toBe(true);
    expect([...scene.cloud.parameters.keys()]).toEqual([PARAMETERS.declaredState, PARAMETERS.appliedState]);
  });

  it.each([
    "",
    "null",
    "[]",
    '"x"',
    '{"open":7,"told":[1],"untold":[null,"x"],"repairs":{"99999999":1000}}',
    "{",
  ])("may hold anything as memory: %s", async (text) => {
    const scene = new Scene();
    scene.fake.setParameter(PARAMETERS.memory, text);

    await scene.suffer(STOP_LOGGING);

    expect(scene.cloud.trail?.isLogging).toBe(true);
  });

  it("a pause that an event is heard in with nothing else new is a message that reads well", async () => {
    const scene = new Scene();
    const event = scene.event({
      eventSource: "kms.amazonaws.com",
      eventName: "PutKeyPolicy",
      requestParameters: { keyId: KEY_ARN },
    });
    await scene.handle(event);
    scene.told();
    scene.setPause(pauseText(scene.time + 60_000));

    await scene.handle(event);

    expect(texts(scene)).toEqual([expect.stringContaining("A pause has begun")]);
  });
});
