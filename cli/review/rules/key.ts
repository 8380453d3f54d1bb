import { allowsService } from "../../iam-policy/policy-changes";
import { attributeOf, changedAttributes, isDestroyed, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import { judgedPolicy, openedPolicy, textOf } from "./policy-change";
import { judgeSettings, Owners, type SettingKind, switchFindings } from "./settings";
import { listed, shown, shownValue } from "./wording";

const KEYS: readonly string[] = [
  "aws_kms_key",
  "aws_kms_external_key",
  "aws_kms_replica_key",
  "aws_kms_replica_external_key",
];

/** KMS API reference, "ScheduleKeyDeletion". */
const DEFAULT_DELETION_WINDOW_DAYS = 30;

const GRANTED: readonly string[] = ["constraints", "grantee_principal", "key_id", "operations"];

const WHAT = "The policy of the key";

const POLICY: SettingKind<unknown> = {
  type: "aws_kms_key_policy",
  own: policyOf,
  inline: policyOf,
  destroyed: undefined,
  judge: judgePolicy,
};

/** Keys of log files and log groups that the plan destroys, disables, or opens to more. */
export function judgeKeys(context: ReviewContext): Finding[] {
  const { plan, parts } = context;
  const owners = new Owners(context, { types: KEYS, name: "key_id", namedBy: "key_id" });
  const keys = plan.changes.filter(
    (change) => KEYS.includes(change.type) && change.before !== undefined && parts.keys.has(change, "key_id"),
  );
  return [
    ...keys.flatMap((key) => [...destruction(key), ...(key.after === undefined ? [] : deletionWindow(key))]),
    ...judgeSettings(context, owners, parts.keys, POLICY, keys),
    ...plan.changes
      .filter(
        (change) =>
          change.type === "aws_kms_grant" &&
          change.after !== undefined &&
          changedAttributes(change).some((name) => GRANTED.includes(name)) &&
          owners.isPart(parts.keys, change) &&
          !owners.areMade(change),
      )
      .map(newGrant),
  ];
}

function destruction(key: ResourceChange): readonly Finding[] {
  const rule = "key-destroyed";
  if (isDestroyed(key)) {
    return [finding(rule, key, `The key is ${key.action === "replace" ? "replaced" : "destroyed"}`)];
  }
  if (key.after === undefined) {
    return [];
  }
  const attribute = key.type === "aws_kms_key" ? "is_enabled" : "enabled";
  return switchFindings(
    rule,
    key,
    [attributeOf(key, "before", attribute), attributeOf(key, "after", attribute)],
    {
      lost: "The key is disabled: nothing can be encrypted or read with it",
      what: "Whether the key is enabled",
    },
  );
}

function deletionWindow(key: ResourceChange): readonly Finding[] {
  const rule = "key-deletion-window-shortened";
  const before = attributeOf(key, "before", "deletion_window_in_days") ?? DEFAULT_DELETION_WINDOW_DAYS;
  const after = attributeOf(key, "after", "deletion_window_in_days") ?? DEFAULT_DELETION_WINDOW_DAYS;
  if (typeof before !== "number" || typeof after !== "number") {
    return [unknownFinding(rule, key, "How soon the key would be deleted")];
  }
  return after >= before
    ? []
    : [
        finding(
          rule,
          key,
          isSensitive(key, "deletion_window_in_days")
            ? undefined
            : `The key would be deleted after ${after} days instead of ${before}`,
        ),
      ];
}

function policyOf(change: ResourceChange, side: Side): unknown {
  return attributeOf(change, side, "policy");
}

function judgePolicy(change: ResourceChange, before: unknown, after: unknown): readonly Finding[] {
  if (change.after === undefined) {
    return [
      finding(
        "key-policy-opened",
        change,
        "The policy of the key is destroyed: in its place comes the default one, by which IAM policies of the account decide",
      ),
    ];
  }
  const policy = { before, after, what: WHAT, isSensitive: isSensitive(change, "policy") };
  return [
    ...openedPolicy("key-policy-opened", change, policy),
    ...(before === after
      ? []
      : judgedPolicy("key-destroyed", change, policy, () => denied(change, before, after))),
  ];
}

/** CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail": without it, no log file is delivered. */
function denied(change: ResourceChange, before: unknown, after: unknown): Finding[] {
  const arn = attributeOf(change, "before", "arn");
  const mayEncrypt = (policy: string | undefined) =>
    allowsService(
      policy,
      "cloudtrail.amazonaws.com",
      "kms:GenerateDataKey",
      typeof arn === "string" ? arn : "arn:aws:kms:us-east-1:123456789012:key/any",
    );
  if (!mayEncrypt(textOf(before))) {
    return [];
  }
  if (after === UNKNOWN) {
    return [unknownFinding("key-destroyed", change, "Whether CloudTrail may encrypt with the key")];
  }
  return mayEncrypt(textOf(after))
    ? []
    : [finding("key-destroyed", change, "CloudTrail may no longer encrypt log files with the key")];
}

function newGrant(grant: ResourceChange): Finding {
  const operations = attributeOf(grant, "after", "operations");
  const names = Array.isArray(operations) ? operations.map(shownValue) : ["what is known after apply only"];
  return finding("key-policy-opened", grant, "A grant lets somebody use the key", [
    `${shown(grant, "after", "grantee_principal")}: ${isSensitive(grant, "operations") ? "sensitive values" : listed(names)}`,
  ]);
}
