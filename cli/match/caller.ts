type Fields = Readonly<Record<string, unknown>>;

/**
 * Who made a call, in a few words, from a record's `userIdentity` (CloudTrail user guide, "CloudTrail userIdentity
 * element"): a user's name, a role and its session, root, an account or a service.
 */
export function callerOf(record: Fields): string {
  const identity = fieldsOf(record.userIdentity);
  const { type, userName, accountId, invokedBy, principalId } = identity;
  const arn = text(identity.arn);
  switch (type) {
    case "Root":
      return "root";
    case "AssumedRole":
      return `role ${afterSlash(arn) ?? text(fieldsOf(fieldsOf(identity.sessionContext).sessionIssuer).userName)}`;
    case "IAMUser":
      return `user ${text(userName) || (afterSlash(arn) ?? text(principalId))}`;
    case "FederatedUser":
      return `federated ${afterSlash(arn) ?? text(principalId)}`;
    case "AWSAccount":
      return `account ${text(accountId)}`;
    case "AWSService":
      return `service ${text(invokedBy)}`;
    default:
      return text(userName) || arn || text(invokedBy) || text(principalId) || text(accountId);
  }
}

/** `role/session` of `arn:aws:sts::111122223333:assumed-role/role/session`. */
function afterSlash(arn: string): string | undefined {
  const slash = arn.indexOf("/");
  return slash < 0 ? undefined : arn.slice(slash + 1);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
