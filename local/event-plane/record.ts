import { createHash, randomUUID } from "node:crypto";
import { type CloudTrailRecord, eventTime } from "../event-of-record";
import type { ApiRequest } from "../gateway/api-request";
import type { Caller } from "./callers";
import { errorCodeOf, isDenied } from "./error-code";
import { partitionOf, regionOfRecord } from "./partition";
import { eventNameOf, isRecorded } from "./recorded-calls";
import { requestParametersOf } from "./request-parameters";

/** How a call ended: with an error, as the service answers it, or well. */
export interface CallOutcome {
  /** e.g. `TrailNotFoundException` */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** Where and when a call arrived. */
export interface Arrival {
  readonly accountId: string;
  readonly time: Date;
  /** @default 203.0.113.10, of the addresses that RFC 5737 keeps for documentation */
  readonly sourceIpAddress?: string | undefined;
}

const DEFAULT_ADDRESS = "203.0.113.10";

/** These two tell what a call was given even if it was denied; other services leave it out. */
const TELL_OF_DENIED: readonly string[] = ["ec2", "s3"];

/**
 * The record that CloudTrail writes of a call (CloudTrail user guide, "CloudTrail record contents" and "CloudTrail
 * userIdentity element"). It tells nothing of the answer: `responseElements` is null.
 *
 * @returns undefined for a call that CloudTrail doesn't record as a management event that changes something: reads, data
 *   events
 */
export function recordOf(
  request: ApiRequest,
  outcome: CallOutcome,
  caller: Caller,
  at: Arrival,
): CloudTrailRecord | undefined {
  if (!isRecorded(request)) {
    return undefined;
  }
  const { service, region, userAgent } = request;
  const errorCode = outcome.errorCode === undefined ? undefined : errorCodeOf(service, outcome.errorCode);
  const isUntold = errorCode !== undefined && isDenied(errorCode) && !TELL_OF_DENIED.includes(service);
  const invokedBy = caller.kind === "service" ? caller.service : undefined;
  return {
    eventVersion: "1.11",
    userIdentity: userIdentityOf(caller, request.accessKeyId, at),
    eventTime: eventTime(at.time),
    eventSource: `${service}.amazonaws.com`,
    eventName: eventNameOf(request),
    awsRegion: regionOfRecord(service, region),
    sourceIPAddress: invokedBy ?? at.sourceIpAddress ?? DEFAULT_ADDRESS,
    userAgent: invokedBy ?? (service === "s3" ? `[${userAgent}]` : userAgent),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(outcome.errorMessage === undefined ? {} : { errorMessage: outcome.errorMessage }),
    requestParameters: isUntold ? null : requestParametersOf(request, at.accountId),
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: at.accountId,
    eventCategory: "Management",
  };
}

/** A person's attempt to sign in to the console. */
export interface SignIn extends Arrival {
  /** Name of an IAM user that exists. */
  readonly userName: string;
  readonly region: string;
  readonly succeeded: boolean;
  /** Whether a device confirmed it. */
  readonly mfa: boolean;
}

/** The record of a sign-in (CloudTrail user guide, "AWS Management Console sign-in events"). */
export function signInRecord(signIn: SignIn): CloudTrailRecord {
  const { userName, accountId, region, succeeded, mfa, time } = signIn;
  const arn = `arn:${partitionOf(region)}:iam::${accountId}:user/${userName}`;
  return {
    eventVersion: "1.08",
    userIdentity: { type: "IAMUser", principalId: principalIdOf("AIDA", arn), arn, accountId, userName },
    eventTime: eventTime(time),
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    awsRegion: region,
    sourceIPAddress: signIn.sourceIpAddress ?? DEFAULT_ADDRESS,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ...(succeeded ? {} : { errorMessage: "Failed authentication" }),
    requestParameters: null,
    responseElements: { ConsoleLogin: succeeded ? "Success" : "Failure" },
    additionalEventData: {
      LoginTo: "https://console.aws.amazon.com/console/home",
      MobileVersion: "No",
      MFAUsed: mfa ? "Yes" : "No",
    },
    eventID: randomUUID(),
    readOnly: false,
    eventType: "AwsConsoleSignIn",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
  };
}

function userIdentityOf(caller: Caller, accessKeyId: string, { accountId, time }: Arrival): CloudTrailRecord {
  // Nobody keeps when a session began; it is taken to begin with the call.
  const attributes = { creationDate: eventTime(time), mfaAuthenticated: "false" };
  switch (caller.kind) {
    case "user":
      return {
        type: "IAMUser",
        principalId: principalIdOf("AIDA", caller.arn),
        arn: caller.arn,
        accountId,
        accessKeyId,
        userName: caller.userName,
        // A user's own keys are no session.
        ...(accessKeyId.startsWith("ASIA") ? { sessionContext: { attributes } } : {}),
      };
    case "role": {
      const principalId = principalIdOf("AROA", caller.roleArn);
      return {
        type: "AssumedRole",
        principalId: `${principalId}:${caller.sessionName}`,
        arn: caller.arn,
        accountId,
        accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId,
            arn: caller.roleArn,
            accountId,
            userName: caller.roleName,
          },
          attributes,
        },
      };
    }
    case "root":
      return { type: "Root", principalId: accountId, arn: caller.arn, accountId, accessKeyId };
    case "service":
      return { type: "AWSService", invokedBy: caller.service };
  }
}

/** AWS draws it when a user or role is made; here it follows from the ARN, so that it stays the same. */
function principalIdOf(prefix: "AIDA" | "AROA", arn: string): string {
  return prefix + createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase();
}
