import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";

/** A function as it was deployed. */
export interface DeployedFunction {
  readonly name: string;
  readonly archive: Uint8Array;
  /** `MODULE.EXPORT` */
  readonly handler: string;
  /** The function's environment variables and those that Lambda adds: region, credentials. */
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
}

export interface Invocation {
  /** What the handler returned. */
  readonly result?: unknown;
  /** What it threw. */
  readonly error?: { readonly name: string; readonly message: string };
  /** What it printed. */
  readonly log: string;
}

/** The Node of Lambda's nodejs22.x, from the npm package `node`. */
const NODE_22 = require.resolve("node/bin/node");

/** Runs the handler of a deployed archive with one event, as Lambda would: in a Node 22 process of its own. */
export async function invoke(deployed: DeployedFunction, event: unknown): Promise<Invocation> {
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-function-"));
  try {
    for (const [name, content] of Object.entries(unzipSync(deployed.archive))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return await run(folder, deployed, event);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(folder: string, deployed: DeployedFunction, event: unknown): Promise<Invocation> {
  const child = fork(path.join(__dirname, "function-runtime.cjs"), [folder, deployed.handler], {
    execPath: NODE_22,
    execArgv: [],
    env: { ...deployed.environment, AWS_LAMBDA_FUNCTION_NAME: deployed.name },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    timeout: deployed.timeoutSeconds * 1000,
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  let answer: Omit<Invocation, "log"> | undefined;
  child.once("message", (message) => {
    answer = message as Omit<Invocation, "log">;
  });
  child.send({
    event,
    context: { functionName: deployed.name, awsRequestId: "00000000-0000-0000-0000-000000000000" },
  });
  const [exitCode, exitSignal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve([code, signal]));
  });
  if (answer !== undefined) {
    return { ...answer, log };
  }
  const message =
    exitSignal === null
      ? `the process ended with status ${exitCode} and no answer`
      : `task timed out after ${deployed.timeoutSeconds} seconds`;
  return { error: { name: "Runtime.ExitError", message }, log };
}
