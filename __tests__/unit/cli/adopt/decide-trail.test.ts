import { decideTrail } from "../../../../cli/adopt/decide-trail";
import type { DecideSettings, TrailDecision } from "../../../../cli/adopt/decision";
import type {
  ExistingBucket,
  ExistingKey,
  ExistingLogGroup,
  ExistingRole,
  ExistingTrail,
  TrailParts,
} from "../../../../cli/adopt/existing";
import { NOT_LOOKED_AT } from "../../../../cli/adopt/item";
import { bucketStatements, keyStatements } from "../../../../cli/adopt/permissions";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const REGION = "eu-central-1";
const TRAIL_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`;
const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`;
const GRANTEE = { partition: "aws", region: REGION, accountId: ACCOUNT, trailArn: TRAIL_ARN };
const NO_PART = { arguments: {}, tags: {} };

function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const TRAIL: ExistingTrail = {
  ...NO_PART,
  name: "audit",
  arn: TRAIL_ARN,
  homeRegion: REGION,
  isOrganizationTrail: false,
  bucketName: "logs",
  logGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:events:*`,
  deliveryRoleArn: `arn:aws:iam::${ACCOUNT}:role/service-role/delivers`,
  keyArn: KEY_ARN,
  s3KeyPrefix: undefined,
  snsTopic: undefined,
  otherEvents: [],
  hasAdvancedSelectors: false,
};

const BUCKET: ExistingBucket = {
  name: "logs",
  isOwned: true,
  region: REGION,
  policy: { found: policy(...bucketStatements("logs", GRANTEE)) },
  settings: { policy: {}, versioning: {} },
  lifecycleRules: [],
  tags: {},
  problems: [],
};

const KEY: ExistingKey = {
  ...NO_PART,
  arn: KEY_ARN,
  manager: "CUSTOMER",
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  state: "Enabled",
  origin: "AWS_KMS",
  isMultiRegion: false,
  policy: {
    found: policy(
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "kms:*", Resource: "*" },
    ),
  },
};

const LOG_GROUP: ExistingLogGroup = { ...NO_PART, name: "events", class: "STANDARD", retentionDays: 365 };

const ROLE: ExistingRole = {
  arn: `arn:aws:iam::${ACCOUNT}:role/service-role/delivers`,
  name: "delivers",
  arguments: {
    assume_role_policy: policy({ Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } }),
  },
  tags: {},
  inlinePolicies: { writes: policy({ Action: "logs:PutLogEvents" }) },
  attachedPolicies: [],
};

/** An account with everything, but for what a test says. */
function decide(different: Partial<TrailParts> = {}, settings: DecideSettings = {}): TrailDecision {
  const parts: TrailParts = {
    accountId: ACCOUNT,
    partition: "aws",
    region: REGION,
    trails: [TRAIL],
    trailName: TRAIL.name,
    trail: { found: TRAIL },
    bucket: { found: BUCKET },
    key: { found: KEY },
    logGroup: { found: LOG_GROUP },
    deliveryRole: { found: ROLE },
    ...different,
  };
  return decideTrail(parts, settings, {
    trail: "trailwarden",
    logGroup: "/aws/cloudtrail/trailwarden",
    functionLogGroups: ["/aws/lambda/enable_trail"],
  });
}

function itemOf({ items }: Pick<TrailDecision, "items">, kind: string) {
  const item = items.find((one) => one.kind === kind);
  return { decision: item?.decision, notes: item?.notes.join("\n") ?? "" };
}

test("everything that is this account's alone is adopted", () => {
  expect(decide()).toMatchObject({
    adopt: {
      trail: TRAIL_ARN,
      bucket: "logs",
      bucketSettings: ["policy", "versioning"],
      key: KEY_ARN,
      logGroup: "events",
      deliveryRole: ROLE.arn,
      deliveryRolePolicy: "writes",
    },
    settings: { retention: { bucketDays: 36_500 } },
  });
});

test("nothing is decided of an empty account but what is made", () => {
  const none = { found: undefined };

  const decision = decide({
    trails: [],
    trail: none,
    bucket: none,
    key: none,
    logGroup: none,
    deliveryRole: none,
  });

  expect(decision).toMatchObject({ adopt: {}, settings: {} });
  expect(new Set(decision.items.map((item) => item.decision))).toEqual(new Set(["new"]));
});

test("what couldn't be looked at is told, and not taken for missing", () => {
  const problem = { problem: "the caller may not logs:DescribeLogGroups" };

  const decision = decide({ logGroup: problem, trail: { found: TRAIL } });

  expect(decision.adopt.logGroup).toBeUndefined();
  expect(itemOf(decision, "log group")).toEqual({
    decision: "leave",
    notes: `${NOT_LOOKED_AT}: the caller may not logs:DescribeLogGroups`,
  });
  expect(decide({ trail: problem })).toMatchObject({ adopt: {}, settings: {}, items: [{ name: "audit" }] });
});

describe("a trail", () => {
  const ofTrail = (different: Partial<ExistingTrail>, settings?: DecideSettings) =>
    decide({ trail: { found: { ...TRAIL, ...different } } }, settings);

  it.each([
    ["of the organization", { isOrganizationTrail: true }],
    ["of another account", { arn: `arn:aws:cloudtrail:${REGION}:${OTHER}:trail/audit` }],
    ["of Control Tower", { name: "aws-controltower-BaselineCloudTrail" }],
    ["with data events", { otherEvents: ["data events of AWS::S3::Object"] }],
  ])("%s is used, with nothing else of it", (_, different: Partial<ExistingTrail>) => {
    const decision = ofTrail(different);

    expect(decision.adopt).toEqual({});
    expect(decision.settings).toEqual({
      trail: { existingTrail: different.arn ?? TRAIL_ARN, existingLogGroup: "events" },
    });
  });

  it.each([
    ["without a log group", { logGroupArn: undefined }, "aws cloudtrail update-trail"],
    ["with another account's", { logGroupArn: `arn:aws:logs:${REGION}:${OTHER}:log-group:x:*` }, OTHER],
  ])("that can't be imported, %s, is left, and it is told how it could be used", (_, different, told) => {
    const decision = ofTrail({ isOrganizationTrail: true, ...different });

    expect(decision).toMatchObject({ adopt: {}, settings: {} });
    expect(itemOf(decision, "trail").decision).toBe("leave");
    expect(itemOf(decision, "trail").notes).toContain(told);
  });

  it("of another region is left, and it is told what a second one costs and how to do without", () => {
    const elsewhere = { ...TRAIL, homeRegion: "us-east-1" };
    const none = { found: undefined };

    const { adopt, items } = decide({
      trails: [elsewhere],
      trailName: undefined,
      trail: none,
      bucket: none,
      key: none,
      logGroup: none,
    });

    expect(adopt).toEqual({});
    expect(items[0]).toMatchObject({
      name: "trailwarden",
      decision: "new",
      before: [expect.stringMatching(/audit \(home region us-east-1\) covers eu-central-1 already.*charges/)],
    });
    expect(items[1]).toMatchObject({
      name: "audit",
      decision: "leave",
      notes: [
        expect.stringContaining("neither imported nor used here"),
        "npm run adopt -- --region us-east-1 --trail audit",
        expect.stringContaining("stop this one"),
      ],
    });
  });

  it("that gets another key has those told who read log files", () => {
    const readers = [expect.stringContaining("kms:Decrypt")];

    expect(decide({ trail: { found: { ...TRAIL, keyArn: undefined } } }).items[0]?.before).toEqual(readers);
    expect(decide().items[0]?.before).toEqual([]);
  });

  it("loses its prefix and its topic, and it is told", () => {
    const { notes } = itemOf(ofTrail({ s3KeyPrefix: "acme", snsTopic: "arn:topic" }), "trail");

    expect(notes).toMatch(/prefix acme.*\n.*arn:topic/);
  });

  it("that the settings use already is left to them", () => {
    expect(decide({}, { trail: { existingTrail: "audit", existingLogGroup: "events" } }).items).toEqual([]);
  });
});

describe("a bucket", () => {
  const ofBucket = (different: Partial<ExistingBucket>, settings?: DecideSettings) =>
    decide({ bucket: { found: { ...BUCKET, ...different } } }, settings);

  it.each([
    ["another account owns", { isOwned: false }],
    ["is in another region", { region: "us-east-1" }],
    [
      "serves the whole organization",
      serving({ Service: "cloudtrail.amazonaws.com" }, "arn:aws:s3:::logs/AWSLogs/o-1/*"),
    ],
    ["serves a role", serving({ AWS: "arn:aws:iam::444455556666:role/reads" }, "arn:aws:s3:::logs/*")],
    ["is public", serving("*", "arn:aws:s3:::logs/*")],
  ])("that %s is used", (_, different: Partial<ExistingBucket>) => {
    const decision = ofBucket(different);

    expect(decision.adopt.bucket).toBeUndefined();
    expect(decision.adopt.trail).toBe(TRAIL_ARN);
    expect(decision.settings).toEqual({ trail: { existingBucket: "logs" } });
  });

  it("whose policy lets another trail write is used", () => {
    const statements = bucketStatements("logs", { ...GRANTEE, trailArn: `${TRAIL_ARN}-2` });

    expect(ofBucket({ policy: { found: policy(...statements) } }).adopt.bucket).toBeUndefined();
  });

  it("that other trails write to is used", () => {
    const other = { ...TRAIL, arn: `${TRAIL_ARN}-2`, name: "audit-2" };

    expect(itemOf(decide({ trails: [TRAIL, other] }), "bucket").notes).toContain("audit-2");
  });

  it("is told exactly what its policy lacks", () => {
    const [aclCheck, write] = bucketStatements("logs", GRANTEE);
    const existing = { isOwned: false, policy: { found: policy({ ...aclCheck }) } };

    const { notes } = itemOf(ofBucket(existing), "bucket");

    expect(notes).toContain(JSON.stringify(write));
    expect(notes).not.toContain(JSON.stringify(aclCheck));
    expect(ofBucket(existing).items.find(({ kind }) => kind === "bucket")?.before).toEqual([
      "its owner adds to its policy what it must allow, which is listed",
    ]);
  });

  it("lacks nothing that its policy allows in other words", () => {
    const wide = policy({
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: ["s3:PutObject", "s3:GetBucketAcl"],
      Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/AWSLogs/*"],
    });

    expect(itemOf(ofBucket({ isOwned: false, policy: { found: wide } }), "bucket").notes).toContain(
      "allows what it must",
    );
  });

  it("whose policy can't be read is told all that it needs", () => {
    const { notes } = itemOf(ofBucket({ isOwned: false, policy: { problem: "denied" } }), "bucket");

    for (const statement of bucketStatements("logs", GRANTEE)) {
      expect(notes).toContain(JSON.stringify(statement));
    }
    expect(notes).toContain("couldn't be read (denied)");
  });

  it.each([
    ["none", [], 36_500],
    ["a longer one", [rule({ expirationDays: 800 })], 800],
    ["a shorter one", [rule({ expirationDays: 30 })], undefined],
    ["one for other files", [rule({ expirationDays: 30, prefix: "other/" })], 36_500],
    ["one for some files", [rule({ expirationDays: 30, isNarrowed: true })], 36_500],
    ["a disabled one", [rule({ expirationDays: 30, isEnabled: false })], 36_500],
    [
      "two, of which the shorter counts",
      [rule({ expirationDays: 800 }), rule({ expirationDays: 500, prefix: "AWSLogs/" })],
      500,
    ],
  ])("with an expiration, %s, deletes no log file that it doesn't now", (_, lifecycleRules, days) => {
    expect(ofBucket({ lifecycleRules }).settings.retention?.bucketDays).toBe(days);
  });

  it("says the same once what it proposes is written", () => {
    const first = ofBucket({});

    expect(ofBucket({}, first.settings)).toEqual(first);
  });

  it("whose encryption changes has those told who read log files", () => {
    const encryption = {
      rule: [{ apply_server_side_encryption_by_default: { kms_master_key_id: KEY_ARN } }],
    };
    const beforeOf = (settings: ExistingBucket["settings"]) =>
      ofBucket({ settings }).items.find(({ kind }) => kind === "bucket")?.before;

    expect(beforeOf({})).toEqual([expect.stringContaining("kms:Decrypt")]);
    expect(beforeOf({ encryption })).toEqual([]);
  });

  it("keeps to the retention that somebody has chosen, and tells what goes", () => {
    const decision = ofBucket({}, { retention: { bucketDays: 100 } });

    expect(decision.settings).toEqual({});
    expect(itemOf(decision, "bucket").notes).toContain("older will be deleted");
  });

  it("loses its other lifecycle rules, and it is told", () => {
    const lifecycleRules = [rule({ id: "archive", others: ["moves log files to GLACIER after 90 days"] })];

    const { items } = ofBucket({ lifecycleRules, settings: { lifecycle: {} } });

    expect(items.find(({ name }) => name === "lifecycle")?.notes).toEqual([
      "the rule archive is lost: moves log files to GLACIER after 90 days",
    ]);
  });

  it("keeps an object lock that isn't declared", () => {
    const settings = { objectLock: {} };

    expect(ofBucket({ settings }).adopt.bucketSettings).toBeUndefined();
    expect(ofBucket({ settings }, { trail: { objectLock: {} } }).adopt.bucketSettings).toEqual([
      "objectLock",
    ]);
  });

  function serving(Principal: unknown, Resource: string): Partial<ExistingBucket> {
    return { policy: { found: policy({ Effect: "Allow", Principal, Action: "s3:*", Resource }) } };
  }

  function rule(different: Partial<ExistingBucket["lifecycleRules"][number]>) {
    return {
      id: "r",
      isEnabled: true,
      prefix: "",
      isNarrowed: false,
      expirationDays: undefined,
      others: [],
      ...different,
    };
  }
});

describe("a key", () => {
  const ofKey = (different: Partial<ExistingKey>) => decide({ key: { found: { ...KEY, ...different } } });

  it.each([
    ["of several regions", { isMultiRegion: true }],
    ["with imported material", { origin: "EXTERNAL" }],
    ["that a user has, too", { policy: { found: policy({ Effect: "Allow", Principal: { AWS: "*" } }) } }],
  ])("%s is used, and told what its policy lacks", (_, different: Partial<ExistingKey>) => {
    const decision = ofKey(different);

    expect(decision.adopt.key).toBeUndefined();
    expect(decision.settings.trail).toEqual({ existingKey: KEY_ARN });
    expect(itemOf(decision, "key").notes).toContain("CloudWatchLogsEncryptsItsLogGroups");
  });

  it("of the CloudTrail console is used: its policy lets everybody in the account decrypt", () => {
    const cloudTrail = { Service: "cloudtrail.amazonaws.com" };
    const Condition = {
      StringEquals: { "aws:SourceArn": TRAIL_ARN },
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`,
      },
    };
    const found = policy(
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: cloudTrail,
        Action: "kms:GenerateDataKey*",
        Resource: "*",
        Condition,
      },
      { Effect: "Allow", Principal: cloudTrail, Action: "kms:DescribeKey", Resource: "*" },
      {
        Sid: "Decrypts",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
        Resource: "*",
        Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.amazonaws.com" } },
      },
    );

    const { decision, notes } = itemOf(ofKey({ policy: { found } }), "key");

    expect(decision).toBe("use");
    expect(notes).toContain(
      "serves others by itself, without IAM policies:\n- Decrypts: kms:Decrypt, kms:ReEncryptFrom for everybody in this account through s3.amazonaws.com\n",
    );
    expect(notes.match(/"Sid":"\w+"|"Action":\["kms:Decrypt"\]/g)).toEqual([
      '"Sid":"CloudTrailEncryptsItsLogFiles"',
      '"Action":["kms:Decrypt"]',
      '"Sid":"CloudWatchLogsEncryptsItsLogGroups"',
      '"Sid":"CloudWatchAlarmsPublish"',
      '"Sid":"EventRulesPublish"',
    ]);
  });

  it("of another account is used, unread", () => {
    const keyArn = `arn:aws:kms:${REGION}:${OTHER}:key/1`;

    const decision = decide({ trail: { found: { ...TRAIL, keyArn } }, key: { problem: "denied" } });

    expect(decision.settings.trail).toEqual({ existingKey: keyArn });
    const statements = keyStatements(["events", "/aws/lambda/enable_trail"], GRANTEE);
    for (const statement of statements) {
      expect(itemOf(decision, "key").notes).toContain(JSON.stringify(statement));
    }
  });

  it.each([
    ["AWS's own", { manager: "AWS" }],
    ["disabled", { state: "Disabled" }],
  ])("that is %s makes way for a new one", (_, different: Partial<ExistingKey>) => {
    const decision = ofKey(different);

    expect(decision.adopt.key).toBeUndefined();
    expect(decision.settings.trail).toBeUndefined();
    expect(itemOf(decision, "key").decision).toBe("leave");
  });
});

