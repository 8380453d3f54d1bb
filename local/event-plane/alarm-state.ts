import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { type MetricId, type Metrics, MINUTE_MS, type StatisticName } from "./metrics";

/** An alarm as `DescribeAlarms` tells it. */
export type AlarmDefinition = Readonly<MetricAlarm>;

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmVerdict {
  readonly state: AlarmState;
  /** In CloudWatch's words, but for a state that missing data leaves as it is: for that it has none. */
  readonly reason: string;
  /** JSON, as `StateReasonData` of an alarm. */
  readonly reasonData: string;
}

/** An alarm of a kind that this emulator doesn't evaluate. The message names it and says why. */
export class UnknownAlarmError extends Error {
  override readonly name = "UnknownAlarmError";
}

/**
 * How many periods CloudWatch looks back further than the alarm's own, for data to put in the place of missing data. The
 * guide says that there are such, and has 2 in its examples; so had alarms on periods of 5 and 15 minutes whose
 * histories people published.
 */
const MORE_PERIODS = 2;

/** Datapoints are listed in a reason up to this number; of more, as many of the most recent. */
const LISTED_DATAPOINTS = 5;

/**
 * The state of an alarm at the end of a minute. The last of its periods ends then: periods slide by the minute.
 *
 * Sources: CloudWatch user guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data". Where
 * missing data is treated as missing and the only data is breaching, too little and too young for an alarm, the current
 * guide doesn't say the state; its text of 2020 does.
 *
 * @param at a full minute
 * @param current where missing data is ignored, it may stay the state
 * @throws UnknownAlarmError
 * @throws RangeError if `at` isn't a full minute
 */
export function stateOf(
  alarm: AlarmDefinition,
  metrics: Metrics,
  at: Date,
  current: AlarmState,
  region: string,
): AlarmVerdict {
  if (at.getTime() % MINUTE_MS !== 0) {
    throw new RangeError(`an alarm is evaluated at a full minute, not at ${at.getTime()}`);
  }
  const rule = ruleOf(alarm, region);
  const range = evaluationRange(rule, metrics, at);
  const real = range.filter((datapoint) => datapoint.value !== undefined).slice(0, rule.evaluationPeriods);
  const state = judge(rule, real);
  return {
    state: state ?? current,
    reason: state === undefined ? unchangedReason(rule, real) : reasonOf(rule, real, state),
    reasonData: reasonData(rule, range, real, at),
  };
}

/** One period; without a value it is missing. */
interface Datapoint {
  readonly start: Date;
  /** 0 is the most recent. */
  readonly age: number;
  readonly value: number | undefined;
  readonly sampleCount: number | undefined;
}

interface Rule {
  readonly metric: MetricId;
  readonly statistic: StatisticName;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** Reasons are worded otherwise where the alarm says how many datapoints it takes. */
  readonly saysDatapointsToAlarm: boolean;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData: TreatMissingData;
}

interface Comparison {
  readonly breaches: (value: number, threshold: number) => boolean;
  readonly words: string;
}

const COMPARISONS: ReadonlyMap<unknown, Comparison> = new Map([
  ["GreaterThanOrEqualToThreshold", { breaches: (a, b) => a >= b, words: "greater than or equal to" }],
  ["GreaterThanThreshold", { breaches: (a, b) => a > b, words: "greater than" }],
  ["LessThanThreshold", { breaches: (a, b) => a < b, words: "less than" }],
  ["LessThanOrEqualToThreshold", { breaches: (a, b) => a <= b, words: "less than or equal to" }],
] satisfies [string, Comparison][]);

const STATISTICS: readonly StatisticName[] = ["Sum", "Average", "Minimum", "Maximum", "SampleCount"];

const TREATMENTS = ["missing", "notBreaching", "breaching", "ignore"] as const;
type TreatMissingData = (typeof TREATMENTS)[number];

