import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inventory } from "../../local/inventory";
import { type Command, until } from "./support/command";
import { type Checkout, Sandbox } from "./support/sandbox";

jest.setTimeout(240_000);

const REGION = "ap-northeast-2";
const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];

/** Terraform saves its state to a remote backend at most this often while it applies. */
const SAVE_INTERVAL_MS = 20_000;

/** An environment without what takes longest to make: a bucket's lifecycle and a queue. */
async function smallEnvironment(): Promise<{ sandbox: Sandbox; checkout: Checkout }> {
  const sandbox = await Sandbox.open({
    region: REGION,
    alerts: { emails: ["security@example.com"], enrich: false },
    trail: { existingBucket: "log-files" },
    detections: { disabled: ["console-sign-in-failures", "iam-policy-changes"] },
    guard: { mode: "off" },
  });
  await sandbox.makeBucket("log-files");
  const checkout = sandbox.checkout();
  await checkout.terraform.init();
  return { sandbox, checkout };
}

/** What exists when all of the environment exists, and nothing twice. */
const ONE_OF_EVERYTHING = [
  "alarm Security group configuration changes: Sum of SecurityGroupEventCount >= 1 in 300 s, to SecurityGroupChanges_CloudWatch_Alarms_Topic",
  "event rule ec2_state_change: enabled, to EC2StateChange_Events_Topic",
  "log group /aws/cloudtrail/trailwarden: kept 365 days, encrypted with the key",
  "metric filter SecurityGroupEvents: CloudTrailMetrics/SecurityGroupEventCount",
  "role trailwarden-log-delivery",
  "topic EC2StateChange_Events_Topic: security@example.com",
  "topic SecurityGroupChanges_CloudWatch_Alarms_Topic: security@example.com",
  "trail trailwarden: logging, all regions, validated files, to s3://log-files",
];

async function whatExists({ account, endpoint, region }: Sandbox): Promise<string[]> {
  const rows = await inventory(endpoint, region);
  const roles = await account.roleNames();
  return [
    ...rows
      .filter(({ kind }) => kind !== "key")
      .map(({ kind, name, detail }) => `${kind} ${name}: ${detail}`),
    ...roles.map((name) => `role ${name}`),
  ].sort();
}

/** Waits until all is made but these resources, of which one is kept back by the proxy. */
async function untilAllIsMadeBut(
  resources: readonly string[],
  apply: Command,
  checkout: Checkout,
): Promise<void> {
  await until(`all but ${resources.join(", ")} is made`, () => {
    const made = [...apply.output.matchAll(/^(\S+): Creation complete/gm)].map(([, address]) => address);
    return checkout.resources().every((address) => resources.includes(address) !== made.includes(address));
  });
}

/** The one resource of a type. */
function addressOf(type: string, checkout: Checkout): string {
  const found = checkout.resources().filter((address) => address.startsWith(`${type}.`));
  expect(found).toHaveLength(1);
  return found[0] as string;
}

