import { watchedPatterns } from "../cli/match/watched-patterns";
import { parseConfig, type StackSettings } from "../config";
import { startLivingEmulator } from "../local/emulator";
import type { CloudTrailRecord } from "../local/event-of-record";
import { REGION, recordWriter } from "./cloudtrail-logs";
import { deployFiltersAndRules } from "./event-plane/deploy";
import { median } from "./measure";

const RECORDS = 20_000;
const RUNS = 3;
const FILTERS = 20;
/** Each has the four rules of a guard. */
const DEPLOYMENTS = 5;

/**
 * Records that the event plane takes in a second, through 20 event rules and 20 metric filters of a trail's log group:
 * until all of them are in the log group, and all that follows from them is done. They are those of an account of some
 * size, of which few match.
 */
export async function benchEventPlane(): Promise<void> {
  const next = recordWriter();
  const emulator = await startLivingEmulator();
  try {
    const { plane } = emulator;
    const { filters, rules } = patterns();
    await deployFiltersAndRules(emulator.url, REGION, { filters, rules });
    await plane.idle();
    const perSecond: number[] = [];
    let matches = { filters: 0, rules: 0 };
    for (let run = 0; run <= RUNS; run++) {
      const records = Array.from({ length: RECORDS }, () => JSON.parse(next()) as CloudTrailRecord);
      const from = plane.clock.now();
      const began = performance.now();
      for (const record of records) {
        await plane.take(record);
      }
      await plane.idle();
      const seconds = (performance.now() - began) / 1000;
      // The first run warms up what was deployed and the emulator.
      if (run > 0) {
        perSecond.push(RECORDS / seconds);
      }
      const problems = plane.journal.since(from, "not recorded", "not delivered", "unknown");
      if (problems[0] !== undefined) {
        throw new Error(`the event plane failed: ${problems[0].what}: ${problems[0].detail}`);
      }
      matches = {
        filters: plane.journal.since(from, "filter matched").length,
        rules: plane.journal.since(from, "rule matched").length,
      };
    }
    console.log(
      `event plane, ${rules.length} rules and ${filters.length} filters: ${Math.round(median(perSecond)).toLocaleString("en")} records/s, median of ${perSecond.length} runs of ${RECORDS.toLocaleString("en")} (at least 1,000)`,
    );
    console.log(
      `  of the last run's records, ${matches.rules} events went to queues; ${matches.filters} filters matched`,
    );
  } finally {
    await emulator.stop();
  }
}

function patterns(): { filters: string[]; rules: string[] } {
  const environments = {
    bench: { region: REGION, detections: { preset: ["cis-3.0", "tamper"] } },
    ...Object.fromEntries(
      Array.from({ length: DEPLOYMENTS }, (_, index) => [
        `team-${index}`,
        { region: REGION, namePrefix: `team-${index}-` },
      ]),
    ),
  };
  const { bench, ...teams } = parseConfig({ environments });
  const ofKind = (kind: "detection" | "rule", settings: StackSettings): string[] =>
    watchedPatterns(settings)
      .filter((watched) => watched.kind === kind)
      .map(({ pattern }) => pattern);
  return {
    filters: ofKind("detection", bench as StackSettings).slice(0, FILTERS),
    rules: Object.values(teams).flatMap((settings) => ofKind("rule", settings)),
  };
}
