import {
  type AdvancedEventSelector,
  CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  type LogGroup,
  paginateDescribeLogGroups,
  paginateDescribeMetricFilters,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type EventPattern, parseEventPattern } from "../../patterns";
import { regionOfArn } from "../arn";
import { emulatorClientSettings } from "../environment";
import { type Policy, parsePolicy } from "../iam/policy";
import { Kept } from "../kept";
import { type CompiledMetricFilter, compileMetricFilter } from "./metric-filter";

/** A trail, what it selects, and whether it logs. */
export interface DeployedTrail extends Trail {
  readonly isLogging: boolean;
  readonly eventSelectors: readonly EventSelector[];
  readonly advancedEventSelectors: readonly AdvancedEventSelector[];
}

/** Something that isn't understood here: it stands in the way of nothing else. */
export class Unknown {
  constructor(
    readonly what: string,
    readonly why: string,
  ) {}
}

export interface DeployedRule extends Rule {
  /** Absent for a rule that only has a schedule. */
  readonly pattern: EventPattern | Unknown | undefined;
  readonly targets: readonly Target[];
}

export interface DeployedSubscription extends Subscription {
  /** What was set for a function, as it was set: JSON. */
  readonly filterPolicy?: string | undefined;
  readonly redrivePolicy?: string | undefined;
}

export interface DeployedTopic {
  readonly policy: Policy | undefined;
  readonly keyId: string | undefined;
  readonly displayName: string | undefined;
  readonly subscriptions: readonly DeployedSubscription[];
}

export interface DeployedQueue {
  readonly url: string;
  readonly policy: Policy | undefined;
  readonly visibleMessages: number;
}

export interface DeployedKey {
  readonly arn: string;
  readonly policy: Policy | undefined;
  readonly isEnabled: boolean;
}

export interface ConfiguredFunction {
  readonly configuration: GetFunctionConfigurationCommandOutput;
  readonly policy: Policy | undefined;
  readonly retryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly onFailure: string | undefined;
  /** Undefined: as many at once as the account has. */
  readonly reservedConcurrency: number | undefined;
}

/** What exists, as the emulator's API tells it: Terraform made it. Kept until something of its service is written. */
export class Deployed {
  readonly #kept = new Kept();

  /** @param endpoint the gateway's: what the emulator gets wrong is mended there */
  constructor(private readonly endpoint: string) {}

  /** @param service as its event source names it, e.g. `monitoring` */
  forget(service: string): void {
    this.#kept.forget(service);
  }