function ruleOf(alarm: AlarmDefinition, region: string): Rule {
  const fail = (reason: string): never => {
    throw new UnknownAlarmError(`alarm ${alarm.AlarmName}: ${reason}`);
  };
  if (alarm.Metrics !== undefined && alarm.Metrics.length > 0) {
    fail("metric math and anomaly detection are not evaluated here");
  }
  if (alarm.ExtendedStatistic !== undefined) {
    fail(`the statistic ${alarm.ExtendedStatistic} is not evaluated here`);
  }
  if (alarm.Unit !== undefined) {
    fail("an alarm on data of one unit is not evaluated here");
  }
  if (alarm.EvaluationWindow?.WallClockWindow !== undefined) {
    fail("a wall clock window is not evaluated here");
  }
  const { Namespace, MetricName, Dimensions = [], Period, EvaluationPeriods, Threshold } = alarm;
  const threshold = Threshold ?? fail("it has no threshold");
  const evaluationPeriods = EvaluationPeriods ?? fail("it has no number of evaluation periods");
  const datapointsToAlarm = alarm.DatapointsToAlarm ?? evaluationPeriods;
  if (!(datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods)) {
    fail(`${datapointsToAlarm} of ${evaluationPeriods} datapoints can't be evaluated`);
  }
  const treatment = alarm.TreatMissingData ?? "missing";
  return {
    metric: {
      region,
      namespace: Namespace ?? fail("it has no namespace"),
      metricName: MetricName ?? fail("it has no metric name"),
      dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
    },
    statistic:
      STATISTICS.find((name) => name === alarm.Statistic) ?? fail(`${alarm.Statistic} is no statistic`),
    // Shorter periods are of high resolution: data is kept by the minute.
    periodSeconds:
      Period !== undefined && Period >= 60 && Period % 60 === 0
        ? Period
        : fail(`a period of ${Period} seconds is not of full minutes`),
    evaluationPeriods,
    datapointsToAlarm,
    saysDatapointsToAlarm: alarm.DatapointsToAlarm !== undefined,
    threshold,
    comparison:
      COMPARISONS.get(alarm.ComparisonOperator) ??
      fail(`the operator ${alarm.ComparisonOperator} is not evaluated here`),
    treatMissingData:
      TREATMENTS.find((name) => name === treatment) ?? fail(`missing data can't be treated as ${treatment}`),
  };
}

/** All periods that are looked at, the most recent first. */
function evaluationRange(rule: Rule, metrics: Metrics, at: Date): Datapoint[] {
  const periodMs = rule.periodSeconds * 1000;
  return Array.from({ length: rule.evaluationPeriods + MORE_PERIODS }, (_, age) => {
    const end = new Date(at.getTime() - age * periodMs);
    const start = new Date(end.getTime() - periodMs);
    return {
      start,
      age,
      value: metrics.statistic(rule.metric, rule.statistic, start, end),
      sampleCount: metrics.statistic(rule.metric, "SampleCount", start, end),
    };
  });
}

/** @returns undefined if the state stays as it is */
function judge(rule: Rule, real: readonly Datapoint[]): AlarmState | undefined {
  const { datapointsToAlarm, treatMissingData } = rule;
  const missing = rule.evaluationPeriods - real.length;
  const breaching = real.filter(isBreaching(rule));
  const treatedAsBreaching = treatMissingData === "breaching" ? missing : 0;
  if (breaching.length + treatedAsBreaching >= datapointsToAlarm) {
    return "ALARM";
  }
  const isFilled = treatMissingData === "breaching" || treatMissingData === "notBreaching";
  if (missing === 0 || isFilled || breaching.length < real.length) {
    return "OK";
  }
  if (treatMissingData === "ignore") {
    return undefined;
  }
  // All there is is breaching. Once it has been for as many periods as an alarm takes, what was missing since won't
  // keep the alarm back.
  return breaching.some(({ age }) => age + 1 >= datapointsToAlarm) ? "ALARM" : "INSUFFICIENT_DATA";
}

function isBreaching({ comparison, threshold }: Rule): (datapoint: Datapoint) => boolean {
  return ({ value }) => value !== undefined && comparison.breaches(value, threshold);
}

/**
 * Sources: the histories of alarms that people published. No page of AWS has these texts.
 *
 * @param real the datapoints that were judged, the most recent first
 */
