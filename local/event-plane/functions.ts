import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { regionOfArn, roleNameOf } from "../arn";
import { emulatorEnvironment } from "../environment";
import { type Invocation, invoke, unpack } from "../function-runner";
import type { ApiRequest } from "../gateway/api-request";
import { judgeResourcePolicy } from "../iam/policy";
import type { RolePolicies } from "../iam/role-policies";
import type { Callers } from "./callers";
import type { Clock } from "./clock";
import type { ConfiguredFunction, Deployed } from "./deployed";
import type { Journal } from "./journal";
import type { LogGroups } from "./log-groups";
import { attributesOf, type MessageAttributes } from "./message-attributes";
import type { MetricData } from "./metric-data";
import { NotDelivered } from "./not-delivered";
import type { Queues } from "./queues";
import type { Publication, ServicePublisher, Topics } from "./topics";
import type { Work } from "./work";

export interface FunctionsOptions {
  readonly accountId: string;
  readonly deployed: Deployed;
  readonly roles: RolePolicies;
  readonly callers: Callers;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly metricData: MetricData;
  readonly logGroups: LogGroups;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly work: Work;
  /** Where functions find AWS. */
  readonly endpoint: string;
}

/** AWS Lambda developer guide, "Error handling and automatic retries": the waits before a second and a third try. */
const WAITS_BEFORE_RETRIES_MS = [60_000, 120_000];

/** Why a function didn't handle an event. */
type Failure = NonNullable<Invocation["error"]>;

type Condition = "RetriesExhausted" | "EventAgeExceeded";

const THROTTLED: Failure = { name: "TooManyRequestsException", message: "Rate Exceeded." };

/** An event that waits for a function. */
interface Queued {
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly queuedAt: Date;
  readonly attempt: number;
}

/**
 * Functions as deployed: their archive, environment variables, time-out, memory and role, each run in a process of its own.
 * An event waits for its function as in Lambda's queue: what fails is tried again, and goes to the destination for failures
 * and the dead-letter queue in the end.
 */
export class Functions {
  /** Folders of unpacked archives, by function. */
  readonly #folders = new Map<string, string>();

  constructor(private readonly options: FunctionsOptions) {}

  /** Keeps the code of a function as it was uploaded: the emulator doesn't give it back. */
  keepCode(functionArn: string, archive: Uint8Array): void {
    // What is no archive leaves the code as it was.
    const folder = unpack(archive);
    this.forgetCode(functionArn);
    this.#folders.set(functionArn, folder);
  }

