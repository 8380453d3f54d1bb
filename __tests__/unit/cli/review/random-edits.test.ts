import fc from "fast-check";
import { judgedIn } from "../../../../cli/review/judged";
import { readPlan, UnreadablePlan } from "../../../../cli/review/plan";
import { reportOf } from "../../../../cli/review/report";
import { findingsOf } from "../../../../cli/review/review";
import { ReviewContext } from "../../../../cli/review/review-context";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

const BUCKET_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::logs/*",
    },
  ],
});
const TRAIL = {
  name: "main",
  s3_bucket_name: "logs",
  enable_logging: true,
  is_multi_region_trail: true,
  include_global_service_events: true,
  enable_log_file_validation: true,
  event_selector: [],
  advanced_event_selector: [],
  cloud_watch_logs_group_arn: "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
  cloud_watch_logs_role_arn: "arn:aws:iam::111122223333:role/delivery",
  kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/k-1",
};
const STACK = {
  "aws_cloudtrail.main": TRAIL,
  "aws_s3_bucket.logs": { bucket: "logs", id: "logs", force_destroy: false },
  "aws_s3_bucket_policy.logs": { bucket: "logs", policy: BUCKET_POLICY },
  "aws_s3_bucket_versioning.logs": { bucket: "logs", versioning_configuration: [{ status: "Enabled" }] },
  "aws_kms_key.key": {
    key_id: "k-1",
    arn: TRAIL.kms_key_id,
    is_enabled: true,
    deletion_window_in_days: 30,
    policy: "{}",
  },
  "aws_cloudwatch_log_group.trail": { name: "trail", retention_in_days: 365, kms_key_id: TRAIL.kms_key_id },
  "aws_iam_role.delivery": { name: "delivery", assume_role_policy: "" },
} as const;

/** Each blocks, by what one attribute becomes; without an attribute the resource is destroyed. */
const BLOCKS: readonly { address: keyof typeof STACK; attribute?: string; becomes?: Json }[] = [
  { address: "aws_cloudtrail.main", attribute: "enable_logging", becomes: false },
  { address: "aws_cloudtrail.main", attribute: "is_multi_region_trail", becomes: false },
  { address: "aws_cloudtrail.main", attribute: "enable_log_file_validation", becomes: false },
  { address: "aws_cloudtrail.main", attribute: "s3_bucket_name", becomes: "elsewhere" },
  { address: "aws_cloudtrail.main" },
  { address: "aws_s3_bucket.logs" },
  { address: "aws_s3_bucket_policy.logs", attribute: "policy", becomes: '{"Statement":[]}' },
  {
    address: "aws_s3_bucket_versioning.logs",
    attribute: "versioning_configuration",
    becomes: [{ status: "Suspended" }],
  },
  { address: "aws_kms_key.key", attribute: "deletion_window_in_days", becomes: 7 },
  { address: "aws_kms_key.key", attribute: "is_enabled", becomes: false },
  { address: "aws_cloudwatch_log_group.trail", attribute: "retention_in_days", becomes: 30 },
  { address: "aws_cloudwatch_log_group.trail" },
  { address: "aws_iam_role.delivery" },
];

type Block = (typeof BLOCKS)[number];

function planWith({ address: blocked, attribute, becomes }: Block): { [key: string]: Json } {
  const resources = Object.entries(STACK).map(([address, before]) => {
    const isDestroyed = address === blocked && attribute === undefined;
    const after =
      address === blocked && attribute !== undefined ? { ...before, [attribute]: becomes } : before;
    return { address, before, after: isDestroyed ? null : after };
  });
  const values = (side: "before" | "after") => ({
    root_module: {
      resources: resources.flatMap(({ address, [side]: values }) =>
        values === null ? [] : [{ address, mode: "managed", type: address.split(".")[0], values }],
      ),
    },
  });
  return JSON.parse(
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      planned_values: values("after"),
      prior_state: { format_version: "1.0", values: values("before") },
      resource_changes: resources.map(({ address, before, after }) => ({
        address,
        mode: "managed",
        type: address.split(".")[0],
        name: address.split(".")[1],
        change: {
          actions: [after === null ? "delete" : after === before ? "no-op" : "update"],
          before,
          after,
          after_unknown: after === null ? false : {},
          before_sensitive: {},
          after_sensitive: {},
        },
      })),
      configuration: {
        root_module: {
          resources: [
            {
              address: "aws_cloudtrail.main",
              expressions: {
                s3_bucket_name: {
                  references: ["aws_s3_bucket_policy.logs.bucket", "aws_s3_bucket_policy.logs"],
                },
                kms_key_id: { references: ["aws_kms_key.key.arn", "aws_kms_key.key"] },
                cloud_watch_logs_group_arn: {
                  references: ["aws_cloudwatch_log_group.trail.arn", "aws_cloudwatch_log_group.trail"],
                },
                cloud_watch_logs_role_arn: {
                  references: ["aws_iam_role.delivery.arn", "aws_iam_role.delivery"],
                },
              },
            },
            {
              address: "aws_s3_bucket_policy.logs",
              expressions: { bucket: { references: ["aws_s3_bucket.logs.id", "aws_s3_bucket.logs"] } },
            },
          ],
        },
      },
    }),
  );
}

