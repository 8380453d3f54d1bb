import { rmSync } from "node:fs";
import { startEmulator } from "../local/emulator";
import { emulatorEnvironment } from "../local/environment";
import { unpack } from "../local/function-runner";
import { type SlackWebhook, startSlackWebhook } from "../local/slack-webhook";
import { benchBundleSize } from "./functions/bundle-size";
import { benchColdStart } from "./functions/cold-start";
import { RecordingProxy } from "./functions/recording-proxy";
import { measuredNodeFunction, nodeFunction, pythonFunction } from "./functions/runs";
import { Alarms } from "./notifier/alarms";
import { benchCalls } from "./notifier/calls";
import { deploy } from "./notifier/deploy";
import { benchManyEvents } from "./notifier/many-events";
import { type SynthesizedNotifier, synthesizedNotifier } from "./notifier/stack";

const REGION = "ap-northeast-2";
const SECRET = "bench/slack-webhook";

/** The notifier as Terraform deploys it, with a Slack webhook: its size, how fast it is there, and what it takes. */
export async function benchNotifier(): Promise<void> {
  const routes = [{ name: "chat", slack: [{ name: "bench", secret: SECRET }] }];
  const notifier = synthesizedNotifier({ region: REGION, alerts: { routes } }, "security-group-changes");
  benchBundleSize("notifier");
  const folder = unpack(notifier.archive);
  const webhook = await startSlackWebhook();
  try {
    await benchRuns(notifier, folder, webhook);
  } finally {
    await webhook.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchRuns(
  notifier: SynthesizedNotifier,
  folder: string,
  webhook: SlackWebhook,
): Promise<void> {
  const { timeoutSeconds, memoryMegabytes, logGroupName, alarmName, detection } = notifier;
  const ours = nodeFunction(folder, timeoutSeconds);
  const measured = measuredNodeFunction(folder, timeoutSeconds, memoryMegabytes);
  const python = pythonFunction("filter_log_events.py");
  const emulator = await startEmulator();
  const proxy = await RecordingProxy.before(emulator.url);
  try {
    const { url: endpoint } = emulator;
    const variables = await deploy(notifier, {
      endpoint,
      region: REGION,
      webhook: { secret: SECRET, url: webhook.url },
    });
    const environment = {
      ...emulatorEnvironment(proxy.url, REGION),
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: notifier.functionName,
      // Lambda sets it beside AWS_REGION, and boto3 knows no other.
      AWS_DEFAULT_REGION: REGION,
      // The Python function's.
      LOG_GROUP_NAME: logGroupName,
      FILTER_PATTERN: detection.filterPattern,
    };
    const place = { region: REGION, accountId: variables.TOPIC_ARN?.split(":")[4] ?? "" };
    const alarms = new Alarms({ endpoint, place, logGroupName, alarmName });
    const call = "logs:FilterLogEvents";
    const nextEvent = () => alarms.raise(1);
    await benchColdStart({ name: "notifier", call, nextEvent, proxy, environment }, ours, python);
    const stage = { alarms, proxy, webhook, environment };
    await benchCalls(stage, ours);
    // Last: the emulator goes through all of them at each search.
    await benchManyEvents(stage, measured);
  } finally {
    await proxy.close();
    await emulator.stop();
  }
}
