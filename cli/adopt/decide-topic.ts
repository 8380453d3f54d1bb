import { adopted, type NamedContext, type OfOne } from "./decide-one";
import type { ExistingTopic } from "./existing";
import { awsCommand, type Draft } from "./item";

/** SNS gives Terraform the subscription that is there when it asks for it again; the others stay. */
export function decideTopic(name: string, part: ExistingTopic, { declared, region }: NamedContext): OfOne {
  const { policy, ...own } = part.arguments;
  const wanted = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_sns_topic_subscription" && values.topic_arn === part.arn
      ? [`${values.protocol} ${values.endpoint}`]
      : [],
  );
  const strangers = part.subscriptions.filter(
    ({ protocol, endpoint }) => !wanted.includes(`${protocol} ${endpoint}`),
  );
  return adopted(
    { kind: "topic", name, entry: part.arn, type: "aws_sns_topic" },
    { ...part, arguments: own },
    [],
    [
      {
        kind: "topic policy",
        name,
        decision: "adopt",
        becomes: { type: "aws_sns_topic_policy", name: part.arn, arguments: { policy }, tags: undefined },
        notes: [],
      },
      ...strangers.map(
        ({ protocol, endpoint, arn }): Draft => ({
          kind: "subscription",
          name: `${protocol} ${endpoint}`,
          decision: "leave",
          notes: arn.startsWith("arn:")
            ? [
                `the settings don't name it, and it goes on getting what ${name} publishes. After terraform apply, unless it is needed:`,
                awsCommand("sns", "unsubscribe", "--region", region, "--subscription-arn", arn),
              ]
            : [`was never confirmed to ${name}: SNS drops it by itself`],
        }),
      ),
    ],
  );
}
