import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"sns"> {
  const client = new SNSClient(settings);
  return {
    "sns:Publish": (input) => client.send(new PublishCommand(input)),
  };
}