function reasonOf(rule: Rule, real: readonly Datapoint[], state: AlarmState): string {
  const { evaluationPeriods, datapointsToAlarm, comparison, threshold } = rule;
  const missing = evaluationPeriods - real.length;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${datapoints(missing)} ${wasOrWere(missing)} unknown.`;
  }
  const treatment = TREATED_AS[rule.treatMissingData];
  const treated =
    missing === 0 || treatment === undefined
      ? ""
      : ` and ${missing} missing ${missing === 1 ? "datapoint" : "datapoints"} ${wasOrWere(missing)} treated as [${treatment}]`;

  const breaches = isBreaching(rule);
  const decisive = real.filter((datapoint) => breaches(datapoint) === (state === "ALARM"));
  if (decisive.length === 0) {
    const received =
      real.length === 0 ? "no datapoints were" : `${datapoints(real.length)} ${wasOrWere(real.length)}`;
    const periods = `${evaluationPeriods} ${evaluationPeriods === 1 ? "period" : "periods"}`;
    return `Threshold Crossed: ${received} received for ${periods}${treated}.`;
  }
  const count = rule.saysDatapointsToAlarm
    ? `${decisive.length} out of the last ${evaluationPeriods} datapoints`
    : datapoints(decisive.length);
  const list = `[${decisive
    .slice(0, LISTED_DATAPOINTS)
    .map(({ value = 0, start }) => `${decimalOf(value)} (${shortTime(start)})`)
    .join(", ")}]`;
  const [listed, later] =
    decisive.length < LISTED_DATAPOINTS
      ? [` ${list}`, ""]
      : ["", `. The most recent datapoints which crossed the threshold: ${list}`];
  const crossed = `${wasOrWere(decisive.length)}${state === "ALARM" ? "" : " not"} ${comparison.words}`;
  const [minimum, transition] =
    state === "ALARM"
      ? [datapointsToAlarm, "OK -> ALARM"]
      : [evaluationPeriods - datapointsToAlarm + 1, "ALARM -> OK"];
  const least = rule.saysDatapointsToAlarm
    ? ` (minimum ${datapoints(minimum)} for ${transition} transition)`
    : "";
  return `Threshold Crossed: ${count}${listed} ${crossed} the threshold (${decimalOf(threshold)})${treated}${later}${least}.`;
}

const TREATED_AS: Readonly<Partial<Record<TreatMissingData, string>>> = {
  breaching: "Breaching",
  notBreaching: "NonBreaching",
};

function unchangedReason({ evaluationPeriods }: Rule, real: readonly Datapoint[]): string {
  return `Unchanged: ${datapoints(evaluationPeriods - real.length)} of ${evaluationPeriods} missing, which is ignored.`;
}

function reasonData(rule: Rule, range: readonly Datapoint[], real: readonly Datapoint[], at: Date): string {
  const missing = range
    .filter(({ value }) => value === undefined)
    .slice(0, rule.evaluationPeriods - real.length);
  const oldest = real.at(-1);
  return JSON.stringify({
    version: "1.0",
    queryDate: timestampOf(at),
    startDate: oldest && timestampOf(oldest.start),
    statistic: rule.statistic,
    period: rule.periodSeconds,
    recentDatapoints: real.map(({ value }) => value).reverse(),
    threshold: rule.threshold,
    evaluatedDatapoints: [...real, ...missing]
      .sort((one, other) => one.age - other.age)
      .map(({ start, sampleCount, value }) => ({ timestamp: timestampOf(start), sampleCount, value })),
  });
}

function datapoints(count: number): string {
  return `${count} ${count === 1 ? "datapoint" : "datapoints"}`;
}

function wasOrWere(count: number): string {
  return count === 1 ? "was" : "were";
}

/** A number as CloudWatch writes it: as Java does, `3.0` and `2.147483648E10`. */
export function decimalOf(value: number): string {
  const size = Math.abs(value);
  const isPlain = value === 0 || (size >= 1e-3 && size < 1e7);
  const [digits = "", exponent] = (isPlain ? String(value) : value.toExponential()).split("e");
  const decimal = digits.includes(".") ? digits : `${digits}.0`;
  return exponent === undefined ? decimal : `${decimal}E${Number(exponent)}`;
}

/** A time as CloudWatch writes it in JSON: `2026-11-22T05:42:00.000+0000`. */
export function timestampOf(time: Date): string {
  return time.toISOString().replace("Z", "+0000");
}

/** `22/11/26 05:42:00` */
function shortTime(time: Date): string {
  const [date = "", clock = ""] = time.toISOString().split("T");
  return `${date.slice(2).split("-").reverse().join("/")} ${clock.slice(0, 8)}`;
}
