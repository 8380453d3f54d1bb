import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { type FilterPattern, PatternSyntaxError, parseFilterPattern } from "../../patterns";
import { type Answer, type Call, jsonCall, jsonInputOf, type Mend, regionOf, type Send } from "./call";
import { errorAnswer } from "./error-answer";

/** A log event as `FilterLogEvents` tells it. */
export interface FoundLogEvent {
  readonly logStreamName: string;
  /** Milliseconds since 1970, as the next. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly eventId: string;
}

/** The log events of a group that the emulator didn't take because they come after its own time, in their order. */
export type LaterLogEvents = (region: string, logGroupName: string) => readonly FoundLogEvent[];

/** CloudWatch Logs API reference, "FilterLogEvents": what is in a page at most. The size of an event is that of "PutLogEvents". */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const BYTES_BESIDE = 26;

/** A page ends after so many events, matching or not: the reference doesn't say after how many AWS's does. */
const MOST_SEARCHED = 10_000;

/** How many events the emulator is asked for at once: each time it goes through all that it has. */
const EVENTS_AT_ONCE = 2000;

/**
 * Finds log events by the pattern as AWS reads it, in pages as AWS makes them; the emulator knows words only. A group may be
 * named by its ARN, streams by their prefix.
 *
 * Source: CloudWatch Logs API reference, "FilterLogEvents".
 */
export function filterLogEvents(later: LaterLogEvents): Mend {
  return async (call, send) => {
    const search = searchOf(jsonInputOf(call));
    if (search instanceof Refused) {
      return errorAnswer(call, { code: "InvalidParameterException", message: search.reason, status: 400 });
    }
    const events = later(regionOf(call), search.logGroupName);
    const page = new Page(search);
    let token: string | undefined = search.nextToken;
    do {
      const batch = await batchAfter(token, search, events, call, send);
      if ("status" in batch) {
        return batch;
      }
      token = page.take(batch, token);
    } while (token !== undefined && !page.isFull);
    const { found } = page;
    return answerOf({ events: found, searchedLogStreams: [], nextToken: token });
  };
}

class Refused {
  constructor(readonly reason: string) {}
}

interface Search {
  readonly logGroupName: string;
  readonly pattern: FilterPattern;
  readonly limit: number;
  readonly nextToken: string | undefined;
  /** Bounds included. */
  readonly startTime: number;
  readonly endTime: number;
  readonly logStreamNames: readonly unknown[] | undefined;
  readonly logStreamNamePrefix: string;
  /** As it was asked for. */
  readonly input: Readonly<Record<string, unknown>>;
}

function searchOf(input: Readonly<Record<string, unknown>>): Search | Refused {
  const { filterPattern, limit, nextToken, startTime, endTime, logStreamNames, logStreamNamePrefix } = input;
  if (limit !== undefined && !(typeof limit === "number" && limit >= 1 && limit <= MOST_EVENTS)) {
    return new Refused(`limit is a number from 1 to ${MOST_EVENTS}, not ${String(limit)}`);
  }
  const pattern = patternOf(filterPattern);
  return pattern instanceof Refused
    ? pattern
    : {
        logGroupName: logGroupNameOf(input),
        pattern,
        limit: limit ?? MOST_EVENTS,
        nextToken: typeof nextToken === "string" ? nextToken : undefined,
        startTime: typeof startTime === "number" ? startTime : Number.NEGATIVE_INFINITY,
        endTime: typeof endTime === "number" ? endTime : Number.POSITIVE_INFINITY,
        logStreamNames:
          Array.isArray(logStreamNames) && logStreamNames.length > 0 ? logStreamNames : undefined,
        logStreamNamePrefix: typeof logStreamNamePrefix === "string" ? logStreamNamePrefix : "",
        input,
      };
}

function patternOf(text: unknown): FilterPattern | Refused {
  try {
    return parseFilterPattern(typeof text === "string" ? text : "");
  } catch (error) {
    if (error instanceof PatternSyntaxError) {
      return new Refused(`Invalid filter pattern: ${error.message}`);
    }
    throw error;
  }
}

function logGroupNameOf({ logGroupName, logGroupIdentifier }: Readonly<Record<string, unknown>>): string {
  const name = String(logGroupName ?? logGroupIdentifier ?? "");
  return /:log-group:([^:]+)/.exec(name)?.[1] ?? name;
}

/** Events that follow each other, matching or not. */
interface Batch {
  readonly events: readonly { readonly event: FoundLogEvent; readonly tokenAfter: string }[];
  /** Undefined where nothing follows. */
  readonly nextToken: string | undefined;
}

/** @returns what the emulator says where it refuses to search */
async function batchAfter(
  token: string | undefined,
  search: Search,
  later: readonly FoundLogEvent[],
  call: Call,
  send: Send,
): Promise<Batch | Answer> {
  const index = /^later@(\d+)$/.exec(token ?? "")?.[1];
  if (index !== undefined) {
    const from = Number(index);
    const events = later
      .slice(from, from + EVENTS_AT_ONCE)
      .map((event, place) => ({ event, tokenAfter: `later@${from + place + 1}` }));
    const end = from + events.length;
    return { events, nextToken: end < later.length ? `later@${end}` : undefined };
  }
  const { logGroupName, input } = search;
  const { filterPattern: _, logGroupIdentifier: __, ...asked } = input;
  // AWS takes no heed of `interleaved`: events are always in the order of their time.
  const limits = { nextToken: token, limit: EVENTS_AT_ONCE, interleaved: true };
  const answer = await send(jsonCall(call, { ...asked, ...limits, logGroupName }));
  if (answer.status !== 200) {
    return answer;
  }
  const { events, nextToken } = (await json(answer.body)) as {
    readonly events: readonly FoundLogEvent[];
    readonly nextToken: string | null;
  };
  return {
    // So the emulator itself writes its tokens.
    events: events.map((event) => ({
      event,
      tokenAfter: `${logGroupName}@${event.logStreamName}@${event.eventId}`,
    })),
    nextToken: nextToken ?? (later.length > 0 ? "later@0" : undefined),
  };
}

class Page {
  readonly found: FoundLogEvent[] = [];
  isFull = false;
  #searched = 0;
  #bytes = 0;

