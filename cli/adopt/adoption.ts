import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { deploymentNames, type StackSettings } from "../../config";
import { partitionOf, resourceName } from "../arn";
import { messageOf } from "../drill/aws-error";
import { synthesize } from "../synthesize";
import { decideNamed } from "./decide-named";
import { decideTrail } from "./decide-trail";
import { type DeclaredPart, declaredParts, namesOf, type Place } from "./declared";
import { type Configuration, settingsOf, withSettings } from "./environment";
import type { AdoptAccount } from "./existing";
import { findNamedParts, findTrailParts } from "./find-existing";
import { type AdoptReport, sectionsOf } from "./report";
import { withChanges } from "./what-changes";

/**
 * Where the caller looks.
 *
 * @throws Error where who calls can't be told
 */
export async function placeOf(account: AdoptAccount, region: string): Promise<Place> {
  const { accountId, arn } = await account.callerIdentity();
  const partition = partitionOf(arn);
  if (accountId === "" || partition === "") {
    throw new Error("sts:GetCallerIdentity named no account");
  }
  return { accountId, partition, region };
}

/**
 * Looks at what exists, and decides what becomes of it.
 *
 * @param config without an `adopt` section of the environment
 * @param asked name or ARN of the trail, where somebody has chosen
 * @throws Error where the trail can't be told, and for settings that don't go with what is there
 */
export async function adoption(
  account: AdoptAccount,
  place: Place,
  {
    config,
    environment,
    asked,
  }: { readonly config: Configuration; readonly environment: string; readonly asked: string | undefined },
): Promise<AdoptReport> {
  const settings = settingsOf(config, environment);
  const { trail: chosen = {}, tags = {} } = settings;
  const ownNames = deploymentNames(settings);
  const trailParts = await findTrailParts(account, {
    place,
    names: {
      trail: ownNames.trailName,
      bucket: namesOf(declaredBy(environment, settings, place), "aws_s3_bucket")[0] ?? "",
      logGroup: ownNames.logGroupName,
    },
    asked,
    used: {
      trail: chosen.existingTrail !== undefined,
      bucket: chosen.existingBucket !== undefined,
      key: chosen.existingKey !== undefined,
      logGroup: chosen.existingLogGroup !== undefined,
    },
  });
  const functionLogGroups = ownNames.functionNames.map((name) => `/aws/lambda/${name}`);
  const ofTrail = decideTrail(trailParts, settings, {
    trail: ownNames.trailName,
    logGroup: ownNames.logGroupName,
    functionLogGroups,
  });

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
        (name) => deliveryRole === undefined || name !== resourceName(deliveryRole),
      ),
      keyAliases: namesOf(declared, "aws_kms_alias"),
    },
    logGroup,
    arnOfTopic: (name) => `arn:${place.partition}:sns:${place.region}:${place.accountId}:${name}`,
  });
  const ofNames = decideNamed(named, { region: place.region, declared });
  return {
    region: place.region,
    account: place.accountId,
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
export function checkSynthesis(config: unknown, environment: string, place: Place): void {
  try {
    declaredBy(environment, settingsOf(config, environment), place);
  } catch (error) {
    throw new Error(`the environment's other settings don't go with the section:\n${messageOf(error)}`);
  }
}
