import type { ApiRequest } from "../gateway/api-request";

/** Names that a management event of a call that changes something doesn't begin with. */
const READS =
  /^(?:Get|List|Describe|Head|Lookup|Filter|BatchGet|BatchDescribe|Search|Select|Simulate|Test|Check|Decode|Generate)/;

/** Changes by CloudTrail's reckoning, for all their names (EventBridge user guide, "Receiving read-only management events"). */
const CHANGES: readonly string[] = ["sts:GetFederationToken", "sts:GetSessionToken"];

/** Calls that CloudTrail records as reading, for all their names, and those it records as data events or not at all. */
const NOT_CHANGES: ReadonlySet<string> = new Set([
  ...["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot"].map(of("sts")),
  ...["Encrypt", "Decrypt", "ReEncrypt", "Sign", "Verify", "VerifyMac", "DeriveSharedSecret"].map(of("kms")),
  ...["StartQuery", "StopQuery", "StartLiveTail", "PutLogEvents"].map(of("logs")),
  ...["StartQuery", "CancelQuery"].map(of("cloudtrail")),
  ...["PutMetricData"].map(of("monitoring")),
  ...["PutEvents"].map(of("events")),
  ...["Publish", "PublishBatch"].map(of("sns")),
  ...["SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch"].map(
    of("sqs"),
  ),
  ...["ChangeMessageVisibility", "ChangeMessageVisibilityBatch"].map(of("sqs")),
  ...["Invoke", "InvokeAsync", "InvokeWithResponseStream"].map(of("lambda")),
  ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "Query", "Scan"].map(of("dynamodb")),
  ...["TransactGetItems", "TransactWriteItems"].map(of("dynamodb")),
  ...["ExecuteStatement", "ExecuteTransaction", "BatchExecuteStatement"].map(of("dynamodb")),
]);

function of(service: string): (operation: string) => string {
  return (operation) => `${service}:${operation}`;
}

/** S3's calls on objects are data events, this one too although it names no key in its path. */
const ON_OBJECTS = "DeleteObjects";

/** Whether CloudTrail records a call as a management event that changes something. */
export function isRecorded({ service, operation, input }: ApiRequest): boolean {
  const action = `${service}:${operation}`;
  if (service === "s3" && (input.Key !== undefined || operation === ON_OBJECTS)) {
    return false;
  }
  return CHANGES.includes(action) || !(READS.test(operation) || NOT_CHANGES.has(action));
}

/** (Amazon S3 user guide, "Amazon S3 CloudTrail events"; the guide's list lacks the last two, logs have them.) */
const S3_EVENT_NAMES: ReadonlyMap<string, string> = new Map([
  ["PutBucketLifecycleConfiguration", "PutBucketLifecycle"],
  ["PutBucketNotificationConfiguration", "PutBucketNotification"],
  ["PutPublicAccessBlock", "PutBucketPublicAccessBlock"],
  ["DeletePublicAccessBlock", "DeleteBucketPublicAccessBlock"],
  ["PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"],
  ["PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
]);

/** Operations whose events have the date of the API in their names; newer ones have not. */
const LAMBDA_VERSIONS: ReadonlyMap<string, string> = new Map([
  ["AddLayerVersionPermission", "20181031"],
  ["AddPermission", "20150331v2"],
  ["CreateAlias", "20150331"],
  ["CreateEventSourceMapping", "20150331"],
  ["CreateFunction", "20150331"],
  ["DeleteAlias", "20150331"],
  ["DeleteEventSourceMapping", "20150331"],
  ["DeleteFunction", "20150331"],
  ["DeleteFunctionConcurrency", "20171031"],
  ["DeleteLayerVersion", "20181031"],
  ["PublishLayerVersion", "20181031"],
  ["PublishVersion", "20150331"],
  ["PutFunctionConcurrency", "20171031"],
  ["RemoveLayerVersionPermission", "20181031"],
  ["RemovePermission", "20150331v2"],
  ["TagResource", "20170331v2"],
  ["UntagResource", "20170331v2"],
  ["UpdateAlias", "20150331"],
  ["UpdateEventSourceMapping", "20150331"],
  ["UpdateFunctionCode", "20150331v2"],
  ["UpdateFunctionConfiguration", "20150331v2"],
]);

/** The `eventName` of a call: the operation's name, but for some of S3 and most of Lambda. */
export function eventNameOf({ service, operation }: ApiRequest): string {
  if (service === "s3") {
    return S3_EVENT_NAMES.get(operation) ?? operation;
  }
  return service === "lambda" ? `${operation}${LAMBDA_VERSIONS.get(operation) ?? ""}` : operation;
}
