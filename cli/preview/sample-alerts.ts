import { deploymentNames, type StackSettings } from "../../config";
import { apiCall, EXAMPLE_ACCOUNT } from "../../detections/examples";
import { reportAlert } from "../../lambda-src/guard/report";
import { detectionAlert } from "../../lambda-src/notifier/alarm-alert";
import type { Deployment, NotifiedDetection } from "../../lambda-src/notifier/deployment";
import { instanceAlert } from "../../lambda-src/notifier/instance-alert";
import { type Alert, MOST_CALLS } from "../../lambda-src/shared/alert";
import { type ApiCall, apiCallOfRecord } from "../../lambda-src/shared/api-call";
import { partitionOf } from "../../local/event-plane/partition";
import { parseFilterPattern } from "../../patterns";

/** When all of it happens, so that two previews are the same: the catalogue's examples are of then. */
const SAMPLE_TIME_MS = Date.parse("2026-03-02T09:14:27Z");

/** An alarm that tells people, what the notifier knows of it, and what it is deployed from. */
export interface ToldAlarm {
  readonly alarmName: string;
  readonly detection: NotifiedDetection;
  readonly watched: StackSettings["detections"][number];
}

export interface FoundOfAlarm {
  /** How many events the metric counted. */
  readonly counted: number;
  /** How many of them are found: examples of the detection, each as often as it takes. */
  readonly found: number;
}

/** What people get of an alarm. */
export function alarmAlert(
  { alarmName, detection, watched }: ToldAlarm,
  { counted, found }: FoundOfAlarm,
  region: string,
  place: Pick<Deployment, "trailName" | "logGroupName">,
): Alert {
  const periodMs = watched.periodSeconds * 1000;
  const startMs = Math.floor(SAMPLE_TIME_MS / periodMs) * periodMs;
  const end = new Date(startMs + periodMs);
  const examples = exampleCalls(watched);
  const calls = Array.from({ length: Math.min(found, MOST_CALLS) }).flatMap((_, index) => {
    const call = examples[index % examples.length];
    const time = isoSecond(startMs + ((index + 1) * periodMs) / (found + 1));
    return call === undefined ? [] : [{ ...call, time }];
  });
  return detectionAlert(
    {
      alarmName,
      alarmArn: `arn:${partitionOf(region)}:cloudwatch:${region}:${EXAMPLE_ACCOUNT}:alarm:${alarmName}`,
      description: watched.description,
      accountId: EXAMPLE_ACCOUNT,
      state: "ALARM",
      reason: "",
      changedAt: end,
      window: { start: new Date(startMs), end },
      counted,
    },
    { start: new Date(startMs), end },
    detection,
    { calls, count: found, isCut: false },
    place,
  );
}

/** The detection's examples that the deployed pattern matches: principals that it passes over aren't among them. */
export function exampleCalls({
  filterPattern,
  examples: { matches, tuned },
}: Pick<ToldAlarm["watched"], "filterPattern" | "examples">): ApiCall[] {
  const pattern = parseFilterPattern(filterPattern);
  return [...matches, ...(tuned?.matches ?? [])]
    .filter((record) => pattern.matches(JSON.stringify(record)))
    .flatMap((record) => apiCallOfRecord(record) ?? []);
}

/** What people get of so many changes of EC2 instances' states, at least one, within fifteen seconds. */
export function instanceStateAlert(
  count: number,
  states: readonly string[],
  region: string,
  logGroupName: string,
): Alert {
  const changeAt = (index: number) => ({
    eventId: `event-${index + 1}`,
    time: isoSecond(SAMPLE_TIME_MS + (index * 15_000) / count),
    instanceId: `i-0a1b2c3d4e5f6${String(index + 1).padStart(4, "0")}`,
    state: states[index % states.length] ?? "",
    accountId: EXAMPLE_ACCOUNT,
    region,
  });
  const others = Array.from({ length: count - 1 }, (_, index) => changeAt(index + 1));
  return instanceAlert([changeAt(0), ...others], { partition: partitionOf(region), logGroupName });
}

/** What the guard tells after the trail was stopped; undefined where it is off. */
export function guardAlert(settings: StackSettings): Alert | undefined {
  const { region, guard = {} } = settings;
  const { mode = "enforce", modes = {} } = guard;
  const modeOfRow = mode === "off" ? "off" : (modes["stop-logging"] ?? mode);
  const { trailName } = deploymentNames(settings);
  const difference = {
    id: "trail.logging",
    row: "stop-logging",
    kind: "weaker",
    what: "the trail does not log",
  } as const;
  return modeOfRow === "off"
    ? undefined
    : reportAlert({
        trailArn: `arn:${partitionOf(region)}:cloudtrail:${region}:${EXAMPLE_ACCOUNT}:trail/${trailName}`,
        call: apiCallOfRecord(
          apiCall({
            eventSource: "cloudtrail.amazonaws.com",
            eventName: "StopLogging",
            requestParameters: { name: trailName },
            awsRegion: region,
          }),
        ),
        touched: `trail ${trailName}`,
        isExempt: false,
        findings: [
          modeOfRow === "enforce"
            ? { part: "logging", difference, fate: "restored" }
            : { part: "logging", difference, fate: "left", why: "the guard only observes" },
        ],
        unseen: [],
        seconds: 3.2,
        notices: [],
        needsTerraform: false,
      });
}

function isoSecond(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
