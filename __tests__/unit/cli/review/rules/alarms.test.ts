import type { Attributes } from "../../../../../cli/review/plan";
import { judgeAlarms } from "../../../../../cli/review/rules/alarms";
import { ALARM, arn, STANDING, TOPIC } from "../alerting-plan";
import { change, judged, type PlanChange, REPLACED, referring, unchanged } from "../support";

const ADDRESS = "aws_cloudwatch_metric_alarm.a";

function told(...changes: readonly PlanChange[]): string[] {
  return judged(judgeAlarms, [...STANDING, ...changes]).map(({ rule, message }) => `${rule}: ${message}`);
}

function changed(
  before: Attributes,
  after: Attributes,
  options: Parameters<typeof change>[3] = {},
): string[] {
  return told(change(ADDRESS, { ...ALARM, ...before }, { ...ALARM, ...after }, options));
}

describe("an alarm that is destroyed", () => {
  it("is removed", () => {
    expect(told(change(ADDRESS, ALARM, undefined))).toEqual([
      'alarm-removed: The alarm "Policy changes" is removed',
    ]);
  });

  it("is removed where it is made again by another name, and says both", () => {
    expect(changed({}, { alarm_name: "Other" }, REPLACED)).toEqual([
      'alarm-removed: The alarm "Policy changes" is removed and made again as "Other"',
    ]);
  });

  it("is judged by its values, too, where it is made again", () => {
    expect(changed({}, { threshold: 5 }, REPLACED)).toEqual([
      'alarm-removed: The alarm "Policy changes" is removed and made again',
      'alarm-weakened: The alarm "Policy changes" goes off at 5 instead of 3',
    ]);
  });
});

describe("an alarm that isn't of auditing", () => {
  it.each<[string, Attributes]>([
    ["another metric", { namespace: "App", metric_name: "Requests" }],
    ["another namespace", { namespace: "Shop" }],
    [
      "a function that nothing of auditing wakes",
      { namespace: "AWS/Lambda", dimensions: { FunctionName: "shop" } },
    ],
    ["a queue that nothing of auditing fills", { namespace: "AWS/SQS", dimensions: { QueueName: "orders" } }],
  ])("isn't judged: %s", (_, attributes) => {
    expect(told(change(ADDRESS, { ...ALARM, ...attributes }, undefined))).toEqual([]);
  });

  it("isn't judged where it is made", () => {
    expect(told(change(ADDRESS, undefined, { ...ALARM, threshold: 100 }))).toEqual([]);
  });

  it("isn't judged where it is forgotten", () => {
    expect(told(change(ADDRESS, ALARM, undefined, { actions: ["forget"] }))).toEqual([]);
  });
});

describe("an alarm on what watches the trail", () => {
  const queue = arn("sqs", "left_over");
  const wakes: readonly PlanChange[] = [
    unchanged("aws_cloudwatch_event_target.function", {
      rule: "instances",
      arn: arn("lambda", "function:watcher"),
      dead_letter_config: [{ arn: queue }],
    }),
    unchanged("aws_sns_topic_subscription.notifier", {
      topic_arn: TOPIC,
      protocol: "lambda",
      endpoint: arn("lambda", "function:notifier:live"),
      redrive_policy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "not_told") }),
    }),
    unchanged("aws_lambda_function_event_invoke_config.notifier", {
      function_name: "notifier",
      destination_config: [{ on_failure: [{ destination: arn("sqs", "not_run") }] }],
    }),
  ];

  it.each<[string, Attributes]>([
    ["a function that a rule wakes", { namespace: "AWS/Lambda", dimensions: { FunctionName: "watcher" } }],
    ["a function that an alarm tells", { namespace: "AWS/Lambda", dimensions: { FunctionName: "notifier" } }],
    ["the queue of a target", { namespace: "AWS/SQS", dimensions: { QueueName: "left_over" } }],
    ["the queue of a subscription", { namespace: "AWS/SQS", dimensions: { QueueName: "not_told" } }],
    ["the queue of a function", { namespace: "AWS/SQS", dimensions: { QueueName: "not_run" } }],
    ["Trailwarden's own metrics", { namespace: "Trailwarden", metric_name: "Silence" }],
  ])("is judged: %s", (_, attributes) => {
    expect(told(...wakes, change(ADDRESS, { ...ALARM, ...attributes }, undefined))).toHaveLength(1);
  });

  it("is judged where a query names its metric", () => {
    const metric_query = [
      { id: "m", metric: [{ namespace: "CloudTrailMetrics", metric_name: "PolicyCount" }] },
    ];
    const ofQuery = { ...ALARM, namespace: null, metric_name: null, metric_query };

    expect(told(change(ADDRESS, ofQuery, { ...ofQuery, metric_query: [] }))).toEqual([
      'alarm-weakened: The alarm "Policy changes" computes something else',
    ]);
  });
});

