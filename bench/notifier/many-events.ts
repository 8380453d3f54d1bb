import type { MeasuredRun } from "../functions/runs";
import { type Stage, tell } from "./tell";

const EVENTS = 10_000;

/** Time and memory of one run with very many events: from the start of the process until it has returned. */
export async function benchManyEvents(
  stage: Stage,
  notifier: (event: unknown, environment: NodeJS.ProcessEnv) => Promise<MeasuredRun>,
): Promise<void> {
  const { run, calls } = await tell(stage, notifier, EVENTS);
  const seconds = (run.answeredAt - run.startedAt) / 1000;
  const pages = calls.filter((name) => name === "logs:FilterLogEvents").length;
  console.log(
    `notifier, an alarm with ${EVENTS.toLocaleString("en")} matching events, ${pages} pages of them:`,
  );
  console.log(`  time: ${seconds.toFixed(1)} s (below 10 s)`);
  console.log(`  peak memory of the process: ${run.peakMegabytes.toFixed(0)} MB (below 256 MB)`);
}
