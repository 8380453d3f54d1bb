import { isDeepStrictEqual } from "node:util";
import type { LifecycleRule, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { type Aws, isError, unless } from "../aws";
import type { DeclaredBucket } from "../declared-state";
import { type Difference, type Seen, seeEach } from "../difference";

/** The bucket of the log files: its policy, lifecycle, versioning, encryption, public access block and ownership. */
export async function observeBucket(aws: Aws, declared: DeclaredBucket): Promise<Seen> {
  const seen = await seeEach({
    "bucket.policy": observePolicy(aws, declared),
    "bucket.public-access-block": observePublicAccessBlock(aws, declared),
    "bucket.ownership": observeOwnership(aws, declared),
    "bucket.versioning": observeVersioning(aws, declared),
    "bucket.encryption": observeEncryption(aws, declared),
    "bucket.lifecycle": observeLifecycle(aws, declared),
  });
  const isGone = [...seen.unseen.values()].some((error) => isError(error, "NoSuchBucket"));
  return isGone ? { differences: [missingBucket(declared)], unseen: new Map() } : seen;
}

function missingBucket({ name }: DeclaredBucket): Difference {
  return {
    id: "bucket",
    row: "irreparable",
    kind: "missing",
    what: `the bucket ${name} is deleted`,
  };
}

async function observePolicy(aws: Aws, { name, policy }: DeclaredBucket): Promise<Difference | undefined> {
  const found = await unless(aws("s3:GetBucketPolicy", { Bucket: name }), "NoSuchBucketPolicy");
  if (
    found !== undefined &&
    isDeepStrictEqual(canonicalPolicy(found.Policy ?? ""), canonicalPolicy(policy))
  ) {
    return undefined;
  }
  return {
    id: "bucket.policy",
    row: "bucket",
    kind: found === undefined ? "missing" : "weaker",
    what: found === undefined ? "the bucket has no policy" : "the bucket's policy is another than declared",
    repair: (aws) => aws("s3:PutBucketPolicy", { Bucket: name, Policy: JSON.stringify(policy) }),
  };
}

/** A policy with what makes no difference taken out: order of statements and lists, lists of one, ways to say "anybody". */
function canonicalPolicy(policy: unknown): unknown {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  return canonical(document);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    const [only] = items;
    return items.length === 1
      ? only
      : items.map((item) => [JSON.stringify(item), item] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([name, inner]) => [name, canonical(inner)] as const);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 1 && sorted[0]?.[0] === "AWS" && sorted[0][1] === "*"
    ? "*"
    : Object.fromEntries(sorted);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

async function observePublicAccessBlock(aws: Aws, { name }: DeclaredBucket): Promise<Difference | undefined> {
  const found = await unless(
    aws("s3:GetPublicAccessBlock", { Bucket: name }),
    "NoSuchPublicAccessBlockConfiguration",
  );
  const { PublicAccessBlockConfiguration: block } = found ?? {};
  const open = (Object.keys(ALL_BLOCKED) as (keyof typeof ALL_BLOCKED)[]).filter(
    (name) => block?.[name] !== true,
  );
  return open.length === 0
    ? undefined
    : {
        id: "bucket.public-access-block",
        row: "bucket",
        kind: block === undefined ? "missing" : "weaker",
        what: `public access block off, declared on: ${open.join(", ")}`,
        repair: (aws) =>
          aws("s3:PutPublicAccessBlock", { Bucket: name, PublicAccessBlockConfiguration: ALL_BLOCKED }),
      };
}

const OWNERSHIP = "BucketOwnerEnforced";

async function observeOwnership(aws: Aws, { name }: DeclaredBucket): Promise<Difference | undefined> {
  const found = await unless(
    aws("s3:GetBucketOwnershipControls", { Bucket: name }),
    "OwnershipControlsNotFoundError",
  );
  const ownership = found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  return ownership === OWNERSHIP
    ? undefined
    : {
        id: "bucket.ownership",
        row: "bucket",
        kind: ownership === undefined ? "missing" : "weaker",
        what: `object ownership ${ownership ?? "none"}, declared ${OWNERSHIP}`,
        repair: (aws) =>
          aws("s3:PutBucketOwnershipControls", {
            Bucket: name,
            OwnershipControls: { Rules: [{ ObjectOwnership: OWNERSHIP }] },
          }),
      };
}

async function observeVersioning(aws: Aws, { name }: DeclaredBucket): Promise<Difference | undefined> {
  const { Status } = await aws("s3:GetBucketVersioning", { Bucket: name });
  return Status === "Enabled"
    ? undefined
    : {
        id: "bucket.versioning",
        row: "bucket",
        // Suspended is how Terraform leaves it where it destroys the setting.
        kind: "missing",
        what: `versioning ${Status ?? "off"}, declared Enabled`,
        repair: (aws) =>
          aws("s3:PutBucketVersioning", { Bucket: name, VersioningConfiguration: { Status: "Enabled" } }),
      };
}

async function observeEncryption(
  aws: Aws,
  { name, encryptionKeyArn }: DeclaredBucket,
): Promise<Difference | undefined> {
  const found = await unless(
    aws("s3:GetBucketEncryption", { Bucket: name }),
    "ServerSideEncryptionConfigurationNotFoundError",
  );
  const [rule] = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  // Two layers of it (DSSE) are more than declared.
  if (/^aws:kms(?::dsse)?$/.test(SSEAlgorithm ?? "") && KMSMasterKeyID === encryptionKeyArn) {
    return undefined;
  }
  const declared: ServerSideEncryptionRule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: encryptionKeyArn },
    BucketKeyEnabled: true,
  };
  return {
    id: "bucket.encryption",
    row: "bucket",
    // Encryption by S3's own key is what is left where the setting is taken away.
    kind: SSEAlgorithm === undefined || SSEAlgorithm === "AES256" ? "missing" : "weaker",
    what:
      `default encryption ${SSEAlgorithm ?? "none"} ${KMSMasterKeyID ?? ""}`.trimEnd() +
      ", declared the trail's key",
    repair: (aws) =>
      aws("s3:PutBucketEncryption", {
        Bucket: name,
        ServerSideEncryptionConfiguration: { Rules: [declared] },
      }),
  };
}

