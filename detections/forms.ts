import type { Detection } from "./detection";
import { ignorePrincipals } from "./ignore-principals";

/**
 * Which pattern of a detection is deployed: the standard's text, which auditors compare; the tuned pattern, where there
 * is one; or both, of which the standard's is for the auditor and only the tuned one calls people.
 */
export type Dialect = "standard" | "tuned" | "both";

export interface FormOptions {
  readonly dialect: Dialect;
  /** ARN patterns of principals that are passed over, by detection. Not with the dialect `standard`. */
  readonly ignoredPrincipals: (detection: Detection) => readonly string[];
}

/** A detection in the form that its metric filter and alarm are made in: its `filterPattern` is the one deployed. */
export interface WatchedDetection extends Detection {
  /** Whether its alarm tells people. */
  readonly pages: boolean;
}

/**
 * The metric filters and alarms of some detections.
 *
 * @throws if principals are ignored with the dialect `standard`, or a pattern grows longer than AWS allows by it
 */
export function formsOf(detections: readonly Detection[], options: FormOptions): WatchedDetection[] {
  return detections.flatMap((detection) => formsOfOne(detection, options));
}

function formsOfOne(detection: Detection, { dialect, ignoredPrincipals }: FormOptions): WatchedDetection[] {
  const ignored = ignoredPrincipals(detection);
  const standard: WatchedDetection = { ...detection, pages: true };
  if (dialect === "standard") {
    if (ignored.length > 0) {
      throw new Error(
        `${detection.id}: ignorePrincipals changes the pattern, and with the dialect "standard" it is the standard's own text, which auditors compare to the letter; take "tuned" or "both"`,
      );
    }
    return [standard];
  }
  const tunedPattern = tuned(detection, ignored);
  if (tunedPattern === detection.filterPattern) {
    return [standard];
  }
  return dialect === "tuned"
    ? [{ ...standard, filterPattern: tunedPattern }]
    : [
        { ...standard, pages: false },
        {
          ...standard,
          id: `${detection.id}-tuned`,
          filterName: `${detection.filterName}Tuned`,
          metricName: `${detection.metricName}Tuned`,
          alarmName: `${detection.alarmName} (tuned)`,
          filterPattern: tunedPattern,
        },
      ];
}

function tuned(
  { id, filterPattern, tunedPattern = filterPattern }: Detection,
  ignored: readonly string[],
): string {
  try {
    return ignorePrincipals(tunedPattern, ignored);
  } catch (error) {
    throw new Error(`${id}: ${(error as Error).message}`);
  }
}
