import { LOG_RETENTION_DAYS } from "../../aws/values";
import { isObject } from "../../config/settings";
import type {
  BucketSetting,
  ExistingBucket,
  ExistingKey,
  ExistingTrail,
  LifecycleRule,
  TrailParts,
} from "./existing";
import { accountOf, lastPart, logGroupNameOf } from "./find-existing";
import {
  type AdoptSection,
  awsCommand,
  type Draft,
  NOT_LOOKED_AT,
  notesOfPart,
  notLookedAt,
  type OtherSettings,
} from "./item";
import {
  bucketStatements,
  type Grantee,
  keyStatements,
  listed,
  missingPermissions,
  statementsOf,
  titleOf,
} from "./permissions";

/** What of an environment's settings the decisions need. */
export interface DecideSettings {
  readonly trail?:
    | {
        readonly existingTrail?: string | undefined;
        readonly existingBucket?: string | undefined;
        readonly existingKey?: string | undefined;
        readonly existingLogGroup?: string | undefined;
        readonly objectLock?: unknown;
      }
    | undefined;
  readonly retention?:
    | { readonly logGroupDays?: number | undefined; readonly bucketDays?: number | undefined }
    | undefined;
}

export interface TrailDecision {
  readonly adopt: AdoptSection;
  readonly settings: OtherSettings;
  readonly items: readonly Draft[];
}

/** As the constructs have it where the settings don't say. */
const DEFAULT_RETENTION_DAYS = 365;
/** The longest that the settings allow: a hundred years. */
const LONGEST_BUCKET_DAYS = 36_500;
const LONGEST_LOG_GROUP_DAYS = 3653;

/** Names of what AWS Control Tower made, which it makes again (AWS Control Tower user guide, "Resources created in the shared accounts"). */
const CONTROL_TOWER = /^aws-controltower/i;

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
 * Decides about the trail and what it delivers to.
 *
 * @param functionLogGroups names of the log groups that the deployment's functions will have
 */
export function decideTrail(
  parts: TrailParts,
  settings: DecideSettings,
  functionLogGroups: readonly string[],
  trailName: string,
): TrailDecision {
  const { trail: chosen = {} } = settings;
  if (chosen.existingTrail !== undefined) {
    return { adopt: {}, settings: {}, items: [] };
  }
  if ("problem" in parts.trail) {
    return { adopt: {}, settings: {}, items: [notLookedAt("trail", trailName, parts.trail.problem)] };
  }
  const trail = parts.trail.found;
  const why = trail === undefined ? undefined : whyNotImported(trail, parts);
  if (trail !== undefined && why !== undefined) {
    return useTrail(trail, why, parts, chosen);
  }
  const bucket = decideBucket(parts, settings, trail, trailName);
  const logGroup = decideLogGroup(parts, settings, trail);
  const logGroupName =
    logGroup.adopt.logGroup ?? chosen.existingLogGroup ?? logGroup.settings.trail?.existingLogGroup;
  const key = decideKey(parts, settings, trail, {
    trailName,
    logGroups: [
      ...(chosen.existingLogGroup !== undefined || logGroup.settings.trail?.existingLogGroup !== undefined
        ? []
        : [logGroupName ?? `/aws/cloudtrail/${trailName}`]),
      ...functionLogGroups,
    ],
  });
  const role = decideDeliveryRole(parts, trail);
  const decisions = [ofTrail(trail, parts, trailName), bucket, key, logGroup, role];
  return {
    adopt: Object.assign({}, ...decisions.map(({ adopt }) => adopt)),
    settings: merged(decisions.map((decision) => decision.settings)),
    items: decisions.flatMap(({ items }) => items),
  };
}

function merged(all: readonly OtherSettings[]): OtherSettings {
  const trail = Object.assign({}, ...all.map((one) => one.trail ?? {}));
  const retention = Object.assign({}, ...all.map((one) => one.retention ?? {}));
  return {
    ...(Object.keys(trail).length === 0 ? {} : { trail }),
    ...(Object.keys(retention).length === 0 ? {} : { retention }),
  };
}

const NOTHING: TrailDecision = { adopt: {}, settings: {}, items: [] };

function only(item: Draft, decided: Partial<Omit<TrailDecision, "items">> = {}): TrailDecision {
  return { ...NOTHING, ...decided, items: [item] };
}

