import type { MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import { type Aws, unless } from "../aws";
import type { DeclaredLogGroup, DeclaredMetricFilter } from "../declared-state";
import { type Difference, type Seen, seeEach } from "../difference";

/** The log group: its retention, its key and its metric filters. */
export function observeLogGroup(aws: Aws, declared: DeclaredLogGroup): Promise<Seen> {
  return seeEach({
    "log-group": observeGroup(aws, declared),
    "metric-filter": observeFilters(aws, declared),
  });
}

async function observeGroup(
  aws: Aws,
  { name, retentionDays, keyArn }: DeclaredLogGroup,
): Promise<Difference[]> {
  const { logGroups } = await aws("logs:DescribeLogGroups", { logGroupNamePrefix: name });
  const group = logGroups?.find(({ logGroupName }) => logGroupName === name);
  if (group === undefined) {
    return [
      {
        id: "log-group",
        row: "irreparable",
        kind: "missing",
        what: `the log group ${name} is deleted`,
      },
    ];
  }
  return [
    ...retention(name, group.retentionInDays, retentionDays),
    ...(keyArn === undefined || group.kmsKeyId === keyArn ? [] : [association(name, group.kmsKeyId, keyArn)]),
  ];
}

async function observeFilters(aws: Aws, { name, metricFilters }: DeclaredLogGroup): Promise<Difference[]> {
  // A log group that is deleted is told of as such.
  const found = await unless(filtersOf(aws, name), "ResourceNotFoundException");
  return found === undefined ? [] : metricFilters.flatMap((filter) => compareFilter(name, filter, found));
}

async function filtersOf(aws: Aws, logGroupName: string): Promise<MetricFilter[]> {
  const found: MetricFilter[] = [];
  let nextToken: string | undefined;
  do {
    // 100 filters a log group is AWS's limit, 50 are a page's.
    const page = await aws("logs:DescribeMetricFilters", {
      logGroupName,
      limit: 50,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found.push(...(page.metricFilters ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

/** Without retention events are kept for ever. */
function retention(name: string, days = Number.POSITIVE_INFINITY, declared?: number): Difference[] {
  if (declared === undefined || days === declared) {
    return [];
  }
  return days < declared
    ? [
        {
          id: "log-group.retention",
          row: "log-group",
          kind: "weaker",
          what: `retention ${days} days, declared ${declared}`,
          repair: (aws) => aws("logs:PutRetentionPolicy", { logGroupName: name, retentionInDays: declared }),
        },
      ]
    : [
        {
          id: "log-group.retention.stronger",
          row: "log-group",
          kind: "stronger",
          what: `events are kept ${days === Number.POSITIVE_INFINITY ? "for ever" : `${days} days`}, declared ${declared} days`,
        },
      ];
}

function association(name: string, found: string | undefined, declared: string): Difference {
  return {
    id: "log-group.key",
    row: "log-group",
    kind: "weaker",
    what: `key ${found ?? "none"}, declared ${declared}`,
    repair: (aws) => aws("logs:AssociateKmsKey", { logGroupName: name, kmsKeyId: declared }),
  };
}

function compareFilter(
  logGroupName: string,
  declared: DeclaredMetricFilter,
  found: readonly MetricFilter[],
): Difference[] {
  const named = found.filter(({ filterName }) => filterName === declared.name);
  if (named.some((filter) => isAsDeclared(filter, declared))) {
    return [];
  }
  return [
    {
      id: `metric-filter.${declared.name}`,
      row: "log-group",
      kind: named.length === 0 ? "missing" : "weaker",
      what: `the metric filter ${declared.name} is ${named.length === 0 ? "deleted" : "another than declared"}`,
      repair: (aws) =>
        aws("logs:PutMetricFilter", {
          logGroupName,
          filterName: declared.name,
          filterPattern: declared.pattern,
          metricTransformations: [
            { metricNamespace: declared.namespace, metricName: declared.metricName, metricValue: "1" },
          ],
        }),
    },
  ];
}

/** Whether it counts one for each event that its pattern matches, in a metric that its alarm sees. */
function isAsDeclared(filter: MetricFilter, declared: DeclaredMetricFilter): boolean {
  const [to] = filter.metricTransformations ?? [];
  return (
    filter.filterPattern === declared.pattern &&
    !filter.applyOnTransformedLogs &&
    !filter.fieldSelectionCriteria &&
    (filter.emitSystemFieldDimensions ?? []).length === 0 &&
    to?.metricNamespace === declared.namespace &&
    to.metricName === declared.metricName &&
    to.metricValue === "1" &&
    // A default other than 0 would be taken off, or added, where nothing matches.
    (to.defaultValue ?? 0) === 0 &&
    // An alarm looks at the metric without dimensions.
    Object.keys(to.dimensions ?? {}).length === 0
  );
}
