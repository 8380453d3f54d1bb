import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jsonLog } from "../shared/json-log";
import { awsClients } from "./aws-clients";
import { DEPLOYMENT_FILE, type Deployment } from "./deployment";
import { handleEvent, type Notifier, type Outcome } from "./notifier";
import { notifierSettings } from "./settings";
import { postToSlack } from "./slack";
import { WebhookUrls } from "./webhook-url";

/** What Lambda tells of an invocation, as far as it is used. */
interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Kept for telling people, after events have been looked for. */
const TELLING_MS = 40_000;
/** Kept for what comes after Slack. */
const ENDING_MS = 10_000;

const settings = notifierSettings(process.env);
const log = jsonLog("trailwarden-notifier");
const aws = awsClients(settings.region);
const now = () => new Date();
const webhookUrls = new WebhookUrls(aws, now);
const deployment = JSON.parse(
  readFileSync(path.join(process.env.LAMBDA_TASK_ROOT ?? "", DEPLOYMENT_FILE), "utf8"),
) as Deployment;

/** Entry point of the notifier function: takes an event of any shape. */
export async function handler(event: unknown, context: Context): Promise<{ outcome: Outcome }> {
  const endsAt = Date.now() + context.getRemainingTimeInMillis();
  const notifier: Notifier = {
    settings,
    deployment,
    aws,
    webhookUrls,
    post: (url, payload) => postToSlack(url, payload, { sleep, now, deadline: new Date(endsAt - ENDING_MS) }),
    log,
    now,
    sleep,
  };
  try {
    const deadline = new Date(endsAt - TELLING_MS);
    return { outcome: await handleEvent(event, notifier, { id: context.awsRequestId, deadline }) };
  } catch (error) {
    const { name, message, stack } = error as Error;
    log.error("not everybody was told", { error: { name, message, stack } });
    throw error;
  }
}
