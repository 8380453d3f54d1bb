import { once } from "node:events";
import type { StackSettings } from "../../config";
import type { WatchedPattern } from "./record-matcher";
import { startThread } from "./start-thread";

/** The patterns of an environment's metric filters and event rules, as they are deployed. */
export async function watchedPatterns(name: string, settings: StackSettings): Promise<WatchedPattern[]> {
  // CDKTF, which the rules are had from, takes more memory than all else. The thread gives it back.
  const thread = startThread("event-rules-thread.ts", { name, settings });
  const [rules] = (await once(thread, "message")) as [WatchedPattern[]];
  const detections = settings.detections.map(
    ({ id, filterPattern }): WatchedPattern => ({ kind: "detection", id, pattern: filterPattern }),
  );
  return [...detections, ...rules];
}