describe("a log group", () => {
  it.each([
    [undefined, 3653],
    [30, undefined],
    [365, undefined],
    [366, 400],
    [731, 731],
    [5000, 3653],
  ])("that keeps events for %s days is kept at %s", (retentionDays, days) => {
    const decision = decide({ logGroup: { found: { ...LOG_GROUP, retentionDays } } });

    expect(decision.settings.retention?.logGroupDays).toBe(days);
  });

  it("of Control Tower is used", () => {
    const name = "aws-controltower/CloudTrailLogs";

    const decision = decide({ logGroup: { found: { ...LOG_GROUP, name } } });

    expect(decision.settings.trail).toEqual({ existingLogGroup: name });
    expect(decision.adopt.logGroup).toBeUndefined();
  });

  it("of another class is left", () => {
    const decision = decide({ logGroup: { found: { ...LOG_GROUP, class: "INFREQUENT_ACCESS" } } });

    expect(decision.adopt.logGroup).toBeUndefined();
    expect(itemOf(decision, "log group").decision).toBe("leave");
  });
});

describe("a delivery role", () => {
  const ofRole = (different: Partial<ExistingRole>) =>
    decide({ deliveryRole: { found: { ...ROLE, ...different } } });

  it("keeps the policy that writes, and tells how the others go", () => {
    const decision = ofRole({
      inlinePolicies: { "a b": policy(), writes: policy({ Action: "logs:PutLogEvents" }) },
      attachedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    });

    expect(decision.adopt.deliveryRolePolicy).toBe("writes");
    expect(itemOf(decision, "delivery role").notes).toMatch(
      /aws iam delete-role-policy --role-name delivers --policy-name 'a b'\naws iam detach-role-policy --role-name delivers --policy-arn arn:aws:iam::aws:policy\/ReadOnlyAccess$/,
    );
  });

  it("that others than CloudTrail take is left", () => {
    const decision = ofRole({
      arguments: {
        assume_role_policy: policy({
          Principal: { Service: ["cloudtrail.amazonaws.com", "ec2.amazonaws.com"] },
        }),
      },
    });

    expect(decision.adopt.deliveryRole).toBeUndefined();
    expect(decision.adopt.deliveryRolePolicy).toBeUndefined();
  });
});
