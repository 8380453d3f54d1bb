import { inDollars } from "../cost";
import { finding } from "../finding";
import type { Judge } from "../review-context";

/** A plan that makes everything new only tells what it costs. */
export const judgeCost: Judge = ({ cost: { beforeDollars, afterDollars, lines } }) => {
  if (beforeDollars === 0 || afterDollars <= 1.25 * beforeDollars) {
    return [];
  }
  return [
    finding(
      "cost-raised",
      { address: "plan" },
      `The fixed monthly cost rises from ${inDollars(beforeDollars)} to ${inDollars(afterDollars)}`,
      lines
        .filter(({ before, after }) => before !== after)
        .map(({ what, before, after }) => `${what}: ${inDollars(before)} to ${inDollars(after)}`),
    ),
  ];
};
