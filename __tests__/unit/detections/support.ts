import type { DeploymentNames } from "../../../detections";

/** What the default configuration of an environment comes to. */
export const NAMES: DeploymentNames = {
  namePrefix: "",
  trailName: "trailwarden",
  bucketName: "trailwarden-*",
  logGroupName: "/aws/cloudtrail/trailwarden",
  functionNames: ["enable_trail", "alarm_notifier"],
  roleNames: ["trailwarden-log-delivery", "enable_trail", "alarm_notifier"],
};

export const PREFIXED_NAMES: DeploymentNames = {
  namePrefix: "prod-",
  trailName: "prod-trailwarden",
  bucketName: "prod-trailwarden-*",
  logGroupName: "/aws/cloudtrail/prod-trailwarden",
  functionNames: ["prod-enable_trail", "prod-alarm_notifier"],
  roleNames: ["prod-trailwarden-log-delivery", "prod-enable_trail", "prod-alarm_notifier"],
};
