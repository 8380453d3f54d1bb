import fc from "fast-check";
import {
  type AlarmDefinition,
  type AlarmState,
  decimalOf,
  stateOf,
  timestampOf,
  UnknownAlarmError,
} from "../../../../local/event-plane/alarm-state";
import { Metrics } from "../../../../local/event-plane/metrics";

const REGION = "ap-northeast-2";
const START = Date.parse("2026-11-22T05:37:00Z");

/** Three failed sign-ins in five minutes. */
const SIGN_INS: AlarmDefinition = {
  AlarmName: "console_signin_failures",
  MetricName: "SignInFailures",
  Namespace: "CloudTrailMetrics",
  Dimensions: [],
  Statistic: "Sum",
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 3,
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
  TreatMissingData: "notBreaching",
};

function minute(minutes: number): Date {
  return new Date(START + minutes * 60_000);
}

/** @param values by the minute they are put at */
function metricsOf(...values: readonly (readonly [minutes: number, value: number])[]): Metrics {
  const metrics = new Metrics();
  for (const [minutes, value] of values) {
    metrics.put({
      region: REGION,
      namespace: "CloudTrailMetrics",
      metricName: "SignInFailures",
      dimensions: {},
      time: minute(minutes),
      value,
    });
  }
  return metrics;
}

function verdict(alarm: AlarmDefinition, metrics: Metrics, minutes: number, current: AlarmState = "OK") {
  return stateOf(alarm, metrics, minute(minutes), current, REGION);
}

/** The states at the end of each of the minutes 1 to `last`, each from the one before. */
function states(alarm: AlarmDefinition, metrics: Metrics, last: number): AlarmState[] {
  const found: AlarmState[] = [];
  for (let end = 1; end <= last; end += 1) {
    found.push(verdict(alarm, metrics, end, found.at(-1)).state);
  }
  return found;
}

describe("stateOf, on failed sign-ins", () => {
  it("is silent at two in five minutes", () => {
    expect(states(SIGN_INS, metricsOf([0, 1], [4, 1]), 20)).not.toContain("ALARM");
  });

  it("alarms at the end of the minute of the third, and is OK again once no period that it looks at has three", () => {
    const found = states(SIGN_INS, metricsOf([0, 1], [2, 1], [4, 1]), 20);
    expect(found.indexOf("ALARM")).toBe(4);
    expect(found.lastIndexOf("ALARM")).toBe(14);
    expect(found.at(-1)).toBe("OK");
  });

  it("is silent at three spread over six minutes", () => {
    expect(states(SIGN_INS, metricsOf([0, 1], [2.5, 1], [5.2, 1]), 20)).not.toContain("ALARM");
  });

  it("slides by the minute: three across the fifth and sixth minute are in one period", () => {
    const found = states(SIGN_INS, metricsOf([3, 1], [4.9, 1], [5.1, 1]), 10);
    expect(found.indexOf("ALARM")).toBe(5);
  });

  it("doesn't take the minute that has only begun", () => {
    expect(verdict(SIGN_INS, metricsOf([5, 3]), 5).state).toBe("OK");
    expect(verdict(SIGN_INS, metricsOf([4.999, 3]), 5).state).toBe("ALARM");
  });

  it("looks at its own metric only", () => {
    const metrics = metricsOf([0, 3]);
    const other = { ...SIGN_INS, Dimensions: [{ Name: "User", Value: "kim" }] };
    expect(verdict(other, metrics, 5).state).toBe("OK");
    expect(stateOf(SIGN_INS, metrics, minute(5), "OK", "eu-west-1").state).toBe("OK");
  });
});

