import { CloudWatchClient, type MetricAlarm, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { nameOfArn } from "../arn";
import { emulatorClientSettings } from "../environment";
import { alarmNotification } from "./alarm-message";
import { type AlarmState, type AlarmVerdict, stateOf } from "./alarm-state";
import type { Clock } from "./clock";
import type { Deployed } from "./deployed";
import type { Journal } from "./journal";
import type { MetricData } from "./metric-data";
import { NotDelivered } from "./not-delivered";
import type { Topics } from "./topics";

export interface CloudWatchOptions {
  readonly emulatorUrl: string;
  readonly accountId: string;
  readonly deployed: Deployed;
  readonly journal: Journal;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly metricData: MetricData;
}

/** Alarms as deployed, and what they do when their state changes. */
export class CloudWatch {
  constructor(private readonly options: CloudWatchOptions) {}

  /**
   * Evaluates a region's alarms, as CloudWatch does each minute, and has those that changed do what they are to do.
   *
   * @param at a full minute
   */
  async evaluate(region: string, at: Date): Promise<void> {
    const { deployed, journal, metricData } = this.options;
    await this.putQueueDepths(region, at);
    for (const alarm of await deployed.alarms(region)) {
      const before = stateNamed(alarm.StateValue);
      try {
        const after = stateOf(alarm, metricData.metrics, at, before, region);
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
    await this.options.metricData.put(
      [...queues].map(([arn, { visibleMessages }]) => ({
        region,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: nameOfArn(arn) },
        time,
        value: visibleMessages,
      })),
    );
  }

  private async change(
    alarm: MetricAlarm,
    before: AlarmState,
    { state, reason, reasonData }: AlarmVerdict,
    region: string,
  ): Promise<void> {
    const { emulatorUrl, deployed, journal, clock, accountId, topics } = this.options;
    const client = new CloudWatchClient(emulatorClientSettings(emulatorUrl, region));
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: alarm.AlarmName,
        StateValue: state,
        StateReason: reason,
        StateReasonData: reasonData,
      }),
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
    const { subject, message, email } = alarmNotification(alarm, before, { state, reason }, clock.now(), {
      accountId,
      region,
    });
    for (const action of due) {
      try {
        if (!action.includes(":sns:")) {
          throw new NotDelivered(`only topics can be told here, not ${action}`, "UNKNOWN");
        }
        const publication = { subject, message, byProtocol: new Map([["email", email]]) };
        await topics.publish(action, publication, {
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
