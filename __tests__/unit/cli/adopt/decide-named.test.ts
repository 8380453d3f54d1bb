import { decideNamed } from "../../../../cli/adopt/decide-named";
import type { DeclaredPart } from "../../../../cli/adopt/declared";
import type { ExistingFunction, ExistingRole, NamedParts } from "../../../../cli/adopt/existing";

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
  const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:enable_trail`;
  const DECLARED: readonly DeclaredPart[] = [
    declared("aws_cloudwatch_event_target", { rule: "enable_trail", target_id: "guard", arn: FUNCTION_ARN }),
    declared("aws_lambda_permission", { function_name: "enable_trail", statement_id: "EventRuleInvokes" }),
    declared("aws_iam_role", { name: "enable_trail" }),
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
    expect(notesOf(decided, "alarm")).toContain(
      `aws cloudwatch delete-alarms --region ${REGION} --alarm-names 'A b'`,
    );
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

  it("leaves a subscription that the settings don't name", () => {
    const subscription = (endpoint: string) => ({
      protocol: "email",
      endpoint,
      arn: `${TOPIC_ARN}:${endpoint}`,
    });
    const topic = {
      ...NO_PART,
      arn: TOPIC_ARN,
      subscriptions: [subscription("a@example.com"), subscription("b@example.com")],
    };

    const decided = decideOf({ topics: new Map([["Alerts", { found: topic }]]) });

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
    expect(ours?.notes.join("\n")).toMatch(/remove it right before terraform apply.*\n.*EventRuleInvokes$/);
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
