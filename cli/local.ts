import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { StackSettings } from "../config";
import { type LivingEmulator, startLivingEmulator } from "../local/emulator";
import { emulatorEnvironment } from "../local/environment";
import type { EventPlane } from "../local/event-plane/event-plane";
import { type Fault, faultText, parseFaults } from "../local/event-plane/faults";
import { type InventoryRow, inventory } from "../local/inventory";
import { type Changes, Terraform } from "../local/terraform";
import { findTool, TERRAFORM } from "../local/tools";
import { chooseEnvironment } from "./choose-environment";
import { emulated, leftOut, makeStateBucket, makeWhatIsAdopted } from "./emulated";
import { step } from "./progress";
import { ATTACKS, type Attack, chooseAttacks } from "./rehearsal/attacks";
import { mailsOf, rowTable } from "./rehearsal/print";
import { Rehearsal } from "./rehearsal/rehearsal";
import { messageText, type Row } from "./rehearsal/rehearse";
import { playSlack } from "./rehearsal/slack";
import { run } from "./run";
import { synthesize } from "./synthesize";
import { table } from "./table";

const USAGE = `Usage: npm run local -- [options]

Rehearses an attack: deploys an environment to an emulated AWS on this machine with the real Terraform, attacks it by an
API call, and watches what follows from what was deployed: events reach rules, the guard heals, alarms fire, mails arrive.
Then it plans (nothing may be left to change) and destroys. No AWS account is touched.

  --attack NAMES       attacks, with commas between them, or all (default: stop)
  --faults FAULTS      what goes wrong meanwhile, with commas between: KIND[:SERVICE[:CALL]][*TIMES]; KIND is throttle,
                       5xx or delay (of a function's calls and of deliveries; twice without TIMES), cut, duplicate or
                       reorder (events are lost, come twice, or after the next; always without TIMES)
  --environment NAME   environment of trailwarden.config.ts (default: the first)
  --keep               leave it up until Ctrl-C, and print how to talk to it; on a terminal, offer more attacks
  --json               print one line of JSON last
  --help               print this

Attacks:
${ATTACKS.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join("\n")}

Minutes pass at once: the emulated AWS has a clock that is turned on until alarms and schedules have had their time. Seconds
and the times in mails are by that clock (docs/local.md).

The exit status is 0 if every attack was answered as the environment's settings say, every fault happened, and the plan was
empty.`;

/** What `--json` prints. */
interface Report {
  readonly environment: string;
  readonly region: string;
  readonly applied: Changes;
  readonly resources: readonly InventoryRow[];
  readonly attacks: readonly Row[];
  /** Faults that were asked for and never happened. */
  readonly unusedFaults: readonly string[];
  readonly planEmpty: boolean;
  /** Whether the exit status is 0. */
  readonly passed: boolean;
  /** Absent with `--keep`. */
  readonly destroyed?: Changes;
}

