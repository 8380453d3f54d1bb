import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** The Node of Lambda's nodejs22.x, from the npm package `node`. */
const NODE_22 = require.resolve("node/bin/node");
const ONE_CALL = path.join(__dirname, "one-call.cjs");

export interface BareOptions {
  /** Folder of a function's unpacked archive. */
  readonly folder: string;
  readonly trailArn: string;
  readonly region: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** @returns seconds that a process of a function's archive takes which makes one API call and ends */
export async function bareSeconds({ folder, trailArn, region, environment }: BareOptions): Promise<number> {
  const began = performance.now();
  const child = spawn(NODE_22, [ONE_CALL, folder, trailArn, region], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [said, status] = await Promise.all([text(child.stderr), ended]);
  if (status !== 0) {
    throw new Error(`the process of one call failed (exit status ${status}):\n${said}`);
  }
  return (performance.now() - began) / 1000;
}
