import { CloudTrailClient, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { callEvent, type Place } from "../../local/call-event";
import { emulatorClientSettings } from "../../local/environment";
import { median } from "../measure";
import type { RunFunction } from "./functions";
import type { RecordingProxy } from "./recording-proxy";

const TURNS = 15;

export interface Stage {
  readonly emulatorUrl: string;
  /** Stands before the emulator; the functions' endpoint. */
  readonly proxy: RecordingProxy;
  readonly trailArn: string;
  /** Where the trail is. */
  readonly place: Place;
  /** Environment variables of the functions. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * How long from the start of the process until `StartLogging` is sent after the trail was stopped: the guard's against a
 * Python function's that does nothing else, in turns.
 */
export async function benchColdStart(stage: Stage, guard: RunFunction, python: RunFunction): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const [a, b] = [await untilStartLogging(stage, guard), await untilStartLogging(stage, python)];
    // The first turn warms the disk's cache and the emulator.
    if (turn > 0) {
      ours.push(a);
      theirs.push(b);
    }
  }
  const ratios = ours.map((milliseconds, turn) => milliseconds / (theirs[turn] as number));
  console.log(
    `guard, cold start until StartLogging is sent: ${median(ours).toFixed(0)} ms; a Python function with boto3: ${median(theirs).toFixed(0)} ms`,
  );
  console.log(`  ratio, median of ${ratios.length} turns: ${median(ratios).toFixed(2)} (at most 0.60)`);
}

async function untilStartLogging(
  { emulatorUrl, proxy, trailArn, place, environment }: Stage,
  run: RunFunction,
): Promise<number> {
  const cloudTrail = new CloudTrailClient(emulatorClientSettings(emulatorUrl, place.region));
  await cloudTrail.send(new StopLoggingCommand({ Name: trailArn }));
  const event = callEvent(
    {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      requestParameters: { name: trailArn },
    },
    place,
  );

  proxy.take();
  const { startedAt } = await run(event, environment);
  const sent = proxy.take().find(({ name }) => name === "cloudtrail:StartLogging");
  if (sent === undefined) {
    throw new Error("the function ended without StartLogging");
  }
  return sent.at - startedAt;
}
