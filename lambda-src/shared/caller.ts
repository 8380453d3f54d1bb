import type { ApiCall, Principal } from "./api-call";

/**
 * Who made a call, in the words of AWS's console, e.g. `user mallory`, `role Operator, session alice` or `root`. May hold
 * anything that an event can.
 */
export function callerName({ principal, accountId }: Pick<ApiCall, "principal" | "accountId">): string {
  const name = nameOf(principal) || "unknown";
  const isForeign = principal.accountId !== "" && principal.accountId !== accountId;
  return isForeign && !name.includes(principal.accountId)
    ? `${name} of account ${principal.accountId}`
    : name;
}

/** By the types of the CloudTrail user guide, "CloudTrail userIdentity element". */
function nameOf({ type, arn, userName, accountId, invokedBy }: Principal): string {
  // arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION, arn:aws:iam::ACCOUNT:user/PATH/NAME
  const [kind = "", ...path] = arn.split(":").slice(5).join(":").split("/");
  // CloudTrail hides what was typed in for a user name that doesn't exist: it may be a password.
  const isHidden = userName === "HIDDEN_DUE_TO_SECURITY_REASONS";
  const name = isHidden ? "(name hidden by CloudTrail)" : userName || path.at(-1) || "";
  switch (type) {
    case "Root":
      return "root";
    case "IAMUser":
      return named("user", name);
    case "AssumedRole":
      return kind === "assumed-role"
        ? [named("role", path[0] ?? ""), named("session", path.slice(1).join("/"))].join(", ")
        : named("role", name);
    case "Role":
      return named("role", name);
    case "FederatedUser":
      return named("federated user", name);
    case "SAMLUser":
      return named("SAML user", name);
    case "WebIdentityUser":
      return named("web identity user", name);
    case "IdentityCenterUser":
      return named("Identity Center user", name);
    case "AWSService":
      return named("AWS service", invokedBy ?? "");
    case "AWSAccount":
      return named("account", accountId);
    default:
      return named(type, name || (invokedBy ?? ""));
  }
}

function named(kind: string, name: string): string {
  return kind === "" ? name : `${kind} ${name || "(not named)"}`;
}
