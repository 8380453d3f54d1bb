import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { type CloudTrailInsightType, LOG_RETENTION_DAYS } from "../aws/values";
import type { DeclaredState } from "../lambda-src/guard/declared-state";
import type { AdoptSettings } from "./adopt";
import { lastPart, rolePath } from "./arn";
import { AwsContext } from "./aws-context";
import { EncryptionKey, type IEncryptionKey } from "./encryption-key";
import { ImportBlock } from "./import-block";
import { policyDocument } from "./policy-document";
import { type ObjectLock, TrailBucket } from "./trail-bucket";

export interface AuditTrailProps {
  /**
   * Name of the trail: 3 to 35 letters, digits, and single `.`, `_` or `-` between them. Bucket, log group and role
   * are named after it; what is adopted keeps its own name.
   */
  readonly trailName: string;
  /**
   * Name or ARN of a trail that exists already and delivers to {@link existingLogGroup}. Nothing of it is made or
   * changed; {@link trailName} then names nothing.
   * @default - a trail is made
   */
  readonly existingTrail?: string | undefined;
  /**
   * Name of a bucket that exists already. Its policy is its owner's and must let CloudTrail write.
   * @default - a bucket is made
   */
  readonly existingBucket?: string | undefined;
  /**
   * Name or ARN of a log group that exists already.
   * @default - a log group is made
   */
  readonly existingLogGroup?: string | undefined;
  /**
   * What exists already and Terraform takes over.
   * @default - everything is made that isn't named above
   */
  readonly adopt?: AdoptedTrail | undefined;
  /**
   * Key that log files and log group are encrypted with.
   * @default - a key is made
   */
  readonly encryptionKey?: IEncryptionKey | undefined;
  /**
   * Days the log group keeps events; one of the values CloudWatch Logs accepts.
   * @default 365, a year (Security Hub control CloudWatch.16; PCI DSS 10.5.1)
   */
  readonly logGroupRetentionDays?: number | undefined;
  /**
   * Days the bucket keeps log files.
   * @default 365, a year (PCI DSS 10.5.1)
   */
  readonly bucketRetentionDays?: number | undefined;
  /**
   * What CloudTrail Insights looks for; each kind costs by the events that it analyses.
   * @default - none
   */
  readonly insights?: readonly CloudTrailInsightType[] | undefined;
  /**
   * Default object lock of the bucket, which a bucket that is made here can only get when it is made.
   * @default - no object lock
   */
  readonly objectLock?: ObjectLock | undefined;
  /**
   * Lets Terraform destroy the bucket with the log files in it.
   * @default false
   */
  readonly forceDestroyBucket?: boolean | undefined;
}

/** Parts of a trail that exist already and that Terraform takes over with their names. */
export type AdoptedTrail = Pick<
  AdoptSettings,
  "trail" | "bucket" | "bucketSettings" | "logGroup" | "deliveryRole" | "deliveryRolePolicy"
>;

/** What a guard keeps of a trail; metric filters, alarms and rules are added by what has them. */
export type DeclaredTrail = Pick<DeclaredState, "trail" | "bucket" | "key"> & {
  readonly logGroup: Omit<DeclaredState["logGroup"], "metricFilters">;
};

const DEFAULT_RETENTION_DAYS = 365;

/**
 * A multi-region trail with log file validation, its bucket, key, log group and the role by which CloudTrail delivers
 * events to the log group. Each part can be one that exists already.
 *
 * Source: AWS CloudTrail user guide, "Creating a trail" and "Sending events to CloudWatch Logs".
 */
export class AuditTrail extends Construct {
  readonly trailName: string;
  readonly trailArn: string;
  /** Log group that the trail delivers to. */
  readonly logGroupName: string;
  /** Bucket of the log files; undefined for a trail that exists already. */
  readonly bucketName: string | undefined;
  /** Name of the role that delivers to the log group; undefined for a trail that exists already. */
  readonly deliveryRoleName: string | undefined;
  /** What a guard keeps. */
  readonly declared: DeclaredTrail;
  /** What of it Terraform may change or make again: a guard's declared state is written before. */
  readonly guarded: readonly TerraformResource[];

  /**
   * @throws if a name or a retention is not one that AWS accepts, or an existing trail comes without its log group
   */
  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    checkProps(props);
    const { adopt = {} } = props;
    this.trailName = trailNameOf(props.existingTrail ?? adopt.trail ?? props.trailName);
    this.trailArn = isArn(props.existingTrail)
      ? props.existingTrail
      : AwsContext.of(this).arn("cloudtrail", `trail/${this.trailName}`);

