import { type Detection, detectionsOf, PRESET_NAMES } from "../../../detections";
import { parseFilterPattern } from "../../../patterns";
import { NAMES, PREFIXED_NAMES } from "./support";

const FORMS = PRESET_NAMES.flatMap((preset) =>
  detectionsOf(preset, NAMES).map((detection): [string, Detection] => [preset, detection]),
);

/** What AWS and RFC 5737 keep for documentation, and everywhere. */
const ACCOUNTS = ["111122223333", "444455556666"];
const ADDRESSES = ["203.0.113.24", "203.0.113.99", "0.0.0.0"];

function patternsOf({ filterPattern, tunedPattern }: Detection): string[] {
  return tunedPattern === undefined ? [filterPattern] : [filterPattern, tunedPattern];
}

describe("every detection of the catalogue", () => {
  it.each(FORMS)("%s: $id has patterns that stand on settled ground and fit", (_preset, detection) => {
    for (const text of patternsOf(detection)) {
      expect(text.length).toBeLessThanOrEqual(1024);
      const pattern = parseFilterPattern(text);
      expect(pattern.kind).toBe("json");
      expect(pattern.usesRegularExpression).toBe(false);
      // A star stands at either end of a value.
      expect(text).not.toMatch(/"[^"*]+\*[^"*]+"/);
    }
  });

  it.each(FORMS)("%s: $id judges its examples right, in every form", (_preset, detection) => {
    const { matches, ignores } = detection.examples;
    expect(matches.length).toBeGreaterThanOrEqual(2);
    expect(ignores.length).toBeGreaterThanOrEqual(2);

    for (const pattern of patternsOf(detection).map(parseFilterPattern)) {
      for (const record of matches) {
        expect([pattern.text, record, pattern.matches(record)]).toEqual([pattern.text, record, true]);
      }
      for (const record of ignores) {
        expect([pattern.text, record, pattern.matches(record)]).toEqual([pattern.text, record, false]);
      }
    }
  });

  it.each(FORMS)("%s: $id has a tuned form only where it judges otherwise", (_preset, detection) => {
    const { tuned } = detection.examples;
    if (detection.tunedPattern === undefined) {
      expect(tuned).toBeUndefined();
      return;
    }
    const { matches = [], ignores = [] } = tuned ?? {};
    expect(matches.length + ignores.length).toBeGreaterThan(0);
    const standardForm = parseFilterPattern(detection.filterPattern);
    const tunedForm = parseFilterPattern(detection.tunedPattern);

    expect(matches.map((record) => [standardForm.matches(record), tunedForm.matches(record)])).toEqual(
      matches.map(() => [false, true]),
    );
    expect(ignores.map((record) => [standardForm.matches(record), tunedForm.matches(record)])).toEqual(
      ignores.map(() => [true, false]),
    );
  });

  it.each(FORMS)(
    "%s: $id has examples of CloudTrail's shape, with nobody's real data",
    (_preset, detection) => {
      const { tuned, matches, ignores } = detection.examples;
      for (const record of [...matches, ...ignores, ...(tuned?.matches ?? []), ...(tuned?.ignores ?? [])]) {
        expect(record).toMatchObject({
          eventVersion: expect.stringMatching(/^1\.\d\d$/),
          userIdentity: expect.any(Object),
          eventTime: expect.stringMatching(/^2026-.*Z$/),
          eventSource: expect.stringMatching(/\.amazonaws\.com$/),
          eventName: expect.any(String),
          awsRegion: expect.any(String),
          userAgent: expect.any(String),
          eventID: expect.any(String),
          requestID: expect.any(String),
          recipientAccountId: "111122223333",
        });
        expect(record).toHaveProperty("requestParameters");
        expect(record).toHaveProperty("responseElements");
        const text = JSON.stringify(record);
        expect(ACCOUNTS).toEqual(expect.arrayContaining([...(text.match(/\b\d{12}\b/g) ?? [])]));
        expect(ADDRESSES).toEqual(expect.arrayContaining([...(text.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? [])]));
      }
    },
  );

  it.each(FORMS)("%s: $id says who it is, how bad it is and what to do", (_preset, detection) => {
    expect(detection.id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
    expect(detection.title).toMatch(/^.{3,60}[^.]$/);
    expect(detection.description).toMatch(/^Raises alarms if .{10,}[^.]$/);
    expect(detection.attack.length).toBeGreaterThan(0);
    for (const technique of detection.attack) {
      expect(technique).toMatch(/^T\d{4}(?:\.\d{3})?$/);
    }
    expect(detection.runbook).toHaveLength(3);
    for (const line of detection.runbook) {
      expect(line).toMatch(/^.{20,100}$/);
    }
  });

  it("has the names that follow from its id, but for the user guide's three", () => {
    const byId = Object.fromEntries(
      FORMS.map(([, { id, filterName, metricName, alarmName, topicName }]) => [
        id,
        [filterName, metricName, alarmName, topicName],
      ]),
    );

    expect(byId["unauthorized-api-calls"]).toEqual([
      "UnauthorizedApiCalls",
      "UnauthorizedApiCallsCount",
      "Unauthorized API calls",
      "UnauthorizedApiCalls_CloudWatch_Alarms_Topic",
    ]);
    expect(byId["s3-bucket-policy-changes"]?.[0]).toBe("S3BucketPolicyChanges");
    expect(byId["tamper-log-bucket"]).toEqual([
      "TamperLogBucket",
      "TamperLogBucketCount",
      "Log bucket tampering",
      "TamperLogBucket_CloudWatch_Alarms_Topic",
    ]);
  });

  it("is the same detection under the same id, in each preset, but for its words and examples", () => {
    const apart = ({ filterPattern, tunedPattern, examples, ...same }: Detection) => same;
    const byId = new Map(FORMS.map(([, detection]) => [detection.id, apart(detection)]));

    for (const [, detection] of FORMS) {
      expect(apart(detection)).toEqual(byId.get(detection.id));
    }
  });

  it("fits with a prefix too", () => {
    for (const { filterPattern } of detectionsOf("tamper", PREFIXED_NAMES)) {
      expect(filterPattern.length).toBeLessThanOrEqual(1024);
    }
  });
});
