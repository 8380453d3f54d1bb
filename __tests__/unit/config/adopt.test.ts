import {
  type ConfigError,
  defineConfig,
  deploymentNames,
  type EnvironmentConfig,
  parseConfig,
} from "../../../config";

const REGION = "eu-west-1";
const arn = (service: string, resource: string, region = REGION) =>
  `arn:aws:${service}:${region}:123456789012:${resource}`;
const roleArn = (pathAndName: string) => `arn:aws:iam::123456789012:role/${pathAndName}`;

const TRAIL = arn("cloudtrail", "trail/management-events");
const KEY = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");

const EVERYTHING = {
  trail: TRAIL,
  bucket: "company-trail-logs",
  bucketSettings: [
    "policy",
    "publicAccessBlock",
    "ownershipControls",
    "encryption",
    "versioning",
    "lifecycle",
    "objectLock",
  ],
  key: KEY,
  logGroup: "aws-cloudtrail-logs",
  deliveryRole: roleArn("service-role/CloudTrail_CloudWatchLogs_Role"),
  deliveryRolePolicy: "Cloudtrail-CW-access-policy",
  metricFilters: ["SecurityGroupEvents"],
  alarms: ["Security group configuration changes"],
  topics: [arn("sns", "SecurityGroupChanges_CloudWatch_Alarms_Topic")],
  eventRules: ["enable_trail"],
  eventTargets: ["enable_trail/Id1234"],
  functions: ["enable_trail"],
  logGroups: ["/aws/lambda/enable_trail"],
  roles: [roleArn("enable_trail")],
  keyAliases: ["alias/trailwarden"],
} satisfies EnvironmentConfig["adopt"];

/** What is said of an environment `main` with these settings; settings of any shape, as a hand may write them. */
function problems(adopt: unknown, settings: Record<string, unknown> = {}): readonly string[] {
  try {
    parseConfig({ environments: { main: { region: REGION, ...settings, adopt } } });
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.replace("environments.main.", ""));
  }
}

describe("what is adopted", () => {
  it("can be every part of a deployment, and goes into the stack's settings as it is", () => {
    const stacks = parseConfig(
      defineConfig({
        environments: {
          main: {
            region: REGION,
            trail: { objectLock: { mode: "GOVERNANCE", days: 1 } },
            adopt: EVERYTHING,
          },
        },
      }),
    );

    expect(stacks.main?.adopt).toEqual(EVERYTHING);
  });

  it.each([
    ["trail", "management-events", "is no trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)"],
    [
      "trail",
      arn("cloudtrail", "trail/a"),
      "is no trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)",
    ],
    ["bucket", "arn:aws:s3:::logs", "is no bucket's name"],
    ["key", "alias/trailwarden", "is no KMS key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)"],
    ["logGroup", arn("logs", "log-group:logs"), "is no log group's name"],
    ["deliveryRole", "CloudTrail_CloudWatchLogs_Role", "is no role's ARN (arn:aws:iam::ACCOUNT:role/NAME)"],
    ["deliveryRole", roleArn("$" + "{path}/Role"), "is no role's ARN (arn:aws:iam::ACCOUNT:role/NAME)"],
  ])("is refused as %s if it can't be one: %s", (setting, value, complaint) => {
    expect(problems({ [setting]: value })).toEqual([
      `adopt.${setting}: ${JSON.stringify(value)} ${complaint}`,
    ]);
  });

  it.each([
    ["metricFilters", "logs:filter", "is no metric filter's name"],
    ["alarms", "", "is no alarm's name"],
    ["topics", "Topic", "is no topic's ARN (arn:aws:sns:REGION:ACCOUNT:NAME)"],
    ["eventRules", "default/enable_trail", "is no event rule's name"],
    ["eventTargets", "enable_trail", 'is no "RULE/TARGET_ID" of an event rule\'s target'],
    ["functions", arn("lambda", "function:enable_trail"), "is no function's name"],
    ["logGroups", "/aws/cloudtrail/trailwarden", "is no function's log group (/aws/lambda/NAME)"],
    ["roles", "enable_trail", "is no role's ARN (arn:aws:iam::ACCOUNT:role/NAME)"],
    ["keyAliases", "trailwarden", "is no key's alias (alias/NAME)"],
  ])("is refused in %s if it can't be one: %s", (list, value, complaint) => {
    expect(problems({ logGroup: "logs", [list]: [value] })).toEqual([
      `adopt.${list}[0]: ${JSON.stringify(value)} ${complaint}`,
    ]);
  });

  it("names each part once", () => {
    const topic = arn("sns", "Topic");

    expect(problems({ topics: [topic, topic], alarms: ["a", "b", "a"] })).toEqual([
      'adopt.alarms[2]: "a" is already that of another',
      `adopt.topics[1]: "${topic}" is already that of another`,
    ]);
  });
});

