/** What the guard does: restore and tell, only tell, or neither. */
export const GUARD_MODES = ["enforce", "observe", "off"] as const;

export type GuardMode = (typeof GUARD_MODES)[number];

/**
 * Kinds of tampering, each of which has a mode of its own:
 *
 * - `stop-logging`: the trail doesn't log
 * - `delete-trail`: the trail is gone
 * - `update-trail`: another bucket, key, log group or role; regions, global events, validation or tags taken away
 * - `event-selectors`: event or insight selectors narrowed
 * - `bucket`: policy, lifecycle, versioning, encryption, public access block or ownership
 * - `key`: disabled, or its deletion scheduled
 * - `log-group`: retention, key, metric filters
 * - `alarms-and-rules`: actions of alarms disabled, event rules disabled
 * - `irreparable`: what only Terraform can make again; never restored, so `enforce` is as `observe`
 */
export const GUARD_ROWS = [
  "stop-logging",
  "delete-trail",
  "update-trail",
  "event-selectors",
  "bucket",
  "key",
  "log-group",
  "alarms-and-rules",
  "irreparable",
] as const;

export type GuardRow = (typeof GUARD_ROWS)[number];
