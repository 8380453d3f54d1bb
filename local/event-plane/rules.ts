import { nameOfArn, regionOfArn, roleNameOf } from "../arn";
import { type BusEvent, isOffered, type RuleState } from "../event-of-record";
import type { RolePolicies } from "../iam/role-policies";
import { scheduledEvent } from "../scheduled-event";
import type { Clock, Timer } from "./clock";
import { sufferFault } from "./delivery-fault";
import { type Deployed, type DeployedRule, Unknown } from "./deployed";
import type { Faults } from "./faults";
import type { Functions } from "./functions";
import type { Journal } from "./journal";
import { attributesOf } from "./message-attributes";
import { NotDelivered } from "./not-delivered";
import type { Queues } from "./queues";
import { everyMilliseconds } from "./rate";
import { inputOf } from "./rule-input";
import type { Topics } from "./topics";

export interface RulesOptions {
  readonly accountId: string;
  readonly deployed: Deployed;
  readonly roles: RolePolicies;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly functions: Functions;
  readonly topics: Topics;
  readonly queues: Queues;
}

type Target = DeployedRule["targets"][number];

/** Amazon EventBridge user guide, "How EventBridge retries delivering events": 185 times within 24 hours if nothing is set. */
const RETRY_ATTEMPTS = 185;
const EVENT_AGE_SECONDS = 24 * 3600;

/** Event rules as deployed: their patterns, schedules and targets. */
export class Rules {
  readonly #schedules = new Map<string, { readonly expression: string; readonly timer: Timer }>();

  constructor(private readonly options: RulesOptions) {}

  /** Hands an event to the targets of the rules that match it. */
  async handle(event: BusEvent, region: string): Promise<void> {
    const { deployed, journal } = this.options;
    const matching = (await deployed.rules(region)).filter(({ pattern, State }) => {
      if (!isOffered(event.detail, stateOf(State))) {
        return false;
      }
      if (pattern instanceof Unknown) {
        journal.note("unknown", pattern.what, pattern.why);
        return false;
      }
      return pattern?.matches(event);
    });
    for (const rule of matching) {
      journal.note("rule matched", rule.Name ?? "", event.id);
    }
    await Promise.all(matching.map((rule) => this.deliver(rule, event)));
  }

  /** Has the schedules of a region's rules tick as they are deployed now: the first tick is one period away. */
  async schedule(region: string): Promise<void> {
    const { deployed, journal } = this.options;
    const rules = (await deployed.rules(region)).filter(
      ({ State, ScheduleExpression }) => State !== "DISABLED" && ScheduleExpression,
    );
    const wanted = new Map(rules.map((rule) => [rule.Arn ?? "", rule.ScheduleExpression ?? ""]));
    for (const [arn, { expression, timer }] of this.#schedules) {
      if (regionOfArn(arn) === region && wanted.get(arn) !== expression) {
        timer.cancel();
        this.#schedules.delete(arn);
      }
    }
    for (const [arn, expression] of wanted) {
      if (!this.#schedules.has(arn)) {
        try {
          this.tick(arn, expression, region);
        } catch (error) {
          journal.note("unknown", arn, (error as Error).message);
        }
      }
    }
  }

  private tick(arn: string, expression: string, region: string): void {
    const timer = this.options.clock.after(everyMilliseconds(expression), async () => {
      this.tick(arn, expression, region);
      const rule = (await this.options.deployed.rules(region)).find(({ Arn }) => Arn === arn);
      if (rule !== undefined && rule.State !== "DISABLED") {
        this.options.journal.note("schedule", rule.Name ?? "", expression);
        await this.deliver(rule, scheduledEvent(arn, this.options.accountId, this.options.clock.now()));
      }
    });
    this.#schedules.set(arn, { expression, timer });
  }

  private async deliver(rule: DeployedRule, event: BusEvent): Promise<void> {
    const { journal } = this.options;
    if (rule.targets.length === 0) {
      journal.note("not delivered", `rule ${rule.Name}`, "it has no targets");
    }
    await Promise.all(rule.targets.map((target) => this.deliverTo(target, rule, event, 0)));
  }

