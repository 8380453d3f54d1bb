import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { CallsOf, ClientSettings } from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export function calls(settings: ClientSettings): CallsOf<AwsCalls, "secretsmanager"> {
  const client = new SecretsManagerClient(settings);
  return {
    "secretsmanager:GetSecretValue": (input) => client.send(new GetSecretValueCommand(input)),
  };
}
