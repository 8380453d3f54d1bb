import { alarmPolicies } from "../../../constructs/guard-policy";
import type { PolicyStatement } from "../../../constructs/policy-document";
import type { GuardMode, GuardRow } from "../../../lambda-src/guard/rows";
import { arn, DECLARED } from "../lambda-src/guard/support/deployment";
import { callsOf, needsOf, policy } from "./support/guard-calls";

function isAllowed(statements: readonly PolicyStatement[], action: string, resource: string): boolean {
  return statements.some(
    ({ Action, Resource = [] }) =>
      [Action].flat().includes(action) && [Resource].flat().some((pattern) => matches(pattern, resource)),
  );
}

function matches(pattern: string, resource: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${literal}$`).test(resource);
}

/** What Lambda itself needs the role for. */
const OF_LAMBDA = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];

describe("what the guard's role may do", () => {
  it("is all that the guard's calls need", async () => {
    const statements = policy();
    const needs = (await callsOf()).flatMap(needsOf);

    const missing = needs.flatMap(({ action, resources }) =>
      resources
        .filter((resource) => !isAllowed(statements, action, resource))
        .map((one) => `${action} ${one}`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  it("is nothing but what the guard's calls need", async () => {
    const needed = new Set((await callsOf()).flatMap(needsOf).map(({ action }) => action));

    const granted = policy().flatMap(({ Action }) => Action);
    expect(granted.filter((action) => !needed.has(action) && !OF_LAMBDA.includes(action))).toEqual([]);
  });

  it.each<[Partial<Record<GuardRow, GuardMode>>, string[]]>([
    [
      { "stop-logging": "observe", "delete-trail": "observe" },
      ["cloudtrail:StartLogging", "cloudtrail:CreateTrail"],
    ],
    [
      { "delete-trail": "off", "update-trail": "off" },
      ["cloudtrail:UpdateTrail", "cloudtrail:AddTags", "iam:PassRole"],
    ],
    [{ "event-selectors": "observe" }, ["cloudtrail:PutEventSelectors"]],
    [{ bucket: "observe" }, ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"]],
    [{ key: "off" }, ["kms:EnableKey", "kms:CancelKeyDeletion"]],
    [{ "log-group": "observe" }, ["logs:PutMetricFilter", "logs:PutRetentionPolicy", "logs:AssociateKmsKey"]],
    [{ "alarms-and-rules": "observe" }, ["cloudwatch:EnableAlarmActions", "events:EnableRule"]],
  ])("leaves out what isn't enforced: %j", async (modes, withheld) => {
    const granted = policy(modes).flatMap(({ Action }) => Action);
    const needed = new Set((await callsOf(modes)).flatMap(needsOf).map(({ action }) => action));

    for (const action of withheld) {
      expect(granted).not.toContain(action);
    }
    expect([...needed].filter((action) => !granted.includes(action))).toEqual([]);
  });

  it("is one action on one kind of resource at a time, with no wildcard action", () => {
    for (const { Sid, Action, Resource } of policy()) {
      expect([Action].flat().join()).not.toContain("*");
      const everywhere = [Resource ?? []].flat().filter((resource) => resource === "*");
      // Listing rules is granted on no resource.
      expect(everywhere).toEqual(Sid === "SeeEventRules" ? ["*"] : []);
    }
    expect(policy().find(({ Sid }) => Sid === "GiveTheTrailItsRole")).toMatchObject({
      Resource: DECLARED.trail.settings?.roleArn,
      Condition: { StringEquals: { "iam:PassedToService": "cloudtrail.amazonaws.com" } },
    });
  });

  it("is to publish to the topic of routes, too, where there is one, by the keys of both", () => {
    const topicArns = [arn("sns", "people"), arn("sns", "internal")];
    const topicKeyArns = [arn("kms", "key/1"), arn("kms", "key/2")];
    const statements = policy({}, { topicArns, topicKeyArns });

    expect(statements.find(({ Sid }) => Sid === "TellPeople")?.Resource).toEqual(topicArns);
    expect(statements.find(({ Sid }) => Sid === "EncryptWhatItTells")).toMatchObject({
      Resource: topicKeyArns,
      Condition: { StringLike: { "kms:ViaService": expect.stringMatching(/^sns\./) } },
    });
  });

  it("keeps alarms in policies that IAM has room for", () => {
    const alarms = Array.from({ length: 100 }, (_, index) => ({
      name: `${"x".repeat(60)}${index}`,
      tells: true,
    }));
    const policies = alarmPolicies({ declared: { ...DECLARED, alarms }, modeOf: () => "enforce", arn });

    expect(policies).toHaveLength(3);
    expect(policies.flatMap(([one]) => one?.Resource)).toHaveLength(100);
    for (const statements of policies) {
      expect(JSON.stringify(statements).length).toBeLessThan(6144);
    }
  });
});
