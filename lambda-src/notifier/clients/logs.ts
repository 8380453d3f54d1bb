import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { CallsOf, ClientSettings } from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export function calls(settings: ClientSettings): CallsOf<AwsCalls, "logs"> {
  const client = new CloudWatchLogsClient(settings);
  return {
    "logs:FilterLogEvents": (input) => client.send(new FilterLogEventsCommand(input)),
  };
}
