import {
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { deploymentNames, parseConfig, type StackSettings, type TrailwardenConfig } from "../config";
import { isObject } from "../config/settings";
import { awsAccount } from "./adopt/aws-account";
import { NotEditable, withSetting } from "./adopt/config-text";
import { decideNamed } from "./adopt/decide-named";
import { decideTrail } from "./adopt/decide-trail";
import { type DeclaredPart, declaredParts, namesOf, type Place } from "./adopt/declared";
import type { AdoptAccount } from "./adopt/existing";
import { findNamedParts, findTrailParts, lastPart } from "./adopt/find-existing";
import type { AdoptSection, OtherSettings } from "./adopt/item";
import { type AdoptReport, describe, sectionsOf, unseen } from "./adopt/report";
import { withChanges } from "./adopt/what-changes";
import { messageOf } from "./drill/aws-error";
import { step } from "./progress";
import { run } from "./run";
import { synthesize } from "./synthesize";

const USAGE = `Usage: npm run adopt -- --region R [options]

Finds what exists of what an environment's stack would make, by calls that read only and with your own credentials, and prints
the environment's \`adopt\` section, and what will change of each thing when Terraform takes it over.

  --region R            region to look in, which is the environment's
  --environment NAME    environment of trailwarden.config.ts; without it the only one of that region
  --trail NAME          name or ARN of the trail, where the account has several
  --write               write the section into trailwarden.config.ts
  --json                print the result as JSON
  --help                print this

The exit status is 0, also where there is nothing to adopt, and 1 if something couldn't be looked at, or not be written.`;

const CONFIG_FILE = path.join(__dirname, "..", "trailwarden.config.ts");

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
  const settings = settingsOf(bare, environment);
  const account = awsAccount(region, settings.provider?.endpoint);
  const report = await step("Look at what exists", () =>
    adoption(account, bare, environment, settings, options.trail),
  );
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
  check(withSettings(bare, environment, sections), environment, {
    region,
    accountId: report.account,
    partition: "aws",
  });
  if (!options.write) {
    return;
  }
  if (problems.length > 0) {
    throw new Error("nothing was written");
  }
  write(before, edited(before, environment, report.adopt, report.settings));
  console.error(`written into ${path.basename(CONFIG_FILE)}; next: npm run synth, terraform plan`);
});

/** A configuration of which the settings may be wrong. */
interface Configuration {
  readonly environments: Readonly<Record<string, unknown>>;
}

/** @throws Error where no environment, or more than one, can be meant */
function chooseName(config: TrailwardenConfig, region: string, asked: string | undefined): string {
  const environments = parseConfig(config);
  const all = Object.entries(environments).map(([name, settings]) => `${name} (${settings.region})`);
  if (asked !== undefined) {
    const settings = environments[asked];
    if (settings === undefined) {
      throw new Error(`no environment ${JSON.stringify(asked)}; there is ${all.join(", ")}`);
    }
    if (settings.region !== region) {
      throw new Error(`the environment ${asked} is in ${settings.region}, not in ${region}`);
    }
    return asked;
  }
  const names = Object.keys(environments).filter((name) => environments[name]?.region === region);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new Error(
      name === undefined
        ? `no environment is in ${region}; there is ${all.join(", ")}`
        : `choose an environment with --environment NAME: ${names.join(", ")}`,
    );
  }
  return name;
}

/** The configuration with other settings of one environment; those of a group, such as `trail`, are added to it. */
function withSettings(
  config: Configuration,
  environment: string,
  changed: Readonly<Record<string, unknown>>,
): Configuration {
  const own = config.environments[environment];
  const settings: Record<string, unknown> = isObject(own) ? { ...own } : {};
  for (const [name, value] of Object.entries(changed)) {
    const now = settings[name];
    settings[name] = name !== "adopt" && isObject(now) && isObject(value) ? { ...now, ...value } : value;
  }
  return { environments: { ...config.environments, [environment]: settings } };
}

function settingsOf(config: unknown, environment: string): StackSettings {
  const settings = parseConfig(config)[environment];
  if (settings === undefined) {
    throw new Error(`no environment ${environment}`);
  }
  return settings;
}

