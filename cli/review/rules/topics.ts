import { gainsOfPolicy, UnreadablePolicy } from "../../iam-policy/policy-changes";
import { attributeOf, isDestroyed, isSensitive, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { openedPolicy } from "./policy-change";
import { atMost, nameOf, nameOfArn } from "./wording";

/** Topics that alerts go to, who has subscribed to them, and who may publish to them. */
export function judgeTopics(context: ReviewContext): Finding[] {
  const { alerting } = context;
  const isOf = (change: ResourceChange, attribute: string) =>
    (["before", "after"] as const).some((side) => alerting.isTopic(attributeOf(change, side, attribute)));
  return context.plan.changes.flatMap((change) => {
    switch (change.type) {
      case "aws_sns_topic":
        return change.before !== undefined && isOf(change, "arn")
          ? [
              ...removed(change),
              ...noLongerEncrypted(context, change),
              ...(isDestroyed(change) ? [] : opened(change, nameOf(change, "name"), policyBefore(change))),
            ]
          : [];
      case "aws_sns_topic_subscription":
        return change.before !== undefined && isOf(change, "topic_arn") ? lessTold(change) : [];
      case "aws_sns_topic_policy":
        return isOf(change, "arn") ? ofTopicPolicy(context, change) : [];
      default:
        return [];
    }
  });
}

function removed(change: ResourceChange): Finding[] {
  if (!isDestroyed(change)) {
    return [];
  }
  const topic = `The topic ${nameOf(change, "name")}, which alerts go to, is`;
  return [
    finding(
      "topic-removed",
      change,
      change.action === "delete"
        ? `${topic} removed`
        : `${topic} replaced: who has subscribed by e-mail has to confirm it again`,
    ),
  ];
}

function noLongerEncrypted({ references }: ReviewContext, change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "kms_master_key_id");
  const after = attributeOf(change, "after", "kms_master_key_id");
  if (change.after === undefined || typeof before !== "string" || before === "") {
    return [];
  }
  if (after === UNKNOWN) {
    // Taken from another resource, it is a key, if another one.
    return references.of(change.configAddress, "kms_master_key_id").length > 0
      ? []
      : [
          unknownFinding(
            "topic-removed",
            change,
            `Whether the topic ${nameOf(change, "name")} stays encrypted`,
          ),
        ];
  }
  return typeof after === "string" && after !== ""
    ? []
    : [
        finding(
          "topic-removed",
          change,
          `Alerts in the topic ${nameOf(change, "name")} are no longer encrypted`,
        ),
      ];
}

function lessTold(change: ResourceChange): Finding[] {
  const subscriber = `A subscriber (${subscriberOf(change)}) of the topic ${topicOf(change)}`;
  if (change.action === "forget") {
    return [];
  }
  if (change.after === undefined) {
    return [finding("subscriber-removed", change, `${subscriber} is removed`)];
  }
  const unknown: Finding[] = [];
  for (const [attribute, message] of [
    ["protocol", `${subscriber} is replaced by another`],
    ["endpoint", `${subscriber} is replaced by another`],
    ["topic_arn", `${subscriber} is told by another topic instead`],
  ] as const) {
    const after = attributeOf(change, "after", attribute);
    if (after === UNKNOWN) {
      // Of a topic that is replaced people hear by itself.
      if (attribute !== "topic_arn") {
        unknown.push(
          unknownFinding(
            "subscriber-removed",
            change,
            `The ${attribute} of a subscriber of the topic ${topicOf(change)}`,
          ),
        );
      }
    } else if (after !== attributeOf(change, "before", attribute)) {
      return [finding("subscriber-removed", change, message)];
    }
  }
  return [...unknown, ...filtered(change, subscriber)];
}

function filtered(change: ResourceChange, subscriber: string): Finding[] {
  const before = filterOf(change, "before");
  const after = filterOf(change, "after");
  if (after === UNKNOWN) {
    return [
      unknownFinding("subscriber-removed", change, `What a subscriber of the topic ${topicOf(change)} gets`),
    ];
  }
  return after === undefined || after === before
    ? []
    : [
        finding(
          "subscriber-removed",
          change,
          before === undefined
            ? `${subscriber} gets fewer alerts: a filter policy is added`
            : `${subscriber} may get fewer alerts: its filter policy changes`,
        ),
      ];
}

