import { globalEventsRegion } from "../aws/values";
import { type DeploymentNames, GUARD_NAME, NOTIFIER_NAME, roleChangesName } from "../detections";
import type { Environment } from "./environment";

/** Names that an environment's own resources will have, for the detections that watch them. */
export function deploymentNames({
  region,
  namePrefix = "",
  trail = {},
  adopt = {},
  guard = {},
  alerts = {},
}: Pick<Environment, "region" | "namePrefix" | "trail" | "adopt" | "guard" | "alerts">): DeploymentNames {
  // Of what is made, beside what isn't.
  const stem = `${namePrefix}${trail.name ?? "trailwarden"}`;
  const existingLogGroup = trail.existingLogGroup?.replace(/^arn:.*?:log-group:/, "").replace(/:\*$/, "");
  const deliveryRoleName = adopt.deliveryRole?.replace(/^.*\//, "") ?? `${stem}-log-delivery`;
  const guardNames = guard.mode === "off" ? [] : [`${namePrefix}${GUARD_NAME}`];
  const notifierNames = alerts.enrich === false ? [] : [`${namePrefix}${NOTIFIER_NAME}`];
  return {
    namePrefix,
    trailName: (trail.existingTrail ?? adopt.trail)?.replace(/^.*\//, "") ?? stem,
    // Account and region follow the trail's name; an existing trail's bucket isn't known.
    bucketName:
      trail.existingBucket ??
      adopt.bucket ??
      (trail.existingTrail === undefined ? `${stem.toLowerCase().replace(/[._]/g, "-")}-*` : "*"),
    logGroupName: existingLogGroup ?? adopt.logGroup ?? `/aws/cloudtrail/${stem}`,
    functionNames: [...guardNames, ...notifierNames],
    roleNames: [
      ...(trail.existingTrail === undefined ? [deliveryRoleName] : []),
      ...guardNames,
      ...(globalEventsRegion(region) === region ? [] : guardNames.map(roleChangesName)),
      ...notifierNames,
    ],
  };
}
