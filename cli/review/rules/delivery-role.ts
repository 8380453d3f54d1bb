import { matchesWildcard } from "../../../local/iam/wildcard";
import { allowsService, gainsOfPolicy } from "../../iam-policy/policy-changes";
import { readPolicy } from "../../iam-policy/read-policy";
import { attributeOf, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { isRecord } from "../tree";
import { judgedPolicy, openedPolicy, textOf } from "./policy-change";
import { Owners } from "./settings";
import { shown, shownValue } from "./wording";

const DESTROYED = "delivery-role-destroyed";
const WIDENED = "delivery-role-widened";
const INLINE = "A policy of the role that delivers to the log group";

/** CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring". */
const DELIVERY = "logs:putlogevents";

/** Roles by which trails deliver to log groups: whether the plan destroys them or lets them, or others by them, do more. */
export function judgeDeliveryRoles(context: ReviewContext): Finding[] {
  const { plan, parts } = context;
  const owners = new Owners(context, { types: ["aws_iam_role"], name: "name", namedBy: "role" });
  const roles = plan.changes.filter(
    (change) =>
      change.type === "aws_iam_role" &&
      change.before !== undefined &&
      parts.deliveryRoles.has(change, "name"),
  );
  const ofRoles = (type: string) =>
    owners
      .grouped(plan.changes.filter((change) => change.type === type))
      .map((changes) => changes.filter((change) => owners.isPart(parts.deliveryRoles, change)))
      .map((changes) => changes.filter((change) => !owners.areMade(change) && !owners.areGone(change)));
  return [
    ...roles.flatMap(judgeRole),
    ...ofRoles("aws_iam_role_policy").flatMap(inlinePolicies),
    ...ofRoles("aws_iam_role_policy_attachment").flatMap(attachments),
    ...attachmentsOfMany(context),
    ...managedPolicies(context),
  ];
}

function judgeRole(role: ResourceChange): readonly Finding[] {
  const destruction = isDestroyed(role)
    ? [
        finding(
          DESTROYED,
          role,
          `The role that delivers to the log group is ${role.action === "replace" ? "replaced" : "destroyed"}`,
        ),
      ]
    : [];
  return role.after === undefined
    ? destruction
    : [...destruction, ...trust(role), ...boundary(role), ...ownPolicies(role)];
}

function trust(role: ResourceChange): readonly Finding[] {
  const policy = {
    before: attributeOf(role, "before", "assume_role_policy"),
    after: attributeOf(role, "after", "assume_role_policy"),
    what: "The trust policy of the role that delivers to the log group",
    isSensitive: isSensitive(role, "assume_role_policy"),
  };
  const mayAssume = (text: string | undefined) =>
    allowsService(text, "cloudtrail.amazonaws.com", "sts:AssumeRole", "any");
  const denied = () =>
    mayAssume(textOf(policy.before)) && !mayAssume(textOf(policy.after))
      ? [finding(DESTROYED, role, "CloudTrail may no longer assume the role that delivers to the log group")]
      : [];
  return [
    ...openedPolicy(WIDENED, role, policy),
    ...(policy.after === UNKNOWN || policy.after === policy.before
      ? []
      : judgedPolicy(DESTROYED, role, policy, denied)),
  ];
}

function boundary(role: ResourceChange): readonly Finding[] {
  const before = attributeOf(role, "before", "permissions_boundary") || undefined;
  const after = attributeOf(role, "after", "permissions_boundary") || undefined;
  if (before === undefined || before === null || after === before) {
    return [];
  }
  if (after !== undefined && typeof after !== "string") {
    return [unknownFinding(WIDENED, role, "The permissions boundary of the role")];
  }
  const name = shown(role, "before", "permissions_boundary");
  return [
    finding(
      WIDENED,
      role,
      after === undefined
        ? `The role loses its permissions boundary ${name}`
        : `The role has another permissions boundary instead of ${name}`,
    ),
  ];
}

/** What older providers had in the role itself. Of a replaced role it is mostly known after apply only. */
function ownPolicies(role: ResourceChange): readonly Finding[] {
  const managed = [
    attributeOf(role, "before", "managed_policy_arns"),
    attributeOf(role, "after", "managed_policy_arns"),
  ] as const;
  const inline = [
    attributeOf(role, "before", "inline_policy"),
    attributeOf(role, "after", "inline_policy"),
  ] as const;
  if (role.action === "replace") {
    return [];
  }
  return [
    ...changedNames(role, managed, {
      isSensitive: isSensitive(role, "managed_policy_arns"),
      gained: "Managed policies are attached to the role",
      lost: "Managed policies are detached from the role",
      what: "What policies are attached to the role",
    }),
    ...(JSON.stringify(inline[0]) === JSON.stringify(inline[1]) && inline[1] !== UNKNOWN
      ? []
      : inline[1] === UNKNOWN
        ? [unknownFinding(WIDENED, role, INLINE)]
        : judgedPermissions(
            role,
            policiesIn(inline[0]),
            policiesIn(inline[1]),
            isSensitive(role, "inline_policy"),
          )),
  ];
}

/** The policies in `inline_policy`; those without any stand for none. */
function policiesIn(list: unknown): readonly unknown[] {
  return (Array.isArray(list) ? list : [list])
    .map((one) => (isRecord(one) ? one.policy : one))
    .filter((policy) => policy !== undefined && policy !== null && policy !== "");
}

function judgedPermissions(
  change: ResourceChange,
  before: readonly unknown[],
  after: readonly unknown[],
  isHidden: boolean,
): Finding[] {
  const told = { what: INLINE, isSensitive: isHidden };
  return [
    ...judgedPolicy(WIDENED, change, told, () => gained(change, before, after, isHidden)),
    ...judgedPolicy(DESTROYED, change, told, () =>
      before.some(delivers) && !after.some(delivers)
        ? [finding(DESTROYED, change, "The role may no longer deliver to the log group")]
        : [],
    ),
  ];
}

/** @throws UnreadablePolicy for what is no policy */
function gained(
  change: ResourceChange,
  before: readonly unknown[],
  after: readonly unknown[],
  isHidden: boolean,
): Finding[] {
  const gains = gainsOfPolicy(together(before), together(after)).map(({ text }) => text);
  return gains.length === 0 ? [] : [finding(WIDENED, change, `${INLINE} allows more`, isHidden ? [] : gains)];
}

/**
 * One policy of all statements: what a role may do is what its policies together allow.
 *
 * @throws UnreadablePolicy for what is no policy
 */
function together(policies: readonly unknown[]): string | object | undefined {
  const [first, ...more] = policies.map(textOf).filter((text) => text !== undefined);
  if (more.length === 0 || first === undefined) {
    return first;
  }
  const documents = [first, ...more].map((text): unknown => {
    readPolicy(text, INLINE);
    return JSON.parse(text);
  });
  return {
    Version: "2012-10-17",
    Statement: documents.flatMap((document) => (isRecord(document) ? document.Statement : [])),
  };
}

/** @throws UnreadablePolicy for what is no policy */
function delivers(policy: unknown): boolean {
  return readPolicy(textOf(policy), INLINE).some(
    ({ effect, actions }) =>
      effect === "Allow" &&
      actions.some(({ key, except }) =>
        except === undefined
          ? matchesWildcard(key, DELIVERY)
          : !except.some((one) => matchesWildcard(one.key, DELIVERY)),
      ),
  );
}

/** Of one role: what one policy loses, another may have. */
function inlinePolicies(changes: readonly ResourceChange[]): readonly Finding[] {
  const before = policiesOf(changes, "before");
  const after = policiesOf(changes, "after");
  const known = after.filter((policy) => policy !== UNKNOWN);
  return changes
    .filter((change) => change.action !== "forget")
    .flatMap((change) => {
      const own = { before: policyOf(change, "before"), after: policyOf(change, "after") };
      if (own.before === own.after && own.after !== UNKNOWN) {
        return [];
      }
      const isHidden = isSensitive(change, "policy");
      const told = { what: INLINE, isSensitive: isHidden };
      return [
        ...(own.after === UNKNOWN
          ? [unknownFinding(WIDENED, change, INLINE)]
          : judgedPolicy(WIDENED, change, told, () =>
              own.after === undefined ? [] : gained(change, before, [own.after], isHidden),
            )),
        ...judgedPolicy(DESTROYED, change, told, () => {
          if (own.before === undefined || !delivers(own.before)) {
            return [];
          }
          // In its place, a tighter policy is what hardening makes; without any, all that it allowed must be elsewhere.
          const isKept =
            own.after === undefined
              ? gainsOfPolicy(together(known), together([own.before])).length === 0
              : known.some(delivers);
          if (isKept) {
            return [];
          }
          return known.length < after.length
            ? [unknownFinding(DESTROYED, change, "Whether the role may deliver to the log group")]
            : [finding(DESTROYED, change, "The role may no longer deliver to the log group")];
        }),
      ];
    });
}

function policiesOf(changes: readonly ResourceChange[], side: Side): readonly unknown[] {
  return changes
    .map((change) => policyOf(change, change.action === "forget" ? "before" : side))
    .filter((policy) => policy !== undefined && policy !== null);
}

function policyOf(change: ResourceChange, side: Side): unknown {
  return attributeOf(change, side, "policy") ?? undefined;
}

/** Of one role. A managed policy that is attached at another address is attached as before. */
function attachments(changes: readonly ResourceChange[]): readonly Finding[] {
  const arnsOn = (side: Side) =>
    new Set<unknown>(
      changes
        .map((change) => attributeOf(change, change.action === "forget" ? "before" : side, "policy_arn"))
        .filter((arn) => arn !== undefined && arn !== null),
    );
  const before = arnsOn("before");
  const after = arnsOn("after");
  return changes
    .filter(({ action }) => action !== "forget")
    .flatMap((change) => {
      const lost = attributeOf(change, "before", "policy_arn");
      const gain = attributeOf(change, "after", "policy_arn");
      return [
        ...(change.after === undefined || before.has(gain)
          ? []
          : [
              gain === UNKNOWN
                ? unknownFinding(WIDENED, change, "The managed policy that is attached to the role")
                : finding(
                    WIDENED,
                    change,
                    `A managed policy is attached to the role: ${shown(change, "after", "policy_arn")}`,
                  ),
            ]),
        ...(change.before === undefined || after.has(lost)
          ? []
          : [
              after.has(UNKNOWN)
                ? unknownFinding(DESTROYED, change, "Whether the managed policy stays attached to the role")
                : finding(
                    DESTROYED,
                    change,
                    `A managed policy is detached from the role: ${shown(change, "before", "policy_arn")}`,
                  ),
            ]),
      ];
    });
}

/** Attachments of one policy to several roles: those to a role that delivers, and that the plan doesn't make. */
function attachmentsOfMany(context: ReviewContext): readonly Finding[] {
  const { deliveryRoles } = context.parts;
  const owners = new Owners(context, { types: ["aws_iam_role"], name: "name", namedBy: "roles" });
  const isOld = (change: ResourceChange, name: unknown) => {
    const one = { ...change, before: { roles: name }, after: undefined };
    return deliveryRoles.has(one, "roles") && !owners.areMade(one);
  };
  return context.plan.changes
    .filter(({ type, action }) => type === "aws_iam_policy_attachment" && action !== "forget")
    .flatMap((change) => {
      const [before, after] = (["before", "after"] as const).map((side) => {
        const roles = attributeOf(change, side, "roles");
        return Array.isArray(roles) ? roles.filter((name) => isOld(change, name)) : roles;
      });
      const isAny =
        isOld(change, undefined) || [before, after].some((one) => Array.isArray(one) && one.length > 0);
      const policy = shown(change, change.after === undefined ? "before" : "after", "policy_arn");
      return isAny
        ? changedNames(change, [before, after], {
            isSensitive: isSensitive(change, "roles"),
            gained: `A managed policy is attached to the role: ${policy}`,
            lost: `A managed policy is detached from the role: ${policy}`,
            what: "To which roles the managed policy is attached",
          })
        : [];
    });
}

function changedNames(
  change: ResourceChange,
  [before, after]: readonly [before: unknown, after: unknown],
  told: {
    readonly isSensitive: boolean;
    readonly gained: string;
    readonly lost: string;
    readonly what: string;
  },
): readonly Finding[] {
  const were: readonly unknown[] = Array.isArray(before) ? before : [];
  if (!Array.isArray(after) && after !== null && after !== undefined) {
    return [unknownFinding(WIDENED, change, told.what)];
  }
  const are: readonly unknown[] = after ?? [];
  const names = (list: readonly unknown[]) => (told.isSensitive ? [] : list.map(shownValue));
  const gain = are.filter((name) => !were.includes(name));
  const lost = were.filter((name) => !are.includes(name));
  return [
    ...(gain.length === 0 ? [] : [finding(WIDENED, change, told.gained, names(gain))]),
    ...(lost.length === 0 ? [] : [finding(DESTROYED, change, told.lost, names(lost))]),
  ];
}

/** Customer managed policies that are attached to a role that delivers. */
function managedPolicies({ plan, parts, references }: ReviewContext): readonly Finding[] {
  const attached = plan.resources.filter(
    (resource) =>
      resource.type === "aws_iam_role_policy_attachment" && parts.deliveryRoles.isNamedBy(resource, "role"),
  );
  const arns = new Set(attached.map(({ attributes }) => attributes.policy_arn));
  const addresses = new Set(
    attached.flatMap(({ configAddress }) => references.of(configAddress, "policy_arn")),
  );
  return plan.changes
    .filter(
      (change) =>
        change.type === "aws_iam_policy" &&
        change.before !== undefined &&
        change.after !== undefined &&
        (addresses.has(change.configAddress) || arns.has(attributeOf(change, "before", "arn"))),
    )
    .flatMap((change) => {
      const before = policyOf(change, "before");
      const after = policyOf(change, "after");
      if (after === UNKNOWN) {
        return [unknownFinding(WIDENED, change, INLINE)];
      }
      return before === after
        ? []
        : judgedPermissions(change, [before], [after], isSensitive(change, "policy"));
    });
}
