import type { DataPoint } from "./metrics";

/**
 * The data points of a log line in the embedded metric format; none of a line that isn't in it. Of a directive, set of
 * dimensions or metric that breaks the format, nothing is taken.
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
export function embeddedMetricsOf(line: string, region: string): DataPoint[] {
  // Most lines of a log are no JSON: this spares an exception for each.
  const root = line.includes('"_aws"') ? parse(line) : undefined;
  const metadata = record(record(root)?._aws);
  const timestamp = metadata?.Timestamp;
  if (
    root === undefined ||
    typeof timestamp !== "number" ||
    !Number.isFinite(new Date(timestamp).getTime())
  ) {
    return [];
  }
  const members = record(root) ?? {};
  return list(metadata?.CloudWatchMetrics).flatMap((directive) => {
    const { Namespace, Dimensions, Metrics } = record(directive) ?? {};
    if (typeof Namespace !== "string" || Namespace === "") {
      return [];
    }
    return list(Dimensions).flatMap((names) => {
      const dimensions = dimensionsOf(names, members);
      return dimensions === undefined
        ? []
        : list(Metrics).flatMap((metric) => {
            const { Name, Unit } = record(metric) ?? {};
            const unit = typeof Unit === "string" ? { unit: Unit } : {};
            return valuesOf(Name, members).map((value) => ({
              region,
              namespace: Namespace,
              metricName: String(Name),
              dimensions,
              time: new Date(timestamp),
              value,
              ...unit,
            }));
          });
    });
  });
}

/** Each dimension is named in the directive and has its value, a text, beside `_aws`. */
function dimensionsOf(names: unknown, members: Members): Record<string, string> | undefined {
  if (!Array.isArray(names)) {
    return undefined;
  }
  const entries: [string, string][] = [];
  for (const name of names as unknown[]) {
    const value = memberOf(name, members);
    if (typeof name !== "string" || typeof value !== "string") {
      return undefined;
    }
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

function valuesOf(name: unknown, members: Members): number[] {
  const value = memberOf(name, members);
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one): one is number =>
    Number.isFinite(one),
  );
}

type Members = Readonly<Record<string, unknown>>;

function memberOf(name: unknown, members: Members): unknown {
  return typeof name === "string" ? members[name] : undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
