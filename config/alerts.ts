import { z } from "zod";
import { holdsSecret } from "../aws/secret-url";
import {
  ENDPOINT_FORMS,
  PARAMETER_NAME,
  SLACK_CHANNEL_ID,
  SLACK_WORKSPACE_ID,
  SUBSCRIPTION_PROTOCOLS,
  type TextForm,
} from "../aws/values";
import { routeTopicName, SHARED_TOPIC_NAME } from "../detections";
import { detectionId, severity } from "./detections";
import { checkedWhole, keyArn, objectsIn, type Problem, settings, textLike } from "./settings";

type Unchecked = Readonly<Record<string, unknown>>;

const email = z.email({ error: "is no e-mail address" });

/** A list, or text with commas. */
const emails = z
  .union([z.string(), z.array(z.string())], {
    error: "is neither a list of e-mail addresses nor text with commas between them",
  })
  .transform((emails) => (typeof emails === "string" ? splitAtCommas(emails) : emails))
  .pipe(z.array(email));

function splitAtCommas(emails: string): string[] {
  return emails
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const NO_SECRET = "a secret has no place in the configuration; put the URL into";

/** The name of what holds a URL: the URL itself, given by mistake, is refused and not printed. */
function nameOfSecret({ pattern, complaint }: TextForm) {
  return z.string().superRefine((value, context) => {
    if (value.includes("://") || holdsSecret(value)) {
      const message = `${NO_SECRET} Secrets Manager or an SSM parameter and give its name`;
      context.addIssue({ code: "custom", message, params: { withoutValue: true } });
    } else if (!pattern.test(value)) {
      context.addIssue({ code: "custom", message: complaint, input: value });
    }
  });
}

const parameterName = nameOfSecret(PARAMETER_NAME);

// AWS Secrets Manager API reference, "CreateSecret"
const secretNameOrArn = nameOfSecret({
  pattern: /^(?:arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/,
  complaint: "is neither a secret's name nor its ARN",
});

const kebabName = textLike(
  /^(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
  'is no name: up to 40 lower-case letters, digits and single "-"',
);

const endpoint = {
  protocol: z.enum(SUBSCRIPTION_PROTOCOLS),
  /** URL, ARN of a standard queue or of a function of this account, or phone number in E.164 form. */
  endpoint: z.string().optional(),
  /** Instead, for https: name of the SSM parameter that holds the URL, for URLs that have a key in them. */
  endpointParameter: parameterName.optional(),
};

const subscriber = checkedWhole(
  settings({
    ...endpoint,
    /**
     * `messages`: what people are told, as JSON; `alarms`: CloudWatch's own JSON of the detections' alarms, as PagerDuty's and
     * Opsgenie's CloudWatch integrations read it. Default: `messages`.
     */
    receives: z.enum(["messages", "alarms"]).optional(),
  }),
  (subscriber) => [
    ...endpointProblems(subscriber),
    ...(subscriber.protocol === "sms" && subscriber.receives === "alarms"
      ? [{ path: ["receives"], input: "alarms", message: "is JSON, which no phone shows" }]
      : []),
  ],
);

/** Alarms themselves aren't routed: they know neither severity nor detection. */
const routeSubscriber = checkedWhole(settings(endpoint), endpointProblems);

function endpointProblems({ protocol, endpoint, endpointParameter }: Unchecked): Problem[] {
  const known = SUBSCRIPTION_PROTOCOLS.find((name) => name === protocol);
  if (endpointParameter !== undefined && known !== undefined && known !== "https") {
    return [{ path: ["endpointParameter"], message: `is for https only; ${known} takes an endpoint` }];
  }
  if (endpoint !== undefined && endpointParameter !== undefined) {
    return [{ path: ["endpointParameter"], message: "stands beside endpoint; one of them says where to" }];
  }
  if (endpoint === undefined && endpointParameter === undefined) {
    const missing = known === "https" ? "missing; expected endpoint or endpointParameter" : "missing";
    return [{ path: ["endpoint"], message: missing }];
  }
  if (typeof endpoint !== "string") {
    return [];
  }
  if (holdsSecret(endpoint)) {
    const message = `${NO_SECRET} an SSM parameter and name it with endpointParameter`;
    return [{ path: ["endpoint"], message }];
  }
  return known === undefined || ENDPOINT_FORMS[known].pattern.test(endpoint)
    ? []
    : [{ path: ["endpoint"], input: endpoint, message: ENDPOINT_FORMS[known].complaint }];
}

/** An incoming webhook of Slack. Its URL is a secret, which the notifier reads where it is kept. */
const slackWebhook = checkedWhole(
  settings({
    /** What errors and metrics call it; unique in the environment. */
    name: kebabName,
    /** Name or ARN of the secret in Secrets Manager that holds the URL. */
    secret: secretNameOrArn.optional(),
    /** Instead: name of the SSM parameter, a SecureString, that holds the URL. */
    parameter: parameterName.optional(),
    /** ARN of the customer managed key that secret or parameter are encrypted with. Default: AWS's own. */
    keyArn: keyArn.optional(),
  }),
  ({ secret, parameter }) => {
    if (secret !== undefined && parameter !== undefined) {
      return [{ path: ["parameter"], message: "stands beside secret; one of them holds the URL" }];
    }
    return secret === undefined && parameter === undefined
      ? [{ path: ["secret"], message: "missing; expected secret or parameter, which holds the URL" }]
      : [];
  },
);

const nonEmpty = { error: "is empty; leave it out" };

/** Alerts of these severities or of these detections; all, where neither is given. */
const route = checkedWhole(
  settings({
    name: kebabName.refine((name) => routeTopicName(name) !== SHARED_TOPIC_NAME, {
      error: `is taken: ${SHARED_TOPIC_NAME} is the topic that all share`,
    }),
    severities: z.array(severity).min(1, nonEmpty).optional(),
    /** Ids, of those that the environment has. */
    detections: z.array(detectionId).min(1, nonEmpty).optional(),
    emails: emails.optional(),
    subscribers: z.array(routeSubscriber).optional(),
    slack: z.array(slackWebhook).optional(),
  }),
  ({ emails, subscribers, slack }) =>
    [emails, subscribers, slack].every((given) => given === undefined || isEmpty(given))
      ? [{ path: [], message: "leads nowhere; it needs emails, subscribers or slack" }]
      : [],
);

function isEmpty(given: unknown): boolean {
  return (typeof given === "string" && given.trim() === "") || (Array.isArray(given) && given.length === 0);
}

const chatChannel = settings({
  /** Name of the channel's configuration, after the prefix. */
  name: kebabName.max(30, { error: "is longer than 30 characters" }),
  slackWorkspaceId: textLike(SLACK_WORKSPACE_ID.pattern, SLACK_WORKSPACE_ID.complaint),
  slackChannelId: textLike(SLACK_CHANNEL_ID.pattern, SLACK_CHANNEL_ID.complaint),
});

export const alerts = checkedWhole(
  settings({
    /** Who gets every alert by e-mail: a list, or text with commas. */
    emails: emails.optional(),
    /** `per-detection`: a topic for each detection and event; `shared`: one topic. Default: `per-detection`. */
    topics: z.enum(["per-detection", "shared"]).optional(),
    /** Whether a notifier makes a message of each alarm, with who did what from where. Default: true. */
    enrich: z.boolean().optional(),
    /** Who else gets every alert. */
    subscribers: z.array(subscriber).optional(),
    /** Further destinations, by severity or detection. */
    routes: z.array(route).optional(),
    /** Slack channels that Amazon Q Developer in chat applications tells of every alert. */
    chatbot: z.array(chatChannel).optional(),
  }),
  (alerts) => [...withoutNotifier(alerts), ...repeated(alerts)],
);

function withoutNotifier({ enrich, routes, subscribers }: Unchecked): Problem[] {
  if (enrich !== false) {
    return [];
  }
  const routed = Array.isArray(routes) && routes.length > 0;
  const alarms = objectsIn(subscribers).filter(([, { receives }]) => receives === "alarms");
  return [
    ...(routed
      ? [{ path: ["routes"], message: "need the notifier: take away enrich: false, or the routes" }]
      : []),
    ...alarms.map(([index]) => ({
      path: ["subscribers", index, "receives"],
      input: "alarms",
      message: "is for the notifier to tell from messages; with enrich: false everyone gets the alarms",
    })),
  ];
}

/** Names that are given twice, and Slack channels: each has one configuration in an account. */
function repeated({ routes, chatbot }: Unchecked): Problem[] {
  const webhooks = objectsIn(routes).flatMap(([routeIndex, { slack }]) =>
    objectsIn(slack).map(([index, { name }]) => ({
      path: ["routes", routeIndex, "slack", index, "name"],
      input: name,
    })),
  );
  return [
    ...secondOnes(fieldsOf("routes", routes, "name")),
    ...secondOnes(webhooks),
    ...secondOnes(fieldsOf("chatbot", chatbot, "name")),
    ...secondOnes(fieldsOf("chatbot", chatbot, "slackChannelId")),
  ];
}

type Field = { readonly path: PropertyKey[]; readonly input: unknown };

function fieldsOf(list: string, items: unknown, name: string): Field[] {
  return objectsIn(items).map(([index, item]) => ({ path: [list, index, name], input: item[name] }));
}

function secondOnes(fields: readonly Field[]): Problem[] {
  const seen = new Set<unknown>();
  return fields.flatMap((field) => {
    const isSecond = typeof field.input === "string" && seen.has(field.input);
    seen.add(field.input);
    return isSecond ? [{ ...field, message: "is already that of another" }] : [];
  });
}

export type AlertsConfig = z.output<typeof alerts>;
