/** A record of a CloudTrail log, parsed. Nothing is certain about its fields. */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/** States of an event rule, as Terraform and EventBridge name them. */
export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/** An event as EventBridge hands it to rules. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: CloudTrailRecord;
}

/**
 * The `detail-type` of an event by the `eventType` of its record (EventBridge user guide, "AWS service events delivered
 * via AWS CloudTrail"; the guide spells "Signin" what arrives as "Sign In").
 */
const DETAIL_TYPES: ReadonlyMap<unknown, string> = new Map([
  ["AwsApiCall", "AWS API Call via CloudTrail"],
  ["AwsConsoleSignIn", "AWS Console Sign In via CloudTrail"],
  ["AwsConsoleAction", "AWS Console Action via CloudTrail"],
  ["AwsServiceEvent", "AWS Service Event via CloudTrail"],
  ["AwsCloudTrailInsight", "AWS Insight via CloudTrail"],
  ["AwsVpceEvent", "AWS Network Activity Event via CloudTrail"],
]);

/**
 * The event that EventBridge delivers for a record, or `undefined` for a record of a kind that it delivers none for.
 * The event's id, which EventBridge makes up, is the record's.
 */
export function eventOfRecord(record: CloudTrailRecord): BusEvent | undefined {
  const detailType = DETAIL_TYPES.get(record.eventType);
  if (detailType === undefined) {
    return undefined;
  }
  return {
    version: "0",
    id: text(record.eventID),
    "detail-type": detailType,
    // Only Insights events have no source of their own: they are CloudTrail's.
    source: `aws.${(text(record.eventSource) || "cloudtrail").split(".")[0]}`,
    account: text(record.recipientAccountId),
    time: text(record.eventTime),
    region: text(record.awsRegion),
    resources: [],
    detail: record,
  };
}

/**
 * Whether a rule in this state is offered a record's event at all: read-only management events are kept from rules that
 * are only `ENABLED` (EventBridge user guide, "Receiving read-only management events from AWS services").
 */
export function isOffered(record: CloudTrailRecord, state: RuleState): boolean {
  if (state === "DISABLED") {
    return false;
  }
  return state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" || !isReadOnlyManagementEvent(record);
}

/** By its name, as the guide tells them apart, which counts two calls of STS among the changes. */
function isReadOnlyManagementEvent({ eventName, managementEvent }: CloudTrailRecord): boolean {
  return (
    // Records of before version 1.06 don't say, and are those of management events but for what a trail was told to add.
    managementEvent !== false &&
    /^(?:Describe|Get|List)/.test(text(eventName)) &&
    !CHANGES_NAMED_GET.includes(text(eventName))
  );
}

const CHANGES_NAMED_GET: readonly string[] = ["GetFederationToken", "GetSessionToken"];

/** A time as events and records have it: to the second. */
export function eventTime(time: Date): string {
  return time.toISOString().replace(/\.\d+/, "");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