describe("an alarm that is changed", () => {
  it.each<[string, Attributes, Attributes, string]>([
    ["a higher threshold", {}, { threshold: 10 }, "goes off at 10 instead of 3"],
    [
      "a lower threshold to fall below",
      { comparison_operator: "LessThanThreshold" },
      { comparison_operator: "LessThanThreshold", threshold: 1 },
      "goes off at 1 instead of 3",
    ],
    [
      "a strict comparison",
      {},
      { comparison_operator: "GreaterThanThreshold" },
      "no longer goes off at its threshold of 3 itself",
    ],
    [
      "another comparison",
      {},
      { comparison_operator: "LessThanThreshold" },
      "compares otherwise: from GreaterThanOrEqualToThreshold to LessThanThreshold",
    ],
    ["no threshold", {}, { threshold: null }, "compares with another threshold: from 3 to nothing"],
    ["more periods", {}, { evaluation_periods: 3 }, "goes off after 3 of 3 periods instead of 1 of 1"],
    [
      "more datapoints",
      { evaluation_periods: 5, datapoints_to_alarm: 1 },
      { evaluation_periods: 5, datapoints_to_alarm: 4 },
      "goes off after 4 of 5 periods instead of 1 of 5",
    ],
    [
      "fewer periods for as many datapoints",
      { evaluation_periods: 5, datapoints_to_alarm: 2 },
      { evaluation_periods: 2, datapoints_to_alarm: 2 },
      "goes off after 2 of 2 periods instead of 2 of 5",
    ],
    [
      "a shorter period of a sum",
      {},
      { period: 60 },
      "looks at periods of 60 seconds instead of 300 seconds",
    ],
    [
      "a longer period of several",
      { evaluation_periods: 2 },
      { evaluation_periods: 2, period: 600 },
      "looks at periods of 600 seconds instead of 300 seconds",
    ],
    [
      "another period of an average",
      { statistic: "Average" },
      { statistic: "Average", period: 600 },
      "looks at periods of 600 seconds instead of 300 seconds",
    ],
    ["another statistic", {}, { statistic: "Average" }, "takes another statistic: from Sum to Average"],
    ["another metric", {}, { metric_name: "X" }, "takes another metric: from PolicyCount to X"],
    ["another namespace", {}, { namespace: "X" }, "takes another namespace: from CloudTrailMetrics to X"],
    [
      "silence taken for well",
      { treat_missing_data: "breaching" },
      { treat_missing_data: "missing" },
      "no longer goes off when there is no data",
    ],
    [
      "several at once",
      {},
      { threshold: 4, evaluation_periods: 2 },
      "goes off at 4 instead of 3 and goes off after 2 of 2 periods instead of 1 of 1",
    ],
  ])("is weakened by %s", (_, before, after, message) => {
    expect(changed(before, after)).toEqual([`alarm-weakened: The alarm "Policy changes" ${message}`]);
  });

  it.each<[string, Attributes, Attributes]>([
    ["a lower threshold", {}, { threshold: 1 }],
    [
      "the same threshold in other words",
      { threshold: 1 },
      { comparison_operator: "GreaterThanThreshold", threshold: 0 },
    ],
    ["a longer period of a sum", {}, { period: 600 }],
    ["a shorter period of a maximum", { statistic: "Maximum" }, { statistic: "Maximum", period: 60 }],
    ["more periods for as many datapoints", {}, { evaluation_periods: 3, datapoints_to_alarm: 1 }],
    ["fewer periods", { evaluation_periods: 3 }, { evaluation_periods: 1 }],
    ["silence taken for an alarm", {}, { treat_missing_data: "breaching" }],
    ["nothing, written otherwise", {}, { unit: null, dimensions: {}, metric_query: null }],
    ["another description", { alarm_description: "a" }, { alarm_description: "b" }],
    ["more actions", {}, { alarm_actions: [TOPIC, arn("sns", "more")] }],
    ["fewer of no actions", { actions_enabled: false }, { actions_enabled: false, alarm_actions: [] }],
  ])("isn't weakened by %s", (_, before, after) => {
    expect(changed(before, after)).toEqual([]);
  });

  it.each(["threshold", "comparison_operator", "evaluation_periods", "period", "statistic", "metric_query"])(
    "isn't known to be as good where %s isn't known",
    (attribute) => {
      expect(changed({}, {}, { unknown: { [attribute]: true } })).toEqual([
        expect.stringMatching(/^alarm-weakened: .* known after apply only/),
      ]);
    },
  );

  it("never prints what is sensitive", () => {
    const sensitive = { threshold: true, alarm_name: true, evaluation_periods: true, alarm_actions: true };
    const findings = changed(
      { alarm_name: "secret", threshold: 4711 },
      { alarm_name: "secret", threshold: 4712, evaluation_periods: 4713, alarm_actions: [] },
      { sensitive },
    );

    expect(findings).toEqual([
      "alarm-weakened: The alarm with a sensitive name goes off at another, sensitive threshold and goes off after a sensitive number of periods, later than before",
      "alarm-actions-removed: The alarm with a sensitive name tells nobody any more; it told a sensitive value",
    ]);
  });

  it.each([["3"], [null], [{ a: 1 }], [[3]], [true]])("takes a threshold of %j for another", (threshold) => {
    expect(changed({}, { threshold })).toHaveLength(1);
  });
});

