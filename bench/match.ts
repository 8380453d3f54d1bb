import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { RECORDS_PER_FILE, writeCloudTrailLogs } from "./cloudtrail-logs";
import { type Measurement, measure, median } from "./measure";

const ROOT = path.join(__dirname, "..");
const RUNS = 5;
const MILLION = 1_000_000;

/**
 * Matching a million events in gzipped logs, with the presets `cis-3.0` and `tamper`, against a program that only unpacks
 * and parses the same files on as many threads, in turns; and the memory that two million take.
 */
export function benchMatch(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  try {
    const one = path.join(folder, "one");
    writeCloudTrailLogs(one, MILLION / RECORDS_PER_FILE);
    const ours: Measurement[] = [];
    const parsing: Measurement[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const [a, b] = [match(one), parse(one)];
      // The first turn warms the disk's cache.
      if (run > 0) {
        ours.push(a);
        parsing.push(b);
      }
    }
    const two = path.join(folder, "two");
    writeCloudTrailLogs(two, (2 * MILLION) / RECORDS_PER_FILE);
    report(
      ours,
      parsing,
      Array.from({ length: 3 }, () => match(two)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function match(folder: string): Measurement {
  return measure(["npx", "tsx", "bench/match-presets.ts", folder], ROOT);
}

function parse(folder: string): Measurement {
  return measure(["npx", "tsx", "bench/gunzip-and-parse.ts", folder], ROOT);
}

function report(
  ours: readonly Measurement[],
  parsing: readonly Measurement[],
  two: readonly Measurement[],
): void {
  const ratios = ours.map(({ wallSeconds }, run) => (parsing[run] as Measurement).wallSeconds / wallSeconds);
  const perSecond = (runs: readonly Measurement[]): string =>
    Math.round(MILLION / median(runs.map(({ wallSeconds }) => wallSeconds))).toLocaleString("en");
  const peak = (runs: readonly Measurement[]): string =>
    median(runs.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
  console.log(
    `match: ${perSecond(ours)} events/s; only unpacking and parsing: ${perSecond(parsing)} events/s`,
  );
  console.log(
    `  throughput ratio, median of ${ratios.length} turns: ${median(ratios).toFixed(2)} (at least 1)`,
  );
  console.log(
    `  peak memory, median: ${peak(ours)} MB for a million events (below 400 MB), ${peak(two)} MB for two (no higher)`,
  );
}
