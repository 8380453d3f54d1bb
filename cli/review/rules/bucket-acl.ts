import { attributeOf, isSensitive, type Side, UNKNOWN } from "../change";
import { finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import { isRecord, valueAt } from "../tree";
import type { SettingKind } from "./settings";
import { shownValue } from "./wording";

/** `GRANTEE PERMISSION` of each grant but the owner's, or {@link UNKNOWN}. */
type Acl = ReadonlySet<string> | typeof UNKNOWN;

const GROUPS = "http://acs.amazonaws.com/groups";
const EVERYONE = `${GROUPS}/global/AllUsers`;

/** S3 user guide, "Access control list (ACL) overview", "Canned ACL": those that let others than AWS's services in. */
const CANNED = new Map<unknown, readonly string[]>([
  ["private", []],
  ["public-read", [`${EVERYONE} READ`]],
  ["public-read-write", [`${EVERYONE} READ`, `${EVERYONE} WRITE`]],
  ["authenticated-read", [`${GROUPS}/global/AuthenticatedUsers READ`]],
  ["aws-exec-read", []],
  ["bucket-owner-read", []],
  ["bucket-owner-full-control", []],
  ["log-delivery-write", [`${GROUPS}/s3/LogDelivery WRITE`]],
]);

/** The access control list of a bucket of log files: whether it lets in whom it didn't. */
export const ACL: SettingKind<Acl> = {
  type: "aws_s3_bucket_acl",
  own: (change, side) =>
    aclOf(change, side, () => {
      const policy = attributeOf(change, side, "access_control_policy");
      const owner = valueAt(policy, [0, "owner", 0, "id"]);
      return policy === UNKNOWN
        ? UNKNOWN
        : grantsOf(valueAt(policy, [0, "grant"]), owner, (grant) => ({
            grantee: valueAt(grant, ["grantee", 0]),
            permissions: [grant.permission],
          }));
    }),
  inline: (change, side) =>
    aclOf(change, side, () => {
      const grants = attributeOf(change, side, "grant");
      return grants === UNKNOWN
        ? UNKNOWN
        : grantsOf(grants, undefined, (grant) => ({
            grantee: grant,
            permissions: Array.isArray(grant.permissions) ? grant.permissions : [grant.permissions],
          }));
    }),
  // The provider leaves the list as it is.
  destroyed: new Set(),
  judge: (change, before, after) => {
    if (after === UNKNOWN) {
      return [
        unknownFinding("bucket-policy-opened", change, "Whom the bucket's access control list lets in"),
      ];
    }
    const gained = [...after].filter((grant) => before === UNKNOWN || !before.has(grant));
    const isHidden = ["acl", "access_control_policy", "grant"].some((name) => isSensitive(change, name));
    return gained.length === 0
      ? []
      : [
          finding(
            "bucket-policy-opened",
            change,
            "The access control list of the bucket of log files lets in more",
            isHidden ? [] : gained.map(shownValue),
          ),
        ];
  },
};

/** A canned list decides: what it grants is otherwise known after apply only. */
function aclOf(change: ResourceChange, side: Side, grants: () => Acl): Acl {
  const canned = attributeOf(change, side, "acl");
  if (canned === null || canned === undefined || canned === "") {
    return grants();
  }
  const known = CANNED.get(canned);
  return known === undefined ? UNKNOWN : new Set(known);
}

function grantsOf(
  grants: unknown,
  owner: unknown,
  read: (grant: Readonly<Record<string, unknown>>) => {
    readonly grantee: unknown;
    readonly permissions: readonly unknown[];
  },
): Acl {
  if (grants === null || grants === undefined) {
    return new Set();
  }
  if (!Array.isArray(grants) || !grants.every(isRecord)) {
    return UNKNOWN;
  }
  const found = grants.map(read).flatMap(({ grantee, permissions }) => {
    const [uri, id, email] = ["uri", "id", "email_address"].map((name) => valueAt(grantee, [name]));
    const isOwner = typeof id === "string" && id !== "" && id === owner;
    return isOwner
      ? []
      : permissions.map((permission) => `${String(uri || id || email || "somebody")} ${String(permission)}`);
  });
  return new Set(found);
}
