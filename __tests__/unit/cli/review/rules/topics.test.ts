import type { Attributes } from "../../../../../cli/review/plan";
import { judgeTopics } from "../../../../../cli/review/rules/topics";
import { arn, STANDING, TOPIC } from "../alerting-plan";
import { change, judged, type PlanChange, REPLACED, referring, unchanged } from "../support";

type Options = Parameters<typeof change>[3];

const TOPIC_ATTRIBUTES: Attributes = { name: "alerts", arn: TOPIC, kms_master_key_id: "alias/key" };
const SUBSCRIPTION: Attributes = {
  topic_arn: TOPIC,
  protocol: "email",
  endpoint: "security@example.com",
  filter_policy: "",
  filter_policy_scope: null,
};

function told(changes: readonly PlanChange[], configuration = {}): string[] {
  return judged(judgeTopics, [...STANDING, ...changes], configuration).map(
    ({ rule, message }) => `${rule}: ${message}`,
  );
}

function topic(after: Attributes | undefined, options: Options = {}): string[] {
  return told([change("aws_sns_topic.t", TOPIC_ATTRIBUTES, after, options)]);
}

function subscription(before: Attributes, after: Attributes | undefined, options: Options = {}): string[] {
  return told([change("aws_sns_topic_subscription.s", before, after, options)]);
}

function policy(principal: string | Attributes): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sns:Publish", Resource: TOPIC }],
  });
}

describe("a topic that alerts go to", () => {
  it.each<[string, Attributes | undefined, Options, string]>([
    ["removed", undefined, {}, 'The topic "alerts", which alerts go to, is removed'],
    [
      "replaced",
      { ...TOPIC_ATTRIBUTES, name: "other" },
      REPLACED,
      'The topic "alerts", which alerts go to, is replaced: who has subscribed by e-mail has to confirm it again',
    ],
    [
      "no longer encrypted",
      { ...TOPIC_ATTRIBUTES, kms_master_key_id: "" },
      {},
      'Alerts in the topic "alerts" are no longer encrypted',
    ],
  ])("is judged where it is %s", (_, after, options, message) => {
    expect(topic(after, options)).toEqual([`topic-removed: ${message}`]);
  });

  it.each<[string, Attributes, Attributes | undefined, Options]>([
    ["stays", TOPIC_ATTRIBUTES, TOPIC_ATTRIBUTES, {}],
    ["has another key", TOPIC_ATTRIBUTES, { ...TOPIC_ATTRIBUTES, kms_master_key_id: "alias/other" }, {}],
    ["is forgotten", TOPIC_ATTRIBUTES, undefined, { actions: ["forget"] }],
    ["is another", { ...TOPIC_ATTRIBUTES, arn: arn("sns", "shop") }, undefined, {}],
  ])("isn't a finding where it %s", (_, before, after, options) => {
    expect(told([change("aws_sns_topic.t", before, after, options)])).toEqual([]);
  });

  it("isn't known to stay encrypted by a key that isn't known, unless that is another resource", () => {
    const changed = change("aws_sns_topic.t", TOPIC_ATTRIBUTES, TOPIC_ATTRIBUTES, {
      unknown: { kms_master_key_id: true },
    });
    const configuration = referring({ "aws_sns_topic.t": { kms_master_key_id: "aws_kms_key.k.arn" } });

    expect(told([changed])).toEqual([expect.stringMatching(/^topic-removed: .* known after apply only/)]);
    expect(told([changed], configuration)).toEqual([]);
  });

  it.each<[string, readonly PlanChange[]]>([
    [
      "by the environment of a function",
      [
        unchanged("aws_lambda_function.f", {
          function_name: "f",
          environment: [{ variables: { TOPIC: arn("sns", "people") } }],
        }),
      ],
    ],
    [
      "by the policy of a function's role",
      [
        unchanged("aws_lambda_function.f", {
          function_name: "f",
          role: "arn:aws:iam::111122223333:role/x/f",
        }),
        unchanged("aws_iam_role_policy.f", {
          role: "f",
          policy: JSON.stringify({ Resource: arn("sns", "people") }),
        }),
      ],
    ],
  ])("is one that a function tells people by: %s", (_, changes) => {
    const wakes = unchanged("aws_cloudwatch_event_target.f", {
      rule: "instances",
      arn: arn("lambda", "function:f"),
    });
    const people = { name: "people", arn: arn("sns", "people") };

    expect(told([...changes, wakes, change("aws_sns_topic.p", people, undefined)])).toHaveLength(1);
    expect(told([...changes, change("aws_sns_topic.p", people, undefined)])).toHaveLength(0);
  });
});

