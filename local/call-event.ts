import { randomUUID } from "node:crypto";
import { type BusEvent, eventOfRecord, eventTime } from "./event-of-record";
import { scheduledEvent } from "./scheduled-event";

export interface RecordedCall {
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  /** What a record of this call has besides or instead, such as `errorCode` or `userIdentity`. */
  readonly [field: string]: unknown;
}

/** Where a call is made, or a schedule ticks. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/**
 * The event that EventBridge delivers for a call of an account's user, as CloudTrail records it: for functions that are
 * run without an event plane.
 *
 * @throws Error for an `eventType` that EventBridge delivers nothing for
 */
export function callEvent(call: RecordedCall, { accountId, region }: Place): BusEvent {
  const event = eventOfRecord({
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      arn: `arn:aws:iam::${accountId}:user/mallory`,
      accountId,
      userName: "mallory",
      sessionContext: { attributes: { mfaAuthenticated: "false" } },
    },
    eventTime: eventTime(new Date()),
    awsRegion: region,
    sourceIPAddress: "203.0.113.10",
    userAgent: "aws-cli/2.22.0",
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
    ...call,
  });
  if (event === undefined) {
    throw new Error(`EventBridge delivers no event for ${call.eventName}`);
  }
  return event;
}

/** The event of the schedule of the guard's regular look. */
export function regularLookEvent({ accountId, region }: Place): BusEvent {
  const ruleArn = `arn:aws:events:${region}:${accountId}:rule/enable_trail_regular_look`;
  return scheduledEvent(ruleArn, accountId, new Date());
}
