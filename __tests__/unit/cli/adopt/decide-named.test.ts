import { decideNamed } from "../../../../cli/adopt/decide-named";
import type { DeclaredPart } from "../../../../cli/adopt/declared";
import type {
  ExistingFunction,
  ExistingRole,
  ExistingTopic,
  NamedParts,
} from "../../../../cli/adopt/existing";

const ACCOUNT = "111122223333";
const REGION = "eu-central-1";
const NO_PART = { arguments: {}, tags: {} };

const ROLE: ExistingRole = {
  ...NO_PART,
  arn: `arn:aws:iam::${ACCOUNT}:role/service-role/enable_trail`,
  name: "enable_trail",
  inlinePolicies: {},
  attachedPolicies: [],
};

describe("decideNamed", () => {
  const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:Alerts`;
  const OTHER_TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:Other`;
  const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:enable_trail`;
  const DECLARED: readonly DeclaredPart[] = [
    declared("aws_cloudwatch_event_target", { rule: "enable_trail", target_id: "guard", arn: FUNCTION_ARN }),
    declared("aws_lambda_permission", { function_name: "enable_trail", statement_id: "EventRuleInvokes" }),
    declared("aws_iam_role", { name: "enable_trail" }),
    declared("aws_cloudwatch_event_rule", { name: "enable_trail" }),
    declared("aws_cloudwatch_metric_alarm", { alarm_name: "Own" }),
    declared("aws_sns_topic_policy", {
      arn: TOPIC_ARN,
      policy: JSON.stringify({
        Statement: {
          Condition: {
            ArnEquals: { "aws:SourceArn": [`arn:aws:events:${REGION}:${ACCOUNT}:rule/enable_trail`] },
          },
        },
      }),
    }),
    declared("aws_sns_topic_policy", { arn: OTHER_TOPIC_ARN, policy: "{}" }),
    declared("aws_iam_role_policy", { role: "enable_trail", name: "own" }),
    declared("aws_sns_topic_subscription", {
      topic_arn: TOPIC_ARN,
      protocol: "email",
      endpoint: "a@example.com",
    }),
  ];
  const FUNCTION: ExistingFunction = {
    ...NO_PART,
    packageType: "Zip",
    roleArn: `arn:aws:iam::${ACCOUNT}:role/service-role/old`,
    permissions: [],
    role: { found: { ...ROLE, name: "old" } },
  };

  function declared(type: string, values: DeclaredPart["arguments"]): DeclaredPart {
    return { type, arguments: values, isElsewhere: false };
  }

  function decideOf(parts: Partial<NamedParts>) {
    const none = new Map<string, never>();
    return decideNamed(
      {
        metricFilters: none,
        otherMetricFilters: [],
        alarms: none,
        topics: none,
        eventRules: none,
        functions: none,
        logGroups: none,
        roles: none,
        keyAliases: none,
        ...parts,
      },
      { region: REGION, declared: DECLARED },
    );
  }

  const ruleWith = (...targets: [id: string, arn: string][]) =>
    decideOf({
      eventRules: new Map([
        [
          "enable_trail",
          {
            found: {
              ...NO_PART,
              managedBy: undefined,
              targets: targets.map(([id, arn]) => ({ id, arn, arguments: { arn } })),
            },
          },
        ],
      ]),
    });

  const notesOf = ({ items }: ReturnType<typeof decideNamed>, kind: string): string =>
    items.find((item) => item.kind === kind)?.notes.join("\n") ?? "";

  const beforeOf = ({ items }: ReturnType<typeof decideNamed>, kind: string): readonly string[] =>
    items.find((item) => item.kind === kind)?.before ?? [];

  it("adopts what is there by its name", () => {
    expect(
      decideOf({
        alarms: new Map([
          ["A", { found: { ...NO_PART, isComposite: false } }],
          ["B", { found: undefined }],
        ]),
        keyAliases: new Map([["alias/trailwarden", { found: NO_PART }]]),
      }).adopt,
    ).toEqual({ alarms: ["A"], keyAliases: ["alias/trailwarden"] });
  });

  it("leaves a composite alarm, and tells how it goes", () => {
    const decided = decideOf({ alarms: new Map([["A b", { found: { ...NO_PART, isComposite: true } }]]) });

    expect(decided.adopt).toEqual({});
    expect(beforeOf(decided, "alarm")).toEqual([
      `remove it, or it is overwritten: aws cloudwatch delete-alarms --region ${REGION} --alarm-names 'A b'`,
    ]);
  });

  it("takes a rule's one target over", () => {
    expect(ruleWith(["Id1", TOPIC_ARN]).adopt.eventTargets).toEqual(["enable_trail/Id1"]);
  });

  it("takes of several targets the one to the same function, and leaves the others", () => {
    const decided = ruleWith(["Id1", TOPIC_ARN], ["Id2", FUNCTION_ARN]);

    expect(decided.adopt.eventTargets).toEqual(["enable_trail/Id2"]);
    expect(decided.items.at(-1)?.notes.at(-1)).toBe(
      `aws events remove-targets --region ${REGION} --rule enable_trail --ids Id1`,
    );
  });

  it("takes none of several targets to others", () => {
    expect(ruleWith(["Id1", TOPIC_ARN], ["Id2", `${FUNCTION_ARN}2`]).adopt).toEqual({
      eventRules: ["enable_trail"],
    });
  });

  it("has a metric filter left that the stack has none of", () => {
    expect(decideOf({ otherMetricFilters: ["Theirs"] }).items).toEqual([
      { kind: "metric filter", name: "Theirs", decision: "leave", notes: [] },
    ]);
  });

  function topicWith(different: Partial<ExistingTopic>, policy: object = {}) {
    const found: ExistingTopic = {
      tags: {},
      arguments: { policy: JSON.stringify(policy) },
      arn: TOPIC_ARN,
      subscriptions: [],
      alarms: { found: [] },
      eventRules: { found: [] },
      ...different,
    };
    return decideOf({ topics: new Map([["Alerts", { found }]]) });
  }

  it("tells first who publishes to a topic and no longer may, but the stack's own", () => {
    const decided = topicWith({
      alarms: { found: ["Disk full", "Own"] },
      eventRules: { found: ["nightly", "enable_trail"] },
    });

    expect(decided.adopt).toEqual({ topics: [TOPIC_ARN] });
    expect(beforeOf(decided, "topic")).toEqual([
      'the alarm "Disk full" and the rule "nightly" publish to it and no longer may; give them another topic',
    ]);
    expect(beforeOf(topicWith({ alarms: { found: ["A"] } }), "topic")).toEqual([
      'the alarm "A" publishes to it and no longer may; give it another topic',
    ]);
  });

  it("tells that publishers couldn't be looked at", () => {
    expect(notesOf(topicWith({ eventRules: { problem: "denied" } }), "publisher")).toBe(
      "not looked at, so it may exist: denied",
    );
  });

  it("tells which statements of a topic's policy go, but the default and what is looked up", () => {
    const statement = (Sid: string, Principal: unknown, source?: string) => ({
      Sid,
      Effect: "Allow",
      Principal,
      Action: "sns:Publish",
      ...(source === undefined ? {} : { Condition: { ArnLike: { "AWS:SourceArn": source } } }),
    });
    const events = { Service: "events.amazonaws.com" };

    const decided = topicWith(
      {},
      {
        Statement: [
          {
            ...statement("__default_statement_ID", { AWS: "*" }),
            Condition: { StringEquals: { "AWS:SourceOwner": ACCOUNT } },
          },
          statement("Rule", events, `arn:aws:events:${REGION}:${ACCOUNT}:rule/nightly`),
          statement("Theirs", events, `arn:aws:events:${REGION}:444455556666:rule/nightly`),
          statement("Budget", { Service: "budgets.amazonaws.com" }),
        ],
      },
    );

    expect(beforeOf(decided, "topic")).toEqual(
      [
        ["Theirs", "events"],
        ["Budget", "budgets"],
      ].map(
        ([sid, service]) =>
          `its policy loses ${sid}, which allows sns:Publish for ${service}.amazonaws.com${sid === "Theirs" ? " depending on aws:sourcearn" : ""}; give whoever needs it another topic`,
      ),
    );
    expect(notesOf(decided, "topic policy")).toContain("without a statement of their own");
  });

  it("takes a statement for the default by what it allows", () => {
    const Statement = {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "444455556666" },
      Action: "sns:Publish",
    };

    expect(beforeOf(topicWith({}, { Statement }), "topic")).toEqual([
      expect.stringContaining("allows sns:Publish for 444455556666;"),
    ]);
  });

  it("tells that a rule's second target, a topic of the stack, gets its events no longer", () => {
    const beforeWith = (targetArn: string) =>
      ruleWith(["Id1", targetArn], ["Id2", FUNCTION_ARN]).items.at(-1)?.before;

    expect(beforeWith(OTHER_TOPIC_ARN)).toEqual([
      expect.stringContaining('the rule "enable_trail" publishes to the topic Other by it and no longer may'),
    ]);
    expect(beforeWith(TOPIC_ARN)).toEqual([]);
    expect(beforeWith(`${TOPIC_ARN}-of-theirs`)).toEqual([]);
  });

  it("leaves a subscription that the settings don't name", () => {
    const subscription = (endpoint: string) => ({
      protocol: "email",
      endpoint,
      arn: `${TOPIC_ARN}:${endpoint}`,
    });

    const decided = topicWith({
      subscriptions: [subscription("a@example.com"), subscription("b@example.com")],
    });

    expect(decided.adopt).toEqual({ topics: [TOPIC_ARN] });
    expect(decided.items.flatMap(({ kind, name }) => (kind === "subscription" ? [name] : []))).toEqual([
      "email b@example.com",
    ]);
  });

  it("leaves a function's permissions and its old role, and tells how they go", () => {
    const permissions = ["by-hand", "EventRuleInvokes"].map((Sid) => ({ Sid }));

    const decided = decideOf({
      functions: new Map([["enable_trail", { found: { ...FUNCTION, permissions } }]]),
    });

    expect(decided.adopt).toEqual({ functions: ["enable_trail"] });
    const [, byHand, ours, role] = decided.items;
    expect(byHand?.notes.join("\n")).toMatch(/After terraform apply.*\n.*--statement-id by-hand$/);
    expect(ours?.before).toEqual([expect.stringMatching(/^remove it right before.*EventRuleInvokes$/)]);
    expect(role?.notes.at(-1)).toBe("aws iam delete-role --role-name old");
  });

  it("leaves a function of a container image", () => {
    const found = { ...FUNCTION, packageType: "Image" };

    expect(decideOf({ functions: new Map([["enable_trail", { found }]]) }).adopt).toEqual({});
  });

  it("adopts a role with its path, and tells what else it may do", () => {
    const found = { ...ROLE, inlinePolicies: { own: "", other: "" } };

    const decided = decideOf({ roles: new Map([["enable_trail", { found }]]) });

    expect(decided.adopt).toEqual({ roles: [ROLE.arn] });
    expect(notesOf(decided, "role")).toContain("--policy-name other");
    expect(notesOf(decided, "role")).not.toContain("--policy-name own");
  });
});
