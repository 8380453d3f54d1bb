import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { StackSettings } from "../config";
import { startEmulator } from "../local/emulator";
import { emulatorEnvironment } from "../local/environment";
import { type InventoryRow, inventory } from "../local/inventory";
import { type Changes, Terraform } from "../local/terraform";
import { findTool, TERRAFORM } from "../local/tools";
import { chooseEnvironment } from "./choose-environment";
import { emulated, makeStateBucket } from "./emulated";
import { type Deployment, isLogging, stopTrail, wakeGuard } from "./guard-trial";
import { step } from "./progress";
import { run } from "./run";
import { synthesize } from "./synthesize";
import { table } from "./table";

const USAGE = `Usage: npm run local -- [options]

Deploys an environment to an emulated AWS on this machine with the real Terraform, stops the trail, hands the event to
the deployed guard, which switches it on again, plans (nothing may be left to change), and destroys. No AWS account is
touched.

  --environment NAME   environment of trailwarden.config.ts (default: the first)
  --keep               leave it up until Ctrl-C, and print how to talk to it
  --json               print one line of JSON last
  --help               print this`;

/** What `--json` prints. */
interface Report {
  readonly environment: string;
  readonly region: string;
  readonly applied: Changes;
  readonly resources: readonly InventoryRow[];
  readonly loggingAfterStop: boolean;
  readonly loggingAfterGuard: boolean;
  readonly planEmpty: boolean;
  /** Absent with `--keep`. */
  readonly destroyed?: Changes;
}

run(async (signal) => {
  const { values: options } = parseArgs({
    options: {
      environment: { type: "string" },
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  findTool(TERRAFORM);
  const { name, settings } = chooseEnvironment(options.environment);
  refuseWhatAnEmulatorLacks(name, settings);

  const emulator = await step("Start the emulator", () => startEmulator(signal));
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-local-"));
  try {
    await rehearse(
      name,
      settings,
      { endpoint: emulator.url, outdir, keep: options.keep, json: options.json },
      signal,
    );
  } finally {
    await emulator.stop();
    rmSync(outdir, { recursive: true, force: true });
  }
});

function refuseWhatAnEmulatorLacks(name: string, { trail = {}, guard }: StackSettings): void {
  const existing = Object.keys(trail).find((setting) => setting.startsWith("existing"));
  if (existing !== undefined) {
    throw new Error(
      `environments.${name}.trail.${existing} names what exists in your account; an emulator starts empty, so this environment can't run in it`,
    );
  }
  if (guard?.mode !== undefined && guard.mode !== "enforce") {
    throw new Error(
      `environments.${name}.guard.mode is ${JSON.stringify(guard.mode)}; only with "enforce" is there something to show`,
    );
  }
}

interface RehearsalOptions {
  readonly endpoint: string;
  /** Folder that the Terraform JSON is written to. */
  readonly outdir: string;
  readonly keep: boolean;
  readonly json: boolean;
}

async function rehearse(
  name: string,
  settings: StackSettings,
  { endpoint, outdir, keep, json }: RehearsalOptions,
  signal: AbortSignal,
): Promise<void> {
  const { region } = settings;
  const folder = await step("Synthesize", async () => {
    await makeStateBucket(endpoint, region);
    return synthesize(name, emulated(name, settings, endpoint), outdir);
  });
  const terraform = (onProgress?: (message: string) => void) =>
    new Terraform({ folder, environment: emulatorEnvironment(endpoint, region), onProgress, signal });

  await step("terraform init", () => terraform().init());
  const applied = await step("terraform apply", (tell) => terraform(tell).apply());
  const outputs = await terraform().outputs();
  const deployment: Deployment = {
    endpoint,
    region,
    folder,
    trailArn: String(outputs.trail_arn),
    guardFunctionName: String(outputs.guard_function_name),
  };
  const resources = await inventory(endpoint, region);
  console.log(resourceTable(resources));

  const loggingAfterStop = await step("Stop the trail with a StopLogging call", () => stopTrail(deployment));
  console.log(`trail ${deployment.trailArn}: ${loggingAfterStop ? "logging" : "NOT LOGGING"}`);
  const { error, log } = await step("Hand the event to the deployed guard function", () =>
    wakeGuard(deployment),
  );
  if (error !== undefined) {
    throw new Error(`the guard function failed: ${error.name}: ${error.message}\n${log}`);
  }
  const loggingAfterGuard = await isLogging(endpoint, region, deployment.trailArn);
  console.log(`trail ${deployment.trailArn}: ${loggingAfterGuard ? "logging again" : "STILL NOT LOGGING"}`);

  const plan = await step("terraform plan", () => terraform().plan());
  console.log(plan.empty ? "plan: nothing to change" : `plan: NOT EMPTY\n${plan.output}`);
  const destroyed = keep ? undefined : await step("terraform destroy", (tell) => terraform(tell).destroy());

  if (json) {
    const report: Report = {
      environment: name,
      region,
      applied,
      resources,
      loggingAfterStop,
      loggingAfterGuard,
      planEmpty: plan.empty,
      ...(destroyed === undefined ? {} : { destroyed }),
    };
    console.log(JSON.stringify(report));
  }
  if (loggingAfterStop || !loggingAfterGuard || !plan.empty) {
    process.exitCode = 1;
  }
  if (keep) {
    console.error(howToTalkToIt(deployment));
    await sleep(2 ** 31 - 1, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function resourceTable(resources: readonly InventoryRow[]): string {
  return table(
    ["what", "name", "as the emulator's API tells it"],
    resources.map(({ kind, name, detail }) => [kind, name, detail]),
  );
}

function howToTalkToIt({ endpoint, region, folder, trailArn }: Deployment): string {
  return `
It stays up until Ctrl-C. To talk to it, in another terminal:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator
  aws cloudtrail get-trail-status --name ${trailArn}
  terraform -chdir=${folder} plan
`;
}
