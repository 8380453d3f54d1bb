import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand as ListAlarmTagsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogGroupTagsCommand,
  paginateDescribeMetricFilters,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand as ListRuleTagsCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListAliases,
} from "@aws-sdk/client-kms";
import { GetFunctionCommand, GetPolicyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule as LifecycleRuleOfS3,
  paginateListBuckets,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand as ListTopicTagsCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isObject } from "../../config/settings";
import { awsError, messageOf } from "../drill/aws-error";
import type {
  AdoptAccount,
  BucketSetting,
  ExistingAlarm,
  ExistingBucket,
  ExistingRole,
  ExistingTarget,
  LifecycleRule,
  Look,
  Part,
  TrailSummary,
} from "./existing";

/** By it the command's calls are known in CloudTrail's events. */
const USER_AGENT = "trailwarden-adopt";

const ANSWER_LIMIT_MS = 20_000;
const ALARMS_A_CALL = 100;

/**
 * The account of the caller's own credentials, as the AWS SDK finds them.
 *
 * @param endpoint URL of an emulator, instead of AWS and of AWS_ENDPOINT_URL
 */
export function awsAccount(region: string, endpoint: string | undefined): AdoptAccount {
  const settings = {
    region,
    customUserAgent: USER_AGENT,
    requestHandler: { requestTimeout: ANSWER_LIMIT_MS, connectionTimeout: ANSWER_LIMIT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const isEmulated =
    (endpoint ?? process.env.AWS_ENDPOINT_URL ?? process.env.AWS_ENDPOINT_URL_S3) !== undefined;
  const sts = new STSClient(settings);
  const cloudTrail = new CloudTrailClient(settings);
  // The trail's bucket may be in any region.
  const s3 = new S3Client({ ...settings, forcePathStyle: isEmulated, followRegionRedirects: true });
  const kms = new KMSClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const iam = new IAMClient(settings);
  const cloudWatch = new CloudWatchClient(settings);
  const sns = new SNSClient(settings);
  const events = new EventBridgeClient(settings);
  const lambda = new LambdaClient(settings);

  async function policiesOfRole(
    RoleName: string,
  ): Promise<Pick<ExistingRole, "inlinePolicies" | "attachedPolicies">> {
    const names = await ask("iam:ListRolePolicies", async () => {
      const found: string[] = [];
      for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName })) {
        found.push(...PolicyNames);
      }
      return found;
    });
    const inlinePolicies: Record<string, string> = {};
    for (const PolicyName of names) {
      const { PolicyDocument = "" } = await ask("iam:GetRolePolicy", () =>
        iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      );
      inlinePolicies[PolicyName] = fromUri(PolicyDocument);
    }
    const attachedPolicies = await ask("iam:ListAttachedRolePolicies", async () => {
      const found: string[] = [];
      for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
        { client: iam },
        { RoleName },
      )) {
        found.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
      }
      return found;
    });
    return { inlinePolicies, attachedPolicies };
  }

  async function settingsOfBucket(
    Bucket: string,
  ): Promise<
    Pick<ExistingBucket, "policy" | "settings" | "lifecycleRules" | "problems"> & { tags: Part["tags"] }
  > {
    const problems: string[] = [];
    const settings: Partial<Record<BucketSetting, Part["arguments"]>> = {};
    const optional = async <Answer>(action: string, missing: string, send: () => Promise<Answer>) => {
      const answer = await attempt(() => askFor(action, [missing], send));
      if ("problem" in answer) {
        problems.push(answer.problem);
        return undefined;
      }
      return answer.found;
    };
    const policy = await attempt(async () => {
      const answer = await askFor("s3:GetBucketPolicy", ["NoSuchBucketPolicy"], () =>
        s3.send(new GetBucketPolicyCommand({ Bucket })),
      );
      return answer?.Policy;
    });
    if ("problem" in policy) {
      problems.push(policy.problem);
    } else if (policy.found !== undefined) {
      settings.policy = { policy: policy.found };
    }
    const block = await optional(
      "s3:GetBucketPublicAccessBlock",
      "NoSuchPublicAccessBlockConfiguration",
      () => s3.send(new GetPublicAccessBlockCommand({ Bucket })),
    );
    if (block?.PublicAccessBlockConfiguration !== undefined) {
      const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
        block.PublicAccessBlockConfiguration;
      settings.publicAccessBlock = {
        block_public_acls: BlockPublicAcls,
        block_public_policy: BlockPublicPolicy,
        ignore_public_acls: IgnorePublicAcls,
        restrict_public_buckets: RestrictPublicBuckets,
      };
    }
    const ownership = await optional("s3:GetBucketOwnershipControls", "OwnershipControlsNotFoundError", () =>
      s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
    );
    const ownershipRule = ownership?.OwnershipControls?.Rules?.[0];
    if (ownershipRule !== undefined) {
      settings.ownershipControls = { rule: { object_ownership: ownershipRule.ObjectOwnership } };
    }
    const encryption = await optional(
      "s3:GetEncryptionConfiguration",
      "ServerSideEncryptionConfigurationNotFoundError",
      () => s3.send(new GetBucketEncryptionCommand({ Bucket })),
    );
    const encryptionRule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0];
    if (encryptionRule !== undefined) {
      const { SSEAlgorithm, KMSMasterKeyID } = encryptionRule.ApplyServerSideEncryptionByDefault ?? {};
      settings.encryption = {
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: SSEAlgorithm,
              ...(KMSMasterKeyID === undefined ? {} : { kms_master_key_id: KMSMasterKeyID }),
            },
            bucket_key_enabled: encryptionRule.BucketKeyEnabled ?? false,
          },
        ],
      };
    }
    const versioning = await optional("s3:GetBucketVersioning", "", () =>
      s3.send(new GetBucketVersioningCommand({ Bucket })),
    );
    if (versioning?.Status !== undefined) {
      settings.versioning = {
        versioning_configuration: {
          status: versioning.Status,
          ...(versioning.MFADelete === "Enabled" ? { mfa_delete: "Enabled" } : {}),
        },
      };
    }
    const lifecycle = await optional("s3:GetLifecycleConfiguration", "NoSuchLifecycleConfiguration", () =>
      s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    );
    const lifecycleRules = (lifecycle?.Rules ?? []).map(lifecycleRule);
    if (lifecycleRules.length > 0) {
      settings.lifecycle = { rule: lifecycleRules };
    }
    const lock = await optional(
      "s3:GetBucketObjectLockConfiguration",
      "ObjectLockConfigurationNotFoundError",
      () => s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
    );
    const retention = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention;
    if (retention !== undefined) {
      const { Mode, Days, Years } = retention;
      settings.objectLock = {
        rule: {
          default_retention: {
            mode: Mode,
            ...(Days === undefined ? {} : { days: Days }),
            ...(Years === undefined ? {} : { years: Years }),
          },
        },
      };
    }
    const tagging = await optional("s3:GetBucketTagging", "NoSuchTagSet", () =>
      s3.send(new GetBucketTaggingCommand({ Bucket })),
    );
    return { policy, settings, lifecycleRules, problems, tags: tagsOf(tagging?.TagSet ?? []).tags };
  }

  return {
    async callerIdentity() {
      const { Account = "", Arn = "" } = await ask("sts:GetCallerIdentity", () =>
        sts.send(new GetCallerIdentityCommand({})),
      );
      return { accountId: Account, arn: Arn };
    },

    async trails() {
      const { trailList = [] } = await ask("cloudtrail:DescribeTrails", () =>
        cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
      );
      return trailList.map((trail): TrailSummary & Pick<Part, "arguments"> => ({
        name: trail.Name ?? "",
        arn: trail.TrailARN ?? "",
        homeRegion: trail.HomeRegion ?? "",
        isOrganizationTrail: trail.IsOrganizationTrail === true,
        bucketName: trail.S3BucketName ?? "",
        logGroupArn: trail.CloudWatchLogsLogGroupArn || undefined,
        deliveryRoleArn: trail.CloudWatchLogsRoleArn || undefined,
        keyArn: trail.KmsKeyId || undefined,
        s3KeyPrefix: trail.S3KeyPrefix || undefined,
        snsTopic: trail.SnsTopicARN || undefined,
        arguments: {
          name: trail.Name,
          s3_bucket_name: trail.S3BucketName,
          s3_key_prefix: trail.S3KeyPrefix,
          sns_topic_name: trail.SnsTopicARN,
          kms_key_id: trail.KmsKeyId,
          is_multi_region_trail: trail.IsMultiRegionTrail,
          include_global_service_events: trail.IncludeGlobalServiceEvents,
          enable_log_file_validation: trail.LogFileValidationEnabled,
          cloud_watch_logs_group_arn: trail.CloudWatchLogsLogGroupArn,
          cloud_watch_logs_role_arn: trail.CloudWatchLogsRoleArn,
        },
      }));
    },

    async trailDetails(trail) {
      const { IsLogging } = await ask("cloudtrail:GetTrailStatus", () =>
        cloudTrail.send(new GetTrailStatusCommand({ Name: trail.arn })),
      );
      const selectors = await ask("cloudtrail:GetEventSelectors", () =>
        cloudTrail.send(new GetEventSelectorsCommand({ TrailName: trail.arn })),
      );
      const insights = await askFor("cloudtrail:GetInsightSelectors", ["InsightNotEnabledException"], () =>
        cloudTrail.send(new GetInsightSelectorsCommand({ TrailName: trail.arn })),
      );
      const tags = await attempt(async () => {
        const { ResourceTagList = [] } = await ask("cloudtrail:ListTags", () =>
          cloudTrail.send(new ListTagsCommand({ ResourceIdList: [trail.arn] })),
        );
        return ResourceTagList[0]?.TagsList ?? [];
      });
      const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
      const custom = EventSelectors.filter(
        ({ ReadWriteType, IncludeManagementEvents, ExcludeManagementEventSources = [] }) =>
          ReadWriteType !== "All" ||
          IncludeManagementEvents === false ||
          ExcludeManagementEventSources.length > 0,
      );
      return {
        ...trail,
        otherEvents: [
          ...EventSelectors.flatMap(({ DataResources = [] }) =>
            DataResources.map(({ Type = "" }) => `data events of ${Type}`),
          ),
          ...AdvancedEventSelectors.flatMap(({ FieldSelectors = [] }) => {
            const categories = FieldSelectors.find(({ Field }) => Field === "eventCategory")?.Equals ?? [];
            return categories
              .filter((category) => category !== "Management")
              .map((category) => `events of the category ${category}`);
          }),
        ],
        hasAdvancedSelectors: AdvancedEventSelectors.length > 0,
        arguments: {
          ...("arguments" in trail && isObject(trail.arguments) ? trail.arguments : {}),
          enable_logging: IsLogging === true,
          event_selector: custom,
          advanced_event_selector: AdvancedEventSelectors.map(
            ({ Name, FieldSelectors }) => Name ?? FieldSelectors,
          ),
          insight_selector: (insights?.InsightSelectors ?? []).map(({ InsightType }) => ({
            insight_type: InsightType,
          })),
        },
        ...tagsOfLook(tags),
      };
    },

    async bucket(name) {
      const owned = await ask("s3:ListAllMyBuckets", async () => {
        for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, {})) {
          if (Buckets.some(({ Name }) => Name === name)) {
            return true;
          }
        }
        return false;
      });
      if (!owned) {
        const policy = await attempt(async () => {
          const answer = await askFor("s3:GetBucketPolicy", ["NoSuchBucketPolicy"], () =>
            s3.send(new GetBucketPolicyCommand({ Bucket: name })),
          );
          return answer?.Policy;
        });
        const isNone = "problem" in policy && /\bNoSuchBucket\b/.test(policy.problem);
        return isNone
          ? undefined
          : {
              name,
              isOwned: false,
              region: undefined,
              policy,
              settings: {},
              lifecycleRules: [],
              tags: undefined,
              problems: [],
            };
      }
      const { LocationConstraint } = await ask("s3:GetBucketLocation", () =>
        s3.send(new GetBucketLocationCommand({ Bucket: name })),
      );
      // S3 API reference, "GetBucketLocation": none is us-east-1, and EU an old name of eu-west-1.
      const region = LocationConstraint === "EU" ? "eu-west-1" : (LocationConstraint ?? "us-east-1");
      return { name, isOwned: true, region, ...(await settingsOfBucket(name)) };
    },

    async key(arn) {
      const answer = await askFor("kms:DescribeKey", ["NotFoundException"], () =>
        kms.send(new DescribeKeyCommand({ KeyId: arn })),
      );
      const facts = answer?.KeyMetadata;
      if (facts === undefined) {
        return undefined;
      }
      const policy = await attempt(async () => {
        const { Policy } = await ask("kms:GetKeyPolicy", () =>
          kms.send(new GetKeyPolicyCommand({ KeyId: arn })),
        );
        return Policy;
      });
      const rotation = await attempt(() =>
        ask("kms:GetKeyRotationStatus", () => kms.send(new GetKeyRotationStatusCommand({ KeyId: arn }))),
      );
      const tags = await attempt(async () => {
        const { Tags = [] } = await ask("kms:ListResourceTags", () =>
          kms.send(new ListResourceTagsCommand({ KeyId: arn })),
        );
        return Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
      });
      return {
        arn: facts.Arn ?? arn,
        manager: facts.KeyManager ?? "",
        spec: facts.KeySpec ?? "",
        usage: facts.KeyUsage ?? "",
        state: facts.KeyState ?? "",
        origin: facts.Origin ?? "",
        isMultiRegion: facts.MultiRegion === true,
        policy,
        arguments: {
          description: facts.Description,
          policy: "problem" in policy ? undefined : policy.found,
          ...("problem" in rotation
            ? {}
            : { enable_key_rotation: rotation.found?.KeyRotationEnabled ?? false }),
        },
        ...tagsOfLook(tags),
      };
    },

    async logGroup(name) {
      const { logGroups = [] } = await ask("logs:DescribeLogGroups", () =>
        logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
      );
      // The first of a page's sorted names that begin with a name is the name itself.
      const group = logGroups.find(({ logGroupName }) => logGroupName === name);
      if (group === undefined) {
        return undefined;
      }
      const arn = (group.logGroupArn ?? group.arn ?? "").replace(/:\*$/, "");
      const tags = await attempt(async () => {
        const answer = await ask("logs:ListTagsForResource", () =>
          logs.send(new ListLogGroupTagsCommand({ resourceArn: arn })),
        );
        return tagList(answer.tags ?? {});
      });
      return {
        name,
        class: group.logGroupClass ?? "STANDARD",
        retentionDays: group.retentionInDays,
        arguments: {
          name,
          retention_in_days: group.retentionInDays ?? 0,
          kms_key_id: group.kmsKeyId,
        },
        ...tagsOfLook(tags),
      };
    },

    async role(name) {
      const answer = await askFor("iam:GetRole", ["NoSuchEntityException"], () =>
        iam.send(new GetRoleCommand({ RoleName: name })),
      );
      const role = answer?.Role;
      if (role === undefined) {
        return undefined;
      }
      return {
        arn: role.Arn ?? "",
        name,
        arguments: {
          name,
          description: role.Description,
          assume_role_policy: fromUri(role.AssumeRolePolicyDocument ?? ""),
          max_session_duration: role.MaxSessionDuration,
          permissions_boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        },
        ...tagsOf(role.Tags ?? []),
        ...(await policiesOfRole(name)),
      };
    },

    async metricFilters(logGroupName) {
      return ask("logs:DescribeMetricFilters", async () => {
        const found = new Map<string, Part>();
        const pages = paginateDescribeMetricFilters({ client: logs }, { logGroupName });
        for await (const { metricFilters = [] } of pages) {
          for (const { filterName = "", filterPattern, metricTransformations = [] } of metricFilters) {
            const [transformation] = metricTransformations;
            found.set(filterName, {
              arguments: {
                name: filterName,
                pattern: filterPattern,
                metric_transformation: {
                  name: transformation?.metricName,
                  namespace: transformation?.metricNamespace,
                  value: transformation?.metricValue,
                  ...(transformation?.defaultValue === undefined
                    ? {}
                    : { default_value: String(transformation.defaultValue) }),
                  ...(transformation?.unit === undefined || transformation.unit === "None"
                    ? {}
                    : { unit: transformation.unit }),
                  ...(Object.keys(transformation?.dimensions ?? {}).length === 0
                    ? {}
                    : { dimensions: transformation?.dimensions }),
                },
              },
              tags: {},
            });
          }
        }
        return found;
      });
    },

    async alarms(names) {
      const found = new Map<string, ExistingAlarm>();
      for (let index = 0; index < names.length; index += ALARMS_A_CALL) {
        const { MetricAlarms = [], CompositeAlarms = [] } = await ask("cloudwatch:DescribeAlarms", () =>
          cloudWatch.send(
            new DescribeAlarmsCommand({
              AlarmNames: names.slice(index, index + ALARMS_A_CALL),
              AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
              MaxRecords: ALARMS_A_CALL,
            }),
          ),
        );
        for (const alarm of MetricAlarms) {
          const tags = await attempt(async () => {
            const { Tags = [] } = await ask("cloudwatch:ListTagsForResource", () =>
              cloudWatch.send(new ListAlarmTagsCommand({ ResourceARN: alarm.AlarmArn })),
            );
            return Tags;
          });
          found.set(alarm.AlarmName ?? "", {
            isComposite: false,
            arguments: argumentsOfAlarm(alarm),
            ...tagsOfLook(tags),
          });
        }
        for (const { AlarmName = "" } of CompositeAlarms) {
          found.set(AlarmName, { isComposite: true, arguments: {}, tags: {} });
        }
      }
      return found;
    },

    async topic(TopicArn) {
      const answer = await askFor("sns:GetTopicAttributes", ["NotFoundException", "NotFound"], () =>
        sns.send(new GetTopicAttributesCommand({ TopicArn })),
      );
      if (answer === undefined) {
        return undefined;
      }
      const { Attributes = {} } = answer;
      const subscriptions = await ask("sns:ListSubscriptionsByTopic", async () => {
        const found: { protocol: string; endpoint: string; arn: string }[] = [];
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
          { client: sns },
          { TopicArn },
        )) {
          found.push(
            ...Subscriptions.map(({ Protocol = "", Endpoint = "", SubscriptionArn = "" }) => ({
              protocol: Protocol,
              endpoint: Endpoint,
              arn: SubscriptionArn,
            })),
          );
        }
        return found;
      });
      const tags = await attempt(async () => {
        const { Tags = [] } = await ask("sns:ListTagsForResource", () =>
          sns.send(new ListTopicTagsCommand({ ResourceArn: TopicArn })),
        );
        return Tags;
      });
      return {
        arn: TopicArn,
        subscriptions,
        arguments: {
          display_name: Attributes.DisplayName,
          kms_master_key_id: Attributes.KmsMasterKeyId,
          delivery_policy: Attributes.DeliveryPolicy,
          policy: Attributes.Policy,
        },
        ...tagsOfLook(tags),
      };
    },

    async eventRule(name) {
      const rule = await askFor("events:DescribeRule", ["ResourceNotFoundException"], () =>
        events.send(new DescribeRuleCommand({ Name: name })),
      );
      if (rule === undefined) {
        return undefined;
      }
      const targets = await ask("events:ListTargetsByRule", async () => {
        const found: ExistingTarget[] = [];
        let NextToken: string | undefined;
        do {
          const page = await events.send(
            new ListTargetsByRuleCommand({ Rule: name, ...(NextToken === undefined ? {} : { NextToken }) }),
          );
          for (const target of page.Targets ?? []) {
            found.push({
              id: target.Id ?? "",
              arn: target.Arn ?? "",
              arguments: {
                arn: target.Arn,
                role_arn: target.RoleArn,
                input: target.Input,
                input_path: target.InputPath,
                ...(target.InputTransformer === undefined
                  ? {}
                  : {
                      input_transformer: {
                        input_paths: target.InputTransformer.InputPathsMap ?? {},
                        input_template: target.InputTransformer.InputTemplate,
                      },
                    }),
                ...(target.DeadLetterConfig?.Arn === undefined
                  ? {}
                  : { dead_letter_config: { arn: target.DeadLetterConfig.Arn } }),
              },
            });
          }
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        return found;
      });
      const tags = await attempt(async () => {
        const { Tags = [] } = await ask("events:ListTagsForResource", () =>
          events.send(new ListRuleTagsCommand({ ResourceARN: rule.Arn })),
        );
        return Tags;
      });
      return {
        managedBy: rule.ManagedBy,
        targets,
        arguments: {
          name,
          description: rule.Description,
          event_pattern: rule.EventPattern,
          schedule_expression: rule.ScheduleExpression,
          state: rule.State,
          role_arn: rule.RoleArn,
        },
        ...tagsOfLook(tags),
      };
    },

    async function(FunctionName) {
      const answer = await askFor("lambda:GetFunction", ["ResourceNotFoundException"], () =>
        lambda.send(new GetFunctionCommand({ FunctionName })),
      );
      const facts = answer?.Configuration;
      if (answer === undefined || facts === undefined) {
        return undefined;
      }
      const policy = await askFor("lambda:GetPolicy", ["ResourceNotFoundException"], () =>
        lambda.send(new GetPolicyCommand({ FunctionName })),
      );
      const { SubnetIds = [], SecurityGroupIds = [] } = facts.VpcConfig ?? {};
      const variables = Object.keys(facts.Environment?.Variables ?? {});
      return {
        packageType: facts.PackageType ?? "Zip",
        roleArn: facts.Role ?? "",
        permissions: statementsOf(policy?.Policy).map((statement) => ({
          statementId: typeof statement.Sid === "string" ? statement.Sid : "",
          text: JSON.stringify(statement),
        })),
        arguments: {
          function_name: FunctionName,
          description: facts.Description,
          runtime: facts.Runtime,
          handler: facts.Handler,
          architectures: facts.Architectures ?? ["x86_64"],
          memory_size: facts.MemorySize,
          timeout: facts.Timeout,
          role: facts.Role,
          source_code_hash: facts.CodeSha256,
          kms_key_arn: facts.KMSKeyArn,
          layers: (facts.Layers ?? []).flatMap(({ Arn }) => Arn ?? []),
          ...(facts.DeadLetterConfig?.TargetArn === undefined
            ? {}
            : { dead_letter_config: { target_arn: facts.DeadLetterConfig.TargetArn } }),
          ...(SubnetIds.length === 0
            ? {}
            : { vpc_config: { subnet_ids: SubnetIds, security_group_ids: SecurityGroupIds } }),
          // Their values may be secrets.
          ...(variables.length === 0 ? {} : { environment: { variables } }),
        },
        ...tagsOf(tagList(answer.Tags ?? {})),
      };
    },

    async keyAliases() {
      return ask("kms:ListAliases", async () => {
        const found = new Map<string, Part>();
        for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {})) {
          for (const { AliasName = "", TargetKeyId } of Aliases) {
            found.set(AliasName, { arguments: { name: AliasName, target_key_id: TargetKeyId }, tags: {} });
          }
        }
        return found;
      });
    },
  };
}