describe("an alarm's actions", () => {
  it.each<[string, Attributes, string]>([
    ["disabled", { actions_enabled: false }, "no longer acts: its actions are disabled"],
    ["all gone", { alarm_actions: [] }, "tells nobody any more; it told alerts and pager"],
    ["one gone", { alarm_actions: [TOPIC] }, "no longer tells pager"],
    ["one replaced", { alarm_actions: [TOPIC, arn("sns", "else")] }, "no longer tells pager, but else"],
  ])("are fewer: %s", (_, after, message) => {
    const alarm_actions = [TOPIC, arn("sns", "pager")];

    expect(changed({ alarm_actions }, { alarm_actions, ...after })).toEqual([
      `alarm-actions-removed: The alarm "Policy changes" ${message}`,
    ]);
  });

  it.each<[string, Attributes]>([
    ["all", { alarm_actions: true }],
    ["one", { alarm_actions: [true] }],
    ["whether any", { actions_enabled: true }],
  ])("aren't known to be as many where %s aren't known", (_, unknown) => {
    expect(changed({}, {}, { unknown })).toEqual([
      expect.stringMatching(/^alarm-actions-removed: .* known after apply only/),
    ]);
  });
});

describe("a composite alarm", () => {
  const COMPOSITE: Attributes = {
    alarm_name: "Any",
    alarm_rule: 'ALARM("Policy changes") OR ALARM(Shop)',
    actions_enabled: true,
    alarm_actions: [TOPIC],
    actions_suppressor: [],
  };
  const composite = (before: Attributes | undefined, after: Attributes | undefined, options = {}) =>
    told(change("aws_cloudwatch_composite_alarm.a", before, after, options));

  it.each<[string, Attributes | undefined, string]>([
    ["removed", undefined, 'alarm-removed: The alarm "Any" is removed'],
    [
      "counting less",
      { ...COMPOSITE, alarm_rule: "ALARM(Shop)" },
      'alarm-weakened: The alarm "Any" no longer counts "Policy changes"',
    ],
    [
      "counting otherwise",
      { ...COMPOSITE, alarm_rule: 'ALARM("Policy changes") AND ALARM(Shop)' },
      'alarm-weakened: The alarm "Any" has another rule: whether it goes off less often isn\'t judged',
    ],
    [
      "kept back",
      { ...COMPOSITE, actions_suppressor: [{ alarm: "x", extension_period: 1, wait_period: 1 }] },
      'alarm-weakened: The actions of the alarm "Any" are kept back by another alarm',
    ],
    [
      "telling nobody",
      { ...COMPOSITE, alarm_actions: [] },
      'alarm-actions-removed: The alarm "Any" tells nobody any more; it told alerts',
    ],
  ])("that counts one of them is judged: %s", (_, after, message) => {
    expect(composite(COMPOSITE, after)).toEqual([message]);
  });

  it("isn't judged where it counts others only", () => {
    expect(composite({ ...COMPOSITE, alarm_rule: "ALARM(Shop)" }, undefined)).toEqual([]);
  });

  it("isn't known to count as much where its rule isn't known", () => {
    expect(composite(COMPOSITE, COMPOSITE, { unknown: { alarm_rule: true } })).toEqual([
      expect.stringMatching(/^alarm-weakened: .* known after apply only/),
    ]);
  });
});

it("judges nothing of a plan that leaves all as it is", () => {
  expect(judged(judgeAlarms, STANDING, referring({}))).toEqual([]);
});
