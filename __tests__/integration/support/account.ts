import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import {
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { emulatorClientSettings } from "../../../local/environment";

/** What exists in an account, as AWS's API tells it; lists are in order of their names. */
export class Account {
  private readonly cloudTrail: CloudTrailClient;
  private readonly cloudWatch: CloudWatchClient;
  private readonly logs: CloudWatchLogsClient;
  private readonly events: EventBridgeClient;
  private readonly iam: IAMClient;
  private readonly kms: KMSClient;
  private readonly lambda: LambdaClient;
  private readonly s3: S3Client;
  private readonly sns: SNSClient;
  private readonly sqs: SQSClient;

  constructor(settings: ReturnType<typeof emulatorClientSettings>) {
    this.cloudTrail = new CloudTrailClient(settings);
    this.cloudWatch = new CloudWatchClient(settings);
    this.logs = new CloudWatchLogsClient(settings);
    this.events = new EventBridgeClient(settings);
    this.iam = new IAMClient(settings);
    this.kms = new KMSClient(settings);
    this.lambda = new LambdaClient(settings);
    this.s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.sns = new SNSClient(settings);
    this.sqs = new SQSClient(settings);
  }

  async trails() {
    const { trailList = [] } = await this.cloudTrail.send(new DescribeTrailsCommand({}));
    return Promise.all(
      trailList.map(async (trail) => {
        const { IsLogging } = await this.cloudTrail.send(new GetTrailStatusCommand({ Name: trail.TrailARN }));
        return { ...trail, IsLogging };
      }),
    );
  }

  async bucketNames() {
    const { Buckets = [] } = await this.s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name).sort();
  }

  async bucket(name: string) {
    const of = { Bucket: name };
    const [access, ownership, versioning, encryption, lifecycle, policy] = await Promise.all([
      this.s3.send(new GetPublicAccessBlockCommand(of)),
      this.s3.send(new GetBucketOwnershipControlsCommand(of)),
      this.s3.send(new GetBucketVersioningCommand(of)),
      this.s3.send(new GetBucketEncryptionCommand(of)),
      this.s3.send(new GetBucketLifecycleConfigurationCommand(of)),
      this.s3.send(new GetBucketPolicyCommand(of)),
    ]);
    return {
      publicAccessBlock: access.PublicAccessBlockConfiguration,
      ownership: ownership.OwnershipControls?.Rules,
      versioning: versioning.Status,
      encryption: encryption.ServerSideEncryptionConfiguration?.Rules,
      lifecycle: lifecycle.Rules,
      policy: statements(policy.Policy),
    };
  }

  async logGroups() {
    const { logGroups = [] } = await this.logs.send(new DescribeLogGroupsCommand({}));
    return logGroups
      .map(({ logGroupName, retentionInDays, kmsKeyId }) => ({ logGroupName, retentionInDays, kmsKeyId }))
      .sort(by("logGroupName"));
  }

  async metricFilters() {
    const { metricFilters = [] } = await this.logs.send(new DescribeMetricFiltersCommand({}));
    return metricFilters
      .map(({ filterName, filterPattern, logGroupName, metricTransformations }) => ({
        filterName,
        filterPattern,
        logGroupName,
        metricTransformations,
      }))
      .sort(by("filterName"));
  }

  async alarms() {
    const { MetricAlarms = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({}));
    return MetricAlarms.sort(by("AlarmName"));
  }

  async topics() {
    const { Topics = [] } = await this.sns.send(new ListTopicsCommand({}));
    const topics = await Promise.all(
      Topics.map(async ({ TopicArn = "" }) => {
        const { Attributes = {} } = await this.sns.send(new GetTopicAttributesCommand({ TopicArn }));
        const { Subscriptions = [] } = await this.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
        return {
          name: TopicArn.slice(TopicArn.lastIndexOf(":") + 1),
          key: Attributes.KmsMasterKeyId,
          policy: statements(Attributes.Policy),
          subscriptions: Subscriptions.map(({ Protocol, Endpoint }) => ({ Protocol, Endpoint })),
        };
      }),
    );
    return topics.sort(by("name"));
  }

  async ruleNames() {
    const { Rules = [] } = await this.events.send(new ListRulesCommand({}));
    return Rules.map(({ Name }) => Name).sort();
  }

  async rule(name: string) {
    const { State, EventPattern = "" } = await this.events.send(new DescribeRuleCommand({ Name: name }));
    const { Targets = [] } = await this.events.send(new ListTargetsByRuleCommand({ Rule: name }));
    return {
      state: State,
      pattern: EventPattern === "" ? undefined : JSON.parse(EventPattern),
      targets: Targets,
    };
  }

  async guardFunction(name: string) {
    const of = { FunctionName: name };
    const [configuration, invocation, policy] = await Promise.all([
      this.lambda.send(new GetFunctionConfigurationCommand(of)),
      this.lambda.send(new GetFunctionEventInvokeConfigCommand(of)),
      this.lambda.send(new GetPolicyCommand(of)),
    ]);
    return { configuration, invocation, policy: statements(policy.Policy) };
  }

  async queue(name: string) {
    const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    return { ...Attributes, Policy: statements(Attributes.Policy) };
  }

  async roleNames() {
    const { Roles = [] } = await this.iam.send(new ListRolesCommand({}));
    return Roles.map(({ RoleName }) => RoleName).sort();
  }

  /** Who may take on a role and everything that it may do. */
  async role(name: string) {
    const of = { RoleName: name };
    const { Role } = await this.iam.send(new GetRoleCommand(of));
    const { PolicyNames = [] } = await this.iam.send(new ListRolePoliciesCommand(of));
    const { AttachedPolicies } = await this.iam.send(new ListAttachedRolePoliciesCommand(of));
    const policies = await Promise.all(
      PolicyNames.map((policy) => this.iam.send(new GetRolePolicyCommand({ ...of, PolicyName: policy }))),
    );
    return {
      trust: statements(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")),
      allowed: policies.flatMap(({ PolicyDocument = "" }) => statements(decodeURIComponent(PolicyDocument))),
      attachedPolicies: AttachedPolicies,
    };
  }

  /** Keys that the account made, with the aliases that point to them. */
  async keys() {
    const { Keys = [] } = await this.kms.send(new ListKeysCommand({}));
    const { Aliases = [] } = await this.kms.send(new ListAliasesCommand({}));
    const keys = await Promise.all(
      Keys.map(async ({ KeyId }) => {
        const { KeyMetadata: key } = await this.kms.send(new DescribeKeyCommand({ KeyId }));
        const { KeyRotationEnabled } = await this.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
        const aliases = Aliases.filter(({ TargetKeyId }) => TargetKeyId === KeyId);
        return {
          arn: key?.Arn,
          state: key?.KeyState,
          manager: key?.KeyManager,
          rotates: KeyRotationEnabled,
          aliases: aliases.map(({ AliasName }) => AliasName),
        };
      }),
    );
    return keys.filter(({ manager }) => manager === "CUSTOMER");
  }
}

function statements(policy: string | undefined): unknown[] {
  return JSON.parse(policy ?? "{}").Statement ?? [];
}

function by<Name extends string>(name: Name) {
  return (a: { [N in Name]?: string | undefined }, b: { [N in Name]?: string | undefined }): number =>
    (a[name] ?? "").localeCompare(b[name] ?? "");
}
