import { rmSync } from "node:fs";
import { startEmulator } from "../local/emulator";
import { emulatorEnvironment } from "../local/environment";
import { unpack } from "../local/function-runner";
import { benchBundleSize } from "./functions/bundle-size";
import { RecordingProxy } from "./functions/recording-proxy";
import { nodeFunction, pythonFunction } from "./functions/runs";
import { benchDeclaredStateLength } from "./guard/declared-state-length";
import { deploy } from "./guard/deploy";
import { benchRegularLook } from "./guard/regular-look";
import { type SynthesizedGuard, synthesizedGuard } from "./guard/stack";
import { benchStartLogging } from "./guard/start-logging";

const REGION = "ap-northeast-2";

/** The guard function as Terraform deploys it: its size, what it calls, and how fast it is there. */
export async function benchGuard(): Promise<void> {
  const guard = synthesizedGuard({ region: REGION });
  benchDeclaredStateLength(guard, REGION);
  benchBundleSize("guard");
  const folder = unpack(guard.archive);
  try {
    await benchRuns(guard, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchRuns(guard: SynthesizedGuard, folder: string): Promise<void> {
  const ours = nodeFunction(folder, guard.timeoutSeconds);
  const python = pythonFunction("start_logging.py");
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
    await benchStartLogging(stage, ours, python);
  } finally {
    await proxy.close();
    await emulator.stop();
  }
}
