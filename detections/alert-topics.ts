/** Name of the topic that alerts of EC2 instances go to, after the prefix. */
export const EC2_TOPIC_NAME = "EC2StateChange_Events_Topic";
/** Name of the topic that a guard tells people by, after the prefix. */
export const GUARD_TOPIC_NAME = "TrailGuard_Alerts_Topic";
/** Name of the one topic that all share where they share one, after the prefix. */
export const SHARED_TOPIC_NAME = "trailwarden-alerts";
/** How the names of topics begin that several detections share, after the prefix. */
export const SHARED_TOPIC_STEM = "trailwarden-";
/** Name of the topic that alarms go to where a notifier makes people's messages of them, after the prefix. */
export const NOTIFIER_TOPIC_NAME = "AlarmNotifier_CloudWatch_Alarms_Topic";
/** Name of the rule that tells of EC2 instances, after the prefix. */
export const EC2_RULE_NAME = "ec2_state_change";

/** Name of the notifier's function and role, after the prefix. */
export const NOTIFIER_NAME = "alarm_notifier";

/** Name of the queue that keeps what a notifier could not tell. */
export function notifierQueueName(functionName: string): string {
  return `${functionName}_dead_letters`;
}

/** Name of the table that keeps what a notifier has told. */
export function notifierTableName(functionName: string): string {
  return `${functionName}_told`;
}

/** Name of the topic of a route's own subscribers, after the prefix. */
export function routeTopicName(routeName: string): string {
  return `${SHARED_TOPIC_STEM}${routeName}`;
}

/** What stands for a detection's id in alerts of the guard. */
export const TRAIL_GUARD_DETECTION = "trail-guard";
/** What stands for a detection's id in alerts of EC2 instances. */
export const EC2_DETECTION = "ec2-state-change";

/** How the names of detections' topics end. */
const DETECTION_TOPIC_END = "_CloudWatch_Alarms_Topic";

/** What of a deployment's settings says which topics it has. */
export interface TopicSettings {
  /**
   * Whether each detection has a topic of its own, or all share one.
   * @default "per-detection"
   */
  readonly topics?: "per-detection" | "shared" | undefined;
  /**
   * Whether there is a notifier.
   * @default true
   */
  readonly enrich?: boolean | undefined;
  /** @default - none */
  readonly routes?: readonly unknown[] | undefined;
}

/**
 * Names of a deployment's alert topics, prefix and all; one that begins with `*` is the end of a name, one that ends with it
 * the beginning: event patterns have no room for the name of each route.
 */
export function alertTopicNames(
  namePrefix: string,
  { topics = "per-detection", enrich = true, routes = [] }: TopicSettings,
): string[] {
  const ofRoutes = routes.length === 0 ? [] : [`${namePrefix}${SHARED_TOPIC_STEM}*`];
  return topics === "shared"
    ? [
        `${namePrefix}${SHARED_TOPIC_NAME}`,
        ...(enrich ? [`${namePrefix}${NOTIFIER_TOPIC_NAME}`] : []),
        ...ofRoutes,
      ]
    : [
        // The notifier's, too.
        `*${DETECTION_TOPIC_END}`,
        `${namePrefix}${EC2_TOPIC_NAME}`,
        `${namePrefix}${GUARD_TOPIC_NAME}`,
        ...ofRoutes,
      ];
}
