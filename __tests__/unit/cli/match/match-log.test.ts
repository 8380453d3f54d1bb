import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type LogOutcome, matchLog } from "../../../../cli/match/match-log";
import type { Match } from "../../../../cli/match/match-row";
import { RecordMatcher, type WatchedPattern } from "../../../../cli/match/record-matcher";
import { parseConfig } from "../../../../config";
import { arbitraryFilter, writeFilter } from "../../patterns/support/filters";
import { arbitraryPick, writeJson } from "../../patterns/support/raw-json";
import { arbitraryRecord } from "../../patterns/support/records";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "trailwarden-match-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function matched(
  log: string,
  matcher: RecordMatcher,
): Promise<{ matches: Match[]; outcome: LogOutcome }> {
  const matches: Match[] = [];
  const steps = matchLog(log, matcher);
  let step = await steps.next();
  for (; !step.done; step = await steps.next()) {
    matches.push(...step.value);
  }
  return { matches, outcome: step.value };
}

function catalogue(): WatchedPattern[] {
  const { detections } = parseConfig({
    environments: {
      main: { region: "eu-central-1", detections: { preset: ["cis-3.0", "tamper"], dialect: "both" } },
    },
  }).main as { detections: readonly { id: string; filterPattern: string }[] };
  return [
    ...detections.map(
      ({ id, filterPattern }): WatchedPattern => ({ kind: "detection", id, pattern: filterPattern }),
    ),
    {
      kind: "rule",
      id: "enable_trail",
      state: "ENABLED",
      pattern: JSON.stringify({
        source: ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventName: ["StopLogging"] },
      }),
    },
  ];
}

const STOP = {
  eventVersion: "1.11",
  eventTime: "2026-03-02T09:14:27Z",
  eventSource: "cloudtrail.amazonaws.com",
  eventName: "StopLogging",
  eventType: "AwsApiCall",
  awsRegion: "eu-central-1",
  recipientAccountId: "111122223333",
  userIdentity: { type: "IAMUser", userName: "mallory" },
  requestParameters: { name: "trailwarden" },
};
const GET = { ...STOP, eventName: "GetTrailStatus" };

describe("a log", () => {
  const matcher = new RecordMatcher(catalogue());
  const idsOf = (matches: readonly Match[]): string[] => matches.map(({ pattern }) => pattern.id);

  it.each<[string, (records: readonly object[]) => string | Buffer]>([
    ["as CloudTrail writes it", (records) => gzipSync(JSON.stringify({ Records: records }))],
    ["not packed", (records) => JSON.stringify({ Records: records })],
    ["as JSON lines", (records) => records.map((record) => JSON.stringify(record)).join("\n")],
    [
      "of several gzip members",
      (records) => Buffer.concat(records.map((record) => gzipSync(`${JSON.stringify(record)}\n`))),
    ],
  ])("is matched by detections and rules: %s", async (form, write) => {
    const { matches, outcome } = await matched(
      file(form.replaceAll(" ", "-"), write([GET, STOP, GET])),
      matcher,
    );

    expect(idsOf(matches)).toEqual([
      "cloudtrail-changes",
      "cloudtrail-changes-tuned",
      "tamper-trail",
      "enable_trail",
    ]);
    expect(outcome).toEqual({ records: 3, isDigest: false, problem: undefined });
  });

  it("that is cut short is matched as far as it goes, and named", async () => {
    const whole = gzipSync(JSON.stringify({ Records: [STOP, ...Array(2000).fill(GET)] }));

    const { matches, outcome } = await matched(file("cut.gz", whole.subarray(0, -200)), matcher);

    expect(idsOf(matches)).toContain("cloudtrail-changes");
    expect(outcome.problem).toBe("its gzip is broken: unexpected end of file");
  });

  it.each<[string, string, string]>([
    ["text", "hello", "after 0 records it holds h where one should stand"],
    [
      "JSON of another kind",
      '{"a":1}',
      "record 1 is no CloudTrail record: it has no eventName and eventSource",
    ],
    [
      "an object with Records in the middle",
      JSON.stringify({ a: 1, Records: [] }),
      'record 1 is no CloudTrail record; "Records" must come first in its object',
    ],
  ])("that is %s is named with the reason", async (name, content, problem) => {
    const { outcome } = await matched(file(`bad-${name}`, content), matcher);

    expect(outcome.problem).toBe(problem);
  });

  it("that isn't there is named with the reason", async () => {
    expect((await matched(path.join(folder, "nowhere"), matcher)).outcome.problem).toMatch(/no such file/i);
  });

  it("that is a digest is skipped", async () => {
    const digest = JSON.stringify({ digestS3Bucket: "b", logFiles: [] });

    expect((await matched(file("digest.json", digest), matcher)).outcome).toEqual({
      records: 0,
      isDigest: true,
      problem: undefined,
    });
  });
});

describe("the search of the raw text", () => {
  async function sameWithAndWithout(patterns: readonly WatchedPattern[], log: string): Promise<number> {
    const name = file("same.json", log);
    const searching = await matched(name, new RecordMatcher(patterns));
    const parsing = await matched(name, new RecordMatcher(patterns, { search: false }));
    expect(searching).toEqual(parsing);
    return parsing.matches.length;
  }

  it("changes no result for the catalogue, however the records are written", async () => {
    const patterns = catalogue();
    const eventNames = [
      "StopLogging",
      "UpdateFunctionCode20150331v2",
      "ConsoleLogin",
      "PutBucketPolicy",
      "GetRole",
    ];
    const record = fc.record(
      {
        eventSource: fc.constantFrom("cloudtrail.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com"),
        eventName: fc.constantFrom(...eventNames),
        eventType: fc.constantFrom("AwsApiCall", "AwsConsoleSignIn"),
        errorCode: fc.constantFrom("AccessDenied", "Client.UnauthorizedOperation", "Throttling"),
        errorMessage: fc.constant("Failed authentication"),
        userIdentity: fc.record({ type: fc.constantFrom("Root", "IAMUser"), arn: fc.string() }),
        requestParameters: fc.oneof(
          fc.constant(null),
          fc.dictionary(fc.string(), fc.constantFrom(...eventNames)),
        ),
      },
      { requiredKeys: ["eventSource", "eventName"] },
    );
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        arbitraryPick,
        async (records, pick) => {
          matches += await sameWithAndWithout(patterns, `{"Records":${writeJson(records, pick)}}`);
        },
      ),
    );
    expect(matches).toBeGreaterThan(100);
  });

  it("changes no result for any patterns and records", async () => {
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFilter, { minLength: 1, maxLength: 4 }),
        fc.array(arbitraryRecord, { minLength: 1, maxLength: 10 }),
        arbitraryPick,
        async (filters, records, pick) => {
          const patterns = filters.map(
            (filter, index): WatchedPattern => ({
              kind: "detection",
              id: `${index}`,
              pattern: writeFilter(filter),
            }),
          );
          const named = records.map((record) => ({
            ...(record as object),
            eventSource: "a",
            eventName: "b",
          }));
          matches += await sameWithAndWithout(patterns, `{"Records":${writeJson(named, pick)}}`);
        },
      ),
    );
    expect(matches).toBeGreaterThan(50);
  });
});
