import type { AdvancedEventSelector, EventSelector, InsightSelector } from "@aws-sdk/client-cloudtrail";
import fc from "fast-check";
import type { DeclaredTrailSettings } from "../../../../../lambda-src/guard/declared-state";
import { observeLogging, observeTrail } from "../../../../../lambda-src/guard/parts/trail";
import { TRAIL_ARN, TRAIL_SETTINGS } from "../support/deployment";
import { managementEventsOf } from "../support/fake-aws";
import { deployment, repair, summary } from "../support/seen";
import { ADVANCED_DATA, S3_DATA } from "../support/tampering";

type DeclaredSelector = DeclaredTrailSettings["eventSelectors"][number];

const RECORDED: Record<DeclaredSelector["readWriteType"], readonly string[]> = {
  All: ["read", "write"],
  ReadOnly: ["read"],
  WriteOnly: ["write"],
};

const MANAGEMENT = { Field: "eventCategory", Equals: ["Management"] };

const basicSelector: fc.Arbitrary<EventSelector> = fc.record(
  {
    ReadWriteType: fc.constantFrom("All" as const, "ReadOnly" as const, "WriteOnly" as const),
    IncludeManagementEvents: fc.boolean(),
    ExcludeManagementEventSources: fc.constantFrom([], [], ["kms.amazonaws.com"]),
    DataResources: fc.array(
      fc.record({
        Type: fc.constantFrom("AWS::S3::Object", "AWS::Lambda::Function"),
        Values: fc.array(fc.constantFrom("arn:a", "arn:b", "arn:c"), { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const advancedSelector: fc.Arbitrary<AdvancedEventSelector> = fc.constantFrom<AdvancedEventSelector>(
  { FieldSelectors: [MANAGEMENT] },
  { FieldSelectors: [MANAGEMENT, { Field: "readOnly", Equals: ["true"] }] },
  { FieldSelectors: [{ Field: "readOnly", Equals: ["false"] }, MANAGEMENT] },
  { FieldSelectors: [MANAGEMENT, { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] }] },
  {
    FieldSelectors: [
      MANAGEMENT,
      { Field: "readOnly", Equals: ["true"] },
      { Field: "eventName", Equals: ["x"] },
    ],
  },
  ADVANCED_DATA,
  { FieldSelectors: [{ Field: "eventCategory", Equals: ["NetworkActivity"] }] },
);

const selectors = fc.oneof(
  fc.array(basicSelector, { minLength: 1, maxLength: 5 }).map((basic) => ({ basic, advanced: [] })),
  fc.array(advancedSelector, { minLength: 1, maxLength: 4 }).map((advanced) => ({ basic: [], advanced })),
);

const declaredSelectors = fc.constantFrom<DeclaredSelector[]>(
  ...(["All", "ReadOnly", "WriteOnly"] as const).map((readWriteType) => [
    { readWriteType, includeManagementEvents: true },
  ]),
  [
    { readWriteType: "ReadOnly", includeManagementEvents: true },
    { readWriteType: "WriteOnly", includeManagementEvents: true },
  ],
);

/** What is recorded beside management events. */
function data(basic: readonly EventSelector[], advanced: readonly AdvancedEventSelector[]): string[] {
  return [
    ...basic.flatMap(({ ReadWriteType = "All", DataResources = [] }) =>
      DataResources.flatMap(({ Type, Values = [] }) =>
        Values.map((value) => `${ReadWriteType} ${Type} ${value}`),
      ),
    ),
    ...advanced
      .filter(({ FieldSelectors = [] }) => !FieldSelectors.includes(MANAGEMENT))
      .map((selector) => JSON.stringify(selector)),
  ];
}

describe("event selectors", () => {
  it("are restored so that all that was declared is recorded, and all that was recorded before", async () => {
    await fc.assert(
      fc.asyncProperty(declaredSelectors, selectors, async (eventSelectors, { basic, advanced }) => {
        const { cloud, aws } = deployment();
        const { trail } = cloud;
        if (trail === undefined) return;
        Object.assign(trail, { eventSelectors: basic, advancedEventSelectors: advanced });
        const before = managementEventsOf(trail);
        const declared = { arn: TRAIL_ARN, settings: { ...TRAIL_SETTINGS, eventSelectors } };
        const wanted = eventSelectors.flatMap(({ readWriteType }) => RECORDED[readWriteType]);
        const isWeaker = wanted.some((events) => !before.has(events as "read"));

        const seen = await observeTrail(aws, declared);
        expect(summary(seen)["trail.event-selectors"] !== undefined).toBe(isWeaker);
        await repair(seen, aws);

        const after = managementEventsOf(trail);
        expect([...wanted, ...before].filter((events) => !after.has(events as "read"))).toEqual([]);
        const kept = data(trail.eventSelectors, trail.advancedEventSelectors);
        expect(data(basic, advanced).filter((one) => !kept.includes(one))).toEqual([]);
        expect(summary(await observeTrail(aws, declared))["trail.event-selectors"]).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it("that nobody ever put record all management events", async () => {
    const { cloud, aws } = deployment();
    Object.assign(cloud.trail ?? {}, { eventSelectors: [], advancedEventSelectors: [] });

    expect(summary(await observeTrail(aws, { arn: TRAIL_ARN, settings: TRAIL_SETTINGS }))).toEqual({});
  });

  it("are told of by what is lost, and by what is more", async () => {
    const { cloud, aws } = deployment();
    const { trail } = cloud;
    const settings = {
      ...TRAIL_SETTINGS,
      eventSelectors: [{ readWriteType: "ReadOnly" as const, includeManagementEvents: true }],
    };
    trail?.eventSelectors.splice(0, 1, { ReadWriteType: "WriteOnly", DataResources: [S3_DATA] });
    expect(summary(await observeTrail(aws, { arn: TRAIL_ARN, settings }))).toEqual({
      "trail.event-selectors": "weaker: management events that are not recorded: read",
    });

    trail?.eventSelectors.splice(0, 1, { ReadWriteType: "All", DataResources: [S3_DATA] });
    expect(summary(await observeTrail(aws, { arn: TRAIL_ARN, settings }))).toEqual({
      "trail.event-selectors.stronger":
        "stronger: more is recorded than declared: all write events, AWS::S3::Object",
    });
  });
});

describe("insight selectors", () => {
  const selector: fc.Arbitrary<InsightSelector> = fc.record(
    {
      InsightType: fc.constantFrom("ApiCallRateInsight" as const, "ApiErrorRateInsight" as const),
      EventCategories: fc.subarray(["Management" as const, "Data" as const]),
    },
    { requiredKeys: ["InsightType"] },
  );
  const found = fc.uniqueArray(selector, { selector: ({ InsightType }) => InsightType, maxLength: 2 });
  const categories = ({ InsightType, EventCategories = [] }: InsightSelector) =>
    (EventCategories.length === 0 ? ["Management"] : EventCategories).map(
      (category) => `${category} ${InsightType}`,
    );

  it("are restored beside those that are recorded already", async () => {
    const types = fc.subarray(["ApiCallRateInsight", "ApiErrorRateInsight"], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(found, types, async (insightSelectors, declared) => {
        const { cloud, aws } = deployment();
        const { trail } = cloud;
        if (trail === undefined) return;
        trail.insightSelectors = insightSelectors;
        const settings = { ...TRAIL_SETTINGS, insightSelectors: declared };
        const before = insightSelectors.flatMap(categories);
        const wanted = declared.map((type) => `Management ${type}`);

        const seen = await observeTrail(aws, { arn: TRAIL_ARN, settings });
        expect("trail.insight-selectors" in summary(seen)).toBe(wanted.some((one) => !before.includes(one)));
        await repair(seen, aws);

        const after = trail.insightSelectors.flatMap(categories);
        expect([...before, ...wanted].filter((one) => !after.includes(one))).toEqual([]);
        expect(summary(await observeTrail(aws, { arn: TRAIL_ARN, settings }))).toEqual({});
      }),
      { numRuns: 200 },
    );
  });

  it("are not asked for where none is declared", async () => {
    const { scene, aws } = deployment();

    await observeTrail(aws, {
      arn: TRAIL_ARN,
      settings: { ...TRAIL_SETTINGS, insightSelectors: [], tags: {} },
    });

    expect(scene.fake.calls.map(({ name }) => name)).toEqual([
      "cloudtrail:GetTrail",
      "cloudtrail:GetEventSelectors",
    ]);
  });
});

describe("settings", () => {
  it("are compared each by itself, and restored in one call that turns nothing off", async () => {
    const { scene, cloud, aws } = deployment();
    const settings = { ...TRAIL_SETTINGS, multiRegion: false };
    Object.assign(cloud.trail?.settings ?? {}, {
      S3BucketName: "mallorys-bucket",
      S3KeyPrefix: "p",
      KmsKeyId: "",
      LogFileValidationEnabled: undefined,
    });

    const seen = await observeTrail(aws, { arn: TRAIL_ARN, settings });
    expect(summary(seen)).toEqual({
      "trail.settings": `weaker: log file validation off, declared on; bucket mallorys-bucket, declared ${TRAIL_SETTINGS.bucketName}; prefix in the bucket p, declared none; key none, declared ${TRAIL_SETTINGS.keyArn}`,
      "trail.settings.stronger": "stronger: multi-region on, declared off",
    });
    scene.fake.calls.length = 0;
    await repair(seen, aws);

    expect(scene.fake.takeWrites()).toEqual(["cloudtrail:UpdateTrail"]);
    expect(cloud.trail?.settings).toMatchObject({
      S3BucketName: TRAIL_SETTINGS.bucketName,
      KmsKeyId: TRAIL_SETTINGS.keyArn,
      LogFileValidationEnabled: true,
      IsMultiRegionTrail: true,
    });
    expect(cloud.trail?.settings).not.toHaveProperty("S3KeyPrefix");
  });
});

describe("tags", () => {
  it("are the declared ones, also those without a value; others don't count", async () => {
    const { cloud, aws } = deployment();
    const { trail } = cloud;
    const declared = {
      arn: TRAIL_ARN,
      settings: { ...TRAIL_SETTINGS, tags: { Empty: "", Owner: "security" } },
    };
    trail?.tags.set("Mine", "x");

    const seen = await observeTrail(aws, declared);
    expect(summary(seen)).toEqual({ "trail.tags": "weaker: tags missing or changed: Empty" });
    await repair(seen, aws);

    expect(Object.fromEntries(trail?.tags ?? [])).toEqual({
      Environment: "production",
      Owner: "security",
      Empty: "",
      Mine: "x",
    });
  });
});

describe("logging", () => {
  it("is told of with what CloudTrail says of its deliveries", async () => {
    const { cloud, aws } = deployment();
    Object.assign(cloud.trail ?? {}, {
      isLogging: false,
      deliveryError: "AccessDenied",
      logDeliveryError: "Gone",
    });

    expect(summary(await observeLogging(aws, { arn: TRAIL_ARN }))).toEqual({
      "trail.logging": "weaker: the trail does not log",
      "trail.delivery.bucket": "weaker: CloudTrail can't deliver to the bucket: AccessDenied",
      "trail.delivery.log-group": "weaker: CloudTrail can't deliver to the log group: Gone",
    });
  });

  it("of a trail that is gone can be restored only if its settings are declared", async () => {
    const { cloud, aws } = deployment();
    cloud.trail = undefined;

    const [known] = await observeLogging(aws, { arn: TRAIL_ARN, settings: TRAIL_SETTINGS });
    const [unknown] = await observeLogging(aws, { arn: TRAIL_ARN });

    expect(known).toMatchObject({ id: "trail", row: "delete-trail", kind: "missing" });
    expect(known?.repair).toBeDefined();
    expect(unknown).toMatchObject({ id: "trail", row: "irreparable", kind: "missing" });
    expect(unknown?.repair).toBeUndefined();
    // It is told of once.
    expect(summary(await observeTrail(aws, { arn: TRAIL_ARN, settings: TRAIL_SETTINGS }))).toEqual({});
  });
});
