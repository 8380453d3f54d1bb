import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { TrailwardenConfig } from "../config";
import { adoption, checkSynthesis, placeOf } from "./adopt/adoption";
import { awsAccount } from "./adopt/aws-account";
import { CONFIG_FILE, edited, replaceConfig } from "./adopt/config-file";
import { chooseName, settingsOf, withSettings } from "./adopt/environment";
import { describe, sectionsOf, unseen } from "./adopt/report";
import { step } from "./progress";
import { run } from "./run";

const USAGE = `Usage: npm run adopt -- --region R [options]

Finds what exists of what an environment's stack would make, by calls that read only and with your own credentials, and prints
the environment's \`adopt\` section, and what will change of each thing when Terraform takes it over.

  --region R            region to look in, which is the environment's
  --environment NAME    environment of trailwarden.config.ts; without it the only one of that region
  --trail NAME          name or ARN of the trail, where the account has several
  --write               write the section into trailwarden.config.ts
  --json                print the result as JSON: region, account, environment, adopt, settings, items
  --help                print this

The exit status is 0, also where there is nothing to adopt, and 1 if something couldn't be looked at, or not be written.`;

run(async (signal) => {
  const { values: options } = parseArgs({
    options: {
      region: { type: "string" },
      environment: { type: "string" },
      trail: { type: "string" },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (options.region === undefined) {
    throw new Error("--region is missing: name the region to look in");
  }
  const config: TrailwardenConfig = require("../trailwarden.config").default;
  const { region } = options;
  const environment = chooseName(config, region, options.environment);
  const before = readFileSync(CONFIG_FILE, "utf8");

  const bare = withSettings(config, environment, { adopt: undefined });
  const account = awsAccount(region, settingsOf(bare, environment).provider?.endpoint);
  const { place, report } = await step("Look at what exists", async () => {
    const place = await placeOf(account, region);
    const report = await adoption(account, place, { config: bare, environment, asked: options.trail });
    return { place, report };
  });
  signal.throwIfAborted();
  console.log(options.json ? JSON.stringify(report, null, 2) : describe(report));

  const sections = sectionsOf(report.adopt, report.settings);
  const problems = unseen(report.items);
  if (problems.length > 0) {
    process.exitCode = 1;
    console.error(
      `${problems.length} of the things above couldn't be looked at. Allow the caller these calls and run this again: Terraform fails on what exists and isn't adopted.`,
    );
  }
  if (Object.keys(sections).length === 0) {
    return;
  }
  checkSynthesis(withSettings(bare, environment, sections), environment, place);
  if (!options.write) {
    return;
  }
  if (problems.length > 0) {
    throw new Error("nothing was written");
  }
  const file = path.basename(CONFIG_FILE);
  const text = edited(before, report);
  if (text !== before) {
    replaceConfig(before, text);
  }
  const outcome = text === before ? `nothing to write: ${file} says so already` : `written into ${file}`;
  console.error(`${outcome}; next: npm run synth, terraform plan, npm run review`);
});