/** Undefined for none: all are told. */
function filterOf(change: ResourceChange, side: "before" | "after"): string | undefined | typeof UNKNOWN {
  const policy = attributeOf(change, side, "filter_policy");
  if (policy === UNKNOWN || policy === null || policy === undefined || policy === "" || policy === "{}") {
    return policy === UNKNOWN ? UNKNOWN : undefined;
  }
  const scope = attributeOf(change, side, "filter_policy_scope");
  return scope === UNKNOWN
    ? UNKNOWN
    : JSON.stringify([
        policy,
        scope === null || scope === "" ? "MessageAttributes" : (scope ?? "MessageAttributes"),
      ]);
}

/** The protocol and, of an e-mail address, what tells people whose it may be: addresses and URLs are personal, or secret. */
function subscriberOf(change: ResourceChange): string {
  const protocol = attributeOf(change, "before", "protocol");
  const endpoint = attributeOf(change, "before", "endpoint");
  if (isSensitive(change, "protocol") || typeof protocol !== "string" || !/^[a-z-]{1,20}$/.test(protocol)) {
    return "of another kind";
  }
  if (isSensitive(change, "endpoint") || !protocol.startsWith("email") || typeof endpoint !== "string") {
    return protocol;
  }
  const [, first, domain] = /^([\p{L}\p{N}])[^@\s]*@([\p{L}\p{N}.-]{1,100})$/u.exec(endpoint) ?? [];
  return first === undefined ? protocol : `${protocol}, ${first}…@${domain}`;
}

function topicOf(change: ResourceChange): string {
  const arn = attributeOf(change, "before", "topic_arn");
  return typeof arn === "string" && !isSensitive(change, "topic_arn") ? `"${nameOfArn(arn)}"` : "of alerts";
}

function ofTopicPolicy(context: ReviewContext, change: ResourceChange): Finding[] {
  const arn = attributeOf(change, change.before === undefined ? "after" : "before", "arn");
  const name = typeof arn === "string" && !isSensitive(change, "arn") ? `"${nameOfArn(arn)}"` : "of alerts";
  const topic = context.plan.changes.find(
    (other) => other.type === "aws_sns_topic" && attributeOf(other, "before", "arn") === arn,
  );
  if (change.action === "delete") {
    return topic !== undefined && isDestroyed(topic)
      ? []
      : [
          finding(
            "topic-removed",
            change,
            `The policy of the topic ${name} is removed: event rules and alarms may no longer publish to it`,
          ),
        ];
  }
  // What a topic had before it got a policy of its own, Terraform knows from the topic.
  const before = change.before === undefined ? topic && policyBefore(topic) : policyBefore(change);
  return opened(change, name, before);
}

function policyBefore(change: ResourceChange): unknown {
  return attributeOf(change, "before", "policy");
}

function opened(change: ResourceChange, name: string, before: unknown): Finding[] {
  const after = attributeOf(change, "after", "policy");
  if (change.after === undefined) {
    return [];
  }
  const policy = { what: `The policy of the topic ${name}`, isSensitive: isSensitive(change, "policy") };
  return [
    ...openedPolicy("topic-policy-opened", change, { before, after, ...policy }),
    ...(typeof before === "string" && typeof after === "string"
      ? narrowed(change, before, after, policy)
      : []),
  ].map((one) => ({ ...one, details: atMost(one.details, 20) }));
}

/** Who may no longer publish hears of it last: nothing fails, and nothing arrives. */
function narrowed(
  change: ResourceChange,
  before: string,
  after: string,
  { what, isSensitive }: { readonly what: string; readonly isSensitive: boolean },
): Finding[] {
  const lost = allowedBefore(before, after).filter((text) => PUBLISHING.test(text));
  return lost.length === 0
    ? []
    : [
        finding(
          "topic-policy-narrowed",
          change,
          `${what} no longer lets everybody publish who could`,
          isSensitive ? [] : lost,
        ),
      ];
}

const PUBLISHING = /\bsns:(?:\*|Publish)/i;

function allowedBefore(before: string, after: string): string[] {
  try {
    return gainsOfPolicy(after, before).map(({ kind, text }) =>
      kind === "allows"
        ? `no longer ${text}`
        : text.replace(/^widens /, "narrows ").replace(/^loses /, "gains "),
    );
  } catch (error) {
    if (error instanceof UnreadablePolicy) {
      // Told as one that can't be judged.
      return [];
    }
    throw error;
  }
}
