import fc from "fast-check";
import type { DeclaredLogGroup } from "../../../../../lambda-src/guard/declared-state";
import { observeLogGroup } from "../../../../../lambda-src/guard/parts/log-group";
import { DECLARED, KEY_ARN, LOG_GROUP } from "../support/deployment";
import { deployment, repair, summary } from "../support/seen";
import { FILTER_NAME } from "../support/tampering";

const DECLARED_GROUP = DECLARED.logGroup;
const DAYS = [1, 3, 30, 365, 400, 3653];

describe("the log group", () => {
  it("keeps events as long as declared or longer", async () => {
    const days = fc.constantFrom(...DAYS);
    await fc.assert(
      fc.asyncProperty(fc.option(days, { nil: undefined }), days, async (found, declared) => {
        const { cloud, aws } = deployment();
        Object.assign(cloud.logGroup ?? {}, { retentionDays: found });
        const group = { ...DECLARED_GROUP, retentionDays: declared };

        const seen = await observeLogGroup(aws, group);
        await repair(seen, aws);

        const is = found ?? Number.POSITIVE_INFINITY;
        expect(Object.keys(summary(seen))).toEqual(
          is === declared ? [] : [`log-group.retention${is > declared ? ".stronger" : ""}`],
        );
        expect(cloud.logGroup?.retentionDays).toBe(is < declared ? declared : found);
      }),
      { numRuns: 80 },
    );
  });

  it("tells how long it was declared, and found, to be kept", async () => {
    const { cloud, aws } = deployment();
    Object.assign(cloud.logGroup ?? {}, { retentionDays: 1, keyArn: undefined });
    expect(summary(await observeLogGroup(aws, DECLARED_GROUP))).toEqual({
      "log-group.retention": "weaker: retention 1 days, declared 365",
      "log-group.key": `weaker: key none, declared ${KEY_ARN}`,
    });

    Object.assign(cloud.logGroup ?? {}, { retentionDays: undefined, keyArn: "another" });
    expect(summary(await observeLogGroup(aws, DECLARED_GROUP))).toEqual({
      "log-group.retention.stronger": "stronger: events are kept for ever, declared 365 days",
      "log-group.key": `weaker: key another, declared ${KEY_ARN}`,
    });
  });

  it("that exists already is its owner's, but for its metric filters", async () => {
    const { cloud, aws } = deployment();
    Object.assign(cloud.logGroup ?? {}, { retentionDays: 1, keyArn: undefined });
    cloud.logGroup?.filters.delete(FILTER_NAME);
    const { name, metricFilters } = DECLARED_GROUP;

    expect(summary(await observeLogGroup(aws, { name, metricFilters }))).toEqual({
      [`metric-filter.${FILTER_NAME}`]: `missing: the metric filter ${FILTER_NAME} is deleted`,
    });
  });

  it("that is gone is one difference, whatever stands beside it", async () => {
    const { cloud, aws } = deployment();
    cloud.logGroup = undefined;

    const seen = await observeLogGroup(aws, DECLARED_GROUP);

    expect(summary(seen)).toEqual({ "log-group": `missing: the log group ${LOG_GROUP} is deleted` });
    expect(seen.unseen.size).toBe(0);
  });

  it("is restored although its metric filters can't be seen", async () => {
    const { scene, cloud, aws } = deployment();
    Object.assign(cloud.logGroup ?? {}, { retentionDays: 1 });
    scene.fake.fail("logs:DescribeMetricFilters", "failed");

    const seen = await observeLogGroup(aws, DECLARED_GROUP);

    expect(Object.keys(summary(seen))).toEqual(["log-group.retention"]);
    expect([...seen.unseen.keys()]).toEqual(["metric-filter"]);
  });
});

describe("metric filters", () => {
  it("are found on each page", async () => {
    const { cloud, aws } = deployment();
    const declared: DeclaredLogGroup = {
      ...DECLARED_GROUP,
      metricFilters: Array.from({ length: 100 }, (_, index) => ({
        name: `filter-${index}`,
        pattern: `{ $.n = ${index} }`,
        namespace: "N",
        metricName: `metric-${index}`,
      })),
    };
    const seen = await observeLogGroup(aws, declared);
    expect(Object.keys(summary(seen))).toHaveLength(100);

    await repair(seen, aws);

    expect(summary(await observeLogGroup(aws, declared))).toEqual({});
    expect(cloud.logGroup?.filters.size).toBe(102);
  });

  it("that AWS gives back with its defaults are as declared", async () => {
    const { cloud, aws } = deployment();
    const filter = cloud.logGroup?.filters.get(FILTER_NAME);
    const [transformation] = filter?.metricTransformations ?? [];
    cloud.logGroup?.filters.set(FILTER_NAME, {
      ...filter,
      creationTime: 1,
      logGroupName: LOG_GROUP,
      applyOnTransformedLogs: false,
      emitSystemFieldDimensions: [],
      metricTransformations: [
        {
          metricName: "",
          metricNamespace: "",
          metricValue: "",
          ...transformation,
          dimensions: {},
          unit: "None",
          defaultValue: 0,
        },
      ],
    });

    expect(summary(await observeLogGroup(aws, DECLARED_GROUP))).toEqual({});
  });

  it("of another than the declared patterns are another, even by a space", async () => {
    const { cloud, aws } = deployment();
    const filter = cloud.logGroup?.filters.get(FILTER_NAME);
    cloud.logGroup?.filters.set(FILTER_NAME, { ...filter, filterPattern: `${filter?.filterPattern} ` });

    expect(summary(await observeLogGroup(aws, DECLARED_GROUP))).toEqual({
      [`metric-filter.${FILTER_NAME}`]: `weaker: the metric filter ${FILTER_NAME} is another than declared`,
    });
  });

  it("without a transformation are another", async () => {
    const { cloud, aws } = deployment();
    cloud.logGroup?.filters.set(FILTER_NAME, {
      ...cloud.logGroup.filters.get(FILTER_NAME),
      metricTransformations: [],
    });

    expect(Object.keys(summary(await observeLogGroup(aws, DECLARED_GROUP)))).toEqual([
      `metric-filter.${FILTER_NAME}`,
    ]);
  });
});
