import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"kms"> {
  const client = new KMSClient(settings);
  return {
    "kms:DescribeKey": (input) => client.send(new DescribeKeyCommand(input)),
    "kms:CancelKeyDeletion": (input) => client.send(new CancelKeyDeletionCommand(input)),
    "kms:EnableKey": (input) => client.send(new EnableKeyCommand(input)),
  };
}