/** Why a trail can only be used as it is; undefined for one that can be imported. */
function whyNotImported(trail: ExistingTrail, { accountId, region }: TrailParts): string | undefined {
  if (trail.homeRegion !== region) {
    return `its home region is ${trail.homeRegion}`;
  }
  if (accountOf(trail.arn) !== accountId) {
    return `it is a trail of the account ${accountOf(trail.arn)}`;
  }
  if (CONTROL_TOWER.test(trail.name)) {
    return "it is AWS Control Tower's, which would make it as it was";
  }
  if (trail.isOrganizationTrail) {
    return "it is the organization's trail, and importing it would make it one account's";
  }
  return trail.otherEvents.length > 0
    ? `importing it would take away what it records beside management events: ${trail.otherEvents.join(", ")}`
    : undefined;
}

function useTrail(
  trail: ExistingTrail,
  why: string,
  { accountId, region }: TrailParts,
  chosen: NonNullable<DecideSettings["trail"]>,
): TrailDecision {
  const item = { kind: "trail", name: trail.name };
  const leave = (...notes: string[]): TrailDecision =>
    only({ ...item, decision: "leave", notes: [`can't be imported: ${why}`, ...notes] });
  if (trail.homeRegion !== region) {
    return leave(
      `can't be used here either: an environment of the region ${trail.homeRegion} can use it; here a trail of its own is made, and CloudTrail charges for the second copy of management events`,
    );
  }
  const { logGroupArn } = trail;
  if (logGroupArn === undefined) {
    return leave(
      "can't be used either before it delivers to a log group. Give it one, and run this again:",
      awsCommand(
        ...["cloudtrail", "update-trail", "--region", region, "--name", trail.arn],
        ...["--cloud-watch-logs-log-group-arn", "LOG_GROUP_ARN:*", "--cloud-watch-logs-role-arn", "ROLE_ARN"],
      ),
      "until then a trail of its own is made, and CloudTrail charges for the second copy of management events",
    );
  }
  if (accountOf(logGroupArn) !== accountId) {
    return leave(
      `can't be used either: it delivers to a log group of the account ${accountOf(logGroupArn)}, where metric filters and alarms have to be`,
    );
  }
  return {
    adopt: {},
    settings: {
      trail: {
        existingTrail: trail.arn,
        existingLogGroup: chosen.existingLogGroup ?? logGroupNameOf(logGroupArn),
      },
    },
    items: [
      {
        ...item,
        decision: "use",
        notes: [
          `used as it is, with trail.existingTrail: ${why}`,
          "nothing of it is changed, neither bucket nor key nor delivery role; the guard starts it when somebody stops it",
        ],
      },
      {
        kind: "log group",
        name: logGroupNameOf(logGroupArn),
        decision: "use",
        notes: ["used as it is, with trail.existingLogGroup: the trail delivers to it"],
      },
    ],
  };
}

function ofTrail(trail: ExistingTrail | undefined, parts: TrailParts, trailName: string): TrailDecision {
  if (trail === undefined) {
    const others = parts.trails.map(({ name, homeRegion }) => `${name} (${homeRegion})`);
    return only({
      kind: "trail",
      name: trailName,
      decision: "new",
      notes:
        others.length === 0
          ? []
          : [
              `these record here, too, and CloudTrail charges for the second copy of management events: ${others.join(", ")}; --trail NAME chooses one`,
            ],
    });
  }
  return only(
    {
      kind: "trail",
      name: trail.name,
      decision: "adopt",
      becomes: { type: "aws_cloudtrail", arguments: trail.arguments, tags: trail.tags },
      notes: [
        ...notesOfPart(trail),
        ...(trail.s3KeyPrefix === undefined
          ? []
          : [
              `loses its prefix ${trail.s3KeyPrefix}: new log files begin at AWSLogs/, those that are there stay where they are`,
            ]),
        ...(trail.snsTopic === undefined
          ? []
          : [
              `no longer tells the topic ${trail.snsTopic} of each log file: what reads them by it gets none`,
            ]),
        ...(trail.hasAdvancedSelectors
          ? [
              "Terraform may not be able to take its advanced event selectors away; the basic one, which records the same, goes in by hand before terraform apply:",
              awsCommand(
                ...[
                  "cloudtrail",
                  "put-event-selectors",
                  "--region",
                  parts.region,
                  "--trail-name",
                  trail.name,
                ],
                "--event-selectors",
                '[{"ReadWriteType":"All","IncludeManagementEvents":true}]',
              ),
            ]
          : []),
      ],
    },
    { adopt: { trail: trail.arn } },
  );
}

