import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  type MetricFilter,
  paginateDescribeMetricFilters,
} from "@aws-sdk/client-cloudwatch-logs";
import type { AdoptAccount, Part } from "../existing";
import { ask, askForAll, type ClientSettings } from "./ask";
import { askForTags, tagList } from "./tags";

/** Log groups and their metric filters. */
export function logsOf(settings: ClientSettings): Pick<AdoptAccount, "logGroup" | "metricFilters"> {
  const logs = new CloudWatchLogsClient(settings);
  return {
    async logGroup(name) {
      const { logGroups = [] } = await ask("logs:DescribeLogGroups", () =>
        logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
      );
      // The first of a page's sorted names that begin with a name is the name itself.
      const group = logGroups.find(({ logGroupName }) => logGroupName === name);
      if (group === undefined) {
        return undefined;
      }
      const resourceArn = (group.logGroupArn ?? group.arn ?? "").replace(/:\*$/, "");
      const tags = await askForTags("logs:ListTagsForResource", async () => {
        const answer = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
        return tagList(answer.tags);
      });
      return {
        name,
        class: group.logGroupClass ?? "STANDARD",
        retentionDays: group.retentionInDays,
        arguments: { name, retention_in_days: group.retentionInDays ?? 0, kms_key_id: group.kmsKeyId },
        ...tags,
      };
    },

    async metricFilters(logGroupName) {
      const filters = await askForAll(
        "logs:DescribeMetricFilters",
        () => paginateDescribeMetricFilters({ client: logs }, { logGroupName }),
        ({ metricFilters }) => metricFilters,
      );
      return new Map(
        filters.map((filter) => [filter.filterName ?? "", { arguments: argumentsOf(filter), tags: {} }]),
      );
    },
  };
}

function argumentsOf({ filterName, filterPattern, metricTransformations }: MetricFilter): Part["arguments"] {
  const transformation = metricTransformations?.[0];
  const { defaultValue, unit, dimensions = {} } = transformation ?? {};
  return {
    name: filterName,
    pattern: filterPattern,
    metric_transformation: {
      name: transformation?.metricName,
      namespace: transformation?.metricNamespace,
      value: transformation?.metricValue,
      ...(defaultValue === undefined ? {} : { default_value: String(defaultValue) }),
      ...(unit === undefined || unit === "None" ? {} : { unit }),
      ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    },
  };
}
