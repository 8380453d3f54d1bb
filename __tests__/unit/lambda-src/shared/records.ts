import fc from "fast-check";
import { type ApiCall, apiCallOfRecord } from "../../../../lambda-src/shared/api-call";
import { eventOf } from "../guard/support/events";
import { hostileText } from "./hostile-text";

/** A record of CloudTrail with any field replaced. */
export function callOfRecord(fields: object = {}): ApiCall {
  const { detail } = eventOf({ eventSource: "ec2.amazonaws.com", eventName: "RunInstances", at: 0 });
  const call = apiCallOfRecord({ ...detail, ...fields });
  if (call === undefined) {
    throw new Error("the record holds no call");
  }
  return call;
}

/** Nested a thousand deep. */
export function deepObject(depth = 1000): object {
  return depth === 0 ? { userName: "deep" } : { a: deepObject(depth - 1), list: [[[{}]]] };
}

const anyValue = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, [], deepObject(), "x\r\nWho      ".repeat(1000), "\ud83d".repeat(1000)),
);

const parameters = fc.oneof(
  fc.dictionary(
    fc.oneof(hostileText, fc.constantFrom("userName", "groupId", "policyArn", "items")),
    anyValue,
    {
      maxKeys: 6,
    },
  ),
  fc.record({
    instancesSet: fc.record({ items: fc.array(fc.record({ instanceId: anyValue }), { maxLength: 5 }) }),
  }),
);

/** Calls of records in which anything may stand in any field. */
export const hostileCall = fc
  .record(
    {
      eventName: hostileText.map((text) => `E${text}`),
      eventSource: hostileText.map((text) => `s${text}`),
      eventID: anyValue,
      eventTime: anyValue,
      awsRegion: anyValue,
      recipientAccountId: anyValue,
      errorCode: anyValue,
      errorMessage: anyValue,
      sourceIPAddress: anyValue,
      userAgent: anyValue,
      requestParameters: parameters,
      resources: fc.array(fc.record({ ARN: anyValue }), { maxLength: 3 }),
      userIdentity: fc.record(
        {
          type: fc.oneof(
            anyValue,
            fc.constantFrom("Root", "IAMUser", "AssumedRole", "AWSService", "AWSAccount", "FederatedUser"),
          ),
          arn: fc.oneof(
            anyValue,
            hostileText.map((text) => `arn:aws:sts::1:assumed-role/${text}/${text}`),
          ),
          userName: anyValue,
          accountId: anyValue,
          invokedBy: anyValue,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["eventName", "eventSource"] },
  )
  .map(callOfRecord);
