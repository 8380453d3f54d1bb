import type { ApiCall } from "../shared/api-call";
import type { Part } from "./concern";
import type { GuardRow } from "./rows";

/** Whether a call takes something away: people hear of it even if all is as declared by now. */
export function takesAway({ eventName }: ApiCall): boolean {
  return /^(?:Stop|Delete|Disable|Schedule|Remove|Unsubscribe|Revoke|Disassociate|Detach)/.test(eventName);
}

/** Whether what a call changed of a part is nothing that the guard sees: only Terraform can tell, and mend it. */
export function isUnseen(call: ApiCall, part: Part | undefined): boolean {
  return (
    part === undefined ||
    UNSEEN.has(call.eventName) ||
    // A bucket has more settings than the guard looks at, such as its replication.
    (part === "bucket" && meaningOf(call) === undefined)
  );
}

const UNSEEN: ReadonlySet<string> = new Set([
  "PutKeyPolicy",
  "RevokeGrant",
  "DeleteLogStream",
  "PutMetricAlarm",
  "SetAlarmState",
  "PutRule",
  "PutTargets",
  "RemoveTargets",
]);

/** Whether a call can have made a difference, by the difference's id. */
export function touches(call: ApiCall, differenceId: string): boolean {
  const [, ids] = meaningOf(call) ?? [];
  return ids?.test(differenceId) === true && isOfNamed(call, differenceId);
}

/** The row of what a call does; it is irreparable where the guard sees nothing of it. */
export function rowOf(call: ApiCall): GuardRow {
  return meaningOf(call)?.[2] ?? "irreparable";
}

/** A call is about one metric filter or event rule of several. */
function isOfNamed({ parameters: { filterName, name } }: ApiCall, differenceId: string): boolean {
  if (differenceId.startsWith("metric-filter.")) {
    return typeof filterName !== "string" || differenceId === `metric-filter.${filterName}`;
  }
  if (differenceId.startsWith("rule.")) {
    return typeof name !== "string" || [`rule.${name}`, `rule.${name}.state`].includes(differenceId);
  }
  return true;
}

function meaningOf({ eventName }: ApiCall): Meaning | undefined {
  return MEANINGS.find(([calls]) => calls.test(eventName));
}

/** By the names of calls: the ids of differences that they make, and the row of what they do. */
type Meaning = readonly [calls: RegExp, ids: RegExp, row: GuardRow];

const MEANINGS: readonly Meaning[] = [
  [/^StopLogging$/, /^trail\.logging$/, "stop-logging"],
  [/^DeleteTrail$/, /^trail$/, "delete-trail"],
  [/^UpdateTrail$/, /^trail\.settings/, "update-trail"],
  [/^PutEventSelectors$/, /^trail\.event-selectors/, "event-selectors"],
  [/^PutInsightSelectors$/, /^trail\.insight-selectors/, "event-selectors"],
  [/Tags$/, /^trail\.tags$/, "update-trail"],
  [/^DeleteBucket$/, /^bucket$/, "irreparable"],
  [/BucketPolicy$/, /^bucket\.policy$/, "bucket"],
  [/BucketLifecycle/, /^bucket\.lifecycle/, "bucket"],
  [/^PutBucketVersioning$/, /^bucket\.versioning$/, "bucket"],
  [/BucketEncryption$/, /^bucket\.encryption$/, "bucket"],
  [/PublicAccessBlock$/, /^bucket\.public-access-block$/, "bucket"],
  [/BucketOwnershipControls$/, /^bucket\.ownership$/, "bucket"],
  [/^(?:DisableKey|ScheduleKeyDeletion)$/, /^key/, "key"],
  [/^DeleteLogGroup$/, /^log-group$/, "irreparable"],
  [/RetentionPolicy$/, /^log-group\.retention/, "log-group"],
  [/KmsKey$/, /^log-group\.key$/, "log-group"],
  [/MetricFilter$/, /^metric-filter\./, "log-group"],
  [/^DisableAlarmActions$/, /^alarms\.actions$/, "alarms-and-rules"],
  [/Alarm/, /^alarm/, "irreparable"],
  [/^DisableRule$/, /^rule\./, "alarms-and-rules"],
  [/Rule$/, /^rule\./, "irreparable"],
];
