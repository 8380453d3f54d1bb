import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";

/** A function as it was deployed. */
export interface DeployedFunction {
  readonly name: string;
  /** Folder of its unpacked archive. */
  readonly folder: string;
  /** `MODULE.EXPORT` */
  readonly handler: string;
  /** The function's environment variables and those that Lambda adds: region, credentials. */
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
  /** What its heap may take: Node stops at it, where Lambda counts the whole process. */
  readonly memoryMegabytes: number;
  /**
   * How far its clock is ahead of this machine's.
   * @default 0
   */
  readonly clockAheadMilliseconds?: number | undefined;
  /** @default - zeros */
  readonly requestId?: string | undefined;
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

/** @returns a new folder with what the archive holds, which is the caller's to remove */
export function unpack(archive: Uint8Array): string {
  const files = Object.entries(unzipSync(archive));
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-function-"));
  for (const [name, content] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

/** Runs the handler of a deployed function with one event, as Lambda would: in a Node 22 process of its own. */
export async function invoke(deployed: DeployedFunction, event: unknown): Promise<Invocation> {
  const { name, folder, handler, environment, timeoutSeconds, memoryMegabytes } = deployed;
  const child = fork(
    path.join(__dirname, "function-runtime.cjs"),
    [folder, handler, String(deployed.clockAheadMilliseconds ?? 0)],
    {
      execPath: NODE_22,
      execArgv: [`--max-old-space-size=${memoryMegabytes}`],
      env: {
        ...environment,
        AWS_LAMBDA_FUNCTION_NAME: name,
        LAMBDA_TASK_ROOT: folder,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      timeout: timeoutSeconds * 1000,
      // What is timed out is over, whatever it does with signals.
      killSignal: "SIGKILL",
    },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  let answer: Omit<Invocation, "log"> | undefined;
  child.once("message", (message) => {
    answer = message as Omit<Invocation, "log">;
    // Lambda stops the process here, whatever it has left to do.
    child.kill("SIGKILL");
  });
  child.send({
    event,
    timeoutMilliseconds: timeoutSeconds * 1000,
    context: {
      functionName: name,
      awsRequestId: deployed.requestId ?? "00000000-0000-0000-0000-000000000000",
    },
  });
  const [exitCode, exitSignal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve([code, signal]));
  });
  if (answer !== undefined) {
    return { ...answer, log };
  }
  const message =
    exitSignal === "SIGKILL"
      ? `task timed out after ${timeoutSeconds} seconds`
      : `the process ended with status ${exitCode ?? exitSignal} and no answer`;
  return { error: { name: "Runtime.ExitError", message }, log };
}