/** Looks, and decides. */
async function adoption(
  account: AdoptAccount,
  config: Configuration,
  environment: string,
  settings: StackSettings,
  trail: string | undefined,
): Promise<AdoptReport> {
  const { accountId, arn } = await account.callerIdentity();
  const place: Place = { accountId, partition: arn.split(":")[1] ?? "aws", region: settings.region };
  const { trail: chosen = {}, tags = {} } = settings;
  const ownNames = deploymentNames(settings);
  const trailParts = await findTrailParts(account, {
    place,
    names: {
      trail: ownNames.trailName,
      bucket: namesOf(declaredBy(environment, settings, place), "aws_s3_bucket")[0] ?? "",
      logGroup: ownNames.logGroupName,
    },
    asked: trail,
    used: {
      trail: chosen.existingTrail !== undefined,
      bucket: chosen.existingBucket !== undefined,
      key: chosen.existingKey !== undefined,
      logGroup: chosen.existingLogGroup !== undefined,
    },
  });
  const functionLogGroups = ownNames.functionNames.map((name) => `/aws/lambda/${name}`);
  const ofTrail = decideTrail(trailParts, settings, functionLogGroups, ownNames.trailName);

  const withTrail = settingsOf(
    withSettings(config, environment, sectionsOf(ofTrail.adopt, ofTrail.settings)),
    environment,
  );
  const declared = declaredBy(environment, withTrail, place, ofTrail.adopt.key);
  const logGroup =
    ofTrail.adopt.logGroup ?? (withTrail.trail?.existingLogGroup && deploymentNames(withTrail).logGroupName);
  const deliveryRole = ofTrail.adopt.deliveryRole;
  const named = await findNamedParts(account, {
    names: {
      metricFilters: namesOf(declared, "aws_cloudwatch_log_metric_filter"),
      alarms: namesOf(declared, "aws_cloudwatch_metric_alarm"),
      topics: namesOf(declared, "aws_sns_topic"),
      eventRules: namesOf(declared, "aws_cloudwatch_event_rule"),
      functions: namesOf(declared, "aws_lambda_function"),
      logGroups: functionLogGroups,
      roles: namesOf(declared, "aws_iam_role").filter(
        (name) => deliveryRole === undefined || name !== lastPart(deliveryRole),
      ),
      keyAliases: namesOf(declared, "aws_kms_alias"),
    },
    logGroup,
    arnOfTopic: (name) => `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`,
  });
  const ofNames = decideNamed(named, { region: place.region, declared });
  return {
    region: place.region,
    account: accountId,
    environment,
    adopt: { ...ofTrail.adopt, ...ofNames.adopt },
    settings: ofTrail.settings,
    items: withChanges([...ofTrail.items, ...ofNames.items], declared, tags),
  };
}

/** What an environment's stack declares; it is synthesized in a folder that is thrown away. */
function declaredBy(
  environment: string,
  settings: StackSettings,
  place: Place,
  keyArn?: string,
): DeclaredPart[] {
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-adopt-"));
  try {
    const stack = synthesize(environment, settings, folder);
    return declaredParts(readFileSync(path.join(stack, "cdk.tf.json"), "utf8"), place, keyArn);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Synthesizes what the configuration would be: a section that it refuses is neither recommended nor written. */
function check(config: unknown, environment: string, place: Place): void {
  try {
    declaredBy(environment, settingsOf(config, environment), place);
  } catch (error) {
    throw new Error(`the environment's other settings don't go with the section:\n${messageOf(error)}`);
  }
}

/** @throws Error, with what to do, where the text can't be edited */
function edited(text: string, environment: string, adopt: AdoptSection, settings: OtherSettings): string {
  const { adopt: section, ...groups } = sectionsOf(adopt, settings);
  try {
    const values = Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => ({ path: [environment, group, name], value })),
    );
    const withGroups = values.reduce((edited, { path: at, value }) => withSetting(edited, at, value), text);
    return section === undefined ? withGroups : withSetting(withGroups, [environment, "adopt"], section);
  } catch (error) {
    if (error instanceof NotEditable) {
      throw new Error(
        `${path.basename(CONFIG_FILE)} can't be edited: ${error.message}. Paste the section above into the environment ${environment}`,
      );
    }
    throw error;
  }
}

/** Replaces the file at once, so that it is never half written, and not one that somebody has changed meanwhile. */
function write(before: string, text: string): void {
  if (readFileSync(CONFIG_FILE, "utf8") !== before) {
    throw new Error(`${path.basename(CONFIG_FILE)} was changed meanwhile; nothing was written`);
  }
  const target = realpathSync(CONFIG_FILE);
  const temporary = `${target}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: statSync(target).mode });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
