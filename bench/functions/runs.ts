import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { text } from "node:stream/consumers";

/** The Node of Lambda's nodejs22.x, from the npm package `node`. */
const NODE_22 = require.resolve("node/bin/node");
const NODE_RUNTIME = path.join(__dirname, "../../local/function-runtime.cjs");

/** A run of a function in a new process. */
export interface FunctionRun {
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** What the function returned. */
  readonly result: unknown;
}

/** A run of which more was measured. */
export interface MeasuredRun extends FunctionRun {
  /** When it returned, on the same clock. */
  readonly answeredAt: number;
  /** Memory of the whole process, at its peak. */
  readonly peakMegabytes: number;
}

export type RunFunction = (event: unknown, environment: NodeJS.ProcessEnv) => Promise<FunctionRun>;

/**
 * @param folder holds the function's `index.js`
 * @param timeoutSeconds what the function is told that it may take
 */
export function nodeFunction(folder: string, timeoutSeconds: number): RunFunction {
  return (event, env) => runNode([NODE_22], { folder, timeoutSeconds, event, env });
}

/**
 * As {@link nodeFunction}, with a heap of so many megabytes, as in `local/function-runner.ts`. Needs GNU time at
 * /usr/bin/time: a process that was started from a large one is told that one's peak for its own.
 */
export function measuredNodeFunction(folder: string, timeoutSeconds: number, memoryMegabytes: number) {
  const command = ["/usr/bin/time", "-f", "peak %M", NODE_22, `--max-old-space-size=${memoryMegabytes}`];
  return async (event: unknown, env: NodeJS.ProcessEnv): Promise<MeasuredRun> => {
    const { said, ...run } = await runNode(command, { folder, timeoutSeconds, event, env });
    const peak = /peak (\d+)\s*$/.exec(said)?.[1];
    return { ...run, peakMegabytes: Number(peak) / 1024 };
  };
}

interface NodeRun {
  readonly folder: string;
  readonly timeoutSeconds: number;
  readonly event: unknown;
  readonly env: NodeJS.ProcessEnv;
}

async function runNode([execPath, ...execArgv]: string[], { folder, timeoutSeconds, event, env }: NodeRun) {
  const startedAt = performance.now();
  const child = fork(NODE_RUNTIME, [folder, "index.handler"], {
    execPath,
    execArgv,
    // Lambda tells a function so where its files are.
    env: { ...env, LAMBDA_TASK_ROOT: folder },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let answer: { result?: unknown; error?: { message: string } } = {};
  let answeredAt = Number.NaN;
  child.once("message", (message) => {
    answeredAt = performance.now();
    answer = message as typeof answer;
  });
  child.send({ event, context: { awsRequestId: randomUUID() }, timeoutMilliseconds: timeoutSeconds * 1000 });
  const said = await ended(child);
  if (answer.error !== undefined) {
    throw new Error(`the function failed: ${answer.error.message}`);
  }
  return { startedAt, answeredAt, result: answer.result, said };
}

/**
 * @param file its source, beside this folder
 * @throws Error where there is no Python with boto3
 */
export function pythonFunction(file: string): RunFunction {
  const python = pythonWithBoto3();
  const source = path.join(__dirname, "..", file);
  return async (event, env) => {
    const startedAt = performance.now();
    const child = spawn(python, [source], { env, stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(JSON.stringify(event));
    await ended(child);
    return { startedAt, result: undefined };
  };
}

/** Path of the interpreter itself: what is on the PATH may be a script that looks for one. */
function pythonWithBoto3(): string {
  const { status, stdout } = spawnSync("python3", ["-c", "import boto3, sys; print(sys.executable)"], {
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(
      "the functions are measured against one in Python: put python3 on the PATH and run pip install boto3",
    );
  }
  return stdout.trim();
}

/** @returns what the process said */
async function ended(child: ChildProcess): Promise<string> {
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [said, status] = await Promise.all([child.stderr === null ? "" : text(child.stderr), exit]);
  if (status !== 0) {
    throw new Error(`the function's process failed (exit status ${status}):\n${said}`);
  }
  return said;
}
