import type { Aws, AwsCallName, AwsCalls } from "./aws";
import type { ClientSettings } from "./clients/calls-of";

/** How a service's client is loaded: when its first call is made. */
const LOADERS = {
  cloudtrail: () => import("./clients/cloudtrail"),
  cloudwatch: () => import("./clients/cloudwatch"),
  events: () => import("./clients/events"),
  kms: () => import("./clients/kms"),
  logs: () => import("./clients/logs"),
  s3: () => import("./clients/s3"),
  sns: () => import("./clients/sns"),
  ssm: () => import("./clients/ssm"),
};

type Service = keyof typeof LOADERS;
type Calls = Partial<Record<AwsCallName, (input: unknown) => Promise<unknown>>>;

/**
 * The guard's calls, made with the AWS SDK.
 *
 * @param forcePathStyle whether buckets are named in the path, which an emulator needs
 * @param requestTimeout milliseconds that a try may take: three of them, so that the function's own time-out isn't the
 * first to end a call
 */
export function awsClients(region: string, forcePathStyle: boolean, requestTimeout = 6000): Aws {
  const settings: ClientSettings = {
    region,
    maxAttempts: 3,
    // Without the last, the SDK would log that a request takes too long, and wait on.
    requestHandler: { connectionTimeout: 2000, requestTimeout, throwOnRequestTimeout: true },
    forcePathStyle,
  };
  const loaded = new Map<Service, Promise<Calls>>();
  const load = async (service: Service): Promise<Calls> => {
    const { calls } = await LOADERS[service]();
    return calls(settings) as Calls;
  };
  return async <Name extends AwsCallName>(name: Name, input: AwsCalls[Name][0]) => {
    const service = name.slice(0, name.indexOf(":")) as Service;
    const calls = loaded.get(service) ?? load(service);
    loaded.set(service, calls);
    return (await (await calls)[name]?.(input)) as AwsCalls[Name][1];
  };
}