/** `fine`, or why it isn't. */
function verdictOn(text: string): "fine" | "blocked" | "not judged" | "unreadable" {
  try {
    const plan = readPlan(text);
    const context = new ReviewContext(plan);
    const cost = { beforeDollars: 0, afterDollars: 0, lines: [], note: "" };
    const input = {
      plan,
      judged: judgedIn(context),
      findings: findingsOf(context),
      cost,
      waivers: [],
      waiversFile: "",
      today: "2026-01-01",
    };
    return reportOf(input).verdict;
  } catch (error) {
    if (error instanceof UnreadablePlan) {
      return "unreadable";
    }
    throw error;
  }
}

function pathsIn(value: Json, path: Path = []): Path[] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, child]) =>
          pathsIn(child, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [path, ...inner];
}

/** The value with another at a path, or, without one, with nothing there. */
function edited(value: Json, [key, ...rest]: Path, replacement: Json | undefined): Json {
  if (key === undefined) {
    return replacement ?? null;
  }
  if (Array.isArray(value)) {
    return value.flatMap((child, index) =>
      index !== key
        ? [child]
        : rest.length > 0 || replacement !== undefined
          ? [edited(child, rest, replacement)]
          : [],
    );
  }
  const { [key]: child, ...others } = value as { [key: string]: Json };
  return rest.length === 0 && replacement === undefined
    ? others
    : { ...others, [key]: edited(child ?? null, rest, replacement) };
}

const anything = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    1,
    -1,
    30,
    "",
    "true",
    "logs",
    "*",
    "aws_cloudtrail",
    [],
    {},
    [{}],
    [null],
  ),
  fc.json().map((text) => JSON.parse(text) as Json),
);

describe("a plan in which something blocks", () => {
  it.each(BLOCKS)("is blocked by $address $attribute", (block) => {
    expect(verdictOn(JSON.stringify(planWith(block)))).toBe("blocked");
  });

  it("never passes for an edit elsewhere", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...BLOCKS),
        fc.nat(),
        fc.option(anything, { nil: undefined }),
        (block, at, replacement) => {
          const plan = planWith(block);
          const isOfTheChange = ofTheChange(plan, block);
          const paths = pathsIn(plan).filter((path) => path.length > 0 && !isOfTheChange(path));
          const path = paths[at % paths.length] as Path;

          expect([path, verdictOn(JSON.stringify(edited(plan, path, replacement)))]).not.toEqual([
            path,
            "fine",
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("never passes for another value of the wrong type", () => {
    const odd = fc.constantFrom<Json>(1, -1, "", "true", "365", [], {}, [null], [[]], { status: "Enabled" });
    fc.assert(
      fc.property(
        fc.constantFrom(...BLOCKS.filter(({ attribute }) => attribute)),
        odd,
        (block, replacement) => {
          const plan = planWith(block);
          const index = indexOf(plan, block);
          const path = ["resource_changes", index, "change", "after", String(block.attribute)];

          expect([replacement, verdictOn(JSON.stringify(edited(plan, path, replacement)))]).not.toEqual([
            replacement,
            "fine",
          ]);
        },
      ),
    );
  });

  it("is unreadable, and no pass, where a destruction is only left out", () => {
    for (const block of BLOCKS.filter(({ attribute }) => attribute === undefined)) {
      const plan = planWith(block);
      expect(
        verdictOn(JSON.stringify(edited(plan, ["resource_changes", indexOf(plan, block)], undefined))),
      ).toBe("unreadable");
    }
  });
});

/** Where an edit takes the change itself away: the change, what it is made of, and the list that it is in. */
function ofTheChange(plan: Json, block: Block): (path: Path) => boolean {
  const index = indexOf(plan, block);
  return ([top, at, change, side, attribute]) =>
    top === "resource_changes" &&
    (at === undefined ||
      (at === index &&
        (change === undefined ||
          (change === "change" &&
            (side === undefined ||
              ((side === "before" || side === "after") &&
                (attribute === undefined || attribute === block.attribute)))))));
}

function indexOf(plan: Json, { address }: Block): number {
  const { resource_changes: changes } = plan as { resource_changes: { address: string }[] };
  return changes.findIndex((change) => change.address === address);
}

describe("any text", () => {
  it("is a plan, or said not to be one", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      anything.map((value) => JSON.stringify(value)),
    );
    fc.assert(fc.property(text, (text) => verdictOn(text) !== undefined));
  });

  it("is not read on and on where it is nested without end", () => {
    const deep = 200_000;
    for (const text of [
      "[".repeat(deep) + "]".repeat(deep),
      `{"format_version":"1.2","planned_values":{"root_module":${'{"child_modules":['.repeat(deep)}${"]}".repeat(deep)}}}`,
      `{"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":["create"],"before":null,"after":{"x":${"[".repeat(deep)}${"]".repeat(deep)}}}}]}`,
    ]) {
      expect(() => verdictOn(text)).not.toThrow();
    }
  });
});

describe("random edits of every kind", () => {
  it("crash nothing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...BLOCKS),
        fc.array(fc.tuple(fc.nat(), fc.option(anything, { nil: undefined })), { minLength: 1, maxLength: 6 }),
        (block, edits) => {
          let plan: Json = planWith(block);
          for (const [at, replacement] of edits) {
            const paths = pathsIn(plan);
            plan = edited(plan, paths[at % paths.length] as Path, replacement);
          }
          verdictOn(JSON.stringify(plan));
        },
      ),
      { numRuns: 500 },
    );
  });
});
