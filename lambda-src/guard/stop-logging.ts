/** A trail's ARN, taken apart. */
export interface TrailIdentity {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * @param arn `arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME`
 * @throws if it is no trail's ARN
 */
export function trailIdentity(arn: string): TrailIdentity {
  const match = /^arn:[\w-]+:cloudtrail:([\w-]+):(\d{12}):trail\/([\w.-]+)$/.exec(arn);
  if (match === null) {
    throw new Error(`not a trail's ARN: ${JSON.stringify(arn)}`);
  }
  const [, region, accountId, name] = match as unknown as [string, string, string, string];
  return { arn, name, region, accountId };
}

/** What an event means for the guarded trail. */
export type Verdict =
  | { readonly kind: "stopped"; readonly call: CallDetails }
  | { readonly kind: "ignored"; readonly reason: string };

/** Who stopped the trail, as CloudTrail recorded it. */
export interface CallDetails {
  readonly eventId: string | undefined;
  readonly eventTime: string | undefined;
  readonly principalArn: string | undefined;
  readonly sourceIpAddress: string | undefined;
}

/**
 * Tells whether an EventBridge event reports a successful `StopLogging` of this trail.
 *
 * CloudTrail names the trail in `requestParameters.name`, by name or by ARN; a denied call has an `errorCode` and
 * often `requestParameters: null`. Any shape of event is judged, none throws.
 */
export function judge(event: unknown, trail: TrailIdentity): Verdict {
  const detail = property(event, "detail");
  if (property(detail, "eventSource") !== "cloudtrail.amazonaws.com") {
    return ignored("not a call to CloudTrail");
  }
  if (property(detail, "eventName") !== "StopLogging") {
    return ignored("not a StopLogging call");
  }
  const errorCode = property(detail, "errorCode");
  if (errorCode !== undefined && errorCode !== null) {
    return ignored(`the call failed: ${text(errorCode) ?? "error code of unknown form"}`);
  }
  const named = text(property(property(detail, "requestParameters"), "name"));
  if (named === undefined) {
    return ignored("the call names no trail");
  }
  if (!names(named, detail, event, trail)) {
    return ignored(`the call is for another trail: ${named}`);
  }
  return {
    kind: "stopped",
    call: {
      eventId: text(property(detail, "eventID")),
      eventTime: text(property(detail, "eventTime")),
      principalArn: text(property(property(detail, "userIdentity"), "arn")),
      sourceIpAddress: text(property(detail, "sourceIPAddress")),
    },
  };
}

// A name alone means the trail of that name in the region and account of the call.
function names(named: string, detail: unknown, event: unknown, trail: TrailIdentity): boolean {
  if (named.startsWith("arn:")) {
    return named === trail.arn;
  }
  const region = text(property(detail, "awsRegion")) ?? text(property(event, "region"));
  const accountId = text(property(detail, "recipientAccountId")) ?? text(property(event, "account"));
  return named === trail.name && region === trail.region && accountId === trail.accountId;
}

function ignored(reason: string): Verdict {
  return { kind: "ignored", reason };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
