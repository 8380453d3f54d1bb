/** An operation of an API and what it is given. */
export interface Operation {
  /** As the API names it, e.g. `PutBucketLifecycleConfiguration`. */
  readonly operation: string;
  /** By member, as the API names it. */
  readonly input: Readonly<Record<string, unknown>>;
}
