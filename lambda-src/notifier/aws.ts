import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import type * as dynamoDb from "@aws-sdk/client-dynamodb";
import type * as secretsManager from "@aws-sdk/client-secrets-manager";
import type * as sns from "@aws-sdk/client-sns";
import type * as ssm from "@aws-sdk/client-ssm";

/** Every call to AWS that the notifier can make, by its IAM service prefix and API name: what goes in and what comes out. */
export interface AwsCalls {
  "logs:FilterLogEvents": [logs.FilterLogEventsRequest, logs.FilterLogEventsResponse];
  "dynamodb:GetItem": [dynamoDb.GetItemInput, dynamoDb.GetItemOutput];
  "dynamodb:UpdateItem": [dynamoDb.UpdateItemInput, dynamoDb.UpdateItemOutput];
  "sns:Publish": [sns.PublishInput, sns.PublishResponse];
  "secretsmanager:GetSecretValue": [
    secretsManager.GetSecretValueRequest,
    secretsManager.GetSecretValueResponse,
  ];
  "ssm:GetParameter": [ssm.GetParameterRequest, ssm.GetParameterResult];
}

export type AwsCallName = keyof AwsCalls;

/**
 * The one way from the notifier to AWS.
 *
 * @throws what AWS answers with: an error whose `name` is AWS's error code
 */
export type Aws = <Name extends AwsCallName>(
  name: Name,
  input: AwsCalls[Name][0],
) => Promise<AwsCalls[Name][1]>;
