import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * Partition, region and account that the stack's default AWS provider works in, known to Terraform at plan time.
 * One a stack.
 */
export class AwsContext extends Construct {
  static of(scope: Construct): AwsContext {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild("aws-context");
    return existing instanceof AwsContext ? existing : new AwsContext(stack, "aws-context");
  }

  /** e.g. `aws`, `aws-cn`, `aws-us-gov` */
  readonly partition: string;
  /** e.g. `ap-northeast-2` */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.partition = new DataAwsPartition(this, "partition").partition;
    // `name` is deprecated in provider 6 and `region` is unknown to provider 5; `id` is right in both.
    this.region = new DataAwsRegion(this, "region").id;
    this.accountId = new DataAwsCallerIdentity(this, "account").accountId;
  }

  /** ARN of a resource in this partition, region and account. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }
}
