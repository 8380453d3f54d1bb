import { BUCKET_SETTINGS, type BucketSetting, FOR_EVER_DAYS } from "../../aws/values";
import { isObject } from "../../config/settings";
import {
  type Found,
  granteeOf,
  isControlTowers,
  NOTHING,
  OF_ITS_OWN,
  only,
  READERS_NEED_THE_KEY,
  type TrailDecision,
  WHY_CONTROL_TOWERS_STAYS,
} from "./decision";
import type { ExistingBucket, LifecycleRule } from "./existing";
import { type Draft, NOT_LOOKED_AT, notLookedAt } from "./item";
import { keptRetention } from "./keep-retention";
import { bucketStatements, type Grantee, missingPermissions } from "./permissions";
import { listed, statementsOf, titleOf } from "./policy-statements";

const SETTING_TYPES: Readonly<Record<BucketSetting, string>> = {
  policy: "aws_s3_bucket_policy",
  publicAccessBlock: "aws_s3_bucket_public_access_block",
  ownershipControls: "aws_s3_bucket_ownership_controls",
  encryption: "aws_s3_bucket_server_side_encryption_configuration",
  versioning: "aws_s3_bucket_versioning",
  lifecycle: "aws_s3_bucket_lifecycle_configuration",
  objectLock: "aws_s3_bucket_object_lock_configuration",
};

/**
 * Decides about the trail's bucket.
 *
 * @param keyArn of the key that it gets; undefined where one is made
 */
export function decideBucket(found: Found, trailName: string, keyArn: string | undefined): TrailDecision {
  const { parts, settings, trail } = found;
  if (settings.trail?.existingBucket !== undefined) {
    return NOTHING;
  }
  const kind = "bucket";
  if ("problem" in parts.bucket) {
    return only(notLookedAt(kind, trail?.bucketName ?? OF_ITS_OWN, parts.bucket.problem));
  }
  const bucket = parts.bucket.found;
  if (bucket === undefined) {
    const notes = trail === undefined ? [] : [`the trail's, ${trail.bucketName}, isn't there any more`];
    return only({ kind, name: OF_ITS_OWN, decision: "new", notes });
  }
  const grantee = granteeOf(parts, trail, trailName);
  const why = whyUsed(bucket, found, grantee);
  const permissions = missingPermissions(kind, bucket.policy, bucketStatements(bucket.name, grantee));
  return why === undefined
    ? adoptBucket(bucket, found, keyArn)
    : only(
        {
          kind,
          name: bucket.name,
          decision: "use",
          notes: [`with trail.existingBucket: ${why}`, ...permissions.notes],
          before: permissions.before,
        },
        { settings: { trail: { existingBucket: bucket.name } } },
      );
}

/** Why a bucket can only be used as it is; undefined for one that can be imported. */
function whyUsed(bucket: ExistingBucket, { parts, trail }: Found, grantee: Grantee): string | undefined {
  if (!bucket.isOwned) {
    return "this account doesn't own it";
  }
  if (isControlTowers(bucket.name)) {
    return WHY_CONTROL_TOWERS_STAYS;
  }
  if (bucket.region !== parts.region) {
    return `it is in ${bucket.region}`;
  }
  if ("problem" in bucket.policy) {
    return "whether it serves others couldn't be read";
  }
  const others = parts.trails.filter(
    ({ arn, bucketName }) => bucketName === bucket.name && arn !== trail?.arn,
  );
  if (others.length > 0) {
    return `other trails write to it, too: ${others.map(({ name }) => name).join(", ")}`;
  }
  const serving = statementsOf(bucket.policy.found).filter(
    (statement) => !isForTrailOnly(statement, bucket.name, grantee),
  );
  return serving.length === 0
    ? undefined
    : `importing it would replace its policy, which serves others: ${serving.map(titleOf).join(", ")}`;
}

/** Denials, and what allows this trail's CloudTrail to write this account's log files. */
function isForTrailOnly(
  { Effect, Principal, NotPrincipal, Resource, NotResource, Condition }: Readonly<Record<string, unknown>>,
  bucket: string,
  { partition, accountId, trailArn }: Grantee,
): boolean {
  if (Effect === "Deny") {
    return true;
  }
  const services =
    isObject(Principal) && Object.keys(Principal).join() === "Service" ? listed(Principal.Service) : [];
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const sources = Object.values(isObject(Condition) ? Condition : {}).flatMap((tests) =>
    Object.entries(isObject(tests) ? tests : {}).flatMap(([key, values]) =>
      key.toLowerCase() === "aws:sourcearn" ? listed(values) : [],
    ),
  );
  return (
    NotPrincipal === undefined &&
    NotResource === undefined &&
    services.length > 0 &&
    services.every((service) => service === "cloudtrail.amazonaws.com") &&
    sources.every((source) => source === trailArn) &&
    listed(Resource).every(
      (resource) =>
        typeof resource === "string" &&
        (resource === bucketArn ||
          resource === `${bucketArn}/*` ||
          (resource.startsWith(`${bucketArn}/`) && resource.includes(`AWSLogs/${accountId}/`))),
    )
  );
}

