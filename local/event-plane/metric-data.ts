import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { emulatorClientSettings } from "../environment";
import type { Clock } from "./clock";
import { type DataPoint, Metrics } from "./metrics";

/** CloudWatch API reference, "PutMetricData". */
const MOST_POINTS_OF_A_CALL = 1000;

/** Takes data points in: what topics, functions and log groups count, and alarms see. */
export class MetricData {
  readonly metrics = new Metrics();

  constructor(
    private readonly emulatorUrl: string,
    private readonly clock: Pick<Clock, "ahead">,
  ) {}

  /** Puts data points where alarms see them, and in the emulator, where everybody can. */
  async put(points: readonly DataPoint[]): Promise<void> {
    const calls = new Map<string, DataPoint[]>();
    for (const point of points) {
      this.metrics.put(point);
      const place = `${point.region} ${point.namespace}`;
      const ofCall = calls.get(place) ?? [];
      calls.set(place, ofCall);
      ofCall.push(point);
    }
    await Promise.all([...calls.values()].map((ofCall) => this.putInEmulator(ofCall)));
  }

  private async putInEmulator(points: readonly DataPoint[]): Promise<void> {
    const [first] = points;
    if (first === undefined) {
      return;
    }
    const client = new CloudWatchClient({
      ...emulatorClientSettings(this.emulatorUrl, first.region),
      // The emulator can't read what the SDK would send compressed, from some hundred data points on.
      disableRequestCompression: true,
    });
    // By the machine's clock: who reads metrics there doesn't know that this one was turned on.
    const timeOf = ({ time }: DataPoint): Date => new Date(time.getTime() - this.clock.ahead);
    for (let start = 0; start < points.length; start += MOST_POINTS_OF_A_CALL) {
      await client.send(
        new PutMetricDataCommand({
          Namespace: first.namespace,
          MetricData: points.slice(start, start + MOST_POINTS_OF_A_CALL).map((point) => ({
            MetricName: point.metricName,
            Timestamp: timeOf(point),
            Value: point.value,
            Dimensions: Object.entries(point.dimensions).map(([Name, Value]) => ({ Name, Value })),
          })),
        }),
      );
    }
  }
}
