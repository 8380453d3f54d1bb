import type { AwsCallName, AwsCalls } from "../aws";

export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  /** Buckets are named in the path, not in the host, where an emulator is spoken to. */
  readonly forcePathStyle: boolean;
}

/** The calls to one service, each made with the AWS SDK. */
export type CallsOf<Service extends string> = {
  readonly [Name in Extract<AwsCallName, `${Service}:${string}`>]: (
    input: AwsCalls[Name][0],
  ) => Promise<AwsCalls[Name][1]>;
};
