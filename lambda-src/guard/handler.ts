import { setTimeout as sleep } from "node:timers/promises";
import { jsonLog } from "../shared/json-log";
import { awsClients } from "./aws-clients";
import { type Guard, handleEvent, isRegularLook, type Outcome } from "./guard";
import { metricLine } from "./metrics";
import { guardSettings } from "./settings";

const settings = guardSettings(process.env);
const log = jsonLog("trailwarden-guard");
const guard: Guard = {
  settings,
  // A trail is changed in its home region only.
  aws: awsClients(settings.trailArn.split(":")[3] ?? "", process.env.AWS_ENDPOINT_URL !== undefined),
  log,
  now: () => new Date(),
  sleep,
};

/** For those who invoke it by hand: what became of the event, and the ids of what was undone and what was not. */
interface Answer extends Pick<Outcome, "restored" | "left"> {
  readonly outcome: Outcome["kind"] | "restored";
}

/** Entry point of the guard function: takes an EventBridge event of any shape. */
export async function handler(event: unknown): Promise<Answer> {
  try {
    const outcome = await handleEvent(event, guard);
    const counts = { Repairs: outcome.restored.length, ...(isRegularLook(event) ? { Looks: 1 } : {}) };
    process.stdout.write(`${metricLine(settings.functionName, new Date(), counts)}\n`);
    const { kind, restored, left } = outcome;
    return { outcome: restored.length > 0 ? "restored" : kind, restored, left };
  } catch (error) {
    const { name, message, stack } = error as Error;
    log.error("the guard could not see, do or tell everything", { error: { name, message, stack } });
    throw error;
  }
}