  trails(region: string): Promise<DeployedTrail[]> {
    return this.#kept.of("cloudtrail", region, async () => {
      const client = new CloudTrailClient(this.settings(region));
      const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
      const trails = trailList
        .filter(({ HomeRegion }) => HomeRegion === undefined || HomeRegion === region)
        .map(async (trail): Promise<DeployedTrail[]> => {
          const [status, selectors] = await Promise.all([
            unlessMissing(client.send(new GetTrailStatusCommand({ Name: trail.Name }))),
            unlessMissing(client.send(new GetEventSelectorsCommand({ TrailName: trail.Name }))),
          ]);
          // It was deleted since it was listed.
          if (status === undefined || selectors === undefined) {
            return [];
          }
          const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
          return [
            {
              ...trail,
              isLogging: status.IsLogging ?? false,
              eventSelectors: EventSelectors,
              advancedEventSelectors: AdvancedEventSelectors,
            },
          ];
        });
      return (await Promise.all(trails)).flat();
    });
  }

  rules(region: string): Promise<DeployedRule[]> {
    return this.#kept.of("events", region, async () => {
      const client = new EventBridgeClient(this.settings(region));
      const rules: Rule[] = [];
      for (let NextToken: string | undefined; ; ) {
        const page = await client.send(new ListRulesCommand({ NextToken }));
        rules.push(...(page.Rules ?? []));
        NextToken = page.NextToken;
        if (NextToken === undefined) {
          break;
        }
      }
      return Promise.all(
        rules.map(async (rule): Promise<DeployedRule> => {
          const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: rule.Name }));
          const { EventPattern: text } = rule;
          const pattern = text ? orUnknown(`rule ${rule.Name}`, () => parseEventPattern(text)) : undefined;
          return { ...rule, pattern, targets: Targets };
        }),
      );
    });
  }

  metricFilters(region: string, logGroupName: string): Promise<(CompiledMetricFilter | Unknown)[]> {
    return this.#kept.of("logs", `filters ${region} ${logGroupName}`, async () => {
      const client = new CloudWatchLogsClient(this.settings(region));
      const filters: (CompiledMetricFilter | Unknown)[] = [];
      for await (const { metricFilters = [] } of paginateDescribeMetricFilters(
        { client },
        { logGroupName },
      )) {
        filters.push(
          ...metricFilters.map((filter) =>
            orUnknown(`metric filter ${filter.filterName}`, () => compileMetricFilter(filter)),
          ),
        );
      }
      return filters;
    });
  }

  /** Undefined if there is none. */
  logGroup(region: string, logGroupName: string): Promise<LogGroup | undefined> {
    return this.#kept.of("logs", `group ${region} ${logGroupName}`, async () => {
      const client = new CloudWatchLogsClient(this.settings(region));
      const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: logGroupName });
      for await (const { logGroups = [] } of pages) {
        const found = logGroups.find((group) => group.logGroupName === logGroupName);
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
    });
  }

  alarms(region: string): Promise<MetricAlarm[]> {
    return this.#kept.of("monitoring", region, async () => {
      const client = new CloudWatchClient(this.settings(region));
      const alarms: MetricAlarm[] = [];
      for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
        alarms.push(...MetricAlarms);
      }
      return alarms;
    });
  }

  /** @throws if there is none */
  topic(topicArn: string): Promise<DeployedTopic> {
    return this.#kept.of("sns", topicArn, async () => {
      const client = new SNSClient(this.settings(regionOfArn(topicArn)));
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      const subscriptions: Subscription[] = [];
      const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn });
      for await (const { Subscriptions = [] } of pages) {
        subscriptions.push(...Subscriptions);
      }
      return {
        policy: policyOf(Attributes.Policy, `policy of the topic ${topicArn}`),
        keyId: Attributes.KmsMasterKeyId || undefined,
        displayName: Attributes.DisplayName || undefined,
        // The emulator itself delivers to the others.
        subscriptions: await Promise.all(
          subscriptions.map((one) => (one.Protocol === "lambda" ? withPolicies(client, one) : one)),
        ),
      };
    });
  }

  /** Undefined if there is none. */
  async queue(queueArn: string): Promise<DeployedQueue | undefined> {
    const queues = await this.queues(regionOfArn(queueArn));
    return queues.get(queueArn);
  }

  /** By ARN. How many messages they hold changes without a call that is written down: it is never kept. */
  async queues(region: string): Promise<ReadonlyMap<string, DeployedQueue>> {
    const client = new SQSClient(this.settings(region));
    const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
    const queues = QueueUrls.map(async (QueueUrl): Promise<[string, DeployedQueue]> => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      const arn = Attributes.QueueArn ?? "";
      return [
        arn,
        {
          url: QueueUrl,
          // A policy that isn't understood is in the way of what is sent to this queue, and of nothing else.
          get policy() {
            return policyOf(Attributes.Policy, `policy of the queue ${arn}`);
          },
          visibleMessages: Number(Attributes.ApproximateNumberOfMessages),
        },
      ];
    });
    return new Map(await Promise.all(queues));
  }

  /** @param keyId id, ARN or alias */
  key(region: string, keyId: string): Promise<DeployedKey> {
    return this.#kept.of("kms", `${region} ${keyId}`, async () => {
      const client = new KMSClient(this.settings(region));
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
      const { Policy } = await client.send(
        new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: "default" }),
      );
      const arn = KeyMetadata?.Arn ?? keyId;
      return {
        arn,
        policy: policyOf(Policy, `policy of the key ${arn}`),
        isEnabled: KeyMetadata?.KeyState === "Enabled",
      };
    });
  }

  /** Undefined if there is none. */
  function(functionArn: string): Promise<ConfiguredFunction | undefined> {
    return this.#kept.of("lambda", functionArn, async () => {
      const client = new LambdaClient(this.settings(regionOfArn(functionArn)));
      const FunctionName = functionArn.split(":")[6];
      const configuration = await unlessMissing(
        client.send(new GetFunctionConfigurationCommand({ FunctionName })),
      );
      if (configuration === undefined) {
        return undefined;
      }
      const [policy, invocation, concurrency] = await Promise.all([
        unlessMissing(client.send(new GetPolicyCommand({ FunctionName }))),
        unlessMissing(client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))),
        unlessMissing(client.send(new GetFunctionConcurrencyCommand({ FunctionName }))),
      ]);
      return {
        configuration,
        policy: policyOf(policy?.Policy, `policy of the function ${FunctionName}`),
        retryAttempts: invocation?.MaximumRetryAttempts ?? 2,
        maximumEventAgeSeconds: invocation?.MaximumEventAgeInSeconds ?? 6 * 3600,
        onFailure: invocation?.DestinationConfig?.OnFailure?.Destination,
        reservedConcurrency: concurrency?.ReservedConcurrentExecutions,
      };
    });
  }

  private settings(region: string) {
    return emulatorClientSettings(this.endpoint, region);
  }
}

async function withPolicies(client: SNSClient, subscription: Subscription): Promise<DeployedSubscription> {
  const { SubscriptionArn } = subscription;
  const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const { FilterPolicy, RedrivePolicy } = Attributes;
  return {
    ...subscription,
    filterPolicy: FilterPolicy || undefined,
    redrivePolicy: RedrivePolicy || undefined,
  };
}

function orUnknown<Value>(what: string, read: () => Value): Value | Unknown {
  try {
    return read();
  } catch (error) {
    return new Unknown(what, (error as Error).message);
  }
}

function policyOf(json: string | undefined, name: string): Policy | undefined {
  return json === undefined || json === "" ? undefined : parsePolicy(json, name);
}

/** Undefined where AWS says that there is no such thing. */
async function unlessMissing<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Error && /NotFound/.test(error.name)) {
      return undefined;
    }
    throw error;
  }
}
