import type { LifecycleRule } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { observeBucket } from "../../../../../lambda-src/guard/parts/bucket";
import { BUCKET, DECLARED_BUCKET, KEY_ARN } from "../support/deployment";
import type { BucketInMemory } from "../support/fake-aws";
import { deployment, repair, summary } from "../support/seen";

const { lifecycle, policy } = DECLARED_BUCKET;

async function observed(change: Partial<BucketInMemory>) {
  const { cloud, aws } = deployment();
  const bucket = cloud.bucket as BucketInMemory;
  Object.assign(bucket, change);
  const seen = await observeBucket(aws, DECLARED_BUCKET);
  await repair(seen, aws);
  return { bucket, told: summary(seen), again: summary(await observeBucket(aws, DECLARED_BUCKET)) };
}

describe("the bucket policy", () => {
  /** The same policy, written in another way. */
  const rewritten = fc.infiniteStream(fc.nat(9)).map((choices) => {
    const choose = () => choices.next().value as number;
    const rewrite = (value: unknown): unknown => {
      if (Array.isArray(value)) {
        const items = value.map(rewrite);
        return choose() < 5 ? items.reverse() : items;
      }
      if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value).map(([name, inner]) => [name, rewrite(inner)] as const);
        return Object.fromEntries(choose() < 5 ? [...entries].reverse() : entries);
      }
      return value === "*" && choose() < 5
        ? { AWS: choose() < 5 ? "*" : ["*"] }
        : choose() < 3
          ? [value]
          : value;
    };
    return JSON.stringify(rewrite(policy), null, choose() < 5 ? 2 : 0).replace(
      /\["2012-10-17"\]/,
      '"2012-10-17"',
    );
  });

  it("is as declared in whatever way it is written", async () => {
    await fc.assert(
      fc.asyncProperty(rewritten, async (text) => {
        expect((await observed({ policy: text })).told).toEqual({});
      }),
      { numRuns: 200 },
    );
  });

  it("is another if anything in it is", async () => {
    const text = JSON.stringify(policy);
    const words = text.match(/[A-Za-z0-9]{3,}/g) ?? [];
    const change = fc.oneof(
      fc.constantFrom(...words).map((word) => text.replace(word, `${word}x`)),
      fc.constantFrom(0, 1).map((index) => {
        const { Statement, ...others } = policy;
        return JSON.stringify({ ...others, Statement: Statement.filter((_, nth) => nth !== index) });
      }),
      fc.constantFrom("Allow", "Deny").map((Effect) => {
        const { Statement, ...others } = policy;
        const added = { Effect, Principal: "*", Action: "s3:GetObject", Resource: "*" };
        return JSON.stringify({ ...others, Statement: [...Statement, added] });
      }),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        const { told, again, bucket } = await observed({ policy: changed });
        expect(told).toEqual({ "bucket.policy": "weaker: the bucket's policy is another than declared" });
        expect(again).toEqual({});
        expect(JSON.parse(bucket.policy ?? "")).toEqual(policy);
      }),
      { numRuns: 100 },
    );
  });

  it("is missing, or no policy at all", async () => {
    expect((await observed({ policy: undefined })).told).toEqual({
      "bucket.policy": "missing: the bucket has no policy",
    });
    expect((await observed({ policy: "{" })).again).toEqual({});
  });
});

