import { type CloudTrailRecord, eventOfRecord, isOffered, type RuleState } from "../../local/event-of-record";
import {
  compileRawTextSearch,
  parseEventPattern,
  parseFilterPattern,
  type RequiredTexts,
} from "../../patterns";

/** A pattern that records are matched against: that of a detection's metric filter, or that of an event rule. */
export type WatchedPattern =
  | { readonly kind: "detection"; readonly id: string; readonly pattern: string }
  | { readonly kind: "rule"; readonly id: string; readonly pattern: string; readonly state: RuleState };

interface Compiled {
  readonly required: RequiredTexts;
  readonly matches: (record: CloudTrailRecord, event: object | undefined) => boolean;
}

/** Tells which of many patterns match a record, and which records are worth parsing for it. */
export class RecordMatcher {
  /**
   * Finds the places in a part of a log that make the record around them worth a look, in order. Without it any record
   * may match.
   */
  readonly placesOf: ((chunk: Buffer) => number[]) | undefined;

  private readonly compiled: readonly Compiled[];

  /**
   * @param options.search whether records are searched for what the patterns require before they are parsed, which
   * changes nothing but the time it takes. Default: true.
   * @throws Error for a pattern that isn't valid
   */
  constructor(
    private readonly patterns: readonly WatchedPattern[],
    { search = true }: { search?: boolean } = {},
  ) {
    this.compiled = patterns.map(compile);
    const rawTextSearch = compileRawTextSearch(
      this.compiled.map(({ required }) => required),
      "eventName",
    );
    // The search is for ASCII, which UTF-8 that is read as Latin-1 leaves as it is.
    this.placesOf =
      search && rawTextSearch !== undefined ? (chunk) => rawTextSearch(chunk.toString("latin1")) : undefined;
  }

  /** The patterns that match a record. */
  matchesOf(record: CloudTrailRecord): WatchedPattern[] {
    const event = eventOfRecord(record);
    return this.patterns.filter((_, index) => this.compiled[index]?.matches(record, event));
  }
}

function compile(watched: WatchedPattern): Compiled {
  try {
    return watched.kind === "detection" ? compileDetection(watched) : compileRule(watched);
  } catch (error) {
    throw new Error(`the pattern of ${watched.kind} ${watched.id} is not valid: ${(error as Error).message}`);
  }
}

function compileDetection({ pattern }: WatchedPattern): Compiled {
  const filter = parseFilterPattern(pattern);
  return { required: filter.requiredTexts, matches: (record) => filter.matches(record) };
}

function compileRule({ pattern, state }: WatchedPattern & { kind: "rule" }): Compiled {
  const { requiredInDetail, matches } = parseEventPattern(pattern);
  return {
    required: requiredInDetail,
    matches: (record, event) => event !== undefined && isOffered(record, state) && matches(event),
  };
}
