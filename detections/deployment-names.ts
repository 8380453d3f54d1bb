/** Names of one deployment's own resources, as far as its configuration tells them: as they are at AWS, prefix and all. */
export interface DeploymentNames {
  /** Stands before the names of alarms, rules and topics; empty for none. */
  readonly namePrefix: string;
  /** Name of the trail, not its ARN. */
  readonly trailName: string;
  /**
   * Bucket of the log files. A name that ends in an account and region may end in `*` instead, such as `trailwarden-*`;
   * `*` alone watches every bucket, where the trail's isn't known.
   */
  readonly bucketName: string;
  /** Name of the log group that the trail delivers to, not its ARN. */
  readonly logGroupName: string;
  /** Names of the functions, the guard's first, which are also the stems of the names of the event rules that wake them. */
  readonly functionNames: readonly string[];
  /** Names of the roles of trail and functions. */
  readonly roleNames: readonly string[];
}
