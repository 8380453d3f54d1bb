import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { AwsContext } from "./aws-context";

export interface GuardParametersProps {
  /** What their names begin with, e.g. `/trailwarden/enable_trail`. */
  readonly prefix: string;
  /** The declared state and the tier of its parameter. */
  readonly declaredState: { readonly text: string; readonly tier: "Standard" | "Advanced" };
  /** What Terraform may change or make again, and the guard keeps. */
  readonly guarded: readonly TerraformResource[];
}

/**
 * The parameters by which Terraform and the guard keep out of each other's way.
 *
 * The declared state is written before anything that is guarded is changed, so that the guard already keeps the new state
 * while Terraform makes it. The applied state, its digest, is taken away before Terraform changes, replaces or destroys
 * anything that is guarded, and written again after: meanwhile the guard makes nothing that is missing, since it may be
 * Terraform that has just taken it away.
 */
export class GuardParameters extends Construct {
  /** ARNs of all of them. */
  readonly arns: readonly string[];
  readonly memoryArn: string;

  constructor(scope: Construct, id: string, { prefix, declaredState, guarded }: GuardParametersProps) {
    super(scope, id);
    new SsmParameter(this, "pause", {
      name: `${prefix}/pause`,
      description: "A pause of the guard: none, or JSON with until, reason and by",
      type: "String",
      insecureValue: "none",
      // People write it.
      lifecycle: { ignoreChanges: ["insecure_value"] },
    });
    const memory = new SsmParameter(this, "memory", {
      name: `${prefix}/memory`,
      description: "What the guard remembers of its earlier runs",
      type: "String",
      insecureValue: "{}",
      // The guard writes it.
      lifecycle: { ignoreChanges: ["insecure_value"] },
    });
    const declared = new SsmParameter(this, "declared-state", {
      name: `${prefix}/declared-state`,
      description: "What the guard keeps; written by Terraform before it changes any of it",
      type: "String",
      insecureValue: declaredState.text,
      ...(declaredState.tier === "Standard" ? {} : { tier: declaredState.tier }),
      // Without it the guard would not know that Terraform destroys what it finds missing.
      dependsOn: [memory],
    });
    for (const resource of guarded) {
      resource.dependsOn = [...(resource.dependsOn ?? []), addressOf(declared)];
    }
    new SsmParameter(this, "applied-state", {
      name: `${prefix}/applied-state`,
      description: "Digest of the declared state that Terraform has finished to apply",
      type: "String",
      insecureValue: Fn.sha256(declared.insecureValue),
      dependsOn: [...guarded],
      lifecycle: { replaceTriggeredBy: [declared, ...guarded].map(addressOf) },
    });
    const aws = AwsContext.of(this);
    const arn = (name: string) => aws.arn("ssm", `parameter${prefix}/${name}`);
    this.arns = ["declared-state", "applied-state", "pause", "memory"].map(arn);
    this.memoryArn = arn("memory");
  }
}

/** A resource's address, bare: CDKTF's own reference to it would be wrapped in `${}`. */
function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
