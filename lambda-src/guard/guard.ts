import { judge, type TrailIdentity } from "./stop-logging";

/** `enforce` switches a stopped trail on again, `observe` only reports that it would. */
export type GuardMode = "enforce" | "observe";

/** The calls to CloudTrail that the guard makes; each throws what AWS answers with. */
export interface TrailClient {
  startLogging(trailArn: string): Promise<void>;
  isLogging(trailArn: string): Promise<boolean>;
}

export interface GuardLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

export interface Guard {
  readonly trail: TrailIdentity;
  readonly mode: GuardMode;
  readonly client: TrailClient;
  readonly log: GuardLog;
}

/** What became of an event. */
export type Outcome = "restored" | "observed" | "ignored";

/**
 * Switches the trail on again if the event says that it was stopped.
 *
 * @throws what AWS answers with, or that the trail is still off: Lambda then retries, and in the end hands the event
 * to the dead-letter queue
 */
export async function handleEvent(event: unknown, { trail, mode, client, log }: Guard): Promise<Outcome> {
  const verdict = judge(event, trail);
  if (verdict.kind === "ignored") {
    log.info("nothing to do", { reason: verdict.reason });
    return "ignored";
  }
  const fields = { trailArn: trail.arn, call: verdict.call };
  if (mode === "observe") {
    log.warn("trail stopped; observing only, it stays off", fields);
    return "observed";
  }
  await client.startLogging(trail.arn);
  if (!(await client.isLogging(trail.arn))) {
    throw new Error(`trail is still not logging after StartLogging: ${trail.arn}`);
  }
  log.warn("trail stopped; switched on again", fields);
  return "restored";
}
