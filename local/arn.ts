/** The region that an ARN names; empty for one of a service without regions. */
export function regionOfArn(arn: string): string {
  return arn.split(":")[3] ?? "";
}

/** What stands last in an ARN such as a topic's or a queue's: its name. */
export function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** The name of a role, without its path. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}
