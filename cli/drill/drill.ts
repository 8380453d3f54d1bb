import { messageOf, RefusedError } from "./aws-error";
import type { Clock } from "./clock";

/** Whether a trail logs, and since when it does or doesn't, by CloudTrail's own clock. */
export interface TrailStatus {
  readonly isLogging: boolean;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
}

/**
 * The calls to the trail, each tried once. They reject with a RefusedError where a call surely wasn't carried out, and
 * with any other error where it may have been.
 */
export interface Trail {
  startLogging(): Promise<void>;
  stopLogging(): Promise<void>;
  status(): Promise<TrailStatus>;
}

/** What somebody who watches hears. */
export interface Talk {
  /** The trail was stopped and doesn't log yet. */
  watching(seconds: number): void;
  /** Nobody else is waited for: the drill starts the trail. */
  healing(why: string): void;
  /** It couldn't yet, and goes on trying. */
  failing(problem: string): void;
}

/** How a drill ended. */
export type Outcome =
  /** The drill never stopped it. */
  | { readonly kind: "not stopped"; readonly why: string }
  /** It logs again, and the drill didn't start it; seconds from the call that stopped it to the first look that saw it. */
  | { readonly kind: "healed"; readonly seconds: number }
  /** The drill started it, and has seen it log. */
  | { readonly kind: "healed by the drill"; readonly why: string }
  /** The drill couldn't start it, or couldn't see it log. */
  | { readonly kind: "may be stopped"; readonly why: string; readonly problem: string };

export interface DrillOptions {
  readonly trail: Trail;
  /** How long the trail may be stopped before the drill starts it. */
  readonly limitSeconds: number;
  readonly clock: Clock;
  /** Once aborted, the trail is started at once. It doesn't abort that. */
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

/** How often the trail is looked at: quickly while a guard that is woken by an event is at work. */
const QUICK_MS = 250;
const QUICK_FOR_MS = 10_000;
const SLOW_MS = 1000;

/** How long the trail may be out of sight before it is started. */
const BLIND_MS = 30_000;

/** How long starting it is tried: twice the slowest guard's five minutes and more, after which a person has to see to it. */
const HEALING_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 30_000;

/** A StopLogging that wasn't answered may still be on its way for so long. */
const STRAY_STOP_MS = 10_000;

/**
 * Stops a trail that logs and waits until somebody else has it log again. Whatever goes wrong, it starts the trail
 * itself, or says that it may be stopped. Rejects never, if clock and talk don't.
 */
export async function drill(options: DrillOptions): Promise<Outcome> {
  const { trail, signal } = options;
  if (signal.aborted) {
    return { kind: "not stopped", why: messageOf(signal.reason) };
  }
  let before: TrailStatus;
  try {
    // On a trail that logs it changes nothing, and tells whether the caller could undo what comes next.
    await trail.startLogging();
    before = await trail.status();
  } catch (error) {
    return { kind: "not stopped", why: messageOf(error) };
  }
  if (!before.isLogging) {
    return { kind: "not stopped", why: "it doesn't log" };
  }
  if (signal.aborted) {
    return { kind: "not stopped", why: messageOf(signal.reason) };
  }
  const calledAt = options.clock.now();
  try {
    await trail.stopLogging();
  } catch (error) {
    return error instanceof RefusedError
      ? { kind: "not stopped", why: messageOf(error) }
      : heal(options, undefined, `it may have been stopped: ${messageOf(error)}`);
  }
  let why: string;
  try {
    const seenHealed = await watch(options, before, calledAt);
    if (typeof seenHealed === "number") {
      return { kind: "healed", seconds: seenHealed };
    }
    why = seenHealed;
  } catch (error) {
    why = messageOf(error);
  }
  return heal(options, { before }, why);
}

/** @returns the seconds after which it was seen to log again, or why it is watched no longer */
async function watch(
  { trail, limitSeconds, clock, signal, talk }: DrillOptions,
  before: TrailStatus,
  calledAt: number,
): Promise<number | string> {
  let seenAt = calledAt;
  while (!signal.aborted) {
    const sinceCall = clock.now() - calledAt;
    if (sinceCall >= limitSeconds * 1000) {
      return `nobody started it within ${limitSeconds} s`;
    }
    try {
      const status = await trail.status();
      seenAt = clock.now();
      if (isRestarted(status, before)) {
        return (seenAt - calledAt) / 1000;
      }
    } catch (error) {
      if (clock.now() - seenAt >= BLIND_MS) {
        return `its status couldn't be read for ${BLIND_MS / 1000} s: ${messageOf(error)}`;
      }
    }
    talk.watching(Math.floor(sinceCall / 1000));
    await clock.sleep(sinceCall < QUICK_FOR_MS ? QUICK_MS : SLOW_MS, signal);
  }
  return messageOf(signal.reason);
}

/**
 * Whether the trail was stopped, or started, since, and logs. That it logs isn't enough: the answer may be of a moment
 * before the stop.
 */
function isRestarted(status: TrailStatus, before: TrailStatus): boolean {
  return (
    status.isLogging &&
    (isLater(status.startedAt, before.startedAt) || isLater(status.stoppedAt, before.stoppedAt))
  );
}

function isLater(time: Date | undefined, other: Date | undefined): boolean {
  return time !== undefined && (other === undefined || time > other);
}

/** @param stopped what was known of the trail before it was stopped; undefined where the stop may still come */
async function heal(
  { trail, clock, talk }: DrillOptions,
  stopped: { readonly before: TrailStatus } | undefined,
  why: string,
): Promise<Outcome> {
  talk.healing(why);
  const begunAt = clock.now();
  let pause = 1000;
  let isLast = stopped !== undefined;
  for (;;) {
    const problem = await start(trail, stopped?.before);
    if (problem === undefined && isLast) {
      return { kind: "healed by the drill", why };
    }
    if (problem === undefined) {
      isLast = true;
      await clock.sleep(STRAY_STOP_MS);
    } else if (clock.now() - begunAt >= HEALING_MS) {
      return { kind: "may be stopped", why, problem };
    } else {
      talk.failing(problem);
      await clock.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
}

/**
 * Starts the trail and looks whether it logs.
 *
 * @param before by which it is known that somebody else has started it, if the call fails
 * @returns what was wrong
 */
async function start(trail: Trail, before: TrailStatus | undefined): Promise<string | undefined> {
  let problem: string | undefined;
  try {
    await trail.startLogging();
  } catch (error) {
    problem = messageOf(error);
  }
  try {
    const status = await trail.status();
    if (problem !== undefined) {
      return before !== undefined && isRestarted(status, before) ? undefined : problem;
    }
    return status.isLogging ? undefined : "it was started and doesn't log";
  } catch (error) {
    return problem ?? messageOf(error);
  }
}