  constructor(private readonly search: Search) {}

  /**
   * Takes events of a batch until it is full.
   *
   * @param token of the batch
   * @returns the token of what wasn't taken or follows; undefined where nothing does
   */
  take({ events, nextToken }: Batch, token: string | undefined): string | undefined {
    let next = token;
    for (const { event, tokenAfter } of events) {
      const isWanted = this.isWanted(event);
      const bytes = isWanted ? Buffer.byteLength(event.message) + BYTES_BESIDE : 0;
      this.isFull ||= this.found.length > 0 && this.#bytes + bytes > MOST_BYTES;
      if (this.isFull) {
        return next;
      }
      if (isWanted) {
        this.found.push(event);
        this.#bytes += bytes;
      }
      this.#searched += 1;
      next = tokenAfter;
      this.isFull = this.found.length === this.search.limit || this.#searched === MOST_SEARCHED;
    }
    return nextToken;
  }

  private isWanted({ timestamp, logStreamName, message }: FoundLogEvent): boolean {
    const { startTime, endTime, logStreamNames, logStreamNamePrefix, pattern } = this.search;
    return (
      timestamp >= startTime &&
      timestamp <= endTime &&
      (logStreamNames?.includes(logStreamName) ?? true) &&
      logStreamName.startsWith(logStreamNamePrefix) &&
      pattern.matches(message)
    );
  }
}

function answerOf(output: object): Answer {
  const body = JSON.stringify(output);
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": randomUUID(),
  };
  return { status: 200, headers, body: Readable.from([body]) };
}
