import type { ApiRequest } from "../gateway/api-request";
import type { Context } from "./conditions";

/** One action on one resource that a call needs, and the condition keys that come with it. */
export interface Requirement {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** Where a call is made. */
export interface Account {
  readonly accountId: string;
  readonly partition: string;
  /** `KmsMasterKeyId` of the topic that the call publishes to, where it has one. */
  readonly topicKeyId?: string | undefined;
}

/** What a call needs isn't known here, and isn't guessed. */
export class UnknownCallError extends Error {
  override readonly name = "UnknownCallError";

  constructor({ operation, service }: ApiRequest, reason: string) {
    super(`this emulator doesn't know what ${operation} of ${service} needs: ${reason}`);
  }
}

/**
 * What the caller of an API call must be allowed. Known are the calls of the project's own functions.
 *
 * Left out is what the key of a secret, a parameter, a queue or a table needs, since the call doesn't tell whether there is
 * one.
 *
 * Sources: Service Authorization Reference, "Actions, resources, and condition keys" of each service; of log groups, what
 * CloudWatch Logs says when it refuses; of keys of topics, SNS developer guide, "Key management".
 *
 * @throws UnknownCallError for a call that isn't known here, or one that doesn't name its resource in a known way
 */
export function requirementsOf(request: ApiRequest, account: Account): readonly Requirement[] {
  const needs = NEEDS.get(`${request.service}:${request.operation}`);
  if (needs === undefined) {
    throw new UnknownCallError(request, "it isn't among the calls that are judged here");
  }
  return needs(new Asked(request, account));
}

type Needs = (asked: Asked) => readonly Requirement[];

/** A call, and how its input names things. */
class Asked {
  constructor(
    readonly request: ApiRequest,
    readonly account: Account,
  ) {}

  /** In the call's region and account. */
  arn(service: string, resource: string): string {
    const { partition, accountId } = this.account;
    return `arn:${partition}:${service}:${this.request.region}:${accountId}:${resource}`;
  }

  /** What an input may name by its name or its ARN. */
  arnOf(name: string, service: string, kind: string): string {
    return name.startsWith("arn:") ? name : this.arn(service, kind + name);
  }

  keyArn(id: string): string {
    return /^(?:arn:.*:)?alias\//.test(id)
      ? this.refuse(`${id} is an alias of a key that isn't known here`)
      : this.arnOf(id, "kms", "key/");
  }

  has(member: string): boolean {
    const value = this.request.input[member];
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  }

  /** The first of the members that the call has. */
  text(...members: readonly string[]): string {
    const value = members.map((member) => this.request.input[member]).find((one) => one !== undefined);
    return typeof value === "string" ? value : this.refuse(`it has no text ${members.join(" or ")}`);
  }

  list(member: string): readonly unknown[] {
    const value = this.request.input[member];
    return Array.isArray(value) && value.length > 0 ? value : this.refuse(`it has no list ${member}`);
  }

  texts(member: string): readonly string[] {
    return this.list(member).map((one) =>
      typeof one === "string" ? one : this.refuse(`${member} holds what is no text`),
    );
  }

