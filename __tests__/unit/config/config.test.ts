import {
  ConfigError,
  configSummary,
  configWarnings,
  defineConfig,
  type EnvironmentConfig,
  parseConfig,
} from "../../../config";
import shipped from "../../../trailwarden.config";

/** What is said of an environment `main` with these settings; settings of any shape, as a hand may write them. */
function problems(settings: Record<string, unknown>): readonly string[] {
  try {
    parseConfig({ environments: { main: { region: "eu-west-1", ...settings } } });
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

function parsed(settings: Partial<EnvironmentConfig>) {
  const stacks = parseConfig(defineConfig({ environments: { main: { region: "eu-west-1", ...settings } } }));
  return stacks.main as NonNullable<(typeof stacks)[string]>;
}

describe("the shipped configuration", () => {
  it("is valid and has one environment, main, in ap-northeast-2 with the guide's detections", () => {
    const stacks = parseConfig(shipped);

    expect(Object.keys(stacks)).toEqual(["main"]);
    expect(stacks.main).toMatchObject({ region: "ap-northeast-2" });
    expect(stacks.main?.detections.map(({ id }) => id)).toEqual([
      "security-group-changes",
      "console-sign-in-failures",
      "iam-policy-changes",
    ]);
  });
});

describe("e-mail addresses", () => {
  it.each([
    ["a list", ["a@example.com", "b@example.com"]],
    ["text with commas", "a@example.com, b@example.com,"],
  ])("may be %s", (_, emails) => {
    expect(parsed({ alerts: { emails } }).alerts?.emails).toEqual(["a@example.com", "b@example.com"]);
  });

  it.each([[["a@example.com", "sec@"]], ["a@example.com,sec@"]])("are checked one by one: %j", (emails) => {
    expect(problems({ alerts: { emails } })).toEqual([
      'environments.main.alerts.emails[1]: "sec@" is no e-mail address',
    ]);
  });

  it("must be text", () => {
    expect(problems({ alerts: { emails: 5 } })).toEqual([
      "environments.main.alerts.emails: 5 is neither a list of e-mail addresses nor text with commas between them",
    ]);
  });
});

describe("problems", () => {
  it("are all told in one run, each with its path, its value and what is allowed", () => {
    expect(
      problems({
        region: undefined,
        regoin: "eu-west-1",
        namePrefix: "Blue",
        tags: { "aws:team": "x", team: 3 },
        trail: { existingKey: "k", objectLock: { mode: "FOREVER" }, existingTrail: "theirs" },
        retention: { logGroupDays: 366, bucketDays: 0 },
        alerts: { topics: "many" },
        detections: {
          preset: "cis",
          disabled: ["x"],
          overrides: { y: {}, "iam-policy-changes": { threshold: 0 } },
        },
        ec2States: ["dead"],
        guard: { mode: true },
        provider: { endpoint: "localhost:5000" },
      }),
    ).toEqual([
      "environments.main.region: missing; expected text",
      'environments.main.namePrefix: "Blue" is no name prefix: lower-case letters, digits and single "-", beginning with a letter',
      'environments.main.tags["aws:team"]: no tag key: 1 to 128 characters, not beginning with "aws:"',
      "environments.main.tags.team: 3 is not text",
      'environments.main.trail.existingKey: "k" is no KMS key\'s ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)',
      'environments.main.trail.objectLock.mode: "FOREVER" is not one of GOVERNANCE, COMPLIANCE',
      "environments.main.trail.objectLock.days: missing; expected a number",
      "environments.main.trail.existingLogGroup: missing; existingTrail needs the log group that it delivers to",
      expect.stringMatching(
        /^environments\.main\.retention\.logGroupDays: 366 is not one of 1, 3, 5, .*, 3653$/,
      ),
      "environments.main.retention.bucketDays: 0 is no whole number from 1 to 36500",
      'environments.main.alerts.topics: "many" is not one of per-detection, shared',
      'environments.main.detections.preset: "cis" is neither a preset nor a list of presets; there are aws-guide, cis-1.2, cis-1.4, cis-3.0, security-hub, tamper',
      expect.stringMatching(
        /^environments\.main\.detections\.disabled\[0\]: "x" is not one of security-group-changes, console-sign-in-failures, /,
      ),
      "environments.main.detections.overrides.iam-policy-changes.threshold: 0 is not more than 0",
      expect.stringMatching(
        /^environments\.main\.detections\.overrides\.y: no such setting; allowed are security-group-changes, console-sign-in-failures, /,
      ),
      'environments.main.ec2States[0]: "dead" is not one of pending, running, shutting-down, stopped, stopping, terminated',
      "environments.main.guard.mode: true is not one of enforce, observe, off",
      'environments.main.provider.endpoint: "localhost:5000" is no http or https URL',
      expect.stringMatching(
        /^environments\.main\.regoin: no such setting; allowed are region, namePrefix, tags, /,
      ),
      'environments.main.trail.objectLock: {"mode":"FOREVER"} would do nothing: with trail.existingTrail it is not made here',
      "environments.main.retention.bucketDays: 0 would do nothing: with trail.existingTrail it is not made here",
    ]);
  });

  it.each([
    [undefined, "the configuration: missing; expected an object of settings"],
    [{}, "environments: missing; expected an object of settings"],
    [{ environments: {} }, "environments: {} names no environment"],
    [
      { environments: { Main: { region: "eu-west-1" } } },
      'environments.Main: no environment name: lower-case letters, digits and single "-"',
    ],
    [{ environments: { main: null } }, "environments.main: null is not an object of settings"],
  ])("of the whole: %j", (config, problem) => {
    expect(() => parseConfig(config)).toThrow(new ConfigError([problem]));
  });

  it("cut a long value", () => {
    const [problem] = problems({ namePrefix: "X".repeat(500) });

    expect(problem).toMatch(/^environments\.main\.namePrefix: "X{79}… is no name prefix/);
  });

  it("print no password of a URL", () => {
    expect(problems({ provider: { endpoint: "ftp://user:hunter2@host" } })).toEqual([
      'environments.main.provider.endpoint: "ftp://***@host" is no http or https URL',
    ]);
  });

  it("print no secret, and say where it belongs", () => {
    expect(problems({ backend: { type: "s3", secretKey: "hunter2" } })).toEqual([
      "environments.main.backend.secretKey: a secret has no place in the configuration; use AWS_SECRET_ACCESS_KEY or a profile",
    ]);
  });
});

describe("detections", () => {
  it("can be left out, and changed in name, threshold and period", () => {
    const { detections } = parsed({
      detections: {
        disabled: ["security-group-changes"],
        overrides: { "console-sign-in-failures": { name: "Sign-ins", threshold: 10, periodSeconds: 600 } },
      },
    });

    expect(detections).toEqual([
      expect.objectContaining({ alarmName: "Sign-ins", threshold: 10, periodSeconds: 600 }),
      expect.objectContaining({ alarmName: "IAM Policy Changes", threshold: 1, periodSeconds: 300 }),
    ]);
  });

  it("have a description that tells of the threshold and the period they are given", () => {
    const { detections } = parsed({
      detections: { overrides: { "console-sign-in-failures": { threshold: 10 } } },
    });

    expect(detections.map(({ description }) => description)).toEqual([
      "Raises alarms if security group configuration changes occur",
      "Raises alarms if 10 or more occur in 5 minutes",
      "Raises alarms if IAM policy changes occur",
    ]);
  });

  it.each([0, 10, 30, 61, 86460])("have no period of %d seconds", (periodSeconds) => {
    expect(problems({ detections: { overrides: { "iam-policy-changes": { periodSeconds } } } })).toEqual([
      `environments.main.detections.overrides.iam-policy-changes.periodSeconds: ${periodSeconds} is no alarm period: a multiple of 60 up to 86400`,
    ]);
  });
});

describe("the guard's settings", () => {
  it("are taken as they are", () => {
    const guard = {
      mode: "observe",
      modes: { bucket: "enforce", "stop-logging": "off" },
      exemptPrincipals: ["arn:aws:iam::123456789012:role/ci/Terraform", "arn:aws:iam::*:user/break-glass-?"],
      everyMinutes: 1,
      repairs: { limit: 5, windowMinutes: 60 },
      gracePeriodMinutes: 10,
      longestPauseMinutes: 60,
    } satisfies EnvironmentConfig["guard"];

    expect(parsed({ guard }).guard).toEqual(guard);
  });

  it.each<[object, string]>([
    [{ modes: { buckets: "off" } }, "modes.buckets: no such setting; allowed are stop-logging, delete-trail"],
    [{ modes: { bucket: "on" } }, 'modes.bucket: "on" is not one of enforce, observe, off'],
    [
      { exemptPrincipals: ["arn:aws:sts::123456789012:assumed-role/Terraform/run"] },
      'exemptPrincipals[0]: "arn:aws:sts::123456789012:assumed-role/Terraform/run" is no ARN pattern of a user or role',
    ],
    [{ exemptPrincipals: ["*"] }, 'exemptPrincipals[0]: "*" is no ARN pattern'],
    [{ everyMinutes: 61 }, "everyMinutes: 61 "],
    [{ repairs: { limit: 0, windowMinutes: 1 } }, "repairs.limit: 0 "],
    [{ gracePeriodMinutes: 0 }, "gracePeriodMinutes: 0 "],
    [{ longestPauseMinutes: 10_081 }, "longestPauseMinutes: 10081 "],
  ])("are refused with where and why: %j", (guard, problem) => {
    const [first, ...others] = problems({ guard: guard as EnvironmentConfig["guard"] });

    expect(others).toEqual([]);
    expect(first).toContain(`environments.main.guard.${problem}`);
  });
});

describe("presets", () => {
  it("are combined, and what they share is one filter", () => {
    const { detections } = parsed({ detections: { preset: ["aws-guide", "cis-3.0", "tamper"] } });

    const names = detections.map(({ filterName }) => filterName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["SecurityGroupEvents", "RootUsage", "TamperTrail"]));
    expect(detections).toHaveLength(25);
  });

  it("watch the deployment's own names", () => {
    const { detections } = parsed({
      namePrefix: "blue-",
      trail: { name: "audit" },
      detections: { preset: "tamper" },
    });

    const patternOf = (id: string) => detections.find((detection) => detection.id === id)?.filterPattern;
    expect(patternOf("tamper-log-bucket")).toContain('"blue-audit-*"');
    expect(patternOf("tamper-log-group")).toContain('"/aws/cloudtrail/blue-audit"');
    expect(patternOf("tamper-functions")).toContain("blue-enable_trail");
    expect(patternOf("tamper-roles")).toContain("blue-audit-log-delivery");
  });
});

describe("the dialect", () => {
  function forms(detections: EnvironmentConfig["detections"]) {
    return parsed({ detections: { ...detections, preset: "cis-3.0" } }).detections.filter(({ id }) =>
      id.startsWith("cloudtrail-changes"),
    );
  }

  it("is the standard's text unless chosen, and calls people", () => {
    expect(forms({})).toEqual([
      expect.objectContaining({
        pages: true,
        filterPattern: expect.not.stringContaining("PutEventSelectors"),
      }),
    ]);
  });

  it("may be the tuned pattern, under the same names", () => {
    expect(forms({ dialect: "tuned" })).toEqual([
      expect.objectContaining({
        filterName: "CloudtrailChanges",
        pages: true,
        filterPattern: expect.stringContaining("PutEventSelectors"),
      }),
    ]);
  });

  it("may be both: the standard's for the auditor, the tuned one for people", () => {
    expect(forms({ dialect: "both" })).toEqual([
      expect.objectContaining({
        filterName: "CloudtrailChanges",
        pages: false,
        filterPattern: expect.not.stringContaining("PutEventSelectors"),
      }),
      expect.objectContaining({
        filterName: "CloudtrailChangesTuned",
        pages: true,
        filterPattern: expect.stringContaining("PutEventSelectors"),
      }),
    ]);
  });

  it("passes over principals, of one detection and of all, and never in the standard's text", () => {
    const ignoring = {
      ignorePrincipals: ["arn:aws:iam::111122223333:role/Deploy"],
      overrides: { "cloudtrail-changes": { ignorePrincipals: ["*:user/audit"] } },
    };

    const [tuned] = forms({ ...ignoring, dialect: "tuned" });
    expect(tuned?.filterPattern).toMatch(/sessionIssuer\.arn NOT EXISTS.*role\/Deploy/);
    expect(tuned?.filterPattern).toMatch(/userIdentity\.arn NOT EXISTS.*user\/audit/);
    const standard = /would change the pattern, and with the dialect "standard" .* choose "tuned" or "both"$/;
    expect(problems({ detections: { ...ignoring, disabled: ["x"] } })).toEqual([
      expect.stringMatching(/^environments\.main\.detections\.disabled\[0\]: "x" is not one of /),
      expect.stringMatching(standard),
      expect.stringMatching(standard),
    ]);
    expect(problems({ detections: ignoring })).toEqual([
      expect.stringMatching(
        /^environments\.main\.detections\.ignorePrincipals: \["arn:aws:iam::111122223333:role\/Deploy"\] /,
      ),
      expect.stringMatching(
        /^environments\.main\.detections\.overrides\.cloudtrail-changes\.ignorePrincipals: \["\*:user\/audit"\] /,
      ),
    ]);
  });
});

describe("a team's own detection", () => {
  const call = (eventName: string) => ({ eventSource: "ec2.amazonaws.com", eventName });
  const own = {
    id: "snapshot-shared",
    title: "Snapshot shared",
    description: "Raises alarms if a snapshot is shared",
    severity: "high" as const,
    filterPattern: "{ $.eventName = ModifySnapshotAttribute }",
    runbook: ["See with whom.", "Ask the owner.", "Take it back."] as [string, string, string],
    examples: { matches: [call("ModifySnapshotAttribute")], ignores: [call("CreateSnapshot")] },
  };

  it("stands beside the catalogue's, with names that follow from its id", () => {
    const { detections } = parsed({ detections: { own: [own] } });

    expect(detections.at(-1)).toMatchObject({
      filterName: "SnapshotShared",
      alarmName: "Snapshot shared",
      threshold: 1,
      pages: true,
    });
  });

  it.each<[string, object, string]>([
    ["a pattern that AWS refuses", { filterPattern: "{ $.a EXISTS }" }, "snapshot-shared: filterPattern: "],
    [
      "examples that it misjudges",
      { filterPattern: "{ $.eventName = CreateSnapshot }" },
      "snapshot-shared: filterPattern misses ModifySnapshotAttribute of ec2.amazonaws.com (number 1 in examples)",
    ],
    [
      "a clash of names",
      { alarmName: "IAM Policy Changes" },
      'snapshot-shared: alarm name "IAM Policy Changes" is already that of iam-policy-changes',
    ],
    [
      "a threshold that is never reached",
      { statistic: "Maximum", threshold: 2 },
      "snapshot-shared: threshold 2 is never reached: each match counts 1, so Maximum is 1",
    ],
    [
      "a pattern that is too long",
      { filterPattern: `{ $.eventName = "${"x".repeat(1024)}" }` },
      "snapshot-shared: filterPattern has 1044 characters, 20 more than CloudWatch Logs allows",
    ],
  ])("is refused with %s", (_, wrong, problem) => {
    expect(problems({ detections: { own: [{ ...own, ...wrong }] } })[0]).toContain(
      `environments.main.detections: ${problem}`,
    );
  });

  it("is refused where there are more than 100, or more than 5 with a regular expression", () => {
    const many = (count: number, filterPattern: string) =>
      Array.from({ length: count }, (_, index) => ({
        ...own,
        id: `own-${index}`,
        title: `Own ${index}`,
        filterPattern,
      }));

    expect(problems({ detections: { own: many(98, own.filterPattern) } })).toEqual([
      "environments.main.detections: own-97: is the first metric filter too many: there are 101, a log group takes 100",
    ]);
    expect(problems({ detections: { own: many(6, "{ $.eventName = %^ModifySnap% }") } })).toEqual([
      expect.stringMatching(/: own-5: is the first metric filter with a regular expression too many/),
    ]);
  });
});

describe("the second form that ignored principals give a detection", () => {
  const own = (index: number) => ({
    id: `own-${index}`,
    title: `Own ${index}`,
    description: "Raises alarms",
    severity: "low" as const,
    filterPattern: "{ $.eventName = CreateSnapshot }",
    runbook: ["Look.", "Ask.", "Act."] as [string, string, string],
    examples: { matches: [], ignores: [] },
  });
  const ignoring = { dialect: "both", ignorePrincipals: ["*:user/audit"], preset: [] };

  it("counts against the filters that a log group takes", () => {
    const fifty = Array.from({ length: 50 }, (_, index) => own(index));

    expect(problems({ detections: { ...ignoring, own: fifty } })).toEqual([]);
    expect(problems({ detections: { ...ignoring, own: [...fifty, own(50)] } })).toEqual([
      "environments.main.detections: own-50: is the first metric filter too many: there are 102, a log group takes 100",
    ]);
  });

  it("may not have another's name", () => {
    const named = { ...own(1), filterName: "Own0Tuned" };

    expect(problems({ detections: { ...ignoring, own: [own(0), named] } })).toEqual([
      'environments.main.detections: own-1: filter name "Own0Tuned" is already that of own-0-tuned',
    ]);
  });
});

describe("the summary", () => {
  it("counts filters and alarms, and says what they cost", () => {
    expect(configSummary({ main: parsed({ detections: { preset: "cis-3.0", dialect: "both" } }) })).toEqual([
      expect.stringMatching(
        /^main: \d+ metric filters, 15 alarms that tell people, \d+ for the auditor; at most \$\d+\.\d\d a month at us-east-1 list prices$/,
      ),
    ]);
  });
});

describe("what exists already", () => {
  it("is named by name or by ARN", () => {
    expect(
      problems({
        trail: {
          existingTrail: "arn:aws-eusc:cloudtrail:eu-west-1:123456789012:trail/theirs",
          existingLogGroup: "arn:aws:logs:eu-west-1:123456789012:log-group:/their/group:*",
          existingKey: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      }),
    ).toEqual([]);
    expect(parsed({ trail: { existingBucket: "arn:aws:s3:::their-bucket" } }).trail?.existingBucket).toBe(
      "their-bucket",
    );
  });

  it.each([
    ["existingTrail", "a b", "is neither a trail's name nor its ARN"],
    ["existingBucket", "Their_Bucket", "is neither a bucket's name nor its ARN"],
    ["existingLogGroup", "a:b", "is neither a log group's name nor its ARN"],
  ])("is refused as %s if it can't be one: %s", (setting, value, complaint) => {
    expect(
      problems({
        trail: { [setting]: value, ...(setting === "existingTrail" ? { existingLogGroup: "g" } : {}) },
      }),
    ).toEqual([`environments.main.trail.${setting}: "${value}" ${complaint}`]);
  });
});

describe("settings that don't go together", () => {
  it("are an existing part of another region", () => {
    expect(
      problems({
        ec2States: ["dead"],
        trail: {
          existingTrail: "arn:aws:cloudtrail:us-east-1:123456789012:trail/theirs",
          existingLogGroup: "arn:aws:logs:eu-west-1:123456789012:log-group:group",
        },
      }),
    ).toEqual([
      expect.stringMatching(/^environments\.main\.ec2States\[0\]: "dead" is not one of /),
      'environments.main.trail.existingTrail: "arn:aws:cloudtrail:us-east-1:123456789012:trail/theirs" is in us-east-1, and the environment in eu-west-1',
    ]);
  });

  it("are those of a bucket or a trail that is not made here", () => {
    const bucketSettings = { forceDestroy: true, objectLock: { mode: "GOVERNANCE", days: 1 } };

    expect(
      problems({ trail: { existingBucket: "theirs", ...bucketSettings }, retention: { bucketDays: 30 } }),
    ).toEqual([
      'environments.main.trail.objectLock: {"mode":"GOVERNANCE","days":1} would do nothing: with trail.existingBucket it is not made here',
      "environments.main.trail.forceDestroy: true would do nothing: with trail.existingBucket it is not made here",
      "environments.main.retention.bucketDays: 30 would do nothing: with trail.existingBucket it is not made here",
    ]);
    expect(
      problems({
        trail: { existingTrail: "theirs", existingLogGroup: "group", name: "ours", existingBucket: "b-1" },
      }),
    ).toEqual([
      'environments.main.trail.name: "ours" would do nothing: with trail.existingTrail it is not made here',
      'environments.main.trail.existingBucket: "b-1" would do nothing: with trail.existingTrail it is not made here',
    ]);
  });

  it("are a long trail name and a prefix", () => {
    const name = "a".repeat(30);

    expect(problems({ trail: { name } })).toEqual([]);
    expect(problems({ namePrefix: "production-", trail: { name } })).toEqual([
      `environments.main.trail.name: "${name}" has 30 characters; 3 to 24 are allowed`,
    ]);
  });
});

describe("a state in a local file", () => {
  it.each<[string, EnvironmentConfig["backend"]]>([
    ["by default", undefined],
    ["by choice", { type: "local" }],
  ])("is warned of: %s", (_, backend) => {
    expect(configWarnings({ main: parsed(backend === undefined ? {} : { backend }) })).toEqual([
      "environments.main.backend: the state is a file on this machine; a team wants remote state, such as s3 with useLockfile",
    ]);
  });

  it("is not warned of where the state is remote", () => {
    expect(configWarnings({ main: parsed({ backend: { type: "s3", bucket: "state" } }) })).toEqual([]);
  });
});
