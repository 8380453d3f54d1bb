import {
  CloudWatchClient,
  type MetricAlarm,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { emulatorClientSettings } from "../environment";
import { alarmNotification } from "./alarm-message";
import { type AlarmState, stateOf } from "./alarm-state";
import type { Clock } from "./clock";
import type { Deployed } from "./deployed";
import type { Journal } from "./journal";
import { type DataPoint, Metrics } from "./metrics";
import { NotDelivered } from "./not-delivered";
import type { Topics } from "./topics";

export interface CloudWatchOptions {
  readonly emulatorUrl: string;
  readonly accountId: string;
  readonly deployed: Deployed;
  readonly journal: Journal;
  readonly topics: Topics;
  readonly clock: Clock;
}

/** CloudWatch API reference, "PutMetricData". */
const MOST_POINTS_OF_A_CALL = 1000;

/** Metrics, and the alarms on them. */
export class CloudWatch {
  readonly #metrics = new Metrics();

  constructor(private readonly options: CloudWatchOptions) {}

  /** Puts data points where alarms see them, and in the emulator, where everybody can. */
  async put(points: readonly DataPoint[]): Promise<void> {
    const calls = new Map<string, DataPoint[]>();
    for (const point of points) {
      this.#metrics.put(point);
      const place = `${point.region} ${point.namespace}`;
      calls.set(place, [...(calls.get(place) ?? []), point]);
    }
    await Promise.all([...calls.values()].map((ofCall) => this.putInEmulator(ofCall)));
  }

  private async putInEmulator(points: readonly DataPoint[]): Promise<void> {
    const [first] = points;
    if (first === undefined) {
      return;
    }
    const client = new CloudWatchClient(emulatorClientSettings(this.options.emulatorUrl, first.region));
    // By the machine's clock: who reads metrics there doesn't know that this one was turned on.
    const timeOf = ({ time }: DataPoint): Date => new Date(time.getTime() - this.options.clock.ahead);
    for (let start = 0; start < points.length; start += MOST_POINTS_OF_A_CALL) {
      await client.send(
        new PutMetricDataCommand({
          Namespace: first.namespace,
          MetricData: points.slice(start, start + MOST_POINTS_OF_A_CALL).map((point) => ({
            MetricName: point.metricName,
            Timestamp: timeOf(point),
            Value: point.value,
            Dimensions: Object.entries(point.dimensions).map(([Name, Value]) => ({ Name, Value })),
          })),
        }),
      );
    }
  }

  /**
   * Evaluates a region's alarms, as CloudWatch does each minute, and has those that changed do what they are to do.
   *
   * @param at a full minute
   */
  async evaluate(region: string, at: Date): Promise<void> {
    const { deployed, journal } = this.options;
    await this.putQueueDepths(region, at);
    for (const alarm of await deployed.alarms(region)) {
      const before = stateNamed(alarm.StateValue);
      try {
        const after = stateOf(alarm, this.#metrics, at, before, region);
        if (after.state !== before) {
          await this.change(alarm, before, after, region);
        }
      } catch (error) {
        journal.note("unknown", `alarm ${alarm.AlarmName}`, (error as Error).message);
      }
    }
  }

  /** Amazon SQS developer guide, "Available CloudWatch metrics for Amazon SQS": put each minute. */
  private async putQueueDepths(region: string, at: Date): Promise<void> {
    const queues = await this.options.deployed.queues(region);
    const time = new Date(at.getTime() - 1);
    await this.put(
      [...queues].map(([arn, { visibleMessages }]) => ({
        region,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: arn.slice(arn.lastIndexOf(":") + 1) },
        time,
        value: visibleMessages,
      })),
    );
  }

  private async change(
    alarm: MetricAlarm,
    before: AlarmState,
    { state, reason }: { state: AlarmState; reason: string },
    region: string,
  ): Promise<void> {
    const { emulatorUrl, deployed, journal, clock, accountId, topics } = this.options;
    const client = new CloudWatchClient(emulatorClientSettings(emulatorUrl, region));
    await client.send(
      new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: state, StateReason: reason }),
    );
    deployed.forget("monitoring");
    journal.note("alarm", alarm.AlarmName ?? "", `${before} -> ${state}: ${reason}`);
    const actions = {
      OK: alarm.OKActions,
      ALARM: alarm.AlarmActions,
      INSUFFICIENT_DATA: alarm.InsufficientDataActions,
    };
    const due = actions[state] ?? [];
    if (alarm.ActionsEnabled === false && due.length > 0) {
      journal.note("not delivered", `alarm ${alarm.AlarmName}`, "its actions are disabled");
      return;
    }
    const notification = alarmNotification(alarm, before, { state, reason }, clock.now(), {
      accountId,
      region,
    });
    for (const action of due) {
      try {
        if (!action.includes(":sns:")) {
          throw new NotDelivered(`only topics can be told here, not ${action}`, "UNKNOWN");
        }
        await topics.publish(action, notification, {
          service: "cloudwatch.amazonaws.com",
          sourceArn: alarm.AlarmArn ?? "",
          sourceAccount: accountId,
        });
      } catch (error) {
        journal.note("not delivered", `alarm ${alarm.AlarmName}`, (error as Error).message);
      }
    }
  }
}

function stateNamed(value: string | undefined): AlarmState {
  return value === "OK" || value === "ALARM" ? value : "INSUFFICIENT_DATA";
}