  forgetCode(functionArn: string): void {
    const folder = this.#folders.get(functionArn);
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      this.#folders.delete(functionArn);
    }
  }

  close(): void {
    for (const functionArn of [...this.#folders.keys()]) {
      this.forgetCode(functionArn);
    }
  }

  /**
   * Queues an event for a function, if the function's policy lets the service invoke it: it runs as soon as it can.
   *
   * @throws NotDelivered
   */
  async queue(functionArn: string, payload: string, invoker: ServicePublisher): Promise<void> {
    const configured = await this.options.deployed.function(functionArn);
    if (configured === undefined) {
      throw new NotDelivered(`there is no function ${functionArn}`, "NO_RESOURCE");
    }
    const verdict = judgeResourcePolicy(configured.policy, {
      principal: { service: invoker.service },
      action: "lambda:InvokeFunction",
      resource: functionArn,
      context: {
        "aws:SourceArn": invoker.sourceArn,
        "aws:SourceAccount": this.options.accountId,
        "aws:SecureTransport": "true",
      },
    });
    if (verdict.effect !== "allow") {
      throw new NotDelivered(
        `the function ${nameOf(functionArn)} has no permission that lets ${invoker.service} invoke it for ${invoker.sourceArn}`,
        "NO_PERMISSIONS",
      );
    }
    if (!isJson(payload)) {
      throw new NotDelivered(`${nameOf(functionArn)} takes JSON only, not ${payload}`, "INVALID_JSON");
    }
    const { clock, work } = this.options;
    const requestId = randomUUID();
    work.begin(this.run({ functionArn, payload, requestId, queuedAt: clock.now(), attempt: 1 }));
  }

  private async run(queued: Queued): Promise<void> {
    const { functionArn, payload, attempt } = queued;
    const { deployed, clock, journal } = this.options;
    const configured = await deployed.function(functionArn);
    if (configured === undefined) {
      journal.note(
        "not delivered",
        nameOf(functionArn),
        "the function was deleted while an event waited for it",
      );
      return;
    }
    if (configured.reservedConcurrency === 0) {
      await this.count(functionArn, { Throttles: 1 });
      await this.giveUp(queued, configured, THROTTLED, "RetriesExhausted");
      return;
    }
    const began = clock.now();
    const { error } = await this.invoke(functionArn, configured, payload, queued.requestId);
    const duration = clock.now().getTime() - began.getTime();
    await this.count(functionArn, {
      Invocations: 1,
      Errors: error === undefined ? 0 : 1,
      Duration: duration,
    });
    if (error === undefined) {
      journal.note("function ran", nameOf(functionArn));
      return;
    }
    journal.note("function failed", nameOf(functionArn), `${error.name}: ${error.message}`);
    const wait = WAITS_BEFORE_RETRIES_MS[attempt - 1];
    const age = clock.now().getTime() - queued.queuedAt.getTime() + (wait ?? 0);
    if (wait === undefined || attempt > configured.retryAttempts) {
      await this.giveUp(queued, configured, error, "RetriesExhausted");
    } else if (age > configured.maximumEventAgeSeconds * 1000) {
      await this.giveUp(queued, configured, error, "EventAgeExceeded");
    } else {
      clock.after(wait, () => this.run({ ...queued, attempt: attempt + 1 }));
    }
  }

  private async invoke(
    functionArn: string,
    { configuration }: ConfiguredFunction,
    payload: string,
    requestId: string,
  ): Promise<Invocation> {
    const { callers, clock, journal, endpoint } = this.options;
    const folder = this.#folders.get(functionArn);
    if (folder === undefined) {
      journal.note(
        "unknown",
        nameOf(functionArn),
        "its code was uploaded before this emulator began to keep it",
      );
      return { error: { name: "Runtime.ImportModuleError", message: "no code" }, log: "" };
    }
    const name = nameOf(functionArn);
    const region = regionOfArn(functionArn);
    const roleArn = configuration.Role ?? "";
    const refusal = await this.refusalOfTrust(roleArn);
    if (refusal !== undefined) {
      return { error: { name: "AccessDeniedException", message: refusal }, log: "" };
    }
    const credentials = callers.issue(roleArn, name);
    const invocation = await invoke(
      {
        name,
        folder,
        handler: configuration.Handler ?? "",
        environment: {
          ...emulatorEnvironment(endpoint, region),
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken,
          ...configuration.Environment?.Variables,
        },
        timeoutSeconds: configuration.Timeout ?? 3,
        memoryMegabytes: configuration.MemorySize ?? 128,
        clockAheadMilliseconds: clock.ahead,
        requestId,
      },
      JSON.parse(payload),
    );
    await this.writeLog(
      region,
      configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      roleArn,
      invocation.log,
    );
    return invocation;
  }

  /** Why the function can't run with its role, if it can't. */
  private async refusalOfTrust(roleArn: string): Promise<string | undefined> {
    try {
      const isTaken = await this.options.roles.lets("lambda.amazonaws.com", roleArn);
      return isTaken ? undefined : `Lambda may not take on the role ${roleArn}`;
    } catch (error) {
      return `Lambda can't take on the role ${roleArn}: ${(error as Error).message}`;
    }
  }

  private async writeLog(region: string, logGroupName: string, roleArn: string, log: string): Promise<void> {
    const { logGroups, journal, clock, accountId } = this.options;
    const logStreamName = `${clock.now().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
    const lines = log.split("\n").filter((line) => line !== "");
    if (lines.length === 0) {
      return;
    }
    try {
      const streamArn = `arn:${roleArn.split(":")[1]}:logs:${region}:${accountId}:log-group:${logGroupName}:log-stream:${logStreamName}`;
      await this.checkRole(roleArn, "logs:PutLogEvents", streamArn);
      const time = clock.now();
      await logGroups.put(
        { region, logGroupName, logStreamName },
        lines.map((message) => ({ message, time })),
      );
    } catch (error) {
      journal.note("not delivered", `log of ${logGroupName}`, (error as Error).message);
    }
  }

  private async checkRole(roleArn: string, action: string, resource: string): Promise<void> {
    if (!(await this.options.roles.may(roleArn, action, resource))) {
      throw new NotDelivered(`the role ${roleArn} may not ${action} on ${resource}`, "AccessDenied");
    }
  }

  /** To its destination for failures and to its dead-letter queue, of which a function may have both. */
  private async giveUp(
    queued: Queued,
    configured: ConfiguredFunction,
    failure: Failure,
    condition: Condition,
  ): Promise<void> {
    const { onFailure, configuration } = configured;
    const deadLetters = configuration.DeadLetterConfig?.TargetArn;
    if (onFailure === undefined && deadLetters === undefined) {
      this.options.journal.note(
        "not delivered",
        `event that ${nameOf(queued.functionArn)} could not handle`,
        "it has no destination for failures",
      );
    }
    if (onFailure !== undefined) {
      const message = recordOfFailure(queued, failure, condition, this.options.clock.now());
      await this.tell(onFailure, { message }, queued, configured);
    }
    if (deadLetters !== undefined) {
      const publication = { message: queued.payload, attributes: attributesOfFailure(queued, failure) };
      await this.tell(deadLetters, publication, queued, configured);
    }
  }

  /** A queue or a topic, with what the function's role may do. */
  private async tell(
    arn: string,
    publication: Publication,
    { functionArn }: Queued,
    { configuration }: ConfiguredFunction,
  ): Promise<void> {
    const { queues, topics, journal } = this.options;
    const roleArn = configuration.Role ?? "";
    const what = `event that ${nameOf(functionArn)} could not handle`;
    try {
      switch (arn.split(":")[2]) {
        case "sqs":
          await this.checkRole(roleArn, "sqs:SendMessage", arn);
          await queues.send(arn, publication.message, undefined, publication.attributes);
          break;
        case "sns":
          await this.checkPublish(roleArn, nameOf(functionArn), arn);
          await topics.publish(arn, publication, undefined);
          break;
        default:
          throw new NotDelivered(`only queues and topics are told of failures here, not ${arn}`, "UNKNOWN");
      }
      journal.note("delivered", what, arn);
    } catch (problem) {
      journal.note("not delivered", what, (problem as Error).message);
    }
  }

  /** As if the function had made the call: what the key of the topic needs is judged, too. */
  private async checkPublish(roleArn: string, functionName: string, TopicArn: string): Promise<void> {
    const [, partition, , , accountId] = roleArn.split(":");
    const denial = await this.options.roles.judge(
      {
        service: "sns",
        operation: "Publish",
        region: regionOfArn(TopicArn),
        input: { TopicArn },
        accessKeyId: "",
        userAgent: "lambda.amazonaws.com",
      },
      {
        roleArn,
        sessionArn: `arn:${partition}:sts::${accountId}:assumed-role/${roleNameOf(roleArn)}/${functionName}`,
      },
    );
    if (denial !== undefined) {
      throw new NotDelivered(denial.message, denial.code);
    }
  }

  /** AWS Lambda developer guide, "Using CloudWatch metrics with Lambda". */
  private async count(functionArn: string, counts: Readonly<Record<string, number>>): Promise<void> {
    const time = this.options.clock.now();
    await this.options.metricData.put(
      Object.entries(counts).map(([metricName, value]) => ({
        region: regionOfArn(functionArn),
        namespace: "AWS/Lambda",
        metricName,
        dimensions: { FunctionName: nameOf(functionArn) },
        time,
        value,
      })),
    );
  }
}

/** AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations". */
function recordOfFailure(
  { functionArn, payload, requestId, attempt }: Queued,
  { name, message }: Failure,
  condition: Condition,
  at: Date,
): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: at.toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempt,
    },
    requestPayload: JSON.parse(payload),
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorMessage: message, errorType: name },
  });
}

/** AWS Lambda developer guide, "Adding a dead-letter queue": the error's code is HTTP's, its message the first KB of it. */
function attributesOfFailure({ requestId }: Queued, failure: Failure): MessageAttributes {
  return attributesOf({
    RequestID: requestId,
    ErrorCode: failure === THROTTLED ? 429 : 200,
    ErrorMessage: Buffer.from(failure.message).subarray(0, 1024).toString(),
  });
}

/** The code that a call uploads, if it uploads any. */
export function codeOf({
  operation,
  input,
}: ApiRequest): { functionName: string; archive: Uint8Array } | undefined {
  const isUpload = operation === "CreateFunction" || operation === "UpdateFunctionCode";
  const code = isUpload ? (input.Code ?? input) : undefined;
  const name = input.FunctionName;
  const zip = typeof code === "object" && code !== null && "ZipFile" in code ? code.ZipFile : undefined;
  return typeof name === "string" && typeof zip === "string"
    ? { functionName: name.slice(name.lastIndexOf(":") + 1), archive: Buffer.from(zip, "base64") }
    : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nameOf(functionArn: string): string {
  return functionArn.split(":")[6] ?? functionArn;
}
