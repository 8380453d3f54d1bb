import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setAlarmActions } from "./gateway/alarms";
import { type Answer, type Call, type Mend, operationOf, sendTo } from "./gateway/call";
import { filterLogEvents, type LaterLogEvents } from "./gateway/filter-log-events";
import { FunctionSettings } from "./gateway/function-settings";
import { InsightSelectors } from "./gateway/insight-selectors";
import { writesOfItems } from "./gateway/items";
import { LogGroupKeys } from "./gateway/log-group-keys";
import { publish } from "./gateway/message-structure";
import { overwriteMetricFilter } from "./gateway/metric-filters";
import { subscribe, tellProtocol } from "./gateway/subscriptions";
import { nameTrail } from "./gateway/trails";

/**
 * Stands between AWS's clients and the emulator and mends what the emulator gets wrong:
 *
 * - its StartLogging, StopLogging and DeleteTrail know a trail by its name only, where AWS takes the ARN as well;
 * - its PutInsightSelectors adds to the selectors that a trail has, where AWS replaces them;
 * - its PutMetricFilter adds a second filter of the same name, where AWS overwrites the first;
 * - it has no EnableAlarmActions and DisableAlarmActions;
 * - it has no AssociateKmsKey and DisassociateKmsKey of log groups;
 * - its FilterLogEvents knows words, but no other filter pattern;
 * - it doesn't know the dead-letter queues of functions;
 * - its UpdateFunctionCode leaves the architecture as it was;
 * - it runs functions that have subscribed to a topic by itself, with Docker;
 * - its Publish looks at a message for several protocols too late;
 * - of two conditional writes of an item at once it lets both pass.
 *
 * Everything else passes as it is.
 */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Sees each call before the emulator does, and its answer before the client does. */
export type Around = (call: Call, pass: () => Promise<Answer>) => Promise<Answer>;

/**
 * @param around what else is done with calls; nothing by default
 * @param later log events that the emulator didn't take; none by default
 */
export async function startGateway(
  emulatorUrl: string,
  around: Around = (_, pass) => pass(),
  later: LaterLogEvents = () => [],
): Promise<Gateway> {
  const mends = mendsFor(emulatorUrl, later);
  const answerTo = (call: Call): Promise<Answer> => {
    const send = (toEmulator: Call): Promise<Answer> => sendTo(emulatorUrl, toEmulator);
    const mend = mends.get(operationOf(call) ?? "");
    return around(call, () => (mend === undefined ? send(call) : mend(call, send)));
  };
  const server = createServer((incoming, outgoing) => {
    handle(answerTo, incoming, outgoing).catch((error: Error) => {
      outgoing.writeHead(502).end(`no answer from the emulator to pass on: ${error.message}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server),
  };
}

/** The mends by the operation they mend; what they keep in mind is a gateway's own. */
function mendsFor(emulatorUrl: string, later: LaterLogEvents): ReadonlyMap<string, Mend> {
  const insights = new InsightSelectors();
  const keys = new LogGroupKeys();
  const functions = new FunctionSettings();
  return new Map<string, Mend>([
    ["CloudTrail_20131101.StartLogging", nameTrail],
    ["CloudTrail_20131101.StopLogging", nameTrail],
    ["CloudTrail_20131101.DeleteTrail", insights.forget],
    ["CloudTrail_20131101.PutInsightSelectors", insights.put],
    ["CloudTrail_20131101.GetInsightSelectors", insights.get],
    ["Logs_20140328.PutMetricFilter", overwriteMetricFilter()],
    ["GraniteServiceVersion20100801.EnableAlarmActions", setAlarmActions(emulatorUrl, true)],
    ["GraniteServiceVersion20100801.DisableAlarmActions", setAlarmActions(emulatorUrl, false)],
    ["Logs_20140328.AssociateKmsKey", keys.associate],
    ["Logs_20140328.DisassociateKmsKey", keys.disassociate],
    ["Logs_20140328.DescribeLogGroups", keys.describe],
    ["Logs_20140328.CreateLogGroup", keys.forget],
    ["Logs_20140328.DeleteLogGroup", keys.forget],
    ["Logs_20140328.FilterLogEvents", filterLogEvents(later)],
    ["AmazonSimpleNotificationService.Subscribe", subscribe],
    ["AmazonSimpleNotificationService.ListSubscriptions", tellProtocol],
    ["AmazonSimpleNotificationService.ListSubscriptionsByTopic", tellProtocol],
    ["AmazonSimpleNotificationService.GetSubscriptionAttributes", tellProtocol],
    ["AmazonSimpleNotificationService.Publish", publish],
    ["AWSGirApiService.CreateFunction", functions.tell],
    ["AWSGirApiService.UpdateFunctionConfiguration", functions.tell],
    ["AWSGirApiService.UpdateFunctionCode", functions.tell],
    ["AWSGirApiService.GetFunction", functions.tell],
    ["AWSGirApiService.GetFunctionConfiguration", functions.tell],
    ["AWSGirApiService.ListFunctions", functions.tell],
    ["AWSGirApiService.DeleteFunction", functions.forget],
    ...writesOfItems(),
  ]);
}

async function handle(
  answerTo: (call: Call) => Promise<Answer>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method, url = "/", headers } = incoming;
  const answer = await answerTo({ method, path: url, headers, body: await buffer(incoming) });
  outgoing.writeHead(answer.status, answer.headers);
  answer.body.pipe(outgoing);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