function argumentsOfAlarm(alarm: MetricAlarm): Part["arguments"] {
  const dimensions = Object.fromEntries(
    (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  );
  return {
    alarm_name: alarm.AlarmName,
    alarm_description: alarm.AlarmDescription,
    actions_enabled: alarm.ActionsEnabled,
    alarm_actions: alarm.AlarmActions ?? [],
    ok_actions: alarm.OKActions ?? [],
    insufficient_data_actions: alarm.InsufficientDataActions ?? [],
    namespace: alarm.Namespace,
    metric_name: alarm.MetricName,
    dimensions,
    statistic: alarm.Statistic,
    extended_statistic: alarm.ExtendedStatistic,
    unit: alarm.Unit,
    period: alarm.Period,
    evaluation_periods: alarm.EvaluationPeriods,
    datapoints_to_alarm: alarm.DatapointsToAlarm,
    comparison_operator: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    treat_missing_data: alarm.TreatMissingData,
    metric_query: alarm.Metrics ?? [],
  };
}

function lifecycleRule(rule: LifecycleRuleOfS3): LifecycleRule {
  const { Filter: filter = {} } = rule;
  const { Expiration: expiration = {}, NoncurrentVersionExpiration: noncurrent } = rule;
  const { And: both = {} } = filter;
  return {
    id: rule.ID ?? "",
    isEnabled: rule.Status === "Enabled",
    // The first is how S3 had it before there were filters.
    prefix: ("Prefix" in rule ? rule.Prefix : undefined) ?? filter.Prefix ?? both.Prefix ?? "",
    isNarrowed: [filter, both].some(
      (one) =>
        ("Tag" in one && one.Tag !== undefined) ||
        ("Tags" in one && one.Tags !== undefined) ||
        one.ObjectSizeGreaterThan !== undefined ||
        one.ObjectSizeLessThan !== undefined,
    ),
    expirationDays: expiration.Days,
    others: [
      ...(expiration.Date === undefined ? [] : [`expires log files on ${expiration.Date.toISOString()}`]),
      ...(rule.Transitions ?? []).map(
        ({ Days, StorageClass }) => `moves log files to ${StorageClass} after ${Days ?? 0} days`,
      ),
      ...(rule.NoncurrentVersionTransitions ?? []).map(
        ({ NoncurrentDays, StorageClass }) =>
          `moves older versions to ${StorageClass} after ${NoncurrentDays ?? 0} days`,
      ),
      ...(noncurrent?.NoncurrentDays === undefined
        ? []
        : [`expires older versions after ${noncurrent.NoncurrentDays} days`]),
    ],
  };
}

/** @throws Error in a sentence */
async function ask<Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw awsError(action, error);
  }
}

