import { isDeepStrictEqual } from "node:util";
import type { DeclaredState } from "../../../../../lambda-src/guard/declared-state";
import { type Cloud, managementEventsOf } from "./fake-aws";

/**
 * How strong each aspect of a deployment is, the more the stronger: by the id of the difference that its weakness makes, `/`
 * and what of it. What isn't there has no aspects but that.
 */
export function strengths(cloud: Cloud, declared: DeclaredState): Record<string, number> {
  return {
    ...ofTrail(cloud, declared),
    ...ofBucket(cloud, declared),
    "key.state/": ["PendingDeletion", "Disabled", "Enabled"].indexOf(cloud.key?.state ?? ""),
    ...ofLogGroup(cloud, declared),
    ...Object.fromEntries(
      declared.alarms.map(({ name }) => [
        `alarms.actions/${name}`,
        Number(cloud.alarms.get(name)?.isEnabled ?? true),
      ]),
    ),
    ...Object.fromEntries(
      declared.rules.map((name) => [`rule.${name}.state/`, Number(cloud.rules.get(name) !== "DISABLED")]),
    ),
  };
}

/** Aspects in which one is weaker than another. */
export function weaknesses(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): string[] {
  return Object.keys(other).filter((aspect) => !((one[aspect] ?? -1) >= (other[aspect] ?? -1)));
}

function ofTrail({ trail }: Cloud, { trail: { settings: declared } }: DeclaredState): Record<string, number> {
  if (trail === undefined) {
    return { "trail/": 0 };
  }
  const { settings } = trail;
  const recorded = managementEventsOf(trail);
  const insights = trail.insightSelectors.flatMap(({ InsightType, EventCategories = ["Management"] }) =>
    EventCategories.map((category) => `${category} ${InsightType}`),
  );
  return {
    "trail/": 1,
    "trail.logging/": Number(trail.isLogging),
    "trail.settings/multi-region": Number(settings.IsMultiRegionTrail === true),
    "trail.settings/global": Number(settings.IncludeGlobalServiceEvents === true),
    "trail.settings/validation": Number(settings.LogFileValidationEnabled === true),
    "trail.settings/bucket": Number(settings.S3BucketName === declared?.bucketName),
    "trail.settings/prefix": Number(!settings.S3KeyPrefix),
    "trail.settings/key": Number(settings.KmsKeyId === declared?.keyArn),
    "trail.settings/log-group": Number(settings.CloudWatchLogsLogGroupArn === declared?.logGroupArn),
    "trail.settings/role": Number(settings.CloudWatchLogsRoleArn === declared?.roleArn),
    "trail.event-selectors/read": Number(recorded.has("read")),
    "trail.event-selectors/write": Number(recorded.has("write")),
    "trail.event-selectors/data": trail.eventSelectors
      .flatMap(({ DataResources = [] }) => DataResources)
      .reduce((sum, { Values = [] }) => sum + Values.length, 0),
    "trail.event-selectors/advanced": trail.advancedEventSelectors.filter(({ FieldSelectors = [] }) =>
      FieldSelectors.some(({ Field, Equals }) => Field === "eventCategory" && Equals?.[0] !== "Management"),
    ).length,
    ...Object.fromEntries(insights.map((insight) => [`trail.insight-selectors/${insight}`, 1])),
    ...Object.fromEntries(
      Object.entries(declared?.tags ?? {}).map(([key, value]) => [
        `trail.tags/${key}`,
        Number(trail.tags.get(key) === value),
      ]),
    ),
  };
}

function ofBucket({ bucket }: Cloud, { bucket: declared }: DeclaredState): Record<string, number> {
  if (bucket === undefined || declared === undefined) {
    return {};
  }
  const { policy, publicAccessBlock, ownership, versioning, encryption, lifecycle } = bucket;
  const rules = (lifecycle ?? []).filter(({ Status }) => Status === "Enabled");
  const { expiration, noncurrentVersionExpiration } = declared.lifecycle;
  return {
    "bucket.policy/": Number(policy !== undefined && isDeepStrictEqual(JSON.parse(policy), declared.policy)),
    ...Object.fromEntries(
      (["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] as const).map(
        (flag) => [`bucket.public-access-block/${flag}`, Number(publicAccessBlock?.[flag] === true)],
      ),
    ),
    "bucket.ownership/": Number(ownership === "BucketOwnerEnforced"),
    "bucket.versioning/": Number(versioning === "Enabled"),
    "bucket.encryption/": Number(encryption?.keyArn === declared.encryptionKeyArn),
    // As strong as its weakest side.
    "bucket.lifecycle/": Math.min(
      ...rules.map(({ Expiration }) =>
        Expiration?.Date === undefined ? (Expiration?.Days ?? Number.POSITIVE_INFINITY) / expiration : 0,
      ),
      ...rules.map(
        ({ NoncurrentVersionExpiration }) =>
          (NoncurrentVersionExpiration?.NoncurrentDays ?? Number.POSITIVE_INFINITY) /
          noncurrentVersionExpiration,
      ),
    ),
  };
}

function ofLogGroup({ logGroup }: Cloud, { logGroup: declared }: DeclaredState): Record<string, number> {
  if (logGroup === undefined) {
    return {};
  }
  return {
    "log-group.retention/": logGroup.retentionDays ?? Number.POSITIVE_INFINITY,
    "log-group.key/": Number(logGroup.keyArn === declared.keyArn),
    ...Object.fromEntries(
      declared.metricFilters.map(({ name, pattern, namespace, metricName }) => [
        `metric-filter.${name}/`,
        Number(
          isDeepStrictEqual(logGroup.filters.get(name), {
            filterName: name,
            filterPattern: pattern,
            metricTransformations: [{ metricNamespace: namespace, metricName, metricValue: "1" }],
          }),
        ),
      ]),
    ),
  };
}
