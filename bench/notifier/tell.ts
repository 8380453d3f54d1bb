import type { SlackWebhook } from "../../local/slack-webhook";
import type { RecordingProxy } from "../functions/recording-proxy";
import type { FunctionRun } from "../functions/runs";
import type { Alarms } from "./alarms";

export interface Stage {
  readonly alarms: Alarms;
  /** Stands before the emulator; the function's endpoint. */
  readonly proxy: RecordingProxy;
  /** Webhook that every alert goes to. */
  readonly webhook: SlackWebhook;
  /** Environment variables of the function. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Runs the notifier with an alarm that counted so many events.
 *
 * @returns the run, and the names of its calls to AWS in their order
 * @throws Error unless it told its topic and Slack of all of them
 */
export async function tell<Run extends FunctionRun>(
  { alarms, proxy, webhook, environment }: Stage,
  notifier: (event: unknown, environment: NodeJS.ProcessEnv) => Promise<Run>,
  events: number,
): Promise<{ run: Run; calls: string[] }> {
  const event = await alarms.raise(events);
  const toldBefore = webhook.messages.length;
  proxy.take();
  const run = await notifier(event, environment);
  const calls = proxy.take().map(({ name }) => name);
  const texts = webhook.messages
    .slice(toldBefore)
    .map(({ payload }) => String(Reflect.get(Object(payload), "text")));
  // Of a search that it gave up it says "at least".
  const isWhole = texts.length === 1 && texts[0]?.includes(`: ${events} events, the first by `) === true;
  if (!isWhole || !calls.includes("sns:Publish")) {
    throw new Error(
      `the notifier did not tell of ${events} events: its last call was ${calls.at(-1)}, in Slack stands ${JSON.stringify(texts)}`,
    );
  }
  return { run, calls };
}
