import { median } from "../measure";
import type { RecordingProxy } from "./recording-proxy";
import type { RunFunction } from "./runs";

const TURNS = 15;

export interface ColdStart {
  /** Of the function that is measured. */
  readonly name: string;
  /** The call that it is there for, e.g. `cloudtrail:StartLogging`. */
  readonly call: string;
  /** Prepares a run. @returns its event */
  readonly nextEvent: () => Promise<unknown>;
  /** Stands before the emulator; the functions' endpoint. */
  readonly proxy: RecordingProxy;
  /** Environment variables of the functions. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * How long from the start of the process until a call is sent: the function's against a Python function's that does
 * nothing else, in turns.
 */
export async function benchColdStart(
  start: ColdStart,
  node: RunFunction,
  python: RunFunction,
): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const [a, b] = [await untilCall(start, node), await untilCall(start, python)];
    // The first turn warms the disk's cache and the emulator.
    if (turn > 0) {
      ours.push(a);
      theirs.push(b);
    }
  }
  const ratios = ours.map((milliseconds, turn) => milliseconds / (theirs[turn] as number));
  const { name, call } = start;
  const operation = call.slice(call.indexOf(":") + 1);
  console.log(
    `${name}, cold start until ${operation} is sent: ${median(ours).toFixed(0)} ms; a Python function with boto3: ${median(theirs).toFixed(0)} ms`,
  );
  console.log(`  ratio, median of ${ratios.length} turns: ${median(ratios).toFixed(2)} (at most 0.60)`);
}

async function untilCall(
  { call, nextEvent, proxy, environment }: ColdStart,
  run: RunFunction,
): Promise<number> {
  const event = await nextEvent();
  proxy.take();
  const { startedAt } = await run(event, environment);
  const sent = proxy.take().find(({ name }) => name === call);
  if (sent === undefined) {
    throw new Error(`the function ended without ${call}`);
  }
  return sent.at - startedAt;
}
