import fc from "fast-check";
import { judgeLogBuckets } from "../../../../../cli/review/rules/log-bucket";
import { change, judged, REPLACED, referring, unchanged, verdicts } from "../support";

const TRAIL = unchanged("aws_cloudtrail.this", {
  s3_bucket_name: "logs",
  s3_key_prefix: null,
  arn: "arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit",
});
const ADDRESS = "aws_s3_bucket.logs";
const BUCKET = { bucket: "logs", force_destroy: false };
const EXISTING = [TRAIL, unchanged(ADDRESS, BUCKET)];

const WRITE = {
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::logs/AWSLogs/111122223333/*",
};
const FOREIGN = { ...WRITE, Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "s3:DeleteObject" };

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** What is found where a setting of the bucket changes. */
function found(type: string, before: object | undefined, after: object | undefined, options = {}) {
  const of = (settings: object | undefined) =>
    settings === undefined ? undefined : { bucket: "logs", ...settings };
  return judged(judgeLogBuckets, [...EXISTING, change(`${type}.this`, of(before), of(after), options)]).map(
    ({ rule, severity, message, details }) => ({ is: `${severity} ${rule}`, message, details }),
  );
}

function inline(before: object, after: object, options = {}) {
  return verdicts(judgeLogBuckets, [
    TRAIL,
    change(ADDRESS, { ...BUCKET, ...before }, { ...BUCKET, ...after }, options),
  ]);
}

describe("judgeLogBuckets", () => {
  it("finds a bucket that is destroyed or replaced", () => {
    const expected = [`blocks bucket-destroyed ${ADDRESS}`];

    expect(verdicts(judgeLogBuckets, [TRAIL, change(ADDRESS, BUCKET, undefined)])).toEqual(expected);
    expect(verdicts(judgeLogBuckets, [TRAIL, change(ADDRESS, BUCKET, BUCKET, REPLACED)])).toEqual(expected);
    expect(verdicts(judgeLogBuckets, [TRAIL, change(ADDRESS, { bucket: "other" }, undefined)])).toEqual([]);
  });

  it("warns of one that may be destroyed with what is in it", () => {
    expect(inline({}, { force_destroy: true })).toEqual([`warns bucket-force-destroy ${ADDRESS}`]);
    expect(inline({}, {}, { unknown: { force_destroy: true } })).toEqual([
      `warns bucket-force-destroy ${ADDRESS}`,
    ]);
    expect(inline({ force_destroy: true }, { force_destroy: true })).toEqual([]);
    expect(inline({ force_destroy: true }, {})).toEqual([]);
  });

  it("finds nothing in settings of a bucket that is made, of another one, or that goes, too", () => {
    const open = [
      change("aws_s3_bucket_policy.this", undefined, { bucket: "logs", policy: policy(WRITE, FOREIGN) }),
      change("aws_s3_bucket_public_access_block.this", undefined, {
        bucket: "logs",
        block_public_acls: false,
      }),
      change("aws_s3_bucket_lifecycle_configuration.this", undefined, lifecycle({ days: 1 })),
    ];
    expect(verdicts(judgeLogBuckets, [TRAIL, change(ADDRESS, undefined, BUCKET), ...open])).toEqual([]);

    const gone = [
      change("aws_s3_bucket_policy.this", { bucket: "logs", policy: policy(WRITE) }, undefined),
      change(
        "aws_s3_bucket_public_access_block.this",
        { bucket: "logs", block_public_acls: true },
        undefined,
      ),
      change("aws_s3_bucket_versioning.this", { bucket: "logs", ...versioning("Enabled") }, undefined),
    ];
    expect(verdicts(judgeLogBuckets, [TRAIL, change(ADDRESS, BUCKET, undefined), ...gone])).toEqual([
      `blocks bucket-destroyed ${ADDRESS}`,
    ]);

    const other = { bucket: "other", ...versioning("Enabled") };
    expect(
      verdicts(judgeLogBuckets, [TRAIL, change("aws_s3_bucket_versioning.b", other, undefined)]),
    ).toEqual([]);
  });

  describe("of the policy", () => {
    const TYPE = "aws_s3_bucket_policy";
    const was = { policy: policy(WRITE) };

    it("finds it opened", () => {
      expect(found(TYPE, was, { policy: policy(WRITE, FOREIGN) })).toEqual([
        {
          is: "blocks bucket-policy-opened",
          message: "The policy of the bucket of log files is opened",
          details: [expect.stringContaining("999999999999")],
        },
      ]);
      expect(inline(was, { policy: policy(WRITE, FOREIGN) })).toEqual([
        `blocks bucket-policy-opened ${ADDRESS}`,
      ]);
    });

    it("finds a new one of an existing bucket opened, compared with what the bucket has", () => {
      const made = change(`${TYPE}.this`, undefined, { bucket: "logs", ...was });

      expect(verdicts(judgeLogBuckets, [...EXISTING, made])).toEqual([
        `blocks bucket-policy-opened ${TYPE}.this`,
      ]);
      expect(verdicts(judgeLogBuckets, [TRAIL, unchanged(ADDRESS, { ...BUCKET, ...was }), made])).toEqual([]);
    });

    it("finds that CloudTrail may no longer write", () => {
      const denied = [expect.objectContaining({ is: "blocks bucket-delivery-denied" })];

      expect(found(TYPE, was, undefined)).toEqual(denied);
      expect(found(TYPE, was, { policy: policy({ ...FOREIGN, Effect: "Deny" }) })).toEqual(denied);
      const elsewhere = { ...WRITE, Resource: "arn:aws:s3:::logs/AWSLogs/444455556666/*" };
      expect(found(TYPE, was, { policy: policy(elsewhere) }).map(({ is }) => is)).toContain(
        "blocks bucket-delivery-denied",
      );
    });

    it("finds nothing where it is tightened", () => {
      const wide = { ...WRITE, Resource: "arn:aws:s3:::logs/*" };

      expect(found(TYPE, { policy: policy(wide) }, was)).toEqual([]);
      expect(found(TYPE, { policy: policy(WRITE, FOREIGN) }, was)).toEqual([]);
    });

    it("can't judge what isn't known, or can't be read", () => {
      const both = ["unknown bucket-policy-opened", "unknown bucket-delivery-denied"];

      expect(found(TYPE, was, {}, { unknown: { policy: true } }).map(({ is }) => is)).toEqual(both);
      expect(found(TYPE, was, { policy: "{" }).map(({ is }) => is)).toEqual(both);
      expect(found(TYPE, was, { policy: 1 }).map(({ is }) => is)).toEqual(both);
    });

    it("never tells what is sensitive", () => {
      const secret = { ...FOREIGN, Action: "s3:Secret" };
      const sensitive = { sensitive: { policy: true } };

      expect(found(TYPE, was, { policy: policy(WRITE, secret) }, sensitive)).toEqual([
        expect.objectContaining({ is: "blocks bucket-policy-opened", details: [] }),
      ]);
      expect(JSON.stringify(found(TYPE, was, { policy: '{"Secret' }, sensitive))).not.toContain("Secret");
    });

    it("takes one that is destroyed and made at another address for one that changes", () => {
      const destroyed = change(`${TYPE}.a`, { bucket: "logs", ...was }, undefined);
      const made = (text: string) => change(`${TYPE}.b`, undefined, { bucket: "logs", policy: text });

      expect(verdicts(judgeLogBuckets, [...EXISTING, destroyed, made(was.policy)])).toEqual([]);
      expect(verdicts(judgeLogBuckets, [...EXISTING, destroyed, made(policy(WRITE, FOREIGN))])).toEqual([
        `blocks bucket-policy-opened ${TYPE}.b`,
      ]);
    });

    it("follows references where the bucket's name isn't known", () => {
      const made = change(
        `${TYPE}.this`,
        undefined,
        { policy: policy(FOREIGN) },
        { unknown: { bucket: true } },
      );
      const configuration = referring({ [`${TYPE}.this`]: { bucket: "aws_s3_bucket.logs.id" } });

      expect(verdicts(judgeLogBuckets, [...EXISTING, made], configuration)).toEqual([
        `blocks bucket-policy-opened ${TYPE}.this`,
      ]);
    });

    it("finds an access control list that lets in more", () => {
      const acl = "aws_s3_bucket_acl";

      expect(found(acl, { acl: "private" }, { acl: "public-read" })).toEqual([
        {
          is: "blocks bucket-policy-opened",
          message: "The access control list of the bucket of log files lets in more",
          details: ["http://acs.amazonaws.com/groups/global/AllUsers READ"],
        },
      ]);
      expect(found(acl, undefined, { acl: "authenticated-read" })).toHaveLength(1);
      expect(found(acl, { acl: "public-read" }, { acl: "private" })).toEqual([]);
      expect(found(acl, { acl: "private" }, undefined)).toEqual([]);
      expect(found(acl, { acl: "private" }, {}, { unknown: { acl: true } })).toEqual([
        expect.objectContaining({ is: "unknown bucket-policy-opened" }),
      ]);
      expect(inline({ acl: "private" }, { acl: "public-read-write" })).toEqual([
        `blocks bucket-policy-opened ${ADDRESS}`,
      ]);
      const unknown = { access_control_policy: true };
      expect(found(acl, undefined, { acl: "private" }, { unknown })).toEqual([]);
    });

    it("finds grants to others than the owner", () => {
      const grants = (...ids: readonly string[]) => ({
        acl: null,
        access_control_policy: [
          {
            owner: [{ id: "me" }],
            grant: ids.map((id) => ({
              grantee: [{ id, type: "CanonicalUser" }],
              permission: "FULL_CONTROL",
            })),
          },
        ],
      });

      expect(found("aws_s3_bucket_acl", grants("me"), grants("me", "you"))).toEqual([
        expect.objectContaining({ details: ["you FULL_CONTROL"] }),
      ]);
      expect(found("aws_s3_bucket_acl", grants("you"), grants("me"))).toEqual([]);
      expect(inline({ grant: [] }, { grant: [{ uri: "all", permissions: ["READ"] }] })).toHaveLength(1);
    });
  });

  describe("of the public access block", () => {
    const TYPE = "aws_s3_bucket_public_access_block";
    const ON = {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    };

    it.each(Object.keys(ON))("finds %s off", (name) => {
      expect(found(TYPE, ON, { ...ON, [name]: false })).toEqual([
        expect.objectContaining({ is: "blocks bucket-public-access", details: [`${name} is off`] }),
      ]);
      expect(found(TYPE, ON, ON, { unknown: { [name]: true } })).toEqual([
        expect.objectContaining({ is: "unknown bucket-public-access" }),
      ]);
      expect(found(TYPE, { ...ON, [name]: false }, ON)).toEqual([]);
      expect(found(TYPE, undefined, { ...ON, [name]: false })).toHaveLength(1);
    });

    it("finds it destroyed", () => {
      expect(found(TYPE, ON, undefined)).toEqual([
        expect.objectContaining({
          message: "The public access block of the bucket of log files is destroyed",
        }),
      ]);
      const off = Object.fromEntries(Object.keys(ON).map((name) => [name, false]));
      expect(found(TYPE, off, undefined)).toEqual([]);
    });

    it("finds it moved to another bucket", () => {
      const before = { bucket: "logs", ...ON };
      const moved = (after: object, options = REPLACED) =>
        verdicts(judgeLogBuckets, [
          ...EXISTING,
          change(`${TYPE}.this`, before, { ...ON, ...after }, options),
        ]);

      expect(moved({ bucket: "other" })).toEqual([`blocks bucket-public-access ${TYPE}.this`]);
      const unknown = { ...REPLACED, unknown: { bucket: true } };
      expect(moved({}, unknown)).toEqual([`blocks bucket-public-access ${TYPE}.this`]);
    });

    it("finds that of the account loosened", () => {
      const account = "aws_s3_account_public_access_block.this";
      const expected = [`blocks bucket-public-access ${account}`];

      expect(verdicts(judgeLogBuckets, [change(account, ON, { ...ON, block_public_acls: false })])).toEqual(
        expected,
      );
      expect(verdicts(judgeLogBuckets, [change(account, ON, undefined)])).toEqual(expected);
      expect(verdicts(judgeLogBuckets, [change(account, undefined, { block_public_acls: false })])).toEqual(
        [],
      );
    });
  });

  describe("of versioning", () => {
    const TYPE = "aws_s3_bucket_versioning";

    it("finds it suspended", () => {
      const suspended = [expect.objectContaining({ is: "blocks bucket-versioning-suspended" })];

      expect(found(TYPE, versioning("Enabled"), versioning("Suspended"))).toEqual(suspended);
      expect(found(TYPE, versioning("Enabled"), undefined)).toEqual(suspended);
      expect(found(TYPE, versioning("Enabled", "Enabled"), versioning("Enabled", "Disabled"))).toEqual(
        suspended,
      );
      expect(inline({ versioning: [{ enabled: true }] }, { versioning: [{ enabled: false }] })).toEqual([
        `blocks bucket-versioning-suspended ${ADDRESS}`,
      ]);
      const made = change(`${TYPE}.this`, undefined, { bucket: "logs", ...versioning("Suspended") });
      const versioned = unchanged(ADDRESS, { ...BUCKET, versioning: [{ enabled: true, mfa_delete: false }] });
      expect(verdicts(judgeLogBuckets, [TRAIL, versioned, made])).toHaveLength(1);
    });

    it("can't judge what isn't known", () => {
      const unknown = { versioning_configuration: [{ status: true, mfa_delete: true }] };

      expect(found(TYPE, versioning("Enabled"), versioning("Enabled"), { unknown })).toEqual([
        expect.objectContaining({ is: "unknown bucket-versioning-suspended" }),
      ]);
    });

    it("finds nothing where it is enabled, or was suspended before", () => {
      expect(found(TYPE, versioning("Suspended"), versioning("Enabled"))).toEqual([]);
      expect(found(TYPE, versioning("Suspended"), undefined)).toEqual([]);
      expect(found(TYPE, versioning("Enabled"), undefined, { actions: ["forget"] })).toEqual([]);
    });
  });

  describe("of the lifecycle", () => {
    const TYPE = "aws_s3_bucket_lifecycle_configuration";

    it.each<[string, object | undefined, object, string]>([
      [
        "fewer days",
        lifecycle({ days: 365 }),
        lifecycle({ days: 90 }),
        "after 90 days instead of after 365 days",
      ],
      ["a first rule", undefined, lifecycle({ days: 90 }), "after 90 days instead of never"],
      [
        "a rule that is enabled",
        lifecycle({ days: 90, status: "Disabled" }),
        lifecycle({ days: 90 }),
        "after 90 days instead of never",
      ],
      [
        "a wider prefix",
        lifecycle({ days: 9, prefix: "tmp/" }, { days: 365 }),
        lifecycle({ days: 9, prefix: "AWS" }, { days: 365 }),
        "after 9 days instead of after 365 days",
      ],
      [
        "a filter that asks for less",
        lifecycle({ days: 9, tags: { a: "b" } }, { days: 365 }),
        lifecycle({ days: 9 }, { days: 365 }),
        "after 9 days instead of after 365 days",
      ],
      [
        "smaller objects, too",
        lifecycle({ days: 9, larger: 1000 }),
        lifecycle({ days: 9, larger: "10" }),
        "after 9 days instead of never",
      ],
      [
        "a date",
        lifecycle({ days: 365 }),
        lifecycle({ date: "2030-01-01T00:00:00Z" }),
        "on 2030-01-01T00:00:00Z instead of after 365 days",
      ],
    ])("finds log files that expire earlier by %s", (_, before, after, message) => {
      expect(found(TYPE, before, after)).toEqual([
        { is: "blocks bucket-lifecycle-shortened", message: `Log files expire ${message}`, details: [] },
      ]);
    });

    it.each<[string, object | undefined, object | undefined]>([
      ["more days", lifecycle({ days: 90 }), lifecycle({ days: 365 })],
      ["none any more", lifecycle({ days: 90 }), undefined],
      ["another prefix than log files have", undefined, lifecycle({ days: 9, prefix: "tmp/" })],
      ["a transition only", undefined, lifecycle({})],
      ["log files only", lifecycle({ days: 90 }), lifecycle({ days: 90, prefix: "AWSLogs/" })],
      ["all instead of log files", lifecycle({ days: 90, prefix: "AWSLogs/" }), lifecycle({ days: 90 })],
      ["a later date", lifecycle({ date: "2030-01-01" }), lifecycle({ date: "2031-01-01" })],
    ])("finds nothing where a rule has %s", (_, before, after) => {
      expect(found(TYPE, before, after)).toEqual([]);
    });

    it("finds versions that expire earlier", () => {
      expect(found(TYPE, lifecycle({ noncurrent: 90 }), lifecycle({ noncurrent: 30 }))).toEqual([
        expect.objectContaining({
          message: "Noncurrent versions of log files expire after 30 days instead of after 90 days",
        }),
      ]);
      expect(
        found(TYPE, lifecycle({ noncurrent: 90, newer: "3" }), lifecycle({ noncurrent: 90 })),
      ).toHaveLength(1);
      expect(found(TYPE, lifecycle({ noncurrent: 90 }), lifecycle({ noncurrent: 90, newer: 3 }))).toEqual([]);
    });

    it("takes any prefix for that of log files where no trail is known", () => {
      const settings = lifecycle({ days: 9, prefix: "x/" });
      const writable = unchanged("aws_s3_bucket_policy.this", { bucket: "logs", policy: policy(WRITE) });

      expect(verdicts(judgeLogBuckets, [writable, change(`${TYPE}.this`, undefined, settings)])).toEqual([
        `blocks bucket-lifecycle-shortened ${TYPE}.this`,
      ]);
    });

    it("judges the bucket's own rules", () => {
      const rules = (days: number) => ({
        lifecycle_rule: [{ enabled: true, id: "", prefix: "", tags: {}, expiration: [{ days, date: "" }] }],
      });

      expect(inline(rules(365), rules(90))).toEqual([`blocks bucket-lifecycle-shortened ${ADDRESS}`]);
      expect(inline(rules(90), rules(365), { unknown: { lifecycle_rule: [{ id: true }] } })).toEqual([]);
    });

    it.each<[string, object, object]>([
      ["isn't known", {}, { unknown: { rule: true } }],
      ["has unknown days", {}, { unknown: { rule: [{ expiration: [{ days: true }] }] } }],
      ["has no number of days", lifecycle({ days: "90" }), {}],
      ["has another status", lifecycle({ days: 365, status: "On" }), {}],
      ["is no list", { rule: 1 }, {}],
    ])("can't judge one that %s", (_, after, options) => {
      const was = lifecycle({ days: 365 });

      expect(found(TYPE, was, { ...was, ...after }, options)).toEqual([
        expect.objectContaining({ is: "unknown bucket-lifecycle-shortened" }),
      ]);
    });

    it("never tells what is sensitive", () => {
      const shorter = found(TYPE, lifecycle({ days: 365 }), lifecycle({ days: 90 }), {
        sensitive: { rule: true },
      });

      expect(shorter).toEqual([
        expect.objectContaining({ message: "Log files expire earlier", details: [] }),
      ]);
    });

    it("finds, of any rules, each that is added with fewer days than all that apply", () => {
      const rule = fc.record({
        days: fc.integer({ min: 2, max: 50 }),
        prefix: fc.constantFrom("", "AWSLogs/", "AWSLogs/1/", "tmp/"),
      });
      fc.assert(
        fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
          expect(found(TYPE, lifecycle(...rules), lifecycle(...rules))).toEqual([]);
          expect(found(TYPE, lifecycle(...rules), lifecycle(...rules, { days: 1 }))).toHaveLength(1);
          expect(found(TYPE, lifecycle(...rules, { days: 1 }), lifecycle(...rules))).toEqual([]);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe("of the object lock", () => {
    const TYPE = "aws_s3_bucket_object_lock_configuration";
    const lock = (retention: object) => ({ rule: [{ default_retention: [retention] }] });

    it.each<[string, object | undefined, string]>([
      [
        "fewer days",
        lock({ mode: "COMPLIANCE", days: 364 }),
        "New log files are locked for 364 days instead of 365",
      ],
      ["no rule", { rule: [] }, "New log files are no longer locked"],
      ["no configuration", undefined, "New log files are no longer locked"],
      [
        "governance mode",
        lock({ mode: "GOVERNANCE", years: 1 }),
        "New log files are locked in governance mode instead of compliance mode: who has the permission may delete them",
      ],
    ])("finds %s", (_, after, message) => {
      expect(found(TYPE, lock({ mode: "COMPLIANCE", years: 1 }), after)).toEqual([
        expect.objectContaining({ is: "blocks bucket-object-lock-loosened", message }),
      ]);
    });

    it("finds nothing where it is as long in other units, longer, or new", () => {
      const year = lock({ mode: "GOVERNANCE", years: 1, days: null });

      expect(found(TYPE, year, lock({ mode: "GOVERNANCE", days: 365 }))).toEqual([]);
      expect(found(TYPE, year, lock({ mode: "COMPLIANCE", years: 2 }))).toEqual([]);
      expect(found(TYPE, undefined, year)).toEqual([]);
    });

    it("can't judge what isn't known, and judges the bucket's own", () => {
      const year = lock({ mode: "GOVERNANCE", years: 1 });
      const unknown = { rule: [{ default_retention: [{ days: true }] }] };

      expect(found(TYPE, year, year, { unknown })).toEqual([
        expect.objectContaining({ is: "unknown bucket-object-lock-loosened" }),
      ]);
      expect(inline({ object_lock_configuration: [year] }, { object_lock_configuration: [] })).toEqual([
        `blocks bucket-object-lock-loosened ${ADDRESS}`,
      ]);
    });
  });

  it("takes any values of any attribute", () => {
    const types = [
      "aws_s3_bucket",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_acl",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_object_lock_configuration",
    ];
    const names = [
      "policy",
      "acl",
      "grant",
      "access_control_policy",
      "rule",
      "lifecycle_rule",
      "versioning",
      "versioning_configuration",
      "object_lock_configuration",
      "block_public_acls",
    ];
    const attributes = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...types), attributes, attributes, (type, before, after) => {
        expect(() => found(type, before, after)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

function versioning(status: string, mfaDelete = "Disabled") {
  return { versioning_configuration: [{ status, mfa_delete: mfaDelete }] };
}

interface Rule {
  readonly days?: unknown;
  readonly date?: string;
  readonly noncurrent?: number;
  readonly newer?: unknown;
  readonly status?: string;
  readonly prefix?: string;
  readonly tags?: object;
  readonly larger?: unknown;
}

function lifecycle(...rules: readonly Rule[]) {
  return {
    bucket: "logs",
    rule: rules.map(
      ({
        days = null,
        date = null,
        noncurrent,
        newer = null,
        status = "Enabled",
        prefix = "",
        tags,
        larger,
      }) => ({
        id: "rule",
        status,
        filter: [
          {
            prefix,
            object_size_greater_than: larger ?? null,
            and: tags === undefined ? [] : [{ prefix, tags }],
            tag: [],
          },
        ],
        expiration:
          days === null && date === null ? [] : [{ days, date, expired_object_delete_marker: false }],
        noncurrent_version_expiration:
          noncurrent === undefined ? [] : [{ noncurrent_days: noncurrent, newer_noncurrent_versions: newer }],
        transition: [{ days: 30, storage_class: "GLACIER" }],
      }),
    ),
  };
}
