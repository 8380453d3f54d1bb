import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { deploymentNames, parseConfig, type StackSettings } from "../config";
import { chooseEnvironment } from "./choose-environment";
import { awaitAlert, untilNewMinute } from "./drill/alert";
import { awsAccount } from "./drill/aws-account";
import { systemClock } from "./drill/clock";
import { drill, type Outcome, type Talk } from "./drill/drill";
import { type Drilled, lookAround, type Surroundings } from "./drill/look-around";
import { byHand, type Drill, drillReport, drillRows } from "./drill/report";
import { step } from "./progress";
import { run } from "./run";
import { table } from "./table";

const USAGE = `Usage: npm run drill -- --environment NAME [options]

Stops the trail of a deployed environment, in a real AWS account and with your own credentials, and measures how long its
guard takes to start it again and whether people are told. It looks first, says what it will do and asks. If nobody has
started the trail within the limit, it starts it itself. Ctrl-C starts it at once. Only a drill that is killed outright
(SIGKILL, power) can't: then the guard does, or you: aws cloudtrail start-logging.

  --environment NAME      environment of trailwarden.config.ts
  --yes                   don't ask
  --limit SECONDS         how long the trail may be stopped (default: the guard's everyMinutes and 90 s)
  --alert-limit SECONDS   how long to wait for CloudWatch to know of the alert (default: 600)
  --without-guard         go on where no guard is sure to start the trail; the drill starts it after the limit
  --json                  print one line of JSON last
  --help                  print this

The exit status is 0 if the guard started the trail and its alert was published, and otherwise 1, or 128 and the number
of the signal that interrupted it.`;

/** Signals that a terminal or another program may send while the trail is stopped; Ctrl-Z would leave it so. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP"];

/**
 * Beyond the guard's period: EventBridge runs a schedule at any second of its minute (EventBridge user guide, "Creating an
 * Amazon EventBridge rule that runs on a schedule"), and the run takes a while.
 */
const LATE_LOOK_SECONDS = 90;

const LONGEST_SECONDS = 3600;

