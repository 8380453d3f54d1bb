/** Name of the topic that alerts of EC2 instances go to, after the prefix. */
export const EC2_TOPIC_NAME = "EC2StateChange_Events_Topic";
/** Name of the topic that a guard tells people by, after the prefix. */
export const GUARD_TOPIC_NAME = "TrailGuard_Alerts_Topic";
/** Name of the one topic that all share where they share one, after the prefix. */
export const SHARED_TOPIC_NAME = "trailwarden-alerts";
/** Name of the rule that tells of EC2 instances, after the prefix. */
export const EC2_RULE_NAME = "ec2_state_change";

/** How the names of detections' topics end. */
const DETECTION_TOPIC_END = "_CloudWatch_Alarms_Topic";

/**
 * Names of a deployment's alert topics, prefix and all; one that begins with `*` is the end of a name.
 *
 * @param topics whether each detection has its own, or all share one
 */
export function alertTopicNames(namePrefix: string, topics: "per-detection" | "shared"): string[] {
  return topics === "shared"
    ? [`${namePrefix}${SHARED_TOPIC_NAME}`]
    : [`*${DETECTION_TOPIC_END}`, `${namePrefix}${EC2_TOPIC_NAME}`, `${namePrefix}${GUARD_TOPIC_NAME}`];
}
