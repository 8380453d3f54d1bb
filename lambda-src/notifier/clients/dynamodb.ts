import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { CallsOf, ClientSettings } from "../../shared/aws-clients";
import type { AwsCalls } from "../aws";

export function calls(settings: ClientSettings): CallsOf<AwsCalls, "dynamodb"> {
  const client = new DynamoDBClient(settings);
  return {
    "dynamodb:GetItem": (input) => client.send(new GetItemCommand(input)),
    "dynamodb:UpdateItem": (input) => client.send(new UpdateItemCommand(input)),
  };
}