describe("stateOf, by the operator", () => {
  it.each([
    ["GreaterThanOrEqualToThreshold", 3, "ALARM"],
    ["GreaterThanOrEqualToThreshold", 2.9, "OK"],
    ["GreaterThanThreshold", 3, "OK"],
    ["GreaterThanThreshold", 3.1, "ALARM"],
    ["LessThanThreshold", 3, "OK"],
    ["LessThanThreshold", 2.9, "ALARM"],
    ["LessThanOrEqualToThreshold", 3, "ALARM"],
    ["LessThanOrEqualToThreshold", 3.1, "OK"],
  ] as const)("%s 3, of %s: %s", (ComparisonOperator, value, expected) => {
    expect(verdict({ ...SIGN_INS, ComparisonOperator }, metricsOf([0, value]), 5).state).toBe(expected);
  });

  it.each([
    ["Sum", "ALARM"],
    ["Average", "OK"],
    ["Maximum", "OK"],
    ["Minimum", "OK"],
    ["SampleCount", "OK"],
  ] as const)("takes the %s", (Statistic, expected) => {
    expect(verdict({ ...SIGN_INS, Statistic }, metricsOf([0, 1], [1, 2]), 5).state).toBe(expected);
  });
});

/** `X` breaching, `0` not, `-` missing; the most recent period is the last. */
function periods(text: string): Metrics {
  const points = text.split(" ").map((period, index, all) => [5 - all.length + index, period] as const);
  return metricsOf(
    ...points.flatMap(([at, period]) => (period === "-" ? [] : [[at, period === "X" ? 3 : 0] as const])),
  );
}