async function observeLifecycle(
  aws: Aws,
  { name, lifecycle }: DeclaredBucket,
): Promise<Difference | undefined> {
  const found = await unless(
    aws("s3:GetBucketLifecycleConfiguration", { Bucket: name }),
    "NoSuchLifecycleConfiguration",
  );
  const rules = (found?.Rules ?? []).filter(({ Status }) => Status === "Enabled");
  const sooner = rules.flatMap((rule) => expiresSooner(rule, lifecycle));
  if (sooner.length > 0) {
    return {
      id: "bucket.lifecycle",
      row: "bucket",
      kind: "weaker",
      what: `log files are deleted sooner than declared: ${sooner.join("; ")}`,
      repair: (aws) =>
        aws("s3:PutBucketLifecycleConfiguration", {
          Bucket: name,
          LifecycleConfiguration: { Rules: [lifecycleRule(lifecycle, rules)] },
        }),
    };
  }
  const isDeclared = rules.some(({ Expiration }) => Expiration?.Days === lifecycle.expiration);
  return isDeclared
    ? undefined
    : {
        id: "bucket.lifecycle.stronger",
        row: "bucket",
        kind: found === undefined ? "missing" : "stronger",
        what: `log files are kept longer than the declared ${lifecycle.expiration} days`,
      };
}

function expiresSooner(
  { ID, Expiration, NoncurrentVersionExpiration }: LifecycleRule,
  declared: DeclaredBucket["lifecycle"],
): string[] {
  const { Days, Date: date } = Expiration ?? {};
  const { NoncurrentDays } = NoncurrentVersionExpiration ?? {};
  const rule = `rule ${ID ?? "without a name"}`;
  return [
    ...(date === undefined ? [] : [`${rule} on ${new Date(date).toISOString().slice(0, 10)}`]),
    ...(Days !== undefined && Days < declared.expiration
      ? [`${rule} after ${Days} days, declared ${declared.expiration}`]
      : []),
    ...(NoncurrentDays !== undefined && NoncurrentDays < declared.noncurrentVersionExpiration
      ? [
          `${rule} older versions after ${NoncurrentDays} days, declared ${declared.noncurrentVersionExpiration}`,
        ]
      : []),
  ];
}

/** The declared rule, with what one that is there keeps longer. */
function lifecycleRule(
  declared: DeclaredBucket["lifecycle"],
  found: readonly LifecycleRule[],
): LifecycleRule {
  const days = found.map(({ Expiration }) => Expiration?.Days ?? 0);
  const noncurrentDays = found.map((rule) => rule.NoncurrentVersionExpiration?.NoncurrentDays ?? 0);
  return {
    ID: declared.id,
    Status: "Enabled",
    Filter: { Prefix: "" },
    Expiration: { Days: Math.max(declared.expiration, ...days) },
    NoncurrentVersionExpiration: {
      NoncurrentDays: Math.max(declared.noncurrentVersionExpiration, ...noncurrentDays),
    },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: declared.abortIncompleteMultipartUpload },
  };
}
