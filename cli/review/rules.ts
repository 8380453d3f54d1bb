/**
 * What a plan can do to auditing: `blocks` what would blind it, `warns` of what weakens it. A waiver and every report name a
 * rule by its key.
 */
export const RULES = {
  "trail-destroyed": blocks("A trail is destroyed or replaced"),
  "trail-logging-off": blocks("A trail no longer logs"),
  "trail-single-region": blocks("A trail no longer covers all regions"),
  "trail-global-events-off": blocks("A trail no longer records events of global services"),
  "trail-organization-off": blocks("A trail no longer covers the organization's accounts"),
  "trail-validation-off": blocks("Log files are no longer validated"),
  "trail-management-events-deselected": blocks("A trail no longer records all management events"),
  "trail-delivery-changed": blocks("A trail delivers to another bucket or log group, or to none"),
  "bucket-destroyed": blocks("The bucket of log files is destroyed or replaced"),
  "bucket-policy-opened": blocks("The policy of the bucket of log files is opened"),
  "bucket-delivery-denied": blocks("The policy of the bucket of log files no longer lets CloudTrail write"),
  "bucket-public-access": blocks("The public access block of the bucket of log files is loosened"),
  "bucket-versioning-suspended": blocks("Versioning of the bucket of log files is suspended"),
  "bucket-lifecycle-shortened": blocks("Log files expire earlier"),
  "bucket-object-lock-loosened": blocks("The object lock of the bucket of log files is loosened"),
  "bucket-force-destroy": warns("The bucket of log files may be destroyed with the log files in it"),
  "key-destroyed": blocks("The key of log files or log group is destroyed, replaced or disabled"),
  "key-deletion-window-shortened": blocks("The key would be deleted sooner once its deletion is scheduled"),
  "key-policy-opened": blocks("The policy of the key is opened"),
  "log-group-destroyed": blocks("The trail's log group is destroyed or replaced"),
  "log-group-retention-shortened": blocks("The trail's log group keeps events for a shorter time"),
  "delivery-role-destroyed": blocks(
    "The role that delivers to the log group, or its permission, is destroyed or replaced",
  ),
  "delivery-role-widened": blocks(
    "The role that delivers to the log group may do more, or more may assume it",
  ),
  "guard-destroyed": blocks("The guard is destroyed or stopped, or loses its permissions"),
  "guard-not-enforcing": blocks("The guard no longer enforces all that it did"),
  "guard-rule-removed": blocks("An event rule that wakes the guard is removed, disabled or narrowed"),
  "guard-target-removed": blocks("An event rule no longer wakes the guard"),
  "guard-permission-removed": blocks("An event rule may no longer wake the guard"),
  "guard-schedule-removed": blocks("The guard no longer looks regularly, or less often"),
  "guard-queue-removed": blocks("What doesn't reach the guard is no longer kept"),
  "guard-exempt-principals-widened": blocks("The guard exempts more principals"),
  "guard-declared-state-loosened": blocks("What the guard keeps is less"),
  "no-longer-managed": blocks("A part of auditing stays, and Terraform no longer manages it"),
  "alarm-removed": warns("An alarm is removed"),
  "alarm-weakened": warns("An alarm goes off later, less often, or for something else"),
  "alarm-actions-removed": warns("An alarm tells fewer, or nobody"),
  "filter-removed": warns("A metric filter is removed"),
  "filter-matches-less": warns("A metric filter matches less"),
  "event-rule-removed": warns("An event rule is removed or disabled"),
  "event-rule-matches-less": warns("An event rule matches less"),
  "topic-removed": warns("A topic that alerts go to is removed or replaced"),
  "subscriber-removed": warns("A subscriber is removed or changed"),
  "topic-policy-opened": warns("The policy of a topic is opened"),
  "topic-policy-narrowed": warns("The policy of a topic no longer lets somebody publish to it"),
  "iam-widened": warns("An IAM policy gains an action or a resource, or loses a condition"),
  "retention-raised": warns("Something is kept more than a quarter longer, which costs"),
  "cost-raised": warns("The monthly cost rises by more than a quarter"),
  "alerts-no-longer-managed": warns("What tells people stays, and Terraform no longer manages it"),
  "change-deferred": blocks("Terraform puts a change off to a later plan"),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

export interface Rule {
  readonly severity: "blocks" | "warns";
  /** A sentence without a full stop. */
  readonly title: string;
}

function blocks(title: string): Rule {
  return { severity: "blocks", title };
}

function warns(title: string): Rule {
  return { severity: "warns", title };
}
