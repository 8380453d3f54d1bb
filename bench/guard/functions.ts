import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** The Node of Lambda's nodejs22.x, from the npm package `node`. */
const NODE_22 = require.resolve("node/bin/node");
const NODE_RUNTIME = path.join(__dirname, "../../local/function-runtime.cjs");
const PYTHON_FUNCTION = path.join(__dirname, "../start_logging.py");

/** A run of a function in a new process. */
export interface FunctionRun {
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** What the function returned. */
  readonly result: unknown;
}

export type RunFunction = (event: unknown, environment: NodeJS.ProcessEnv) => Promise<FunctionRun>;

/** @param folder holds the function's `index.js` */
export function nodeFunction(folder: string): RunFunction {
  return async (event, env) => {
    const startedAt = performance.now();
    const child = fork(NODE_RUNTIME, [folder, "index.handler"], {
      execPath: NODE_22,
      execArgv: [],
      env,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let answer: { result?: unknown; error?: { message: string } } = {};
    child.once("message", (message) => {
      answer = message as typeof answer;
    });
    child.send({ event, context: {} });
    await ended(child);
    if (answer.error !== undefined) {
      throw new Error(`the function failed: ${answer.error.message}`);
    }
    return { startedAt, result: answer.result };
  };
}

/** @throws Error where there is no Python with boto3 */
export function pythonFunction(): RunFunction {
  const python = pythonWithBoto3();
  return async (event, env) => {
    const startedAt = performance.now();
    const child = spawn(python, [PYTHON_FUNCTION], { env, stdio: ["pipe", "ignore", "pipe"] });
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
      "the guard is measured against a Python function: put python3 on the PATH and run pip install boto3",
    );
  }
  return stdout.trim();
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [said, status] = await Promise.all([child.stderr === null ? "" : text(child.stderr), exit]);
  if (status !== 0) {
    throw new Error(`the function's process failed (exit status ${status}):\n${said}`);
  }
}
