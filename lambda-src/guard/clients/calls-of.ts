import type * as shared from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export interface ClientSettings extends shared.ClientSettings {
  /** Buckets are named in the path, not in the host, where an emulator is spoken to. */
  readonly forcePathStyle: boolean;
}

export type CallsOf<Service extends string> = shared.CallsOf<AwsCalls, Service>;
