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
  /** Absent for a call that AWS carried out; `Failure` of a sign-in that failed, whose record has none. */
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
  /** e.g. `alice`; empty where the record has none. */
  readonly userName: string;
  /** The caller's own account; empty where the record has none. */
  readonly accountId: string;
  /** Undefined where the record doesn't say. */
  readonly mfa: boolean | undefined;
  /** AWS service that called on somebody's behalf. */
  readonly invokedBy: string | undefined;
}

/** Reads an EventBridge event of any shape. @returns undefined for one that holds no API call */
export function apiCallOf(event: unknown): ApiCall | undefined {
  const call = apiCallOfRecord(property(event, "detail"));
  return (
    call && {
      ...call,
      eventId: call.eventId || text(event, "id"),
      time: call.time || text(event, "time"),
      region: call.region || text(event, "region"),
      accountId: call.accountId || text(event, "account"),
    }
  );
}

/** Reads a CloudTrail record of any shape, as it stands in the log group. @returns undefined for one that holds no API call */
export function apiCallOfRecord(record: unknown): ApiCall | undefined {
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
    eventId: text(record, "eventID"),
    time: text(record, "eventTime"),
    region: text(record, "awsRegion"),
    accountId: text(record, "recipientAccountId"),
    errorCode: text(record, "errorCode") || failedSignIn(record),
    errorMessage: text(record, "errorMessage") || undefined,
    sourceIpAddress: text(record, "sourceIPAddress"),
    userAgent: text(record, "userAgent"),
    principal: principalOf(record),
    parameters: isObject(parameters) ? parameters : {},
    resourceArns: Array.isArray(resources)
      ? resources.map((resource) => text(resource, "ARN")).filter((arn) => arn !== "")
      : [],
  };
}

/** CloudTrail user guide, "AWS Management Console sign-in events": a failure stands in the response, beside a message. */
function failedSignIn(record: unknown): string | undefined {
  const outcome = text(property(record, "responseElements"), text(record, "eventName"));
  return outcome === "Failure" ? outcome : undefined;
}

function principalOf(record: unknown): Principal {
  const identity = property(record, "userIdentity");
  const arn = text(identity, "arn");
  const session = property(identity, "sessionContext");
  const issuer = property(session, "sessionIssuer");
  return {
    type: text(identity, "type"),
    arn,
    roleOrUserArn: text(issuer, "arn") || withoutSession(arn),
    userName: text(identity, "userName"),
    accountId: text(identity, "accountId"),
    mfa: mfaOf(text(property(session, "attributes"), "mfaAuthenticated"), record),
    invokedBy: text(identity, "invokedBy") || undefined,
  };
}

/** A sign-in comes before the session that would tell of it. */
function mfaOf(authenticated: string, record: unknown): boolean | undefined {
  const used = text(property(record, "additionalEventData"), "MFAUsed");
  if (used === "Yes" || used === "No") {
    return used === "Yes";
  }
  return authenticated === "" ? undefined : authenticated === "true";
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

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
