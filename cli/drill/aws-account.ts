import {
  CloudTrailClient,
  GetTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Account } from "./account";
import { awsError, undefinedFor } from "./aws-error";

/** By it the drill's calls are known in CloudTrail's events. */
const USER_AGENT = "trailwarden-drill";

/** A call that isn't answered by then is given up, whatever it waits for. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * The account of the caller's own credentials, as the AWS SDK finds them.
 *
 * @param endpoint URL of an emulator, instead of AWS and of AWS_ENDPOINT_URL
 */
export function awsAccount(region: string, endpoint: string | undefined): Account {
  const settings = {
    region,
    customUserAgent: USER_AGENT,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const sts = new STSClient(settings);
  const cloudTrail = new CloudTrailClient(settings);
  // Tried once: of a second try's refusal nobody could tell whether the first was carried out.
  const triedOnce = new CloudTrailClient({ ...settings, maxAttempts: 1 });
  const lambda = new LambdaClient(settings);
  const events = new EventBridgeClient(settings);
  const ssm = new SSMClient(settings);
  const cloudWatch = new CloudWatchClient(settings);
  return {
    async callerIdentity() {
      const { Account = "", Arn = "" } = await ask("sts:GetCallerIdentity", (options) =>
        sts.send(new GetCallerIdentityCommand({}), options),
      );
      return { accountId: Account, arn: Arn };
    },

    async credentialsExpireAt() {
      return (await ask("sts:GetCallerIdentity", () => sts.config.credentials())).expiration;
    },

    async findTrail(nameOrArn) {
      const answer = await ask("cloudtrail:GetTrail", (options) =>
        cloudTrail
          .send(new GetTrailCommand({ Name: nameOrArn }), options)
          .catch(undefinedFor("TrailNotFoundException")),
      );
      return answer === undefined
        ? undefined
        : { name: answer.Trail?.Name ?? "", arn: answer.Trail?.TrailARN ?? "" };
    },

    trail: (Name) => ({
      async startLogging() {
        await ask("cloudtrail:StartLogging", (options) =>
          triedOnce.send(new StartLoggingCommand({ Name }), options),
        );
      },
      async stopLogging() {
        await ask("cloudtrail:StopLogging", (options) =>
          triedOnce.send(new StopLoggingCommand({ Name }), options),
        );
      },
      async status() {
        const { IsLogging, StartLoggingTime, StopLoggingTime } = await ask(
          "cloudtrail:GetTrailStatus",
          (options) => triedOnce.send(new GetTrailStatusCommand({ Name }), options),
        );
        return { isLogging: IsLogging === true, startedAt: StartLoggingTime, stoppedAt: StopLoggingTime };
      },
    }),

    async functionVariables(FunctionName) {
      const answer = await ask("lambda:GetFunctionConfiguration", (options) =>
        lambda
          .send(new GetFunctionConfigurationCommand({ FunctionName }), options)
          .catch(undefinedFor("ResourceNotFoundException")),
      );
      return answer === undefined ? undefined : (answer.Environment?.Variables ?? {});
    },

    async ruleState(Name) {
      const answer = await ask("events:DescribeRule", (options) =>
        events
          .send(new DescribeRuleCommand({ Name }), options)
          .catch(undefinedFor("ResourceNotFoundException")),
      );
      return answer?.State;
    },

    async parameter(Name) {
      const answer = await ask("ssm:GetParameter", (options) =>
        ssm.send(new GetParameterCommand({ Name }), options).catch(undefinedFor("ParameterNotFound")),
      );
      const { Value, LastModifiedDate = new Date(0) } = answer?.Parameter ?? {};
      return Value === undefined ? undefined : { text: Value, modifiedAt: LastModifiedDate };
    },

    async sums(metrics, since) {
      const { MetricDataResults = [] } = await ask("cloudwatch:GetMetricData", (options) =>
        cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: metrics.map(({ namespace, name, dimension }, index) => ({
              Id: `m${index}`,
              MetricStat: {
                Metric: {
                  Namespace: namespace,
                  MetricName: name,
                  Dimensions: [{ Name: dimension.name, Value: dimension.value }],
                },
                Period: 60,
                Stat: "Sum",
              },
            })),
            StartTime: since,
            // The minute that isn't over yet has data points too.
            EndTime: new Date(Date.now() + 60_000),
          }),
          options,
        ),
      );
      return metrics.map((_, index) => {
        const values = MetricDataResults.find(({ Id }) => Id === `m${index}`)?.Values ?? [];
        return values.reduce((sum, value) => sum + value, 0);
      });
    },
  };
}

/** Waits for an answer, also of what the SDK does before it asks, such as to look for credentials. */
async function ask<Answer>(
  action: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController();
  const { signal } = controller;
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer in ${ANSWER_LIMIT_MS / 1000} s`)));
  });
  const timer = setTimeout(() => controller.abort(), ANSWER_LIMIT_MS);
  try {
    return await Promise.race([tooLate, send({ abortSignal: signal })]);
  } catch (error) {
    throw awsError(action, error);
  } finally {
    clearTimeout(timer);
  }
}
