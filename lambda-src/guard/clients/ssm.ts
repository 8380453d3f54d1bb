import { GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"ssm"> {
  const client = new SSMClient(settings);
  return {
    "ssm:GetParameters": (input) => client.send(new GetParametersCommand(input)),
    "ssm:PutParameter": (input) => client.send(new PutParameterCommand(input)),
  };
}
