import { UnreadablePolicy } from "./unreadable-policy";

/** A second or two, which policies within AWS's limits come nowhere near. */
const MOST = 1_000_000_000;

/** What comparing some policies may cost, so that none that was made to take long does. */
export class Work {
  /** Of patterns and texts that were compared, what makes them comparable. */
  readonly marked = new Map<string, string>();
  #left = MOST;

  /**
   * @param cost in nanoseconds, roughly: what is counted, not what a clock says, so that it is the same everywhere
   * @throws UnreadablePolicy once all is spent
   */
  spend(cost: number): void {
    this.#left -= cost;
    if (this.#left < 0) {
      throw new UnreadablePolicy("the policies", "too large to compare");
    }
  }
}
