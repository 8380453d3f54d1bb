import { spawnSync } from "node:child_process";

export interface Measurement {
  readonly wallSeconds: number;
  /** Memory of the largest process of the command, at its peak. */
  readonly peakMegabytes: number;
}

/** Runs a command in a folder, what it prints thrown away, and measures it, its child processes included. Needs GNU time at /usr/bin/time. */
export function measure(command: readonly string[], folder: string): Measurement {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync("/usr/bin/time", ["-f", "peak %M", ...command], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) {
    throw new Error(`${command.join(" ")} failed (exit status ${status}):\n${stderr}`);
  }
  const peak = /peak (\d+)\s*$/.exec(stderr)?.[1];
  return { wallSeconds, peakMegabytes: Number(peak) / 1024 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
