import { type Alert, EC2_DETECTION } from "../shared/alert";
import { insightsLink } from "../shared/console-links";
import { oneLine } from "../shared/text";
import { linksOf } from "./alarm-alert";
import { changeLine, type InstanceChange } from "./instance-change";

/** Changes that are told of one by one. */
const MOST_CHANGES = 20;
/** A call comes before what it changes, and into the log group some minutes after it. */
const BEFORE_MS = 15 * 60_000;
const AFTER_MS = 15 * 60_000;

export interface InstancePlace {
  /** e.g. `aws` */
  readonly partition: string;
  readonly logGroupName: string;
}

/** The alert of some changes of EC2 instances' states: at least one. */
export function instanceAlert(
  changes: readonly [InstanceChange, ...InstanceChange[]],
  { partition, logGroupName }: InstancePlace,
): Alert {
  const [first] = changes;
  const shown = changes.slice(0, MOST_CHANGES);
  const headline =
    changes.length === 1
      ? `EC2 instance ${oneLine(first.instanceId)} is ${oneLine(first.state)}`
      : `${changes.length} changes of EC2 instances: ${countedStates(changes)}`;
  const times = changes.map(({ time }) => Date.parse(time));
  const query = callsQuery(shown);
  return {
    subject: `[LOW] ${headline}`,
    title: "EC2 instance state",
    severity: "low",
    detection: EC2_DETECTION,
    summary: `${headline}.`,
    calls: [],
    facts: [{ label: "Account", lines: [`${oneLine(first.accountId)}, region ${oneLine(first.region)}`] }],
    items: shown.map(changeLine),
    notices:
      changes.length > shown.length ? [`The first ${shown.length} of ${changes.length} are shown.`] : [],
    steps: [
      "See who did it: the link finds the calls that name the instance, some minutes after they are made.",
    ],
    links:
      query === undefined
        ? []
        : linksOf(
            "Calls in Logs Insights",
            insightsLink({
              partition,
              region: first.region,
              logGroupName,
              query,
              start: new Date(Math.min(...times) - BEFORE_MS),
              end: new Date(Math.max(...times) + AFTER_MS),
            }),
          ),
  };
}

/** Calls that change something and name one of the instances, wherever in the record; undefined where no id is one of EC2's. */
function callsQuery(changes: readonly InstanceChange[]): string | undefined {
  const ids = changes.map(({ instanceId }) => instanceId).filter((id) => /^i-[0-9a-f]+$/.test(id));
  if (ids.length === 0) {
    return undefined;
  }
  return [
    "fields @timestamp, eventName, userIdentity.arn, sourceIPAddress, userAgent, errorCode",
    `| filter eventSource = "ec2.amazonaws.com" and readOnly = 0 and @message like /${[...new Set(ids)].join("|")}/`,
    "| sort @timestamp desc",
  ].join("\n");
}

function countedStates(changes: readonly InstanceChange[]): string {
  const counts = new Map<string, number>();
  for (const { state } of changes) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].map(([state, count]) => `${count} ${oneLine(state)}`).join(", ");
}
