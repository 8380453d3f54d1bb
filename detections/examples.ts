// Builders of CloudTrail records for the detections' examples, in the shapes that CloudTrail writes (AWS CloudTrail user
// guide, "CloudTrail record contents" and "CloudTrail userIdentity element"). Accounts, addresses and keys are those
// that AWS and RFC 5737 keep for documentation.

export type CloudTrailRecord = Readonly<Record<string, unknown>>;
export type UserIdentity = Readonly<Record<string, unknown>>;

export const EXAMPLE_ACCOUNT = "111122223333";
export const EXAMPLE_REGION = "eu-central-1";

const USER_ADDRESS = "203.0.113.24";
const EVENT_TIME = "2026-03-02T09:14:27Z";

/** A user with an access key: no session, so no `sessionContext`. */
export function iamUser(userName = "alice"): UserIdentity {
  return {
    type: "IAMUser",
    principalId: "AIDACKCEVSQ6C2EXAMPLE",
    arn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:user/${userName}`,
    accountId: EXAMPLE_ACCOUNT,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    userName,
  };
}

/** @param roleName may begin with a path, which the session's ARN leaves out */
export function assumedRole(roleName = "Operator", sessionName = "alice"): UserIdentity {
  const baseName = roleName.slice(roleName.lastIndexOf("/") + 1);
  return {
    type: "AssumedRole",
    principalId: `AROACKCEVSQ6C2EXAMPLE:${sessionName}`,
    arn: `arn:aws:sts::${EXAMPLE_ACCOUNT}:assumed-role/${baseName}/${sessionName}`,
    accountId: EXAMPLE_ACCOUNT,
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROACKCEVSQ6C2EXAMPLE",
        arn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/${roleName}`,
        accountId: EXAMPLE_ACCOUNT,
        userName: baseName,
      },
      attributes: { creationDate: "2026-03-02T09:02:11Z", mfaAuthenticated: "false" },
    },
  };
}

/** Someone who came in through IAM Identity Center. */
export function singleSignOnUser(permissionSet = "Administrator", sessionName = "alice@example.com") {
  return assumedRole(
    `aws-reserved/sso.amazonaws.com/${EXAMPLE_REGION}/AWSReservedSSO_${permissionSet}_0123456789abcdef`,
    sessionName,
  );
}

export function rootUser(): UserIdentity {
  return {
    type: "Root",
    principalId: EXAMPLE_ACCOUNT,
    arn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:root`,
    accountId: EXAMPLE_ACCOUNT,
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    sessionContext: {
      sessionIssuer: {},
      webIdFederationData: {},
      attributes: { creationDate: "2026-03-02T09:02:11Z", mfaAuthenticated: "true" },
    },
  };
}

export function federatedUser(name = "alice"): UserIdentity {
  return {
    type: "FederatedUser",
    principalId: `${EXAMPLE_ACCOUNT}:${name}`,
    arn: `arn:aws:sts::${EXAMPLE_ACCOUNT}:federated-user/${name}`,
    accountId: EXAMPLE_ACCOUNT,
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    sessionContext: {
      sessionIssuer: {
        type: "IAMUser",
        principalId: "AIDACKCEVSQ6C2EXAMPLE",
        arn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:user/federation`,
        accountId: EXAMPLE_ACCOUNT,
        userName: "federation",
      },
      webIdFederationData: {},
      attributes: { creationDate: "2026-03-02T09:02:11Z", mfaAuthenticated: "false" },
    },
  };
}

/** A service that acts with someone's permissions, such as CloudFormation with those of a role. */
export function onBehalfOf(identity: UserIdentity, service: string): UserIdentity {
  return { ...identity, invokedBy: service };
}

/** A service on its own account: no ARN, no user. */
export function awsService(service: string): UserIdentity {
  return { type: "AWSService", invokedBy: service };
}

