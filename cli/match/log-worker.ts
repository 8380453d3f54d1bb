import { type MessagePort, parentPort } from "node:worker_threads";
import type { Answer, Request, Rows } from "./log-thread";
import { matchLog } from "./match-log";
import { jsonRow, type Match, tableRow } from "./match-row";
import { RecordMatcher } from "./record-matcher";

// One of the threads that logs are matched in. LogThread is its other end.

/** Text that is collected before it is handed over. */
const LONGEST_TEXT = 64 * 1024;

const ROW: Readonly<Record<Rows, (match: Match) => string>> = {
  table: tableRow,
  json: jsonRow,
  none: () => "",
};

const port = parentPort as MessagePort;
let answersFor: (file: string) => AsyncGenerator<Answer>;
let answers: AsyncGenerator<Answer>;

port.on("message", async (request: Request) => {
  if (request.kind === "patterns") {
    answersFor = prepare(request);
    return;
  }
  if (request.kind === "log") {
    answers = answersFor(request.file);
  }
  port.postMessage((await answers.next()).value);
});

function prepare({
  patterns,
  rows,
}: Request & { kind: "patterns" }): (file: string) => AsyncGenerator<Answer> {
  const matcher = new RecordMatcher(patterns);
  const rowOf = ROW[rows];
  return async function* (file) {
    const matches = new Map(patterns.map((pattern) => [pattern, 0]));
    let text = "";
    const log = matchLog(file, matcher);
    let step = await log.next();
    for (; !step.done; step = await log.next()) {
      for (const match of step.value) {
        text += rowOf(match);
        matches.set(match.pattern, (matches.get(match.pattern) ?? 0) + 1);
      }
      if (text.length > LONGEST_TEXT) {
        yield { text };
        text = "";
      }
    }
    yield { text, outcome: { ...step.value, matches: [...matches.values()] } };
  };
}
