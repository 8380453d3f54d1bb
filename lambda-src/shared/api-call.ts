/** An API call as CloudTrail recorded it, as far as its record tells. */
export interface ApiCall {
  readonly eventId: string;
  /** ISO 8601, e.g. `2026-03-25T05:42:48Z`. */
  readonly time: string;
  /** e.g. `cloudtrail.amazonaws.com` */
  readonly eventSource: string;
  /** e.g. `StopLogging` */
  readonly eventName: string;
  readonly region: string;
  readonly accountId: string;
  /** Absent for a call that AWS carried out. */
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly sourceIpAddress: string;
  readonly userAgent: string;
  readonly principal: Principal;
  /** Empty for many calls that were denied. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** ARNs that the record names. */
  readonly resourceArns: readonly string[];
}

export interface Principal {
  /** e.g. `AssumedRole`; empty where the record has none. */
  readonly type: string;
  /** As recorded, session name and all; empty where the record has none. */
  readonly arn: string;
  /** ARN of the user, or of the role without its session. */
  readonly roleOrUserArn: string;
  /** Undefined where the record doesn't say. */
  readonly mfa: boolean | undefined;
  /** AWS service that called on somebody's behalf. */
  readonly invokedBy: string | undefined;
}

/** Reads an EventBridge event of any shape. @returns undefined for one that holds no API call */
export function apiCallOf(event: unknown): ApiCall | undefined {
  const record = property(event, "detail");
  const eventSource = text(record, "eventSource");
  const eventName = text(record, "eventName");
  if (eventSource === "" || eventName === "") {
    return undefined;
  }
  const resources = property(record, "resources");
  const parameters = property(record, "requestParameters");
  return {
    eventSource,
    eventName,
    eventId: text(record, "eventID") || text(event, "id"),
    time: text(record, "eventTime") || text(event, "time"),
    region: text(record, "awsRegion") || text(event, "region"),
    accountId: text(record, "recipientAccountId") || text(event, "account"),
    errorCode: text(record, "errorCode") || undefined,
    errorMessage: text(record, "errorMessage") || undefined,
    sourceIpAddress: text(record, "sourceIPAddress"),
    userAgent: text(record, "userAgent"),
    principal: principalOf(property(record, "userIdentity")),
    parameters: isObject(parameters) ? parameters : {},
    resourceArns: Array.isArray(resources)
      ? resources.map((resource) => text(resource, "ARN")).filter((arn) => arn !== "")
      : [],
  };
}

function principalOf(identity: unknown): Principal {
  const arn = text(identity, "arn");
  const session = property(identity, "sessionContext");
  const issuer = text(property(session, "sessionIssuer"), "arn");
  const mfa = text(property(session, "attributes"), "mfaAuthenticated");
  return {
    type: text(identity, "type"),
    arn,
    roleOrUserArn: issuer || withoutSession(arn),
    mfa: mfa === "" ? undefined : mfa === "true",
    invokedBy: text(identity, "invokedBy") || undefined,
  };
}

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` is `arn:aws:iam::ACCOUNT:role/NAME`; a role's path is lost in it. */
function withoutSession(arn: string): string {
  const match = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return match === null ? arn : `arn:${match[1]}:iam::${match[2]}:role/${match[3]}`;
}

/** A text of an object, empty where there is none. */
export function text(value: unknown, name: string): string {
  const inner = property(value, name);
  return typeof inner === "string" ? inner : "";
}

export function property(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
