import { globalEventsRegion } from "../aws/values";
import { type DeploymentNames, GUARD_NAME, NOTIFIER_NAME, roleChangesName } from "../detections";
import type { Environment } from "./environment";

/** Names that an environment's own resources will have, for the detections that watch them. */
export function deploymentNames({
  region,
  namePrefix = "",
  trail = {},
  guard = {},
  alerts = {},
}: Pick<Environment, "region" | "namePrefix" | "trail" | "guard" | "alerts">): DeploymentNames {
  const trailName =
    trail.existingTrail?.replace(/^.*\//, "") ?? `${namePrefix}${trail.name ?? "trailwarden"}`;
  const logGroupName = trail.existingLogGroup?.replace(/^arn:.*?:log-group:/, "").replace(/:\*$/, "");
  const guardNames = guard.mode === "off" ? [] : [`${namePrefix}${GUARD_NAME}`];
  const notifierNames = alerts.enrich === false ? [] : [`${namePrefix}${NOTIFIER_NAME}`];
  return {
    namePrefix,
    trailName,
    // Account and region follow the trail's name; an existing trail's bucket isn't known.
    bucketName:
      trail.existingBucket ??
      (trail.existingTrail === undefined ? `${trailName.toLowerCase().replace(/[._]/g, "-")}-*` : "*"),
    logGroupName: logGroupName ?? `/aws/cloudtrail/${trailName}`,
    functionNames: [...guardNames, ...notifierNames],
    roleNames: [
      ...(trail.existingTrail === undefined ? [`${trailName}-log-delivery`] : []),
      ...guardNames,
      ...(globalEventsRegion(region) === region ? [] : guardNames.map(roleChangesName)),
      ...notifierNames,
    ],
  };
}
