import { CloudTrailClient, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { callEvent, type Place } from "../../local/call-event";
import { emulatorClientSettings } from "../../local/environment";
import { benchColdStart } from "../functions/cold-start";
import type { RecordingProxy } from "../functions/recording-proxy";
import type { RunFunction } from "../functions/runs";

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

/** How long until `StartLogging` is sent after the trail was stopped. */
export async function benchStartLogging(
  { emulatorUrl, proxy, trailArn, place, environment }: Stage,
  guard: RunFunction,
  python: RunFunction,
): Promise<void> {
  const cloudTrail = new CloudTrailClient(emulatorClientSettings(emulatorUrl, place.region));
  const nextEvent = async () => {
    await cloudTrail.send(new StopLoggingCommand({ Name: trailArn }));
    return callEvent(
      {
        eventSource: "cloudtrail.amazonaws.com",
        eventName: "StopLogging",
        requestParameters: { name: trailArn },
      },
      place,
    );
  };
  await benchColdStart(
    { name: "guard", call: "cloudtrail:StartLogging", nextEvent, proxy, environment },
    guard,
    python,
  );
}