describe("an apply that is interrupted", () => {
  it.concurrent("is completed by the next when Terraform was asked to stop", async () => {
    // Given Terraform in the middle of making the key: it exists, its rotation isn't switched on yet
    const { sandbox, checkout } = await smallEnvironment();
    const key = addressOf("aws_kms_key", checkout);
    const made = [addressOf("aws_iam_role", checkout), addressOf("aws_cloudwatch_event_rule", checkout)];
    sandbox.proxy.hold("EnableKeyRotation");
    const apply = checkout.start(...APPLY);
    await until("the key exists", () => sandbox.proxy.holds("EnableKeyRotation"));
    await until("what needs no key is made", () =>
      made.every((address) => apply.output.includes(`${address}: Creation complete`)),
    );

    // When it gets the signal that a CI system sends to a job that is cancelled
    process.kill(apply.pid, "SIGTERM");
    const { status, stdout } = await apply.ended;

    // Then it ends in order: it saves what it made, the unfinished key as such, and releases the lock
    expect(status).toBe(1);
    expect(stdout).toContain("Gracefully shutting down");
    expect(await sandbox.lock()).toBeUndefined();
    expect((await sandbox.stateResources()).sort()).toEqual([...made, `${key} (tainted)`].sort());

    // and the next apply makes the rest and a new key for the unfinished one
    sandbox.proxy.letThrough("EnableKeyRotation");
    expect(await checkout.terraform.apply()).toMatchObject({
      add: checkout.resources().length - made.length,
      change: 0,
      remove: 1,
    });
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
    expect(await whatExists(sandbox)).toEqual(ONE_OF_EVERYTHING);
    expect((await sandbox.account.keys()).map(({ state, aliases }) => ({ state, aliases }))).toEqual([
      { state: "PendingDeletion", aliases: [] },
      { state: "Enabled", aliases: ["alias/trailwarden"] },
    ]);
    expect(await sandbox.lock()).toBeUndefined();
  });

  it.concurrent("is completed by the next when Terraform was killed and its lock is taken off", async () => {
    // Given Terraform that has saved all it made, and waits for the answer to a call that never got through
    const { sandbox, checkout } = await smallEnvironment();
    const trail = addressOf("aws_cloudtrail", checkout);
    const filter = addressOf("aws_cloudwatch_log_metric_filter", checkout);
    sandbox.proxy.hold("CreateTrail");
    sandbox.proxy.hold("PutMetricFilter");
    const apply = checkout.start(...APPLY);
    await untilAllIsMadeBut([trail, filter], apply, checkout);
    await sleep(SAVE_INTERVAL_MS);
    // It saves with the next resource that it has made.
    sandbox.proxy.letThrough("PutMetricFilter");
    const saved = checkout.resources().filter((address) => address !== trail);
    await until("the state holds all but the trail", async () => {
      const resources = await sandbox.stateResources();
      return saved.every((address) => resources.includes(address));
    });
    const lock = await sandbox.lock();

    // When it is killed
    apply.signal("SIGKILL");
    await apply.ended;

    // Then its lock stays, and the next run is refused with the lock's id
    expect(await sandbox.lock()).toEqual(lock);
    const refused = await checkout.start(...APPLY).ended;
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("Error acquiring the state lock");
    const [, id = ""] = /ID: +(\S+)/.exec(refused.stderr) ?? [];
    expect(id).toBe(lock?.ID);

    // and once the lock is taken off by that id, an apply makes what is missing
    await checkout.terraform.run(["force-unlock", "-force", id]);
    sandbox.proxy.letThrough("CreateTrail");
    expect(await checkout.terraform.apply()).toMatchObject({ add: 1, change: 0, remove: 0 });
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
    expect(await whatExists(sandbox)).toEqual(ONE_OF_EVERYTHING);
    expect(await sandbox.account.keys()).toMatchObject([
      { state: "Enabled", aliases: ["alias/trailwarden"] },
    ]);
    expect(await sandbox.lock()).toBeUndefined();
  });

  it.concurrent("is completed by the next when Terraform was killed before it saved and what can't be made again is imported", async () => {
    // Given Terraform that has made all but the trail and saved nothing yet
    const { sandbox, checkout } = await smallEnvironment();
    sandbox.proxy.hold("CreateTrail");
    const apply = checkout.start(...APPLY);
    await untilAllIsMadeBut([addressOf("aws_cloudtrail", checkout)], apply, checkout);

    // When it is killed
    apply.signal("SIGKILL");
    await apply.ended;

    // Then its lock stays and the state knows nothing
    const lock = await sandbox.lock();
    expect(await sandbox.stateResources()).toEqual([]);

    // and once the lock is taken off and what can't be made again is imported, and the key, which would be made
    // twice, an apply takes over the rest by its names and makes what is missing
    await checkout.terraform.run(["force-unlock", "-force", lock?.ID ?? ""]);
    const [key] = await sandbox.account.keys();
    const imports = {
      aws_kms_key: key?.arn?.split("/")[1],
      aws_kms_alias: "alias/trailwarden",
      aws_iam_role: "trailwarden-log-delivery",
      aws_cloudwatch_log_group: "/aws/cloudtrail/trailwarden",
      // AWS would overwrite the filter of that name, the emulator keeps both.
      aws_cloudwatch_log_metric_filter: "/aws/cloudtrail/trailwarden:SecurityGroupEvents",
    };
    writeFileSync(
      path.join(checkout.folder, "import.tf.json"),
      JSON.stringify({
        import: Object.entries(imports).map(([type, id]) => ({ to: addressOf(type, checkout), id })),
      }),
    );
    sandbox.proxy.letThrough("CreateTrail");
    await checkout.terraform.apply();
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
    expect(await whatExists(sandbox)).toEqual(ONE_OF_EVERYTHING);
    expect(await sandbox.account.keys()).toMatchObject([
      { state: "Enabled", aliases: ["alias/trailwarden"] },
    ]);
    expect(await sandbox.lock()).toBeUndefined();
  });
});
