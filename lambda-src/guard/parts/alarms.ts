import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Aws } from "../aws";
import type { DeclaredState } from "../declared-state";
import type { Difference } from "../difference";

/** Alarms that one call describes or enables. */
const PAGE = 100;

/** The alarms: that they are there and that their actions are on. */
export async function observeAlarms(aws: Aws, declared: DeclaredState["alarms"]): Promise<Difference[]> {
  const found = new Map<string | undefined, MetricAlarm>();
  for (const names of pages(declared.map(({ name }) => name))) {
    const { MetricAlarms = [] } = await aws("cloudwatch:DescribeAlarms", {
      AlarmNames: names,
      MaxRecords: PAGE,
    });
    for (const alarm of MetricAlarms) {
      found.set(alarm.AlarmName, alarm);
    }
  }
  const missing = declared.filter(({ name }) => !found.has(name));
  const silenced = declared.filter(
    ({ name, tells }) => tells && found.has(name) && (found.get(name)?.AlarmActions ?? []).length === 0,
  );
  const disabled = declared
    .map(({ name }) => name)
    .filter((name) => found.get(name)?.ActionsEnabled === false);
  return [
    ...missing.map(
      ({ name }): Difference => ({
        id: `alarm.${name}`,
        row: "irreparable",
        kind: "missing",
        what: `the alarm "${name}" is deleted`,
      }),
    ),
    ...silenced.map(
      ({ name }): Difference => ({
        id: `alarm.${name}.actions`,
        row: "irreparable",
        kind: "weaker",
        what: `the alarm "${name}" tells nobody any more`,
      }),
    ),
    ...(disabled.length === 0
      ? []
      : [
          {
            id: "alarms.actions",
            row: "alarms-and-rules",
            kind: "weaker",
            what: `actions of alarms are disabled: ${disabled.join(", ")}`,
            async repair(aws) {
              for (const names of pages(disabled)) {
                await aws("cloudwatch:EnableAlarmActions", { AlarmNames: names });
              }
            },
          } satisfies Difference,
        ]),
  ];
}

function pages(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / PAGE) }, (_, page) =>
    names.slice(page * PAGE, (page + 1) * PAGE),
  );
}
