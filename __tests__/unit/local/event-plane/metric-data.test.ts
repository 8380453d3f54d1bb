import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { MetricData } from "../../../../local/event-plane/metric-data";
import type { DataPoint } from "../../../../local/event-plane/metrics";

const HOUR_MS = 3_600_000;
const AT = new Date("2026-11-22T05:42:30Z");

function point(index: number, namespace = "Test"): DataPoint {
  return {
    region: "ap-northeast-2",
    namespace,
    metricName: "Calls",
    dimensions: { Name: `dimension ${index}` },
    time: AT,
    value: index,
  };
}

/** What an emulator gets while data points are put. */
async function putting(points: readonly DataPoint[], ahead: number) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) });
    response.setHeader("content-type", request.headers["content-type"] ?? "");
    response.end(request.headers["x-amz-target"] === undefined ? "<PutMetricDataResponse/>" : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const metricData = new MetricData(`http://127.0.0.1:${port}`, { ahead });
    await metricData.put(points);
    return { got, metrics: metricData.metrics };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("MetricData", () => {
  it("puts points where alarms see them, at their own time", async () => {
    const { metrics } = await putting([point(3), point(3)], 2 * HOUR_MS);

    const minute = [new Date("2026-11-22T05:42:00Z"), new Date("2026-11-22T05:43:00Z")] as const;
    expect(metrics.statistic(point(3), "Sum", ...minute)).toBe(6);
  });

  it("puts them in the emulator by the machine's time, which isn't turned on", async () => {
    const { got } = await putting([point(3)], 2 * HOUR_MS);

    expect(got).toHaveLength(1);
    const { Namespace, MetricData: data } = JSON.parse(got[0]?.body ?? "");
    expect(Namespace).toBe("Test");
    expect(data).toEqual([
      {
        MetricName: "Calls",
        Timestamp: Date.parse("2026-11-22T03:42:30Z") / 1000,
        Value: 3,
        Dimensions: [{ Name: "Name", Value: "dimension 3" }],
      },
    ]);
  });

  it("puts a thousand of one namespace with a call, and nothing compressed, which the emulator couldn't read", async () => {
    const points = Array.from({ length: 1001 }, (_, index) => point(index));

    const { got } = await putting([...points, point(0, "Other")], 0);

    const sizes = got.map(({ body }) => JSON.parse(body).MetricData.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, 1, 1000]);
    expect(got.map(({ headers }) => headers["content-encoding"])).toEqual([undefined, undefined, undefined]);
  });
});
