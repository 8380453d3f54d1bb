import type { Aws, AwsCallName, AwsCalls } from "../../../../../lambda-src/notifier/aws";
import type { Alert } from "../../../../../lambda-src/shared/alert";
import { isObject, text } from "../../../../../lambda-src/shared/api-call";
import { readAlert } from "../../../../../lambda-src/shared/publication";
import { parseFilterPattern } from "../../../../../patterns";
import { expectUsed, type Item, meets, updated } from "./expressions";
import type { FakeTime } from "./fake-time";

/** An error that AWS answers with. */
export class AwsError extends Error {
  override readonly name: string;

  constructor(
    code: string,
    message: string,
    readonly $fault: "client" | "server" = "client",
  ) {
    super(message);
    this.name = code;
  }
}

/**
 * What goes wrong with a call: it takes no effect; it does, and its answer is lost; its answer is lost, and the SDK's client
 * makes it again.
 */
export type Fault = "failed" | "answer lost" | "made twice";

/** An event of the log group. */
export interface LogEvent {
  /** Milliseconds of Unix time, as are the others. */
  readonly at: number;
  readonly message: string;
  /** From when on a search finds it. */
  readonly foundFrom?: number;
}

export interface Publication {
  readonly topicArn: string;
  readonly subject: string;
  readonly mail: string;
  readonly alert: Alert;
}

type Answers = { readonly [Name in AwsCallName]: (input: AwsCalls[Name][0]) => AwsCalls[Name][1] };

/** AWS, as far as the notifier calls it: in memory, with AWS's semantics and names of errors. */
export class FakeAws {
  readonly calls: { readonly name: AwsCallName; readonly input: object }[] = [];
  readonly publications: Publication[] = [];
  readonly logEvents: LogEvent[] = [];
  readonly table = new Map<string, Item>();
  readonly secrets = new Map<string, string>();
  readonly parameters = new Map<string, string>();
  /** Events that one search looks at. */
  pageSize = 1000;
  /** Asked before each call whether something goes wrong with it. */
  faultOf: (name: AwsCallName, input: object) => Fault | undefined = () => undefined;
  /** Milliseconds before and after a call takes effect. */
  latency = () => 0;

  constructor(
    private readonly time: FakeTime,
    readonly logGroupName: string,
    readonly tableName: string,
  ) {}

  readonly aws: Aws = async (name, input) => {
    this.calls.push({ name, input });
    const fault = this.faultOf(name, input);
    await this.wait();
    if (fault === "failed") {
      throw new AwsError("ServiceUnavailable", `${name} failed`, "server");
    }
    let answer = this.answers[name](input);
    await this.wait();
    if (fault === "made twice") {
      answer = this.answers[name](input);
      await this.wait();
    }
    if (fault === "answer lost") {
      throw new AwsError("TimeoutError", `${name}: no answer`, "server");
    }
    return structuredClone(answer);
  };

  /** Names of the calls since the last time this was asked. */
  takeCalls(): AwsCallName[] {
    return this.calls.splice(0).map(({ name }) => name);
  }

  private async wait(): Promise<void> {
    const milliseconds = this.latency();
    if (milliseconds > 0) {
      await this.time.sleep(milliseconds);
    }
  }

  private readonly answers: Answers = {
    "logs:FilterLogEvents": (input) => {
      const {
        logGroupName,
        filterPattern = "",
        startTime = 0,
        endTime = 0,
        nextToken = "0",
        ...rest
      } = input;
      if (logGroupName !== this.logGroupName || Object.keys(rest).length > 0) {
        throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
      }
      const pattern = parseFilterPattern(filterPattern);
      const now = this.time.now().getTime();
      const from = Number(nextToken);
      const inTime = this.logEvents
        .filter(({ at, foundFrom = 0 }) => startTime <= at && at <= endTime && foundFrom <= now)
        .sort((a, b) => a.at - b.at);
      const isLast = from + this.pageSize >= inTime.length;
      return {
        events: inTime
          .slice(from, from + this.pageSize)
          .filter(({ message }) => pattern.matches(jsonIn(message)))
          .map(({ at, message }) => ({ timestamp: at, message })),
        ...(isLast ? {} : { nextToken: String(from + this.pageSize) }),
      };
    },

    "dynamodb:GetItem": ({ TableName, Key, ConsistentRead }) => {
      // What was written a moment ago has to be seen.
      if (TableName !== this.tableName || ConsistentRead !== true) {
        throw new AwsError("ResourceNotFoundException", "Requested resource not found");
      }
      const item = this.table.get(Key?.id?.S ?? "");
      return item === undefined ? {} : { Item: shuffled(item) };
    },

    "dynamodb:UpdateItem": (input) => {
      const { TableName, Key, ConditionExpression, UpdateExpression = "", ...rest } = input;
      const { ExpressionAttributeValues: values = {}, ReturnValues = "NONE", ...others } = rest;
      const id = Key?.id?.S;
      if (TableName !== this.tableName || id === undefined || Object.keys(others).length > 0) {
        throw new AwsError("ResourceNotFoundException", "Requested resource not found");
      }
      expectUsed([ConditionExpression ?? "", UpdateExpression], values);
      const item = this.table.get(id);
      if (ConditionExpression !== undefined && !meets(ConditionExpression, item, values)) {
        throw new AwsError("ConditionalCheckFailedException", "The conditional request failed");
      }
      const after = updated(UpdateExpression, item ?? { id: { S: id } }, values);
      this.table.set(id, after);
      return ReturnValues === "ALL_NEW" ? { Attributes: shuffled(after) } : {};
    },

    "sns:Publish": ({ TopicArn = "", Subject = "", Message = "", MessageStructure }) => {
      const message: unknown = MessageStructure === "json" ? JSON.parse(Message) : undefined;
      const alert = readAlert(text(message, "lambda"));
      if (alert === undefined || !/^[\x20-\x7e]{1,100}$/.test(Subject)) {
        throw new AwsError("InvalidParameter", "Invalid parameter");
      }
      this.publications.push({ topicArn: TopicArn, subject: Subject, mail: text(message, "email"), alert });
      return { MessageId: `m${this.publications.length}` };
    },

    "secretsmanager:GetSecretValue": ({ SecretId = "" }) => {
      const SecretString = this.secrets.get(SecretId);
      if (SecretString === undefined) {
        throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
      }
      return { SecretString };
    },

    "ssm:GetParameter": ({ Name = "" }) => {
      const Value = this.parameters.get(Name);
      if (Value === undefined) {
        throw new AwsError("ParameterNotFound", "UnknownError");
      }
      return { Parameter: { Name, Value, Type: "SecureString" } };
    },
  };
}

/** Sets have no order. */
function shuffled(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.SS === undefined ? value : { SS: [...value.SS].reverse() },
    ]),
  );
}

function jsonIn(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : message;
  } catch {
    return message;
  }
}
