import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { functionArchive } from "../constructs/function-code";
import { startEmulator } from "../local/emulator";
import { emulatorEnvironment } from "../local/environment";
import { benchBundleSize } from "./guard/bundle-size";
import { benchColdStart } from "./guard/cold-start";
import { benchDeclaredStateLength } from "./guard/declared-state-length";
import { deploy } from "./guard/deploy";
import { nodeFunction, pythonFunction } from "./guard/functions";
import { RecordingProxy } from "./guard/recording-proxy";
import { benchRegularLook } from "./guard/regular-look";
import { type SynthesizedGuard, synthesizedGuard } from "./guard/stack";

const REGION = "ap-northeast-2";

/** The guard function as Terraform deploys it: its size, what it calls, and how fast it is there. */
export async function benchGuard(): Promise<void> {
  const guard = synthesizedGuard({ region: REGION });
  const code = unzipSync(functionArchive("guard"));
  benchDeclaredStateLength(guard, REGION);
  benchBundleSize(code);
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  try {
    for (const [name, content] of Object.entries(code)) {
      writeFileSync(path.join(folder, name), content);
    }
    await benchRuns(guard, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchRuns(guard: SynthesizedGuard, folder: string): Promise<void> {
  const ours = nodeFunction(folder);
  const python = pythonFunction();
  const emulator = await startEmulator();
  const proxy = await RecordingProxy.before(emulator.url);
  try {
    const variables = await deploy(guard, emulator.url, REGION);
    const environment = {
      ...emulatorEnvironment(proxy.url, REGION),
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: guard.functionName,
      // Lambda sets it beside AWS_REGION, and boto3 knows no other.
      AWS_DEFAULT_REGION: REGION,
    };
    const { TRAIL_ARN: trailArn = "" } = variables;
    const place = { region: REGION, accountId: trailArn.split(":")[4] ?? "" };
    const stage = { emulatorUrl: emulator.url, proxy, trailArn, place, environment };
    // Before the trail is stopped: nothing is wrong yet, and the guard's memory is empty.
    await benchRegularLook(stage, ours);
    await benchColdStart(stage, ours, python);
  } finally {
    await proxy.close();
    await emulator.stop();
  }
}
