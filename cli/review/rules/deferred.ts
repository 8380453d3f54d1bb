import { type Finding, unknownFinding } from "../finding";
import type { ReviewContext } from "../review-context";

/** What becomes of a change that Terraform puts off can't be judged by this plan. */
export function judgeDeferred({ plan }: ReviewContext): Finding[] {
  return [...new Set(plan.deferred)].map((address) =>
    unknownFinding("change-deferred", { address }, "What a later plan does to it"),
  );
}
