import { isDeepStrictEqual } from "node:util";
import type * as cloudTrail from "@aws-sdk/client-cloudtrail";
import type * as cloudWatch from "@aws-sdk/client-cloudwatch";
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import type * as events from "@aws-sdk/client-eventbridge";
import type * as kms from "@aws-sdk/client-kms";
import type * as s3 from "@aws-sdk/client-s3";
import type * as sns from "@aws-sdk/client-sns";
import type * as ssm from "@aws-sdk/client-ssm";

/** Every call to AWS that the guard can make, by its IAM service prefix and API name: what goes in and what comes out. */
export interface AwsCalls {
  "cloudtrail:GetTrail": [cloudTrail.GetTrailRequest, cloudTrail.GetTrailResponse];
  "cloudtrail:GetTrailStatus": [cloudTrail.GetTrailStatusRequest, cloudTrail.GetTrailStatusResponse];
  "cloudtrail:GetEventSelectors": [cloudTrail.GetEventSelectorsRequest, cloudTrail.GetEventSelectorsResponse];
  "cloudtrail:GetInsightSelectors": [
    cloudTrail.GetInsightSelectorsRequest,
    cloudTrail.GetInsightSelectorsResponse,
  ];
  "cloudtrail:ListTags": [cloudTrail.ListTagsRequest, cloudTrail.ListTagsResponse];
  "cloudtrail:StartLogging": [cloudTrail.StartLoggingRequest, cloudTrail.StartLoggingResponse];
  "cloudtrail:CreateTrail": [cloudTrail.CreateTrailRequest, cloudTrail.CreateTrailResponse];
  "cloudtrail:UpdateTrail": [cloudTrail.UpdateTrailRequest, cloudTrail.UpdateTrailResponse];
  "cloudtrail:PutEventSelectors": [cloudTrail.PutEventSelectorsRequest, cloudTrail.PutEventSelectorsResponse];
  "cloudtrail:PutInsightSelectors": [
    cloudTrail.PutInsightSelectorsRequest,
    cloudTrail.PutInsightSelectorsResponse,
  ];
  "cloudtrail:AddTags": [cloudTrail.AddTagsRequest, cloudTrail.AddTagsResponse];
  "s3:GetBucketPolicy": [s3.GetBucketPolicyRequest, s3.GetBucketPolicyOutput];
  "s3:PutBucketPolicy": [s3.PutBucketPolicyRequest, object];
  "s3:GetBucketLifecycleConfiguration": [
    s3.GetBucketLifecycleConfigurationRequest,
    s3.GetBucketLifecycleConfigurationOutput,
  ];
  "s3:PutBucketLifecycleConfiguration": [s3.PutBucketLifecycleConfigurationRequest, object];
  "s3:GetBucketVersioning": [s3.GetBucketVersioningRequest, s3.GetBucketVersioningOutput];
  "s3:PutBucketVersioning": [s3.PutBucketVersioningRequest, object];
  "s3:GetBucketEncryption": [s3.GetBucketEncryptionRequest, s3.GetBucketEncryptionOutput];
  "s3:PutBucketEncryption": [s3.PutBucketEncryptionRequest, object];
  "s3:GetPublicAccessBlock": [s3.GetPublicAccessBlockRequest, s3.GetPublicAccessBlockOutput];
  "s3:PutPublicAccessBlock": [s3.PutPublicAccessBlockRequest, object];
  "s3:GetBucketOwnershipControls": [
    s3.GetBucketOwnershipControlsRequest,
    s3.GetBucketOwnershipControlsOutput,
  ];
  "s3:PutBucketOwnershipControls": [s3.PutBucketOwnershipControlsRequest, object];
  "kms:DescribeKey": [kms.DescribeKeyRequest, kms.DescribeKeyResponse];
  "kms:CancelKeyDeletion": [kms.CancelKeyDeletionRequest, kms.CancelKeyDeletionResponse];
  "kms:EnableKey": [kms.EnableKeyRequest, object];
  "logs:DescribeLogGroups": [logs.DescribeLogGroupsRequest, logs.DescribeLogGroupsResponse];
  "logs:DescribeMetricFilters": [logs.DescribeMetricFiltersRequest, logs.DescribeMetricFiltersResponse];
  "logs:PutRetentionPolicy": [logs.PutRetentionPolicyRequest, object];
  "logs:AssociateKmsKey": [logs.AssociateKmsKeyRequest, object];
  "logs:PutMetricFilter": [logs.PutMetricFilterRequest, object];
  "cloudwatch:DescribeAlarms": [cloudWatch.DescribeAlarmsInput, cloudWatch.DescribeAlarmsOutput];
  "cloudwatch:EnableAlarmActions": [cloudWatch.EnableAlarmActionsInput, object];
  "events:ListRules": [events.ListRulesRequest, events.ListRulesResponse];
  "events:EnableRule": [events.EnableRuleRequest, object];
  "ssm:GetParameters": [ssm.GetParametersRequest, ssm.GetParametersResult];
  "ssm:PutParameter": [ssm.PutParameterRequest, ssm.PutParameterResult];
  "sns:Publish": [sns.PublishInput, sns.PublishResponse];
}

export type AwsCallName = keyof AwsCalls;

/**
 * The one way from the guard to AWS.
 *
 * @throws what AWS answers with: an error whose `name` is AWS's error code
 */
export type Aws = <Name extends AwsCallName>(
  name: Name,
  input: AwsCalls[Name][0],
) => Promise<AwsCalls[Name][1]>;

/** Whether AWS answered with one of these error codes. */
export function isError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/** What a call gives, or `undefined` where AWS answers that there is no such thing. */
export async function unless<Output>(output: Promise<Output>, ...codes: readonly string[]) {
  try {
    return await output;
  } catch (error) {
    if (isError(error, ...codes)) {
      return undefined;
    }
    throw error;
  }
}

/** Begins a call that is certain to be made, at once; when it is made, it is the one that was begun. */
export function withHeadStart<Name extends AwsCallName>(aws: Aws, name: Name, input: AwsCalls[Name][0]): Aws {
  let begun: Promise<AwsCalls[Name][1]> | undefined = aws(name, input);
  // Whoever makes the call hears of its error.
  begun.catch(() => {});
  return async (otherName, otherInput) => {
    if (begun !== undefined && (otherName as AwsCallName) === name && isDeepStrictEqual(otherInput, input)) {
      const output = begun;
      begun = undefined;
      return output;
    }
    return aws(otherName, otherInput);
  };
}
