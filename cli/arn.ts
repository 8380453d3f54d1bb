/** Parts of an Amazon Resource Name, arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; empty where a text has none. */

export function partitionOf(arn: string): string {
  return arn.split(":")[1] ?? "";
}

export function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

/** Name of what an ARN is of, without its path. */
export function resourceName(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf("/"), arn.lastIndexOf(":")) + 1);
}

/** Of a log group's ARN, with the `:*` that CloudTrail has after it or without. */
export function logGroupNameOf(arn: string): string {
  return arn.split(":")[6] ?? "";
}

/** `arn:aws:iam::123456789012:role/service-role/x`, `arn:aws:s3:::x` and `x` name x. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? resourceName(nameOrArn) : nameOrArn;
}
