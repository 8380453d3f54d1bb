import { type DeclaredPart, partNamed } from "./declared";
import type {
  ExistingFunction,
  ExistingRole,
  ExistingRule,
  ExistingTopic,
  Look,
  NamedParts,
  Part,
} from "./existing";
import { lastPart } from "./find-existing";
import { type AdoptSection, awsCommand, type Draft, notesOfPart, notLookedAt } from "./item";

interface Decided {
  readonly adopt: AdoptSection;
  readonly items: readonly Draft[];
}

interface Context {
  readonly region: string;
  readonly declared: readonly DeclaredPart[];
}

/**
 * Decides about what the stack has names for, by those names.
 *
 * @param declared what the stack declares
 */
export function decideNamed(parts: NamedParts, context: Context): Decided {
  const { adopted, items } = gather(parts, context);
  const adopt = Object.fromEntries(Object.entries(adopted).filter(([, names]) => names.length > 0));
  return { adopt, items };
}

type Lists = Record<
  | "metricFilters"
  | "alarms"
  | "topics"
  | "eventRules"
  | "eventTargets"
  | "functions"
  | "logGroups"
  | "roles"
  | "keyAliases",
  string[]
>;

/** What becomes of one thing: the entry in its list, if it is adopted, and the items. */
interface OfOne {
  readonly entry?: string;
  readonly items: readonly Draft[];
}

function gather(parts: NamedParts, context: Context): { adopted: Lists; items: Draft[] } {
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
  const metricFilters = list("metric filter", parts.metricFilters, (name, part) =>
    adopted("metric filter", name, name, "aws_cloudwatch_log_metric_filter", part),
  );
  const alarms = list("alarm", parts.alarms, (name, part) =>
    part.isComposite
      ? left("alarm", name, [
          "is a composite alarm, and this deployment needs its name for a metric alarm: remove it before terraform apply, which would overwrite it:",
          awsCommand("cloudwatch", "delete-alarms", "--region", context.region, "--alarm-names", name),
        ])
      : adopted("alarm", name, name, "aws_cloudwatch_metric_alarm", part),
  );
  const topics = list("topic", parts.topics, (name, part) => topic(name, part, context));
  const eventTargets: string[] = [];
  const eventRules = list("event rule", parts.eventRules, (name, part) => {
    const decided = eventRule(name, part, context);
    eventTargets.push(...decided.targets);
    return decided;
  });
  const functions = list("function", parts.functions, (name, part) => ofFunction(name, part, context));
  const logGroups = list("log group", parts.logGroups, (name, part) =>
    part.class === "STANDARD"
      ? adopted("log group", name, name, "aws_cloudwatch_log_group", part)
      : left("log group", name, [
          `has the class ${part.class}, which can't be changed, and this deployment needs its name: remove it before terraform apply, with the events in it:`,
          awsCommand("logs", "delete-log-group", "--region", context.region, "--log-group-name", name),
        ]),
  );
  const roles = list("role", parts.roles, (name, part) => role(name, part, context));
  const keyAliases = list("key alias", parts.keyAliases, (name, part) =>
    adopted("key alias", name, name, "aws_kms_alias", part, ["the key that it is of now stays, without it"]),
  );
  return {
    adopted: {
      metricFilters,
      alarms,
      topics,
      eventRules,
      eventTargets,
      functions,
      logGroups,
      roles,
      keyAliases,
    },
    items,
  };
}

function adopted(
  kind: string,
  name: string,
  entry: string,
  type: string,
  part: Part,
  notes: readonly string[] = [],
): OfOne {
  return {
    entry,
    items: [
      {
        kind,
        name,
        decision: "adopt",
        becomes: { type, name, arguments: part.arguments, tags: part.tags },
        notes: [...notesOfPart(part), ...notes],
      },
    ],
  };
}

function left(kind: string, name: string, notes: readonly string[]): OfOne {
  return { items: [{ kind, name, decision: "leave", notes }] };
}

/** SNS gives Terraform the subscription that is there when it asks for it again; the others stay. */
function topic(name: string, part: ExistingTopic, { declared, region }: Context): OfOne {
  const { policy, ...own } = part.arguments;
  const wanted = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_sns_topic_subscription" && values.topic_arn === part.arn
      ? [`${values.protocol} ${values.endpoint}`]
      : [],
  );
  const strangers = part.subscriptions.filter(
    ({ protocol, endpoint }) => !wanted.includes(`${protocol} ${endpoint}`),
  );
  const { entry, items } = adopted("topic", name, part.arn, "aws_sns_topic", { ...part, arguments: own });
  return {
    ...(entry === undefined ? {} : { entry }),
    items: [
      ...items,
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
          notes: [
            `stays subscribed to ${name}: the settings don't name it, and it goes on getting what is published`,
            ...(arn.startsWith("arn:")
              ? [awsCommand("sns", "unsubscribe", "--region", region, "--subscription-arn", arn)]
              : ["it has never been confirmed, and SNS drops it by itself"]),
          ],
        }),
      ),
    ],
  };
}

