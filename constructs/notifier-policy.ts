import { allow, type PolicyStatement } from "./policy-document";

export interface NotifierPolicyProps {
  /** Makes the ARN of a resource in the deployment's partition, region and account. */
  readonly arn: (service: string, resource: string) => string;
  readonly region: string;
  readonly logGroupName: string;
  readonly tableArn: string;
  /** Topics that it tells people by. */
  readonly topicArns: readonly string[];
  /** Keys that the topics are encrypted with. */
  readonly topicKeyArns: readonly string[];
  readonly ownLogGroupArn: string;
  readonly queueArn: string;
  readonly webhooks: readonly SlackWebhook[];
}

/** An incoming webhook of Slack, and where its URL is kept: a secret or a parameter. */
export interface SlackWebhook {
  /** Unique in the deployment. */
  readonly name: string;
  /** Name or ARN of a secret in Secrets Manager that holds the URL. */
  readonly secret?: string | undefined;
  /** Name of an SSM SecureString that holds the URL. */
  readonly parameter?: string | undefined;
  /**
   * ARN of the customer managed key that it is encrypted with.
   * @default - the key that AWS manages for the service
   */
  readonly keyArn?: string | undefined;
}

/**
 * What the notifier's role may do: to find the events of the trail, to note and tell alerts, to read the URLs of webhooks and
 * to keep its log. Nothing else, and each on its own resource.
 *
 * Sources: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
 */
export function notifierPolicy(props: NotifierPolicyProps): PolicyStatement[] {
  const { arn, region, logGroupName, topicArns, topicKeyArns } = props;
  return [
    allow("FindEvents", "logs:FilterLogEvents", [
      // A log group is named with and without what stands in it.
      arn("logs", `log-group:${logGroupName}`),
      arn("logs", `log-group:${logGroupName}:*`),
    ]),
    allow("NoteWhatIsTold", ["dynamodb:GetItem", "dynamodb:UpdateItem"], props.tableArn),
    allow("TellPeople", "sns:Publish", topicArns.slice(0, TOPICS_OF_A_POLICY)),
    {
      ...allow("EncryptWhatItTells", ["kms:GenerateDataKey", "kms:Decrypt"], topicKeyArns),
      Condition: { StringLike: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
    },
    allow(
      "WriteOwnLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      `${props.ownLogGroupArn}:log-stream:*`,
    ),
    allow("KeepWhatCouldNotBeTold", "sqs:SendMessage", props.queueArn),
    ...toReadWebhooks(props),
  ];
}

/** Topics of one policy: a role's own policies hold 10,240 characters, one that is attached 6,144. */
const TOPICS_OF_A_POLICY = 35;

/**
 * What the notifier's role may publish to where there are too many topics for one policy.
 *
 * @returns the statements of each further policy
 */
export function furtherTopicPolicies(topicArns: readonly string[]): PolicyStatement[][] {
  const policies = Math.ceil(topicArns.length / TOPICS_OF_A_POLICY) - 1;
  return Array.from({ length: Math.max(0, policies) }, (_, index) => [
    allow(
      "TellPeople",
      "sns:Publish",
      topicArns.slice((index + 1) * TOPICS_OF_A_POLICY, (index + 2) * TOPICS_OF_A_POLICY),
    ),
  ]);
}

function toReadWebhooks({ arn, region, webhooks }: NotifierPolicyProps): PolicyStatement[] {
  const secrets = webhooks.flatMap(({ secret }) => (secret === undefined ? [] : [secretArn(secret, arn)]));
  const parameters = webhooks.flatMap(({ parameter }) =>
    parameter === undefined ? [] : [arn("ssm", `parameter/${parameter.replace(/^\//, "")}`)],
  );
  const keys = webhooks.flatMap(({ keyArn }) => keyArn ?? []);
  return [
    ...(secrets.length === 0
      ? []
      : [allow("ReadWebhooksOfSecrets", "secretsmanager:GetSecretValue", unique(secrets))]),
    ...(parameters.length === 0
      ? []
      : [allow("ReadWebhooksOfParameters", "ssm:GetParameter", unique(parameters))]),
    ...(keys.length === 0
      ? []
      : [
          {
            ...allow("DecryptWebhooks", "kms:Decrypt", unique(keys)),
            Condition: {
              StringLike: {
                "kms:ViaService": ["secretsmanager", "ssm"].map(
                  (service) => `${service}.${region}.amazonaws.com`,
                ),
              },
            },
          },
        ]),
  ];
}

/** A secret's ARN ends in six characters that its name doesn't have (Secrets Manager user guide, "IAM policy examples"). */
function secretArn(nameOrArn: string, arn: NotifierPolicyProps["arn"]): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arn("secretsmanager", `secret:${nameOrArn}-??????`);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
