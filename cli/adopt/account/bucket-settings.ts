import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ExistingBucket, LifecycleRule } from "../existing";
import { type Look, look } from "../look";
import { askFor } from "./ask";
import { lifecycleRule } from "./lifecycle-rule";
import { tagsOf } from "./tags";

export function lookAtPolicy(s3: S3Client, Bucket: string): Promise<Look<string>> {
  return look(async () => {
    const answer = await askFor("s3:GetBucketPolicy", ["NoSuchBucketPolicy"], () =>
      s3.send(new GetBucketPolicyCommand({ Bucket })),
    );
    return answer?.Policy;
  });
}

/** Every setting of a bucket that Terraform has a resource of its own for; those that can't be read are problems. */
export async function settingsOfBucket(
  s3: S3Client,
  Bucket: string,
): Promise<Pick<ExistingBucket, "policy" | "settings" | "lifecycleRules" | "tags" | "problems">> {
  const problems: string[] = [];
  const read = <Found>(answer: Look<Found>): Found | undefined => {
    if ("problem" in answer) {
      problems.push(answer.problem);
      return undefined;
    }
    return answer.found;
  };
  const policy = await lookAtPolicy(s3, Bucket);
  const policyText = read(policy);
  const publicAccessBlock = read(await look(() => publicAccessBlockOf(s3, Bucket)));
  const ownershipControls = read(await look(() => ownershipControlsOf(s3, Bucket)));
  const encryption = read(await look(() => encryptionOf(s3, Bucket)));
  const versioning = read(await look(() => versioningOf(s3, Bucket)));
  const lifecycleRules = read(await look(() => lifecycleRulesOf(s3, Bucket))) ?? [];
  const objectLock = read(await look(() => objectLockOf(s3, Bucket)));
  const tagging = read(
    await look(() =>
      askFor("s3:GetBucketTagging", ["NoSuchTagSet"], () => s3.send(new GetBucketTaggingCommand({ Bucket }))),
    ),
  );
  return {
    policy,
    settings: {
      ...(policyText === undefined ? {} : { policy: { policy: policyText } }),
      ...(publicAccessBlock === undefined ? {} : { publicAccessBlock }),
      ...(ownershipControls === undefined ? {} : { ownershipControls }),
      ...(encryption === undefined ? {} : { encryption }),
      ...(versioning === undefined ? {} : { versioning }),
      ...(lifecycleRules.length === 0 ? {} : { lifecycle: { rule: lifecycleRules } }),
      ...(objectLock === undefined ? {} : { objectLock }),
    },
    lifecycleRules,
    problems,
    tags: tagsOf(tagging?.TagSet ?? []).tags,
  };
}

type Setting = Readonly<Record<string, unknown>> | undefined;

async function publicAccessBlockOf(s3: S3Client, Bucket: string): Promise<Setting> {
  const answer = await askFor("s3:GetBucketPublicAccessBlock", ["NoSuchPublicAccessBlockConfiguration"], () =>
    s3.send(new GetPublicAccessBlockCommand({ Bucket })),
  );
  const block = answer?.PublicAccessBlockConfiguration;
  return (
    block && {
      block_public_acls: block.BlockPublicAcls,
      block_public_policy: block.BlockPublicPolicy,
      ignore_public_acls: block.IgnorePublicAcls,
      restrict_public_buckets: block.RestrictPublicBuckets,
    }
  );
}

async function ownershipControlsOf(s3: S3Client, Bucket: string): Promise<Setting> {
  const answer = await askFor("s3:GetBucketOwnershipControls", ["OwnershipControlsNotFoundError"], () =>
    s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  );
  const rule = answer?.OwnershipControls?.Rules?.[0];
  return rule && { rule: { object_ownership: rule.ObjectOwnership } };
}

async function encryptionOf(s3: S3Client, Bucket: string): Promise<Setting> {
  const answer = await askFor(
    "s3:GetEncryptionConfiguration",
    ["ServerSideEncryptionConfigurationNotFoundError"],
    () => s3.send(new GetBucketEncryptionCommand({ Bucket })),
  );
  const rule = answer?.ServerSideEncryptionConfiguration?.Rules?.[0];
  if (rule === undefined) {
    return undefined;
  }
  const { SSEAlgorithm, KMSMasterKeyID } = rule.ApplyServerSideEncryptionByDefault ?? {};
  return {
    rule: [
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: SSEAlgorithm,
          ...(KMSMasterKeyID === undefined ? {} : { kms_master_key_id: KMSMasterKeyID }),
        },
        bucket_key_enabled: rule.BucketKeyEnabled ?? false,
      },
    ],
  };
}

async function versioningOf(s3: S3Client, Bucket: string): Promise<Setting> {
  const versioning = await askFor("s3:GetBucketVersioning", [], () =>
    s3.send(new GetBucketVersioningCommand({ Bucket })),
  );
  return versioning?.Status === undefined
    ? undefined
    : {
        versioning_configuration: {
          status: versioning.Status,
          ...(versioning.MFADelete === "Enabled" ? { mfa_delete: "Enabled" } : {}),
        },
      };
}

async function lifecycleRulesOf(s3: S3Client, Bucket: string): Promise<LifecycleRule[]> {
  const answer = await askFor("s3:GetLifecycleConfiguration", ["NoSuchLifecycleConfiguration"], () =>
    s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  );
  return (answer?.Rules ?? []).map(lifecycleRule);
}

async function objectLockOf(s3: S3Client, Bucket: string): Promise<Setting> {
  const answer = await askFor(
    "s3:GetBucketObjectLockConfiguration",
    ["ObjectLockConfigurationNotFoundError"],
    () => s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
  );
  const retention = answer?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  if (retention === undefined) {
    return undefined;
  }
  const { Mode, Days, Years } = retention;
  return {
    rule: {
      default_retention: {
        mode: Mode,
        ...(Days === undefined ? {} : { days: Days }),
        ...(Years === undefined ? {} : { years: Years }),
      },
    },
  };
}
