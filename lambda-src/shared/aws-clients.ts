/** What every client of the SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * @param requestTimeout milliseconds that a try may take: three of them, so that the function's own time-out isn't the
 * first to end a call
 */
export function clientSettings(region: string, requestTimeout = 6000): ClientSettings {
  return {
    region,
    maxAttempts: 3,
    // Without the last, the SDK would log that a request takes too long, and wait on.
    requestHandler: { connectionTimeout: 2000, requestTimeout, throwOnRequestTimeout: true },
  };
}

/** Calls by IAM service prefix and API name: what goes in and what comes out. */
type CallTypes<Calls> = { readonly [Name in keyof Calls]: readonly [unknown, unknown] };

/** The calls to one service, each made with the AWS SDK. */
export type CallsOf<Calls extends CallTypes<Calls>, Service extends string> = {
  readonly [Name in Extract<keyof Calls, `${Service}:${string}`>]: (
    input: Calls[Name][0],
  ) => Promise<Calls[Name][1]>;
};

type ServiceOf<Name> = Name extends `${infer Service}:${string}` ? Service : never;

/** How each service's client is loaded: when its first call is made. */
export type Loaders<Calls extends CallTypes<Calls>, Settings> = {
  readonly [Service in ServiceOf<keyof Calls>]: () => Promise<{
    calls(settings: Settings): CallsOf<Calls, Service>;
  }>;
};

/** A function's calls to AWS, made with the clients that they need. */
export function loadedWhenNeeded<Calls extends CallTypes<Calls>, Settings>(
  loaders: Loaders<Calls, Settings>,
  settings: Settings,
): <Name extends keyof Calls & string>(name: Name, input: Calls[Name][0]) => Promise<Calls[Name][1]> {
  type Service = ServiceOf<keyof Calls>;
  type AnyCalls = Partial<Record<string, (input: unknown) => Promise<unknown>>>;
  const loaded = new Map<Service, Promise<AnyCalls>>();
  const load = async (service: Service): Promise<AnyCalls> => {
    const { calls } = await loaders[service]();
    return calls(settings) as AnyCalls;
  };
  return async <Name extends keyof Calls & string>(name: Name, input: Calls[Name][0]) => {
    const service = name.slice(0, name.indexOf(":")) as Service;
    const calls = loaded.get(service) ?? load(service);
    loaded.set(service, calls);
    return (await (await calls)[name]?.(input)) as Calls[Name][1];
  };
}
