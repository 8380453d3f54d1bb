import fc from "fast-check";
import {
  type DataPoint,
  type MetricId,
  Metrics,
  type StatisticName,
} from "../../../../local/event-plane/metrics";

const METRIC: MetricId = { region: "ap-northeast-2", namespace: "N", metricName: "M", dimensions: {} };
const START = Date.parse("2026-11-22T05:00:00Z");

function at(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

function metricsOf(...points: readonly (Partial<DataPoint> & { readonly time: Date })[]): Metrics {
  const metrics = new Metrics();
  for (const point of points) {
    metrics.put({ ...METRIC, value: 1, ...point });
  }
  return metrics;
}

describe("Metrics", () => {
  it.each([
    ["Sum", 9],
    ["Average", 3],
    ["Minimum", -1],
    ["Maximum", 8],
    ["SampleCount", 3],
  ] as const)("gives the %s", (name, expected) => {
    const metrics = metricsOf(
      { time: at(0), value: 2 },
      { time: at(59), value: -1 },
      { time: at(60), value: 8 },
    );
    expect(metrics.statistic(METRIC, name, at(0), at(120))).toBe(expected);
  });

  it.each([
    ["before the first", -60, 0, undefined],
    ["up to the second", 0, 60, 1],
    ["from the second", 60, 180, 10],
    ["after both", 120, 600, undefined],
    ["of no length", 60, 60, undefined],
  ])("takes the minutes %s", (_, from, to, expected) => {
    const metrics = metricsOf({ time: at(0) }, { time: at(119), value: 10 });
    expect(metrics.statistic(METRIC, "Sum", at(from), at(to))).toBe(expected);
  });

  it.each<[string, Partial<MetricId>]>([
    ["region", { region: "eu-west-1" }],
    ["namespace", { namespace: "Other" }],
    ["name", { metricName: "Other" }],
    ["dimension", { dimensions: { FunctionName: "f" } }],
  ])("keeps metrics of another %s apart", (_, other) => {
    const metrics = metricsOf({ time: at(0), ...other });
    expect(metrics.statistic(METRIC, "Sum", at(0), at(60))).toBeUndefined();
    expect(metrics.statistic({ ...METRIC, ...other }, "Sum", at(0), at(60))).toBe(1);
  });

  it("doesn't care for the order of dimensions", () => {
    const metrics = metricsOf({ time: at(0), dimensions: { a: "1", b: "2" } });
    expect(metrics.statistic({ ...METRIC, dimensions: { b: "2", a: "1" } }, "Sum", at(0), at(60))).toBe(1);
  });

  it.each([
    [Number.NaN, at(0)],
    [Number.POSITIVE_INFINITY, at(0)],
    [1, new Date(Number.NaN)],
  ])("refuses %s at %s", (value, time) => {
    expect(() => metricsOf({ time, value })).toThrow(RangeError);
  });

  it("agrees with a list of all points", () => {
    const seconds = fc.integer({ min: 0, max: 1200 });
    const minutes = fc.integer({ min: -2, max: 22 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ seconds, value: fc.integer({ min: -1000, max: 1000 }) })),
        minutes,
        minutes,
        (points, from, to) => {
          const metrics = metricsOf(...points.map(({ seconds, value }) => ({ time: at(seconds), value })));
          const values = points
            .filter(({ seconds }) => seconds >= from * 60 && seconds < to * 60)
            .map(({ value }) => value);
          const sum = values.reduce((total, value) => total + value, 0);
          const expected: Record<StatisticName, number> = {
            Sum: sum,
            Average: sum / values.length,
            Minimum: Math.min(...values),
            Maximum: Math.max(...values),
            SampleCount: values.length,
          };
          for (const name of ["Sum", "Average", "Minimum", "Maximum", "SampleCount"] as const) {
            const statistic = metrics.statistic(METRIC, name, at(from * 60), at(to * 60));
            expect(statistic).toBe(values.length === 0 ? undefined : expected[name]);
          }
        },
      ),
    );
  });
});
