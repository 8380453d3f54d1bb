import { randomUUID } from "node:crypto";

export interface StopLoggingCall {
  /** Name or ARN, as the caller gave it. */
  readonly trail: string;
  readonly accountId: string;
  readonly region: string;
  readonly principalArn: string;
}

/**
 * The event that EventBridge delivers after a `StopLogging` call (CloudTrail user guide, "CloudTrail record
 * contents"; EventBridge user guide, "AWS service events delivered via AWS CloudTrail").
 */
export function stopLoggingEvent({ trail, accountId, region, principalArn }: StopLoggingCall) {
  const time = new Date().toISOString().replace(/\.\d+/, "");
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.cloudtrail",
    account: accountId,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity: { type: "IAMUser", arn: principalArn, accountId, userName: lastPart(principalArn) },
      eventTime: time,
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: region,
      sourceIPAddress: "203.0.113.10",
      userAgent: "trailwarden local",
      requestParameters: { name: trail },
      responseElements: null,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: accountId,
      eventCategory: "Management",
    },
  };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
