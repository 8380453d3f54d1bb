import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { emulatorClientSettings } from "../environment";
import { type Answer, type Call, jsonInputOf, type Mend, queryInputOf, regionOf } from "./call";

/** Puts each alarm of the call again, as it is but for its actions being enabled or not. */
export function setAlarmActions(emulatorUrl: string, enabled: boolean): Mend {
  return async (call, send) => {
    const names = alarmNamesOf(call);
    // The emulator would describe all alarms where none is named.
    if (names.length === 0) {
      return send(call);
    }
    const client = new CloudWatchClient(emulatorClientSettings(emulatorUrl, regionOf(call)));
    try {
      await putAgain(client, names, enabled);
    } finally {
      client.destroy();
    }
    return success(call, enabled ? "EnableAlarmActions" : "DisableAlarmActions");
  };
}

function alarmNamesOf(call: Call): string[] {
  const form = queryInputOf(call);
  return form === undefined
    ? ((jsonInputOf(call).AlarmNames ?? []) as string[])
    : [...form].filter(([key]) => /^AlarmNames\.member\.\d+$/.test(key)).map(([, name]) => name);
}

/**
 * The commands send only those of an alarm's fields that they know. The emulator puts an alarm that is put again in the
 * state of a new one, and has no composite alarms.
 */
async function putAgain(client: CloudWatchClient, names: string[], ActionsEnabled: boolean): Promise<void> {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: names }));
  for (const alarm of MetricAlarms) {
    const { AlarmName, StateValue, StateReason } = alarm;
    await client.send(new PutMetricAlarmCommand({ ...alarm, AlarmName, ActionsEnabled }));
    await client.send(new SetAlarmStateCommand({ ...alarm, AlarmName, StateValue, StateReason }));
  }
}

function success(call: Call, operation: string): Answer {
  const requestId = randomUUID();
  const [type, body] =
    queryInputOf(call) === undefined
      ? ["application/x-amz-json-1.0", "{}"]
      : [
          "text/xml",
          `<${operation}Response xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
        ];
  const headers = { "content-type": type, "content-length": body.length, "x-amzn-requestid": requestId };
  return { status: 200, headers, body: Readable.from([body]) };
}
