import type { CloudTrailRecord } from "../../local/event-of-record";
import { readChunks } from "./log-chunks";
import type { Match } from "./match-row";
import type { RecordMatcher } from "./record-matcher";
import { LogFormatError, RecordScanner } from "./record-scanner";
import { systemErrorReason } from "./system-error";

/** What became of a log. */
export interface LogOutcome {
  readonly records: number;
  /** Whether it is a digest file, which stands in the same bucket as the logs and holds no records. */
  readonly isDigest: boolean;
  /** What keeps it from being a log, or a whole one. */
  readonly problem: string | undefined;
}

/**
 * Matches the records of a log, chunk by chunk. Of a broken log it takes the records that can be made out.
 *
 * A record that can't match is not parsed, but for the first: what is wrong within it goes unnoticed.
 */
export async function* matchLog(
  file: string,
  matcher: RecordMatcher,
): AsyncGenerator<readonly Match[], LogOutcome> {
  let matches: Match[] = [];
  let isDigest = false;
  const bad = { first: "", count: 0 };
  const look = (json: Buffer): void => {
    const record = parseRecord(json);
    if (record === DIGEST) {
      isDigest = true;
    } else if (typeof record === "string") {
      bad.first ||= `record ${scanner.records} ${record}`;
      bad.count++;
    } else {
      matches.push(...matcher.matchesOf(record).map((pattern) => ({ pattern, record, file })));
    }
  };
  const scanner = new RecordScanner(matcher.placesOf, look);
  const problems: string[] = [];
  try {
    for await (const chunk of readChunks(file)) {
      scanner.write(chunk);
      const found = matches;
      matches = [];
      yield found;
    }
    scanner.end();
  } catch (error) {
    problems.push(reasonOf(error));
  }
  yield matches;
  if (bad.count > 0) {
    problems.push(bad.count === 1 ? bad.first : `${bad.first} (and ${bad.count - 1} more such records)`);
  }
  return {
    records: isDigest ? 0 : scanner.records,
    isDigest,
    problem: problems.length === 0 ? undefined : problems.join("; "),
  };
}

const DIGEST = Symbol("digest");

/** @returns the record, or what is wrong with it */
function parseRecord(json: Buffer): CloudTrailRecord | typeof DIGEST | string {
  let value: CloudTrailRecord;
  try {
    value = JSON.parse(json.toString()) as CloudTrailRecord;
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`;
  }
  if (typeof value.eventName === "string" && typeof value.eventSource === "string") {
    return value;
  }
  // Insights events name neither: they are about many calls.
  if (value.eventType === "AwsCloudTrailInsight") {
    return value;
  }
  // CloudTrail user guide, "CloudTrail digest file structure"
  if (typeof value.digestS3Bucket === "string" && Array.isArray(value.logFiles)) {
    return DIGEST;
  }
  return Array.isArray(value.Records)
    ? 'is no CloudTrail record; "Records" must come first in its object'
    : "is no CloudTrail record: it has no eventName and eventSource";
}

/** @throws what is no matter of the file */
function reasonOf(error: unknown): string {
  if (error instanceof LogFormatError) {
    return error.message;
  }
  const reason = systemErrorReason(error);
  if (reason === undefined) {
    throw error;
  }
  return reason;
}
