import { type ApiCall, text } from "../shared/api-call";
import type { DeclaredState } from "./declared-state";

/** A part of the deployment that is observed as a whole. */
export type Part = "logging" | "trail" | "bucket" | "key" | "log-group" | "alarms" | "rules";

/** Every part, in the order that repairs need: what logs first, what others are encrypted with next. */
export const PARTS: readonly Part[] = ["logging", "key", "bucket", "log-group", "trail", "alarms", "rules"];

/** What a call means for the deployment. */
export interface Concern {
  /** Part that the call touched; undefined for what can only be told of, such as a topic or a role. */
  readonly part: Part | undefined;
  /** What it touched, for people, e.g. `bucket acme-logs`. */
  readonly what: string;
}

/** @returns undefined for a call that isn't about this deployment */
export function concernOf(call: ApiCall, state: DeclaredState): Concern | undefined {
  const { eventSource, parameters } = call;
  switch (eventSource) {
    case "cloudtrail.amazonaws.com": {
      const named =
        text(parameters, "name") || text(parameters, "trailName") || text(parameters, "resourceId");
      const part = call.eventName === "StopLogging" ? "logging" : "trail";
      return concern(part, "trail", call, [named], isTrail(state.trail.arn, call));
    }
    case "s3.amazonaws.com":
      return concern(
        "bucket",
        "bucket",
        call,
        [text(parameters, "bucketName")],
        (name) => name === state.bucket?.name,
      );
    case "kms.amazonaws.com": {
      const { arn } = state.key ?? {};
      const named = [text(parameters, "keyId"), ...call.resourceArns];
      return concern(
        "key",
        "key",
        call,
        named,
        (name) => name !== "" && (name === arn || arn?.endsWith(`:key/${name}`)),
      );
    }
    case "logs.amazonaws.com": {
      const named = text(parameters, "logGroupName") || text(parameters, "resourceIdentifier");
      const { name } = state.logGroup;
      return concern(
        "log-group",
        "log group",
        call,
        [named.replace(/^arn:.*?:log-group:|:\*$/g, "")],
        (n) => n === name,
      );
    }
    case "monitoring.amazonaws.com": {
      const named = [text(parameters, "alarmName"), ...texts(parameters.alarmNames)];
      return concern("alarms", "alarm", call, named, (name) =>
        state.alarms.some((alarm) => alarm.name === name),
      );
    }
    case "events.amazonaws.com": {
      const named = text(parameters, "name") || text(parameters, "rule");
      return concern("rules", "event rule", call, [named], (name) => state.rules.includes(name));
    }
    default:
      return ownPart(call);
  }
}

/** A call that was denied often names nothing: then it is taken for one about this deployment. */
function concern(
  part: Part | undefined,
  kind: string,
  { errorCode }: ApiCall,
  named: readonly string[],
  isOurs: (name: string) => boolean | undefined,
): Concern | undefined {
  const names = named.filter((name) => name !== "");
  if (names.length === 0) {
    return errorCode === undefined ? undefined : { part, what: `${kind} (not named)` };
  }
  const ours = names.find((name) => isOurs(name));
  return ours === undefined ? undefined : { part, what: `${kind} ${ours}` };
}

// A name alone means the trail of that name in the region and account of the call.
function isTrail(arn: string, { region, accountId }: ApiCall): (name: string) => boolean {
  const [, , , ownRegion, ownAccountId, resource = ""] = arn.split(":");
  return (name) =>
    name.startsWith("arn:")
      ? name === arn
      : `trail/${name}` === resource && region === ownRegion && accountId === ownAccountId;
}

/** Parts of the deployment that no declared state names: the event rule that woke the function has picked them. */
function ownPart(call: ApiCall): Concern | undefined {
  const [kind, ...names] = OWN_PARTS[call.eventSource] ?? [];
  if (kind === undefined) {
    return undefined;
  }
  const named = names.flatMap((name) => [text(call.parameters, name), ...texts(call.parameters[name])]);
  return concern(undefined, kind, call, named, () => true);
}

/** By event source: what it is, and the parameters that can name it. */
const OWN_PARTS: Readonly<Record<string, readonly string[]>> = {
  "sns.amazonaws.com": ["topic", "topicArn", "subscriptionArn"],
  "iam.amazonaws.com": ["role", "roleName"],
  "lambda.amazonaws.com": ["function", "functionName"],
  "sqs.amazonaws.com": ["queue", "queueUrl"],
  "dynamodb.amazonaws.com": ["table", "tableName"],
  "ssm.amazonaws.com": ["parameter", "name", "names"],
};

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
