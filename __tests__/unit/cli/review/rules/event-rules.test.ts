import type { Attributes } from "../../../../../cli/review/plan";
import { judgeEventRules } from "../../../../../cli/review/rules/event-rules";
import { arn, RULE, TARGET } from "../alerting-plan";
import { change, judged, type PlanChange, REPLACED, unchanged } from "../support";

type Options = Parameters<typeof change>[3];

const WITH_TARGET = unchanged("aws_cloudwatch_event_target.t", TARGET);

function told(...changes: readonly PlanChange[]): string[] {
  return judged(judgeEventRules, changes).map(({ rule, message }) => `${rule}: ${message}`);
}

function rule(
  before: Attributes | undefined,
  after: Attributes | undefined,
  options: Options = {},
): string[] {
  return told(WITH_TARGET, change("aws_cloudwatch_event_rule.r", before, after, options));
}

function target(after: Attributes | undefined, options: Options = {}): string[] {
  return told(
    unchanged("aws_cloudwatch_event_rule.r", RULE),
    change("aws_cloudwatch_event_target.t", TARGET, after, options),
  );
}

function instances(...state: string[]): Attributes {
  const pattern = { "detail-type": ["EC2 Instance State-change Notification"], detail: { state } };
  return { ...RULE, event_pattern: JSON.stringify(pattern) };
}

describe("an event rule that tells people", () => {
  it.each<[string, Attributes | undefined, Options, string]>([
    ["removed", undefined, {}, 'event-rule-removed: The event rule "instances" is removed'],
    [
      "renamed",
      { ...RULE, name: "other" },
      REPLACED,
      'event-rule-removed: The event rule "instances" is removed and made again as "other"',
    ],
    [
      "disabled",
      { ...RULE, state: "DISABLED" },
      {},
      'event-rule-removed: The event rule "instances" is disabled',
    ],
    [
      "disabled, as it was said before",
      { ...RULE, is_enabled: false },
      {},
      'event-rule-removed: The event rule "instances" is disabled',
    ],
    [
      "matching less",
      instances("running"),
      {},
      'event-rule-matches-less: The event rule "instances" no longer matches EC2 instance stopped',
    ],
    [
      "without a pattern",
      { ...RULE, event_pattern: null },
      {},
      'event-rule-matches-less: The event rule "instances" no longer has a pattern',
    ],
    [
      "with a pattern that can't be read",
      { ...RULE, event_pattern: "{" },
      {},
      'event-rule-matches-less: The pattern of the event rule "instances" changes, and no example can say whether it matches less',
    ],
  ])("is judged where it is %s", (_, after, options, message) => {
    expect(rule(RULE, after, options)).toEqual([message]);
  });

  it("is judged where it no longer gets read-only calls", () => {
    const all = { ...RULE, state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" };

    expect(rule(all, RULE)).toEqual([
      'event-rule-matches-less: The event rule "instances" no longer matches read-only calls',
    ]);
  });

  it.each<[string, Attributes | undefined, Attributes | undefined]>([
    ["stays", RULE, RULE],
    ["is made", undefined, RULE],
    ["matches more", RULE, instances("running", "stopped", "terminated")],
    [
      "was disabled before",
      { ...RULE, state: "DISABLED" },
      { ...RULE, state: "DISABLED", is_enabled: false },
    ],
    [
      "is about other events",
      { ...RULE, event_pattern: '{"source":["aws.s3"],"detail-type":["Object Created"]}' },
      undefined,
    ],
    ["has a schedule", { ...RULE, event_pattern: null, schedule_expression: "rate(1 day)" }, undefined],
  ])("isn't a finding where it %s", (_, before, after) => {
    expect(rule(before, after)).toEqual([]);
  });

  it("isn't a finding where it reaches nothing that tells people", () => {
    const toLogs = unchanged("aws_cloudwatch_event_target.t", { ...TARGET, arn: arn("logs", "log-group:x") });

    expect(told(toLogs, change("aws_cloudwatch_event_rule.r", RULE, undefined))).toEqual([]);
  });

  it.each([
    ["event_pattern", "event-rule-matches-less"],
    ["state", "event-rule-removed"],
  ])("isn't known to match as much where %s isn't known", (attribute, id) => {
    expect(rule(RULE, RULE, { unknown: { [attribute]: true } })).toEqual([
      expect.stringMatching(new RegExp(`^${id}: .* known after apply only`)),
    ]);
  });

  it("isn't judged where it wakes a guard: that blocks by another rule", () => {
    const stops = {
      ...RULE,
      event_pattern: JSON.stringify({
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventName: ["StopLogging"] },
      }),
    };
    const wakes = unchanged("aws_cloudwatch_event_target.t", {
      ...TARGET,
      arn: arn("lambda", "function:guard"),
    });

    expect(told(wakes, change("aws_cloudwatch_event_rule.r", stops, undefined))).toEqual([]);
  });

  it("says nothing of a sensitive pattern and name", () => {
    const sensitive = { event_pattern: true, name: true };

    expect(rule(RULE, instances("running"), { sensitive })).toEqual([
      "event-rule-matches-less: The event rule with a sensitive name no longer matches some events",
    ]);
  });
});

describe("a target of such a rule", () => {
  it.each<[string, Attributes | undefined, Options, string]>([
    ["removed", undefined, {}, 'The event rule "instances" no longer reaches alerts'],
    [
      "another",
      { ...TARGET, arn: arn("sns", "else") },
      {},
      'The event rule "instances" no longer reaches alerts, but else',
    ],
    [
      "another rule's",
      { ...TARGET, rule: "other" },
      REPLACED,
      'The event rule "instances" no longer reaches alerts: another rule does (from instances to other)',
    ],
  ])("is judged where it is %s", (_, after, options, message) => {
    expect(target(after, options)).toEqual([`event-rule-removed: ${message}`]);
  });

  it("is told once with its rule", () => {
    const changes = [
      change("aws_cloudwatch_event_rule.r", RULE, undefined),
      change("aws_cloudwatch_event_target.t", TARGET, undefined),
    ];

    expect(told(...changes)).toHaveLength(1);
  });

  it("isn't a finding where it is made again as it was", () => {
    expect(target(TARGET, REPLACED)).toEqual([]);
  });

  it("isn't known to be as good where it isn't known", () => {
    expect(target(TARGET, { unknown: { arn: true } })).toEqual([
      expect.stringMatching(/^event-rule-removed: .* known after apply only/),
    ]);
  });
});