function adoptBucket(bucket: ExistingBucket, found: Found, keyArn: string | undefined): TrailDecision {
  const isLockDeclared = found.settings.trail?.objectLock !== undefined;
  const existing = BUCKET_SETTINGS.filter((name) => bucket.settings[name] !== undefined);
  const made = BUCKET_SETTINGS.filter((name) => name !== "objectLock" && !existing.includes(name));
  const names = existing.filter((name) => name !== "objectLock" || isLockDeclared);
  const days = keptDays(bucket, found);
  return {
    adopt: { bucket: bucket.name, ...(names.length === 0 ? {} : { bucketSettings: names }) },
    settings: days.proposed === undefined ? {} : { retention: { bucketDays: days.proposed } },
    items: [
      {
        kind: "bucket",
        name: bucket.name,
        decision: "adopt",
        becomes: {
          type: "aws_s3_bucket",
          arguments: {},
          tags: bucket.tags,
          makesLifecycle: made.includes("lifecycle"),
        },
        // The trail says so where its own key changes.
        before:
          found.trail?.keyArn !== undefined &&
          found.trail.keyArn === keyArn &&
          !JSON.stringify(bucket.settings.encryption ?? {}).includes(keyArn)
            ? [READERS_NEED_THE_KEY]
            : [],
        notes: [
          ...bucket.problems.map((problem) => `${NOT_LOOKED_AT}: ${problem}`),
          ...(made.length === 0 ? [] : [`doesn't have these settings, which are made: ${made.join(", ")}`]),
          ...(existing.length === names.length
            ? []
            : [
                "its object lock stays as it is: to have it kept, declare it in trail.objectLock and run this again",
              ]),
          ...days.notes,
        ],
      },
      ...names.map((name) => adoptSetting(name, bucket)),
    ],
  };
}

function adoptSetting(name: BucketSetting, { settings, lifecycleRules }: ExistingBucket): Draft {
  const isLifecycle = name === "lifecycle";
  return {
    kind: "bucket setting",
    name,
    decision: "adopt",
    becomes: {
      type: SETTING_TYPES[name],
      arguments: isLifecycle ? {} : (settings[name] ?? {}),
      tags: undefined,
    },
    notes: isLifecycle
      ? lifecycleRules.filter(({ id }) => id !== "expire-log-files").map(describeLostRule)
      : [],
  };
}

function describeLostRule(rule: LifecycleRule): string {
  const { id, isEnabled, prefix, isNarrowed, expirationDays, others } = rule;
  const what = [
    ...(expirationDays === undefined ? [] : [`expires log files after ${expirationDays} days`]),
    ...others,
  ];
  const of = [
    ...(prefix === "" ? [] : [`under ${prefix}`]),
    ...(isNarrowed ? ["narrowed by tags or size"] : []),
    ...(isEnabled ? [] : ["disabled"]),
  ];
  return `the rule ${id || "without a name"}${of.length === 0 ? "" : ` (${of.join(", ")})`} is lost: ${what.join(", ") || "it does nothing to log files"}`;
}

/** Of the rules that are for the trail's log files the soonest counts. */
function keptDays(
  { problems, lifecycleRules }: ExistingBucket,
  { parts: { accountId }, settings, trail }: Found,
): ReturnType<typeof keptRetention> {
  if (problems.some((problem) => problem.includes("s3:GetLifecycleConfiguration"))) {
    return { proposed: undefined, notes: [] };
  }
  const prefix = trail?.s3KeyPrefix === undefined ? "" : `${trail.s3KeyPrefix}/`;
  const logFiles = `${prefix}AWSLogs/${accountId}/CloudTrail`;
  const days = lifecycleRules.flatMap((rule) =>
    rule.isEnabled &&
    !rule.isNarrowed &&
    rule.expirationDays !== undefined &&
    logFiles.startsWith(rule.prefix)
      ? [rule.expirationDays]
      : [],
  );
  return keptRetention({
    what: "log files",
    setting: "bucketDays",
    now: days.length === 0 ? undefined : Math.min(...days),
    declared: settings.retention?.bucketDays,
    propose: (now = FOR_EVER_DAYS) => Math.min(now, FOR_EVER_DAYS),
  });
}
