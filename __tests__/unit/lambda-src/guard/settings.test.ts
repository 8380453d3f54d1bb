import fc from "fast-check";
import { GUARD_MODES, GUARD_ROWS } from "../../../../lambda-src/guard/rows";
import { guardParameterNames, guardSettings } from "../../../../lambda-src/guard/settings";
import { GUARD_ROLE_ARN, modesOf, TOPIC_ARN, TRAIL_ARN } from "./support/deployment";

const ENVIRONMENT = {
  TRAIL_ARN,
  TOPIC_ARN,
  AWS_LAMBDA_FUNCTION_NAME: "enable_trail",
  ROLE_ARN: GUARD_ROLE_ARN,
  PARAMETER_PREFIX: "/trailwarden/enable_trail",
  GUARD_MODE: "enforce",
  ROW_MODES: '{"bucket":"observe","key":"off"}',
  EXEMPT_PRINCIPALS: '["arn:aws:iam::123456789012:role/terraform"]',
  REPAIR_LIMIT: "100",
  REPAIR_WINDOW_MINUTES: "15",
  GRACE_PERIOD_MINUTES: "0",
  LONGEST_PAUSE_MINUTES: "240",
};

describe("guardSettings", () => {
  it("reads what Terraform set", () => {
    expect(guardSettings(ENVIRONMENT)).toEqual({
      trailArn: TRAIL_ARN,
      topicArn: TOPIC_ARN,
      functionName: "enable_trail",
      roleArn: GUARD_ROLE_ARN,
      parameters: {
        declaredState: "/trailwarden/enable_trail/declared-state",
        appliedState: "/trailwarden/enable_trail/applied-state",
        pause: "/trailwarden/enable_trail/pause",
        memory: "/trailwarden/enable_trail/memory",
      },
      modes: modesOf("enforce", { bucket: "observe", key: "off" }),
      exemptPrincipals: ["arn:aws:iam::123456789012:role/terraform"],
      repairLimit: 100,
      repairWindowMinutes: 15,
      gracePeriodMinutes: 0,
      longestPauseMinutes: 240,
    });
  });

  it.each(Object.keys(ENVIRONMENT))("needs %s: no absence selects a setting", (name) => {
    expect(() => guardSettings({ ...ENVIRONMENT, [name]: undefined })).toThrow(
      `environment variable ${name} is not set`,
    );
    expect(() => guardSettings({ ...ENVIRONMENT, [name]: "" })).toThrow(
      `environment variable ${name} is not set`,
    );
  });

  it.each([
    ["GUARD_MODE", "Enforce", 'must be one of enforce, observe, off, got "Enforce"'],
    ["ROW_MODES", "[", "must be JSON"],
    ["ROW_MODES", "7", "must be a JSON object"],
    ["ROW_MODES", "null", "must be a JSON object"],
    ["ROW_MODES", '{"buckets":"off"}', 'names no row of the guard: "buckets"'],
    ["ROW_MODES", '{"__proto__":"off"}', 'names no row of the guard: "__proto__"'],
    ["ROW_MODES", '{"bucket":true}', "row bucket, must be one of enforce, observe, off, got true"],
    ["EXEMPT_PRINCIPALS", '{"a":"b"}', "must be a JSON list of texts"],
    ["EXEMPT_PRINCIPALS", "[7]", "must be a JSON list of texts"],
    ["REPAIR_LIMIT", "many", 'must be a whole number, got "many"'],
    ["REPAIR_LIMIT", "-1", "must be a whole number"],
    ["REPAIR_WINDOW_MINUTES", "1.5", "must be a whole number"],
    ["GRACE_PERIOD_MINUTES", "Infinity", "must be a whole number"],
  ])("refuses %s %s", (name, value, problem) => {
    expect(() => guardSettings({ ...ENVIRONMENT, [name]: value })).toThrow(problem);
    expect(() => guardSettings({ ...ENVIRONMENT, [name]: value })).toThrow(name);
  });

  it("gives each row its own mode, or the guard's", () => {
    const mode = fc.constantFrom(...GUARD_MODES);
    fc.assert(
      fc.property(mode, fc.dictionary(fc.constantFrom(...GUARD_ROWS), mode), (all, own) => {
        const { modes } = guardSettings({ ...ENVIRONMENT, GUARD_MODE: all, ROW_MODES: JSON.stringify(own) });
        for (const row of GUARD_ROWS) {
          expect(modes[row]).toBe(own[row] ?? all);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("names four parameters, each another", () => {
    expect(new Set(Object.values(guardParameterNames("/p"))).size).toBe(4);
  });
});
