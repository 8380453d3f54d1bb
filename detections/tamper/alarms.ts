import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall, iamUser, onBehalfOf } from "../examples";
import { allOf, concerns, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "monitoring.amazonaws.com";

/**
 * Whoever deletes, mutes or bends an alarm.
 *
 * Alarms are told apart by the deployment's prefix. Without one their names have nothing in common, and any alarm
 * counts, unless a service changes it: autoscaling makes and deletes alarms all day. Who goes through CloudFormation is
 * then overlooked, so a prefix is the better watch.
 */
export function alarmTampering({ namePrefix }: DeploymentNames): Detection {
  const alarmName = `${namePrefix}IAM Policy Changes`;
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>, by = iamUser()) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters, by });
  const autoscaling = onBehalfOf(assumedRole(), "autoscaling.amazonaws.com");
  return defineDetection({
    id: "tamper-alarms",
    title: "Alarm tampering",
    description: "Raises alarms if someone deletes, mutes or changes an alarm, or tries to",
    severity: "high",
    controls: {},
    attack: ["T1562.001"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent("DeleteAlarms", "DisableAlarmActions", "SetAlarmState", "PutMetricAlarm"),
      namePrefix === ""
        ? "($.userIdentity.invokedBy NOT EXISTS)"
        : concerns({ alarmName: [`${namePrefix}*`], "alarmNames[*]": [`${namePrefix}*`] }),
    ),
    periodSeconds: 60,
    runbook: [
      "Read requestParameters: which alarms, and for PutMetricAlarm what the new threshold is.",
      "Compare the alarms with the code; terraform plan shows what is missing.",
      "See what the trail recorded while the alarm was gone: it is silent about that time.",
    ],
    examples: {
      matches: [
        call("DeleteAlarms", { alarmNames: ["Other alarm", alarmName] }),
        call("DisableAlarmActions", { alarmNames: [alarmName] }),
        call("SetAlarmState", { alarmName, stateValue: "OK", stateReason: "maintenance" }),
        deniedCall({ eventSource: SOURCE, eventName: "PutMetricAlarm" }),
      ],
      ignores: [
        call("DescribeAlarms", { alarmNames: [alarmName] }),
        call(
          "PutMetricAlarm",
          { alarmName: "TargetTracking-table/orders-AlarmHigh", threshold: 42 },
          autoscaling,
        ),
        ...(namePrefix === "" ? [] : [call("DeleteAlarms", { alarmNames: [otherName([namePrefix])] })]),
        call("DeleteAlarms", { alarmNames: ["TargetTracking-table/orders-AlarmHigh"] }, autoscaling),
      ],
    },
  });
}