/** @returns undefined for an error of one of the names, which say that there is no such thing */
async function askFor<Answer>(
  action: string,
  missing: readonly string[],
  send: () => Promise<Answer>,
): Promise<Answer | undefined> {
  return ask(action, async () => {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Error && missing.includes(error.name)) {
        return undefined;
      }
      throw error;
    }
  });
}

async function attempt<Found>(look: () => Promise<Found | undefined>): Promise<Look<Found>> {
  try {
    return { found: await look() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

function tagList(tags: Readonly<Record<string, string>>): TagList {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function tagsOfLook(tags: Look<TagList>): Pick<Part, "tags" | "cloudFormationStack"> {
  return "problem" in tags ? { tags: undefined } : tagsOf(tags.found ?? []);
}

function tagsOf(tags: TagList): Pick<Part, "tags" | "cloudFormationStack"> {
  const all = tags.map(({ Key = "", Value = "" }): [string, string] => [Key, Value]);
  return {
    tags: Object.fromEntries(all.filter(([key]) => !key.startsWith("aws:"))),
    cloudFormationStack: all.find(([key]) => key === "aws:cloudformation:stack-name")?.[1],
  };
}

/** Statements of a policy's text; none of what is no policy. */
function statementsOf(policy: string | undefined): Readonly<Record<string, unknown>>[] {
  if (policy === undefined) {
    return [];
  }
  const document: unknown = JSON.parse(policy);
  const statements: unknown = isObject(document) ? document.Statement : undefined;
  return (Array.isArray(statements) ? statements : [statements]).filter(isObject);
}

/** IAM gives policies in the form that URIs have (IAM API reference, "GetRole"). */
function fromUri(policy: string): string {
  try {
    return decodeURIComponent(policy);
  } catch {
    return policy;
  }
}
