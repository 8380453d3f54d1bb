import { setTimeout as sleep } from "node:timers/promises";
import { FAULT_DELAY_MS, type Faults } from "./faults";
import type { Journal } from "./journal";
import { NotDelivered } from "./not-delivered";

/**
 * Has happen to a delivery what was asked for, if anything was: it takes longer or fails.
 *
 * @param service as in {@link Faults.ofCall}
 * @throws NotDelivered that AWS would try again
 */
export async function sufferFault(
  { faults, journal }: { readonly faults: Faults; readonly journal: Journal },
  service: string,
  call: string,
): Promise<void> {
  const fault = faults.ofCall(service, call);
  if (fault === undefined) {
    return;
  }
  journal.note("fault", `${service}:${call}`, fault);
  if (fault === "delay") {
    await sleep(FAULT_DELAY_MS);
    return;
  }
  throw new NotDelivered(
    `${service}:${call} was answered with a fault that was asked for: ${fault}`,
    fault === "throttle" ? "THROTTLING" : "INTERNAL_ERROR",
    true,
  );
}
