import {
  type AlarmDefinition,
  type AlarmState,
  type AlarmVerdict,
  decimalOf,
  timestampOf,
} from "./alarm-state";

/** What CloudWatch publishes to a topic. */
export interface AlarmNotification {
  readonly subject: string;
  /** JSON, for all protocols but e-mail. */
  readonly message: string;
  /** What the protocol `email` gets. */
  readonly email: string;
}

export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/**
 * What an alarm tells about its change of state.
 *
 * Sources: mails and messages that people published; CloudWatch user guide, "Notifying users on alarm changes". The
 * guide has none of the texts.
 *
 * @param at when the state changed
 */
export function alarmNotification(
  alarm: AlarmDefinition,
  from: AlarmState,
  to: Pick<AlarmVerdict, "state" | "reason">,
  at: Date,
  account: Account,
): AlarmNotification {
  const change: Change = { alarm, from, to, at, account, regionName: regionNameOf(account.region) };
  return { subject: subjectOf(change), message: messageOf(change), email: emailOf(change) };
}

interface Change {
  readonly alarm: AlarmDefinition;
  readonly from: AlarmState;
  readonly to: Pick<AlarmVerdict, "state" | "reason">;
  readonly at: Date;
  readonly account: Account;
  readonly regionName: string;
}

/** API reference of Amazon SNS, "Publish". */
const SUBJECT_CHARACTERS = 100;

function subjectOf({ alarm, to, regionName }: Change): string {
  const { AlarmName = "" } = alarm;
  const subject = (name: string) => `${to.state}: "${name}" in ${regionName}`;
  const excess = subject(AlarmName).length - SUBJECT_CHARACTERS;
  return excess <= 0 ? subject(AlarmName) : subject(`${AlarmName.slice(0, -excess - 3)}...`);
}

function messageOf({ alarm, from, to, at, account, regionName }: Change): string {
  const { AlarmConfigurationUpdatedTimestamp: updated } = alarm;
  return JSON.stringify({
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: account.accountId,
    AlarmConfigurationUpdatedTimestamp: updated && timestampOf(updated),
    NewStateValue: to.state,
    NewStateReason: to.reason,
    StateChangeTime: timestampOf(at),
    Region: regionName,
    AlarmArn: alarm.AlarmArn,
    OldStateValue: from,
    OKActions: alarm.OKActions ?? [],
    AlarmActions: alarm.AlarmActions ?? [],
    InsufficientDataActions: alarm.InsufficientDataActions ?? [],
    Trigger: {
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      StatisticType: "Statistic",
      Statistic: alarm.Statistic?.replace("eC", "e_C").toUpperCase(),
      Unit: alarm.Unit ?? null,
      Dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
      Period: alarm.Period,
      EvaluationPeriods: alarm.EvaluationPeriods,
      DatapointsToAlarm: alarm.DatapointsToAlarm,
      ComparisonOperator: alarm.ComparisonOperator,
      Threshold: alarm.Threshold,
      TreatMissingData: alarm.TreatMissingData ?? "",
      EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile ?? "",
    },
  });
}

function emailOf({ alarm, from, to, at, account, regionName }: Change): string {
  const { AlarmName = "", Period, EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods } = alarm;
  const { region, accountId } = account;
  const time = longTime(at);
  const dimensions = (alarm.Dimensions ?? []).map(({ Name, Value }) => `[${Name} = ${Value}]`).join(" ");
  // Without it the line is there, empty.
  const treatMissingData =
    alarm.TreatMissingData === undefined
      ? ""
      : `- TreatMissingData:                    ${alarm.TreatMissingData}`;
  return `You are receiving this email because your Amazon CloudWatch Alarm "${AlarmName}" in the ${regionName} region has entered the ${to.state} state, because "${to.reason}" at "${time}".

View this alarm in the AWS Management Console:
https://${region}.console.aws.amazon.com/cloudwatch/deeplink.js?region=${region}#alarmsV2:alarm/${encodeURIComponent(AlarmName)}

Alarm Details:
- Name:                       ${AlarmName}
- Description:                ${alarm.AlarmDescription ?? ""}
- State Change:               ${from} -> ${to.state}
- Reason for State Change:    ${to.reason}
- Timestamp:                  ${time}
- AWS Account:                ${accountId}
- Alarm Arn:                  ${alarm.AlarmArn}

Threshold:
- The alarm is in the ALARM state when the metric is ${alarm.ComparisonOperator} ${decimalOf(alarm.Threshold ?? 0)} for at least ${DatapointsToAlarm} of the last ${EvaluationPeriods} period(s) of ${Period} seconds.

Monitored Metric:
- MetricNamespace:                     ${alarm.Namespace}
- MetricName:                          ${alarm.MetricName}
- Dimensions:                          ${dimensions}
- Period:                              ${Period} seconds
- Statistic:                           ${alarm.Statistic}
- Unit:                                ${alarm.Unit ?? "not specified"}
${treatMissingData}


State Change Actions:
- OK: ${actions(alarm.OKActions)}
- ALARM: ${actions(alarm.AlarmActions)}
- INSUFFICIENT_DATA: ${actions(alarm.InsufficientDataActions)}
`;
}

function actions(arns: readonly string[] = []): string {
  return arns.length === 0 ? "" : `[${arns.join(", ")}]`;
}

/** `Sunday 22 November, 2026 05:42:00 UTC` */
function longTime(time: Date): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    time.toLocaleString("en-US", { ...options, timeZone: "UTC" });
  const [, year, day, clock] = /^(\d+)-\d+-(\d+)T(.{8})/.exec(time.toISOString()) ?? [];
  return `${part({ weekday: "long" })} ${day} ${part({ month: "long" })}, ${year} ${clock} UTC`;
}

/** The names of regions as CloudWatch has them in its mails; the id of any other. */
function regionNameOf(region: string): string {
  return REGION_NAMES.get(region) ?? region;
}

const REGION_NAMES: ReadonlyMap<string, string> = new Map([
  ["us-east-1", "US East (N. Virginia)"],
  ["us-east-2", "US East (Ohio)"],
  ["us-west-1", "US West (N. California)"],
  ["us-west-2", "US West (Oregon)"],
  ["ca-central-1", "Canada (Central)"],
  ["sa-east-1", "South America (Sao Paulo)"],
  ["eu-central-1", "EU (Frankfurt)"],
  ["eu-north-1", "EU (Stockholm)"],
  ["eu-west-1", "EU (Ireland)"],
  ["eu-west-2", "EU (London)"],
  ["eu-west-3", "EU (Paris)"],
  ["ap-northeast-1", "Asia Pacific (Tokyo)"],
  ["ap-northeast-2", "Asia Pacific (Seoul)"],
  ["ap-south-1", "Asia Pacific (Mumbai)"],
  ["ap-southeast-1", "Asia Pacific (Singapore)"],
  ["ap-southeast-2", "Asia Pacific (Sydney)"],
]);
