import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { trailBucketGrants } from "../aws/service-grants";
import type { BucketSetting } from "../aws/values";
import type { DeclaredState } from "../lambda-src/guard/declared-state";
import { AwsContext } from "./aws-context";
import type { IEncryptionKey } from "./encryption-key";
import { ImportBlock } from "./import-block";
import { type PolicyStatement, policyOf } from "./policy-document";

/** Default retention under object lock of each new log file. */
export interface ObjectLock {
  /** `GOVERNANCE` can be lifted by principals with `s3:BypassGovernanceRetention`, `COMPLIANCE` by nobody. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days that a log file can't be deleted or overwritten. */
  readonly days: number;
}

export interface TrailBucketProps {
  /** What the bucket of a new trail is named after, with account and region. */
  readonly trailName: string;
  readonly trailArn: string;
  readonly encryptionKey: IEncryptionKey;
  /** Days until a log file expires. */
  readonly retentionDays: number;
  /** @default - no object lock */
  readonly objectLock?: ObjectLock | undefined;
  /** Lets Terraform destroy the bucket with the log files in it. */
  readonly forceDestroy: boolean;
  /**
   * A bucket that Terraform takes over with its name, and which of its settings exist.
   * @default - a bucket is made
   */
  readonly adopted?: { readonly name: string; readonly settings: readonly BucketSetting[] } | undefined;
}

/** Days that an overwritten or deleted log file can still be recovered from its older version. */
const NONCURRENT_VERSION_DAYS = 90;
const INCOMPLETE_UPLOAD_DAYS = 7;

/** The bucket of a trail's log files: private, versioned, encrypted, reached by TLS only, written by its trail alone. */
export class TrailBucket extends Construct {
  readonly bucketName: string;
  /** The trail is made after it. */
  readonly policy: S3BucketPolicy;
  /** What a guard keeps. */
  readonly declared: NonNullable<DeclaredState["bucket"]>;
  /** The bucket's settings, each a resource of its own. */
  readonly settings: readonly TerraformResource[];

  /** @throws if a setting is to be taken over that it doesn't have */
  constructor(scope: Construct, id: string, props: TrailBucketProps) {
    super(scope, id);
    const { partition, accountId, region } = AwsContext.of(this);
    const { adopted } = props;
    const name =
      adopted?.name ?? `${props.trailName.toLowerCase().replace(/[._]/g, "-")}-${accountId}-${region}`;
    const bucket = new S3Bucket(this, "bucket", {
      bucket: name,
      forceDestroy: props.forceDestroy,
      // A bucket that can't be destroyed, since it holds log files, keeps the key that they are read with.
      dependsOn: [...props.encryptionKey.dependables],
      // A bucket that exists gets it by its configuration alone: changed here, it would be replaced.
      ...(props.objectLock === undefined || adopted !== undefined ? {} : { objectLockEnabled: true }),
    });
    this.bucketName = bucket.bucket;

    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownershipControls = new S3BucketOwnershipControls(this, "ownership-controls", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: props.encryptionKey.keyArn,
          },
          bucketKeyEnabled: true,
        },
      ],
    });
    const lifecycle = {
      id: "expire-log-files",
      expiration: props.retentionDays,
      noncurrentVersionExpiration: NONCURRENT_VERSION_DAYS,
      abortIncompleteMultipartUpload: INCOMPLETE_UPLOAD_DAYS,
    };
    const lifecycleConfiguration = new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: lifecycle.id,
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: lifecycle.expiration }],
          noncurrentVersionExpiration: [{ noncurrentDays: lifecycle.noncurrentVersionExpiration }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: lifecycle.abortIncompleteMultipartUpload }],
        },
      ],
      // A lifecycle for older versions is only right once there are versions.
      dependsOn: [versioning],
    });
    const objectLock =
      props.objectLock === undefined
        ? undefined
        : new S3BucketObjectLockConfigurationA(this, "object-lock", {
            bucket: bucket.id,
            rule: { defaultRetention: { mode: props.objectLock.mode, days: props.objectLock.days } },
            dependsOn: [versioning],
          });
    const policy = policyOf(
      trailBucketStatements(`arn:${partition}:s3:::${name}`, props.trailArn, accountId),
    );
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: JSON.stringify(policy),
      // S3 refuses two changes of a bucket's access at once.
      dependsOn: [publicAccessBlock],
    });
    this.declared = { name, policy, lifecycle, encryptionKeyArn: props.encryptionKey.keyArn };
    this.settings = [
      publicAccessBlock,
      ownershipControls,
      versioning,
      encryption,
      lifecycleConfiguration,
      this.policy,
    ];
    if (adopted !== undefined) {
      new ImportBlock(bucket, adopted.name);
      importSettings(adopted, {
        policy: this.policy,
        publicAccessBlock,
        ownershipControls,
        encryption,
        versioning,
        lifecycle: lifecycleConfiguration,
        objectLock,
      });
    }
  }
}

function importSettings(
  { name, settings }: NonNullable<TrailBucketProps["adopted"]>,
  resources: Readonly<Record<BucketSetting, TerraformResource | undefined>>,
): void {
  for (const setting of new Set(settings)) {
    const resource = resources[setting];
    if (resource === undefined) {
      throw new Error(
        `adopt.bucketSettings: ${JSON.stringify(setting)} is no setting that is given to the bucket`,
      );
    }
    new ImportBlock(resource, name);
  }
}

function trailBucketStatements(bucketArn: string, trailArn: string, accountId: string): PolicyStatement[] {
  return [
    ...trailBucketGrants(bucketArn, trailArn, accountId),
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      // Only a Deny may name every action: it gives nobody anything.
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
