import { setTimeout as sleep } from "node:timers/promises";

/** Time, which tests turn. */
export interface Clock {
  /** Milliseconds since some moment; nobody's setting of the clock turns them back. */
  now(): number;
  date(): Date;
  /** Ends early, and without an error, when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
