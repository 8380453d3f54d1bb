import {
  type AdvancedEventSelector,
  CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import type { AdoptAccount, Part, TrailSummary } from "../existing";
import { ask, askFor, type ClientSettings } from "./ask";
import { askForTags } from "./tags";

/** Trails. */
export function cloudTrailOf(settings: ClientSettings): Pick<AdoptAccount, "trails" | "trailDetails"> {
  const cloudTrail = new CloudTrailClient(settings);
  return {
    async trails() {
      const { trailList = [] } = await ask("cloudtrail:DescribeTrails", () =>
        cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
      );
      return trailList.map(summaryOf);
    },

    async trailDetails(trail) {
      const { IsLogging } = await ask("cloudtrail:GetTrailStatus", () =>
        cloudTrail.send(new GetTrailStatusCommand({ Name: trail.arn })),
      );
      const { EventSelectors = [], AdvancedEventSelectors = [] } = await ask(
        "cloudtrail:GetEventSelectors",
        () => cloudTrail.send(new GetEventSelectorsCommand({ TrailName: trail.arn })),
      );
      const insights = await askFor("cloudtrail:GetInsightSelectors", ["InsightNotEnabledException"], () =>
        cloudTrail.send(new GetInsightSelectorsCommand({ TrailName: trail.arn })),
      );
      const tags = await askForTags("cloudtrail:ListTags", async () => {
        const { ResourceTagList = [] } = await cloudTrail.send(
          new ListTagsCommand({ ResourceIdList: [trail.arn] }),
        );
        return ResourceTagList[0]?.TagsList ?? [];
      });
      return {
        ...trail,
        otherEvents: [
          ...EventSelectors.flatMap(({ DataResources = [] }) =>
            DataResources.map(({ Type = "" }) => `data events of ${Type}`),
          ),
          ...AdvancedEventSelectors.flatMap(otherCategories),
        ],
        hasAdvancedSelectors: AdvancedEventSelectors.length > 0,
        arguments: {
          ...trail.arguments,
          enable_logging: IsLogging === true,
          event_selector: EventSelectors.map(whatIsLeftOut).filter((part) => Object.keys(part).length > 0),
          advanced_event_selector: AdvancedEventSelectors.map(
            ({ Name, FieldSelectors }) => Name ?? FieldSelectors,
          ),
          insight_selector: (insights?.InsightSelectors ?? []).map(({ InsightType }) => ({
            insight_type: InsightType,
          })),
        },
        ...tags,
      };
    },
  };
}

function summaryOf(trail: Trail): TrailSummary & Pick<Part, "arguments"> {
  return {
    name: trail.Name ?? "",
    arn: trail.TrailARN ?? "",
    homeRegion: trail.HomeRegion ?? "",
    isOrganizationTrail: trail.IsOrganizationTrail === true,
    bucketName: trail.S3BucketName ?? "",
    logGroupArn: trail.CloudWatchLogsLogGroupArn || undefined,
    deliveryRoleArn: trail.CloudWatchLogsRoleArn || undefined,
    keyArn: trail.KmsKeyId || undefined,
    s3KeyPrefix: trail.S3KeyPrefix || undefined,
    snsTopic: trail.SnsTopicARN || undefined,
    arguments: {
      name: trail.Name,
      s3_bucket_name: trail.S3BucketName,
      s3_key_prefix: trail.S3KeyPrefix,
      sns_topic_name: trail.SnsTopicARN,
      kms_key_id: trail.KmsKeyId,
      is_multi_region_trail: trail.IsMultiRegionTrail,
      include_global_service_events: trail.IncludeGlobalServiceEvents,
      enable_log_file_validation: trail.LogFileValidationEnabled,
      cloud_watch_logs_group_arn: trail.CloudWatchLogsLogGroupArn,
      cloud_watch_logs_role_arn: trail.CloudWatchLogsRoleArn,
    },
  };
}

/** By what it selects less than all management events, which is what a trail has by default. */
function whatIsLeftOut({
  ReadWriteType,
  IncludeManagementEvents,
  ExcludeManagementEventSources = [],
}: EventSelector): Part["arguments"] {
  return {
    ...(ReadWriteType === "All" ? {} : { read_write_type: ReadWriteType }),
    ...(IncludeManagementEvents === false ? { include_management_events: false } : {}),
    ...(ExcludeManagementEventSources.length === 0
      ? {}
      : { exclude_management_event_sources: ExcludeManagementEventSources }),
  };
}

function otherCategories({ FieldSelectors = [] }: AdvancedEventSelector): string[] {
  const categories = FieldSelectors.find(({ Field }) => Field === "eventCategory")?.Equals ?? [];
  return categories
    .filter((category) => category !== "Management")
    .map((category) => `events of the category ${category}`);
}
