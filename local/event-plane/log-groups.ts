import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { emulatorClientSettings } from "../environment";
import { judgeResourcePolicy } from "../iam/policy";
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

/** Puts events in log groups as deployed, and makes metrics of them. */
export class LogGroups {
  readonly #streams = new Set<string>();

  constructor(private readonly options: LogGroupsOptions) {}

  /** @throws NotDelivered if there is no such log group, or its key can't be used */
  async put(stream: LogStream, events: readonly LogEvent[]): Promise<void> {
    const { region, logGroupName } = stream;
    const { deployed, metricData, journal } = this.options;
    const arn = await this.check(region, logGroupName);
    await this.putInEmulator(stream, arn, events);
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
      const { rejectedLogEventsInfo } = await put().catch(async () => {
        // A log group that was deleted and made again has no streams.
        await makeStream();
        return put();
      });
      if (rejectedLogEventsInfo?.tooNewLogEventStartIndex !== undefined) {
        this.options.journal.note(
          "not kept",
          `log group ${logGroupName}`,
          "the clock was turned on by more than two hours: the emulator doesn't keep its new events, which metric filters have seen all the same",
        );
      }
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
