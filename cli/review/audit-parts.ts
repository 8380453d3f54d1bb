import { nameIn } from "../arn";
import { attributeOf } from "./change";
import type { KnownResource, Plan, ResourceChange } from "./plan";
import type { References } from "./references";

/** What a plan's resources are to auditing, in any stack: worked out from what a trail names and from who may use what. */
export class AuditParts {
  readonly trails: readonly ResourceChange[];
  /** Buckets of log files, by name. */
  readonly buckets: Parts;
  /** Keys of log files and log groups, by key ID. */
  readonly keys: Parts;
  /** Log groups that trails deliver to, by name. */
  readonly logGroups: Parts;
  /** Roles that deliver to them, by name. */
  readonly deliveryRoles: Parts;

  constructor(plan: Plan, references: References) {
    this.trails = plan.changes.filter(({ type }) => type === "aws_cloudtrail");
    const trails = plan.resources.filter(({ type }) => type === "aws_cloudtrail");
    const named = (attribute: string, nameOf: (value: string) => string) =>
      Parts.namedBy(trails, attribute, { references, nameOf });

    const of = (type: string) => plan.resources.filter((resource) => resource.type === type);
    this.buckets = named("s3_bucket_name", nameIn)
      .and(of("aws_s3_bucket_policy").filter(letsCloudTrailIn("policy")), "bucket")
      .andThemselves(of("aws_s3_bucket").filter(letsCloudTrailIn("policy")), "bucket");
    this.logGroups = named("cloud_watch_logs_group_arn", logGroupName).and(
      of("aws_cloudwatch_log_metric_filter").filter(readsRecords),
      "log_group_name",
    );
    this.deliveryRoles = named("cloud_watch_logs_role_arn", nameIn).andThemselves(
      of("aws_iam_role").filter(letsCloudTrailIn("assume_role_policy")),
      "name",
    );
    const keys = named("kms_key_id", keyId)
      .andThemselves(of("aws_kms_key").filter(letsCloudTrailIn("policy")), "key_id")
      .and(of("aws_kms_key_policy").filter(letsCloudTrailIn("policy")), "key_id")
      .and(
        of("aws_cloudwatch_log_group").filter((group) => this.logGroups.isNamedBy(group, "name")),
        "kms_key_id",
      );
    this.keys = keys.and(
      of("aws_kms_alias").filter((alias) => keys.isNamedBy(alias, "name")),
      "target_key_id",
    );
  }
}

interface HowNamed {
  readonly references: References;
  /** From what names it, such as an ARN. */
  readonly nameOf: (value: string) => string;
}

/** Resources of one kind that belong to auditing, whatever resource names them. */
export class Parts {
  private constructor(
    private readonly names: ReadonlySet<string>,
    private readonly addresses: ReadonlySet<string>,
    /** Something names one that can't be made out: it may be any. */
    private readonly mayBeAny: boolean,
    private readonly how: HowNamed,
  ) {}

  static namedBy(resources: readonly KnownResource[], attribute: string, how: HowNamed): Parts {
    return new Parts(new Set(), new Set(), false, how).and(resources, attribute);
  }

  /** With those that further resources name by an attribute. */
  and(resources: readonly KnownResource[], attribute: string): Parts {
    const { references, nameOf } = this.how;
    const names = new Set(this.names);
    const addresses = new Set(this.addresses);
    let mayBeAny = this.mayBeAny;
    for (const { configAddress, attributes } of resources) {
      const value = attributes[attribute];
      const referred = references.of(configAddress, attribute);
      if (typeof value === "string" && value !== "") {
        names.add(nameOf(value));
      } else if (value !== null && value !== "" && referred.length === 0) {
        mayBeAny = true;
      }
      for (const address of referred) {
        addresses.add(address);
      }
    }
    return new Parts(names, addresses, mayBeAny, this.how);
  }

  /** With further resources of that kind, whose own name is an attribute. */
  andThemselves(resources: readonly KnownResource[], attribute: string): Parts {
    const names = resources.flatMap(({ attributes }) => {
      const value = attributes[attribute];
      return typeof value === "string" ? [this.how.nameOf(value)] : [];
    });
    return new Parts(
      new Set([...this.names, ...names]),
      new Set([...this.addresses, ...resources.map(({ configAddress }) => configAddress)]),
      this.mayBeAny,
      this.how,
    );
  }

  /**
   * Whether a changed resource is one of them or belongs to one.
   *
   * @param attributes of the resource, of which any may name it: its own name, or that of what it belongs to
   */
  has(change: ResourceChange, ...attributes: readonly string[]): boolean {
    return (
      this.mayBeAny ||
      this.addresses.has(change.configAddress) ||
      attributes.some(
        (attribute) =>
          (["before", "after"] as const).some((side) => this.isName(attributeOf(change, side, attribute))) ||
          this.how.references
            .of(change.configAddress, attribute)
            .some((address) => this.addresses.has(address)),
      )
    );
  }

  /** The same of a resource as it is or will be. */
  isNamedBy({ configAddress, attributes }: KnownResource, attribute: string): boolean {
    return this.mayBeAny || this.addresses.has(configAddress) || this.isName(attributes[attribute]);
  }

  private isName(value: unknown): boolean {
    return typeof value === "string" && this.names.has(this.how.nameOf(value));
  }
}

/** Of a key, or of an alias: `alias/x` and its ARN name x. */
function keyId(nameOrArn: string): string {
  return nameIn(nameOrArn).replace(/^alias\//, "");
}

function logGroupName(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:.*?:log-group:/, "").replace(/:\*$/, "");
}

function letsCloudTrailIn(attribute: string) {
  return ({ attributes }: KnownResource): boolean => {
    const policy = attributes[attribute];
    return typeof policy === "string" && policy.includes("cloudtrail.amazonaws.com");
  };
}

/** The fields of CloudTrail's records that each of them has. */
function readsRecords({ attributes: { pattern } }: KnownResource): boolean {
  return typeof pattern === "string" && /\$\.?\[?"?'?(?:eventName|eventSource|userIdentity)/.test(pattern);
}
