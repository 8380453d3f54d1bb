import { randomUUID } from "node:crypto";
import { type BusEvent, eventOfRecord } from "../../../local/event-of-record";

export interface RecordedCall {
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  /** What a record of this call has besides or instead, such as `errorCode` or `userIdentity`. */
  readonly [field: string]: unknown;
}

/** The event that EventBridge delivers for a call of an account's user, as CloudTrail records it. */
export function callEvent(call: RecordedCall, { accountId, region }: { accountId: string; region: string }) {
  return eventOfRecord({
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      arn: `arn:aws:iam::${accountId}:user/mallory`,
      accountId,
      userName: "mallory",
      sessionContext: { attributes: { mfaAuthenticated: "false" } },
    },
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
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
  }) as BusEvent;
}

/** The event of an event rule with a schedule. */
export function scheduledEvent({ accountId, region }: { accountId: string; region: string }) {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: new Date().toISOString().replace(/\.\d+/, ""),
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/enable_trail_regular_look`],
    detail: {},
  };
}