    if (props.existingTrail !== undefined && props.existingLogGroup !== undefined) {
      this.logGroupName = logGroupNameOf(props.existingLogGroup);
      this.declared = { trail: { arn: this.trailArn }, logGroup: { name: this.logGroupName } };
      this.guarded = [];
      return;
    }

    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "key", {
        alias: props.trailName,
        description: `Log files and log group of the trail ${props.trailName}`,
      });
    key.allowTrail(this.trailArn);

    const bucket = this.bucket(props, key);
    const logGroup = this.logGroup(props, key);
    const deliveryRole = this.deliveryRole(props, logGroup.arn);
    this.bucketName = bucket.name;
    this.logGroupName = logGroup.name;
    this.deliveryRoleName = deliveryRole.name;

    const { insights = [] } = props;
    const trail = new Cloudtrail(this, "trail", {
      name: this.trailName,
      s3BucketName: bucket.name,
      kmsKeyId: key.keyArn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      cloudWatchLogsGroupArn: `${logGroup.arn}:*`,
      cloudWatchLogsRoleArn: deliveryRole.arn,
      ...(insights.length === 0 ? {} : { insightSelector: insights.map((insightType) => ({ insightType })) }),
      // CloudTrail tries to write to both when it is made: their policies come first.
      dependsOn: [...(bucket.policy === undefined ? [] : [bucket.policy]), deliveryRole.policy],
    });
    if (adopt.trail !== undefined) {
      new ImportBlock(trail, adopt.trail);
    }
    this.guarded = [trail, ...bucket.settings, ...logGroup.resources];
    this.declared = {
      trail: {
        arn: this.trailArn,
        settings: {
          bucketName: bucket.declared?.name ?? bucket.name,
          keyArn: key.keyArn,
          logGroupArn: `${AwsContext.of(this).arn("logs", `log-group:${logGroup.declared.name}`)}:*`,
          roleArn: deliveryRole.declaredArn,
          multiRegion: true,
          globalServiceEvents: true,
          logFileValidation: true,
          eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }],
          insightSelectors: [...insights],
          tags: {},
        },
      },
      ...(bucket.declared === undefined ? {} : { bucket: bucket.declared }),
      // A key that exists already is its owner's to enable.
      ...(key.dependables.length === 0 ? {} : { key: { arn: key.keyArn } }),
      logGroup: logGroup.declared,
    };
  }

  private bucket(
    props: AuditTrailProps,
    key: IEncryptionKey,
  ): Pick<TrailBucket, "settings"> & Partial<Pick<TrailBucket, "policy" | "declared">> & { name: string } {
    if (props.existingBucket !== undefined) {
      return { name: props.existingBucket, settings: [] };
    }
    const { bucket: adoptedName, bucketSettings = [] } = props.adopt ?? {};
    const bucket = new TrailBucket(this, "bucket", {
      trailName: props.trailName,
      trailArn: this.trailArn,
      encryptionKey: key,
      retentionDays: props.bucketRetentionDays ?? DEFAULT_RETENTION_DAYS,
      objectLock: props.objectLock,
      forceDestroy: props.forceDestroyBucket ?? false,
      adopted: adoptedName === undefined ? undefined : { name: adoptedName, settings: bucketSettings },
    });
    const { bucketName, policy, declared, settings } = bucket;
    return { name: bucketName, policy, declared, settings };
  }

  /** The ARN comes without the `:*` that some APIs append. */
  private logGroup(
    props: AuditTrailProps,
    key: IEncryptionKey,
  ): { name: string; arn: string; declared: DeclaredTrail["logGroup"]; resources: TerraformResource[] } {
    const aws = AwsContext.of(this);
    if (props.existingLogGroup !== undefined) {
      const name = logGroupNameOf(props.existingLogGroup);
      return { name, arn: aws.arn("logs", `log-group:${name}`), declared: { name }, resources: [] };
    }
    const adoptedName = props.adopt?.logGroup;
    const name = adoptedName ?? `/aws/cloudtrail/${props.trailName}`;
    // Written out: the key's policy comes before the log group that it is for.
    key.allowLogGroup(aws.arn("logs", `log-group:${name}`));
    const retentionDays = props.logGroupRetentionDays ?? DEFAULT_RETENTION_DAYS;
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name,
      retentionInDays: retentionDays,
      kmsKeyId: key.keyArn,
    });
    if (adoptedName !== undefined) {
      new ImportBlock(logGroup, adoptedName);
    }
    return {
      name: logGroup.name,
      arn: logGroup.arn,
      declared: { name, keyArn: key.keyArn, retentionDays },
      resources: [logGroup],
    };
  }

  private deliveryRole({ trailName, adopt = {} }: AuditTrailProps, logGroupArn: string) {
    const aws = AwsContext.of(this);
    const { deliveryRole: adoptedArn, deliveryRolePolicy: adoptedPolicy } = adopt;
    const name = adoptedArn === undefined ? `${trailName}-log-delivery` : lastPart(adoptedArn);
    const path = adoptedArn === undefined ? "/" : rolePath(adoptedArn);
    const role = new IamRole(this, "delivery-role", {
      name,
      ...(path === "/" ? {} : { path }),
      description: `CloudTrail delivers the events of ${this.trailName} to its log group`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "CloudTrailDelivers",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceArn": this.trailArn, "aws:SourceAccount": aws.accountId },
          },
        },
      ]),
    });
    const policy = new IamRolePolicy(this, "delivery-policy", {
      name: adoptedPolicy ?? "write-own-log-streams",
      role: role.id,
      policy: policyDocument([
        {
          Sid: "WriteOwnLogStreams",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${logGroupArn}:log-stream:${aws.accountId}_CloudTrail_${aws.region}*`,
        },
      ]),
    });
    if (adoptedArn !== undefined) {
      new ImportBlock(role, name);
    }
    if (adoptedPolicy !== undefined) {
      new ImportBlock(policy, `${name}:${adoptedPolicy}`);
    }
    // The declared ARN is written out: what it stands in is written before the role is changed.
    return {
      name,
      arn: role.arn,
      declaredArn: `arn:${aws.partition}:iam::${aws.accountId}:role${path}${name}`,
      policy,
    };
  }
}

function checkProps(props: AuditTrailProps): void {
  if (!/^(?=.{3,35}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(props.trailName)) {
    // 35: the bucket's name, which adds account and region, has at most 63 characters.
    throw new Error(
      `trailName must be 3 to 35 letters, digits and single ".", "_" or "-" between them, got ${JSON.stringify(props.trailName)}`,
    );
  }
  if (props.existingTrail !== undefined && props.existingLogGroup === undefined) {
    throw new Error(
      `existingTrail needs existingLogGroup, the log group that ${JSON.stringify(props.existingTrail)} delivers to`,
    );
  }
  checkAdopted(props);
  const { logGroupRetentionDays, bucketRetentionDays } = props;
  if (
    logGroupRetentionDays !== undefined &&
    !LOG_RETENTION_DAYS.some((days) => days === logGroupRetentionDays)
  ) {
    throw new Error(
      `logGroupRetentionDays must be one of ${LOG_RETENTION_DAYS.join(", ")}, got ${logGroupRetentionDays}`,
    );
  }
  if (
    bucketRetentionDays !== undefined &&
    !(Number.isInteger(bucketRetentionDays) && bucketRetentionDays > 0)
  ) {
    throw new Error(`bucketRetentionDays must be a whole number of at least 1, got ${bucketRetentionDays}`);
  }
}

function checkAdopted({ adopt = {}, ...props }: AuditTrailProps): void {
  const existing = {
    trail: props.existingTrail,
    bucket: props.existingTrail ?? props.existingBucket,
    logGroup: props.existingLogGroup,
    deliveryRole: props.existingTrail,
  };
  for (const part of ["trail", "bucket", "logGroup", "deliveryRole"] as const) {
    if (adopt[part] !== undefined && existing[part] !== undefined) {
      throw new Error(
        `adopt.${part} stands beside ${JSON.stringify(existing[part])}, which is used as it is and not taken over`,
      );
    }
  }
  if (adopt.bucketSettings !== undefined && adopt.bucket === undefined) {
    throw new Error("adopt.bucketSettings needs adopt.bucket, the bucket that they are settings of");
  }
  if (adopt.deliveryRolePolicy !== undefined && adopt.deliveryRole === undefined) {
    throw new Error("adopt.deliveryRolePolicy needs adopt.deliveryRole, the role that it is a policy of");
  }
}

function isArn(nameOrArn: string | undefined): nameOrArn is string {
  return nameOrArn?.startsWith("arn:") ?? false;
}

function trailNameOf(nameOrArn: string): string {
  return isArn(nameOrArn) ? nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1) : nameOrArn;
}

function logGroupNameOf(nameOrArn: string): string {
  return isArn(nameOrArn) ? (nameOrArn.split(":")[6] as string) : nameOrArn;
}
