import type { RunFunction } from "../functions/runs";
import { type Stage, tell } from "./tell";

const EVENTS = 50;

/** The calls to AWS for one alarm with some events, one topic and one webhook whose URL is kept in a secret. */
export async function benchCalls(stage: Stage, notifier: RunFunction): Promise<void> {
  const { calls } = await tell(stage, notifier, EVENTS);
  console.log(
    `notifier, calls for an alarm with ${EVENTS} matching events, one topic and one Slack webhook:\n  ${calls.length} (at most 5): ${calls.join(", ")}`,
  );
}
