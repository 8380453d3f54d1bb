import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import type { AdoptAccount, ExistingAlarm, Part } from "../existing";
import { ask, askForAll, type ClientSettings } from "./ask";
import { askForTags } from "./tags";

/** CloudWatch API reference, "DescribeAlarms": the most names, and the most answers, of one call. */
const ALARMS_A_CALL = 100;

/** Alarms. */
export function cloudWatchOf(settings: ClientSettings): Pick<AdoptAccount, "alarms" | "alarmsByAction"> {
  const cloudWatch = new CloudWatchClient(settings);
  return {
    async alarms(names) {
      const found = new Map<string, ExistingAlarm>();
      for (let index = 0; index < names.length; index += ALARMS_A_CALL) {
        const { MetricAlarms = [], CompositeAlarms = [] } = await ask("cloudwatch:DescribeAlarms", () =>
          cloudWatch.send(
            new DescribeAlarmsCommand({
              AlarmNames: names.slice(index, index + ALARMS_A_CALL),
              AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
              MaxRecords: ALARMS_A_CALL,
            }),
          ),
        );
        for (const alarm of MetricAlarms) {
          const tags = await askForTags("cloudwatch:ListTagsForResource", async () => {
            const { Tags = [] } = await cloudWatch.send(
              new ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }),
            );
            return Tags;
          });
          found.set(alarm.AlarmName ?? "", { isComposite: false, arguments: argumentsOf(alarm), ...tags });
        }
        for (const { AlarmName = "" } of CompositeAlarms) {
          found.set(AlarmName, { isComposite: true, arguments: {}, tags: {} });
        }
      }
      return found;
    },

    async alarmsByAction() {
      const alarms = await askForAll(
        "cloudwatch:DescribeAlarms",
        () =>
          paginateDescribeAlarms(
            { client: cloudWatch, pageSize: ALARMS_A_CALL },
            { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
          ),
        ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
      );
      const found = new Map<string, string[]>();
      for (const { AlarmName = "", AlarmActions, OKActions, InsufficientDataActions } of alarms) {
        const actions = [AlarmActions, OKActions, InsufficientDataActions].flatMap((arns) => arns ?? []);
        for (const action of new Set(actions)) {
          found.set(action, [...(found.get(action) ?? []), AlarmName]);
        }
      }
      return found;
    },
  };
}

function argumentsOf(alarm: MetricAlarm): Part["arguments"] {
  const dimensions = Object.fromEntries(
    (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  );
  return {
    alarm_name: alarm.AlarmName,
    alarm_description: alarm.AlarmDescription,
    actions_enabled: alarm.ActionsEnabled,
    alarm_actions: alarm.AlarmActions ?? [],
    ok_actions: alarm.OKActions ?? [],
    insufficient_data_actions: alarm.InsufficientDataActions ?? [],
    namespace: alarm.Namespace,
    metric_name: alarm.MetricName,
    dimensions,
    statistic: alarm.Statistic,
    extended_statistic: alarm.ExtendedStatistic,
    unit: alarm.Unit,
    period: alarm.Period,
    evaluation_periods: alarm.EvaluationPeriods,
    datapoints_to_alarm: alarm.DatapointsToAlarm,
    comparison_operator: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    treat_missing_data: alarm.TreatMissingData,
    metric_query: alarm.Metrics ?? [],
  };
}
