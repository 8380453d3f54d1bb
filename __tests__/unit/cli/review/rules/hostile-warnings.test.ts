import fc from "fast-check";
import type { Attributes } from "../../../../../cli/review/plan";
import { judgeAlarms } from "../../../../../cli/review/rules/alarms";
import { judgeCost } from "../../../../../cli/review/rules/cost";
import { judgeEventRules } from "../../../../../cli/review/rules/event-rules";
import { judgeIam } from "../../../../../cli/review/rules/iam";
import { judgeMetricFilters } from "../../../../../cli/review/rules/metric-filters";
import { judgeNoLongerManaged } from "../../../../../cli/review/rules/no-longer-managed";
import { judgeRetention } from "../../../../../cli/review/rules/retention";
import { judgeTopics } from "../../../../../cli/review/rules/topics";
import { ALARM, FILTER, RULE, STANDING, TARGET, TOPIC } from "../alerting-plan";
import { change, judgedAnything, type PlanChange } from "../support";

const JUDGES = [
  judgeAlarms,
  judgeMetricFilters,
  judgeEventRules,
  judgeTopics,
  judgeIam,
  judgeRetention,
  judgeNoLongerManaged,
  judgeCost,
];

const RESOURCES: Readonly<Record<string, Attributes>> = {
  "aws_cloudwatch_metric_alarm.x": ALARM,
  "aws_cloudwatch_composite_alarm.x": {
    alarm_name: "c",
    alarm_rule: 'ALARM("Policy changes")',
    alarm_actions: [TOPIC],
  },
  "aws_cloudwatch_log_metric_filter.x": FILTER,
  "aws_cloudwatch_event_rule.x": RULE,
  "aws_cloudwatch_event_target.x": TARGET,
  "aws_sns_topic.x": { name: "alerts", arn: TOPIC, kms_master_key_id: "k", policy: "{}" },
  "aws_sns_topic_policy.x": { arn: TOPIC, policy: "{}" },
  "aws_sns_topic_subscription.x": { topic_arn: TOPIC, protocol: "email", endpoint: "a@example.com" },
  "aws_iam_role.x": { name: "r", assume_role_policy: "{}", inline_policy: [], managed_policy_arns: [] },
  "aws_iam_role_policy.x": { role: "r", policy: "{}" },
  "aws_iam_role_policy_attachment.x": { role: "r", policy_arn: "a" },
  "aws_iam_policy_attachment.x": { roles: ["r"], policy_arn: "a" },
  "aws_lambda_permission.x": { function_name: "f", principal: "p", action: "a" },
  "aws_cloudwatch_event_permission.x": { principal: "p", action: "a", event_bus_name: "b" },
  "aws_cloudwatch_log_group.x": { name: "g", retention_in_days: 1 },
  "aws_s3_bucket_lifecycle_configuration.x": {
    bucket: "logs",
    rule: [{ status: "Enabled", expiration: [{ days: 1 }] }],
  },
};

const address = fc.constantFrom(...Object.keys(RESOURCES));
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("__proto__", "{", '{"Statement":[]}', -1, 1e308, "x".repeat(5000)),
);

/** One attribute of a usual resource, on either side, is anything. */
const edited = fc
  .record({ address, name: fc.nat(), value, isBefore: fc.boolean(), isUnknown: fc.boolean() })
  .map(({ address, name, value, isBefore, isUnknown }): PlanChange => {
    const attributes = RESOURCES[address] ?? {};
    const names = Object.keys(attributes);
    const attribute = names[name % names.length] ?? "name";
    const odd = { ...attributes, [attribute]: value };
    return isBefore
      ? change(address, odd, attributes)
      : change(address, attributes, odd, { unknown: isUnknown ? { [attribute]: true } : {} });
  });

describe("every rule that warns", () => {
  it("takes any values", () => {
    fc.assert(
      fc.property(fc.array(edited, { maxLength: 4 }), (changes) => {
        for (const judge of JUDGES) {
          expect(Array.isArray(judgedAnything(judge, [...STANDING, ...changes]))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("prints no sensitive value, whatever is done", () => {
    const secret = "s3cr3t";
    fc.assert(
      fc.property(address, fc.nat(), fc.boolean(), fc.boolean(), (where, index, isBefore, isGone) => {
        const attributes = RESOURCES[where] ?? {};
        const names = Object.keys(attributes);
        const attribute = names[index % names.length] ?? "name";
        const hidden = { ...attributes, [attribute]: secret };
        const [before, after] = isBefore ? [hidden, attributes] : [attributes, hidden];
        const options = { sensitive: { [attribute]: true } };
        const changed = change(where, before, isGone ? undefined : after, options);
        for (const judge of JUDGES) {
          expect(JSON.stringify(judgedAnything(judge, [...STANDING, changed]))).not.toContain(secret);
        }
      }),
    );
  });
});
