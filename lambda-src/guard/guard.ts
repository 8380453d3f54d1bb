import { type ApiCall, apiCallOf, text } from "../shared/api-call";
import { type Aws, withHeadStart } from "./aws";
import { readParameters } from "./parameters";
import type { GuardSettings } from "./settings";

export interface GuardLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

export interface Guard {
  readonly settings: GuardSettings;
  readonly aws: Aws;
  readonly log: GuardLog;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What became of an event. */
export interface Outcome {
  /** `ignored`: not about this deployment; `as declared`: nothing to do or to tell. */
  readonly kind: "ignored" | "as declared" | "told";
  /** Ids of the differences that were undone, and of those that were not. */
  readonly restored: readonly string[];
  readonly left: readonly string[];
}

/**
 * Makes the deployment as declared and tells people what it found and did.
 *
 * An event of an API call has the part looked at that the call touched; a scheduled event has all of it. What the event says
 * decides nothing: only what is observed is acted on, so that old, repeated and forged events are harmless.
 *
 * @throws what AWS answers with where something could not be seen, done or told: Lambda then runs it again, and in the end
 * hands the event to the dead-letter queue
 */
export async function handleEvent(event: unknown, guard: Guard): Promise<Outcome> {
  const call = apiCallOf(event);
  const reason = reasonToIgnore(event, call, guard.settings);
  if (reason !== undefined) {
    guard.log.info("ignored", { reason });
    return { kind: "ignored", restored: [], left: [] };
  }
  // A stopped trail is the one thing that each second counts for.
  const isUrgent = call?.eventName === "StopLogging" && call.errorCode === undefined;
  const status = { Name: guard.settings.trailArn };
  const aws = isUrgent ? withHeadStart(guard.aws, "cloudtrail:GetTrailStatus", status) : guard.aws;
  for (let run = 1; ; run += 1) {
    const [stored, { Run }] = await Promise.all([
      readParameters(aws, guard.settings.parameters),
      // Loaded while AWS answers.
      import("./run"),
    ]);
    const outcome = await new Run({ ...guard, aws }, stored, call).run();
    if (outcome !== "outdated") {
      return outcome;
    }
    if (run === MOST_RUNS) {
      throw new Error("not restored: the declared state changed each time that it was read");
    }
  }
}

/** Terraform doesn't change the declared state as often as that while one event is handled. */
const MOST_RUNS = 3;

/** Whether an event is the schedule's. */
export function isRegularLook(event: unknown): boolean {
  return text(event, "detail-type") === "Scheduled Event";
}

function reasonToIgnore(
  event: unknown,
  call: ApiCall | undefined,
  settings: GuardSettings,
): string | undefined {
  if (call === undefined) {
    return isRegularLook(event) ? undefined : "neither an API call nor the schedule";
  }
  return call.principal.roleOrUserArn === settings.roleArn ? "the guard's own call" : undefined;
}
