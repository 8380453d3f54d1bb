import { judgeTrails } from "../../../../../cli/review/rules/trail";
import { change, judged, REPLACED, unchanged, verdicts } from "../support";

const TRAIL = {
  name: "audit",
  enable_logging: true,
  is_multi_region_trail: true,
  include_global_service_events: true,
  is_organization_trail: true,
  enable_log_file_validation: true,
  s3_bucket_name: "logs",
  s3_key_prefix: null,
  cloud_watch_logs_group_arn: "arn:aws:logs:eu-central-1:111122223333:log-group:audit:*",
  cloud_watch_logs_role_arn: "arn:aws:iam::111122223333:role/delivery",
  kms_key_id: "arn:aws:kms:eu-central-1:111122223333:key/k",
  event_selector: [],
  advanced_event_selector: [],
};
const ADDRESS = "aws_cloudtrail.this";

function updated(before: object, after: object, options = {}) {
  return change(ADDRESS, { ...TRAIL, ...before }, { ...TRAIL, ...after }, options);
}

function selector(different: object) {
  return {
    event_selector: [
      {
        read_write_type: "All",
        include_management_events: true,
        exclude_management_event_sources: [],
        ...different,
      },
    ],
  };
}

function advanced(...selectors: readonly (readonly object[])[]) {
  return { advanced_event_selector: selectors.map((field_selector) => ({ field_selector })) };
}

const MANAGEMENT = { field: "eventCategory", equals: ["Management"], not_equals: [] };

