import { EnableRuleCommand, EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"events"> {
  const client = new EventBridgeClient(settings);
  return {
    "events:ListRules": (input) => client.send(new ListRulesCommand(input)),
    "events:EnableRule": (input) => client.send(new EnableRuleCommand(input)),
  };
}
