import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  EnableAlarmActionsCommand,
} from "@aws-sdk/client-cloudwatch";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"cloudwatch"> {
  const client = new CloudWatchClient(settings);
  return {
    "cloudwatch:DescribeAlarms": (input) => client.send(new DescribeAlarmsCommand(input)),
    "cloudwatch:EnableAlarmActions": (input) => client.send(new EnableAlarmActionsCommand(input)),
  };
}
