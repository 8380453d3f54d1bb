import type { StackSettings } from "../../config";
import type { Attack } from "./attacks";

/** What a deployment with these settings is to do about an attack. */
export interface Expectation {
  /** Whether people hear of it. */
  readonly told: boolean;
  /** Whether the guard puts it right; `terraform`: only Terraform can. */
  readonly healed: boolean | "terraform";
}

const NOTHING: Expectation = { told: false, healed: false };

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
  if (ofRow === "off") {
    return NOTHING;
  }
  const isReparable = answeredBy.guardRow !== "irreparable";
  return { told: true, healed: ofRow === "enforce" && isReparable ? true : "terraform" };
}
