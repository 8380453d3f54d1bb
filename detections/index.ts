export {
  alertTopicNames,
  EC2_DETECTION,
  EC2_RULE_NAME,
  EC2_TOPIC_NAME,
  GUARD_TOPIC_NAME,
  NOTIFIER_NAME,
  NOTIFIER_TOPIC_NAME,
  notifierQueueName,
  notifierTableName,
  routeTopicName,
  SHARED_TOPIC_NAME,
  TRAIL_GUARD_DETECTION,
} from "./alert-topics";
export type { CheckOptions } from "./check";
export { checkDetections, nameProblems, quotaProblems } from "./check";
export { monthlyCostDollars } from "./cost";
export { defineDetection } from "./define";
export type { DeploymentNames } from "./deployment-names";
export type { Controls, Detection, Examples, Judgements, Severity, Statistic } from "./detection";
export { METRIC_NAMESPACE } from "./detection";
export type { EventRule, GuardedNames, GuardRules } from "./event-rules";
export {
  GUARD_NAME,
  guardParameterPrefix,
  guardQueueName,
  guardRuleNames,
  guardRules,
  roleChangesName,
  roleChangesRule,
} from "./event-rules";
export type { Dialect, FormOptions, WatchedDetection } from "./forms";
export { formsOf } from "./forms";
export { ignorePrincipals } from "./ignore-principals";
export type { PresetName } from "./presets";
export { chooseDetections, DETECTION_IDS, detectionsOf, PRESET_NAMES, PRESETS } from "./presets";
