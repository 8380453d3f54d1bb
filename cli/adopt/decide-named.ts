import { decideEventRule } from "./decide-event-rule";
import { decideFunction } from "./decide-function";
import { adopted, left, type NamedContext, type OfOne } from "./decide-one";
import { decideRole } from "./decide-role";
import { decideTopic } from "./decide-topic";
import type { ExistingAlarm, ExistingLogGroup, NamedParts } from "./existing";
import { type AdoptSection, awsCommand, type Draft, notLookedAt } from "./item";
import type { Look } from "./look";

interface Decided {
  readonly adopt: AdoptSection;
  readonly items: readonly Draft[];
}

/** Decides about what the stack has names for, by those names. */
export function decideNamed(parts: NamedParts, context: NamedContext): Decided {
  const items: Draft[] = [];
  const list = <Found>(
    kind: string,
    found: ReadonlyMap<string, Look<Found>>,
    decide: (name: string, part: Found) => OfOne,
  ): string[] =>
    [...found].flatMap(([name, look]) => {
      if ("problem" in look) {
        items.push(notLookedAt(kind, name, look.problem));
        return [];
      }
      if (look.found === undefined) {
        return [];
      }
      const { entry, items: own } = decide(name, look.found);
      items.push(...own);
      return entry === undefined ? [] : [entry];
    });
  items.push(
    ...parts.otherMetricFilters.map(
      (name): Draft => ({ kind: "metric filter", name, decision: "leave", notes: [] }),
    ),
  );
  const eventTargets: string[] = [];
  const lists = {
    metricFilters: list("metric filter", parts.metricFilters, (name, part) =>
      adopted({ kind: "metric filter", name, type: "aws_cloudwatch_log_metric_filter" }, part),
    ),
    alarms: list("alarm", parts.alarms, (name, part) => decideAlarm(name, part, context)),
    topics: list("topic", parts.topics, (name, part) => decideTopic(name, part, context)),
    eventRules: list("event rule", parts.eventRules, (name, part) => {
      const decided = decideEventRule(name, part, context);
      eventTargets.push(...decided.targets);
      return decided;
    }),
    eventTargets,
    functions: list("function", parts.functions, (name, part) => decideFunction(name, part, context)),
    logGroups: list("log group", parts.logGroups, (name, part) => decideLogGroup(name, part, context)),
    roles: list("role", parts.roles, (name, part) => decideRole(name, part, context)),
    keyAliases: list("key alias", parts.keyAliases, (name, part) =>
      adopted({ kind: "key alias", name, type: "aws_kms_alias" }, part, {
        notes: ["the key that it is of now stays, without it"],
      }),
    ),
  };
  return { adopt: Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0)), items };
}

function decideAlarm(name: string, part: ExistingAlarm, { region }: NamedContext): OfOne {
  return part.isComposite
    ? left("alarm", name, "is a composite alarm, and this deployment needs its name for a metric alarm", [
        `remove it, or it is overwritten: ${awsCommand("cloudwatch", "delete-alarms", "--region", region, "--alarm-names", name)}`,
      ])
    : adopted({ kind: "alarm", name, type: "aws_cloudwatch_metric_alarm" }, part);
}

/** Of a function's log group. */
function decideLogGroup(name: string, part: ExistingLogGroup, { region }: NamedContext): OfOne {
  return part.class === "STANDARD"
    ? adopted({ kind: "log group", name, type: "aws_cloudwatch_log_group" }, part)
    : left(
        "log group",
        name,
        `has the class ${part.class}, which can't be changed, and this deployment needs its name`,
        [
          `remove it, with the events in it: ${awsCommand("logs", "delete-log-group", "--region", region, "--log-group-name", name)}`,
        ],
      );
}