run(async (signal) => {
  const { values: options } = parseArgs({
    options: {
      attack: { type: "string", default: "stop" },
      faults: { type: "string" },
      environment: { type: "string" },
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const attacks = chooseAttacks(options.attack);
  const faults = options.faults === undefined ? [] : parseFaults(options.faults);
  findTool(TERRAFORM);
  const { name, settings } = chooseEnvironment(options.environment);
  refuseWhatAnEmulatorLacks(name, settings);

  const emulator = await step("Start the emulator", () => startLivingEmulator(signal));
  const slack = await playSlack(settings, emulator.url, emulator.plane);
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-local-"));
  try {
    const { keep, json } = options;
    await deployAndAttack({ name, settings, emulator, outdir, attacks, faults, keep, json, signal });
  } finally {
    await emulator.stop();
    await slack.close();
    rmSync(outdir, { recursive: true, force: true });
  }
});

function refuseWhatAnEmulatorLacks(name: string, { trail = {} }: StackSettings): void {
  const existing = Object.keys(trail).find((setting) => setting.startsWith("existing"));
  if (existing !== undefined) {
    throw new Error(
      `environments.${name}.trail.${existing} names what exists in your account; an emulator starts empty, so this environment can't run in it`,
    );
  }
}

interface Options {
  readonly name: string;
  readonly settings: StackSettings;
  readonly emulator: LivingEmulator;
  /** Folder that the Terraform JSON is written to. */
  readonly outdir: string;
  readonly attacks: readonly Attack[];
  readonly faults: readonly Fault[];
  readonly keep: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

async function deployAndAttack(options: Options): Promise<void> {
  const { name, settings, emulator, outdir, attacks, faults, keep, json, signal } = options;
  const { url: endpoint, plane } = emulator;
  const { region } = settings;
  const folder = await step("Synthesize", async () => {
    await makeStateBucket(endpoint, region);
    const written = synthesize(name, emulated(name, settings, endpoint), outdir);
    makeWhatIsAdopted(written);
    return written;
  });
  const terraform = (onProgress?: (message: string) => void) =>
    new Terraform({
      folder,
      environment: emulatorEnvironment(endpoint, region, "terraform"),
      onProgress,
      signal,
    });

  await step("terraform init", () => terraform().init());
  const applied = await step("terraform apply", (tell) => terraform(tell).apply());
  const resources = await inventory(endpoint, region);
  console.log(resourceTable(resources));
  const notHere = leftOut(settings);
  if (notHere.length > 0) {
    console.error(`Left out, since they aren't on this machine: ${[...new Set(notHere)].join(", ")}`);
  }

  const rehearsal = await Rehearsal.of({
    settings,
    endpoint,
    plane,
    outputs: await terraform().outputs(),
    signal,
  });
  const attack = async (next: Attack): Promise<Row> => {
    const { row, needsApply } = await step(next.title, () => rehearsal.attack(next, faults));
    if (needsApply) {
      await step("terraform apply, for what is left", (tell) => terraform(tell).apply());
      await rehearsal.settle();
    }
    return row;
  };
  const rows: Row[] = [];
  for (const next of attacks) {
    const row = await attack(next);
    console.log(mailsOf(row));
    rows.push(row);
  }
  console.log(rowTable(rows));
  const unused = faults.filter((fault) => !plane.faults.hasHappened(fault)).map(faultText);
  if (unused.length > 0) {
    console.error(`These faults never happened, and nothing was shown by them: ${unused.join(", ")}`);
  }
  const others = ATTACKS.filter((other) => !attacks.includes(other)).map(({ name }) => name);
  if (others.length > 0) {
    console.error(`Further attacks, by --attack NAMES or --attack all: ${others.join(", ")}`);
  }

  const plan = await step("terraform plan", () => terraform().plan());
  console.log(plan.empty ? "plan: nothing to change" : `plan: NOT EMPTY\n${plan.output}`);
  const passed = rows.every(({ ok }) => ok) && unused.length === 0 && plan.empty;
  const destroyed = keep ? undefined : await step("terraform destroy", (tell) => terraform(tell).destroy());

  if (json) {
    const report: Report = {
      environment: name,
      region,
      applied,
      resources,
      attacks: rows,
      unusedFaults: unused,
      planEmpty: plan.empty,
      passed,
      ...(destroyed === undefined ? {} : { destroyed }),
    };
    console.log(JSON.stringify(report));
  }
  if (!passed) {
    process.exitCode = 1;
  }
  if (keep) {
    console.error(howToTalkToIt({ endpoint, region, folder, trailArn: rehearsal.trailArn }));
    await Promise.race([
      showMessages(plane, signal),
      ...(process.stdin.isTTY ? [offerAttacks(attack, signal)] : []),
    ]);
  }
}

/** Runs attacks that are named on the terminal, until Ctrl-C or the end of input. */
async function offerAttacks(attack: (next: Attack) => Promise<Row>, signal: AbortSignal): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A Ctrl-C that the terminal's reader takes.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    for (;;) {
      const answer = await terminal.question(`\nAttack (${ATTACKS.map(({ name }) => name).join(", ")}): `, {
        signal,
      });
      try {
        const rows: Row[] = [];
        for (const next of answer.trim() === "" ? [] : chooseAttacks(answer)) {
          rows.push(await attack(next));
        }
        console.log(rows.length === 0 ? "" : rowTable(rows));
      } catch (error) {
        signal.throwIfAborted();
        console.error((error as Error).message);
      }
    }
  } finally {
    terminal.close();
    signal.throwIfAborted();
  }
}

/** Shows the messages that come of what is done by hand, until it is interrupted. */
async function showMessages(plane: EventPlane, signal: AbortSignal): Promise<void> {
  let from = plane.clock.now();
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    const until = plane.clock.now();
    for (const delivery of plane.inbox.since(from)) {
      if (delivery.at < until) {
        console.log(messageText(delivery));
      }
    }
    from = until;
  }
}

const LOOK_EVERY_MS = 500;

function resourceTable(resources: readonly InventoryRow[]): string {
  return table(
    ["what", "name", "as the emulator's API tells it"],
    resources.map(({ kind, name, detail }) => [kind, name, detail]),
  );
}

function howToTalkToIt(of: { endpoint: string; region: string; folder: string; trailArn: string }): string {
  const { endpoint, region, folder, trailArn } = of;
  return `
It stays up until Ctrl-C, and shows the messages that people get. To talk to it, in another terminal, as the user mallory:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=mallory AWS_SECRET_ACCESS_KEY=mallory
  aws cloudtrail stop-logging --name ${trailArn}
  aws cloudtrail get-trail-status --name ${trailArn}
  terraform -chdir=${folder} plan
`;
}