function granteeOf(parts: TrailParts, trail: ExistingTrail | undefined, trailName: string): Grantee {
  const { partition, region, accountId } = parts;
  return {
    partition,
    region,
    accountId,
    trailArn: trail?.arn ?? `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`,
  };
}

function decideBucket(
  parts: TrailParts,
  settings: DecideSettings,
  trail: ExistingTrail | undefined,
  trailName: string,
): TrailDecision {
  if (settings.trail?.existingBucket !== undefined) {
    return NOTHING;
  }
  const kind = "bucket";
  if ("problem" in parts.bucket) {
    return only(notLookedAt(kind, trail?.bucketName ?? "of the trail", parts.bucket.problem));
  }
  const bucket = parts.bucket.found;
  if (bucket === undefined) {
    return trail === undefined
      ? NOTHING
      : only({
          kind,
          name: trail.bucketName,
          decision: "new",
          notes: ["the trail's bucket isn't there any more"],
        });
  }
  const grantee = granteeOf(parts, trail, trailName);
  const why = whyBucketIsUsed(bucket, parts, grantee, trail);
  if (why !== undefined) {
    return only(
      {
        kind,
        name: bucket.name,
        decision: "use",
        notes: [
          `used as it is, with trail.existingBucket: ${why}`,
          ...missingPermissions(kind, bucket.policy, bucketStatements(bucket.name, grantee)),
        ],
      },
      { settings: { trail: { existingBucket: bucket.name } } },
    );
  }
  const { names, left } = settingsToAdopt(bucket, settings);
  const made = BUCKET_SETTINGS.filter((name) => name !== "objectLock" && bucket.settings[name] === undefined);
  const days = bucketDays(bucket, parts, settings, trail);
  return {
    adopt: { bucket: bucket.name, ...(names.length === 0 ? {} : { bucketSettings: names }) },
    settings: days.proposed === undefined ? {} : { retention: { bucketDays: days.proposed } },
    items: [
      {
        kind,
        name: bucket.name,
        decision: "adopt",
        becomes: { type: "aws_s3_bucket", arguments: {}, tags: bucket.tags },
        notes: [
          ...bucket.problems.map((problem) => `${NOT_LOOKED_AT}: ${problem}`),
          ...(made.length === 0
            ? []
            : [`has none of these settings yet, which are made: ${made.join(", ")}`]),
          ...left,
          ...days.notes,
        ],
      },
      ...names.map(
        (name): Draft => ({
          kind: "bucket setting",
          name,
          decision: "adopt",
          becomes: {
            type: SETTING_TYPES[name],
            arguments: name === "lifecycle" ? {} : (bucket.settings[name] ?? {}),
            tags: undefined,
          },
          notes: name === "lifecycle" ? lifecycleNotes(bucket.lifecycleRules) : [],
        }),
      ),
    ],
  };
}

function settingsToAdopt(
  bucket: ExistingBucket,
  { trail }: DecideSettings,
): { readonly names: BucketSetting[]; readonly left: string[] } {
  const existing = BUCKET_SETTINGS.filter((name) => bucket.settings[name] !== undefined);
  const hasLock = existing.includes("objectLock");
  return {
    names: existing.filter((name) => name !== "objectLock" || trail?.objectLock !== undefined),
    left:
      hasLock && trail?.objectLock === undefined
        ? [
            "its object lock stays as it is: to have it kept, declare it in trail.objectLock and run this again",
          ]
        : [],
  };
}

const BUCKET_SETTINGS: readonly BucketSetting[] = [
  "policy",
  "publicAccessBlock",
  "ownershipControls",
  "encryption",
  "versioning",
  "lifecycle",
  "objectLock",
];

