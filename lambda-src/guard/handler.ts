import { Logger } from "@aws-lambda-powertools/logger";
import { CloudTrailClient, GetTrailStatusCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { type GuardMode, handleEvent, type Outcome, type TrailClient } from "./guard";
import { trailIdentity } from "./stop-logging";

const log = new Logger({ serviceName: "trailwarden-guard" });
const trail = trailIdentity(environmentVariable("TRAIL_ARN"));
const mode = guardMode(environmentVariable("GUARD_MODE"));
// A trail is started in its home region only.
const cloudTrail = new CloudTrailClient({ region: trail.region });

const client: TrailClient = {
  async startLogging(trailArn) {
    await cloudTrail.send(new StartLoggingCommand({ Name: trailArn }));
  },
  async isLogging(trailArn) {
    const status = await cloudTrail.send(new GetTrailStatusCommand({ Name: trailArn }));
    return status.IsLogging === true;
  },
};

/** Entry point of the guard function: takes an EventBridge event of any shape. */
export async function handler(event: unknown): Promise<{ outcome: Outcome }> {
  try {
    return { outcome: await handleEvent(event, { trail, mode, client, log }) };
  } catch (error) {
    log.error("could not switch the trail on again", error as Error);
    throw error;
  }
}

function environmentVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`environment variable ${name} is not set`);
  }
  return value;
}

function guardMode(value: string): GuardMode {
  if (value !== "enforce" && value !== "observe") {
    throw new Error(
      `environment variable GUARD_MODE must be enforce or observe, got ${JSON.stringify(value)}`,
    );
  }
  return value;
}