  refuse(reason: string): never {
    throw new UnknownCallError(this.request, reason);
  }
}

function need(action: string, resource: string, context: Context = {}): Requirement {
  return { action, resource, context };
}

const onTrail =
  (action: string, member: string): Needs =>
  (asked) => [need(action, asked.arnOf(asked.text(member), "cloudtrail", "trail/"))];

const putTrail =
  (action: string): Needs =>
  (asked) => {
    if (asked.request.input.IsOrganizationTrail === true) {
      asked.refuse("a trail of an organization needs more than is known here");
    }
    return [
      ...onTrail(action, "Name")(asked),
      ...(asked.has("TagsList") ? onTrail("cloudtrail:AddTags", "Name")(asked) : []),
      ...(asked.has("CloudWatchLogsRoleArn")
        ? [
            need("iam:PassRole", asked.text("CloudWatchLogsRoleArn"), {
              "iam:PassedToService": "cloudtrail.amazonaws.com",
            }),
          ]
        : []),
    ];
  };

const onBucket =
  (action: string): Needs =>
  (asked) => [need(action, `arn:${asked.account.partition}:s3:::${asked.text("Bucket")}`)];

const onKey =
  (action: string): Needs =>
  (asked) => [need(action, asked.keyArn(asked.text("KeyId")))];

/** CloudWatch Logs asks for a log group with an empty stream in it. */
const onLogGroup =
  (action: string, ...members: readonly string[]): Needs =>
  (asked) => {
    const arn = asked.arnOf(asked.text(...members), "logs", "log-group:").replace(/:\*$/, "");
    return [
      /^arn:(?:[^:]*:){4}log-group:[^:]+$/.test(arn)
        ? need(action, `${arn}:log-stream:`)
        : asked.refuse(`${arn} is no log group`),
    ];
  };

const onAlarms =
  (action: string): Needs =>
  (asked) =>
    asked.texts("AlarmNames").map((name) => need(action, asked.arn("cloudwatch", `alarm:${name}`)));

const onTable =
  (action: string): Needs =>
  (asked) => [need(action, asked.arnOf(asked.text("TableName"), "dynamodb", "table/"))];

/** A name may end in `:` and a version or label, which is no part of the parameter's ARN. */
const onParameters =
  (action: string, names: (asked: Asked) => readonly string[]): Needs =>
  (asked) =>
    names(asked).map((name) => {
      const resource = name.startsWith("arn:")
        ? name.split(":").slice(0, 6).join(":")
        : asked.arn("ssm", `parameter/${name.replace(/^\//, "").replace(/:.*$/, "")}`);
      return need(action, resource);
    });

const NEEDS: ReadonlyMap<string, Needs> = new Map<string, Needs>([
  ["cloudtrail:GetTrail", onTrail("cloudtrail:GetTrail", "Name")],
  ["cloudtrail:GetTrailStatus", onTrail("cloudtrail:GetTrailStatus", "Name")],
  ["cloudtrail:StartLogging", onTrail("cloudtrail:StartLogging", "Name")],
  ["cloudtrail:CreateTrail", putTrail("cloudtrail:CreateTrail")],
  ["cloudtrail:UpdateTrail", putTrail("cloudtrail:UpdateTrail")],
  ["cloudtrail:GetEventSelectors", onTrail("cloudtrail:GetEventSelectors", "TrailName")],
  ["cloudtrail:PutEventSelectors", onTrail("cloudtrail:PutEventSelectors", "TrailName")],
  ["cloudtrail:GetInsightSelectors", onTrail("cloudtrail:GetInsightSelectors", "TrailName")],
  ["cloudtrail:PutInsightSelectors", onTrail("cloudtrail:PutInsightSelectors", "TrailName")],
  ["cloudtrail:AddTags", onTrail("cloudtrail:AddTags", "ResourceId")],
  [
    "cloudtrail:ListTags",
    (asked) => asked.texts("ResourceIdList").map((trailArn) => need("cloudtrail:ListTags", trailArn)),
  ],

  ["s3:GetBucketPolicy", onBucket("s3:GetBucketPolicy")],
  ["s3:PutBucketPolicy", onBucket("s3:PutBucketPolicy")],
  ["s3:GetBucketLifecycleConfiguration", onBucket("s3:GetLifecycleConfiguration")],
  ["s3:PutBucketLifecycleConfiguration", onBucket("s3:PutLifecycleConfiguration")],
  ["s3:GetBucketVersioning", onBucket("s3:GetBucketVersioning")],
  ["s3:PutBucketVersioning", onBucket("s3:PutBucketVersioning")],
  ["s3:GetBucketEncryption", onBucket("s3:GetEncryptionConfiguration")],
  ["s3:PutBucketEncryption", onBucket("s3:PutEncryptionConfiguration")],
  ["s3:GetPublicAccessBlock", onBucket("s3:GetBucketPublicAccessBlock")],
  ["s3:PutPublicAccessBlock", onBucket("s3:PutBucketPublicAccessBlock")],
  ["s3:GetBucketOwnershipControls", onBucket("s3:GetBucketOwnershipControls")],
  ["s3:PutBucketOwnershipControls", onBucket("s3:PutBucketOwnershipControls")],

  ["kms:DescribeKey", onKey("kms:DescribeKey")],
  ["kms:EnableKey", onKey("kms:EnableKey")],
  ["kms:CancelKeyDeletion", onKey("kms:CancelKeyDeletion")],
  ["kms:Decrypt", onKey("kms:Decrypt")],

  [
    "logs:DescribeLogGroups",
    // No one group is asked for, whatever prefix is.
    (asked) => [need("logs:DescribeLogGroups", asked.arn("logs", "log-group::log-stream:"))],
  ],
  ["logs:DescribeMetricFilters", onLogGroup("logs:DescribeMetricFilters", "logGroupName")],
  ["logs:PutMetricFilter", onLogGroup("logs:PutMetricFilter", "logGroupName")],
  ["logs:PutRetentionPolicy", onLogGroup("logs:PutRetentionPolicy", "logGroupName")],
  ["logs:AssociateKmsKey", onLogGroup("logs:AssociateKmsKey", "logGroupName", "resourceIdentifier")],
  ["logs:FilterLogEvents", onLogGroup("logs:FilterLogEvents", "logGroupName", "logGroupIdentifier")],

  [
    "monitoring:DescribeAlarms",
    (asked) =>
      asked.has("AlarmNames")
        ? onAlarms("cloudwatch:DescribeAlarms")(asked)
        : [need("cloudwatch:DescribeAlarms", asked.arn("cloudwatch", "alarm:*"))],
  ],
  ["monitoring:EnableAlarmActions", onAlarms("cloudwatch:EnableAlarmActions")],

  // It knows no resources.
  ["events:ListRules", () => [need("events:ListRules", "*")]],
  [
    "events:EnableRule",
    (asked) => {
      const bus = asked.has("EventBusName") ? nameOfBus(asked.text("EventBusName")) : "default";
      const rule = bus === "default" ? asked.text("Name") : `${bus}/${asked.text("Name")}`;
      return [need("events:EnableRule", asked.arn("events", `rule/${rule}`))];
    },
  ],
  [
    "events:PutEvents",
    (asked) => {
      const buses = asked.list("Entries").map((entry) => busOf(entry) ?? "default");
      return [...new Set(buses)].map((bus) =>
        need("events:PutEvents", asked.arnOf(bus, "events", "event-bus/")),
      );
    },
  ],

  ["ssm:GetParameter", onParameters("ssm:GetParameter", (asked) => [asked.text("Name")])],
  ["ssm:GetParameters", onParameters("ssm:GetParameters", (asked) => asked.texts("Names"))],
  [
    "ssm:PutParameter",
    (asked) => {
      const names = () => [asked.text("Name")];
      return [
        ...onParameters("ssm:PutParameter", names)(asked),
        ...(asked.has("Tags") ? onParameters("ssm:AddTagsToResource", names)(asked) : []),
      ];
    },
  ],

  ["dynamodb:GetItem", onTable("dynamodb:GetItem")],
  ["dynamodb:PutItem", onTable("dynamodb:PutItem")],
  ["dynamodb:UpdateItem", onTable("dynamodb:UpdateItem")],
  ["dynamodb:DeleteItem", onTable("dynamodb:DeleteItem")],

  [
    "sns:Publish",
    (asked) => {
      const { topicKeyId } = asked.account;
      const context = { "kms:ViaService": `sns.${asked.request.region}.amazonaws.com` };
      return [
        need("sns:Publish", asked.text("TopicArn", "TargetArn")),
        ...(topicKeyId === undefined ? [] : ["kms:GenerateDataKey", "kms:Decrypt"]).map((action) =>
          need(action, asked.keyArn(topicKeyId ?? ""), context),
        ),
      ];
    },
  ],
  [
    "sqs:SendMessage",
    (asked) => {
      const [, accountId, name] = /\/(\d{12})\/([^/]+)$/.exec(asked.text("QueueUrl")) ?? [];
      const { partition } = asked.account;
      return [
        name === undefined
          ? asked.refuse("its QueueUrl ends in no account and name")
          : need("sqs:SendMessage", `arn:${partition}:sqs:${asked.request.region}:${accountId}:${name}`),
      ];
    },
  ],
  [
    "secretsmanager:GetSecretValue",
    (asked) => {
      // The ARN ends in six characters that Secrets Manager made up. Here they stand as in a policy that lets any do.
      const id = asked.text("SecretId");
      const resource = id.startsWith("arn:") ? id : asked.arn("secretsmanager", `secret:${id}-??????`);
      return [need("secretsmanager:GetSecretValue", resource)];
    },
  ],
  [
    "lambda:Invoke",
    (asked) => {
      const name = asked.text("FunctionName").replace(/^\d{12}:function:/, "");
      const qualifier = asked.has("Qualifier") ? `:${asked.text("Qualifier")}` : "";
      return [need("lambda:InvokeFunction", asked.arnOf(name, "lambda", "function:") + qualifier)];
    },
  ],
]);

/** A bus is named by its name or its ARN. */
function nameOfBus(bus: string): string {
  return bus.slice(bus.lastIndexOf("/") + 1);
}

function busOf(entry: unknown): string | undefined {
  return typeof entry === "object" &&
    entry !== null &&
    "EventBusName" in entry &&
    typeof entry.EventBusName === "string"
    ? entry.EventBusName
    : undefined;
}
