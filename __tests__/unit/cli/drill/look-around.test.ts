import type { Account } from "../../../../cli/drill/account";
import { type Drilled, lookAround, type Surroundings } from "../../../../cli/drill/look-around";

const NOW = new Date("2026-03-25T12:00:00Z");
const TRAIL_ARN = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/acme-audit";
const TOPIC_ARN = "arn:aws:sns:eu-central-1:111122223333:acme-TrailGuard_Alerts_Topic";
const GUARD = "acme-enable_trail";

const SURROUNDINGS: Surroundings = {
  environment: "main",
  region: "eu-central-1",
  trail: "acme-audit",
  functionName: GUARD,
  arns: [],
};

const VARIABLES = {
  TRAIL_ARN,
  TOPIC_ARN,
  ROLE_ARN: `arn:aws:iam::111122223333:role/${GUARD}`,
  PARAMETER_PREFIX: `/trailwarden/${GUARD}`,
  GUARD_MODE: "enforce",
  ROW_MODES: "{}",
  EXEMPT_PRINCIPALS: "[]",
  REPAIR_LIMIT: "100",
  REPAIR_WINDOW_MINUTES: "15",
  GRACE_PERIOD_MINUTES: "30",
  LONGEST_PAUSE_MINUTES: "240",
};

/** As it should be, but for what a test says. */
function account(different: Partial<Account> = {}): Account {
  return {
    callerIdentity: async () => ({
      accountId: "111122223333",
      arn: "arn:aws:sts::111122223333:assumed-role/Operator/alice",
    }),
    credentialsExpireAt: async () => undefined,
    findTrail: async () => ({ name: "acme-audit", arn: TRAIL_ARN }),
    trail: () => trailThatLogs(true),
    functionVariables: async () => VARIABLES,
    ruleState: async () => "ENABLED",
    parameter: async () => ({ text: "none", modifiedAt: NOW }),
    sums: async () => [],
    ...different,
  };
}

function trailThatLogs(isLogging: boolean): ReturnType<Account["trail"]> {
  const untouched = async () => {
    throw new Error("a look changes nothing");
  };
  return {
    startLogging: untouched,
    stopLogging: untouched,
    status: async () => ({ isLogging, startedAt: undefined, stoppedAt: undefined }),
  };
}

function withVariables(variables: Partial<typeof VARIABLES>): Partial<Account> {
  return { functionVariables: async () => ({ ...VARIABLES, ...variables }) };
}

function withPause(text: string): Partial<Account> {
  return { parameter: async () => ({ text, modifiedAt: NOW }) };
}

function look(
  different: Partial<Account> = {},
  { withoutGuard = false, ...surroundings }: Partial<Surroundings> & { withoutGuard?: boolean } = {},
): Promise<Drilled> {
  return lookAround(
    account(different),
    { ...SURROUNDINGS, ...surroundings },
    { withoutGuard, now: NOW, limitSeconds: 390 },
  );
}

