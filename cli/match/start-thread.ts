import path from "node:path";
import { Worker } from "node:worker_threads";

/** Starts a module of this folder as a thread. */
export function startThread(file: string, workerData?: unknown): Worker {
  return new Worker(path.join(__dirname, file), {
    workerData,
    // Of tsx only what CommonJS needs. All of it would be inherited, and takes more time and memory.
    execArgv: ["--require", require.resolve("tsx/cjs")],
  });
}
