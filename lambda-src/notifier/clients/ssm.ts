import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CallsOf, ClientSettings } from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export function calls(settings: ClientSettings): CallsOf<AwsCalls, "ssm"> {
  const client = new SSMClient(settings);
  return {
    "ssm:GetParameter": (input) => client.send(new GetParameterCommand(input)),
  };
}
