import { deploymentNames, type StackSettings } from "../../config";
import { alertTopicNames, EC2_RULE_NAME, type EventRule, guardRules } from "../../detections";
import type { WatchedPattern } from "./record-matcher";

/**
 * The patterns of an environment's metric filters and event rules, as they are deployed. A rule for events that aren't made
 * from CloudTrail records, such as an instance's change of state, has nothing to match here.
 */
export function watchedPatterns(settings: StackSettings): WatchedPattern[] {
  return [
    ...settings.detections.map(
      ({ id, filterPattern }): WatchedPattern => ({ kind: "detection", id, pattern: filterPattern }),
    ),
    ...rulesOf(settings).map(
      ({ name, eventPattern }): WatchedPattern => ({
        kind: "rule",
        id: name,
        pattern: JSON.stringify(eventPattern),
        state: "ENABLED",
      }),
    ),
  ];
}

/** The guard's rules; which account the guard's role is in isn't known, so that its own calls match them too. */
function rulesOf(settings: StackSettings): EventRule[] {
  const names = deploymentNames(settings);
  const [functionName, ...otherFunctionNames] = names.functionNames;
  return functionName === undefined || settings.guard?.mode === "off"
    ? []
    : Object.values(
        guardRules({
          functionName,
          otherFunctionNames,
          roleArn: `arn:aws:iam::000000000000:role/${functionName}`,
          roleNames: names.roleNames,
          bucketName: names.bucketName === "*" ? undefined : names.bucketName,
          logGroupName: names.logGroupName,
          ruleNames: [`${names.namePrefix}${EC2_RULE_NAME}`],
          topicNames: alertTopicNames(names.namePrefix, settings.alerts ?? {}),
        }),
      );
}