describe("adopted parts that don't go with the other settings", () => {
  it.each([
    ["trail", TRAIL, { existingTrail: "theirs", existingLogGroup: "logs" }, "existingTrail"],
    ["bucket", "company-trail-logs", { existingTrail: "theirs", existingLogGroup: "logs" }, "existingTrail"],
    ["bucket", "company-trail-logs", { existingBucket: "theirs" }, "existingBucket"],
    ["key", KEY, { existingKey: KEY }, "existingKey"],
    ["logGroup", "logs", { existingLogGroup: "logs" }, "existingLogGroup"],
    ["deliveryRole", roleArn("Role"), { existingTrail: "theirs", existingLogGroup: "logs" }, "existingTrail"],
  ])("are used as they are: %s %s", (part, value, trail, setting) => {
    expect(problems({ [part]: value }, { trail })).toEqual([
      `adopt.${part}: ${JSON.stringify(value)} stands beside trail.${setting}, by which it is used as it is and not taken over`,
    ]);
  });

  it("are a trail, which has a name, and another name", () => {
    expect(problems({ trail: TRAIL }, { trail: { name: "audit" } })).toEqual([
      'trail.name: "audit" stands beside adopt.trail, whose name the trail keeps',
    ]);
  });

  it("are in another region", () => {
    const elsewhere = {
      trail: arn("cloudtrail", "trail/theirs", "us-east-1"),
      key: arn("kms", "key/1", "us-east-1"),
      topics: [arn("sns", "Here"), arn("sns", "There", "us-east-1")],
    };

    expect(problems(elsewhere)).toEqual([
      `adopt.trail: "${elsewhere.trail}" is in us-east-1, and the environment in eu-west-1`,
      `adopt.key: "${elsewhere.key}" is in us-east-1, and the environment in eu-west-1`,
      `adopt.topics[1]: "${elsewhere.topics[1]}" is in us-east-1, and the environment in eu-west-1`,
    ]);
  });

  it("are parts of what isn't adopted", () => {
    expect(problems({ bucketSettings: ["policy"], deliveryRolePolicy: "p", metricFilters: ["f"] })).toEqual([
      "adopt.bucket: missing; bucketSettings says what of it exists",
      "adopt.deliveryRole: missing; deliveryRolePolicy says what of it exists",
      "adopt.metricFilters: are in a log group that exists: name it with adopt.logGroup or trail.existingLogGroup",
    ]);
  });

  it("are an object lock that nobody asked for", () => {
    expect(problems({ bucket: "logs", bucketSettings: ["versioning", "objectLock"] })).toEqual([
      'adopt.bucketSettings[1]: "objectLock" would do nothing: without trail.objectLock it is left as it is',
    ]);
  });

  it("don't keep the other problems from being told", () => {
    expect(problems({ trail: 5, topics: "Topic", key: "k", nonsense: 1 }, { trail: "theirs" })).toEqual([
      'trail: "theirs" is not an object of settings',
      "adopt.trail: 5 is not text",
      'adopt.key: "k" is no KMS key\'s ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)',
      'adopt.topics: "Topic" is not a list',
      expect.stringMatching(/^adopt\.nonsense: no such setting; allowed are trail, bucket, /),
    ]);
  });
});

describe("the names that the detections watch", () => {
  it("are those that adopted parts keep", () => {
    expect(deploymentNames({ region: "us-east-1", namePrefix: "blue-", adopt: EVERYTHING })).toMatchObject({
      trailName: "management-events",
      bucketName: "company-trail-logs",
      logGroupName: "aws-cloudtrail-logs",
      roleNames: ["CloudTrail_CloudWatchLogs_Role", "blue-enable_trail", "blue-alarm_notifier"],
    });
  });

  it("are the deployment's own for what is made beside an adopted trail", () => {
    expect(deploymentNames({ region: "us-east-1", adopt: { trail: TRAIL } })).toMatchObject({
      trailName: "management-events",
      bucketName: "trailwarden-*",
      logGroupName: "/aws/cloudtrail/trailwarden",
      roleNames: ["trailwarden-log-delivery", "enable_trail", "alarm_notifier"],
    });
  });
});
