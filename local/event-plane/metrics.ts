/** A metric. Each combination of dimensions is one of its own, as in CloudWatch. */
export interface MetricId {
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface DataPoint extends MetricId {
  readonly time: Date;
  readonly value: number;
  /** It doesn't tell metrics apart here: statistics are over all units. */
  readonly unit?: string | undefined;
}

export type StatisticName = "Sum" | "Average" | "Minimum" | "Maximum" | "SampleCount";

export const MINUTE_MS = 60_000;

/** What is kept of the data points of one minute. */
interface Aggregate {
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
}

/**
 * The data points of all metrics, kept by the minute, which is the standard resolution of CloudWatch: a point counts at
 * the start of its minute.
 */
export class Metrics {
  readonly #minutes = new Map<string, Map<number, Aggregate>>();

  /** @throws RangeError for a value that CloudWatch has no place for: one that isn't finite, or without a time */
  put(point: DataPoint): void {
    const minute = Math.floor(point.time.getTime() / MINUTE_MS);
    const { value } = point;
    if (!Number.isFinite(value) || Number.isNaN(minute)) {
      throw new RangeError(
        `${point.namespace} ${point.metricName} takes no ${value} at ${point.time.getTime()}`,
      );
    }
    const minutes = this.#minutesOf(point);
    const aggregate = minutes.get(minute);
    if (aggregate === undefined) {
      minutes.set(minute, { sum: value, count: 1, minimum: value, maximum: value });
      return;
    }
    aggregate.sum += value;
    aggregate.count += 1;
    aggregate.minimum = Math.min(aggregate.minimum, value);
    aggregate.maximum = Math.max(aggregate.maximum, value);
  }

  /**
   * A statistic of the minutes that start at `from` or later and before `to`.
   *
   * @returns undefined if no data point is there
   */
  statistic(metric: MetricId, name: StatisticName, from: Date, to: Date): number | undefined {
    const minutes = this.#minutes.get(keyOf(metric));
    const found: Aggregate[] = [];
    for (let minute = Math.ceil(from.getTime() / MINUTE_MS); minute < to.getTime() / MINUTE_MS; minute += 1) {
      const aggregate = minutes?.get(minute);
      if (aggregate !== undefined) {
        found.push(aggregate);
      }
    }
    return found.length === 0 ? undefined : STATISTICS[name](found);
  }

  #minutesOf(metric: MetricId): Map<number, Aggregate> {
    const key = keyOf(metric);
    const known = this.#minutes.get(key);
    if (known !== undefined) {
      return known;
    }
    const minutes = new Map<number, Aggregate>();
    this.#minutes.set(key, minutes);
    return minutes;
  }
}

const STATISTICS: Readonly<Record<StatisticName, (found: readonly Aggregate[]) => number>> = {
  Sum: sumOf,
  Average: (found) => sumOf(found) / countOf(found),
  Minimum: (found) =>
    found.reduce((least, { minimum }) => Math.min(least, minimum), Number.POSITIVE_INFINITY),
  Maximum: (found) => found.reduce((most, { maximum }) => Math.max(most, maximum), Number.NEGATIVE_INFINITY),
  SampleCount: countOf,
};

function sumOf(found: readonly Aggregate[]): number {
  return found.reduce((total, { sum }) => total + sum, 0);
}

function countOf(found: readonly Aggregate[]): number {
  return found.reduce((total, { count }) => total + count, 0);
}

function keyOf({ region, namespace, metricName, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([region, namespace, metricName, sorted]);
}