describe("a subscriber of such a topic", () => {
  const FILTERED = { ...SUBSCRIPTION, filter_policy: '{"severity":["high"]}' };

  it.each<[string, Attributes, Attributes | undefined, Options, string]>([
    ["removed", SUBSCRIPTION, undefined, {}, "is removed"],
    [
      "another",
      SUBSCRIPTION,
      { ...SUBSCRIPTION, endpoint: "x@example.org" },
      REPLACED,
      "is replaced by another",
    ],
    [
      "of another topic",
      SUBSCRIPTION,
      { ...SUBSCRIPTION, topic_arn: arn("sns", "x") },
      REPLACED,
      "is told by another topic instead",
    ],
    ["filtered", SUBSCRIPTION, FILTERED, {}, "gets fewer alerts: a filter policy is added"],
    [
      "filtered otherwise",
      FILTERED,
      { ...FILTERED, filter_policy_scope: "MessageBody" },
      {},
      "may get fewer alerts: its filter policy changes",
    ],
  ])("is judged where it is %s", (_, before, after, options, message) => {
    expect(subscription(before, after, options)).toEqual([
      `subscriber-removed: A subscriber (email, s…@example.com) of the topic "alerts" ${message}`,
    ]);
  });

  it.each<[string, Attributes, Attributes | undefined, Options]>([
    ["stays", SUBSCRIPTION, SUBSCRIPTION, {}],
    ["is no longer filtered", FILTERED, SUBSCRIPTION, {}],
    [
      "is made again for a topic that is",
      SUBSCRIPTION,
      SUBSCRIPTION,
      { ...REPLACED, unknown: { topic_arn: true } },
    ],
    ["has the same scope in words", FILTERED, { ...FILTERED, filter_policy_scope: "MessageAttributes" }, {}],
    ["is another topic's", { ...SUBSCRIPTION, topic_arn: arn("sns", "shop") }, undefined, {}],
  ])("isn't a finding where it %s", (_, before, after, options) => {
    expect(subscription(before, after, options)).toEqual([]);
  });

  it.each(["endpoint", "filter_policy"])(
    "isn't known to be told as much where its %s isn't known",
    (attribute) => {
      expect(subscription(SUBSCRIPTION, SUBSCRIPTION, { unknown: { [attribute]: true } })).toEqual([
        expect.stringMatching(/^subscriber-removed: .* known after apply only/),
      ]);
    },
  );

  it.each<[string, Attributes, Options]>([
    ["https", { ...SUBSCRIPTION, protocol: "https", endpoint: "https://user:secret@example.com/secret" }, {}],
    ["sms", { ...SUBSCRIPTION, protocol: "sms", endpoint: "+15555550100" }, {}],
    ["email", { ...SUBSCRIPTION, endpoint: "secret@secret@example.com" }, {}],
    ["email", SUBSCRIPTION, { sensitive: { endpoint: true } }],
    ["of another kind", { ...SUBSCRIPTION, protocol: "secret secret" }, {}],
  ])("is told by its protocol only: %s", (protocol, before, options) => {
    expect(subscription(before, undefined, options)).toEqual([
      `subscriber-removed: A subscriber (${protocol}) of the topic "alerts" is removed`,
    ]);
  });
});