describe("lookAround", () => {
  it("finds trail and guard as they should be", async () => {
    await expect(look()).resolves.toEqual({
      caller: expect.objectContaining({ accountId: "111122223333" }),
      trail: { name: "acme-audit", arn: TRAIL_ARN },
      guard: { functionName: GUARD, topicName: "acme-TrailGuard_Alerts_Topic" },
      guardProblems: [],
    });
  });

  it.each<[string, Partial<Account>, Partial<Surroundings>, RegExp]>([
    [
      "credentials of another account",
      {},
      { arns: ["arn:aws:logs:eu-central-1:444455556666:log-group:x"] },
      /is in account 444455556666 .*of account 111122223333/,
    ],
    [
      "credentials that may expire before the drill is over",
      { credentialsExpireAt: async () => new Date(NOW.getTime() + 449_000) },
      {},
      /expire at 2026-03-25T12:07:29.000Z/,
    ],
    ["no trail", { findTrail: async () => undefined }, {}, /there is no trail acme-audit in eu-central-1/],
    [
      "a trail of another region",
      { findTrail: async () => ({ name: "x", arn: TRAIL_ARN.replace("eu-central-1", "us-east-1") }) },
      {},
      /only be stopped at home/,
    ],
    [
      "a trail of the organization's account",
      { findTrail: async () => ({ name: "x", arn: TRAIL_ARN.replace("111122223333", "444455556666") }) },
      {},
      /only be stopped at home/,
    ],
    ["a trail that doesn't log", { trail: () => trailThatLogs(false) }, {}, /doesn't log as it is/],
  ])("refuses %s, guard or none", async (_, different, surroundings, message) => {
    await expect(look(different, { ...surroundings, withoutGuard: true })).rejects.toThrow(message);
  });

  it.each<[string, Partial<Account>, RegExp]>([
    ["no function", { functionVariables: async () => undefined }, /there is no function acme-enable_trail/],
    [
      "another function",
      { functionVariables: async () => ({}) },
      /not set up as a guard: environment variable PARAMETER_PREFIX is not set/,
    ],
    ["another trail's guard", withVariables({ TRAIL_ARN: "arn:other" }), /another trail: arn:other/],
    ["a guard that observes", withVariables({ GUARD_MODE: "observe" }), /stop-logging is "observe"/],
    [
      "a guard whose row is off",
      withVariables({ ROW_MODES: '{"stop-logging":"off"}' }),
      /stop-logging is "off"/,
    ],
    ["a disabled rule", { ruleState: async () => "DISABLED" }, /rule acme-enable_trail is DISABLED/],
    ["no rule", { ruleState: async () => undefined }, /rule acme-enable_trail is not there/],
    [
      "a rule that can't be seen",
      {
        ruleState: async () => {
          throw new Error("the caller may not events:DescribeRule");
        },
      },
      /the caller may not events:DescribeRule/,
    ],
    [
      "a pause",
      withPause('{"until":"2026-03-25T13:00:00Z","reason":"moving","by":"Kim"}'),
      /paused until 2026-03-25T13:00:00.000Z, by Kim: moving/,
    ],
    [
      "a pause that can't be seen",
      {
        parameter: async () => {
          throw new Error("the caller may not ssm:GetParameter");
        },
      },
      /the caller may not ssm:GetParameter/,
    ],
    [
      "a guard that can't be seen",
      {
        functionVariables: async () => {
          throw new Error("the caller may not lambda:GetFunctionConfiguration");
        },
      },
      /the caller may not lambda:GetFunctionConfiguration/,
    ],
  ])("refuses %s, unless a drill without a guard is asked for", async (_, different, problem) => {
    await expect(look(different)).rejects.toThrow(problem);
    await expect(look(different, { withoutGuard: true })).resolves.toMatchObject({
      guard: undefined,
      guardProblems: [expect.stringMatching(problem)],
    });
  });

  it("refuses an environment without a guard, unless a drill without one is asked for", async () => {
    await expect(look({}, { functionName: undefined })).rejects.toThrow('guard.mode is "off"');
  });

  it.each([
    ["arn:aws:iam::111122223333:role/Operator", true],
    ["arn:aws:iam::111122223333:role/Op*", true],
    // STS doesn't tell whether the role has that path.
    ["arn:aws:iam::111122223333:role/team/security/Operator", true],
    ["arn:aws:iam::111122223333:role/team/Terraform", false],
    ["arn:aws:iam::111122223333:user/Operator", false],
  ])("of a guard that exempts %s, it is %s that it may leave what a role does", async (pattern, refuses) => {
    const looked = look(withVariables({ EXEMPT_PRINCIPALS: JSON.stringify([pattern]) }));

    await (refuses ? expect(looked).rejects.toThrow(pattern) : expect(looked).resolves.toBeDefined());
  });

  it.each([
    ["over", '{"until":"2026-03-25T11:00:00Z","reason":"moving","by":"Kim"}'],
    ["refused by the guard", '{"until":"2026-03-26T12:00:00Z","reason":"moving","by":"Kim"}'],
  ])("takes no notice of a pause that is %s", async (_, text) => {
    await expect(look(withPause(text))).resolves.toMatchObject({ guardProblems: [] });
  });

  it("tells of all that is wrong with a guard at once", async () => {
    const looked = look({ ...withVariables({ GUARD_MODE: "observe" }), ruleState: async () => "DISABLED" });

    await expect(looked).rejects.toThrow(/observe[\s\S]*DISABLED/);
  });
});
