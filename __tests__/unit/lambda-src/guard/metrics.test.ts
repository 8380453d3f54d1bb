import { GUARD_METRIC_NAMESPACE, metricLine } from "../../../../lambda-src/guard/metrics";

describe("metricLine", () => {
  it("is one line in the embedded metric format, with a value for each metric and each dimension", () => {
    const time = new Date("2026-03-25T05:40:00Z");
    const line = metricLine("enable_trail", time, { Repairs: 0, Looks: 1 });

    expect(line).not.toContain("\n");
    const { _aws: metadata, ...values } = JSON.parse(line);
    expect(metadata.Timestamp).toBe(time.getTime());
    const [{ Namespace, Dimensions, Metrics }] = metadata.CloudWatchMetrics;
    expect(Namespace).toBe(GUARD_METRIC_NAMESPACE);
    expect(Metrics).toEqual([
      { Name: "Repairs", Unit: "Count" },
      { Name: "Looks", Unit: "Count" },
    ]);
    expect(Dimensions).toEqual([["FunctionName"]]);
    expect(values).toEqual({ FunctionName: "enable_trail", Repairs: 0, Looks: 1 });
  });
});
