import { parseArgs } from "node:util";
import { chooseEnvironment } from "./choose-environment";
import { matchLogs, type Totals } from "./match/match-logs";
import { nameOf } from "./match/match-row";
import { watchedPatterns } from "./match/watched-patterns";
import { run } from "./run";
import { table } from "./table";

const USAGE = `Usage: npm run match -- [options] FILE…

Reads CloudTrail logs and says which detections and event rules of an environment match which records. A FILE is a log
as CloudTrail writes it, an array of records or JSON lines, gzip or not; a folder of these; or - for standard input.

  --environment NAME   environment of trailwarden.config.ts (default: the first)
  --summary            print how often each detection and event rule matches, and no records
  --json               print lines of JSON
  --help               print this

The exit status is 1 if a file isn't what it should be; it is named, and the rest is read.`;

run(async (signal) => {
  const { values: options, positionals: names } = parseArgs({
    allowPositionals: true,
    options: {
      environment: { type: "string" },
      summary: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (names.length === 0) {
    throw new Error(`no FILE is named\n\n${USAGE}`);
  }
  quitWhenNobodyReads();
  const totals = await matchLogs({
    names,
    patterns: () => watchedPatterns(chooseEnvironment(options.environment).settings),
    rows: options.summary ? "none" : options.json ? "json" : "table",
    signal,
  });
  if (options.summary) {
    console.log(options.json ? summaryLines(totals) : summaryTable(totals));
  }
  console.error(totalsLine(totals));
  if (totals.problems > 0) {
    process.exitCode = 1;
  }
});

/** As with `| head`. */
function quitWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
      console.error(error.message);
      process.exitCode = 1;
    }
    process.exit();
  });
}

function summaryTable({ matches }: Totals): string {
  return table(
    ["detection", "matches"],
    matches.map(({ pattern, count }) => [nameOf(pattern), String(count)]),
  );
}

function summaryLines({ matches }: Totals): string {
  return matches
    .map(({ pattern, count }) => JSON.stringify({ [pattern.kind]: pattern.id, matches: count }))
    .join("\n");
}

function totalsLine({ files, records, digests, problems, matches }: Totals): string {
  const sum = matches.reduce((total, { count }) => total + count, 0);
  return [
    `${records} records in ${files} files, ${sum} matches`,
    ...(digests === 0 ? [] : [`digest files skipped: ${digests}`]),
    ...(problems === 0 ? [] : [`files with problems: ${problems}`]),
  ].join("; ");
}
