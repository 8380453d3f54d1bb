import { allowsService } from "../../iam-policy/policy-changes";
import type { AuditParts } from "../audit-parts";
import { attributeOf, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { valueAt } from "../tree";
import { ACL } from "./bucket-acl";
import { type Expiration, expirationsOf, shortened } from "./log-expiration";
import { judgedPolicy, openedPolicy, textOf } from "./policy-change";
import {
  inDays,
  judgeSettings,
  Owners,
  type SettingKind,
  switchFindings,
  switchOf,
  switchOutcomeOf,
} from "./settings";

const BUCKET = "aws_s3_bucket";

/** Buckets of log files that the plan destroys, opens, or lets lose log files. */
export function judgeLogBuckets(context: ReviewContext): Finding[] {
  const { plan, parts } = context;
  const owners = new Owners(context, { types: [BUCKET], name: "bucket", namedBy: "bucket" });
  const buckets = plan.changes.filter(
    (change) => change.type === BUCKET && change.before !== undefined && parts.buckets.has(change, "bucket"),
  );
  const settings = <State>(kind: SettingKind<State>) =>
    judgeSettings(context, owners, parts.buckets, kind, buckets);
  const folders = logFolders(parts);
  return [
    ...buckets.flatMap((bucket) => [...destruction(bucket), ...forceDestroy(bucket)]),
    ...settings(policyKind(parts)),
    ...settings(PUBLIC_ACCESS),
    ...settings(ACL),
    ...settings(VERSIONING),
    ...settings(lifecycleKind(folders)),
    ...settings(OBJECT_LOCK),
    ...accountPublicAccess(plan.changes),
  ];
}

function destruction(bucket: ResourceChange): readonly Finding[] {
  return isDestroyed(bucket)
    ? [
        finding(
          "bucket-destroyed",
          bucket,
          `The bucket of log files is ${bucket.action === "replace" ? "replaced" : "destroyed"}`,
        ),
      ]
    : [];
}

function forceDestroy(bucket: ResourceChange): readonly Finding[] {
  const rule = "bucket-force-destroy";
  const after = attributeOf(bucket, "after", "force_destroy");
  if (attributeOf(bucket, "before", "force_destroy") === true || after === false || after === null) {
    return [];
  }
  if (after === undefined) {
    return [];
  }
  return [
    after === true
      ? finding(rule, bucket)
      : unknownFinding(rule, bucket, "Whether the bucket may be destroyed with the log files in it"),
  ];
}

const POLICY = "The policy of the bucket of log files";

function policyKind(parts: AuditParts): SettingKind<unknown> {
  const policyOf = (change: ResourceChange, side: Side) => attributeOf(change, side, "policy");
  return {
    type: "aws_s3_bucket_policy",
    own: policyOf,
    inline: policyOf,
    destroyed: undefined,
    judge: (change, before, after) => {
      const policy = { before, after, what: POLICY, isSensitive: isSensitive(change, "policy") };
      return [
        ...openedPolicy("bucket-policy-opened", change, policy),
        ...(before === after
          ? []
          : judgedPolicy("bucket-delivery-denied", change, policy, () =>
              deniedDelivery(change, before, after, parts),
            )),
      ];
    },
  };
}

function deniedDelivery(
  change: ResourceChange,
  before: unknown,
  after: unknown,
  parts: AuditParts,
): Finding[] {
  const rule = "bucket-delivery-denied";
  const was = textOf(before);
  const bucket = [attributeOf(change, "before", "bucket"), attributeOf(change, "after", "bucket")].find(
    (name) => typeof name === "string",
  );
  const known = typeof after === "string" ? after : "";
  const written = logFiles(
    `${was ?? ""} ${known}`,
    typeof bucket === "string" ? bucket : "any",
    parts,
  ).filter((file) => mayWrite(was, file));
  if (written.length === 0) {
    return [];
  }
  if (after === UNKNOWN) {
    return [unknownFinding(rule, change, "Whether CloudTrail may write to the bucket of log files")];
  }
  return written.every((file) => mayWrite(textOf(after), file)) ? [] : [finding(rule, change)];
}

function mayWrite(policy: string | undefined, logFile: string): boolean {
  return allowsService(policy, "cloudtrail.amazonaws.com", "s3:PutObject", logFile);
}

/**
 * ARNs of log files that the policies, and the trails, are about: one for each account or organization.
 *
 * Source: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".
 */
function logFiles(policies: string, bucket: string, { trails }: AuditParts): readonly string[] {
  const named = [
    ...policies.matchAll(/(arn:[\w-]+:s3:::[^"*?\s/$]+\/(?:[^"*?\s$]*\/)?AWSLogs\/[\w-]+)(?=["/*])/g),
  ];
  const partition = /arn:([\w-]+):s3:::/.exec(policies)?.[1] ?? "aws";
  const ofTrails = trails.flatMap((trail) => {
    const arn = attributeOf(trail, "before", "arn");
    const account = typeof arn === "string" ? arn.split(":")[4] : undefined;
    const target = attributeOf(trail, "before", "s3_bucket_name");
    return account === undefined || target !== bucket
      ? []
      : [`arn:${partition}:s3:::${bucket}/${prefixOf(trail)}AWSLogs/${account}`];
  });
  const found = new Set([...named.flatMap(([, folder]) => folder ?? []), ...ofTrails]);
  const folders = found.size === 0 ? [`arn:${partition}:s3:::${bucket}/AWSLogs/123456789012`] : [...found];
  return folders.map((folder) => `${folder}/CloudTrail/log-file`);
}

function prefixOf(trail: ResourceChange): string {
  const prefix = attributeOf(trail, "before", "s3_key_prefix");
  return typeof prefix === "string" && prefix !== "" ? `${prefix}/` : "";
}

const SWITCHES = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
] as const;

const PUBLIC_ACCESS: SettingKind<readonly unknown[]> = {
  type: "aws_s3_bucket_public_access_block",
  own: switchesOf,
  // S3 user guide, "Blocking public access to your Amazon S3 storage": for a new bucket, all are on.
  inline: () => SWITCHES.map(() => true),
  destroyed: SWITCHES.map(() => false),
  judge: (change, before, after) =>
    publicAccess(change, before, after, "The public access block of the bucket of log files"),
};

function switchesOf(change: ResourceChange, side: Side): readonly unknown[] {
  return SWITCHES.map((name) => attributeOf(change, side, name));
}

function publicAccess(
  change: ResourceChange,
  before: readonly unknown[],
  after: readonly unknown[],
  what: string,
): readonly Finding[] {
  const rule = "bucket-public-access";
  if (change.after === undefined) {
    return before.some((one) => switchOutcomeOf(one, false) === "lost")
      ? [finding(rule, change, `${what} is destroyed`)]
      : [];
  }
  const outcomes = SWITCHES.map((name, index) => ({
    name,
    outcome: switchOutcomeOf(before[index], after[index]),
  }));
  const lost = outcomes.filter(({ outcome }) => outcome === "lost").map(({ name }) => `${name} is off`);
  const isUnknown = outcomes.some(({ outcome }) => outcome === "unknown");
  return [
    ...(lost.length === 0 ? [] : [finding(rule, change, `${what} is loosened`, lost)]),
    ...(isUnknown ? [unknownFinding(rule, change, what)] : []),
  ];
}

/** What an account lets be public, the bucket of log files does, too, wherever the stack has it. */
function accountPublicAccess(changes: readonly ResourceChange[]): readonly Finding[] {
  return changes
    .filter(
      ({ type, action, before }) =>
        type === "aws_s3_account_public_access_block" && before !== undefined && action !== "forget",
    )
    .flatMap((change) =>
      publicAccess(
        change,
        switchesOf(change, "before"),
        switchesOf(change, "after"),
        "The public access block of the account, and so of the bucket of log files,",
      ),
    );
}

interface Versioning {
  readonly isOn: unknown;
  readonly needsMfa: unknown;
}

const VERSIONING: SettingKind<Versioning> = {
  type: "aws_s3_bucket_versioning",
  own: (change, side) => ({
    isOn: switchOf(attributeOf(change, side, "versioning_configuration", 0, "status"), "Enabled"),
    needsMfa: switchOf(attributeOf(change, side, "versioning_configuration", 0, "mfa_delete"), "Enabled"),
  }),
  inline: (change, side) => ({
    isOn: switchOf(attributeOf(change, side, "versioning", 0, "enabled"), "true"),
    needsMfa: switchOf(attributeOf(change, side, "versioning", 0, "mfa_delete"), "true"),
  }),
  destroyed: { isOn: false, needsMfa: false },
  judge: (change, before, after) => [
    ...switchFindings("bucket-versioning-suspended", change, [before.isOn, after.isOn], {
      lost: "Versioning of the bucket of log files is suspended: what is deleted or written over is gone",
      what: "Whether versions of log files are kept",
    }),
    ...switchFindings("bucket-versioning-suspended", change, [before.needsMfa, after.needsMfa], {
      lost: "Versions of log files can be deleted without MFA",
      what: "Whether versions of log files can be deleted without MFA",
    }),
  ],
};

/** Folders that trails of the plan write log files to; undefined without any trail, and where it isn't known. */
function logFolders({ trails }: AuditParts): readonly string[] | undefined {
  const prefixes = trails.flatMap((trail) =>
    (["before", "after"] as const)
      .filter((side) => trail[side] !== undefined)
      .map((side) => attributeOf(trail, side, "s3_key_prefix") ?? ""),
  );
  const known = prefixes.filter((prefix) => typeof prefix === "string");
  return known.length === 0 || known.length < prefixes.length
    ? undefined
    : [
        ...new Set([
          "AWSLogs/",
          ...known.map((prefix) => (prefix === "" ? "AWSLogs/" : `${prefix}/AWSLogs/`)),
        ]),
      ];
}

function lifecycleKind(
  folders: readonly string[] | undefined,
): SettingKind<readonly Expiration[] | undefined> {
  return {
    type: "aws_s3_bucket_lifecycle_configuration",
    own: (change, side) => expirationsOf(change, side, "rule"),
    inline: (change, side) => expirationsOf(change, side, "lifecycle_rule"),
    destroyed: [],
    judge: (change, before, after) => {
      const rule = "bucket-lifecycle-shortened";
      if (after === undefined) {
        return [unknownFinding(rule, change, "How long log files are kept")];
      }
      const isHidden = isSensitive(change, "rule") || isSensitive(change, "lifecycle_rule");
      return shortened(before ?? [], after, folders).map((message) =>
        finding(rule, change, isHidden ? undefined : message),
      );
    },
  };
}

/** The default retention of new log files; undefined for none. */
type Lock = { readonly mode: unknown; readonly days: number } | typeof UNKNOWN | undefined;

const DAYS_OF_YEAR = 365;

const OBJECT_LOCK: SettingKind<Lock> = {
  type: "aws_s3_bucket_object_lock_configuration",
  own: (change, side) => lockOf(attributeOf(change, side, "rule")),
  inline: (change, side) => {
    const configuration = attributeOf(change, side, "object_lock_configuration");
    return lockOf(configuration === UNKNOWN ? UNKNOWN : valueAt(configuration, [0, "rule"]));
  },
  destroyed: undefined,
  judge: (change, before, after) => {
    const rule = "bucket-object-lock-loosened";
    if (after === UNKNOWN) {
      return before === undefined ? [] : [unknownFinding(rule, change, "How long log files are locked")];
    }
    if (before === undefined) {
      return [];
    }
    const message = loosened(before, after);
    const isHidden = isSensitive(change, "rule") || isSensitive(change, "object_lock_configuration");
    return message === undefined ? [] : [finding(rule, change, isHidden ? undefined : message)];
  },
};

function lockOf(rules: unknown): Lock {
  if (rules === UNKNOWN) {
    return UNKNOWN;
  }
  const retention = valueAt(rules, [0, "default_retention", 0]);
  if (retention === undefined || retention === null) {
    return undefined;
  }
  const days = valueAt(retention, ["days"]) ?? 0;
  const years = valueAt(retention, ["years"]) ?? 0;
  const mode = valueAt(retention, ["mode"]);
  return typeof days === "number" &&
    typeof years === "number" &&
    (mode === "COMPLIANCE" || mode === "GOVERNANCE")
    ? { mode, days: days + years * DAYS_OF_YEAR }
    : UNKNOWN;
}

function loosened(
  before: Exclude<Lock, undefined>,
  after: Exclude<Lock, typeof UNKNOWN>,
): string | undefined {
  if (after === undefined) {
    return "New log files are no longer locked";
  }
  if (before === UNKNOWN) {
    return "How long log files were locked can't be read, and changes";
  }
  if (after.days < before.days) {
    return `New log files are locked for ${inDays(after.days)} instead of ${before.days}`;
  }
  return before.mode === "COMPLIANCE" && after.mode !== "COMPLIANCE"
    ? "New log files are locked in governance mode instead of compliance mode: who has the permission may delete them"
    : undefined;
}
