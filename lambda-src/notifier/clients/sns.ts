import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { CallsOf, ClientSettings } from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export function calls(settings: ClientSettings): CallsOf<AwsCalls, "sns"> {
  const client = new SNSClient(settings);
  return {
    "sns:Publish": (input) => client.send(new PublishCommand(input)),
  };
}
