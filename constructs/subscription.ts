import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { holdsSecret } from "../aws/secret-url";
import { ENDPOINT_FORMS, PARAMETER_NAME, type SubscriptionProtocol } from "../aws/values";

/** A subscriber of a topic that is no mailbox. */
export interface Subscription {
  readonly protocol: SubscriptionProtocol;
  /**
   * Of `https` a URL, of `sqs` the ARN of a standard queue, whose policy must let SNS send to it, of `lambda` the ARN of a
   * function of this account and region, of `sms` a phone number in E.164 form.
   * @default - none: of `https` the URL is in a parameter
   */
  readonly endpoint?: string | undefined;
  /**
   * Of `https`: name of the SSM parameter that holds the URL, for a URL that has a key in it. Neither the repository nor the
   * Terraform JSON holds the URL then; the state does, as it holds every endpoint.
   * @default - the endpoint is given
   */
  readonly endpointParameter?: string | undefined;
  /**
   * Which messages it gets, by what is in them as JSON (Amazon SNS developer guide, "Amazon SNS subscription filter policies").
   * @default - all
   */
  readonly bodyFilter?: Readonly<Record<string, readonly unknown[]>> | undefined;
}

/**
 * Subscribes each subscriber once.
 *
 * Terraform doesn't wait for https endpoints to confirm (`endpoint_auto_confirms` is left false): one that confirms by itself,
 * as PagerDuty's and Opsgenie's do, is confirmed soon after; any other would fail every apply until someone confirms it.
 *
 * @throws if an endpoint is missing, or is none that its protocol accepts, or holds a secret
 */
export function subscribe(scope: Construct, topicArn: string, subscribers: readonly Subscription[]): void {
  const seen = new Set<string>();
  for (const subscription of subscribers) {
    checkSubscription(subscription);
    const { protocol, endpoint, endpointParameter } = subscription;
    const key = `${protocol} ${endpoint ?? endpointParameter}`;
    if (!seen.has(key)) {
      seen.add(key);
      addSubscription(scope, idOf(subscription, seen.size), topicArn, subscription);
    }
  }
}

function addSubscription(
  scope: Construct,
  id: string,
  topicArn: string,
  { protocol, endpoint, endpointParameter = "", bodyFilter }: Subscription,
): void {
  const permission =
    protocol === "lambda" && endpoint !== undefined
      ? new LambdaPermission(scope, `${id}-permission`, {
          ...functionOf(endpoint),
          action: "lambda:InvokeFunction",
          principal: "sns.amazonaws.com",
          sourceArn: topicArn,
        })
      : undefined;
  new SnsTopicSubscription(scope, id, {
    topicArn,
    protocol,
    endpoint: endpoint ?? parameterValue(scope, endpointParameter),
    ...(bodyFilter === undefined
      ? {}
      : { filterPolicy: JSON.stringify(bodyFilter), filterPolicyScope: "MessageBody" }),
    // A message that SNS may not deliver is lost: it isn't tried again.
    ...(permission === undefined ? {} : { dependsOn: [permission] }),
  });
}

/** Encoded, since "/" in an id would become the "--" that another endpoint may have. */
function idOf({ protocol, endpoint, endpointParameter }: Subscription, position: number): string {
  if (endpoint === undefined) {
    return `${protocol}-parameter-${encodeURIComponent(endpointParameter ?? "")}`;
  }
  // A reference to another resource has no text of its own before it is resolved.
  return Token.isUnresolved(endpoint)
    ? `${protocol}-${position}`
    : `${protocol}-${encodeURIComponent(endpoint)}`;
}

/** A function's ARN without its alias or version, which the provider wants apart. */
function functionOf(functionArn: string): { functionName: string; qualifier?: string } {
  const parts = Token.isUnresolved(functionArn) ? [] : functionArn.split(":");
  const [qualifier] = parts.slice(7);
  return qualifier === undefined
    ? { functionName: functionArn }
    : { functionName: parts.slice(0, 7).join(":"), qualifier };
}

/** One look-up a stack, however many topics ask. */
function parameterValue(scope: Construct, name: string): string {
  const stack = TerraformStack.of(scope);
  const id = `parameter-${encodeURIComponent(name)}`;
  const existing = stack.node.tryFindChild(id);
  const parameter =
    existing instanceof DataAwsSsmParameter
      ? existing
      : new DataAwsSsmParameter(stack, id, { name, withDecryption: true });
  return parameter.value;
}

function checkSubscription({ protocol, endpoint, endpointParameter }: Subscription): void {
  if ((endpoint === undefined) === (endpointParameter === undefined)) {
    throw new Error(`subscribers: ${protocol} needs either endpoint or endpointParameter`);
  }
  if (endpointParameter !== undefined) {
    checkParameter(protocol, endpointParameter);
  }
  if (endpoint === undefined || Token.isUnresolved(endpoint)) {
    return;
  }
  if (holdsSecret(endpoint)) {
    throw new Error(
      `subscribers: endpoint of ${protocol} holds a secret; put the URL into an SSM parameter and name it with endpointParameter`,
    );
  }
  const { pattern, complaint } = ENDPOINT_FORMS[protocol];
  if (!pattern.test(endpoint)) {
    throw new Error(`subscribers: endpoint ${JSON.stringify(endpoint)} ${complaint}`);
  }
}

function checkParameter(protocol: SubscriptionProtocol, name: string): void {
  if (protocol !== "https") {
    throw new Error(`subscribers: endpointParameter is for https only, got ${protocol}`);
  }
  if (!PARAMETER_NAME.pattern.test(name)) {
    // Not quoted: it may be the URL itself.
    throw new Error(`subscribers: endpointParameter ${PARAMETER_NAME.complaint}`);
  }
}
