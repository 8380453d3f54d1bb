import fc from "fast-check";
import { metricLine } from "../../../../lambda-src/guard/metrics";
import { embeddedMetricsOf } from "../../../../local/event-plane/embedded-metrics";

const REGION = "ap-northeast-2";
const TIME = new Date("2026-11-22T05:42:00Z");

const DIRECTIVE = {
  Namespace: "Shop",
  Dimensions: [["Service"], ["Service", "Zone"]],
  Metrics: [{ Name: "Latency", Unit: "Milliseconds" }],
};

function lineOf(members: object, directive: object = DIRECTIVE, timestamp: unknown = TIME.getTime()): string {
  return JSON.stringify({ _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] }, ...members });
}

describe("embeddedMetricsOf", () => {
  it("reads the line of the guard", () => {
    const point = { region: REGION, namespace: "Trailwarden", dimensions: { FunctionName: "f" }, time: TIME };
    expect(embeddedMetricsOf(metricLine("f", TIME, { Looks: 1, Repairs: 0 }), REGION)).toEqual([
      { ...point, metricName: "Looks", value: 1, unit: "Count" },
      { ...point, metricName: "Repairs", value: 0, unit: "Count" },
    ]);
  });

  it("makes a metric of each set of dimensions and a point of each value", () => {
    const points = embeddedMetricsOf(lineOf({ Service: "s", Zone: "z", Latency: [3, 4] }), REGION);
    expect(points.map(({ dimensions, value, unit }) => [dimensions, value, unit])).toEqual([
      [{ Service: "s" }, 3, "Milliseconds"],
      [{ Service: "s" }, 4, "Milliseconds"],
      [{ Service: "s", Zone: "z" }, 3, "Milliseconds"],
      [{ Service: "s", Zone: "z" }, 4, "Milliseconds"],
    ]);
  });

  it("takes a metric without dimensions or unit", () => {
    const directive = { ...DIRECTIVE, Dimensions: [[]], Metrics: [{ Name: "Latency" }] };
    const [point] = embeddedMetricsOf(lineOf({ Latency: 3 }, directive), REGION);
    expect(point).toEqual({
      region: REGION,
      namespace: "Shop",
      metricName: "Latency",
      dimensions: {},
      time: TIME,
      value: 3,
    });
  });

  it.each([
    ["no value", lineOf({ Service: "s" })],
    ["a value that is a text", lineOf({ Service: "s", Latency: "3" })],
    ["a dimension without a value", lineOf({ Zone: "z", Latency: 3 })],
    ["a dimension that is no text", lineOf({ Service: 1, Latency: 3 })],
    [
      "dimensions that are no list of lists",
      lineOf({ Service: "s", Latency: 3 }, { ...DIRECTIVE, Dimensions: ["Service"] }),
    ],
    ["no namespace", lineOf({ Service: "s", Zone: "z", Latency: 3 }, { ...DIRECTIVE, Namespace: undefined })],
    ["an empty namespace", lineOf({ Service: "s", Zone: "z", Latency: 3 }, { ...DIRECTIVE, Namespace: "" })],
    ["no time", lineOf({ Service: "s", Latency: 3 }, DIRECTIVE, null)],
    ["a time that is none", lineOf({ Service: "s", Latency: 3 }, DIRECTIVE, 1e30)],
    [
      "a metric named like a method",
      lineOf({ Service: "s" }, { ...DIRECTIVE, Metrics: [{ Name: "toString" }] }),
    ],
    ["text before it", `INFO ${lineOf({ Service: "s", Zone: "z", Latency: 3 })}`],
    ["another message", "START RequestId: 1"],
    ["JSON without metrics", '{"_aws":1}'],
    ["a text", '"_aws"'],
  ])("takes nothing of a line with %s", (_, line) => {
    expect(embeddedMetricsOf(line, REGION)).toEqual([]);
  });

  it("takes any JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (metadata, value) => {
        expect(embeddedMetricsOf(`{"_aws":${metadata},"Latency":${value}}`, REGION)).toEqual([]);
      }),
    );
  });
});
