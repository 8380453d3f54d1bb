import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { alertPublisherKeyGrants, logGroupKeyGrant, trailKeyGrants } from "../aws/service-grants";
import { lastPart } from "./arn";
import { AwsContext } from "./aws-context";
import { ImportBlock } from "./import-block";
import { type PolicyStatement, policyDocument } from "./policy-document";

/**
 * A KMS key that a trail, log groups and topics are encrypted with. What uses the key asks it for the permission
 * that its AWS service needs.
 */
export interface IEncryptionKey {
  /** ARN of the key. */
  readonly keyArn: string;
  /** The key's resource, for what must be destroyed before it; none for a key that exists already. */
  readonly dependables: readonly ITerraformDependable[];
  /** Lets CloudTrail encrypt the log files of one trail. */
  allowTrail(trailArn: string): void;
  /** Lets CloudWatch Logs of the region encrypt one log group. */
  allowLogGroup(logGroupArn: string): void;
  /** Lets alarms and event rules publish to topics encrypted with the key. */
  allowAlertPublishers(): void;
}

export interface EncryptionKeyProps {
  /** Alias without `alias/`, unique in account and region. */
  readonly alias: string;
  /** What the key is for. */
  readonly description: string;
  /**
   * ARN of a key that Terraform takes over; its policy becomes that of a key made here.
   * @default - a key is made
   */
  readonly adoptedKey?: string | undefined;
}

/**
 * A customer managed key with yearly rotation, whose policy grants each AWS service only what was asked for.
 * Deletion waits 30 days, the longest that KMS offers.
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  readonly keyArn: string;
  readonly dependables: readonly ITerraformDependable[];

  private readonly grants = new Map<string, PolicyStatement>();

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements()) }),
    });
    if (props.adoptedKey !== undefined) {
      new ImportBlock(key, lastPart(props.adoptedKey));
    }
    new KmsAlias(this, "alias", { name: `alias/${props.alias}`, targetKeyId: key.keyId });
    this.keyArn = key.arn;
    this.dependables = [key];
  }

  /**
   * A key that exists already. Its policy is its owner's: it must let CloudTrail, CloudWatch Logs, CloudWatch alarms
   * and EventBridge use it, as the policy of a key made here does.
   */
  static fromKeyArn(keyArn: string): IEncryptionKey {
    return { keyArn, dependables: [], allowTrail() {}, allowLogGroup() {}, allowAlertPublishers() {} };
  }

  allowTrail(trailArn: string): void {
    this.grant(trailKeyGrants(trailArn, AwsContext.of(this)), trailArn);
  }

  allowLogGroup(logGroupArn: string): void {
    const { region } = AwsContext.of(this);
    this.grant([logGroupKeyGrant("CloudWatchLogsEncryptsItsLogGroup", region, logGroupArn)], logGroupArn);
  }

  allowAlertPublishers(): void {
    this.grant(alertPublisherKeyGrants(), "");
  }

  /** Once for each of what the grants are for. */
  private grant(statements: readonly PolicyStatement[], to: string): void {
    for (const statement of statements) {
      this.grants.set(`${statement.Sid} ${to}`, statement);
    }
  }

  private statements(): PolicyStatement[] {
    const { partition, accountId } = AwsContext.of(this);
    return numberRepeatedSids([
      {
        // IAM policies of the account decide who administers and uses the key (KMS developer guide, "Default key
        // policy"); written out, since a wildcard would hand out every permission that KMS will ever have.
        Sid: "AccountAdministersTheKey",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: ADMINISTRATION,
        Resource: "*",
      },
      ...this.grants.values(),
    ]);
  }
}

const ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** Sids are unique in a policy: the second of a name gets a 2. */
function numberRepeatedSids(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const seen = new Map<string, number>();
  return statements.map((statement) => {
    const count = (seen.get(statement.Sid) ?? 0) + 1;
    seen.set(statement.Sid, count);
    return count === 1 ? statement : { ...statement, Sid: `${statement.Sid}${count}` };
  });
}
