import {
  type CheckOptions,
  checkDetections,
  chooseDetections,
  type Detection,
  detectionsOf,
  PRESET_NAMES,
} from "../../../detections";
import { apiCall } from "../../../detections/examples";
import { NAMES, PREFIXED_NAMES } from "./support";

const stop = apiCall({ eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging" });
const start = apiCall({ eventSource: "cloudtrail.amazonaws.com", eventName: "StartLogging" });

function detection(changes: Partial<Detection> = {}): Detection {
  return {
    id: "stopped",
    title: "Stopped",
    description: "Raises alarms if logging stops",
    severity: "high",
    controls: {},
    attack: ["T1562.008"],
    filterPattern: "{ $.eventName = StopLogging }",
    filterName: "Stopped",
    metricName: "StoppedCount",
    alarmName: "Stopped",
    topicName: "Stopped_CloudWatch_Alarms_Topic",
    statistic: "Sum",
    periodSeconds: 300,
    threshold: 1,
    runbook: ["Look.", "Look again.", "Act."],
    examples: { matches: [stop], ignores: [start] },
    ...changes,
  };
}

function problemsOf(changes: Partial<Detection>, options?: CheckOptions): string[] {
  return checkDetections([detection(changes)], options);
}

function numbered(count: number, changes: Partial<Detection> = {}): Detection[] {
  return Array.from({ length: count }, (_, index) =>
    detection({
      id: `number-${index + 1}`,
      filterName: `Filter${index}`,
      metricName: `Metric${index}`,
      alarmName: `Alarm ${index}`,
      ...changes,
    }),
  );
}

describe("checkDetections", () => {
  it.each(PRESET_NAMES)("finds nothing in %s", (preset) => {
    expect(checkDetections(detectionsOf(preset, NAMES))).toEqual([]);
    expect(checkDetections(detectionsOf(preset, PREFIXED_NAMES), { namePrefix: "prod-" })).toEqual([]);
  });

  it("finds nothing in all presets together, in both forms", () => {
    expect(checkDetections(chooseDetections([...PRESET_NAMES], NAMES), { forms: "both" })).toEqual([]);
  });

  it("finds nothing in tamper, whatever a deployment is called", () => {
    for (const name of ["a", "x", "sns", "other", "unrelated", "prod", "z-9"]) {
      for (const namePrefix of ["", `${name}-`, name]) {
        const names = {
          namePrefix,
          trailName: `${namePrefix}${name}`,
          bucketName: `${namePrefix}${name}-*`,
          logGroupName: name,
          functionNames: [name],
          roleNames: [name],
        };
        expect(checkDetections(detectionsOf("tamper", names))).toEqual([]);
      }
    }
  });
});

describe("names", () => {
  it("must be unique", () => {
    expect(checkDetections([detection(), detection({ id: "other" })])).toEqual([
      'other: filter name "Stopped" is already that of stopped',
      'other: metric name "StoppedCount" is already that of stopped',
      'other: alarm name "Stopped" is already that of stopped',
    ]);
    expect(checkDetections([detection(), ...numbered(1, { id: "stopped" })])).toEqual([
      'stopped: id "stopped" is already that of stopped',
    ]);
  });

  it("may share a topic", () => {
    expect(checkDetections([detection(), ...numbered(2)])).toEqual([]);
  });

  it("must be ones that AWS takes, with the prefix", () => {
    expect(problemsOf({ filterName: "a:b" })).toEqual(['stopped: filter name "a:b" must not contain ":"']);
    expect(problemsOf({ metricName: "a$b" })).toEqual(['stopped: metric name "a$b" must not contain "$"']);
    expect(problemsOf({ topicName: "a b" })).toEqual(['stopped: topic name "a b" must not contain " "']);
    expect(problemsOf({ alarmName: "" })).toEqual([
      "stopped: alarm name must have 1 to 255 characters, has 0",
    ]);
    expect(problemsOf({ alarmName: "a".repeat(255) })).toEqual([]);
    expect(problemsOf({ alarmName: "a".repeat(255) }, { namePrefix: "b-" })).toEqual([
      "stopped: alarm name must have 1 to 255 characters, has 257",
    ]);
  });
});

describe("thresholds", () => {
  it.each(["Minimum", "Maximum", "Average"] as const)("of %s can't be more than 1", (statistic) => {
    expect(problemsOf({ statistic, threshold: 1 })).toEqual([]);
    expect(problemsOf({ statistic, threshold: 3 })).toEqual([
      `stopped: threshold 3 is never reached: each match counts 1, so ${statistic} is 1; take Sum or a threshold of 1`,
    ]);
  });

  it.each(["Sum", "SampleCount"] as const)("of %s can be any number from 1", (statistic) => {
    expect(problemsOf({ statistic, threshold: 1 })).toEqual([]);
    expect(problemsOf({ statistic, threshold: 1000 })).toEqual([]);
  });

  it.each(["Sum", "SampleCount", "Minimum", "Maximum", "Average"] as const)(
    "of %s must be more than 0",
    (statistic) => {
      expect(problemsOf({ statistic, threshold: 0 })).toEqual([
        "stopped: threshold 0 is always reached; it must be more than 0",
      ]);
      expect(problemsOf({ statistic, threshold: -1 })).toHaveLength(1);
    },
  );

  it("must be numbers", () => {
    expect(problemsOf({ threshold: Number.NaN })).toEqual(["stopped: threshold must be a number, is NaN"]);
  });
});

describe("periods", () => {
  it.each([60, 300, 86_400])("of %d seconds are taken", (periodSeconds) => {
    expect(problemsOf({ periodSeconds })).toEqual([]);
  });

  it.each([0, -60, 1, 10, 20, 30, 45, 90, 86_460, 60.5, Number.NaN])(
    "of %d seconds are refused",
    (periodSeconds) => {
      expect(problemsOf({ periodSeconds })).toEqual([
        `stopped: periodSeconds must be a multiple of 60 up to 86400, is ${periodSeconds}`,
      ]);
    },
  );
});

describe("patterns", () => {
  const examples = { matches: [], ignores: [] };

  it("must parse, in both forms", () => {
    expect(problemsOf({ filterPattern: "{ $.eventName EXISTS }", examples })).toEqual([
      expect.stringMatching(/^stopped: filterPattern: .+$/),
    ]);
    expect(problemsOf({ tunedPattern: "{ $.eventName = }", examples })).toEqual([
      expect.stringMatching(/^stopped: tunedPattern: .+$/),
    ]);
  });

  it("must be for JSON", () => {
    expect(problemsOf({ filterPattern: "StopLogging", examples })).toEqual([
      "stopped: filterPattern must have the form { … }: CloudTrail records are JSON",
    ]);
  });

  it("must have at most 1,024 characters", () => {
    const filterPattern = `{ $.eventName = "${"a".repeat(1006)}" }`;
    expect(filterPattern).toHaveLength(1026);

    expect(problemsOf({ filterPattern, examples })).toEqual([
      "stopped: filterPattern has 1026 characters, 2 more than CloudWatch Logs allows",
    ]);
  });

  it("must not have a star in the middle of a value", () => {
    expect(
      problemsOf({ filterPattern: '{ ($.a = "b*") && (($.c = "d*e") || ($.f NOT EXISTS)) }', examples }),
    ).toEqual(['stopped: filterPattern: "d*e" has "*" in the middle, where its meaning isn\'t settled']);
    expect(problemsOf({ filterPattern: '{ ($.a = "*") || ($.a = "*b*") || ($.a = 1) }', examples })).toEqual(
      [],
    );
  });
});

describe("examples", () => {
  it("must be judged right by the standard's text", () => {
    expect(problemsOf({ examples: { matches: [stop, start], ignores: [start, stop] } })).toEqual([
      "stopped: filterPattern misses StartLogging of cloudtrail.amazonaws.com (number 2 in examples)",
      "stopped: filterPattern matches StopLogging of cloudtrail.amazonaws.com (number 2 in examples)",
    ]);
  });

  it("must be judged right by the tuned pattern, and its own by it alone", () => {
    const tunedPattern = "{ ($.eventName = StopLogging) || ($.eventName = StartLogging) }";
    expect(
      problemsOf({
        tunedPattern,
        examples: { matches: [stop], ignores: [], tuned: { matches: [start], ignores: [] } },
      }),
    ).toEqual([]);
    expect(problemsOf({ tunedPattern })).toEqual([
      "stopped: tunedPattern matches StartLogging of cloudtrail.amazonaws.com (number 1 in examples)",
    ]);
    expect(
      problemsOf({
        tunedPattern,
        examples: { matches: [], ignores: [], tuned: { matches: [stop], ignores: [start] } },
      }),
    ).toEqual([
      "stopped: filterPattern misses StartLogging of cloudtrail.amazonaws.com (number 1 in examples.tuned)",
      "stopped: filterPattern matches StopLogging of cloudtrail.amazonaws.com (number 1 in examples.tuned)",
      "stopped: tunedPattern matches StartLogging of cloudtrail.amazonaws.com (number 1 in examples.tuned)",
    ]);
  });
});

describe("quotas", () => {
  it("are 100 filters a log group", () => {
    expect(checkDetections(numbered(100))).toEqual([]);
    expect(checkDetections(numbered(102))).toEqual([
      "number-101: is the first metric filter too many: there are 102, a log group takes 100",
    ]);
  });

  it("count both forms where both are made", () => {
    const tuned = numbered(60, {
      tunedPattern: "{ $.eventName = StopLogging && $.eventSource = * }",
      filterPattern: "{ $.eventName = StopLogging && $.eventSource = * }",
      examples: { matches: [], ignores: [] },
    });

    expect(checkDetections(tuned, { forms: "tuned" })).toEqual([]);
    expect(checkDetections(tuned, { forms: "both" })).toEqual([
      "number-51: is the first metric filter too many: there are 120, a log group takes 100",
    ]);
  });

  it("are 5 filters with a regular expression a log group", () => {
    const filterPattern = "{ $.eventName = %^Stop% }";

    expect(checkDetections(numbered(5, { filterPattern }))).toEqual([]);
    expect(checkDetections(numbered(6, { filterPattern }))).toEqual([
      "number-6: is the first metric filter with a regular expression too many: there are 6, a log group takes 5",
    ]);
  });
});
