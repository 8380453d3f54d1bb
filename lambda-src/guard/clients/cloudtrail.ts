import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  StartLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"cloudtrail"> {
  const client = new CloudTrailClient(settings);
  return {
    "cloudtrail:GetTrail": (input) => client.send(new GetTrailCommand(input)),
    "cloudtrail:GetTrailStatus": (input) => client.send(new GetTrailStatusCommand(input)),
    "cloudtrail:GetEventSelectors": (input) => client.send(new GetEventSelectorsCommand(input)),
    "cloudtrail:GetInsightSelectors": (input) => client.send(new GetInsightSelectorsCommand(input)),
    "cloudtrail:ListTags": (input) => client.send(new ListTagsCommand(input)),
    "cloudtrail:StartLogging": (input) => client.send(new StartLoggingCommand(input)),
    "cloudtrail:CreateTrail": (input) => client.send(new CreateTrailCommand(input)),
    "cloudtrail:UpdateTrail": (input) => client.send(new UpdateTrailCommand(input)),
    "cloudtrail:PutEventSelectors": (input) => client.send(new PutEventSelectorsCommand(input)),
    "cloudtrail:PutInsightSelectors": (input) => client.send(new PutInsightSelectorsCommand(input)),
    "cloudtrail:AddTags": (input) => client.send(new AddTagsCommand(input)),
  };
}
