import type {
  AdvancedEventSelector,
  DataResource,
  EventSelector,
  InsightSelector,
  InsightType,
  Trail,
} from "@aws-sdk/client-cloudtrail";
import { type Aws, isError, unless } from "../aws";
import type { DeclaredState, DeclaredTrailSettings } from "../declared-state";
import { type Difference, type Seen, seeEach } from "../difference";

/** The trail's settings, selectors and tags. */
export async function observeTrail(aws: Aws, { arn, settings }: DeclaredState["trail"]): Promise<Seen> {
  if (settings === undefined) {
    return seeEach({});
  }
  const seen = await seeEach({
    "trail.settings": observeSettings(aws, arn, settings),
    "trail.event-selectors": observeEventSelectors(aws, arn, settings),
    "trail.insight-selectors": observeInsightSelectors(aws, arn, settings),
    "trail.tags": observeTags(aws, arn, settings),
  });
  // That it is gone is seen with its logging.
  const isGone = [...seen.unseen.values()].some((error) => isError(error, "TrailNotFoundException"));
  return isGone ? seeEach({}) : seen;
}

function missingTrail(arn: string, settings: DeclaredTrailSettings | undefined): Difference {
  return {
    id: "trail",
    row: settings === undefined ? "irreparable" : "delete-trail",
    kind: "missing",
    what: "the trail is deleted",
    ...(settings === undefined ? {} : { repair: (aws: Aws) => createTrail(aws, arn, settings) }),
  };
}

