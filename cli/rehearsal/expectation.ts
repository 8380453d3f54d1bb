import type { StackSettings } from "../../config";
import type { Attack } from "./attacks";

/** What a deployment with these settings is to do about an attack. */
export interface Expectation {
  /** Whether people hear of it. */
  readonly told: boolean;
  /** Whether the guard puts it right. */
  readonly healed: boolean;
}

export function expectationOf({ answeredBy }: Attack, settings: StackSettings): Expectation {
  if (answeredBy === "instance states") {
    return { told: settings.ec2States === undefined || settings.ec2States.length > 0, healed: false };
  }
  if ("detection" in answeredBy) {
    const told = settings.detections.some(({ id, pages }) => id === answeredBy.detection && pages);
    return { told, healed: false };
  }
  const { mode = "enforce", modes = {} } = settings.guard ?? {};
  const ofRow = mode === "off" ? "off" : (modes[answeredBy.guardRow] ?? mode);
  return { told: ofRow !== "off", healed: ofRow === "enforce" && answeredBy.guardRow !== "irreparable" };
}
