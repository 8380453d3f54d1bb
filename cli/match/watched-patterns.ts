import type { StackSettings } from "../../config";
import { GUARD_NAME, guardRules } from "../../detections";
import type { WatchedPattern } from "./record-matcher";

/**
 * The patterns of an environment's metric filters and event rules, as they are deployed. A rule for events that aren't made
 * from CloudTrail records, such as an instance's change of state, has nothing to match here.
 */
export function watchedPatterns({ namePrefix = "", detections, guard }: StackSettings): WatchedPattern[] {
  const rules = guard?.mode === "off" ? [] : guardRules(`${namePrefix}${GUARD_NAME}`);
  return [
    ...detections.map(
      ({ id, filterPattern }): WatchedPattern => ({ kind: "detection", id, pattern: filterPattern }),
    ),
    ...rules.map(
      ({ name, eventPattern }): WatchedPattern => ({
        kind: "rule",
        id: name,
        pattern: JSON.stringify(eventPattern),
        state: "ENABLED",
      }),
    ),
  ];
}
