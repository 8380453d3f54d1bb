import { clientSettings, type Loaders, loadedWhenNeeded } from "../shared/aws-clients";
import type { Aws, AwsCalls } from "./aws";
import type { ClientSettings } from "./clients/calls-of";

const LOADERS: Loaders<AwsCalls, ClientSettings> = {
  cloudtrail: () => import("./clients/cloudtrail"),
  cloudwatch: () => import("./clients/cloudwatch"),
  events: () => import("./clients/events"),
  kms: () => import("./clients/kms"),
  logs: () => import("./clients/logs"),
  s3: () => import("./clients/s3"),
  sns: () => import("./clients/sns"),
  ssm: () => import("./clients/ssm"),
};

/**
 * The guard's calls, made with the AWS SDK.
 *
 * @param forcePathStyle whether buckets are named in the path, which an emulator needs
 * @param requestTimeout milliseconds that each of three tries may take
 */
export function awsClients(region: string, forcePathStyle: boolean, requestTimeout?: number): Aws {
  return loadedWhenNeeded(LOADERS, { ...clientSettings(region, requestTimeout), forcePathStyle });
}
