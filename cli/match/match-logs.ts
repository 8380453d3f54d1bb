import { availableParallelism } from "node:os";
import { STANDARD_INPUT } from "./log-chunks";
import { type LogFile, logFiles } from "./log-files";
import { LogThread, type Rows } from "./log-thread";
import { TABLE_HEAD } from "./match-row";
import { OrderedOutput, type Print, type SourceOutput } from "./ordered-output";
import { printable } from "./printable";
import type { WatchedPattern } from "./record-matcher";

export interface MatchLogsOptions {
  /** Files, folders, and `-` for standard input. */
  readonly names: readonly string[];
  /** Is called while the threads load. */
  readonly patterns: () => readonly WatchedPattern[];
  readonly rows: Rows;
  readonly signal: AbortSignal;
}

export interface Totals {
  files: number;
  records: number;
  /** Digest files, which hold no records. */
  digests: number;
  /** Files that aren't, or aren't whole, what they should be. */
  problems: number;
  readonly matches: { readonly pattern: WatchedPattern; count: number }[];
}

/**
 * Matches logs on all cores. Rows go to standard output and problems to standard error, in the order of the files.
 */
export async function matchLogs({ names, patterns, rows, signal }: MatchLogsOptions): Promise<Totals> {
  const files = logFiles(names);
  const first = take(files, availableParallelism());
  // No more threads than files. The rest of the files is listed as they are matched.
  const threads = first.map(() => new LogThread(signal));
  try {
    const watched = patterns();
    const totals: Totals = {
      files: 0,
      records: 0,
      digests: 0,
      problems: 0,
      matches: watched.map((pattern) => ({ pattern, count: 0 })),
    };
    if (rows === "table") {
      await printRows(TABLE_HEAD);
    }
    const output = new OrderedOutput();
    const queue = chain(first, files);
    const work = async (thread: LogThread): Promise<void> => {
      thread.usePatterns(watched, rows);
      await output.room();
      for (let next = queue.next(); !next.done; next = queue.next()) {
        await matchFile(next.value, thread, output.open(), totals);
        await output.room();
      }
    };
    await Promise.all(threads.map(work));
    await output.end();
    return totals;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

async function matchFile(
  { path, problem }: LogFile,
  thread: LogThread,
  output: SourceOutput,
  totals: Totals,
): Promise<void> {
  totals.files++;
  if (problem === undefined) {
    for await (const { text, outcome } of thread.match(path)) {
      await output.print(text, printRows);
      if (outcome !== undefined) {
        totals.records += outcome.records;
        totals.digests += outcome.isDigest ? 1 : 0;
        for (const [index, count] of outcome.matches.entries()) {
          (totals.matches[index] as { count: number }).count += count;
        }
        await tellProblem(path, outcome.problem, output, totals);
      }
    }
  } else {
    await tellProblem(path, problem, output, totals);
  }
  output.close();
}

async function tellProblem(
  path: string,
  problem: string | undefined,
  output: SourceOutput,
  totals: Totals,
): Promise<void> {
  if (problem !== undefined) {
    totals.problems++;
    const name = path === STANDARD_INPUT ? "standard input" : path;
    await output.print(`${printable(`${name}: ${problem}`)}\n`, printProblem);
  }
}

const printRows: Print = (text) => write(process.stdout, text);
const printProblem: Print = (text) => write(process.stderr, text);

/** An error, such as that nobody reads any more, is an event of the stream. */
function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

function take<Item>(items: Iterator<Item, void>, most: number): Item[] {
  const taken: Item[] = [];
  while (taken.length < most) {
    const next = items.next();
    if (next.done) {
      break;
    }
    taken.push(next.value);
  }
  return taken;
}

function* chain<Item>(first: Iterable<Item>, rest: Iterable<Item>): Generator<Item, void> {
  yield* first;
  yield* rest;
}