describe("judgeTrails", () => {
  it("finds nothing where a trail stays, is made, or is forgotten", () => {
    expect(verdicts(judgeTrails, [unchanged(ADDRESS, TRAIL)])).toEqual([]);
    expect(verdicts(judgeTrails, [change(ADDRESS, undefined, { ...TRAIL, enable_logging: false })])).toEqual(
      [],
    );
    expect(verdicts(judgeTrails, [change(ADDRESS, TRAIL, undefined, { actions: ["forget"] })])).toEqual([]);
  });

  it("finds one that is destroyed or replaced", () => {
    expect(judged(judgeTrails, [change(ADDRESS, TRAIL, undefined)])).toMatchObject([
      { rule: "trail-destroyed", severity: "blocks", message: "The trail is destroyed" },
    ]);
    expect(judged(judgeTrails, [updated({}, { name: "other" }, REPLACED)])).toMatchObject([
      { rule: "trail-destroyed", message: "The trail is replaced" },
    ]);
  });

  describe.each([
    ["enable_logging", "trail-logging-off"],
    ["is_multi_region_trail", "trail-single-region"],
    ["include_global_service_events", "trail-global-events-off"],
    ["is_organization_trail", "trail-organization-off"],
    ["enable_log_file_validation", "trail-validation-off"],
  ])("of %s", (attribute, rule) => {
    it.each([[false], [null]])("finds it off: %j", (value) => {
      expect(verdicts(judgeTrails, [updated({}, { [attribute]: value })])).toEqual([
        `blocks ${rule} ${ADDRESS}`,
      ]);
    });

    it("finds it off whatever the plan calls that", () => {
      const noOp = updated({}, { [attribute]: false }, { actions: ["no-op"] });

      expect(verdicts(judgeTrails, [noOp])).toEqual([`blocks ${rule} ${ADDRESS}`]);
    });

    it("can't judge what isn't known, or is no truth", () => {
      expect(verdicts(judgeTrails, [updated({}, {}, { unknown: { [attribute]: true } })])).toEqual([
        `unknown ${rule} ${ADDRESS}`,
      ]);
      expect(verdicts(judgeTrails, [updated({}, { [attribute]: "no" })])).toEqual([
        `unknown ${rule} ${ADDRESS}`,
      ]);
    });

    it("finds nothing where it was off", () => {
      expect(verdicts(judgeTrails, [updated({ [attribute]: false }, {})])).toEqual([]);
      expect(
        verdicts(judgeTrails, [updated({ [attribute]: false }, { [attribute]: false, name: "other" })]),
      ).toEqual([]);
    });
  });

  describe("of management events", () => {
    it.each<[string, object, object, readonly string[]]>([
      ["reads only", {}, selector({ read_write_type: "ReadOnly" }), ["no write events"]],
      ["writes only", selector({}), selector({ read_write_type: "WriteOnly" }), ["no read events"]],
      ["none", {}, selector({ include_management_events: false }), ["no read events", "no write events"]],
      [
        "all but a source",
        selector({}),
        selector({ exclude_management_event_sources: ["kms.amazonaws.com"] }),
        [
          "read events only where eventSource not equals kms.amazonaws.com",
          "write events only where eventSource not equals kms.amazonaws.com",
        ],
      ],
      [
        "data events, by advanced selectors",
        {},
        advanced([{ field: "eventCategory", equals: ["Data"] }]),
        ["no read events", "no write events"],
      ],
      [
        "writes only, by advanced selectors",
        selector({}),
        advanced([MANAGEMENT, { field: "readOnly", equals: ["false"] }]),
        ["no read events"],
      ],
      [
        "all but a source, by advanced selectors",
        advanced([MANAGEMENT]),
        advanced([MANAGEMENT, { field: "eventSource", not_equals: ["kms.amazonaws.com"] }]),
        [
          "read events only where eventSource not equals kms.amazonaws.com",
          "write events only where eventSource not equals kms.amazonaws.com",
        ],
      ],
      [
        "each selector's own",
        advanced([MANAGEMENT]),
        advanced(
          [MANAGEMENT, { field: "eventName", equals: ["RunInstances"] }],
          [MANAGEMENT, { field: "eventName", equals: ["StopLogging"] }],
        ),
        [
          "read events only where eventName equals RunInstances",
          "write events only where eventName equals RunInstances",
        ],
      ],
    ])("finds a trail that records %s", (_, before, after, details) => {
      expect(judged(judgeTrails, [updated(before, after)])).toEqual([
        expect.objectContaining({ rule: "trail-management-events-deselected", severity: "blocks", details }),
      ]);
    });

    it.each<[string, object, object]>([
      ["all in other words", {}, selector({})],
      ["all, by advanced selectors", selector({}), advanced([MANAGEMENT])],
      [
        "reads and writes by one selector each",
        {},
        advanced(
          [MANAGEMENT, { field: "readOnly", equals: ["true"] }],
          [MANAGEMENT, { field: "readOnly", equals: ["false"] }],
        ),
      ],
      ["more", selector({ read_write_type: "ReadOnly" }), selector({})],
      [
        "what it did, in another order",
        selector({ exclude_management_event_sources: ["a", "b"] }),
        selector({ exclude_management_event_sources: ["b", "a"] }),
      ],
    ])("finds nothing where a trail records %s", (_, before, after) => {
      expect(verdicts(judgeTrails, [updated(before, after)])).toEqual([]);
    });

    it.each<[string, object, object]>([
      ["aren't known", {}, { unknown: { event_selector: [{ read_write_type: true }] } }],
      ["are no list", { event_selector: "All" }, {}],
      ["have another type", selector({ read_write_type: "Some" }), {}],
      ["are of both kinds", { ...selector({}), ...advanced([MANAGEMENT]) }, {}],
    ])("can't judge selectors that %s", (_, after, options) => {
      expect(verdicts(judgeTrails, [updated({}, after, options)])).toEqual([
        `unknown trail-management-events-deselected ${ADDRESS}`,
      ]);
    });

    it("never tells what is sensitive", () => {
      const excluded = selector({ exclude_management_event_sources: ["secret"] });
      const found = judged(judgeTrails, [updated({}, excluded, { sensitive: { event_selector: true } })]);

      expect(found).toHaveLength(1);
      expect(JSON.stringify(found)).not.toContain("secret");
    });
  });

  describe("of delivery", () => {
    it.each([["s3_bucket_name"], ["cloud_watch_logs_group_arn"], ["cloud_watch_logs_role_arn"]])(
      "finds another %s, or none",
      (attribute) => {
        const expected = [`blocks trail-delivery-changed ${ADDRESS}`];
        expect(verdicts(judgeTrails, [updated({}, { [attribute]: "other" })])).toEqual(expected);
        expect(verdicts(judgeTrails, [updated({}, { [attribute]: "" })])).toEqual(expected);
        expect(verdicts(judgeTrails, [updated({}, {}, { unknown: { [attribute]: true } })])).toEqual([
          `unknown trail-delivery-changed ${ADDRESS}`,
        ]);
        expect(verdicts(judgeTrails, [updated({ [attribute]: null }, {})])).toEqual([]);
      },
    );

    it("takes log groups' ARNs with and without :* for the same, and a prefix for no loss", () => {
      const arn = TRAIL.cloud_watch_logs_group_arn.replace(":*", "");

      expect(
        verdicts(judgeTrails, [updated({}, { cloud_watch_logs_group_arn: arn, s3_key_prefix: "x" })]),
      ).toEqual([]);
    });

    it("tells from where to where, but nothing that is sensitive", () => {
      const moved = { s3_bucket_name: "elsewhere" };

      expect(judged(judgeTrails, [updated({}, moved)])[0]?.message).toBe(
        "The trail's bucket changes from logs to elsewhere",
      );
      expect(
        judged(judgeTrails, [updated({}, moved, { sensitive: { s3_bucket_name: true } })])[0]?.message,
      ).toBe("The trail's bucket changes to another, sensitive value");
    });
  });

  it("finds log files that are no longer encrypted with the key", () => {
    expect(judged(judgeTrails, [updated({}, { kms_key_id: "" })])).toMatchObject([
      {
        rule: "key-destroyed",
        severity: "blocks",
        message: "The trail's log files are no longer encrypted with the key",
      },
    ]);
    expect(verdicts(judgeTrails, [updated({}, { kms_key_id: "arn:other" })])).toEqual([
      `blocks key-destroyed ${ADDRESS}`,
    ]);
    expect(verdicts(judgeTrails, [updated({}, {}, { unknown: { kms_key_id: true } })])).toEqual([
      `unknown key-destroyed ${ADDRESS}`,
    ]);
    expect(
      verdicts(judgeTrails, [updated({ kms_key_id: null }, {}, { unknown: { kms_key_id: true } })]),
    ).toEqual([]);
  });
});
