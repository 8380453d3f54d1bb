import fc from "fast-check";
import { type Finding, finding, unknownFinding } from "../../../../cli/review/finding";
import { type Report, type Reviewed, reportOf } from "../../../../cli/review/report";
import { RULE_IDS, type Waiver } from "../../../../cli/review/waivers";
import { hostileText } from "../../lambda-src/shared/hostile-text";
import { change, plan } from "./support";

/** A trail and nothing else. */
export const JUDGED = {
  trails: 1,
  buckets: 0,
  keys: 0,
  logGroups: 0,
  deliveryRoles: 0,
  guards: 0,
  alarms: 0,
  metricFilters: 0,
  eventRules: 0,
  topics: 0,
};
export const NOTHING = { ...JUDGED, trails: 0 };
export const TODAY = "2026-03-02";
export const GROUP = { address: 'module.audit["main"].aws_cloudwatch_log_group.trail' };
export const TRAIL = { address: "aws_cloudtrail.this" };
export const ALARM = { address: "aws_cloudwatch_metric_alarm.sign-in" };

export const RETENTION = finding(
  "log-group-retention-shortened",
  GROUP,
  "Events are kept 90 days instead of 365",
);
export const LOGGING_UNKNOWN = unknownFinding("trail-logging-off", TRAIL, "enable_logging");
export const ALARM_REMOVED = finding("alarm-removed", ALARM, undefined, ["its topic is alerts|high"]);

export function waiverOf({ rule, address }: Finding, expiry = TODAY): Waiver {
  return { rule, address, reason: "Kept in the archive, see OPS-12", expiry };
}

/** Changed, removed, waived, expired, unused, unknown and warned of. */
export const OF_EACH_KIND = {
  plan: plan([
    change("aws_sns_topic.a", { name: "a", arn: "x" }, { name: "b" }, { unknown: { arn: true } }),
    change("aws_sns_topic.b", { name: "a" }, undefined),
  ]),
  findings: [ALARM_REMOVED, RETENTION, LOGGING_UNKNOWN],
  waivers: [waiverOf(RETENTION), waiverOf(ALARM_REMOVED, "2026-01-01"), waiverOf(ALARM_REMOVED)],
} satisfies Partial<Reviewed>;

/** Of a plan that does nothing, with nothing found and waived, but for what is given. */
export function report(reviewed: Partial<Reviewed> = {}): Report {
  return reportOf({
    plan: plan([]),
    judged: JUDGED,
    findings: [],
    cost: { beforeDollars: 12.3, afterDollars: 12.3, lines: [], note: "" },
    waivers: [],
    waiversFile: "trailwarden.waivers.json",
    today: TODAY,
    ...reviewed,
  });
}

/** Reports with hostile text wherever a plan or a file of waivers may put it. */
export const hostileReport = fc
  .record({
    findings: fc.array(
      fc.record({
        rule: fc.constantFrom(...RULE_IDS),
        severity: fc.constantFrom("blocks" as const, "unknown" as const, "warns" as const),
        address: hostileText,
        message: hostileText,
        details: fc.array(hostileText, { maxLength: 2 }),
      }),
      { maxLength: 4 },
    ),
    names: fc.array(hostileText, { maxLength: 3 }),
    judged: fc.constantFrom(JUDGED, NOTHING),
    text: hostileText,
    expiry: fc.constantFrom("2026-03-01", "2026-03-02"),
  })
  .map(({ findings, judged, names, text, expiry }): Report => {
    const made = report({
      judged,
      findings,
      waivers: findings.slice(0, 2).map((found) => ({ ...waiverOf(found, expiry), reason: text })),
      waiversFile: text,
      cost: { beforeDollars: 1, afterDollars: 2, lines: [{ what: text, before: 1, after: 2 }], note: text },
    });
    const attributes = names.map((name) => ({ name, sensitive: false, knownAfterApply: true }));
    const changes = names.map((address) => ({ address, attributes }));
    return {
      ...made,
      waivers: { ...made.waivers, unused: findings.map((found) => ({ ...waiverOf(found), reason: text })) },
      changes: { ...made.changes, changed: changes, added: changes },
    };
  });
