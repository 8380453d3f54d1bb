import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GUARD_TOPIC_NAME } from "../../detections";
import { emulatorClientSettings } from "../../local/environment";
import { filledIn } from "../functions/stack";
import type { SynthesizedNotifier } from "./stack";

export const LOG_STREAM_NAME = "bench";

export interface DeployOptions {
  readonly endpoint: string;
  readonly region: string;
  /** A webhook's URL, and the name of the secret that it is kept in. */
  readonly webhook: { readonly secret: string; readonly url: string };
}

/** Makes, without Terraform, all that a notifier reads and writes. @returns the function's environment variables */
export async function deploy(
  notifier: SynthesizedNotifier,
  { endpoint, region, webhook }: DeployOptions,
): Promise<Record<string, string>> {
  const settings = emulatorClientSettings(endpoint, region);
  const logs = new CloudWatchLogsClient(settings);
  const { logGroupName } = notifier;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: LOG_STREAM_NAME }));
  await new SecretsManagerClient(settings).send(
    new CreateSecretCommand({ Name: webhook.secret, SecretString: webhook.url }),
  );
  const { aws_sns_topic, aws_dynamodb_table } = notifier.resources;
  const [table] = Object.values(aws_dynamodb_table);
  if (table === undefined) {
    throw new Error("the stack has no table");
  }
  await new DynamoDBClient(settings).send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: table.hash_key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: table.hash_key, AttributeType: "S" }],
    }),
  );
  const topicArn = await makeTopics(
    new SNSClient(settings),
    Object.values(aws_sns_topic).map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(notifier.variables).map(([name, value]) => [
      name,
      filledIn(value, { topicArn, tableName: table.name }),
    ]),
  );
}

/** @returns ARN of the topic that the notifier tells people by itself */
async function makeTopics(sns: SNSClient, names: readonly string[]): Promise<string> {
  const arns = await Promise.all(
    names.map(async (Name) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? ""),
  );
  const own = arns.find((arn) => arn.endsWith(`:${GUARD_TOPIC_NAME}`));
  if (own === undefined) {
    throw new Error(`the stack has no topic ${GUARD_TOPIC_NAME}`);
  }
  return own;
}
