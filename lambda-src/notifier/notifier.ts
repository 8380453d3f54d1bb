import { type Alert, TRAIL_GUARD_DETECTION } from "../shared/alert";
import { property, text } from "../shared/api-call";
import { readAlert } from "../shared/publication";
import { detectionAlert, plainAlarmAlert } from "./alarm-alert";
import { alarmNotificationOf } from "./alarm-notification";
import type { Aws } from "./aws";
import { type DeliverOptions, deliver, type Refusal } from "./deliver";
import type { Deployment } from "./deployment";
import { beginSearch, findEvents } from "./find-events";
import { type Folded, fold } from "./fold";
import { instanceAlert } from "./instance-alert";
import { instanceChangeOf } from "./instance-change";
import { OWN_DETECTION, refusedAlert, unknownEventAlert, unknownMessageAlert } from "./other-alert";
import { nameOfPlace, type Place, placesOf } from "./places";
import type { NotifierSettings } from "./settings";
import { type Told, toldInTable } from "./told";

export interface NotifierLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

export interface Notifier extends DeliverOptions {
  readonly settings: NotifierSettings;
  readonly deployment: Deployment;
  readonly aws: Aws;
  readonly log: NotifierLog;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Invocation {
  /** The same in each try of one event. */
  readonly id: string;
  /** No search is begun after it. */
  readonly deadline: Date;
}

/** What became of an event: told to people, or folded into a message that another invocation sends or has sent. */
export type Outcome = "told" | "folded";

/**
 * Tells people what an event is about: a message of SNS with an alarm or the guard's alert, or a change of an EC2 instance's
 * state. What it can't read it tells as it is.
 *
 * @throws if not everybody could be told: Lambda then runs it again, and in the end sends the event to people without it
 */
export async function handleEvent(
  event: unknown,
  notifier: Notifier,
  invocation: Invocation,
): Promise<Outcome> {
  const run = new Run(notifier, invocation);
  const change = instanceChangeOf(event);
  if (change !== undefined) {
    return fold(change, (folded, note) => run.tellChanges(folded, note), {
      aws: notifier.aws,
      tableName: notifier.settings.tableName,
      invocationId: invocation.id,
      now: notifier.now,
      sleep: notifier.sleep,
    });
  }
  const messages = messagesOf(event);
  if (messages.length === 0) {
    return run.tell(`event ${invocation.id}`, async () => unknownEventAlert(event), [run.ownTopic]);
  }
  const outcomes: Outcome[] = [];
  for (const message of messages) {
    outcomes.push(await run.message(message));
  }
  return outcomes.includes("told") ? "told" : "folded";
}

interface Message {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** Messages of SNS (Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications"). */
function messagesOf(event: unknown): Message[] {
  const records = property(event, "Records");
  return (Array.isArray(records) ? records : [])
    .map((record) => property(record, "Sns"))
    .filter((sns) => sns !== undefined)
    .map((sns) => ({
      id: text(sns, "MessageId"),
      subject: text(sns, "Subject"),
      text: text(sns, "Message"),
    }));
}

/** One invocation. */
class Run {
  readonly ownTopic: Place;
  private readonly told: Told;

  constructor(
    private readonly notifier: Notifier,
    private readonly invocation: Invocation,
  ) {
    const { aws, settings, now } = notifier;
    this.ownTopic = { kind: "topic", topicArn: settings.topicArn };
    this.told = toldInTable(aws, settings.tableName, invocation.id, now);
  }

  async message({ id, subject, text }: Message): Promise<Outcome> {
    const { deployment } = this.notifier;
    const alarm = alarmNotificationOf(text);
    if (alarm === undefined) {
      const alert = readAlert(text);
      // The guard has told its own topic.
      return alert === undefined
        ? this.tell(`message ${id}`, async () => unknownMessageAlert(subject, text), [this.ownTopic])
        : this.tell(`message ${id}`, async () => alert, []);
    }
    if (deployment.relayedAlarms.includes(alarm.alarmName)) {
      return this.tell(`message ${id}`, async () => plainAlarmAlert(alarm, TRAIL_GUARD_DETECTION), []);
    }
    // An alarm may have any name, `constructor` as well.
    const detection = Object.hasOwn(deployment.alarms, alarm.alarmName)
      ? deployment.alarms[alarm.alarmName]
      : undefined;
    const { window } = alarm;
    if (detection === undefined || window === undefined) {
      return this.tell(`message ${id}`, async () => plainAlarmAlert(alarm, OWN_DETECTION), [this.ownTopic]);
    }
    const { trailName, logGroupName } = deployment;
    const { filterPattern, topicName } = detection;
    const { now, sleep, aws } = this.notifier;
    const search = { logGroupName, filterPattern, window, expected: alarm.counted };
    // Beside the note of who tells it: hardly ever is it told already.
    const begun = beginSearch(aws, search);
    return this.tell(`${alarm.state} ${alarm.alarmName} ${window.start.toISOString()}`, async () => {
      const patience = { now, sleep, deadline: this.invocation.deadline };
      const found = await findEvents(aws, search, patience, begun);
      return detectionAlert(alarm, window, detection, found, { trailName, logGroupName });
    }, [this.topic(topicName)]);
  }

  /** Tells an alert once, whatever is delivered twice: to some places, and to the routes that take it. */
  async tell(id: string, alertOf: () => Promise<Alert>, places: readonly Place[]): Promise<Outcome> {
    const arrived = await this.told.begin(id);
    if (arrived === undefined) {
      this.notifier.log.info("folded", { id });
      return "folded";
    }
    await this.send(await alertOf(), places, arrived, (now, isDone) => this.told.end(id, now, isDone));
    return "told";
  }

  async tellChanges(
    { changes, arrived }: Folded,
    note: (arrived: ReadonlySet<string>) => Promise<void>,
  ): Promise<void> {
    const { settings, deployment } = this.notifier;
    const [first, ...others] = changes;
    if (first === undefined) {
      return;
    }
    const [, partition = ""] = settings.topicArn.split(":");
    const alert = instanceAlert([first, ...others], { partition, logGroupName: deployment.logGroupName });
    const topicName = deployment.instanceStatesTopicName;
    const places = topicName === undefined ? [] : [this.topic(topicName)];
    await this.send(alert, places, arrived, async (now, isDone) => {
      if (!isDone) {
        await note(now);
      }
    });
  }

  private async send(
    alert: Alert,
    ownPlaces: readonly Place[],
    arrived: ReadonlySet<string>,
    end: (arrived: ReadonlySet<string>, isDone: boolean) => Promise<void>,
  ): Promise<void> {
    const { deployment, log } = this.notifier;
    const places = placesOf(alert, ownPlaces, deployment.routes, (name) => this.topicArn(name));
    const missing = places.filter((place) => !arrived.has(nameOfPlace(place)));
    const delivery = await deliver(alert, missing, this.notifier);
    const refusals = await this.tellRefusals(delivery.refused, alert);
    const errors = [...delivery.errors, ...refusals.errors];
    // A refusal that people could not be told of comes again with the next try, and is told then.
    const done = [...delivery.arrived].filter((name) => !refusals.untold.has(name));
    log.info("told", {
      subject: alert.subject,
      places: done,
      refused: delivery.refused.map(({ webhook, reason }) => `${webhook.name}: ${reason}`),
      errors: errors.map(({ message }) => message),
    });
    await end(new Set([...arrived, ...done]), errors.length === 0);
    if (errors.length > 0) {
      // In the end people get this text, with the event, from Lambda itself.
      const reasons = errors.map(({ name, message }) => `${name}: ${message}`).join("; ");
      throw new Error(`not everybody was told of "${alert.subject}" (${alert.summary}): ${reasons}`);
    }
  }

  /** @returns names of the places that people could not be told of, and why */
  private async tellRefusals(
    refused: readonly Refusal[],
    alert: Alert,
  ): Promise<{ untold: ReadonlySet<string>; errors: readonly Error[] }> {
    const hour = this.notifier.now().toISOString().slice(0, 13);
    const untold = new Set<string>();
    const errors: Error[] = [];
    for (const { webhook, reason } of refused) {
      const id = `refused ${webhook.name} ${hour}`;
      try {
        const arrived = await this.told.begin(id);
        if (arrived !== undefined) {
          const delivery = await deliver(
            refusedAlert(webhook.name, reason, alert),
            [this.ownTopic],
            this.notifier,
          );
          const [error] = delivery.errors;
          if (error !== undefined) {
            throw error;
          }
          await this.told.end(id, delivery.arrived, true);
        }
      } catch (error) {
        untold.add(nameOfPlace({ kind: "slack", webhook }));
        errors.push(error as Error);
      }
    }
    return { untold, errors };
  }

  private topic(name: string): Place {
    return { kind: "topic", topicArn: this.topicArn(name) };
  }

  /** Of a topic of the deployment. */
  private topicArn(name: string): string {
    const { topicArn } = this.notifier.settings;
    return topicArn.slice(0, topicArn.lastIndexOf(":") + 1) + name;
  }
}
