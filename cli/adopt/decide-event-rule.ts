import { adopted, left, type NamedContext, type OfOne } from "./decide-one";
import { topicLosing } from "./decide-topic";
import type { ExistingRule } from "./existing";
import { awsCommand, type Draft } from "./item";

/** Decides about a rule and its targets: one of them becomes the deployment's, where it is told apart. */
export function decideEventRule(
  name: string,
  part: ExistingRule,
  { declared, region }: NamedContext,
): OfOne & { readonly targets: readonly string[] } {
  const kind = "event rule";
  if (part.managedBy !== undefined) {
    const note = `is managed by ${part.managedBy}, and this deployment needs its name`;
    return { ...left(kind, name, note, ["choose a namePrefix"]), targets: [] };
  }
  const ours = declared.filter(
    ({ type, arguments: values, isElsewhere }) =>
      type === "aws_cloudwatch_event_target" && !isElsewhere && values.rule === name,
  );
  const [own] = ours;
  const same = part.targets.find(({ arn }) => arn === own?.arguments.arn);
  const taken = ours.length !== 1 ? undefined : part.targets.length === 1 ? part.targets[0] : same;
  const others = part.targets.filter((target) => target !== taken);
  const targets: readonly Draft[] = [
    ...(taken === undefined
      ? []
      : [
          {
            kind: "event target",
            name: `${name}/${taken.id}`,
            decision: "adopt" as const,
            becomes: {
              type: "aws_cloudwatch_event_target",
              name,
              arguments: taken.arguments,
              tags: undefined,
            },
            notes: [],
          },
        ]),
    ...others.map(({ id, arn }): Draft => {
      const topic = topicLosing(declared, arn, `rule/${name}`);
      return {
        kind: "event target",
        name: `${name}/${id}`,
        decision: "leave",
        before:
          topic === undefined
            ? []
            : [
                `the rule ${JSON.stringify(name)} publishes to the topic ${topic} by it and no longer may; give it another topic`,
              ],
        notes: [
          `${topic === undefined ? `goes on getting the rule's events (${arn})` : "stays, to be refused by the topic"}. After terraform apply, unless it is needed:`,
          awsCommand("events", "remove-targets", "--region", region, "--rule", name, "--ids", id),
        ],
      };
    }),
  ];
  return {
    ...adopted({ kind, name, type: "aws_cloudwatch_event_rule" }, part, { others: targets }),
    targets: taken === undefined ? [] : [`${name}/${taken.id}`],
  };
}
