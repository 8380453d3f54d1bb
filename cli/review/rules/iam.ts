import { attributeOf, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { isRecord, listOf } from "../tree";
import { openedPolicy } from "./policy-change";
import { atMost, nameOfArn, shown, shownValue } from "./wording";

/** What a policy belongs to: the attribute that names it, and how that type of resource is named. */
interface Owner {
  readonly attribute: string;
  readonly type: string;
  readonly named: readonly string[];
}

const ROLE: Owner = { attribute: "role", type: "aws_iam_role", named: ["name", "id"] };
const USER: Owner = { attribute: "user", type: "aws_iam_user", named: ["name", "id"] };
const GROUP: Owner = { attribute: "group", type: "aws_iam_group", named: ["name", "id"] };
const BUCKET: Owner = { attribute: "bucket", type: "aws_s3_bucket", named: ["bucket", "id"] };
const KEY: Owner = { attribute: "key_id", type: "aws_kms_key", named: ["key_id", "arn", "id"] };
const QUEUE: Owner = { attribute: "queue_url", type: "aws_sqs_queue", named: ["url", "id"] };
const SECRET: Owner = { attribute: "secret_arn", type: "aws_secretsmanager_secret", named: ["arn", "id"] };
const BUS: Owner = { attribute: "event_bus_name", type: "aws_cloudwatch_event_bus", named: ["name", "id"] };
const FUNCTION: Owner = {
  attribute: "function_name",
  type: "aws_lambda_function",
  named: ["function_name", "arn", "id"],
};

/** Types whose attribute `policy` says what somebody may, and what each belongs to if not to itself. */
const POLICIES: ReadonlyMap<string, Owner | undefined> = new Map([
  ["aws_iam_policy", undefined],
  ["aws_iam_role_policy", ROLE],
  ["aws_iam_user_policy", USER],
  ["aws_iam_group_policy", GROUP],
  ["aws_s3_bucket", undefined],
  ["aws_s3_bucket_policy", BUCKET],
  ["aws_kms_key", undefined],
  ["aws_kms_key_policy", KEY],
  ["aws_sqs_queue", undefined],
  ["aws_sqs_queue_policy", QUEUE],
  ["aws_secretsmanager_secret", undefined],
  ["aws_secretsmanager_secret_policy", SECRET],
  ["aws_cloudwatch_event_bus_policy", BUS],
]);

const ATTACHMENTS: ReadonlyMap<string, Owner> = new Map([
  ["aws_iam_role_policy_attachment", ROLE],
  ["aws_iam_user_policy_attachment", USER],
  ["aws_iam_group_policy_attachment", GROUP],
]);

/**
 * Whatever gains an action or a resource, or loses a condition, beside what blocks: the delivery role, log buckets and keys
 * of the trail. What is made with its own policies gains nothing.
 */
export function judgeIam(context: ReviewContext): Finding[] {
  const made = new Made(context);
  return context.plan.changes.flatMap((change) =>
    change.action === "forget" || isJudgedAsBlock(context, change) ? [] : judgeChange(context, change, made),
  );
}

function judgeChange(context: ReviewContext, change: ResourceChange, made: Made): Finding[] {
  if (POLICIES.has(change.type)) {
    return ofPolicy(change, made, POLICIES.get(change.type));
  }
  const owner = ATTACHMENTS.get(change.type);
  if (owner !== undefined) {
    return ofAttachment(context, change, made, owner);
  }
  switch (change.type) {
    case "aws_iam_role":
      return change.before === undefined || change.after === undefined ? [] : ofRole(change);
    case "aws_iam_user":
      return change.before === undefined || change.after === undefined ? [] : ofBoundary(change);
    case "aws_iam_policy_attachment":
      return ofSharedAttachment(change);
    case "aws_lambda_permission":
      return ofLambdaPermission(context, change, made);
    case "aws_cloudwatch_event_permission":
      return ofBusPermission(change);
    default:
      return [];
  }
}

function isJudgedAsBlock({ parts }: ReviewContext, change: ResourceChange): boolean {
  switch (change.type) {
    case "aws_iam_role":
      return parts.deliveryRoles.has(change, "name", "arn");
    case "aws_iam_role_policy":
    case "aws_iam_role_policy_attachment":
      return parts.deliveryRoles.has(change, "role");
    case "aws_s3_bucket":
    case "aws_s3_bucket_policy":
      return parts.buckets.has(change, "bucket");
    case "aws_kms_key":
    case "aws_kms_key_policy":
      return parts.keys.has(change, "key_id");
    default:
      return false;
  }
}

/** What a plan makes anew, by type and name. */
class Made {
  private readonly names = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly destroyed = new Set<string>();
  private readonly references: ReviewContext["references"];

  constructor({ plan, references }: ReviewContext) {
    this.references = references;
    for (const change of plan.changes) {
      if (change.action === "create") {
        this.addresses.add(change.configAddress);
      }
      const side = change.action === "delete" ? "before" : "after";
      const names = change.action === "delete" ? this.destroyed : this.names;
      if (change.action === "create" || change.action === "delete") {
        for (const name of ["name", "id", "arn", "bucket", "key_id", "url", "function_name"]) {
          names.add(`${change.type} ${String(attributeOf(change, side, name))}`);
        }
      }
    }
  }

  /** Whether what a change belongs to is made by the same plan. */
  isNew(change: ResourceChange, { attribute, type }: Owner): boolean {
    const value = attributeOf(change, "after", attribute);
    if (typeof value === "string") {
      return this.names.has(`${type} ${value}`);
    }
    return this.references.of(change.configAddress, attribute).some((address) => this.addresses.has(address));
  }

  isGone(change: ResourceChange, { attribute, type }: Owner): boolean {
    return this.destroyed.has(`${type} ${String(attributeOf(change, "before", attribute))}`);
  }
}

function ofPolicy(change: ResourceChange, made: Made, owner: Owner | undefined): Finding[] {
  const isOwn = owner === undefined;
  if (isOwn && (change.before === undefined || change.after === undefined)) {
    return [];
  }
  if (!isOwn && (change.after === undefined ? made.isGone(change, owner) : made.isNew(change, owner))) {
    return [];
  }
  const before = attributeOf(change, "before", "policy");
  const isOfSame =
    isOwn || attributeOf(change, "before", owner.attribute) === attributeOf(change, "after", owner.attribute);
  const isMoved = !isOwn && change.before !== undefined && change.after !== undefined && !isOfSame;
  return compared(change, ["policy"], isMoved && isKnown(change, owner.attribute) ? undefined : before, {
    after: attributeOf(change, "after", "policy"),
    what: `The policy ${belonging(change, owner)}`.trimEnd(),
  });
}

function isKnown(change: ResourceChange, attribute: string): boolean {
  return attributeOf(change, "after", attribute) !== UNKNOWN;
}

/** `of the role "x"`, or nothing. */
function belonging(change: ResourceChange, owner: Owner | undefined): string {
  const side: Side = change.after === undefined ? "before" : "after";
  const name = owner && attributeOf(change, side, owner.attribute);
  return owner === undefined || typeof name !== "string" || isSensitive(change, owner.attribute)
    ? ""
    : `of the ${kindOf(owner)} "${nameOfArn(name)}"`;
}

function kindOf({ type }: Owner): string {
  return type
    .replace(/^aws_(?:iam_|s3_|kms_|sqs_|secretsmanager_|cloudwatch_|lambda_)?/, "")
    .replaceAll("_", " ");
}

interface Comparison {
  readonly after: unknown;
  /** The policy, as the beginning of a sentence. */
  readonly what: string;
}

function compared(
  change: ResourceChange,
  path: readonly (string | number)[],
  before: unknown,
  { after, what }: Comparison,
): Finding[] {
  return openedPolicy("iam-widened", change, {
    before,
    after,
    what,
    isSensitive: isSensitive(change, ...path),
  }).map((one) => ({ ...one, details: atMost(one.details, 20) }));
}

function ofRole(change: ResourceChange): Finding[] {
  const what = `of the role ${named(change, "name")}`;
  return [
    ...compared(change, ["assume_role_policy"], attributeOf(change, "before", "assume_role_policy"), {
      after: attributeOf(change, "after", "assume_role_policy"),
      what: `The trust policy ${what}`,
    }),
    ...ofInlinePolicies(change, what),
    ...ofManagedPolicies(change),
    ...ofBoundary(change),
  ];
}

function ofInlinePolicies(change: ResourceChange, what: string): Finding[] {
  const after = attributeOf(change, "after", "inline_policy");
  if (after === UNKNOWN) {
    return [unknownFinding("iam-widened", change, `What the inline policies ${what} allow`)];
  }
  const before = listOf(attributeOf(change, "before", "inline_policy")).filter(isRecord);
  return listOf(after)
    .filter(isRecord)
    .flatMap(({ name, policy }) =>
      compared(change, ["inline_policy"], before.find((other) => other.name === name)?.policy, {
        after: policy,
        what: `An inline policy ${what}`,
      }),
    );
}

function ofManagedPolicies(change: ResourceChange): Finding[] {
  const what = `the role ${named(change, "name")}`;
  const after = attributeOf(change, "after", "managed_policy_arns");
  if (after === UNKNOWN) {
    return [unknownFinding("iam-widened", change, `Which policies ${what} has`)];
  }
  const before = listOf(attributeOf(change, "before", "managed_policy_arns"));
  const added = listOf(after).filter((arn) => !before.includes(arn));
  const details = added.map((arn) => `attaches ${shownValue(arn)}`);
  return added.length === 0
    ? []
    : [
        finding(
          "iam-widened",
          change,
          `${capitalized(what)} gets ${added.length === 1 ? "another policy" : `${added.length} more policies`}`,
          isSensitive(change, "managed_policy_arns") ? [] : atMost(details, 20),
        ),
      ];
}

function ofBoundary(change: ResourceChange): Finding[] {
  const before = attributeOf(change, "before", "permissions_boundary");
  const after = attributeOf(change, "after", "permissions_boundary");
  if (typeof before !== "string" || before === "" || after === before) {
    return [];
  }
  const what = `The permissions boundary of ${named(change, "name")}`;
  if (after === UNKNOWN) {
    return [unknownFinding("iam-widened", change, what)];
  }
  const isRemoved = after === null || after === undefined || after === "";
  return [
    finding(
      "iam-widened",
      change,
      isRemoved ? `${what} is removed` : `${what} is replaced by another, which may allow more`,
      [`before: ${shown(change, "before", "permissions_boundary")}`],
    ),
  ];
}

function ofAttachment(context: ReviewContext, change: ResourceChange, made: Made, owner: Owner): Finding[] {
  if (change.after === undefined || made.isNew(change, owner)) {
    return [];
  }
  const isOfSame =
    attributeOf(change, "before", owner.attribute) === attributeOf(change, "after", owner.attribute);
  const before = attributeOf(change, "before", "policy_arn");
  const after = attributeOf(change, "after", "policy_arn");
  if (isOfSame && after === before) {
    return [];
  }
  const whose = belonging(change, owner).replace(/^of /, "") || `a ${kindOf(owner)}`;
  if (change.before !== undefined && isOfSame && after === UNKNOWN) {
    // What a policy that is made again allows more is told of that policy.
    const isOfPolicyBefore = context.references
      .of(change.configAddress, "policy_arn")
      .some((address) =>
        context.plan.changes.some((other) => other.configAddress === address && isDestroyed(other)),
      );
    return isOfPolicyBefore ? [] : [unknownFinding("iam-widened", change, `The policy that ${whose} gets`)];
  }
  return [
    finding("iam-widened", change, `${capitalized(whose)} gets another policy`, [
      after === UNKNOWN
        ? "attaches a policy that the plan makes"
        : `attaches ${shown(change, "after", "policy_arn")}`,
    ]),
  ];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Attaches to any number of each, and takes the policy from all others. */
function ofSharedAttachment(change: ResourceChange): Finding[] {
  if (change.after === undefined) {
    return [];
  }
  const isOfSame = attributeOf(change, "before", "policy_arn") === attributeOf(change, "after", "policy_arn");
  return ["roles", "users", "groups"].flatMap((attribute) => {
    const after = attributeOf(change, "after", attribute);
    if (after === UNKNOWN) {
      return [unknownFinding("iam-widened", change, `Which ${attribute} get a policy`)];
    }
    const before = isOfSame ? listOf(attributeOf(change, "before", attribute)) : [];
    const added = listOf(after).filter((name) => !before.includes(name));
    const details = isSensitive(change, attribute)
      ? []
      : added.map((name) => `attaches it to ${shownValue(name)}`);
    return added.length === 0
      ? []
      : [finding("iam-widened", change, `More ${attribute} get a policy`, atMost(details, 20))];
  });
}

const WHO_MAY_INVOKE = [
  "function_name",
  "qualifier",
  "action",
  "principal",
  "principal_org_id",
  "source_account",
  "source_arn",
  "event_source_token",
  "function_url_auth_type",
];

function ofLambdaPermission(context: ReviewContext, change: ResourceChange, made: Made): Finding[] {
  if (change.after === undefined || made.isNew(change, FUNCTION)) {
    return [];
  }
  const isChanged = (attribute: string) =>
    attributeOf(change, "before", attribute) !== attributeOf(change, "after", attribute);
  if (change.before !== undefined && !WHO_MAY_INVOKE.some(isChanged)) {
    return [];
  }
  const principal = attributeOf(change, "after", "principal");
  const source = attributeOf(change, "after", "source_arn");
  const what = belonging(change, FUNCTION) || "of a function";
  if (principal === UNKNOWN) {
    return [unknownFinding("iam-widened", change, `A permission ${what}`)];
  }
  if (principal === "events.amazonaws.com" || principal === "sns.amazonaws.com") {
    if (isOfThisPlan(context, change, source)) {
      return [];
    }
    if (source === UNKNOWN) {
      return [unknownFinding("iam-widened", change, `A permission ${what}`)];
    }
  }
  const isAnySource = source === null || source === undefined || source === "";
  const from = isAnySource ? "from anything" : `from ${shown(change, "after", "source_arn")}`;
  return [
    finding("iam-widened", change, `More may invoke ${what.replace(/^of /, "")}`, [
      `allows ${shown(change, "after", "action")} by ${shown(change, "after", "principal")} ${from}`,
    ]),
  ];
}

/** Whether a rule or topic of the plan is what a permission is for. */
function isOfThisPlan({ plan, references }: ReviewContext, change: ResourceChange, source: unknown): boolean {
  const isSource = (type: string) => type === "aws_cloudwatch_event_rule" || type === "aws_sns_topic";
  if (typeof source === "string") {
    return (
      source !== "" &&
      plan.resources.some(({ type, attributes }) => isSource(type) && attributes.arn === source)
    );
  }
  return (
    source === UNKNOWN &&
    references
      .of(change.configAddress, "source_arn")
      .some((address) =>
        plan.changes.some(({ configAddress, type }) => configAddress === address && isSource(type)),
      )
  );
}

function ofBusPermission(change: ResourceChange): Finding[] {
  const names = ["principal", "action", "event_bus_name", "condition"];
  if (change.after === undefined) {
    return [];
  }
  const changed = names.filter(
    (name) =>
      JSON.stringify(attributeOf(change, "before", name) ?? null) !==
        JSON.stringify(attributeOf(change, "after", name) ?? null) ||
      attributeOf(change, "after", name) === UNKNOWN,
  );
  if (changed.length === 0) {
    return [];
  }
  if (changed.some((name) => attributeOf(change, "after", name) === UNKNOWN)) {
    return [unknownFinding("iam-widened", change, "Who may put events on an event bus")];
  }
  return [
    finding(
      "iam-widened",
      change,
      `More may put events on the event bus "${shown(change, "after", "event_bus_name")}"`,
      [`allows ${shown(change, "after", "action")} by ${shown(change, "after", "principal")}`],
    ),
  ];
}

function named(change: ResourceChange, attribute: string): string {
  return isSensitive(change, attribute) ? "with a sensitive name" : `"${shown(change, "before", attribute)}"`;
}
