import type { LifecycleRule as LifecycleRuleOfS3 } from "@aws-sdk/client-s3";
import type { LifecycleRule } from "../existing";

export function lifecycleRule(rule: LifecycleRuleOfS3): LifecycleRule {
  const { Filter: filter = {} } = rule;
  const { Expiration: expiration = {}, NoncurrentVersionExpiration: noncurrent } = rule;
  const { And: both = {} } = filter;
  return {
    id: rule.ID ?? "",
    isEnabled: rule.Status === "Enabled",
    // The first is how S3 had it before there were filters.
    prefix: ("Prefix" in rule ? rule.Prefix : undefined) ?? filter.Prefix ?? both.Prefix ?? "",
    isNarrowed: [filter, both].some(
      (one) =>
        ("Tag" in one && one.Tag !== undefined) ||
        ("Tags" in one && one.Tags !== undefined) ||
        one.ObjectSizeGreaterThan !== undefined ||
        one.ObjectSizeLessThan !== undefined,
    ),
    expirationDays: expiration.Days,
    others: [
      ...(expiration.Date === undefined ? [] : [`expires log files on ${expiration.Date.toISOString()}`]),
      ...(rule.Transitions ?? []).map(
        ({ Days, StorageClass }) => `moves log files to ${StorageClass} after ${Days ?? 0} days`,
      ),
      ...(rule.NoncurrentVersionTransitions ?? []).map(
        ({ NoncurrentDays, StorageClass }) =>
          `moves older versions to ${StorageClass} after ${NoncurrentDays ?? 0} days`,
      ),
      ...(noncurrent?.NoncurrentDays === undefined
        ? []
        : [`expires older versions after ${noncurrent.NoncurrentDays} days`]),
    ],
  };
}
