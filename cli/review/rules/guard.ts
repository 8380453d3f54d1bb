import { attributeOf, isDestroyed } from "../change";
import { type Finding, finding } from "../finding";
import type { GuardParts } from "../guard-parts";
import type { ResourceChange } from "../plan";
import type { Judge } from "../review-context";
import { judgeDeclaredState } from "./guard-declared-state";
import { known, notJudged } from "./guard-outcome";
import { judgeQueues } from "./guard-queue";
import { judgeSettings } from "./guard-settings";
import { judgeWakers } from "./guard-wakers";

/** What a plan does to the function that keeps the trail, and to all that it takes to be woken and to act. */
export const judgeGuard: Judge = (context) => {
  const parts = context.guard;
  return context.plan.changes
    .filter(({ before, action }) => before !== undefined && action !== "forget")
    .flatMap((change) => [
      ...judgeFunction(change, parts),
      ...judgeRoles(change, parts),
      ...judgeWakers(change, parts, context),
      ...judgeQueues(change, parts),
      ...judgeSettings(change, parts),
      ...judgeDeclaredState(change),
    ]);
};

function judgeFunction(change: ResourceChange, parts: GuardParts): Finding[] {
  if (change.type !== "aws_lambda_function" || !parts.isGuard(change.before?.function_name)) {
    return [];
  }
  if (isDestroyed(change)) {
    const how = change.action === "replace" ? "replaced" : "destroyed";
    return [finding("guard-destroyed", change, `The guard is ${how}`)];
  }
  return [...judgeConcurrency(change), ...judgeRoleOfFunction(change)];
}

function judgeConcurrency(change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "reserved_concurrent_executions");
  const after = attributeOf(change, "after", "reserved_concurrent_executions");
  if (before === 0 || after === before || after === null || after === undefined) {
    return [];
  }
  if (after === 0) {
    return [finding("guard-destroyed", change, "The guard's reserved concurrency leaves it no run")];
  }
  return typeof after === "number"
    ? []
    : [notJudged("guard-destroyed", change, "The guard's reserved concurrency", after)];
}

/** What another role may do isn't compared. */
function judgeRoleOfFunction(change: ResourceChange): Finding[] {
  const after = attributeOf(change, "after", "role");
  return after === attributeOf(change, "before", "role")
    ? []
    : [notJudged("guard-destroyed", change, "What the guard's other role may do", after)];
}

/** A role and what gives it its permissions; what these say isn't compared. */
function judgeRoles(change: ResourceChange, parts: GuardParts): Finding[] {
  const { before = {}, type } = change;
  const kind =
    type === "aws_iam_role"
      ? parts.roleKind(before.name)
      : type === "aws_iam_role_policy" || type === "aws_iam_role_policy_attachment"
        ? parts.roleKind(before.role)
        : type === "aws_iam_policy"
          ? parts.kindOfPolicy(before.arn)
          : type === "aws_iam_policy_attachment"
            ? parts.kindOfPolicy(before.policy_arn)
            : undefined;
  if (kind === undefined) {
    return [];
  }
  const rule = kind === "own" ? "guard-destroyed" : "guard-permission-removed";
  const whose = kind === "own" ? "the guard's role" : "the role that wakes the guard";
  if (isDestroyed(change)) {
    const what = type === "aws_iam_role" ? `T${whose.slice(1)}` : `A permission of ${whose}`;
    const how = change.action === "replace" ? "replaced" : "destroyed";
    return [finding(rule, change, `${what} is ${how}`)];
  }
  return rolesAndPolicies(change).flatMap(([what, attribute, idOf]) => {
    const was = known(change, "before", attribute);
    const is = known(change, "after", attribute);
    if (!Array.isArray(was) || was.length === 0) {
      return [];
    }
    if (!Array.isArray(is) && is !== null) {
      return [notJudged(rule, change, `What is left of ${whose}'s ${what}`, is)];
    }
    const left = new Set((is ?? []).map(idOf));
    return was.some((one) => !left.has(idOf(one)))
      ? [finding(rule, change, `T${whose.slice(1)} loses some of its ${what}`)]
      : [];
  });
}

type Listed = readonly [what: string, attribute: string, idOf: (one: unknown) => unknown];

/** Permissions that a role or an attachment lists; what isn't listed any more is taken away. */
function rolesAndPolicies({ type }: ResourceChange): readonly Listed[] {
  return type === "aws_iam_role"
    ? [
        ["inline policies", "inline_policy", nameIn],
        ["managed policies", "managed_policy_arns", (arn) => arn],
      ]
    : type === "aws_iam_policy_attachment"
      ? [["managed policies", "roles", (name) => name]]
      : [];
}

function nameIn(block: unknown): unknown {
  return typeof block === "object" && block !== null ? Reflect.get(block, "name") : block;
}