/** The tables of "Configuring how CloudWatch alarms treat missing data"; `current` for a state that is retained. */
describe.each([
  [3, "0 - X - X", "OK", "OK", "OK", "OK"],
  [3, "0 - - - -", "OK", "OK", "OK", "OK"],
  [3, "- - - - -", "INSUFFICIENT_DATA", "current", "ALARM", "OK"],
  [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [3, "- - X - -", "ALARM", "current", "ALARM", "OK"],
  [3, "- - - X -", "INSUFFICIENT_DATA", "current", "ALARM", "OK"],
  [3, "- - - - X", "INSUFFICIENT_DATA", "current", "ALARM", "OK"],
  [3, "X - - - -", "ALARM", "current", "ALARM", "OK"],
  [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
  [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
  [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
  [2, "- - - X -", "ALARM", "current", "ALARM", "OK"],
  [2, "X X 0 0 X", "OK", "OK", "OK", "OK"],
] as const)(
  "stateOf, of %s of 3 datapoints in %s",
  (DatapointsToAlarm, data, missing, ignore, breaching, notBreaching) => {
    it.each([
      ["missing", missing],
      ["ignore", ignore],
      ["breaching", breaching],
      ["notBreaching", notBreaching],
      [undefined, missing],
    ] as const)("with missing data %s: %s", (TreatMissingData, expected) => {
      const alarm = { ...SIGN_INS, Period: 60, EvaluationPeriods: 3, DatapointsToAlarm, TreatMissingData };
      for (const current of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
        const { state } = verdict(alarm, periods(data), 5, current);
        expect(state).toBe(expected === "current" ? current : expected);
      }
    });
  },
);

describe("stateOf, its reason", () => {
  const minutely = { ...SIGN_INS, Period: 60 };
  const three = { ...minutely, EvaluationPeriods: 3 };
  it.each<[string, AlarmDefinition, string, string]>([
    [
      "of one datapoint",
      SIGN_INS,
      "X",
      "Threshold Crossed: 1 datapoint [3.0 (22/11/26 05:37:00)] was greater than or equal to the threshold (3.0).",
    ],
    [
      "of one good datapoint",
      minutely,
      "0",
      "Threshold Crossed: 1 datapoint [0.0 (22/11/26 05:41:00)] was not greater than or equal to the threshold (3.0).",
    ],
    [
      "of several, the most recent first",
      { ...three, ComparisonOperator: "GreaterThanThreshold", Threshold: 0 },
      "X X X",
      "Threshold Crossed: 3 datapoints [3.0 (22/11/26 05:41:00), 3.0 (22/11/26 05:40:00), 3.0 (22/11/26 05:39:00)] were greater than the threshold (0.0).",
    ],
    [
      "of many",
      { ...minutely, EvaluationPeriods: 6 },
      "X X X X X X",
      "Threshold Crossed: 6 datapoints were greater than or equal to the threshold (3.0). The most recent datapoints which crossed the threshold: [3.0 (22/11/26 05:41:00), 3.0 (22/11/26 05:40:00), 3.0 (22/11/26 05:39:00), 3.0 (22/11/26 05:38:00), 3.0 (22/11/26 05:37:00)].",
    ],
    [
      "of M of N",
      { ...three, DatapointsToAlarm: 2 },
      "X 0 X",
      "Threshold Crossed: 2 out of the last 3 datapoints [3.0 (22/11/26 05:41:00), 3.0 (22/11/26 05:39:00)] were greater than or equal to the threshold (3.0) (minimum 2 datapoints for OK -> ALARM transition).",
    ],
    [
      "of M of N that is good",
      { ...three, DatapointsToAlarm: 3 },
      "X 0 X",
      "Threshold Crossed: 1 out of the last 3 datapoints [0.0 (22/11/26 05:40:00)] was not greater than or equal to the threshold (3.0) (minimum 1 datapoint for ALARM -> OK transition).",
    ],
    [
      "of M of N, some missing",
      { ...three, DatapointsToAlarm: 1 },
      "X - -",
      "Threshold Crossed: 1 out of the last 3 datapoints [3.0 (22/11/26 05:39:00)] was greater than or equal to the threshold (3.0) and 2 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      "of good ones, some missing",
      { ...three, EvaluationPeriods: 2, TreatMissingData: "breaching" },
      "- - - 0",
      "Threshold Crossed: 1 datapoint [0.0 (22/11/26 05:41:00)] was not greater than or equal to the threshold (3.0) and 1 missing datapoint was treated as [Breaching].",
    ],
    [
      "of one that is missing",
      minutely,
      "-",
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    ],
    [
      "of all that are missing",
      { ...three, TreatMissingData: "breaching" },
      "-",
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    ],
    [
      "of missing ones against the only one there is",
      { ...three, DatapointsToAlarm: 2, TreatMissingData: "breaching" },
      "0",
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    ],
    [
      "of one unknown",
      { ...minutely, TreatMissingData: "missing" },
      "-",
      "Insufficient Data: 1 datapoint was unknown.",
    ],
    [
      "of unknown ones",
      { ...three, TreatMissingData: "missing" },
      "-",
      "Insufficient Data: 3 datapoints were unknown.",
    ],
    [
      "of ignored ones",
      { ...three, TreatMissingData: "ignore" },
      "X",
      "Unchanged: 2 datapoints of 3 missing, which is ignored.",
    ],
  ])("%s", (_, alarm, data, expected) => {
    expect(verdict(alarm, periods(data), 5).reason).toBe(expected);
  });

  it("comes with data", () => {
    const alarm = { ...three, EvaluationPeriods: 2, TreatMissingData: "breaching" };
    expect(JSON.parse(verdict(alarm, periods("X -"), 5).reasonData)).toEqual({
      version: "1.0",
      queryDate: "2026-11-22T05:42:00.000+0000",
      startDate: "2026-11-22T05:40:00.000+0000",
      statistic: "Sum",
      period: 60,
      recentDatapoints: [3],
      threshold: 3,
      evaluatedDatapoints: [
        { timestamp: "2026-11-22T05:41:00.000+0000" },
        { timestamp: "2026-11-22T05:40:00.000+0000", sampleCount: 1, value: 3 },
      ],
    });
  });

  it("lists the data of the past first", () => {
    const alarm = { ...three, EvaluationPeriods: 2 };
    expect(JSON.parse(verdict(alarm, periods("X 0"), 5).reasonData)).toMatchObject({
      recentDatapoints: [3, 0],
    });
  });
});

describe("stateOf, of what it doesn't evaluate", () => {
  it.each<[Partial<AlarmDefinition>, RegExp]>([
    [{ Metrics: [{ Id: "m1" }] }, /metric math and anomaly detection/],
    [{ ExtendedStatistic: "p99" }, /the statistic p99/],
    [{ Unit: "Count" }, /data of one unit/],
    [{ EvaluationWindow: { WallClockWindow: {} } }, /wall clock window/],
    [{ ComparisonOperator: "GreaterThanUpperThreshold" }, /the operator GreaterThanUpperThreshold/],
    [{ Statistic: undefined }, /undefined is no statistic/],
    [{ Period: 30 }, /a period of 30 seconds/],
    [{ Period: 90 }, /a period of 90 seconds/],
    [{ Period: 0 }, /a period of 0 seconds/],
    [{ Period: undefined }, /a period of undefined seconds/],
    [{ EvaluationPeriods: 0 }, /0 of 0 datapoints/],
    [{ EvaluationPeriods: undefined }, /no number of evaluation periods/],
    [{ DatapointsToAlarm: 2 }, /2 of 1 datapoints/],
    [{ Threshold: undefined }, /no threshold/],
    [{ MetricName: undefined }, /no metric name/],
    [{ Namespace: undefined }, /no namespace/],
    [{ TreatMissingData: "forget" }, /treated as forget/],
  ])("refuses %j, naming the alarm", (fields, message) => {
    const evaluate = () => verdict({ ...SIGN_INS, ...fields }, metricsOf(), 5);
    expect(evaluate).toThrow(UnknownAlarmError);
    expect(evaluate).toThrow(/^alarm console_signin_failures: /);
    expect(evaluate).toThrow(message);
  });

  it.each([new Date(START + 1), new Date(Number.NaN)])("refuses a time that is no full minute", (at) => {
    expect(() => stateOf(SIGN_INS, metricsOf(), at, "OK", REGION)).toThrow(RangeError);
  });
});

describe("stateOf, of any series", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  it("finds a state and words for it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -30, max: 6 }), value)),
        fc.record({
          Period: fc.constantFrom(60, 120, 300),
          Threshold: value,
          Statistic: fc.constantFrom("Sum", "Average", "Minimum", "Maximum", "SampleCount"),
          ComparisonOperator: fc.constantFrom(
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "LessThanThreshold",
            "LessThanOrEqualToThreshold",
          ),
          TreatMissingData: fc.constantFrom("missing", "ignore", "breaching", "notBreaching"),
        }),
        fc
          .integer({ min: 1, max: 7 })
          .chain((n) => fc.tuple(fc.constant(n), fc.option(fc.integer({ min: 1, max: n })))),
        fc.constantFrom("OK", "ALARM", "INSUFFICIENT_DATA"),
        (points, fields, [EvaluationPeriods, toAlarm], current) => {
          const alarm = {
            ...SIGN_INS,
            ...fields,
            EvaluationPeriods,
            DatapointsToAlarm: toAlarm ?? undefined,
          };
          const { state, reason } = verdict(alarm, metricsOf(...points), 5, current);
          if (reason.startsWith("Unchanged")) {
            expect(state).toBe(current);
          } else if (state === "INSUFFICIENT_DATA") {
            expect(reason).toMatch(/^Insufficient Data: \d+ datapoints? w(?:as|ere) unknown\.$/);
          } else {
            expect(reason).toMatch(/^Threshold Crossed: .*\.$/);
            expect(reason).not.toMatch(/undefined|NaN|\[\]/);
          }
        },
      ),
    );
  });
});

describe("decimalOf", () => {
  it.each([
    [0, "0.0"],
    [3, "3.0"],
    [-2.5, "-2.5"],
    [0.001, "0.001"],
    [0.00025, "2.5E-4"],
    [1e-7, "1.0E-7"],
    [9_999_999, "9999999.0"],
    [10_000_000, "1.0E7"],
    [2_147_483_648, "2.147483648E9"],
    [83_714_617_344, "8.3714617344E10"],
    [1e21, "1.0E21"],
  ])("writes %d as Java does: %s", (value, expected) => {
    expect(decimalOf(value)).toBe(expected);
  });
});

describe("timestampOf", () => {
  it("writes a time as CloudWatch does", () => {
    expect(timestampOf(minute(5))).toBe("2026-11-22T05:42:00.000+0000");
  });
});
