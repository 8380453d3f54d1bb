import fc from "fast-check";
import {
  furtherTopicPolicies,
  type NotifierPolicyProps,
  notifierPolicy,
  type SlackWebhook,
} from "../../../constructs/notifier-policy";
import type { PolicyStatement } from "../../../constructs/policy-document";

const REGION = "us-gov-west-1";
const arn = (service: string, resource: string) =>
  `arn:aws-us-gov:${service}:${REGION}:123456789012:${resource}`;
const KEY_ARN = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");

const PROPS: NotifierPolicyProps = {
  arn,
  region: REGION,
  logGroupName: "/aws/cloudtrail/audit",
  tableArn: arn("dynamodb", "table/alarm_notifier_told"),
  topicArns: [arn("sns", "people")],
  topicKeyArns: [KEY_ARN],
  ownLogGroupArn: arn("logs", "log-group:/aws/lambda/alarm_notifier"),
  queueArn: arn("sqs", "alarm_notifier_dead_letters"),
  webhooks: [],
};

const policy = (props: Partial<NotifierPolicyProps> = {}) => notifierPolicy({ ...PROPS, ...props });
const bySid = (statements: readonly PolicyStatement[], sid: string) =>
  statements.find(({ Sid }) => Sid === sid);
const documentOf = (statements: readonly PolicyStatement[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const topicArnsOf = (statements: readonly PolicyStatement[]) =>
  statements.flatMap(({ Action, Resource = [] }) => (Action === "sns:Publish" ? Resource : []));

describe("what the notifier's role may do", () => {
  it("is to find events, to note and to tell alerts, to write its log and to keep what it could not tell", () => {
    expect(
      policy().map(({ Action, Resource, Condition }) => ({
        Action,
        Resource,
        ...(Condition === undefined ? {} : { Condition }),
      })),
    ).toEqual([
      {
        Action: "logs:FilterLogEvents",
        Resource: [
          arn("logs", "log-group:/aws/cloudtrail/audit"),
          arn("logs", "log-group:/aws/cloudtrail/audit:*"),
        ],
      },
      { Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"], Resource: PROPS.tableArn },
      { Action: "sns:Publish", Resource: PROPS.topicArns },
      {
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: [KEY_ARN],
        Condition: { StringLike: { "kms:ViaService": `sns.${REGION}.amazonaws.com` } },
      },
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${PROPS.ownLogGroupArn}:log-stream:*`,
      },
      { Action: "sqs:SendMessage", Resource: PROPS.queueArn },
    ]);
  });

  it("is to read the URLs of its webhooks, each once, by keys of theirs through their services only", () => {
    const secretArn = arn("secretsmanager", "secret:slack/audit-AbCdEf");
    const statements = policy({
      webhooks: [
        { name: "a", secret: "slack/on-call" },
        { name: "b", secret: "slack/on-call", keyArn: KEY_ARN },
        { name: "c", secret: secretArn, keyArn: KEY_ARN },
        { name: "d", parameter: "/slack/team" },
        { name: "e", parameter: "slack-flat" },
      ],
    });

    expect(bySid(statements, "ReadWebhooksOfSecrets")).toMatchObject({
      Action: "secretsmanager:GetSecretValue",
      Resource: [arn("secretsmanager", "secret:slack/on-call-??????"), secretArn],
    });
    expect(bySid(statements, "ReadWebhooksOfParameters")).toMatchObject({
      Action: "ssm:GetParameter",
      Resource: [arn("ssm", "parameter/slack/team"), arn("ssm", "parameter/slack-flat")],
    });
    expect(bySid(statements, "DecryptWebhooks")).toMatchObject({
      Action: "kms:Decrypt",
      Resource: [KEY_ARN],
      Condition: {
        StringLike: {
          "kms:ViaService": [`secretsmanager.${REGION}.amazonaws.com`, `ssm.${REGION}.amazonaws.com`],
        },
      },
    });
  });

  it("has no wildcard action and no resource that is everything of a kind, whatever it is to reach", () => {
    fc.assert(
      fc.property(
        fc.array(webhook, { maxLength: 8 }),
        fc.array(topicArn, { maxLength: 120 }),
        (webhooks, topics) => {
          const statements = [
            ...policy({ webhooks, topicArns: topics }),
            ...furtherTopicPolicies(topics).flat(),
          ];

          for (const { Effect, Action, Resource = [] } of statements) {
            expect(Effect).toBe("Allow");
            expect([Action].flat().join()).not.toContain("*");
            for (const resource of [Resource].flat()) {
              // What stands in a log group comes after its name.
              expect(resource).toMatch(/^arn:aws-us-gov:(?:logs:.+:log-group:\/aws\/.+|(?!logs)[^*]+)$/);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is each topic in exactly one policy, at most 35 in each", () => {
    fc.assert(
      fc.property(fc.uniqueArray(topicArn, { minLength: 1, maxLength: 120, size: "max" }), (topics) => {
        const policies = [policy({ topicArns: topics }), ...furtherTopicPolicies(topics)].map(topicArnsOf);

        expect(policies.flat()).toEqual(topics);
        expect(policies).toHaveLength(Math.ceil(topics.length / 35));
        for (const one of policies) {
          expect(one.length).toBeLessThanOrEqual(35);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("has room in IAM's policies for 100 detections of long names, with the longest prefix and ten webhooks", () => {
    const topics = Array.from({ length: 100 }, (_, index) =>
      arn("sns", `${"p".repeat(20)}${"x".repeat(70)}${index}_CloudWatch_Alarms_Topic`),
    );
    const webhooks = Array.from({ length: 10 }, (_, index) => ({
      name: `webhook-${index}`,
      secret: `${"s".repeat(100)}${index}`,
      keyArn: KEY_ARN,
    }));
    const further = furtherTopicPolicies(topics);

    // IAM user guide, "IAM and AWS STS quotas": 10,240 characters in a role's own policies, 6,144 in one that is attached.
    expect(documentOf(policy({ topicArns: topics, webhooks })).length).toBeLessThan(10_240);
    expect(further).toHaveLength(2);
    for (const statements of further) {
      expect(documentOf(statements).length).toBeLessThan(6144);
    }
  });
});

const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_/"), minLength: 1, maxLength: 40 });
const webhook: fc.Arbitrary<SlackWebhook> = fc.oneof(
  fc.record({ name: word, secret: word }),
  fc.record({ name: word, secret: word.map((name) => arn("secretsmanager", `secret:${name}-AbCdEf`)) }),
  fc.record({ name: word, parameter: word.map((name) => `/${name}`), keyArn: fc.constant(KEY_ARN) }),
);
const topicArn = word.map((name) => arn("sns", name));
