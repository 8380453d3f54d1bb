import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { alarmTampering } from "./alarms";
import { eventRuleTampering } from "./event-rules";
import { functionTampering } from "./functions";
import { keyTampering } from "./key";
import { logBucketTampering } from "./log-bucket";
import { logGroupTampering } from "./log-group";
import { roleTampering } from "./roles";
import { securityServiceTampering } from "./security-services";
import { topicTampering } from "./topics";
import { trailTampering } from "./trail";

/**
 * Detections of whoever attacks the watchers: trail, bucket, key, log group with its filters, alarms, rules, topics with
 * their subscriptions, functions and roles of a deployment, and the other watchers of its account. Denied and failed
 * calls count: they are attempts. A deployment without functions or roles has no detection for them.
 *
 * The deployment's own changes count too, since a filter can't tell who may: see `ignorePrincipals`.
 */
export function tamper(names: DeploymentNames): readonly Detection[] {
  return [
    trailTampering(names),
    logBucketTampering(names),
    keyTampering(),
    logGroupTampering(names),
    alarmTampering(names),
    eventRuleTampering(names),
    topicTampering(names),
    ...(names.functionNames.length === 0 ? [] : [functionTampering(names)]),
    ...(names.roleNames.length === 0 ? [] : [roleTampering(names)]),
    securityServiceTampering(),
  ];
}
