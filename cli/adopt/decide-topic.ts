import { accountOf } from "../arn";
import { adopted, type NamedContext, type OfOne } from "./decide-one";
import { type DeclaredPart, partNamed } from "./declared";
import type { ExistingTopic } from "./existing";
import { awsCommand, type Draft, notLookedAt } from "./item";
import { accessOf, principalsOf, sourcesOf, statementsOf, titleOf } from "./policy-statements";
import { printableEndpoint } from "./printable-endpoint";

/** Of the policy that SNS gives a topic (Amazon SNS API reference, "CreateTopic"): it lets the account publish. */
const DEFAULT_STATEMENT = "__default_statement_ID";

/**
 * SNS gives Terraform the topic that is there when it asks for one of that name, and a subscription, too; other subscriptions
 * stay. Its policy becomes the deployment's, by which only the deployment's own alarms, rules and functions publish.
 */
export function decideTopic(name: string, part: ExistingTopic, context: NamedContext): OfOne {
  const { policy, ...own } = part.arguments;
  const wanted = partNamed(context.declared, "aws_sns_topic", name);
  const isOtherKey = wanted !== undefined && wanted.arguments.kms_master_key_id !== own.kms_master_key_id;
  return adopted(
    { kind: "topic", name, entry: part.arn, type: "aws_sns_topic" },
    { ...part, arguments: own },
    {
      before: [...withoutTopic(part, context), ...statementsThatGo(part)],
      notes: isOtherKey
        ? ["who publishes to it by an IAM policy needs kms:GenerateDataKey and kms:Decrypt on that key"]
        : [],
      others: [
        {
          kind: "topic policy",
          name,
          decision: "adopt",
          becomes: { type: "aws_sns_topic_policy", name: part.arn, arguments: { policy }, tags: undefined },
          notes: statementsOf(policy).some((statement) => isDefault(statement, part.arn))
            ? [
                "AWS services that publish to it without a statement of their own, such as Auto Scaling, no longer may",
              ]
            : [],
        },
        ...[part.alarms, part.eventRules].flatMap((look) =>
          "problem" in look ? [notLookedAt("publisher", `to the topic ${name}`, look.problem)] : [],
        ),
        ...strangers(name, part, context),
      ],
    },
  );
}

/**
 * The topic of the stack that an ARN is of and that something may no longer publish to.
 *
 * @param source as it ends an ARN: `rule/NAME`, `alarm:NAME`
 * @returns its name; undefined where the ARN is of none, or the stack lets it publish
 */
export function topicLosing(
  declared: readonly DeclaredPart[],
  arn: string,
  source: string,
): string | undefined {
  const policy = declared.find(
    ({ type, arguments: values }) => type === "aws_sns_topic_policy" && values.arn === arn,
  );
  const mayPublish = statementsOf(policy?.arguments.policy).some((statement) =>
    sourcesOf(statement).some((sourceArn) => sourceArn.split(":").slice(5).join(":") === source),
  );
  return policy === undefined || mayPublish ? undefined : arn.split(":")[5];
}

/** Alarms and rules that aren't the stack's; its own are made to publish where they may. */
function withoutTopic({ alarms, eventRules }: ExistingTopic, { declared }: NamedContext): string[] {
  const others = [
    { kind: "alarm", type: "aws_cloudwatch_metric_alarm", look: alarms },
    { kind: "rule", type: "aws_cloudwatch_event_rule", look: eventRules },
  ].flatMap(({ kind, type, look }) =>
    ("problem" in look ? [] : (look.found ?? []))
      .filter((name) => partNamed(declared, type, name) === undefined)
      .map((name) => `the ${kind} ${JSON.stringify(name)}`),
  );
  const last = others.at(-1);
  if (last === undefined) {
    return [];
  }
  return others.length === 1
    ? [`${last} publishes to it and no longer may; give it another topic`]
    : [
        `${others.slice(0, -1).join(", ")} and ${last} publish to it and no longer may; give them another topic`,
      ];
}

/** Services whose alarms and rules of this account are looked up by themselves. */
const LOOKED_UP = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

function statementsThatGo({ arn, arguments: { policy } }: ExistingTopic): string[] {
  const accountId = accountOf(arn);
  return statementsOf(policy).flatMap((statement) => {
    const isLookedUp =
      principalsOf(statement).every((principal) => LOOKED_UP.includes(principal)) &&
      sourcesOf(statement).every((source) => accountOf(source) === accountId);
    return statement.Effect === "Deny" || isDefault(statement, arn) || isLookedUp
      ? []
      : [
          `its policy loses ${titleOf(statement)}, which ${accessOf(statement)}; give whoever needs it another topic`,
        ];
  });
}

/** Whether it is SNS's own, also in what it allows: people change it and leave its name. */
function isDefault(statement: Readonly<Record<string, unknown>>, topicArn: string): boolean {
  return (
    statement.Sid === DEFAULT_STATEMENT &&
    accessOf(statement).endsWith(` for everybody in the account ${accountOf(topicArn)}`)
  );
}

/** Subscriptions that the settings don't name. */
function strangers(name: string, part: ExistingTopic, { declared, region }: NamedContext): Draft[] {
  const wanted = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_sns_topic_subscription" && values.topic_arn === part.arn
      ? [`${values.protocol} ${values.endpoint}`]
      : [],
  );
  return part.subscriptions
    .filter(({ protocol, endpoint }) => !wanted.includes(`${protocol} ${endpoint}`))
    .map(({ protocol, endpoint, arn }) => ({
      kind: "subscription",
      name: `${protocol} ${printableEndpoint(protocol, endpoint)}`.trimEnd(),
      decision: "leave",
      notes: arn.startsWith("arn:")
        ? [
            `the settings don't name it, and it goes on getting what ${name} publishes. After terraform apply, unless it is needed:`,
            awsCommand("sns", "unsubscribe", "--region", region, "--subscription-arn", arn),
          ]
        : [`was never confirmed to ${name}: SNS drops it by itself`],
    }));
}
