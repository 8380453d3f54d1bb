import { regularLookEvent } from "../../local/call-event";
import { isRead } from "../functions/recording-proxy";
import type { RunFunction } from "../functions/runs";
import type { Stage } from "./start-logging";

/** The calls to AWS of one regular look at a deployment that is as declared. */
export async function benchRegularLook(
  { proxy, place, environment }: Stage,
  guard: RunFunction,
): Promise<void> {
  proxy.take();
  const { result } = await guard(regularLookEvent(place), environment);
  const { outcome } = result as { outcome: string };
  if (outcome !== "as declared") {
    throw new Error(`the regular look found something: ${JSON.stringify(result)}`);
  }
  const calls = proxy.take();
  const reads = calls.filter(isRead);
  const writes = calls.filter((call) => !isRead(call));
  console.log("guard, calls of a regular look at the default stack, when nothing is wrong:");
  console.log(`  that write: ${writes.length} (0)${list(writes)}`);
  console.log(`  that read: ${reads.length} (goal 12)${list(reads)}`);
}

function list(calls: readonly { name: string }[]): string {
  const names = calls.map(({ name }) => name).sort();
  return names.length === 0 ? "" : `: ${names.join(", ")}`;
}
