import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { largePlan } from "./large-plan";
import { type Measurement, measure, median } from "./measure";

const ROOT = path.join(__dirname, "..");
const RUNS = 5;
const CHANGES = 5000;

/** The review of a plan with 5,000 changed resources, against a program that only parses the same JSON, in turns. */
export function benchReview(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  try {
    const file = path.join(folder, "plan.json");
    writeFileSync(file, largePlan(CHANGES));
    const reviewing: Measurement[] = [];
    const parsing: Measurement[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const turns = [
        measure(["node", "--import", "tsx", "cli/review.ts", "--format", "markdown", file], ROOT),
        measure(["node", "--import", "tsx", "bench/parse-json.ts", file], ROOT),
      ] as const;
      // The first turn warms the caches.
      if (run > 0) {
        reviewing.push(turns[0]);
        parsing.push(turns[1]);
      }
    }
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    const seconds = (runs: readonly Measurement[]) =>
      median(runs.map(({ wallSeconds }) => wallSeconds)).toFixed(2);
    const peak = (runs: readonly Measurement[]) =>
      median(runs.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
    console.log(
      `review: ${seconds(reviewing)} s for a plan of ${CHANGES} changes, ${megabytes} MB (below 2 s); only parsing it: ${seconds(parsing)} s`,
    );
    console.log(`  peak memory: ${peak(reviewing)} MB (below 300 MB); only parsing: ${peak(parsing)} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
