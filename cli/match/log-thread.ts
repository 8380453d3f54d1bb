import { once } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { LogOutcome } from "./match-log";
import type { WatchedPattern } from "./record-matcher";

/** How matches are written: as lines of a table or of JSON, or not at all. */
export type Rows = "table" | "json" | "none";

/** What a thread is asked. */
export type Request =
  | { readonly kind: "patterns"; readonly patterns: readonly WatchedPattern[]; readonly rows: Rows }
  | { readonly kind: "log"; readonly file: string }
  | { readonly kind: "more" };

/** What it answers for a log: rows, and last of all the outcome. */
export interface Answer {
  readonly text: string;
  readonly outcome?: LogOutcome & {
    /** How often each of the patterns matched. */
    readonly matches: readonly number[];
  };
}

/** A thread that matches one log after another. It can be made before the patterns are known, and loads meanwhile. */
export class LogThread {
  private readonly worker = new Worker(path.join(__dirname, "log-worker.ts"), {
    // Of tsx only what CommonJS needs. All of it would be inherited, and takes more time and memory.
    execArgv: ["--require", require.resolve("tsx/cjs")],
  });

  constructor(private readonly signal: AbortSignal) {}

  usePatterns(patterns: readonly WatchedPattern[], rows: Rows): void {
    this.send({ kind: "patterns", patterns, rows });
  }

  /** Matches a log, and reads no further than answers are taken. */
  async *match(file: string): AsyncGenerator<Answer> {
    let answer = await this.ask({ kind: "log", file });
    while (answer.outcome === undefined) {
      yield answer;
      answer = await this.ask({ kind: "more" });
    }
    yield answer;
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private async ask(request: Request): Promise<Answer> {
    const answered = once(this.worker, "message", { signal: this.signal });
    this.send(request);
    const [answer] = (await answered) as [Answer];
    return answer;
  }

  private send(request: Request): void {
    this.worker.postMessage(request);
  }
}
