import { eventOfRecord, isOffered } from "../../../local/event-of-record";

const RECORD = {
  eventTime: "2026-03-02T09:14:27Z",
  eventSource: "monitoring.amazonaws.com",
  eventName: "DeleteAlarms",
  eventType: "AwsApiCall",
  eventID: "e1",
  awsRegion: "eu-central-1",
  recipientAccountId: "111122223333",
};

describe("eventOfRecord", () => {
  it("wraps a record as EventBridge delivers it", () => {
    expect(eventOfRecord(RECORD)).toEqual({
      version: "0",
      id: "e1",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.monitoring",
      account: "111122223333",
      time: "2026-03-02T09:14:27Z",
      region: "eu-central-1",
      resources: [],
      detail: RECORD,
    });
  });

  it.each([
    ["AwsConsoleSignIn", "AWS Console Sign In via CloudTrail"],
    ["AwsServiceEvent", "AWS Service Event via CloudTrail"],
  ])("names the kind of %s", (eventType, detailType) => {
    expect(eventOfRecord({ ...RECORD, eventType })).toMatchObject({ "detail-type": detailType });
  });

  it.each([undefined, 7, "AwsUnknown"])("makes nothing of a record of type %j", (eventType) => {
    expect(eventOfRecord({ ...RECORD, eventType })).toBeUndefined();
  });
});

describe("isOffered", () => {
  it.each([
    ["DeleteAlarms", "ENABLED", true],
    ["DeleteAlarms", "DISABLED", false],
    ["DescribeAlarms", "ENABLED", false],
    ["GetSessionToken", "ENABLED", true],
    ["DescribeAlarms", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", true],
  ] as const)("%s, by a rule that is %s: %s", (eventName, state, expected) => {
    expect(isOffered({ ...RECORD, eventName }, state)).toBe(expected);
  });

  it("offers data events whatever they are called", () => {
    expect(isOffered({ ...RECORD, eventName: "GetObject", managementEvent: false }, "ENABLED")).toBe(true);
  });
});
