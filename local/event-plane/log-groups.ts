import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { emulatorClientSettings } from "../environment";
import type { FoundLogEvent, LaterLogEvents } from "../gateway/filter-log-events";
import { judgeResourcePolicy } from "../iam/policy";
import type { Clock } from "./clock";
import { type Deployed, Unknown } from "./deployed";
import { embeddedMetricsOf } from "./embedded-metrics";
import type { Journal } from "./journal";
import type { MetricData } from "./metric-data";
import { type LogEvent, pointsOfBatch } from "./metric-filter";
import { NotDelivered } from "./not-delivered";

export interface LogGroupsOptions {
  readonly emulatorUrl: string;
  readonly accountId: string;
  readonly deployed: Deployed;
  readonly journal: Journal;
  readonly clock: Pick<Clock, "ahead">;
  readonly metricData: MetricData;
}

/** A stream of a log group. */
export interface LogStream {
  readonly region: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** CloudWatch Logs API reference, "PutLogEvents": a call's events, each with 26 bytes beside its text. */
const MOST_EVENTS_OF_A_CALL = 10_000;
const MOST_BYTES_OF_A_CALL = 1_048_576;
const BYTES_BESIDE = 26;

/** The same: no event may be more than two hours ahead. The emulator has its own clock, and is asked a little later. */
const MOST_AHEAD_MS = (2 * 60 - 1) * 60_000;

/** Puts events in log groups as deployed, and makes metrics of them. */
export class LogGroups {
  readonly #streams = new Set<string>();
  /** By region and log group. */
  readonly #later = new Map<string, FoundLogEvent[]>();

  constructor(private readonly options: LogGroupsOptions) {}

  /** @throws NotDelivered if there is no such log group, or its key can't be used */
  async put(stream: LogStream, events: readonly LogEvent[]): Promise<void> {
    const { region, logGroupName } = stream;
    const { deployed, metricData, journal } = this.options;
    const arn = await this.check(region, logGroupName);
    if (this.options.clock.ahead > MOST_AHEAD_MS) {
      this.keepLater(stream, events);
    } else {
      await this.putInEmulator(stream, arn, events);
    }
    const filters = await deployed.metricFilters(region, logGroupName);
    const points = filters.flatMap((filter) => {
      if (filter instanceof Unknown) {
        journal.note("unknown", filter.what, filter.why);
        return [];
      }
      const ofFilter = pointsOfBatch(filter, events, region);
      if (ofFilter.length > 0) {
        journal.note("filter matched", filter.name, `${ofFilter.length} data points`);
      }
      return ofFilter;
    });
    await metricData.put([...points, ...events.flatMap(({ message }) => embeddedMetricsOf(message, region))]);
  }

  /** Events that the emulator wouldn't take, since its own clock isn't turned on. */
  readonly later: LaterLogEvents = (region, logGroupName) =>
    this.#later.get(`${region} ${logGroupName}`) ?? [];

  /** For a log group that is deleted. */
  forget(region: string, logGroupName: string): void {
    this.#later.delete(`${region} ${logGroupName}`);
  }

  private keepLater({ region, logGroupName, logStreamName }: LogStream, events: readonly LogEvent[]): void {
    const group = `${region} ${logGroupName}`;
    const kept = this.#later.get(group) ?? [];
    this.#later.set(group, kept);
    for (const { message, time } of events) {
      const timestamp = time.getTime();
      // AWS's have 56 digits.
      const eventId = `${timestamp}${String(kept.length).padStart(10, "0")}`.padStart(56, "0");
      kept.push({ logStreamName, timestamp, ingestionTime: timestamp, message, eventId });
    }
    this.options.journal.note(
      "not kept",
      `log group ${logGroupName}`,
      "the clock was turned on by more than two hours: of its new events only metric filters and FilterLogEvents know",
    );
  }

  private async check(region: string, logGroupName: string): Promise<string> {
    const { deployed, accountId } = this.options;
    const group = await deployed.logGroup(region, logGroupName);
    if (group === undefined) {
      throw new NotDelivered(`there is no log group ${logGroupName}`, "ResourceNotFoundException");
    }
    const arn = (group.arn ?? `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}`).replace(
      /:\*$/,
      "",
    );
    if (group.kmsKeyId !== undefined) {
      const key = await deployed.key(region, group.kmsKeyId);
      const verdict = judgeResourcePolicy(key.policy, {
        principal: { service: `logs.${region}.amazonaws.com` },
        action: "kms:GenerateDataKey",
        resource: key.arn,
        context: { "kms:EncryptionContext:aws:logs:arn": arn, "aws:SecureTransport": "true" },
      });
      if (!key.isEnabled || verdict.effect !== "allow") {
        const why = key.isEnabled
          ? `its policy doesn't let logs.${region}.amazonaws.com use it for ${arn}`
          : "it is not enabled";
        throw new NotDelivered(
          `the key of the log group ${logGroupName} can't be used: ${why}`,
          "AccessDenied",
        );
      }
    }
    return arn;
  }

  private async putInEmulator(stream: LogStream, arn: string, events: readonly LogEvent[]): Promise<void> {
    const { region, logGroupName, logStreamName } = stream;
    const client = new CloudWatchLogsClient(emulatorClientSettings(this.options.emulatorUrl, region));
    const id = `${arn} ${logStreamName}`;
    const makeStream = async (): Promise<void> => {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error: Error) => {
        if (error.name !== "ResourceAlreadyExistsException") {
          throw error;
        }
      });
      this.#streams.add(id);
    };
    if (!this.#streams.has(id)) {
      await makeStream();
    }
    for (const logEvents of calls(events)) {
      const put = () => client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      await put().catch(async () => {
        // A log group that was deleted and made again has no streams.
        await makeStream();
        return put();
      });
    }
  }
}

function calls(events: readonly LogEvent[]) {
  const calls: { timestamp: number; message: string }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { message, time } of events) {
    const size = Buffer.byteLength(message) + BYTES_BESIDE;
    let call = calls.at(-1);
    if (call === undefined || bytes + size > MOST_BYTES_OF_A_CALL || call.length === MOST_EVENTS_OF_A_CALL) {
      call = [];
      calls.push(call);
      bytes = 0;
    }
    call.push({ timestamp: time.getTime(), message });
    bytes += size;
  }
  return calls;
}