async function createTrail(aws: Aws, arn: string, settings: DeclaredTrailSettings): Promise<void> {
  const { tags, eventSelectors, insightSelectors } = settings;
  await aws("cloudtrail:CreateTrail", {
    ...trailRequest(settings),
    Name: arn.slice(arn.lastIndexOf("/") + 1),
    TagsList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  // First of all that it logs: what is missing yet is seen, and made, when this is read back.
  await aws("cloudtrail:StartLogging", { Name: arn });
  if (!isDefault(eventSelectors)) {
    await aws("cloudtrail:PutEventSelectors", {
      TrailName: arn,
      EventSelectors: eventSelectors.map(basicSelector),
    });
  }
  if (insightSelectors.length > 0) {
    await putInsightSelectors(aws, arn, settings);
  }
}

function trailRequest(settings: DeclaredTrailSettings) {
  return {
    S3BucketName: settings.bucketName,
    IncludeGlobalServiceEvents: settings.globalServiceEvents,
    IsMultiRegionTrail: settings.multiRegion,
    EnableLogFileValidation: settings.logFileValidation,
    CloudWatchLogsLogGroupArn: settings.logGroupArn,
    CloudWatchLogsRoleArn: settings.roleArn,
    KmsKeyId: settings.keyArn,
  };
}

/** That the trail is there and logs, by itself: what is urgent waits for no other answer. */
export async function observeLogging(
  aws: Aws,
  { arn, settings }: DeclaredState["trail"],
): Promise<Difference[]> {
  const status = await unless(aws("cloudtrail:GetTrailStatus", { Name: arn }), "TrailNotFoundException");
  if (status === undefined) {
    return [missingTrail(arn, settings)];
  }
  return [
    ...(status.IsLogging === true
      ? []
      : [
          {
            id: "trail.logging",
            row: "stop-logging",
            kind: "weaker",
            what: "the trail does not log",
            repair: (aws) => aws("cloudtrail:StartLogging", { Name: arn }),
          } satisfies Difference,
        ]),
    ...deliveryProblem("bucket", status.LatestDeliveryError),
    ...deliveryProblem("log-group", status.LatestCloudWatchLogsDeliveryError),
  ];
}

/** What CloudTrail itself says of its last delivery: a policy or role that only Terraform can mend. */
function deliveryProblem(to: "bucket" | "log-group", error: string | undefined): Difference[] {
  return error === undefined || error === ""
    ? []
    : [
        {
          id: `trail.delivery.${to}`,
          row: "irreparable",
          kind: "weaker",
          what: `CloudTrail can't deliver to the ${to.replace("-", " ")}: ${error}`,
        },
      ];
}

async function observeSettings(
  aws: Aws,
  arn: string,
  settings: DeclaredTrailSettings,
): Promise<Difference[]> {
  const { Trail: trail = {} } = await aws("cloudtrail:GetTrail", { Name: arn });
  const { weaker, stronger } = compareSettings(trail, settings);
  return [
    ...(weaker.length === 0
      ? []
      : [
          {
            id: "trail.settings",
            row: "update-trail",
            kind: "weaker",
            what: weaker.join("; "),
            repair: (aws) => aws("cloudtrail:UpdateTrail", updateRequest(arn, trail, settings)),
          } satisfies Difference,
        ]),
    ...(stronger.length === 0
      ? []
      : [
          {
            id: "trail.settings.stronger",
            row: "update-trail",
            kind: "stronger",
            what: stronger.join("; "),
          } satisfies Difference,
        ]),
  ];
}

function compareSettings(trail: Trail, settings: DeclaredTrailSettings) {
  const switches = [
    ["multi-region", trail.IsMultiRegionTrail === true, settings.multiRegion],
    ["global service events", trail.IncludeGlobalServiceEvents === true, settings.globalServiceEvents],
    ["log file validation", trail.LogFileValidationEnabled === true, settings.logFileValidation],
  ] as const;
  const targets = [
    ["bucket", trail.S3BucketName, settings.bucketName],
    ["prefix in the bucket", trail.S3KeyPrefix, undefined],
    ["key", trail.KmsKeyId, settings.keyArn],
    ["log group", trail.CloudWatchLogsLogGroupArn, settings.logGroupArn],
    ["role", trail.CloudWatchLogsRoleArn, settings.roleArn],
  ] as const;
  return {
    weaker: [
      ...switches.filter(([, is, declared]) => declared && !is).map(([name]) => `${name} off, declared on`),
      ...targets
        .filter(([, is, declared]) => (is || undefined) !== declared)
        .map(([name, is, declared]) => `${name} ${is || "none"}, declared ${declared ?? "none"}`),
    ],
    stronger: switches
      .filter(([, is, declared]) => is && !declared)
      .map(([name]) => `${name} on, declared off`),
  };
}

/** As declared, but for what is on and was declared off. */
function updateRequest(arn: string, trail: Trail, settings: DeclaredTrailSettings) {
  return {
    ...trailRequest(settings),
    Name: arn,
    IncludeGlobalServiceEvents: settings.globalServiceEvents || trail.IncludeGlobalServiceEvents === true,
    IsMultiRegionTrail: settings.multiRegion || trail.IsMultiRegionTrail === true,
    EnableLogFileValidation: settings.logFileValidation || trail.LogFileValidationEnabled === true,
    ...(trail.S3KeyPrefix ? { S3KeyPrefix: "" } : {}),
  };
}

async function observeEventSelectors(
  aws: Aws,
  arn: string,
  settings: DeclaredTrailSettings,
): Promise<Difference[]> {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await aws("cloudtrail:GetEventSelectors", {
    TrailName: arn,
  });
  const declared = managementEventsOf(settings.eventSelectors.map(basicSelector), []);
  // A trail that no selector was ever put to records all management events.
  const isUntouched = EventSelectors.length === 0 && AdvancedEventSelectors.length === 0;
  const selected = isUntouched
    ? new Set(MANAGEMENT_EVENTS)
    : managementEventsOf(EventSelectors, AdvancedEventSelectors);
  const lost = [...declared].filter((events) => !selected.has(events));
  if (lost.length > 0) {
    return [
      {
        id: "trail.event-selectors",
        row: "event-selectors",
        kind: "weaker",
        what: `management events that are not recorded: ${lost.join(" and ")}`,
        repair: (aws) => putEventSelectors(aws, arn, settings),
      },
    ];
  }
  const more = [...selected]
    .filter((events) => !declared.has(events))
    .map((events) => `all ${events} events`);
  const data = EventSelectors.flatMap(({ DataResources = [] }) => DataResources.map(({ Type }) => `${Type}`));
  const advanced = AdvancedEventSelectors.filter((selector) => categoryOf(selector) !== "Management").length;
  const stronger = [...more, ...data, ...(advanced > 0 ? [`${advanced} advanced selectors`] : [])];
  return stronger.length === 0
    ? []
    : [
        {
          id: "trail.event-selectors.stronger",
          row: "event-selectors",
          kind: "stronger",
          what: `more is recorded than declared: ${stronger.join(", ")}`,
        },
      ];
}

const MANAGEMENT_EVENTS = ["read", "write"] as const;

type ManagementEvents = (typeof MANAGEMENT_EVENTS)[number];

/** Which management events are recorded whole. */
function managementEventsOf(
  basic: readonly EventSelector[],
  advanced: readonly AdvancedEventSelector[],
): Set<ManagementEvents> {
  return new Set([...basic.flatMap(ofBasicSelector), ...advanced.flatMap(ofAdvancedSelector)]);
}

function ofBasicSelector(selector: EventSelector): readonly ManagementEvents[] {
  // Both are CloudTrail's defaults where they are absent.
  const { IncludeManagementEvents = true, ReadWriteType = "All", ExcludeManagementEventSources } = selector;
  if (!IncludeManagementEvents || (ExcludeManagementEventSources ?? []).length > 0) {
    return [];
  }
  return ReadWriteType === "All" ? MANAGEMENT_EVENTS : [ReadWriteType === "ReadOnly" ? "read" : "write"];
}

function ofAdvancedSelector(selector: AdvancedEventSelector): readonly ManagementEvents[] {
  if (categoryOf(selector) !== "Management") {
    return [];
  }
  const others = (selector.FieldSelectors ?? []).filter(({ Field }) => Field !== "eventCategory");
  const [only] = others;
  if (only === undefined) {
    return MANAGEMENT_EVENTS;
  }
  // Any other field narrows what is recorded: some of it is lost.
  if (others.length > 1 || only.Field !== "readOnly") {
    return [];
  }
  return only.Equals?.[0] === "true" ? ["read"] : ["write"];
}

function categoryOf({ FieldSelectors = [] }: AdvancedEventSelector): string | undefined {
  return FieldSelectors.find(({ Field }) => Field === "eventCategory")?.Equals?.[0];
}

/** Has the declared management events recorded, and what is recorded beside them. */
async function putEventSelectors(aws: Aws, arn: string, settings: DeclaredTrailSettings): Promise<void> {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await aws("cloudtrail:GetEventSelectors", {
    TrailName: arn,
  });
  const management = new Set([
    ...managementEventsOf(settings.eventSelectors.map(basicSelector), []),
    ...managementEventsOf(EventSelectors, AdvancedEventSelectors),
  ]);
  const others = AdvancedEventSelectors.filter((selector) => categoryOf(selector) !== "Management");
  // CloudTrail takes selectors of one form only.
  await aws("cloudtrail:PutEventSelectors", {
    TrailName: arn,
    ...(others.length > 0
      ? { AdvancedEventSelectors: [advancedSelector(management), ...others] }
      : { EventSelectors: basicSelectors(management, EventSelectors) }),
  });
}

function basicSelector(selector: DeclaredTrailSettings["eventSelectors"][number]): EventSelector {
  return {
    ReadWriteType: selector.readWriteType,
    IncludeManagementEvents: selector.includeManagementEvents,
    DataResources: [],
  };
}

/** One for each kind of event, since CloudTrail takes five at most. */
function basicSelectors(
  management: ReadonlySet<ManagementEvents>,
  found: readonly EventSelector[],
): EventSelector[] {
  const [only] = management;
  const ofManagement = management.size > 1 ? "All" : only === "read" ? "ReadOnly" : "WriteOnly";
  return (["All", "ReadOnly", "WriteOnly"] as const)
    .map((type) => ({
      ReadWriteType: type,
      IncludeManagementEvents: type === ofManagement,
      DataResources: dataResources(found.filter(({ ReadWriteType = "All" }) => ReadWriteType === type)),
    }))
    .filter(
      ({ IncludeManagementEvents, DataResources }) => IncludeManagementEvents || DataResources.length > 0,
    );
}

function dataResources(selectors: readonly EventSelector[]): DataResource[] {
  const values = new Map<string | undefined, string[]>();
  for (const { Type, Values = [] } of selectors.flatMap(({ DataResources = [] }) => DataResources)) {
    values.set(Type, [...new Set([...(values.get(Type) ?? []), ...Values])]);
  }
  return [...values].map(([Type, Values]) => ({ Type, Values }));
}

function advancedSelector(management: ReadonlySet<ManagementEvents>): AdvancedEventSelector {
  const [only] = management;
  return {
    Name: "Management events",
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Management"] },
      ...(management.size > 1 ? [] : [{ Field: "readOnly", Equals: [String(only === "read")] }]),
    ],
  };
}

function isDefault([first, ...others]: DeclaredTrailSettings["eventSelectors"]): boolean {
  return others.length === 0 && first?.readWriteType === "All" && first.includeManagementEvents;
}

async function observeInsightSelectors(
  aws: Aws,
  arn: string,
  settings: DeclaredTrailSettings,
): Promise<Difference[]> {
  if (settings.insightSelectors.length === 0) {
    return [];
  }
  const recorded = (await insightSelectors(aws, arn))
    .filter(isOfManagement)
    .map(({ InsightType }) => InsightType);
  const lost = settings.insightSelectors.filter((type) => !recorded.includes(type as InsightType));
  return lost.length === 0
    ? []
    : [
        {
          id: "trail.insight-selectors",
          row: "event-selectors",
          kind: "weaker",
          what: `insights that are not recorded: ${lost.join(", ")}`,
          repair: (aws) => putInsightSelectors(aws, arn, settings),
        },
      ];
}

async function insightSelectors(aws: Aws, arn: string): Promise<readonly InsightSelector[]> {
  const found = await unless(
    aws("cloudtrail:GetInsightSelectors", { TrailName: arn }),
    "InsightNotEnabledException",
  );
  return found?.InsightSelectors ?? [];
}

/** Where none is named, the insights are those of management events. */
function isOfManagement({ EventCategories = [] }: InsightSelector): boolean {
  return EventCategories.length === 0 || EventCategories.includes("Management");
}

/** Has the declared insights recorded, and those that are recorded beside them. */
async function putInsightSelectors(aws: Aws, arn: string, settings: DeclaredTrailSettings): Promise<void> {
  const declared = settings.insightSelectors as InsightType[];
  const found = await insightSelectors(aws, arn);
  const added = declared.filter((type) => !found.some(({ InsightType }) => InsightType === type));
  await aws("cloudtrail:PutInsightSelectors", {
    TrailName: arn,
    InsightSelectors: [
      ...found.map((selector) =>
        declared.some((type) => type === selector.InsightType) && !isOfManagement(selector)
          ? { ...selector, EventCategories: ["Management" as const, ...(selector.EventCategories ?? [])] }
          : selector,
      ),
      ...added.map((InsightType) => ({ InsightType })),
    ],
  });
}

async function observeTags(aws: Aws, arn: string, { tags }: DeclaredTrailSettings): Promise<Difference[]> {
  if (Object.keys(tags).length === 0) {
    return [];
  }
  const { ResourceTagList = [] } = await aws("cloudtrail:ListTags", { ResourceIdList: [arn] });
  const found = new Map(ResourceTagList[0]?.TagsList?.map(({ Key, Value }) => [Key, Value]));
  const lost = Object.entries(tags).filter(
    ([key, value]) => (found.get(key) ?? "") !== value || !found.has(key),
  );
  return lost.length === 0
    ? []
    : [
        {
          id: "trail.tags",
          row: "update-trail",
          kind: "weaker",
          what: `tags missing or changed: ${lost.map(([key]) => key).join(", ")}`,
          repair: (aws) =>
            aws("cloudtrail:AddTags", {
              ResourceId: arn,
              TagsList: lost.map(([Key, Value]) => ({ Key, Value })),
            }),
        },
      ];
}
