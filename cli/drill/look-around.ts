import { guardRuleNames } from "../../detections";
import { isExempt } from "../../lambda-src/guard/exempt";
import { judgePause } from "../../lambda-src/guard/pause";
import { type GuardSettings, guardSettings } from "../../lambda-src/guard/settings";
import { accountOf, regionOf, resourceName } from "../arn";
import type { Account, CallerIdentity, FoundTrail } from "./account";
import { messageOf } from "./aws-error";

/** The environment that is drilled. */
export interface Surroundings {
  readonly environment: string;
  readonly region: string;
  /** Name or ARN. */
  readonly trail: string;
  /** Undefined where the environment has no guard. */
  readonly functionName: string | undefined;
  /** ARNs that tell the account the environment is in. */
  readonly arns: readonly string[];
}

export interface GuardFound {
  readonly functionName: string;
  readonly topicName: string;
}

/** What is drilled. */
export interface Drilled {
  readonly caller: CallerIdentity;
  readonly trail: FoundTrail;
  /** A guard that should start the trail; undefined where there is none such, and a drill without one was asked for. */
  readonly guard: GuardFound | undefined;
  /** Why none such. */
  readonly guardProblems: readonly string[];
}

export interface LookAroundOptions {
  /** Whether a drill without a guard that should start the trail is asked for. */
  readonly withoutGuard: boolean;
  readonly now: Date;
  /** How long the trail may be stopped. */
  readonly limitSeconds: number;
}

/** For how long after the limit the credentials must last, to start the trail. */
const SPARE_SECONDS = 60;

/**
 * Looks, and changes nothing: whether there is a trail that logs in the right account, and a guard that should start it
 * again.
 *
 * @throws Error with why it is not to be stopped
 */
export async function lookAround(
  account: Account,
  surroundings: Surroundings,
  { withoutGuard, now, limitSeconds }: LookAroundOptions,
): Promise<Drilled> {
  const { environment, region } = surroundings;
  const caller = await account.callerIdentity();
  for (const arn of surroundings.arns) {
    if (accountOf(arn) !== caller.accountId) {
      throw new Error(
        `environments.${environment} is in account ${accountOf(arn)} (${arn}), and the credentials are of account ${caller.accountId}`,
      );
    }
  }
  const expiry = await account.credentialsExpireAt();
  if (expiry !== undefined && expiry.getTime() < now.getTime() + (limitSeconds + SPARE_SECONDS) * 1000) {
    throw new Error(
      `the AWS credentials expire at ${expiry.toISOString()}, before the drill may be over: get new ones, or give a shorter --limit`,
    );
  }
  const trail = await account.findTrail(surroundings.trail);
  if (trail === undefined) {
    throw new Error(`there is no trail ${surroundings.trail} in ${region} of account ${caller.accountId}`);
  }
  if (regionOf(trail.arn) !== region || accountOf(trail.arn) !== caller.accountId) {
    throw new Error(
      `the trail ${trail.arn} can only be stopped at home, and this is ${region} of account ${caller.accountId}`,
    );
  }
  if (!(await account.trail(trail.arn).status()).isLogging) {
    throw new Error(
      `the trail ${trail.arn} doesn't log as it is: see to it, and to its guard, before you drill`,
    );
  }
  const found = await lookForGuard(account, surroundings, trail, caller, now);
  if (found.problems.length > 0 && !withoutGuard) {
    throw new Error(
      [
        "no guard is sure to start the trail again, so it is not stopped:",
        ...found.problems.map((problem) => `  - ${problem}`),
        "With --without-guard it is, and the drill starts it itself after the limit.",
      ].join("\n"),
    );
  }
  return {
    caller,
    trail,
    guard: found.problems.length > 0 ? undefined : found.guard,
    guardProblems: found.problems,
  };
}

const UNSEEN = Symbol("unseen");

async function lookForGuard(
  account: Account,
  { environment, region, functionName }: Surroundings,
  trail: FoundTrail,
  caller: CallerIdentity,
  now: Date,
): Promise<{ guard?: GuardFound; problems: string[] }> {
  if (functionName === undefined) {
    return { problems: [`environments.${environment}.guard.mode is "off"`] };
  }
  const problems: string[] = [];
  /** Takes what can't be seen for a problem. */
  const see = async <Value>(look: () => Promise<Value>): Promise<Value | typeof UNSEEN> => {
    try {
      return await look();
    } catch (error) {
      problems.push(messageOf(error));
      return UNSEEN;
    }
  };
  const variables = await see(() => account.functionVariables(functionName));
  if (variables === undefined) {
    problems.push(`there is no function ${functionName} in ${region}`);
  }
  if (variables === undefined || variables === UNSEEN) {
    return { problems };
  }
  const settings = await see(async () => settingsOf(functionName, variables));
  if (settings === UNSEEN) {
    return { problems };
  }
  if (settings.trailArn !== trail.arn) {
    problems.push(`the function ${functionName} guards another trail: ${settings.trailArn}`);
  }
  const mode = settings.modes["stop-logging"];
  if (mode !== "enforce") {
    problems.push(`the guard's mode for stop-logging is "${mode}"`);
  }
  const exempt = settings.exemptPrincipals.find((pattern) => mayBeExempt(caller.arn, pattern));
  if (exempt !== undefined) {
    problems.push(`the guard may leave what the caller does: its exemptPrincipals have ${exempt}`);
  }
  const rule = guardRuleNames(functionName).stopLogging;
  const state = await see(() => account.ruleState(rule));
  if (state !== UNSEEN && !state?.startsWith("ENABLED")) {
    problems.push(`the event rule ${rule} is ${state ?? "not there"}`);
  }
  const pause = await see(() => account.parameter(settings.parameters.pause));
  if (pause !== UNSEEN && pause !== undefined) {
    const verdict = judgePause(pause.text, {
      setAt: pause.modifiedAt,
      now,
      longestMinutes: settings.longestPauseMinutes,
    });
    if (verdict.kind === "active") {
      const { until, by, reason } = verdict.pause;
      problems.push(`the guard is paused until ${until.toISOString()}, by ${by}: ${reason}`);
    }
  }
  return { guard: { functionName, topicName: resourceName(settings.topicArn) }, problems };
}

/** @throws Error if the function isn't a guard */
function settingsOf(functionName: string, variables: Readonly<Record<string, string>>): GuardSettings {
  try {
    return guardSettings({ ...variables, AWS_LAMBDA_FUNCTION_NAME: functionName });
  } catch (error) {
    throw new Error(`the function ${functionName} is not set up as a guard: ${messageOf(error)}`);
  }
}

/** STS doesn't tell the path of a role, so one of the same name with any path counts. */
function mayBeExempt(callerArn: string, pattern: string): boolean {
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const roleOrUserArn =
    session === null ? callerArn : `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  const withoutPath = session === null ? pattern : pattern.replace(/:role\/.*\//, ":role/");
  return isExempt({ roleOrUserArn }, [pattern, withoutPath]);
}
