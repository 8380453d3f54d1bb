import type { MetricFilter, MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import { type FilterPattern, parseFilterPattern } from "../../patterns";
import { parseSelector } from "../../patterns/filter-pattern/parse-selector";
import { PatternReader } from "../../patterns/filter-pattern/pattern-reader";
import { compileSelector, type Select } from "../../patterns/filter-pattern/selector";
import { type DataPoint, type MetricId, MINUTE_MS } from "./metrics";

/** A log event as it entered its group. */
export interface LogEvent {
  readonly message: string;
  /** The message's JSON, if it was parsed anyway. */
  readonly parsed?: unknown;
  readonly time: Date;
}

/** A metric filter, ready to be run. */
export interface CompiledMetricFilter {
  readonly name: string;
  readonly logGroupName: string;
  readonly pattern: FilterPattern;
  readonly transformations: readonly Transformation[];
}

interface Transformation {
  readonly namespace: string;
  readonly metricName: string;
  readonly value: number | Select;
  readonly dimensions: readonly (readonly [name: string, select: Select])[];
  readonly unit: string | undefined;
  readonly defaultValue: number | undefined;
}

/** A metric filter that AWS would not accept, or that this emulator doesn't know how to run. The message names it. */
export class UnknownMetricFilterError extends Error {
  override readonly name = "UnknownMetricFilterError";
}

/**
 * Compiles a metric filter as `DescribeMetricFilters` tells it.
 *
 * Its values and dimensions are taken from the fields of JSON events only, not from columns.
 *
 * @throws UnknownMetricFilterError
 */
export function compileMetricFilter(filter: Readonly<MetricFilter>): CompiledMetricFilter {
  const name = filter.filterName ?? "";
  try {
    return {
      name,
      logGroupName: filter.logGroupName ?? "",
      pattern: parseFilterPattern(filter.filterPattern ?? ""),
      transformations: (filter.metricTransformations ?? []).map(compileTransformation),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnknownMetricFilterError(`metric filter ${name}: ${reason}`, { cause: error });
  }
}

function compileTransformation(transformation: Readonly<MetricTransformation>): Transformation {
  const {
    metricName = "",
    metricNamespace: namespace = "",
    metricValue = "",
    dimensions = {},
  } = transformation;
  const { defaultValue } = transformation;
  if (defaultValue !== undefined && Object.keys(dimensions).length > 0) {
    throw new Error("a transformation with dimensions takes no default value");
  }
  const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(metricValue) ? Number(metricValue) : undefined;
  return {
    namespace,
    metricName,
    value: number !== undefined && Number.isFinite(number) ? number : fieldOf(metricValue),
    dimensions: Object.entries(dimensions).map(([name, selector]) => [name, fieldOf(selector)] as const),
    unit: transformation.unit,
    defaultValue,
  };
}

function fieldOf(text: string): Select {
  const reader = new PatternReader(text);
  const selector = parseSelector(reader);
  if (!reader.atEnd() || selector.some(({ kind }) => kind === "any field" || kind === "any element")) {
    throw new Error(`expected a number or one field such as $.count, got ${JSON.stringify(text)}`);
  }
  return compileSelector(selector);
}

/**
 * The data points that a log event makes: one for each transformation, if the event matches. A value that is no number
 * makes none, nor does an event without the field of a dimension.
 */
export function pointsOf(filter: CompiledMetricFilter, event: LogEvent, region: string): DataPoint[] {
  return matches(filter, event) ? pointsOfMatch(filter, event, region) : [];
}

/**
 * The data points of log events that entered the group together, default values included: one for each minute in which
 * events came and none matched.
 *
 * Source: CloudWatch Logs user guide, "Creating metrics from log events using filters". Of a minute whose events come
 * in several batches each is judged alone.
 */
export function pointsOfBatch(
  filter: CompiledMetricFilter,
  events: readonly LogEvent[],
  region: string,
): DataPoint[] {
  const points: DataPoint[] = [];
  const matchedByMinute = new Map<number, boolean>();
  for (const event of events) {
    const minute = Math.floor(event.time.getTime() / MINUTE_MS);
    const isMatch = matches(filter, event);
    matchedByMinute.set(minute, isMatch || matchedByMinute.get(minute) === true);
    if (isMatch) {
      points.push(...pointsOfMatch(filter, event, region));
    }
  }
  const silent = [...matchedByMinute].filter(([, matched]) => !matched);
  return points.concat(
    filter.transformations.flatMap((transformation) => {
      const { defaultValue, unit } = transformation;
      return defaultValue === undefined
        ? []
        : silent.map(([minute]) => ({
            ...metricOf(transformation, {}, region),
            time: new Date(minute * MINUTE_MS),
            value: defaultValue,
            unit,
          }));
    }),
  );
}

function matches({ pattern }: CompiledMetricFilter, event: LogEvent): boolean {
  // A message that is one JSON text parses to a string, which the pattern would take for a message.
  return pattern.matches(pattern.kind === "json" && isObject(event.parsed) ? event.parsed : event.message);
}

function pointsOfMatch(filter: CompiledMetricFilter, event: LogEvent, region: string): DataPoint[] {
  return filter.transformations.flatMap((transformation) => {
    const { value: valueOrSelect, unit } = transformation;
    const value =
      typeof valueOrSelect === "number" ? valueOrSelect : found(valueOrSelect, event, Number.isFinite);
    const dimensions = dimensionsOf(transformation, event);
    return typeof value !== "number" || dimensions === undefined
      ? []
      : [{ ...metricOf(transformation, dimensions, region), time: event.time, value, unit }];
  });
}

function dimensionsOf({ dimensions }: Transformation, event: LogEvent): Record<string, string> | undefined {
  const entries = dimensions.map(([name, select]) => [name, found(select, event, isScalar)] as const);
  return entries.some(([, value]) => value === undefined)
    ? undefined
    : Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function found(select: Select, event: LogEvent, isWanted: (value: unknown) => boolean): unknown {
  let result: unknown;
  select(event.parsed ?? parse(event.message), (value) => {
    result = isWanted(value) ? value : undefined;
    return true;
  });
  return result;
}

function metricOf(
  { namespace, metricName }: Transformation,
  dimensions: Readonly<Record<string, string>>,
  region: string,
): MetricId {
  return { region, namespace, metricName, dimensions };
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
