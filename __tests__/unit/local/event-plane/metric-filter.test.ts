import {
  compileMetricFilter,
  pointsOf,
  pointsOfBatch,
  UnknownMetricFilterError,
} from "../../../../local/event-plane/metric-filter";

const REGION = "ap-northeast-2";

const TRANSFORMATION = { metricName: "Failures", metricNamespace: "CloudTrailMetrics", metricValue: "1" };

function filterOf(transformation: object = {}, filterPattern = '{ $.eventName = "ConsoleLogin" }') {
  return compileMetricFilter({
    filterName: "sign-ins",
    filterPattern,
    logGroupName: "g",
    metricTransformations: [{ ...TRANSFORMATION, ...transformation }],
  });
}

function eventOf(fields: unknown, time = "2026-11-22T05:42:17Z") {
  return { message: JSON.stringify(fields), parsed: fields, time: new Date(time) };
}

const SIGN_IN = { eventName: "ConsoleLogin", count: 3, user: { name: "kim" }, mfa: false };

describe("pointsOf", () => {
  it("puts the filter's value at the event's time", () => {
    expect(pointsOf(filterOf({ unit: "Count" }), eventOf(SIGN_IN), REGION)).toEqual([
      {
        region: REGION,
        namespace: "CloudTrailMetrics",
        metricName: "Failures",
        dimensions: {},
        time: new Date("2026-11-22T05:42:17Z"),
        value: 1,
        unit: "Count",
      },
    ]);
  });

  it.each([
    ["1", [1]],
    ["-2.5e1", [-25]],
    ["$.count", [3]],
    ["$.user.name", []],
    ["$.user", []],
    ["$.missing", []],
  ])("the value %s makes %j", (metricValue, expected) => {
    expect(
      pointsOf(filterOf({ metricValue }), eventOf(SIGN_IN), REGION).map(({ value }) => value),
    ).toStrictEqual(expected);
  });

  it.each([
    [{ User: "$.user.name", Mfa: "$.mfa" }, [{ User: "kim", Mfa: "false" }]],
    [{ User: "$.missing" }, []],
    [{ User: "$.user" }, []],
  ])("the dimensions %j make %j", (dimensions, expected) => {
    const points = pointsOf(filterOf({ dimensions }), eventOf(SIGN_IN), REGION);
    expect(points.map((point) => point.dimensions)).toEqual(expected);
  });

  it("reads a message that wasn't parsed", () => {
    const { message, time } = eventOf(SIGN_IN);
    const filter = filterOf({ metricValue: "$.count" });
    expect(pointsOf(filter, { message, time }, REGION)).toMatchObject([{ value: 3 }]);
    expect(pointsOf(filter, { message: "ConsoleLogin", time }, REGION)).toEqual([]);
  });

  it.each([
    ["text", "ERROR", "an ERROR came", 1],
    ["text", "ERROR", "all is well", 0],
    ["columns", "[ip, status=5*]", "10.0.0.1 503", 1],
    ["everything", "", "anything", 1],
  ])("matches %s with the pattern %j against %j", (_, pattern, message, count) => {
    expect(pointsOf(filterOf({}, pattern), { message, time: new Date() }, REGION)).toHaveLength(count);
  });

  it("doesn't take a text that holds JSON for JSON", () => {
    expect(pointsOf(filterOf(), eventOf(JSON.stringify(SIGN_IN)), REGION)).toEqual([]);
  });

  it("matches the message of an event that is parsed, if the pattern is for text", () => {
    const event = { message: '{ "a": 1 }', parsed: { a: 1 }, time: new Date() };
    expect(pointsOf(filterOf({}, '"{ "'), event, REGION)).toHaveLength(1);
  });
});

describe("pointsOfBatch", () => {
  const other = { eventName: "GetObject" };

  it("puts the default value for each minute in which events came and none matched", () => {
    const points = pointsOfBatch(
      filterOf({ defaultValue: 0 }),
      [
        eventOf(other, "2026-11-22T05:40:01Z"),
        eventOf(other, "2026-11-22T05:40:59Z"),
        eventOf(SIGN_IN, "2026-11-22T05:42:10Z"),
        eventOf(other, "2026-11-22T05:42:20Z"),
        eventOf(other, "2026-11-22T05:43:00Z"),
      ],
      REGION,
    );
    expect(points.map(({ time, value }) => [time.toISOString(), value])).toEqual([
      ["2026-11-22T05:42:10.000Z", 1],
      ["2026-11-22T05:40:00.000Z", 0],
      ["2026-11-22T05:43:00.000Z", 0],
    ]);
  });

  it("puts none without a default value, nor without events", () => {
    expect(pointsOfBatch(filterOf(), [eventOf(other)], REGION)).toEqual([]);
    expect(pointsOfBatch(filterOf({ defaultValue: 0 }), [], REGION)).toEqual([]);
  });
});

describe("compileMetricFilter", () => {
  it.each<[object, string, RegExp]>([
    [{}, "{ $.eventName = }", /^metric filter sign-ins: /],
    [{ metricValue: "one" }, "", /^metric filter sign-ins: expected a selector/],
    [{ metricValue: "$.a b" }, "", /expected a number or one field such as \$\.count, got "\$\.a b"/],
    [{ metricValue: "$.a[*]" }, "", /expected a number or one field/],
    [{ metricValue: "1e999" }, "", /expected a selector/],
    [{ dimensions: { Ip: "$ip" } }, "", /a selector starts with/],
    [{ dimensions: { Ip: "$.ip" }, defaultValue: 0 }, "", /takes no default value/],
  ])("refuses %j with the pattern %j, naming the filter", (transformation, pattern, message) => {
    expect(() => filterOf(transformation, pattern)).toThrow(UnknownMetricFilterError);
    expect(() => filterOf(transformation, pattern)).toThrow(message);
  });
});
