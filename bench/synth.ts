import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Measurement, measure, median } from "./measure";

const ROOT = path.join(__dirname, "..");
const RUNS = 9;

/**
 * Synth of the default stack against a bare CDKTF app that imports the same provider classes and makes one resource,
 * in turns.
 */
export function benchSynth(): void {
  // Inside the project, so that the bare app finds the same packages; ignored by git.
  const folder = mkdtempSync(path.join(ROOT, "cdktf.out-bench-"));
  try {
    writeFileSync(path.join(folder, "main.ts"), bareApp());
    const ours: Measurement[] = [];
    const bare: Measurement[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const [a, b] = [measure(["npx", "tsx", "main.ts"], ROOT), measure(["npx", "tsx", "main.ts"], folder)];
      // The first turn warms the disk's cache.
      if (run > 0) {
        ours.push(a);
        bare.push(b);
      }
    }
    report(ours, bare);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(ours: readonly Measurement[], bare: readonly Measurement[]): void {
  const ratios = ours.map(({ wallSeconds }, run) => wallSeconds / (bare[run] as Measurement).wallSeconds);
  const seconds = (runs: readonly Measurement[]): string =>
    median(runs.map((run) => run.wallSeconds)).toFixed(2);
  const megabytes = (runs: readonly Measurement[]): number =>
    Math.max(...runs.map((run) => run.peakMegabytes));
  console.log(`synth of the default stack: ${seconds(ours)} s; a bare CDKTF app: ${seconds(bare)} s`);
  console.log(`  ratio, median of ${ratios.length} turns: ${median(ratios).toFixed(2)} (at most 1.25)`);
  console.log(
    `  peak memory: ${megabytes(ours).toFixed(0)} MB (below 300 MB); bare: ${megabytes(bare).toFixed(0)} MB`,
  );
}

/** Imports every provider class that the constructs import. */
function bareApp(): string {
  const stack = JSON.parse(readFileSync(path.join(ROOT, "cdktf.out/stacks/main/cdk.tf.json"), "utf8"));
  const classes = [
    ...Object.keys(stack.resource).map((type) => type.replace(/^aws_/, "")),
    ...Object.keys(stack.data).map((type) => type.replace(/^aws_/, "data-aws-")),
  ].map((name) => name.replaceAll("_", "-"));
  return [
    'import { App, TerraformStack } from "cdktf";',
    'import { AwsProvider } from "@cdktf/provider-aws/lib/provider";',
    'import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";',
    ...classes.map((name) => `import "@cdktf/provider-aws/lib/${name}";`),
    "const app = new App();",
    'const stack = new TerraformStack(app, "bare");',
    'new AwsProvider(stack, "aws", { region: "ap-northeast-2" });',
    'new SnsTopic(stack, "topic", { name: "topic" });',
    "app.synth();",
    "",
  ].join("\n");
}
