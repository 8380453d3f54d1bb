import { attributeOf, isDestroyed, isSensitive, UNKNOWN } from "../change";
import { type Finding, finding } from "../finding";
import { DEAD_LETTERS, type GuardParts, SCHEDULE_TARGET } from "../guard-parts";
import type { ResourceChange } from "../plan";
import { findingOf, known, notJudged, outcomeOf } from "./guard-outcome";

const RULE = "guard-queue-removed";

/** What keeps the events that don't reach the guard, or that it can't handle. */
export function judgeQueues(change: ResourceChange, parts: GuardParts): Finding[] {
  const { before = {}, type } = change;
  switch (type) {
    case "aws_sqs_queue":
      return parts.isQueue(before.arn) ? judgeQueue(change) : [];
    case "aws_sqs_queue_policy":
      return parts.isQueueUrl(before.queue_url) && change.after === undefined
        ? [finding(RULE, change, "The policy by which events come into the guard's queue is destroyed")]
        : [];
    case "aws_cloudwatch_event_target":
      return parts.isWakingRule(before.rule) && parts.isWoken(before.arn)
        ? judgeNamed(change, DEAD_LETTERS.target)
        : [];
    case "aws_lambda_function":
      return parts.isGuard(before.function_name) ? judgeNamed(change, DEAD_LETTERS.function) : [];
    case "aws_scheduler_schedule":
      return parts.isGuard(attributeOf(change, "before", ...SCHEDULE_TARGET))
        ? judgeNamed(change, DEAD_LETTERS.schedule)
        : [];
    case "aws_lambda_function_event_invoke_config":
      return parts.isGuard(before.function_name) ? judgeInvokeConfig(change, parts) : [];
    default:
      return [];
  }
}

function judgeQueue(change: ResourceChange): Finding[] {
  if (isDestroyed(change)) {
    const how = change.action === "replace" ? "replaced" : "destroyed";
    return [finding(RULE, change, `The queue of what doesn't reach the guard is ${how}`)];
  }
  const before = known(change, "before", "message_retention_seconds");
  const after = known(change, "after", "message_retention_seconds");
  if (after === before) {
    return [];
  }
  if (typeof before !== "number" || typeof after !== "number") {
    return [notJudged(RULE, change, "How long the guard's queue keeps events", after)];
  }
  const message = isSensitive(change, "message_retention_seconds")
    ? "The guard's queue keeps events for a shorter time"
    : `The guard's queue keeps events ${after} seconds instead of ${before}`;
  return after < before ? [finding(RULE, change, message)] : [];
}

function judgeInvokeConfig(change: ResourceChange, parts: GuardParts): Finding[] {
  const isKept =
    change.after !== undefined && outcomeOf(change, ["function_name"], parts.isGuard.bind(parts));
  return isKept === "kept"
    ? judgeNamed(change, DEAD_LETTERS.invokeConfig)
    : known(change, "before", ...DEAD_LETTERS.invokeConfig) === null
      ? []
      : findingOf(
          isKept || "lost",
          RULE,
          change,
          "What the guard can't handle is no longer kept",
          "What the invoke config is for",
        );
}

/** What destroys the resource that names the queue is judged as such. */
function judgeNamed(change: ResourceChange, path: readonly (string | number)[]): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const isNamed = (after: unknown) => typeof after === "string";
  const after = known(change, "after", ...path);
  if (known(change, "before", ...path) === null) {
    return [];
  }
  return after !== null && after !== UNKNOWN && !isNamed(after)
    ? [notJudged(RULE, change, "What keeps events that don't reach the guard", after)]
    : findingOf(
        outcomeOf(change, path, isNamed),
        RULE,
        change,
        "What doesn't reach the guard is no longer kept in a queue",
        "What keeps events that don't reach the guard",
      );
}
