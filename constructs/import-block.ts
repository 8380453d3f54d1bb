import { TerraformElement, type TerraformResource } from "cdktf";

/**
 * Has Terraform take over a resource that exists, where it doesn't manage it already. One a resource.
 *
 * CDKTF's own `importFrom` writes the same block, but runs `terraform version` for each one, twice, and so would make synth
 * need Terraform; the stack's `required_version` says what it needs.
 */
export class ImportBlock extends TerraformElement {
  static isOf(resource: TerraformResource): boolean {
    return resource.node.tryFindChild(ID) !== undefined;
  }

  /** @param importId what the provider's page of the resource type, "Import", says; text without references */
  constructor(
    private readonly resource: TerraformResource,
    private readonly importId: string,
  ) {
    super(resource, ID);
  }

  override toTerraform() {
    const { terraformResourceType, friendlyUniqueId } = this.resource;
    return { import: [{ to: `${terraformResourceType}.${friendlyUniqueId}`, id: this.importId }] };
  }
}

const ID = "import";