  private async deliverTo(
    target: Target,
    rule: DeployedRule,
    event: BusEvent,
    retries: number,
  ): Promise<void> {
    const { clock, journal } = this.options;
    const { MaximumRetryAttempts = RETRY_ATTEMPTS, MaximumEventAgeInSeconds = EVENT_AGE_SECONDS } =
      target.RetryPolicy ?? {};
    try {
      await this.put(target, rule, event);
    } catch (error) {
      const wait = Math.min(2 ** retries, 600) * 1000;
      const age = clock.now().getTime() + wait - Date.parse(event.time);
      const isRetriable = error instanceof NotDelivered && error.isRetriable;
      const exhausted =
        retries >= MaximumRetryAttempts
          ? "MaximumRetryAttempts"
          : age > MaximumEventAgeInSeconds * 1000
            ? "MaximumEventAgeInSeconds"
            : undefined;
      if (isRetriable && exhausted === undefined) {
        clock.after(wait, () => this.deliverTo(target, rule, event, retries + 1));
        return;
      }
      journal.note(
        "not delivered",
        `rule ${rule.Name} to ${nameOfArn(target.Arn ?? "")}`,
        (error as Error).message,
      );
      await this.keep(target, rule, event, error as Error, {
        RETRY_ATTEMPTS: String(retries),
        ...(isRetriable ? { EXHAUSTED_RETRY_CONDITION: String(exhausted) } : {}),
      });
    }
  }

  private async put(target: Target, rule: DeployedRule, event: BusEvent): Promise<void> {
    const { clock, functions, topics, queues, journal } = this.options;
    const arn = target.Arn ?? "";
    const service = arn.split(":")[2] ?? "";
    const sender = { service: "events.amazonaws.com", sourceArn: rule.Arn ?? "" };
    const input = () => inputOf(target, event, { arn: rule.Arn ?? "", name: rule.Name ?? "" }, clock.now());
    switch (service) {
      case "lambda":
        await sufferFault(this.options, "lambda", "Invoke");
        await functions.queue(arn, input(), sender);
        journal.note("delivered", `rule ${rule.Name}`, `function ${nameOfArn(arn)}`);
        return;
      case "sns":
        await sufferFault(this.options, "sns", "Publish");
        return topics.publish(arn, { message: input() }, sender);
      case "sqs":
        await sufferFault(this.options, "sqs", "SendMessage");
        await queues.send(arn, input(), sender);
        journal.note("delivered", `rule ${rule.Name}`, arn);
        return;
      case "events":
        return this.forward(target, rule, event);
      default:
        throw new NotDelivered(`targets of ${service} are not known here`, "UNKNOWN");
    }
  }

  /** To the default bus of another region (EventBridge user guide, "Sending and receiving events between AWS Regions"). */
  private async forward(
    { Arn = "", RoleArn = "" }: Target,
    rule: DeployedRule,
    event: BusEvent,
  ): Promise<void> {
    const { roles, journal } = this.options;
    if (!Arn.endsWith(":event-bus/default")) {
      throw new NotDelivered(`only default buses are known here, not ${Arn}`, "UNKNOWN");
    }
    if (event.region !== regionOfArn(rule.Arn ?? "")) {
      throw new NotDelivered(
        `an event of ${event.region} goes on from there only, not to a third region`,
        "THIRD_REGION_HOP_DETECTED",
      );
    }
    const isTaken = await roles.lets("events.amazonaws.com", RoleArn, { "aws:SourceArn": rule.Arn ?? "" });
    if (!isTaken || !(await roles.may(RoleArn, "events:PutEvents", Arn))) {
      throw new NotDelivered(
        `the role ${roleNameOf(RoleArn)} doesn't let the rule put events on ${Arn}`,
        "NO_PERMISSIONS",
      );
    }
    journal.note("delivered", `rule ${rule.Name}`, Arn);
    await this.handle(event, regionOfArn(Arn));
  }

  /** In the target's dead-letter queue (EventBridge user guide, "Using dead-letter queues to process undelivered events"). */
  private async keep(
    target: Target,
    rule: DeployedRule,
    event: BusEvent,
    error: Error,
    retries: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { queues, journal } = this.options;
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) {
      return;
    }
    try {
      await queues.send(
        queueArn,
        JSON.stringify(event),
        { service: "events.amazonaws.com", sourceArn: rule.Arn ?? "" },
        attributesOf({
          RULE_ARN: rule.Arn ?? "",
          TARGET_ARN: target.Arn ?? "",
          ERROR_CODE: error instanceof NotDelivered ? error.code : "UNKNOWN",
          ERROR_MESSAGE: error.message,
          ...retries,
        }),
      );
      journal.note("delivered", `event of rule ${rule.Name} that couldn't be delivered`, queueArn);
    } catch (problem) {
      journal.note(
        "not delivered",
        `event of rule ${rule.Name} to its dead-letter queue`,
        (problem as Error).message,
      );
    }
  }
}

function stateOf(state: string | undefined): RuleState {
  return state === "DISABLED" || state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    ? state
    : "ENABLED";
}
