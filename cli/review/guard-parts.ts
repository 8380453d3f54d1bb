import { matchesStopLogging, mayMatchTheSame } from "./event-pattern-losses";
import { type Attributes, leftOut, type Plan } from "./plan";
import { valueAt } from "./tree";

/**
 * What a plan's resources are to the guard, in any stack: a function that the event of a StopLogging call wakes, or one with
 * Trailwarden's settings. All are told by what they are before the plan, since only that can be lost.
 */
export class GuardParts {
  /** Names. */
  private readonly functions: ReadonlySet<unknown>;
  private readonly forwardedBuses: ReadonlySet<unknown>;
  private readonly wakingRules: ReadonlySet<unknown>;
  private readonly functionRoles: ReadonlySet<unknown>;
  private readonly callerRoles: ReadonlySet<unknown>;
  private readonly queueArns: ReadonlySet<unknown>;
  private readonly queueUrls: ReadonlySet<unknown>;
  /** By the ARN of a managed policy: the names of roles that it is attached to. */
  private readonly attachments: ReadonlyMap<unknown, readonly unknown[]>;
  /** ARNs of the event rules that wake the guard, as far as they are known. */
  readonly ruleArns: readonly string[];

  constructor(plan: Plan) {
    const resources = resourcesBefore(plan);
    const of = (type: string): readonly Attributes[] =>
      resources.filter((resource) => resource.type === type).map(({ attributes }) => attributes);
    const rules = of("aws_cloudwatch_event_rule");
    const targets = of("aws_cloudwatch_event_target");
    const schedules = of("aws_scheduler_schedule");
    const functions = of("aws_lambda_function");
    const namesOf = (some: readonly Attributes[]) => new Set(some.map(({ name }) => name));

    const stopLogging = namesOf(
      rules.filter(({ event_pattern }) => isName(event_pattern) && matchesStopLogging(event_pattern)),
    );
    this.functions = new Set([
      ...targets.filter(({ rule }) => stopLogging.has(rule)).flatMap(({ arn }) => functionName(arn)),
      ...functions.filter(hasGuardMode).flatMap(({ function_name }) => functionName(function_name)),
    ]);

    const ownTargets = targets.filter(({ arn }) => this.isGuard(arn));
    const ownRules = new Set(ownTargets.map(({ rule }) => rule));
    const ownPatterns = rules
      .filter(({ name }) => ownRules.has(name))
      .flatMap(({ event_pattern }) => (isName(event_pattern) ? [event_pattern] : []));
    const ownBuses = new Set(ownTargets.map(({ event_bus_name }) => busName(event_bus_name)));
    const toOwnBus = targets.filter(
      ({ arn }) => isName(arn) && arn.includes(":event-bus/") && ownBuses.has(busName(arn)),
    );
    const bringingRules = new Set(toOwnBus.map(({ rule }) => rule));
    const bringsHome = namesOf(
      rules.filter(
        ({ name, event_pattern }) =>
          bringingRules.has(name) &&
          isName(event_pattern) &&
          ownPatterns.some((own) => mayMatchTheSame(event_pattern, own)),
      ),
    );
    const forwarding = toOwnBus.filter(({ rule }) => bringsHome.has(rule));
    this.forwardedBuses = new Set(forwarding.map(({ arn }) => arn));
    this.wakingRules = new Set([...ownTargets, ...forwarding].map(({ rule }) => rule));
    this.ruleArns = rules
      .filter(({ name }) => ownRules.has(name))
      .flatMap(({ arn }) => (isName(arn) ? [arn] : []));

    const ownFunctions = functions.filter(({ function_name }) => this.isGuard(function_name));
    const ownSchedules = schedules.filter((schedule) => this.isGuard(valueAt(schedule, SCHEDULE_TARGET)));
    this.functionRoles = new Set(ownFunctions.map(({ role }) => roleName(role)));
    this.callerRoles = new Set([
      ...forwarding.map(({ role_arn }) => roleName(role_arn)),
      ...ownSchedules.map((schedule) => roleName(valueAt(schedule, ["target", 0, "role_arn"]))),
    ]);
    this.queueArns = new Set([
      ...[...ownTargets, ...forwarding].map((target) => valueAt(target, DEAD_LETTERS.target)),
      ...ownFunctions.map((one) => valueAt(one, DEAD_LETTERS.function)),
      ...ownSchedules.map((schedule) => valueAt(schedule, DEAD_LETTERS.schedule)),
      ...of("aws_lambda_function_event_invoke_config")
        .filter(({ function_name }) => this.isGuard(function_name))
        .map((config) => valueAt(config, DEAD_LETTERS.invokeConfig)),
    ]);
    this.queueUrls = new Set(
      of("aws_sqs_queue")
        .filter(({ arn }) => this.isQueue(arn))
        .flatMap(({ url, id }) => [url, id]),
    );
    const attachments = new Map<unknown, readonly unknown[]>();
    for (const { policy_arn, role, roles } of [
      ...of("aws_iam_role_policy_attachment"),
      ...of("aws_iam_policy_attachment"),
    ]) {
      const more = [role, ...(Array.isArray(roles) ? roles : [])];
      attachments.set(policy_arn, [...(attachments.get(policy_arn) ?? []), ...more]);
    }
    this.attachments = attachments;
  }

