import type { Difference } from "../../../../lambda-src/guard/difference";
import { type Decision, type ReconcileOptions, reconcile } from "../../../../lambda-src/guard/reconcile";
import { DECLARED } from "./support/deployment";
import { Scene } from "./support/scene";
import { DELETE_TRAIL, RESTORABLE, STOP_LOGGING, tampering } from "./support/tampering";

const REPAIR: Decision = { kind: "repair" };

function optionsOf(scene: Scene, options: Partial<ReconcileOptions> = {}): ReconcileOptions {
  return {
    aws: scene.fake.process().aws,
    declared: DECLARED,
    parts: ["logging", "key", "bucket", "log-group", "trail", "alarms", "rules"],
    recheck: async () => {},
    decide: () => REPAIR,
    besideRepairs: async () => {},
    onRepair: () => {},
    sleep: async () => {},
    ...options,
  };
}

function fates({ findings }: Awaited<ReturnType<typeof reconcile>>): string[] {
  return findings.map(({ difference, fate }) => `${difference.id} ${fate}`);
}

describe("reconcile", () => {
  it("finds, does and notes nothing where all is as declared", async () => {
    const scene = new Scene();
    const besideRepairs = jest.fn();

    const { findings, observations } = await reconcile(optionsOf(scene, { besideRepairs }));

    expect(findings).toEqual([]);
    expect(observations).toHaveLength(7);
    expect(besideRepairs).not.toHaveBeenCalled();
    expect(scene.fake.takeWrites()).toEqual([]);
  });

  it("looks at the parts that it is given, and no other", async () => {
    const scene = new Scene();
    for (const { change } of [STOP_LOGGING, tampering("versioning is suspended")]) change(scene.cloud);

    expect(fates(await reconcile(optionsOf(scene, { parts: ["bucket"] })))).toEqual([
      "bucket.versioning restored",
    ]);
    expect(scene.fake.calls.every(({ name }) => name.startsWith("s3:"))).toBe(true);
  });

  it("repairs what is decided to be, and gives the reason for what is left or passed over", async () => {
    const scene = new Scene();
    for (const name of [
      "versioning is suspended",
      "the bucket policy is deleted",
      "objects belong to who writes them",
      "default encryption is S3's own",
    ]) {
      tampering(name).change(scene.cloud);
    }
    const decisions: Record<string, Decision> = {
      "bucket.versioning": { kind: "left", why: "paused" },
      "bucket.policy": { kind: "passed over", why: "an apply" },
      "bucket.ownership": { kind: "passed over" },
    };

    const { findings } = await reconcile(optionsOf(scene, { decide: ({ id }) => decisions[id] ?? REPAIR }));

    expect(findings.map(({ difference, fate, why }) => [difference.id, fate, why])).toEqual([
      ["bucket.policy", "passed over", "an apply"],
      ["bucket.versioning", "left", "paused"],
      ["bucket.encryption", "restored", undefined],
    ]);
    expect(scene.fake.takeWrites()).toEqual(["s3:PutBucketEncryption"]);
  });

  it("asks again before each repair: those before it may have used up what is allowed", async () => {
    const scene = new Scene();
    for (const { change, call } of RESTORABLE)
      if (call.eventSource === "s3.amazonaws.com") change(scene.cloud);
    let left = 2;

    const { findings } = await reconcile(
      optionsOf(scene, {
        decide: () => (left > 0 ? REPAIR : { kind: "left", why: "limit" }),
        onRepair: () => {
          left -= 1;
        },
      }),
    );

    expect(scene.fake.takeWrites()).toHaveLength(2);
    expect(findings.filter(({ fate }) => fate === "restored")).toHaveLength(2);
    expect(findings.filter(({ why }) => why === "limit")).toHaveLength(4);
  });

  it("tries what fails twice, and says why it failed", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    scene.fake.fail("cloudtrail:StartLogging", "throttled", 1);
    expect(fates(await reconcile(optionsOf(scene)))).toEqual(["trail.logging restored"]);

    STOP_LOGGING.change(scene.cloud);
    scene.fake.calls.length = 0;
    scene.fake.fail("cloudtrail:StartLogging", "throttled", 100);
    const { findings } = await reconcile(optionsOf(scene));
    expect(findings).toMatchObject([{ fate: "failed", why: "ThrottlingException: Rate exceeded" }]);
    expect(scene.fake.takeWrites()).toHaveLength(2);
  });

  it("counts as restored only what reads back as declared, a moment later if need be", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    let isSettled = false;
    // AWS takes the call; it can be seen a second later.
    scene.fake.around = ({ name }, effect) =>
      name === "cloudtrail:StartLogging" && !isSettled ? {} : effect();
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => {
      slept.push(milliseconds);
      STOP_LOGGING.change(scene.cloud);
      if (scene.cloud.trail !== undefined) scene.cloud.trail.isLogging = true;
      isSettled = true;
    };

    expect(fates(await reconcile(optionsOf(scene, { sleep })))).toEqual(["trail.logging restored"]);
    expect(slept).toEqual([1000]);

    STOP_LOGGING.change(scene.cloud);
    scene.fake.around = ({ name }, effect) => (name === "cloudtrail:StartLogging" ? {} : effect());
    const { findings } = await reconcile(optionsOf(scene));
    expect(findings).toMatchObject([{ fate: "failed", why: "AWS took the call, and it is not as declared" }]);
  });

  it("doesn't take for restored what can't be read back", async () => {
    const scene = new Scene();
    STOP_LOGGING.change(scene.cloud);
    let reads = 0;
    scene.fake.faultOf = (name) =>
      name === "cloudtrail:GetTrailStatus" && ++reads > 1 ? "throttled" : undefined;

    const { findings, observations } = await reconcile(optionsOf(scene));

    expect(findings).toMatchObject([
      { fate: "failed", why: "it could not be read back: ThrottlingException: Rate exceeded" },
    ]);
    expect([...(observations[0]?.unseen.keys() ?? [])]).toEqual(["trail.logging"]);
  });

  it("makes a trail again whole, though what follows its creation fails at first", async () => {
    for (const fails of [
      "cloudtrail:StartLogging",
      "cloudtrail:PutInsightSelectors",
      "cloudtrail:CreateTrail",
    ] as const) {
      for (const fault of ["failed", "timed out late"] as const) {
        const scene = new Scene();
        DELETE_TRAIL.change(scene.cloud);
        scene.fake.fail(fails, fault);

        const result = await reconcile(optionsOf(scene));

        expect(fates(result)).toContain("trail restored");
        expect(result.findings.every(({ fate }) => fate === "restored")).toBe(true);
        expect(scene.cloud.trail).toMatchObject({
          isLogging: true,
          insightSelectors: [{ InsightType: "ApiCallRateInsight" }],
        });
      }
    }
  });

  it("notes what it is about to repair once, all of it, and waits for that in the end", async () => {
    const scene = new Scene();
    for (const { change } of [DELETE_TRAIL, tampering("versioning is suspended")]) change(scene.cloud);
    scene.fake.fail("cloudtrail:StartLogging", "failed");
    const noted: string[][] = [];
    let isSaved = false;
    const besideRepairs = async (differences: readonly Difference[]) => {
      noted.push(differences.map(({ id }) => id));
      await new Promise((resolve) => setTimeout(resolve, 20));
      isSaved = true;
    };

    await reconcile(optionsOf(scene, { besideRepairs }));

    expect(noted).toEqual([["trail", "bucket.versioning"]]);
    expect(isSaved).toBe(true);
  });

  it("checks the parameters again before it decides on anything but logging", async () => {
    const scene = new Scene();
    const recheck = jest.fn(async () => {});
    await reconcile(optionsOf(scene, { recheck }));
    expect(recheck).not.toHaveBeenCalled();

    STOP_LOGGING.change(scene.cloud);
    await reconcile(optionsOf(scene, { recheck }));
    expect(recheck).not.toHaveBeenCalled();

    tampering("versioning is suspended").change(scene.cloud);
    await reconcile(optionsOf(scene, { recheck }));
    expect(recheck).toHaveBeenCalledTimes(1);
  });
});
