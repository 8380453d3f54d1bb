import { type Answer, type Call, jsonCall, jsonInputOf, type Mend, type Send } from "./call";
import { inTurn } from "./in-turn";

/** Overwrites a metric filter by deleting it first, one call at a time: the emulator would keep both of two at once. */
export function overwriteMetricFilter(): Mend {
  return inTurn(deleteAndPut);
}

async function deleteAndPut(call: Call, send: Send): Promise<Answer> {
  const { logGroupName, filterName } = jsonInputOf(call);
  const deleted = await send(jsonCall(call, { logGroupName, filterName }, "DeleteMetricFilter"));
  // Whether there was one to delete doesn't matter.
  deleted.body.resume();
  return send(call);
}
