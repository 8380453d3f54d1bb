import type { DeployedTrail } from "../../../../local/event-plane/deployed";
import { takers } from "../../../../local/event-plane/trails";

function trail(properties: Partial<DeployedTrail> = {}): DeployedTrail {
  const { Name = "main" } = properties;
  return {
    Name,
    TrailARN: `arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/${Name}`,
    HomeRegion: "ap-northeast-2",
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    isLogging: true,
    eventSelectors: [],
    advancedEventSelectors: [],
    ...properties,
  };
}

const RECORD = {
  eventSource: "kms.amazonaws.com",
  eventName: "DisableKey",
  awsRegion: "ap-northeast-2",
  eventCategory: "Management",
  readOnly: false,
  userIdentity: { arn: "arn:aws:iam::123456789012:user/mallory" },
};

function takes(properties: Partial<DeployedTrail>, record: Record<string, unknown> = {}): boolean {
  return takers({ ...RECORD, ...record }, [trail(properties)]).length > 0;
}

function advanced(...fields: { Field: string; [operator: string]: string | string[] }[]) {
  return { advancedEventSelectors: [{ FieldSelectors: fields }] };
}

const MANAGEMENT = { Field: "eventCategory", Equals: ["Management"] };

describe("takers", () => {
  it("are the trails that log, each once, as they were last", () => {
    const before = [trail({ Name: "one", CloudWatchLogsRoleArn: "old" }), trail({ Name: "two" })];
    const after = [
      trail({ Name: "one", CloudWatchLogsRoleArn: "new" }),
      trail({ Name: "two", isLogging: false }),
      trail({ Name: "three", isLogging: false }),
    ];
    const found = takers(RECORD, [...before, ...after]);
    expect(found.map(({ Name, CloudWatchLogsRoleArn }) => [Name, CloudWatchLogsRoleArn])).toEqual([
      ["one", "new"],
      ["two", undefined],
    ]);
  });

  it("log a region's calls, or those of all", () => {
    const elsewhere = { awsRegion: "us-east-1" };
    expect(takes({ IsMultiRegionTrail: true }, elsewhere)).toBe(true);
    expect(takes({ IsMultiRegionTrail: false }, elsewhere)).toBe(false);
    expect(takes({ IsMultiRegionTrail: false })).toBe(true);
  });

  it.each(["iam.amazonaws.com", "sts.amazonaws.com"])("leave %s out if they are told to", (eventSource) => {
    expect(takes({ IncludeGlobalServiceEvents: false }, { eventSource })).toBe(false);
    expect(takes({ IncludeGlobalServiceEvents: true }, { eventSource })).toBe(true);
    expect(takes({ IncludeGlobalServiceEvents: false })).toBe(true);
  });

  it.each([
    [{}, true],
    [{ IncludeManagementEvents: true, ReadWriteType: "All" } as const, true],
    [{ ReadWriteType: "WriteOnly" } as const, true],
    [{ ReadWriteType: "ReadOnly" } as const, false],
    [{ IncludeManagementEvents: false }, false],
    [{ ExcludeManagementEventSources: ["kms.amazonaws.com"] }, false],
    [{ ExcludeManagementEventSources: ["rdsdata.amazonaws.com"] }, true],
  ])("select by %j", (selector, expected) => {
    expect(takes({ eventSelectors: [selector] })).toBe(expected);
  });

  it("take what one of the selectors selects", () => {
    const eventSelectors = [{ IncludeManagementEvents: false }, { IncludeManagementEvents: true }];
    expect(takes({ eventSelectors })).toBe(true);
  });

  it.each([
    [[MANAGEMENT], true],
    [[MANAGEMENT, { Field: "readOnly", Equals: ["false"] }], true],
    [[MANAGEMENT, { Field: "readOnly", Equals: ["true"] }], false],
    [[{ Field: "eventCategory", Equals: ["Data"] }], false],
    [[MANAGEMENT, { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] }], false],
    [[MANAGEMENT, { Field: "eventSource", NotEquals: ["rdsdata.amazonaws.com"] }], true],
    [[MANAGEMENT, { Field: "eventSource", Equals: ["iam.amazonaws.com", "kms.amazonaws.com"] }], true],
    [[MANAGEMENT, { Field: "eventName", StartsWith: ["Delete", "Disable"] }], true],
    [[MANAGEMENT, { Field: "eventName", StartsWith: ["Delete"] }], false],
    [[MANAGEMENT, { Field: "eventName", EndsWith: ["Key"] }], true],
    [[MANAGEMENT, { Field: "eventName", EndsWith: ["Keys"] }], false],
    [[MANAGEMENT, { Field: "eventName", NotStartsWith: ["Dis", "Enable"] }], false],
    [[MANAGEMENT, { Field: "eventName", NotEndsWith: ["Keys"] }], true],
    [[MANAGEMENT, { Field: "eventName", NotEndsWith: ["Key"] }], false],
    [[MANAGEMENT, { Field: "userIdentity.arn", EndsWith: ["/mallory"] }], true],
    [[MANAGEMENT, { Field: "userIdentity.arn", NotEndsWith: ["/mallory"] }], false],
    [[MANAGEMENT, { Field: "userIdentity.name.first", Equals: ["mallory"] }], false],
  ])("select by the fields %j", (fields, expected) => {
    expect(takes(advanced(...fields))).toBe(expected);
  });
});
