import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  type DeclaredBucket,
  type DeclaredLogGroup,
  type DeclaredState,
  digestOf,
  readDeclaredState,
} from "../../lambda-src/guard/declared-state";
import { NO_PAUSE } from "../../lambda-src/guard/pause";
import { guardParameterNames } from "../../lambda-src/guard/settings";
import { emulatorClientSettings } from "../../local/environment";
import { filledIn } from "../functions/stack";
import type { SynthesizedGuard } from "./stack";

type ClientSettings = ReturnType<typeof emulatorClientSettings>;

/** Makes, without Terraform, all that a guard keeps and reads. @returns the function's environment variables */
export async function deploy(
  guard: SynthesizedGuard,
  endpoint: string,
  region: string,
): Promise<Record<string, string>> {
  const settings = emulatorClientSettings(endpoint, region);
  const { KeyMetadata: { Arn: keyArn = "" } = {} } = await new KMSClient(settings).send(
    new CreateKeyCommand({}),
  );
  const { TopicArn: topicArn = "" } = await new SNSClient(settings).send(
    new CreateTopicCommand({ Name: "alerts" }),
  );
  const values = { keyArn, topicArn };
  const text = filledIn(guard.declaredState, values);
  const variables = Object.fromEntries(
    Object.entries(guard.variables).map(([name, value]) => [name, filledIn(value, values)]),
  );
  const declared = readDeclaredState(text);
  await makeBucket(settings, declared.bucket);
  await makeLogGroup(settings, declared.logGroup);
  await makeTrail(settings, declared.trail);
  await makeAlarms(settings, declared.alarms, topicArn);
  await makeRules(settings, declared.rules);
  await writeParameters(settings, variables.PARAMETER_PREFIX ?? "", text);
  return variables;
}

async function makeBucket(settings: ClientSettings, declared: DeclaredBucket | undefined): Promise<void> {
  if (declared === undefined) {
    return;
  }
  const { name: Bucket, policy, lifecycle, encryptionKeyArn } = declared;
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const LocationConstraint = settings.region as BucketLocationConstraint;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    }),
  );
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: encryptionKeyArn },
            BucketKeyEnabled: true,
          },
        ],
      },
    }),
  );
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: lifecycle.id,
            Status: "Enabled",
            Filter: { Prefix: "" },
            Expiration: { Days: lifecycle.expiration },
            NoncurrentVersionExpiration: { NoncurrentDays: lifecycle.noncurrentVersionExpiration },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: lifecycle.abortIncompleteMultipartUpload },
          },
        ],
      },
    }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
}

async function makeLogGroup(settings: ClientSettings, declared: DeclaredLogGroup): Promise<void> {
  const { name: logGroupName, retentionDays: retentionInDays, keyArn: kmsKeyId, metricFilters } = declared;
  const logs = new CloudWatchLogsClient(settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
  await logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
  for (const { name: filterName, pattern: filterPattern, namespace, metricName } of metricFilters) {
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName,
        filterPattern,
        metricTransformations: [{ metricNamespace: namespace, metricName, metricValue: "1" }],
      }),
    );
  }
}

async function makeTrail(settings: ClientSettings, { arn, settings: declared }: DeclaredState["trail"]) {
  const cloudTrail = new CloudTrailClient(settings);
  await cloudTrail.send(
    new CreateTrailCommand({
      Name: arn.slice(arn.lastIndexOf("/") + 1),
      S3BucketName: declared?.bucketName,
      KmsKeyId: declared?.keyArn,
      CloudWatchLogsLogGroupArn: declared?.logGroupArn,
      CloudWatchLogsRoleArn: declared?.roleArn,
      IsMultiRegionTrail: declared?.multiRegion,
      IncludeGlobalServiceEvents: declared?.globalServiceEvents,
      EnableLogFileValidation: declared?.logFileValidation,
    }),
  );
  await cloudTrail.send(
    new PutEventSelectorsCommand({
      TrailName: arn,
      EventSelectors: declared?.eventSelectors.map(({ readWriteType, includeManagementEvents }) => ({
        ReadWriteType: readWriteType,
        IncludeManagementEvents: includeManagementEvents,
      })),
    }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: arn }));
}

async function makeAlarms(
  settings: ClientSettings,
  declared: DeclaredState["alarms"],
  topicArn: string,
): Promise<void> {
  const cloudWatch = new CloudWatchClient(settings);
  for (const { name, tells } of declared) {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: "Bench",
        MetricName: name,
        Statistic: "Sum",
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        AlarmActions: tells ? [topicArn] : [],
      }),
    );
  }
}

async function makeRules(settings: ClientSettings, declared: DeclaredState["rules"]): Promise<void> {
  const events = new EventBridgeClient(settings);
  for (const Name of declared) {
    await events.send(new PutRuleCommand({ Name, EventPattern: '{"source":["bench"]}' }));
  }
}

async function writeParameters(
  settings: ClientSettings,
  prefix: string,
  declaredState: string,
): Promise<void> {
  const ssm = new SSMClient(settings);
  const names = guardParameterNames(prefix);
  for (const [Name, Value] of [
    [names.declaredState, declaredState],
    [names.appliedState, digestOf(declaredState)],
    [names.pause, NO_PAUSE],
    [names.memory, "{}"],
  ]) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
  }
}
