import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"logs"> {
  const client = new CloudWatchLogsClient(settings);
  return {
    "logs:DescribeLogGroups": (input) => client.send(new DescribeLogGroupsCommand(input)),
    "logs:DescribeMetricFilters": (input) => client.send(new DescribeMetricFiltersCommand(input)),
    "logs:PutRetentionPolicy": (input) => client.send(new PutRetentionPolicyCommand(input)),
    "logs:AssociateKmsKey": (input) => client.send(new AssociateKmsKeyCommand(input)),
    "logs:PutMetricFilter": (input) => client.send(new PutMetricFilterCommand(input)),
  };
}
