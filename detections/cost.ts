/** AWS list prices in US dollars a month, us-east-1 (Amazon CloudWatch pricing). */
const ALARM = 0.1;
const CUSTOM_METRIC = 0.3;

/**
 * What metric filters and their alarms cost a month at most: a metric is charged only while its filter matches, and an
 * account's first ten metrics and alarms are free.
 */
export function monthlyCostDollars(filters: number): number {
  return filters * (ALARM + CUSTOM_METRIC);
}
