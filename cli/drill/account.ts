import type { Trail } from "./drill";

/** What the drill asks of the account, in one region. Each call rejects with an Error that says what went wrong. */
export interface Account {
  callerIdentity(): Promise<CallerIdentity>;
  /** Undefined for credentials that don't expire, or don't say when. */
  credentialsExpireAt(): Promise<Date | undefined>;
  /** @returns undefined if there is no such trail */
  findTrail(nameOrArn: string): Promise<FoundTrail | undefined>;
  trail(arn: string): Trail;
  /** Environment variables of a function. @returns undefined if there is no such function */
  functionVariables(name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** @returns undefined if there is no such rule on the default bus */
  ruleState(name: string): Promise<string | undefined>;
  /** @returns undefined if there is no such parameter */
  parameter(name: string): Promise<{ readonly text: string; readonly modifiedAt: Date } | undefined>;
  /** Sums of metrics since a whole minute, in the order of the metrics; 0 where there is no data point. */
  sums(metrics: readonly Metric[], since: Date): Promise<number[]>;
}

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

export interface FoundTrail {
  readonly name: string;
  /** Holds its home region, wherever it was asked for. */
  readonly arn: string;
}

/** A CloudWatch metric with one dimension. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: { readonly name: string; readonly value: string };
}
