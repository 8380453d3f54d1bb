import { isObject } from "../../config/settings";
import { resourceName } from "../arn";
import { type Found, isControlTowers, NOTHING, only, type TrailDecision } from "./decision";
import { beforeOfPart, type Draft, notLookedAt } from "./item";
import { listed, statementsOf } from "./policy-statements";
import { removePolicies } from "./remove-policies";

const KIND = "delivery role";

/** Decides about the role by which the trail delivers to its log group. */
export function decideDeliveryRole(found: Found): TrailDecision {
  const { parts, trail } = found;
  const roleArn = trail?.deliveryRoleArn;
  if (roleArn === undefined) {
    return NOTHING;
  }
  const name = resourceName(roleArn);
  if ("problem" in parts.deliveryRole) {
    return only(notLookedAt(KIND, name, parts.deliveryRole.problem));
  }
  const role = parts.deliveryRole.found;
  const why =
    role === undefined ? "isn't there any more" : whyLeft(role.arguments.assume_role_policy, roleArn, found);
  if (role === undefined || why !== undefined) {
    return only({ kind: KIND, name, decision: "leave", notes: [`${why}: the trail gets a role of its own`] });
  }
  const policies = Object.entries(role.inlinePolicies);
  const writes = policies.find(([, text]) => text.includes("logs:PutLogEvents")) ?? policies[0];
  const others = policies.map(([policy]) => policy).filter((policy) => policy !== writes?.[0]);
  const item: Draft = {
    kind: KIND,
    name,
    decision: "adopt",
    becomes: { type: "aws_iam_role", name, arguments: role.arguments, tags: role.tags },
    before: beforeOfPart(role),
    notes: removePolicies(name, others, role.attachedPolicies),
  };
  if (writes === undefined) {
    return only(item, { adopt: { deliveryRole: role.arn } });
  }
  const [policyName, policy] = writes;
  return {
    adopt: { deliveryRole: role.arn, deliveryRolePolicy: policyName },
    settings: {},
    items: [
      item,
      {
        kind: "delivery role's policy",
        name: policyName,
        decision: "adopt",
        becomes: { type: "aws_iam_role_policy", name: policyName, arguments: { policy }, tags: undefined },
        notes: [],
      },
    ],
  };
}

/** Why the trail gets another role; undefined for one that can be imported. */
function whyLeft(trustPolicy: unknown, roleArn: string, { parts, trail }: Found): string | undefined {
  if (isControlTowers(resourceName(roleArn)) || roleArn.includes("/aws-service-role/")) {
    return "is AWS's own";
  }
  const others = parts.trails.filter(
    (other) => other.arn !== trail?.arn && other.deliveryRoleArn === roleArn,
  );
  if (others.length > 0) {
    return `other trails deliver by it, too (${others.map((other) => other.name).join(", ")})`;
  }
  const trusted = statementsOf(trustPolicy).flatMap(({ Principal }) =>
    isObject(Principal) ? Object.values(Principal).flatMap(listed) : [Principal],
  );
  return trusted.every((principal) => principal === "cloudtrail.amazonaws.com")
    ? undefined
    : "others than CloudTrail may take it, too";
}
