import { matchLogs } from "../cli/match/match-logs";
import { watchedPatterns } from "../cli/match/watched-patterns";
import { run } from "../cli/run";
import { parseConfig, type StackSettings } from "../config";

// `npm run match -- --json FOLDER` for an environment with the presets `cis-3.0` and `tamper`.

run(async (signal) => {
  const environments = { bench: { region: "eu-central-1", detections: { preset: ["cis-3.0", "tamper"] } } };
  const settings = parseConfig({ environments }).bench as StackSettings;
  const { records, matches } = await matchLogs({
    names: process.argv.slice(2),
    patterns: () => watchedPatterns(settings),
    rows: "json",
    signal,
  });
  console.error(`${records} records, ${matches.reduce((sum, { count }) => sum + count, 0)} matches`);
});
