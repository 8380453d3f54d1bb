import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { jsonText } from "./review/format/json";
import { markdownText } from "./review/format/markdown";
import { sarifText } from "./review/format/sarif";
import { terminalText } from "./review/format/terminal";
import { judgedIn } from "./review/judged";
import { readPlan, UnreadablePlan } from "./review/plan";
import { exitStatusOf, type Report, reportOf } from "./review/report";
import { findingsOf } from "./review/review";
import { ReviewContext } from "./review/review-context";
import { readWaivers } from "./review/waivers";
import { run } from "./run";

const WAIVERS_FILE = "trailwarden.waivers.json";

const FORMATS: Readonly<Record<string, (report: Report, planName: string) => string>> = {
  table: terminalText,
  markdown: markdownText,
  json: jsonText,
  sarif: sarifText,
};

const USAGE = `Usage: npm run --silent review -- [options] PLAN.json

Reads a Terraform plan, of any stack, and says what applying it would do to auditing. PLAN.json is what
terraform show -json PLANFILE prints; - reads it from standard input.

  --format FORMAT   ${Object.keys(FORMATS).join(", ")} (default: table)
  --waivers FILE    what may pass by name, with a reason (default: ${WAIVERS_FILE}, if it is there)
  --help            print this

The exit status is 2 if something blocks, 1 if that can't be judged, and otherwise 0.`;

run(async () => {
  const { values: options, positionals: names } = parseArgs({
    allowPositionals: true,
    options: {
      format: { type: "string", default: "table" },
      waivers: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const format = Object.hasOwn(FORMATS, options.format) ? FORMATS[options.format] : undefined;
  if (format === undefined) {
    throw new Error(
      `--format is not one of ${Object.keys(FORMATS).join(", ")}: ${JSON.stringify(options.format)}`,
    );
  }
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    throw new Error(
      `${name === undefined ? "no PLAN.json is named" : "more than one PLAN.json is named"}\n\n${USAGE}`,
    );
  }
  const waiversFile = options.waivers ?? WAIVERS_FILE;
  const waivers =
    options.waivers === undefined && !existsSync(fromWhereAsked(WAIVERS_FILE))
      ? []
      : readWaivers(textOf(waiversFile, waiversFile), waiversFile);
  const plan = planIn(name);
  const context = new ReviewContext(plan);
  const report = reportOf({
    plan,
    judged: judgedIn(context),
    findings: findingsOf(context),
    cost: context.cost,
    waivers,
    waiversFile,
    today: new Date().toISOString().slice(0, 10),
  });
  console.log(format(report, name === "-" ? "plan.json" : name));
  process.exitCode = exitStatusOf(report);
});

function planIn(name: string) {
  const shown = name === "-" ? "standard input" : name;
  try {
    return readPlan(textOf(name === "-" ? 0 : name, shown));
  } catch (error) {
    throw error instanceof UnreadablePlan ? new Error(`${shown}: ${error.message}`) : error;
  }
}

function textOf(file: string | number, shown: string): string {
  try {
    return readFileSync(typeof file === "number" ? file : fromWhereAsked(file), "utf8");
  } catch (error) {
    throw new Error(`${shown}: ${problemOf(error)}`);
  }
}

/** npm runs it in the project's folder, whatever folder it was called in: a path is of that one. */
function fromWhereAsked(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? "", file);
}

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "is a folder";
    case "EACCES":
      return "may not be read";
    case "ERR_STRING_TOO_LONG":
      return "is too large to be read";
    default:
      return message;
  }
}