run(async (signal) => {
  const { values: options } = parseArgs({
    options: {
      environment: { type: "string" },
      yes: { type: "boolean", default: false },
      limit: { type: "string" },
      "alert-limit": { type: "string", default: "600" },
      "without-guard": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (options.environment === undefined) {
    const names = Object.keys(parseConfig(require("../trailwarden.config").default));
    throw new Error(`--environment is missing: name the one to drill; there is ${names.join(", ")}`);
  }
  const { name, settings } = chooseEnvironment(options.environment);
  const { region, guard = {}, provider = {} } = settings;
  const limitSeconds =
    options.limit === undefined
      ? (guard.everyMinutes ?? 5) * 60 + LATE_LOOK_SECONDS
      : seconds("--limit", options.limit);
  const alertLimitSeconds = seconds("--alert-limit", options["alert-limit"]);

  const account = awsAccount(region, provider.endpoint);
  const drilled = await step("Look at trail and guard", () =>
    lookAround(account, surroundings(name, settings), {
      withoutGuard: options["without-guard"],
      now: systemClock.date(),
      limitSeconds,
    }),
  );
  const endpoint = provider.endpoint ?? process.env.AWS_ENDPOINT_URL;
  console.error(announcement(drilled, { region, endpoint, limitSeconds }));
  const isConfirmed = options.yes || (await askForName(drilled.trail.name, signal));
  signal.throwIfAborted();
  if (!isConfirmed) {
    throw new Error("not confirmed: nothing was done");
  }

  const untilDone = whateverHappens(signal);
  if (drilled.guard !== undefined) {
    await step("Wait for a new minute, since CloudWatch counts by the minute", () =>
      systemClock.sleep(untilNewMinute(systemClock.date()), untilDone),
    );
  }
  const since = systemClock.date();
  const outcome = await stopAndWait((tell) =>
    drill({
      trail: account.trail(drilled.trail.arn),
      limitSeconds,
      clock: systemClock,
      signal: untilDone,
      talk: talk(region, drilled.trail.arn, tell),
    }),
  );
  const { guard: expected } = drilled;
  const alert =
    outcome.kind !== "healed" || expected === undefined
      ? undefined
      : await step("Wait until CloudWatch knows of the alert", (tell) =>
          awaitAlert({
            account,
            guard: expected,
            since,
            limitSeconds: alertLimitSeconds,
            clock: systemClock,
            signal: untilDone,
            tell,
          }),
        );

  const done: Drill = { environment: name, region, drilled, limitSeconds, outcome, alert };
  const report = drillReport(done);
  console.log(table(["what", "how it was"], drillRows(done)));
  for (const problem of report.problems) {
    console.error(problem);
  }
  if (outcome.kind === "may be stopped") {
    console.error(`See whether it logs, and start it:\n${byHand(region, drilled.trail.arn)}`);
  }
  if (options.json) {
    console.log(JSON.stringify(report));
  }
  if (!report.passed) {
    // A signal has set its own.
    process.exitCode ||= 1;
  }
}, SIGNALS);

/** @throws Error for what is no number of seconds */
function seconds(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > LONGEST_SECONDS) {
    throw new Error(`${option} is no whole number of seconds from 1 to ${LONGEST_SECONDS}: ${text}`);
  }
  return value;
}

function surroundings(environment: string, settings: StackSettings): Surroundings {
  const { region, trail = {}, guard } = settings;
  const { trailName, functionNames } = deploymentNames(settings);
  return {
    environment,
    region,
    trail: trail.existingTrail ?? trailName,
    functionName: guard?.mode === "off" ? undefined : functionNames[0],
    arns: [trail.existingTrail, trail.existingLogGroup].flatMap((name) =>
      name?.startsWith("arn:") ? [name] : [],
    ),
  };
}

function announcement(
  { caller, trail, guard, guardProblems }: Drilled,
  { region, endpoint, limitSeconds }: { region: string; endpoint: string | undefined; limitSeconds: number },
): string {
  const rows = [
    ["trail", trail.arn],
    ["region", region],
    ["account", caller.accountId],
    ["you are", caller.arn],
    ...(endpoint === undefined ? [] : [["endpoint", endpoint]]),
    ["guard", guard?.functionName ?? `none that is sure to start it: ${guardProblems.join("; ")}`],
    ["at most", `${limitSeconds} s without logging`],
  ];
  return `
This stops a trail. Until it is started again it records nothing of what is done in the account.

${rows.map(([what = "", text = ""]) => `  ${what.padEnd(10)}${text}`).join("\n")}

${
  guard === undefined
    ? "Nobody is sure to start it: the drill does after that time, and fails."
    : `The guard should start it within seconds, and mail those who have subscribed to ${guard.topicName}: tell them that it is a drill. If nobody has started it by then, the drill does, and fails.`
}
Ctrl-C starts it at once. Alarms that watch CloudTrail may go off too.
`;
}

/** Asks at the terminal. @returns whether the trail's name was typed. @throws Error where there is none */
async function askForName(trailName: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Error("nothing was done: there is no terminal to ask at, and --yes isn't given");
  }
  // Not in the terminal's raw mode, in which Ctrl-C would send no signal.
  const asked = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await new Promise((resolve) => {
      asked.question(`Type the trail's name, ${trailName}, to go on: `, { signal }, (answer) =>
        resolve(answer.trim() === trailName),
      );
      // At Ctrl-D, or a signal, there is no answer.
      asked.once("close", () => resolve(false));
      signal.addEventListener("abort", () => asked.close());
    });
  } finally {
    asked.close();
  }
}

/**
 * From here on nothing ends the process before the trail logs again: neither an error that nobody caught nor a terminal
 * that is gone.
 *
 * @returns what is aborted by either or by the signal
 */
function whateverHappens(signal: AbortSignal): AbortSignal {
  const uncaught = new AbortController();
  process.on("uncaughtException", (error) => uncaught.abort(error));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => undefined);
  }
  return AbortSignal.any([signal, uncaught.signal]);
}

/** The step has failed, for those who watch, unless somebody else has started the trail. */
async function stopAndWait(work: (tell: (detail: string) => void) => Promise<Outcome>): Promise<Outcome> {
  try {
    return await step("Stop the trail, and wait until it logs again", async (tell) => {
      const outcome = await work(tell);
      if (outcome.kind !== "healed") {
        throw new NotHealed(outcome);
      }
      return outcome;
    });
  } catch (error) {
    if (error instanceof NotHealed) {
      return error.outcome;
    }
    throw error;
  }
}

class NotHealed extends Error {
  constructor(readonly outcome: Outcome) {
    super();
  }
}

function talk(region: string, trailArn: string, tell: (detail: string) => void): Talk {
  let failures = 0;
  return {
    watching: (since) => tell(`not logging for ${since} s`),
    healing: (why) => {
      tell("starting it");
      console.error(`The drill starts the trail: ${why}`);
      for (const signal of SIGNALS) {
        process.on(signal, () => console.error("Still starting the trail; this goes on until it logs"));
      }
    },
    failing: (problem) => {
      failures += 1;
      tell(`not started after ${failures} tries: ${problem}`);
      if (failures === 1) {
        console.error(`${problem}\nIt is tried again. By hand, too:\n${byHand(region, trailArn)}`);
      }
    },
  };
}