export interface ApiCall {
  /** e.g. `ec2.amazonaws.com` */
  readonly eventSource: string;
  readonly eventName: string;
  /** @default an IAM user */
  readonly by?: UserIdentity;
  /** @default null, as of a call without parameters */
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  /** @default null, as of a call that answers nothing */
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
  /** @default the service's one region if it has but one, {@link EXAMPLE_REGION} otherwise */
  readonly awsRegion?: string;
}

/** A call that succeeded. */
export function apiCall(call: ApiCall): CloudTrailRecord {
  const { eventSource, eventName, by = iamUser(), requestParameters = null, responseElements = null } = call;
  const awsRegion = call.awsRegion ?? (GLOBAL_SERVICES.includes(eventSource) ? "us-east-1" : EXAMPLE_REGION);
  return {
    eventVersion: "1.11",
    userIdentity: by,
    eventTime: EVENT_TIME,
    eventSource,
    eventName,
    awsRegion,
    sourceIPAddress: by.invokedBy ?? USER_ADDRESS,
    userAgent: by.invokedBy ?? "aws-cli/2.31.9 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13",
    requestParameters,
    responseElements,
    requestID: "6ab3f0c2-5d1e-4c6a-9e0f-2b7a1c9d8e01",
    eventID: "e3a1c4d2-7f60-4b8a-8a35-0c9d2e6f7b02",
    readOnly: /^(?:Describe|Get|Head|List|Lookup)/.test(eventName),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: EXAMPLE_ACCOUNT,
    eventCategory: "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: `${eventSource.split(".")[0]}.${awsRegion}.amazonaws.com`,
    },
  };
}

const GLOBAL_SERVICES = ["iam.amazonaws.com", "organizations.amazonaws.com"];

/** A call that was denied. Most services leave its parameters out: they are null unless given. */
export function deniedCall(call: Omit<ApiCall, "responseElements">): CloudTrailRecord {
  const { arn = "anonymous" } = call.by ?? iamUser();
  const action = `${call.eventSource.split(".")[0]}:${call.eventName}`;
  return {
    ...apiCall(call),
    errorCode: call.eventSource === "ec2.amazonaws.com" ? "Client.UnauthorizedOperation" : "AccessDenied",
    errorMessage: `User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
  };
}

export interface ConsoleLogin {
  /** @default an IAM user */
  readonly by?: UserIdentity;
  /** What `MFAUsed` says; left out of the record where undefined. */
  readonly mfaUsed?: "Yes" | "No";
  /** Why it failed; it succeeded where undefined. */
  readonly errorMessage?: "Failed authentication" | "No username found in supplied account";
  /** Identity provider of a federated sign-in. */
  readonly samlProviderArn?: string;
}

/** A sign-in to the console, or a failed one. */
export function consoleLogin(login: ConsoleLogin): CloudTrailRecord {
  // Nobody has a key before they are in.
  const { accessKeyId: _, ...by } = login.by ?? iamUser();
  return {
    ...apiCall({
      eventSource: "signin.amazonaws.com",
      eventName: "ConsoleLogin",
      by,
      awsRegion: "us-east-1",
    }),
    eventType: "AwsConsoleSignIn",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ...(login.errorMessage === undefined ? {} : { errorMessage: login.errorMessage }),
    responseElements: { ConsoleLogin: login.errorMessage === undefined ? "Success" : "Failure" },
    additionalEventData: {
      LoginTo: "https://console.aws.amazon.com/console/home?state=hashArgs%23&isauthcode=true",
      MobileVersion: "No",
      ...(login.mfaUsed === undefined ? {} : { MFAUsed: login.mfaUsed }),
      ...(login.samlProviderArn === undefined ? {} : { SamlProviderArn: login.samlProviderArn }),
    },
  };
}

/** A name that isn't there: CloudTrail hides what was typed, which may have been a password. */
export function unknownUser(): UserIdentity {
  return {
    type: "IAMUser",
    accountId: EXAMPLE_ACCOUNT,
    accessKeyId: "",
    userName: "HIDDEN_DUE_TO_SECURITY_REASONS",
  };
}

/** The record without one of its fields. */
export function without(record: CloudTrailRecord, field: string): CloudTrailRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== field));
}