  /** Whether a function's name or ARN, with or without a version, is a guard's. */
  isGuard(nameOrArn: unknown): boolean {
    return functionName(nameOrArn).some((name) => this.functions.has(name));
  }

  /** Whether a target's ARN is a guard's, or that of a bus on which its rules wait for what is sent there. */
  isWoken(arn: unknown): boolean {
    return this.isGuard(arn) || this.forwardedBuses.has(arn);
  }

  /** Whether the rule of that name wakes a guard, by events or regularly, or brings it events of another region. */
  isWakingRule(name: unknown): boolean {
    return isName(name) && this.wakingRules.has(name);
  }

  /** Whether a role, by name or ARN, is a guard's own, or that of what calls it. */
  roleKind(nameOrArn: unknown): "own" | "caller" | undefined {
    const name = roleName(nameOrArn);
    if (name === undefined) {
      return undefined;
    }
    return this.functionRoles.has(name) ? "own" : this.callerRoles.has(name) ? "caller" : undefined;
  }

  /** The same of the roles that a managed policy is attached to. */
  kindOfPolicy(policyArn: unknown): "own" | "caller" | undefined {
    const kinds = (this.attachments.get(policyArn) ?? []).map((role) => this.roleKind(role));
    return kinds.find((kind) => kind === "own") ?? kinds.find((kind) => kind !== undefined);
  }

  isQueue(arn: unknown): boolean {
    return isName(arn) && this.queueArns.has(arn);
  }

  isQueueUrl(url: unknown): boolean {
    return isName(url) && this.queueUrls.has(url);
  }
}

/** What the plan changes, as it was; and what it isn't about, as it is. */
function resourcesBefore(plan: Plan): readonly { type: string; attributes: Attributes }[] {
  return [
    ...plan.changes.flatMap(({ type, before }) =>
      before === undefined ? [] : [{ type, attributes: before }],
    ),
    ...leftOut(plan),
  ];
}

/** Where each resource names what keeps events that don't reach the guard. */
export const DEAD_LETTERS = {
  target: ["dead_letter_config", 0, "arn"],
  function: ["dead_letter_config", 0, "target_arn"],
  schedule: ["target", 0, "dead_letter_config", 0, "arn"],
  invokeConfig: ["destination_config", 0, "on_failure", 0, "destination"],
} as const;

/** Where an `aws_scheduler_schedule` names what it calls. */
export const SCHEDULE_TARGET = ["target", 0, "arn"] as const;

/** The bus of a rule or target, by name or ARN; a rule that names none is on the default one. */
export function busName(nameOrArn: unknown): unknown {
  return nameOrArn === null || nameOrArn === undefined || nameOrArn === ""
    ? "default"
    : typeof nameOrArn === "string"
      ? nameOrArn.replace(/^arn:.*:event-bus\//, "")
      : nameOrArn;
}

function hasGuardMode(attributes: Attributes): boolean {
  return valueAt(attributes, ["environment", 0, "variables", "GUARD_MODE"]) !== undefined;
}

/** The name in a Lambda function's name, ARN or part of one, each with or without a version; nothing of another service's ARN. */
function functionName(nameOrArn: unknown): string[] {
  if (!isName(nameOrArn)) {
    return [];
  }
  const [, ofArn] = /(?:^|:)function:([^:/]+)/.exec(nameOrArn) ?? [];
  return ofArn !== undefined
    ? [ofArn]
    : nameOrArn.startsWith("arn:")
      ? []
      : [nameOrArn.split(":")[0] ?? nameOrArn];
}

function roleName(nameOrArn: unknown): string | undefined {
  return isName(nameOrArn) ? nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1) : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
