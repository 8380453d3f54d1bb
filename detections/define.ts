import type { Detection } from "./detection";
import { derivedNames } from "./names";

type Derived = "filterName" | "metricName" | "alarmName" | "topicName";
type Defaulted = Derived | "statistic" | "periodSeconds" | "threshold";

/** A detection whose names follow from id and title, and whose alarm is raised by one match in five minutes, unless said. */
export function defineDetection(
  given: Omit<Detection, Defaulted> & Partial<Pick<Detection, Defaulted>>,
): Detection {
  return {
    ...derivedNames(given.id, given.title),
    // The alarm that the CIS benchmarks prescribe.
    statistic: "Sum",
    periodSeconds: 300,
    threshold: 1,
    ...given,
  };
}
