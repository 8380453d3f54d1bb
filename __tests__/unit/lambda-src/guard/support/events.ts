import { ACCOUNT, GUARD_ROLE_ARN, REGION } from "./deployment";

/** A call as it is put into an event. */
export interface CallOfEvent {
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters?: unknown;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** Milliseconds of Unix time. */
  readonly at?: number | undefined;
  readonly eventId?: string | undefined;
  readonly userIdentity?: unknown;
  readonly userAgent?: string | undefined;
  readonly sourceIpAddress?: string | undefined;
  readonly resources?: unknown;
}

export const MALLORY = {
  type: "IAMUser",
  arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
  sessionContext: { attributes: { mfaAuthenticated: "false" } },
};

/** Someone who assumed a role. */
export function inRole(roleArn: string, session = "session") {
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return {
    type: "AssumedRole",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
    sessionContext: { sessionIssuer: { type: "Role", arn: roleArn } },
  };
}

export const GUARD_ITSELF = inRole(GUARD_ROLE_ARN, "enable_trail");
export const TERRAFORM_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/ci/terraform`;
export const TERRAFORM = inRole(TERRAFORM_ROLE_ARN, "run-4711");

/** The event that EventBridge delivers for a call. */
export function eventOf(call: CallOfEvent) {
  const { at = 0, eventId = "e1", sourceIpAddress = "203.0.113.10", userAgent = "aws-cli/2.15" } = call;
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    version: "0",
    id: eventId,
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${call.eventSource.split(".")[0]}`,
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [],
    detail: {
      eventVersion: "1.09",
      eventSource: call.eventSource,
      eventName: call.eventName,
      eventID: eventId,
      eventTime: time,
      awsRegion: REGION,
      recipientAccountId: ACCOUNT,
      sourceIPAddress: sourceIpAddress,
      userAgent,
      userIdentity: call.userIdentity === undefined ? MALLORY : call.userIdentity,
      requestParameters: call.requestParameters ?? null,
      ...(call.errorCode === undefined
        ? {}
        : { errorCode: call.errorCode, errorMessage: call.errorMessage ?? "not authorized" }),
      ...(call.resources === undefined ? {} : { resources: call.resources }),
    },
  };
}

/** What the schedule sends. */
export const REGULAR_LOOK = {
  version: "0",
  id: "look",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: ACCOUNT,
  region: REGION,
  resources: [],
  detail: {},
};
