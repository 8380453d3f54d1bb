import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { emulated, makeStateBucket } from "../cli/emulated";
import { chooseAttacks } from "../cli/rehearsal/attacks";
import { Rehearsal } from "../cli/rehearsal/rehearsal";
import { synthesize } from "../cli/synthesize";
import { parseConfig, type StackSettings } from "../config";
import { functionArchive } from "../constructs/function-code";
import { type LivingEmulator, startLivingEmulator } from "../local/emulator";
import { emulatorClientSettings, emulatorEnvironment } from "../local/environment";
import { unpack } from "../local/function-runner";
import { Terraform } from "../local/terraform";
import { median } from "./measure";
import { type BareOptions, bareSeconds } from "./rehearsal/bare";

const TURNS = 15;
const REGION = "ap-northeast-2";

/**
 * How long from the call that stops the trail until it logs again in the rehearsal, against a process of the guard's
 * archive that makes one API call, in turns.
 */
export async function benchRehearsal(): Promise<void> {
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  const folder = unpack(functionArchive("guard"));
  const emulator = await startLivingEmulator();
  try {
    const rehearsal = await deploy(emulator, outdir);
    const environment = await environmentOf("enable_trail", emulator.url);
    await benchStop(rehearsal, { folder, trailArn: rehearsal.trailArn, region: REGION, environment });
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function deploy({ url: endpoint, plane }: LivingEmulator, outdir: string): Promise<Rehearsal> {
  const environments = { bench: { region: REGION, alerts: { emails: ["security@example.com"] } } };
  const settings = parseConfig({ environments }).bench as StackSettings;
  await makeStateBucket(endpoint, REGION);
  const terraform = new Terraform({
    folder: synthesize("bench", emulated("bench", settings, endpoint), outdir),
    environment: emulatorEnvironment(endpoint, REGION, "terraform"),
  });
  await terraform.init();
  await terraform.apply();
  return Rehearsal.of({ settings, endpoint, plane, outputs: await terraform.outputs() });
}

/** A function's environment variables, and those that Lambda adds. */
async function environmentOf(FunctionName: string, endpoint: string): Promise<NodeJS.ProcessEnv> {
  const lambda = new LambdaClient(emulatorClientSettings(endpoint, REGION));
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return {
    ...emulatorEnvironment(endpoint, REGION),
    ...Environment?.Variables,
    AWS_LAMBDA_FUNCTION_NAME: FunctionName,
  };
}

async function benchStop(rehearsal: Rehearsal, bare: BareOptions): Promise<void> {
  const [stop] = chooseAttacks("stop");
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn <= TURNS && stop !== undefined; turn++) {
    const { row } = await rehearsal.attack(stop, []);
    if (!row.ok || row.seconds === undefined) {
      throw new Error(`the trail was stopped, and: ${row.why.join("; ")}`);
    }
    const seconds = await bareSeconds(bare);
    // The first turn warms the disk's cache and the emulator.
    if (turn > 0) {
      ours.push(row.seconds);
      theirs.push(seconds);
    }
  }
  const ratios = ours.map((seconds, turn) => seconds / (theirs[turn] as number));
  const milliseconds = (of: readonly number[]): string => (median(of) * 1000).toFixed(0);
  console.log(
    `rehearsal, stop to logging again: ${milliseconds(ours)} ms; a process of the guard's archive with one call: ${milliseconds(theirs)} ms`,
  );
  console.log(`  ratio, median of ${ratios.length} turns: ${median(ratios).toFixed(2)} (at most 3)`);
}
