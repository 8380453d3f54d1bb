import type { Attributes } from "../../../../../cli/review/plan";
import { judgeMetricFilters } from "../../../../../cli/review/rules/metric-filters";
import { FILTER, TRAIL } from "../alerting-plan";
import { change, judged, REPLACED } from "../support";

function told(
  before: Attributes | undefined,
  after: Attributes | undefined,
  options: Parameters<typeof change>[3] = {},
): string[] {
  const filter = change("aws_cloudwatch_log_metric_filter.f", before, after, options);
  return judged(judgeMetricFilters, [TRAIL, filter]).map(({ rule, message }) => `${rule}: ${message}`);
}

function metric(values: Attributes): Attributes {
  return {
    ...FILTER,
    metric_transformation: [{ name: "PolicyCount", namespace: "CloudTrailMetrics", value: "1", ...values }],
  };
}

describe("a metric filter on the trail's log group", () => {
  it.each<[string, Attributes | undefined, Parameters<typeof change>[3], string]>([
    ["removed", undefined, {}, 'filter-removed: The metric filter "PolicyChanges" is removed'],
    [
      "renamed",
      { ...FILTER, name: "Other" },
      REPLACED,
      'filter-removed: The metric filter "PolicyChanges" is removed and made again as "Other"',
    ],
    [
      "moved to another log group",
      { ...FILTER, log_group_name: "other" },
      REPLACED,
      'filter-removed: The metric filter "PolicyChanges" is moved to another log group: from trail to other',
    ],
    [
      "moved to another metric",
      metric({ name: "Other" }),
      {},
      'filter-removed: The metric filter "PolicyChanges" is moved to another metric',
    ],
    [
      "counting nothing",
      metric({ value: "0" }),
      {},
      'filter-matches-less: What the metric filter "PolicyChanges" counts for a match changes from 1 to 0',
    ],
    [
      "matching less",
      { ...FILTER, pattern: "{ $.eventName = CreatePolicy }" },
      {},
      'filter-matches-less: The metric filter "PolicyChanges" no longer matches PutRolePolicy',
    ],
    [
      "with a pattern that can't be judged",
      { ...FILTER, pattern: "{ $.eventName = " },
      {},
      'filter-matches-less: The pattern of the metric filter "PolicyChanges" changes, and no example can say whether it matches less',
    ],
  ])("is judged where it is %s", (_, after, options, message) => {
    expect(told(FILTER, after, options)).toEqual([message]);
  });

  it.each<[string, Attributes | undefined, Attributes | undefined]>([
    ["stays", FILTER, FILTER],
    ["is made", undefined, FILTER],
    ["matches more", FILTER, { ...FILTER, pattern: "{ $.eventName = *Policy }" }],
    ["has the same metric, written otherwise", FILTER, metric({ dimensions: {}, default_value: "0" })],
    ["is another log group's", { ...FILTER, log_group_name: "shop", pattern: "ERROR" }, undefined],
  ])("isn't a finding where it %s", (_, before, after) => {
    expect(told(before, after)).toEqual([]);
  });

  it("isn't a finding where it is forgotten", () => {
    expect(told(FILTER, undefined, { actions: ["forget"] })).toEqual([]);
  });

  it.each<[string, Attributes, string]>([
    ["pattern", { pattern: true }, "filter-matches-less"],
    ["log group", { log_group_name: true }, "filter-removed"],
    ["metric", { metric_transformation: [{ name: true }] }, "filter-removed"],
    ["value", { metric_transformation: [{ value: true }] }, "filter-matches-less"],
  ])("isn't known to match as much where its %s isn't known", (_, unknown, rule) => {
    expect(told(FILTER, FILTER, { unknown })).toEqual([
      expect.stringMatching(new RegExp(`^${rule}: .* known after apply only`)),
    ]);
  });

  it("says nothing of a sensitive pattern but that it matches less", () => {
    const filter = change(
      "aws_cloudwatch_log_metric_filter.f",
      FILTER,
      { ...FILTER, pattern: "{ $.eventName = CreatePolicy }" },
      { sensitive: { pattern: true, name: true } },
    );

    const [found] = judged(judgeMetricFilters, [TRAIL, filter]);

    expect(found).toMatchObject({
      message: "The metric filter with a sensitive name no longer matches some events",
      details: [],
    });
  });

  it.each([[4], [null], [[]], [{}], [true]])("doesn't judge a pattern of %j", (pattern) => {
    expect(told(FILTER, { ...FILTER, pattern })).toHaveLength(1);
  });
});
