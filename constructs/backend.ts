import { TerraformBackend, TerraformRemoteState } from "cdktf";
import type { Construct } from "constructs";

/**
 * Where Terraform keeps the state: the backend's type, and its arguments under Terraform's own names. What is left
 * out is given to `terraform init -backend-config`.
 */
export interface BackendProps {
  /** e.g. `s3`, `gcs`, `azurerm`, `http`, `pg`, `consul`, `kubernetes`, `remote`, `cloud`, `local` */
  readonly type: string;
  /** Arguments, e.g. `{ bucket: "state", key: "main.tfstate", use_lockfile: true }`. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * Any backend of Terraform's with any part of its arguments. CDKTF's own classes insist on arguments that may come
 * from `terraform init -backend-config`, and lack newer ones such as `use_lockfile`.
 */
export class Backend extends TerraformBackend {
  constructor(
    scope: Construct,
    private readonly props: BackendProps,
  ) {
    super(scope, "backend", props.type);
  }

  override toTerraform(): { terraform: Record<string, unknown> } {
    const { type, arguments: backendArguments } = this.props;
    return {
      terraform: type === "cloud" ? { cloud: backendArguments } : { backend: { [type]: backendArguments } },
    };
  }

  /** The CDKTF CLI drives HCP Terraform itself, and learns from here that it should. */
  override toMetadata(): Record<string, unknown> {
    const { type, arguments: backendArguments } = this.props;
    if (type !== "cloud" && type !== "remote") {
      return super.toMetadata();
    }
    const { hostname } = backendArguments;
    const hcpTerraform = typeof hostname !== "string" || hostname.startsWith("app.terraform.io");
    return { ...super.toMetadata(), cloud: hcpTerraform ? "tfc" : "tfe" };
  }

  /** Lets another stack of the same app read this stack's outputs. */
  override getRemoteStateDataSource(scope: Construct, name: string): TerraformRemoteState {
    const { type, arguments: backendArguments } = this.props;
    return new RemoteState(scope, name, type === "cloud" ? "remote" : type, { ...backendArguments });
  }
}

class RemoteState extends TerraformRemoteState {}
