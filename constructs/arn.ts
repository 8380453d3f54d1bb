/** What stands behind the last `:` or `/` of an ARN: the name or id of what it is the ARN of. */
export function lastPart(arn: string): string {
  return arn.replace(/^.*[:/]/, "");
}

/** Path within a role's ARN, e.g. `/service-role/`, or `/`. */
export function rolePath(roleArn: string): string {
  return roleArn.slice(roleArn.indexOf("/"), roleArn.lastIndexOf("/") + 1);
}