describe("the lifecycle", () => {
  const days = fc.option(fc.integer({ min: 1, max: 8000 }), { nil: undefined });
  const rule: fc.Arbitrary<LifecycleRule> = fc
    .record({
      ID: fc.constantFrom("expire-log-files", "other", undefined),
      Status: fc.constantFrom("Enabled" as const, "Enabled" as const, "Disabled" as const),
      days,
      noncurrentDays: days,
    })
    .map(({ ID, Status, days, noncurrentDays }) => ({
      ID,
      Status,
      Expiration: days === undefined ? undefined : { Days: days },
      NoncurrentVersionExpiration:
        noncurrentDays === undefined ? undefined : { NoncurrentDays: noncurrentDays },
    }));
  /** Days until the first rule deletes a file, and an older version of one. */
  const soonest = (rules: readonly LifecycleRule[] = []) => {
    const enabled = rules.filter(({ Status }) => Status === "Enabled");
    return [
      Math.min(...enabled.map(({ Expiration }) => Expiration?.Days ?? Number.POSITIVE_INFINITY)),
      Math.min(
        ...enabled.map((one) => one.NoncurrentVersionExpiration?.NoncurrentDays ?? Number.POSITIVE_INFINITY),
      ),
    ] as const;
  };

  it("is restored if a rule deletes sooner than declared, and is left if it keeps longer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { maxLength: 4 }), async (rules) => {
        const [current, older] = soonest(rules);
        const isSooner = current < lifecycle.expiration || older < lifecycle.noncurrentVersionExpiration;

        const { told, again, bucket } = await observed({ lifecycle: rules });

        expect("bucket.lifecycle" in told).toBe(isSooner);
        expect("bucket.lifecycle" in again).toBe(false);
        const [currentNow, olderNow] = soonest(bucket.lifecycle);
        expect(currentNow).toBeGreaterThanOrEqual(lifecycle.expiration);
        expect(olderNow).toBeGreaterThanOrEqual(lifecycle.noncurrentVersionExpiration);
        if (!isSooner) expect(bucket.lifecycle).toEqual(rules);
        const longest = rules.map(({ Status, Expiration }) =>
          Status === "Enabled" ? (Expiration?.Days ?? 0) : 0,
        );
        if (isSooner) expect(currentNow).toBeGreaterThanOrEqual(Math.max(...longest));
      }),
      { numRuns: 300 },
    );
  });

  it("is told of by what it deletes, and when", async () => {
    const rules: LifecycleRule[] = [
      { Status: "Enabled", Expiration: { Date: new Date("2026-04-01T00:00:00Z") } },
      {
        ID: "r",
        Status: "Enabled",
        Expiration: { Days: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 2 },
      },
    ];

    expect((await observed({ lifecycle: rules })).told).toEqual({
      "bucket.lifecycle":
        "weaker: log files are deleted sooner than declared: rule without a name on 2026-04-01; rule r after 1 days, declared 3650; rule r older versions after 2 days, declared 90",
    });
  });

  it("is stronger where none deletes, or none as soon as declared", async () => {
    const longer = {
      "bucket.lifecycle.stronger": expect.stringContaining("longer than the declared 3650 days"),
    };

    expect((await observed({ lifecycle: undefined })).told).toEqual(longer);
    expect((await observed({ lifecycle: [{ Status: "Enabled", Expiration: { Days: 3651 } }] })).told).toEqual(
      longer,
    );
  });
});

describe("the bucket's other settings", () => {
  it("are each flag of the public access block", async () => {
    const flags = fc.record({
      BlockPublicAcls: fc.boolean(),
      BlockPublicPolicy: fc.boolean(),
      IgnorePublicAcls: fc.boolean(),
      RestrictPublicBuckets: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(flags, async (publicAccessBlock) => {
        const off = Object.entries(publicAccessBlock)
          .filter(([, isOn]) => !isOn)
          .map(([flag]) => flag);
        const { told, again, bucket } = await observed({ publicAccessBlock });
        const [text] = Object.values(told);
        expect(text).toBe(
          off.length === 0 ? undefined : `weaker: public access block off, declared on: ${off.join(", ")}`,
        );
        expect(again).toEqual({});
        expect(Object.values(bucket.publicAccessBlock ?? {})).toEqual([true, true, true, true]);
      }),
    );
  });

  it.each<[Partial<BucketInMemory>, Record<string, string>]>([
    [{ publicAccessBlock: undefined }, { "bucket.public-access-block": expect.stringMatching(/^missing: /) }],
    [
      { ownership: undefined },
      { "bucket.ownership": "missing: object ownership none, declared BucketOwnerEnforced" },
    ],
    [
      { ownership: "ObjectWriter" },
      { "bucket.ownership": "weaker: object ownership ObjectWriter, declared BucketOwnerEnforced" },
    ],
    [{ versioning: undefined }, { "bucket.versioning": "missing: versioning off, declared Enabled" }],
    [{ versioning: "Suspended" }, { "bucket.versioning": "missing: versioning Suspended, declared Enabled" }],
    [
      { encryption: undefined },
      { "bucket.encryption": "missing: default encryption none, declared the trail's key" },
    ],
    [
      { encryption: { algorithm: "AES256", keyArn: undefined } },
      { "bucket.encryption": "missing: default encryption AES256, declared the trail's key" },
    ],
    [
      { encryption: { algorithm: "aws:kms", keyArn: "k" } },
      { "bucket.encryption": "weaker: default encryption aws:kms k, declared the trail's key" },
    ],
    [{ encryption: { algorithm: "aws:kms:dsse", keyArn: KEY_ARN } }, {}],
    [{}, {}],
  ])("are seen and restored: %j", async (change, told) => {
    const { told: found, again } = await observed(change);

    expect(found).toEqual(told);
    expect(again).toEqual({});
  });
});

it("a bucket that is gone is one difference, which the guard can't restore", async () => {
  const { cloud, aws } = deployment();
  cloud.bucket = undefined;

  const { differences, unseen } = await observeBucket(aws, DECLARED_BUCKET);

  expect(differences).toEqual([
    { id: "bucket", row: "irreparable", kind: "missing", what: `the bucket ${BUCKET} is deleted` },
  ]);
  expect(unseen.size).toBe(0);
});
