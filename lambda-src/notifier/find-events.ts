import { MOST_CALLS } from "../shared/alert";
import { type ApiCall, apiCallOfRecord } from "../shared/api-call";
import type { Window } from "./alarm-notification";
import type { Aws, AwsCalls } from "./aws";

/** What was found of what an alarm counted. */
export interface FoundEvents {
  /** The first of them. */
  readonly calls: readonly ApiCall[];
  readonly count: number;
  /** Whether there may be more that were not read. */
  readonly isCut: boolean;
  /** Why they could not be read, or not all of them. */
  readonly error?: Error | undefined;
}

export interface Search {
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly window: Window;
  /** How many there should be; undefined where nobody knows. */
  readonly expected: number | undefined;
}

export interface Patience {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Nothing is begun after it. */
  readonly deadline: Date;
}

/**
 * Waits before it looks again for events that the metric has counted and a search doesn't find yet: half a minute in all.
 * CloudWatch Logs says of a search only that new events are found "within seconds".
 */
const WAITS_MS = [2000, 5000, 10_000, 15_000];

/** Pages of at most 1 MB each that are read of one search (CloudWatch Logs API reference, "FilterLogEvents"). */
const MOST_PAGES = 100;

/** A page of a search. */
export type Page = Promise<AwsCalls["logs:FilterLogEvents"][1]>;

/** Begins a search before anybody needs it: what it answers is for `findEvents`, which also hears of its error. */
export function beginSearch(aws: Aws, search: Search): Page {
  const page = readPage(aws, search, undefined);
  page.catch(() => {});
  return page;
}

/**
 * The events in the log group that made an alarm count. What can't be read is no reason to be silent: the error is part of
 * what was found.
 */
export async function findEvents(
  aws: Aws,
  search: Search,
  patience: Patience,
  begun: Page = beginSearch(aws, search),
): Promise<FoundEvents> {
  const enough = search.expected ?? 1;
  let found = await look(aws, search, patience, begun);
  for (const wait of WAITS_MS) {
    const isTooLate = patience.now().getTime() + wait >= patience.deadline.getTime();
    if (found.count >= enough || found.isCut || found.error !== undefined || isTooLate) {
      break;
    }
    await patience.sleep(wait);
    const next = await look(aws, search, patience, beginSearch(aws, search));
    // What was found stays found, even if the next search fails.
    found = next.count < found.count ? { ...found, error: next.error } : next;
  }
  return found;
}

async function look(
  aws: Aws,
  search: Search,
  { now, deadline }: Patience,
  firstPage: Page,
): Promise<FoundEvents> {
  const calls: ApiCall[] = [];
  let count = 0;
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < MOST_PAGES && now() < deadline; page++) {
      const answer = await (page === 0 ? firstPage : readPage(aws, search, nextToken));
      const events = answer.events ?? [];
      count += events.length;
      calls.push(...callsOf(events.slice(0, MOST_CALLS - calls.length)));
      nextToken = answer.nextToken;
      if (nextToken === undefined) {
        return { calls, count, isCut: false };
      }
    }
    return { calls, count, isCut: true };
  } catch (error) {
    return { calls, count, isCut: count > 0, error: error as Error };
  }
}

function readPage(
  aws: Aws,
  { logGroupName, filterPattern, window }: Search,
  nextToken: string | undefined,
): Page {
  return aws("logs:FilterLogEvents", {
    logGroupName,
    filterPattern,
    startTime: window.start.getTime(),
    // It looks up to its end time, and with it.
    endTime: window.end.getTime() - 1,
    nextToken,
  });
}

function callsOf(events: readonly { readonly message?: string | undefined }[]): ApiCall[] {
  return events.flatMap(({ message = "" }) => {
    try {
      return apiCallOfRecord(JSON.parse(message)) ?? [];
    } catch {
      // No record, though it matched: it is counted all the same.
      return [];
    }
  });
}