function eventRule(
  name: string,
  part: ExistingRule,
  { declared, region }: Context,
): OfOne & { targets: string[] } {
  if (part.managedBy !== undefined) {
    return {
      ...left("event rule", name, [
        `is managed by ${part.managedBy}, and this deployment needs its name: choose a namePrefix`,
      ]),
      targets: [],
    };
  }
  const ours = declared.filter(
    ({ type, arguments: values, isElsewhere }) =>
      type === "aws_cloudwatch_event_target" && !isElsewhere && values.rule === name,
  );
  const [own] = ours;
  const same = part.targets.find(({ arn }) => arn === own?.arguments.arn);
  const taken = ours.length !== 1 ? undefined : part.targets.length === 1 ? part.targets[0] : same;
  const others = part.targets.filter((target) => target !== taken);
  const { entry, items } = adopted("event rule", name, name, "aws_cloudwatch_event_rule", part);
  return {
    ...(entry === undefined ? {} : { entry }),
    targets: taken === undefined ? [] : [`${name}/${taken.id}`],
    items: [
      ...items,
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
      ...others.map(
        ({ id, arn }): Draft => ({
          kind: "event target",
          name: `${name}/${id}`,
          decision: "leave",
          notes: [
            `goes on getting the rule's events (${arn}). After terraform apply, unless it is needed:`,
            awsCommand("events", "remove-targets", "--region", region, "--rule", name, "--ids", id),
          ],
        }),
      ),
    ],
  };
}

function ofFunction(name: string, part: ExistingFunction, { declared, region }: Context): OfOne {
  if (part.packageType === "Image") {
    return left("function", name, [
      "runs a container image, and importing it would have to replace it: remove it before terraform apply, which needs its name:",
      awsCommand("lambda", "delete-function", "--region", region, "--function-name", name),
    ]);
  }
  const ownStatements = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_lambda_permission" && values.function_name === name ? [values.statement_id] : [],
  );
  const { entry, items } = adopted("function", name, name, "aws_lambda_function", part, [
    "its code becomes this deployment's; keep a copy of the old one if anybody wants it",
  ]);
  return {
    ...(entry === undefined ? {} : { entry }),
    items: [
      ...items,
      ...part.permissions.map(
        ({ statementId, text }): Draft => ({
          kind: "function permission",
          name: `${name}/${statementId}`,
          decision: "leave",
          notes: [
            ownStatements.includes(statementId)
              ? `has the name of one that this deployment makes: remove it right before terraform apply (${text}):`
              : `whoever may invoke it by that still may (${text}). After terraform apply, unless it is needed:`,
            awsCommand(
              ...["lambda", "remove-permission", "--region", region],
              ...["--function-name", name, "--statement-id", statementId],
            ),
          ],
        }),
      ),
      ...formerRole(name, part, declared),
    ],
  };
}

/** The role that the function had, if it gets another. */
function formerRole(
  name: string,
  { roleArn, role: look }: ExistingFunction,
  declared: readonly DeclaredPart[],
): Draft[] {
  const roleName = lastPart(roleArn);
  if (roleArn === "" || partNamed(declared, "aws_iam_role", roleName) !== undefined) {
    return [];
  }
  const item = { kind: "role", name: roleName, decision: "leave" as const };
  const gets = `${name} gets a role of its own`;
  if ("problem" in look) {
    return [{ ...item, notes: [`${gets}; this one stays, and couldn't be looked at: ${look.problem}`] }];
  }
  const role = look.found;
  return role === undefined
    ? []
    : [
        {
          ...item,
          notes: [
            `${gets}; this one stays. After terraform apply, unless anything else uses it:`,
            ...role.attachedPolicies.map((policy) =>
              awsCommand("iam", "detach-role-policy", "--role-name", roleName, "--policy-arn", policy),
            ),
            ...Object.keys(role.inlinePolicies).map((policy) =>
              awsCommand("iam", "delete-role-policy", "--role-name", roleName, "--policy-name", policy),
            ),
            awsCommand("iam", "delete-role", "--role-name", roleName),
          ],
        },
      ];
}

function role(name: string, part: ExistingRole, { declared }: Context): OfOne {
  const own = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_iam_role_policy" && values.role === name ? [values.name] : [],
  );
  const attached = declared.flatMap(({ type, arguments: values }) =>
    type === "aws_iam_role_policy_attachment" && values.role === name ? [values.policy_arn] : [],
  );
  const commands = [
    ...Object.keys(part.inlinePolicies)
      .filter((policy) => !own.includes(policy))
      .map((policy) => awsCommand("iam", "delete-role-policy", "--role-name", name, "--policy-name", policy)),
    ...part.attachedPolicies
      .filter((policy) => !attached.includes(policy))
      .map((policy) => awsCommand("iam", "detach-role-policy", "--role-name", name, "--policy-arn", policy)),
  ];
  return adopted("role", name, part.arn, "aws_iam_role", part, [
    ...(commands.length === 0
      ? []
      : ["what else it may do is left; after terraform apply the deployment needs none of it:", ...commands]),
  ]);
}
