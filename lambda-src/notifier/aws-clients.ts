import { type ClientSettings, clientSettings, type Loaders, loadedWhenNeeded } from "../shared/aws-clients";
import type { Aws, AwsCalls } from "./aws";

const LOADERS: Loaders<AwsCalls, ClientSettings> = {
  dynamodb: () => import("./clients/dynamodb"),
  logs: () => import("./clients/logs"),
  secretsmanager: () => import("./clients/secretsmanager"),
  sns: () => import("./clients/sns"),
  ssm: () => import("./clients/ssm"),
};

/**
 * The notifier's calls, made with the AWS SDK.
 *
 * @param requestTimeout milliseconds that each of three tries may take
 */
export function awsClients(region: string, requestTimeout?: number): Aws {
  return loadedWhenNeeded(LOADERS, clientSettings(region, requestTimeout));
}
