import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Around } from "../gateway";
import { type ApiRequest, apiRequestOf } from "../gateway/api-request";
import type { Answer } from "../gateway/call";
import { type ApiError, errorAnswer } from "../gateway/error-answer";
import { messagesByProtocol } from "../gateway/message-structure";
import type { RolePolicies } from "../iam/role-policies";
import type { Caller, Callers } from "./callers";
import type { Clock } from "./clock";
import type { Deployed, DeployedTrail } from "./deployed";
import { FAULT_DELAY_MS, type Faults } from "./faults";
import { codeOf, type Functions } from "./functions";
import { instanceEvents } from "./instances";
import type { Intake } from "./intake";
import type { Journal } from "./journal";
import type { LogGroups } from "./log-groups";
import { attributesOfCall } from "./message-attributes";
import { outcomeOf } from "./outcome";
import { recordOf } from "./record";
import { isRecorded } from "./recorded-calls";
import type { Rules } from "./rules";
import type { Publication, Topics } from "./topics";
import type { Work } from "./work";

export interface ApiCallsOptions {
  readonly accountId: string;
  readonly callers: Callers;
  readonly deployed: Deployed;
  readonly roles: RolePolicies;
  readonly functions: Functions;
  readonly rules: Rules;
  readonly topics: Topics;
  readonly intake: Intake;
  readonly logGroups: LogGroups;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly work: Work;
}

/** Calls that CloudTrail doesn't record as changes, and whose answers tell something all the same. */
const TELLING = ["sts:AssumeRole", "sts:GetSessionToken", "sns:Publish"];

/** The API calls that pass the gateway: judged, recorded, and learned from. */
export class ApiCalls {
  /** Every region in which something was made or changed. */
  readonly regions = new Set<string>();

  constructor(private readonly options: ApiCallsOptions) {}

  readonly around: Around = async (call, pass) => {
    const request = apiRequestOf(call);
    if (request === undefined) {
      return pass();
    }
    const { callers, intake, accountId, clock } = this.options;
    const caller = callers.of(request.accessKeyId);
    const recorded = isRecorded(request);
    if (recorded) {
      this.regions.add(request.region);
    }
    // A trail that is stopped logs the call that stops it.
    const before = recorded && request.service === "cloudtrail" ? await this.trails() : [];
    const time = clock.now();

    const refusal = await this.refusalOf(request, caller);
    const answer = refusal === undefined ? await pass() : errorAnswer(call, refusal);
    if (`${request.service}:${request.operation}` === "sts:GetCallerIdentity" && "arn" in caller) {
      return withArn(answer, caller.arn);
    }
    if (!recorded && !TELLING.includes(`${request.service}:${request.operation}`)) {
      return answer;
    }
    const body = await text(answer.body);
    const outcome = outcomeOf(answer, body);
    if (outcome.errorCode === undefined) {
      this.learn(request, body);
    }
    const record = recordOf(request, outcome, caller, { accountId, time });
    if (record !== undefined) {
      intake.take(record, [...before, ...(await this.trails())]);
    }
    return { ...answer, body: Readable.from([body]) };
  };

  async trails(): Promise<DeployedTrail[]> {
    return (await Promise.all([...this.regions].map((region) => this.trailsOf(region)))).flat();
  }

  /** None in a region that the emulator doesn't know: a call that was signed for it hinders no other. */
  private async trailsOf(region: string): Promise<DeployedTrail[]> {
    try {
      return await this.options.deployed.trails(region);
    } catch (error) {
      this.regions.delete(region);
      this.options.journal.note("unknown", `trails of ${region}`, (error as Error).message);
      return [];
    }
  }

  /** Why a function's call isn't passed on. What people call with isn't judged: they may do anything here. */
  private async refusalOf(request: ApiRequest, caller: Caller): Promise<ApiError | undefined> {
    if (caller.kind !== "role") {
      return undefined;
    }
    const { faults, journal, roles } = this.options;
    const name = `${request.service}:${request.operation}`;
    const fault = faults.ofCall(request.service, request.operation);
    if (fault !== undefined) {
      journal.note("fault", name, fault);
    }
    switch (fault) {
      case "throttle":
        return { code: "ThrottlingException", message: "Rate exceeded", status: 400 };
      case "5xx":
        return { code: "ServiceUnavailable", message: "Service Unavailable", status: 503 };
      case "delay":
        await sleep(FAULT_DELAY_MS);
    }
    const denial = await roles.judge(request, { roleArn: caller.roleArn, sessionArn: caller.arn });
    if (denial !== undefined) {
      journal.note("refused", name, denial.message);
    }
    return denial;
  }

  /** The emulator takes as an archive what is none. */
  private keepCode(functionArn: string, archive: Uint8Array): void {
    const { functions, journal } = this.options;
    try {
      functions.keepCode(functionArn, archive);
    } catch (error) {
      journal.note("unknown", `code of ${functionArn}`, (error as Error).message);
    }
  }

  /** Takes note of what a call that succeeded has changed. */
  private learn(request: ApiRequest, answered: string): void {
    const { accountId, callers, deployed, roles, rules, topics, logGroups, clock, work } = this.options;
    const { service, operation, region, input } = request;
    callers.note(request, answered);
    if (isRecorded(request)) {
      deployed.forget(service);
    }
    switch (service) {
      case "iam":
        roles.forget();
        break;
      case "events":
        work.begin(rules.schedule(region));
        break;
      case "lambda": {
        const code = codeOf(request);
        if (code !== undefined) {
          this.keepCode(`arn:aws:lambda:${region}:${accountId}:function:${code.functionName}`, code.archive);
        }
        break;
      }
      case "sns":
        if (operation === "Publish" && typeof input.TopicArn === "string") {
          const messageId = /<MessageId>([^<]*)</.exec(answered)?.[1] ?? "";
          work.begin(topics.deliver(input.TopicArn, publicationOf(input), messageId));
        }
        break;
      case "logs":
        if (operation === "DeleteLogGroup") {
          logGroups.forget(region, String(input.logGroupName));
        }
        break;
      case "ec2":
        for (const event of instanceEvents(request, answered, { accountId, time: clock.now() })) {
          work.begin(rules.handle(event, region));
        }
    }
  }
}

/** What a call of `Publish` that succeeded has published. */
function publicationOf(input: ApiRequest["input"]): Publication {
  const message = String(input.Message);
  const byProtocol = input.MessageStructure === "json" ? messagesByProtocol(message) : undefined;
  return {
    subject: typeof input.Subject === "string" ? input.Subject : undefined,
    message: byProtocol?.get("default") ?? message,
    byProtocol,
    attributes: attributesOfCall(input.MessageAttributes),
  };
}

/** The emulator takes everybody for one user. */
async function withArn(answer: Answer, arn: string): Promise<Answer> {
  const body = (await text(answer.body)).replace(/<Arn>[^<]*<\/Arn>/, `<Arn>${arn}</Arn>`);
  const { "content-length": _, ...headers } = answer.headers;
  return { ...answer, headers, body: Readable.from([body]) };
}