/** Why a bucket can only be used as it is; undefined for one that can be imported. */
function whyBucketIsUsed(
  bucket: ExistingBucket,
  parts: TrailParts,
  grantee: Grantee,
  trail: ExistingTrail | undefined,
): string | undefined {
  if (!bucket.isOwned) {
    return "this account doesn't own it";
  }
  if (CONTROL_TOWER.test(bucket.name)) {
    return "it is AWS Control Tower's, which would make it as it was";
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
    : `its policy serves others, too: ${serving.map(titleOf).join(", ")}`;
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

/** How long log files are to be kept, so that taking the bucket over lets none expire that doesn't now. */
function bucketDays(
  bucket: ExistingBucket,
  { accountId }: TrailParts,
  { retention }: DecideSettings,
  trail: ExistingTrail | undefined,
): { readonly proposed: number | undefined; readonly notes: string[] } {
  if (bucket.problems.some((problem) => problem.includes("s3:GetLifecycleConfiguration"))) {
    return { proposed: undefined, notes: [] };
  }
  const prefix = trail?.s3KeyPrefix === undefined ? "" : `${trail.s3KeyPrefix}/`;
  const logFiles = `${prefix}AWSLogs/${accountId}/CloudTrail`;
  const days = bucket.lifecycleRules.flatMap((rule) =>
    rule.isEnabled &&
    !rule.isNarrowed &&
    rule.expirationDays !== undefined &&
    logFiles.startsWith(rule.prefix)
      ? [rule.expirationDays]
      : [],
  );
  const now = days.length === 0 ? undefined : Math.min(...days);
  const declared = retention?.bucketDays;
  if (now !== undefined && now <= (declared ?? DEFAULT_RETENTION_DAYS)) {
    return { proposed: undefined, notes: [] };
  }
  const kept = now === undefined ? "for ever" : `${now} days`;
  return declared === undefined
    ? {
        proposed: Math.min(now ?? LONGEST_BUCKET_DAYS, LONGEST_BUCKET_DAYS),
        notes: [
          `keeps log files ${kept}, and retention.bucketDays says so: taking it over deletes none. To lower it is a decision of its own`,
        ],
      }
    : {
        proposed: undefined,
        notes: [
          `keeps log files ${kept}; retention.bucketDays is ${declared}, so those that are older will be deleted`,
        ],
      };
}

const describeRule = ({
  id,
  isEnabled,
  prefix,
  isNarrowed,
  expirationDays,
  others,
}: LifecycleRule): string => {
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
};

function lifecycleNotes(rules: readonly LifecycleRule[]): string[] {
  return rules.filter(({ id }) => id !== "expire-log-files").map(describeRule);
}

function decideKey(
  parts: TrailParts,
  settings: DecideSettings,
  trail: ExistingTrail | undefined,
  { trailName, logGroups }: { readonly trailName: string; readonly logGroups: readonly string[] },
): TrailDecision {
  if (settings.trail?.existingKey !== undefined) {
    return NOTHING;
  }
  const kind = "key";
  const isMade = "a key is made; what was encrypted before stays as it is";
  const keyArn = trail?.keyArn;
  if (keyArn === undefined) {
    return only({
      kind,
      name: "the deployment's key",
      decision: "new",
      notes: trail === undefined ? [] : [`the trail has no key of its own: ${isMade}`],
    });
  }
  const statements = keyStatements(logGroups, granteeOf(parts, trail, trailName));
  const use = (why: string, key?: ExistingKey): TrailDecision =>
    only(
      {
        kind,
        name: keyArn,
        decision: "use",
        notes: [
          `used as it is, with trail.existingKey: ${why}`,
          ...missingPermissions(kind, key?.policy ?? { problem: why }, statements),
          "the functions publish by their roles: the policy leaves kms:GenerateDataKey and kms:Decrypt to the account's IAM policies, or allows them to these roles",
        ],
      },
      { settings: { trail: { existingKey: keyArn } } },
    );
  if (!keyArn.includes(`:kms:${parts.region}:`)) {
    return only({
      kind,
      name: keyArn,
      decision: "leave",
      notes: [
        `is of another region, where this deployment can't use it: ${isMade}`,
        "keep it: older log files need it",
      ],
    });
  }
  if (accountOf(keyArn) !== parts.accountId) {
    const key = "problem" in parts.key ? undefined : parts.key.found;
    return use(`it is a key of the account ${accountOf(keyArn)}`, key);
  }
  if ("problem" in parts.key) {
    return only(notLookedAt(kind, keyArn, parts.key.problem));
  }
  const key = parts.key.found;
  if (key === undefined || key.manager === "AWS" || key.state !== "Enabled") {
    const why =
      key === undefined ? "isn't there any more" : key.manager === "AWS" ? "is AWS's own" : `is ${key.state}`;
    return only({
      kind,
      name: keyArn,
      decision: "leave",
      notes: [
        `${why}: ${isMade}`,
        ...(key?.manager === "CUSTOMER" ? ["keep it: older log files need it"] : []),
      ],
    });
  }
  const why = whyKeyIsUsed(key, parts);
  return why === undefined
    ? only(
        {
          kind,
          name: key.arn,
          decision: "adopt",
          becomes: { type: "aws_kms_key", arguments: key.arguments, tags: key.tags },
          notes: notesOfPart(key),
        },
        { adopt: { key: key.arn } },
      )
    : use(why, key);
}

/** Services whose permissions the deployment's own key policy has. */
const KEY_SERVICES = /^(?:cloudtrail|cloudwatch|events|sns|logs(?:\.[a-z0-9-]+)?)\.amazonaws\.com$/;

function whyKeyIsUsed(key: ExistingKey, { accountId, partition }: TrailParts): string | undefined {
  if (key.spec !== "SYMMETRIC_DEFAULT" || key.usage !== "ENCRYPT_DECRYPT" || key.origin !== "AWS_KMS") {
    return `it is a key of another sort than this deployment makes (${key.spec}, ${key.usage}, ${key.origin})`;
  }
  if (key.isMultiRegion) {
    return "it is a multi-region key, which importing would have to replace";
  }
  if ("problem" in key.policy) {
    return "whether it serves others couldn't be read";
  }
  const own = [accountId, `arn:${partition}:iam::${accountId}:root`];
  const serving = statementsOf(key.policy.found).filter(({ Effect, Principal, NotPrincipal }) => {
    const { AWS, Service, ...others } = isObject(Principal)
      ? Principal
      : { AWS: Principal, Service: undefined };
    return !(
      Effect === "Deny" ||
      (NotPrincipal === undefined &&
        Object.keys(others).length === 0 &&
        listed(AWS).every((principal) => typeof principal === "string" && own.includes(principal)) &&
        listed(Service).every((service) => typeof service === "string" && KEY_SERVICES.test(service)))
    );
  });
  return serving.length === 0
    ? undefined
    : `its policy serves others, too: ${serving.map(titleOf).join(", ")}`;
}

function decideLogGroup(
  parts: TrailParts,
  { trail: chosen, retention }: DecideSettings,
  trail: ExistingTrail | undefined,
): TrailDecision {
  if (chosen?.existingLogGroup !== undefined) {
    return NOTHING;
  }
  const kind = "log group";
  const arn = trail?.logGroupArn;
  const name = arn === undefined ? "of the trail" : logGroupNameOf(arn);
  if (arn !== undefined && accountOf(arn) !== parts.accountId) {
    return only({
      kind,
      name,
      decision: "leave",
      notes: [`is the account ${accountOf(arn)}'s, and gets no more events: one is made here`],
    });
  }
  if ("problem" in parts.logGroup) {
    return only(notLookedAt(kind, name, parts.logGroup.problem));
  }
  const group = parts.logGroup.found;
  if (group === undefined) {
    return trail === undefined
      ? NOTHING
      : only({
          kind,
          name: "of the trail",
          decision: "new",
          notes: ["the trail delivers to none: one is made, and the trail delivers to it"],
        });
  }
  if (group.class !== "STANDARD") {
    return only({
      kind,
      name: group.name,
      decision: "leave",
      notes: [
        `has the class ${group.class}, which has no metric filters and can't be changed: one is made beside it`,
      ],
    });
  }
  if (CONTROL_TOWER.test(group.name)) {
    return only(
      {
        kind,
        name: group.name,
        decision: "use",
        notes: [
          "used as it is, with trail.existingLogGroup: it is AWS Control Tower's, which would make it as it was",
        ],
      },
      { settings: { trail: { existingLogGroup: group.name } } },
    );
  }
  const { proposed, notes } = logGroupDays(group.retentionDays, retention?.logGroupDays);
  return only(
    {
      kind,
      name: group.name,
      decision: "adopt",
      becomes: {
        type: "aws_cloudwatch_log_group",
        name: group.name,
        arguments: group.arguments,
        tags: group.tags,
      },
      notes: [...notesOfPart(group), ...notes],
    },
    {
      adopt: { logGroup: group.name },
      settings: proposed === undefined ? {} : { retention: { logGroupDays: proposed } },
    },
  );
}

function logGroupDays(
  now: number | undefined,
  declared: number | undefined,
): { readonly proposed: (typeof LOG_RETENTION_DAYS)[number] | undefined; readonly notes: string[] } {
  if (now !== undefined && now <= (declared ?? DEFAULT_RETENTION_DAYS)) {
    return { proposed: undefined, notes: [] };
  }
  const kept = now === undefined ? "for ever" : `${now} days`;
  if (declared !== undefined) {
    return {
      proposed: undefined,
      notes: [
        `keeps events ${kept}; retention.logGroupDays is ${declared}, so those that are older will be deleted`,
      ],
    };
  }
  const proposed =
    LOG_RETENTION_DAYS.find((days) => now !== undefined && days >= now) ?? LONGEST_LOG_GROUP_DAYS;
  return {
    proposed,
    notes: [
      `keeps events ${kept}, and retention.logGroupDays becomes ${proposed}: ${now === undefined || now > proposed ? "only events that are older will be deleted" : "none is deleted"}. To lower it is a decision of its own; the functions' log groups have it, too`,
    ],
  };
}

function decideDeliveryRole(parts: TrailParts, trail: ExistingTrail | undefined): TrailDecision {
  const roleArn = trail?.deliveryRoleArn;
  const kind = "delivery role";
  if (roleArn === undefined) {
    return NOTHING;
  }
  const name = lastPart(roleArn);
  if ("problem" in parts.deliveryRole) {
    return only(notLookedAt(kind, name, parts.deliveryRole.problem));
  }
  const role = parts.deliveryRole.found;
  const why =
    role === undefined
      ? "isn't there any more"
      : whyRoleIsLeft(role.arguments.assume_role_policy, parts, trail, roleArn);
  if (role === undefined || why !== undefined) {
    return only({ kind, name, decision: "leave", notes: [`${why}: the trail gets a role of its own`] });
  }
  const policies = Object.entries(role.inlinePolicies);
  const writes = policies.find(([, text]) => text.includes("logs:PutLogEvents")) ?? policies[0];
  const others = policies.map(([policy]) => policy).filter((policy) => policy !== writes?.[0]);
  const left = [
    ...others.map((policy) =>
      awsCommand("iam", "delete-role-policy", "--role-name", name, "--policy-name", policy),
    ),
    ...role.attachedPolicies.map((policy) =>
      awsCommand("iam", "detach-role-policy", "--role-name", name, "--policy-arn", policy),
    ),
  ];
  return {
    adopt: { deliveryRole: role.arn, ...(writes === undefined ? {} : { deliveryRolePolicy: writes[0] }) },
    settings: {},
    items: [
      {
        kind,
        name,
        decision: "adopt",
        becomes: { type: "aws_iam_role", name, arguments: role.arguments, tags: role.tags },
        notes: [
          ...notesOfPart(role),
          ...(left.length === 0
            ? []
            : ["what else it may do is left; after terraform apply it needs none of it:", ...left]),
        ],
      },
      ...(writes === undefined
        ? []
        : [
            {
              kind: "delivery role's policy",
              name: writes[0],
              decision: "adopt" as const,
              becomes: {
                type: "aws_iam_role_policy",
                name: writes[0],
                arguments: { policy: writes[1] },
                tags: undefined,
              },
              notes: [],
            },
          ]),
    ],
  };
}

function whyRoleIsLeft(
  trustPolicy: unknown,
  { trails }: TrailParts,
  trail: ExistingTrail | undefined,
  roleArn: string,
): string | undefined {
  const name = lastPart(roleArn);
  if (CONTROL_TOWER.test(name) || roleArn.includes("/aws-service-role/")) {
    return "is AWS's own";
  }
  const others = trails.filter((other) => other.arn !== trail?.arn && other.deliveryRoleArn === roleArn);
  if (others.length > 0) {
    return `other trails deliver by it, too (${others.map((other) => other.name).join(", ")})`;
  }
  const trusted = statementsOf(typeof trustPolicy === "string" ? trustPolicy : undefined).flatMap(
    ({ Principal }) => (isObject(Principal) ? Object.values(Principal).flatMap(listed) : [Principal]),
  );
  return trusted.every((principal) => principal === "cloudtrail.amazonaws.com")
    ? undefined
    : "others than CloudTrail may take it, too";
}