describe("the policy of such a topic", () => {
  const CLOUDWATCH = policy({ Service: "cloudwatch.amazonaws.com" });
  const of = (before: Attributes | undefined, after: Attributes | undefined, options: Options = {}) =>
    judged(judgeTopics, [...STANDING, change("aws_sns_topic_policy.p", before, after, options)]);

  it("is opened, and says for what", () => {
    const [found] = of({ arn: TOPIC, policy: CLOUDWATCH }, { arn: TOPIC, policy: policy("*") });

    expect(found).toMatchObject({
      rule: "topic-policy-opened",
      severity: "warns",
      message: 'The policy of the topic "alerts" is opened',
      details: [expect.stringContaining("sns:Publish")],
    });
  });

  it("says nothing of a sensitive one", () => {
    const sensitive = { policy: true, arn: true };
    const [found] = of(
      { arn: TOPIC, policy: CLOUDWATCH },
      { arn: TOPIC, policy: policy("*") },
      { sensitive },
    );

    expect(found).toMatchObject({ message: "The policy of the topic of alerts is opened", details: [] });
  });

  it("is opened where it is the first of a topic that was there", () => {
    const there = unchanged("aws_sns_topic.t", { ...TOPIC_ATTRIBUTES, policy: CLOUDWATCH });
    const made = change("aws_sns_topic_policy.p", undefined, { arn: TOPIC, policy: policy("*") });
    const same = change("aws_sns_topic_policy.p", undefined, { arn: TOPIC, policy: CLOUDWATCH });

    expect(told([there, made])).toEqual(['topic-policy-opened: The policy of the topic "alerts" is opened']);
    expect(told([there, same])).toEqual([]);
  });

  it("is narrowed, not opened, where it is closed to somebody", () => {
    const [found, ...others] = of({ arn: TOPIC, policy: policy("*") }, { arn: TOPIC, policy: CLOUDWATCH });

    expect(others).toEqual([]);
    expect(found).toMatchObject({
      rule: "topic-policy-narrowed",
      severity: "warns",
      details: [expect.stringMatching(/^no longer allows sns:Publish on .* to everyone/)],
    });
  });

  it("is narrowed by a condition that it gains, or that holds for fewer", () => {
    const from = (...arns: string[]) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: TOPIC,
            ...(arns.length === 0 ? {} : { Condition: { ArnEquals: { "aws:SourceArn": arns } } }),
          },
        ],
      });
    const details = (before: string, after: string) =>
      of({ arn: TOPIC, policy: before }, { arn: TOPIC, policy: after }).flatMap(({ details }) => details);

    expect(details(from("a", "b"), from("a"))).toEqual([
      expect.stringMatching(/^narrows the condition ArnEquals aws:SourceArn by b /),
    ]);
    expect(details(from(), from("a"))).toEqual([
      expect.stringMatching(/^gains the condition ArnEquals aws:SourceArn /),
    ]);
  });

  it("no longer lets anything publish where it is removed, unless the topic is", () => {
    const gone = change("aws_sns_topic_policy.p", { arn: TOPIC, policy: CLOUDWATCH }, undefined);

    expect(told([gone])).toEqual([expect.stringMatching(/^topic-removed: .* may no longer publish to it$/)]);
    expect(told([gone, change("aws_sns_topic.t", TOPIC_ATTRIBUTES, undefined)])).toHaveLength(1);
  });

  it.each<[string, Attributes, Options]>([
    ["isn't known", { arn: TOPIC, policy: CLOUDWATCH }, { unknown: { policy: true } }],
    ["can't be read", { arn: TOPIC, policy: "{" }, {}],
    ["is no text", { arn: TOPIC, policy: 1 }, {}],
  ])("warns where it %s", (_, after, options) => {
    expect(of({ arn: TOPIC, policy: CLOUDWATCH }, after, options)).toMatchObject([
      { rule: "topic-policy-opened", severity: "warns" },
    ]);
  });
});
