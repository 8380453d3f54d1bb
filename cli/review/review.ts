import type { Finding } from "./finding";
import type { Judge, ReviewContext } from "./review-context";
import { judgeAlarms } from "./rules/alarms";
import { judgeCost } from "./rules/cost";
import { judgeDeferred } from "./rules/deferred";
import { judgeDeliveryRoles } from "./rules/delivery-role";
import { judgeEventRules } from "./rules/event-rules";
import { judgeGuard } from "./rules/guard";
import { judgeIam } from "./rules/iam";
import { judgeKeys } from "./rules/key";
import { judgeLogBuckets } from "./rules/log-bucket";
import { judgeLogGroups } from "./rules/log-group";
import { judgeMetricFilters } from "./rules/metric-filters";
import { judgeNoLongerManaged } from "./rules/no-longer-managed";
import { judgeRetention } from "./rules/retention";
import { judgeTopics } from "./rules/topics";
import { judgeTrails } from "./rules/trail";

const JUDGES: readonly Judge[] = [
  judgeTrails,
  judgeLogBuckets,
  judgeKeys,
  judgeLogGroups,
  judgeDeliveryRoles,
  judgeGuard,
  judgeAlarms,
  judgeMetricFilters,
  judgeEventRules,
  judgeTopics,
  judgeIam,
  judgeRetention,
  judgeNoLongerManaged,
  judgeDeferred,
  judgeCost,
];

/** Everything that a plan does to auditing, by every rule. */
export function findingsOf(context: ReviewContext): Finding[] {
  return JUDGES.flatMap((judge) => judge(context));
}
