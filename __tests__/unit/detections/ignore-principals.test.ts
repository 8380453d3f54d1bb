import fc from "fast-check";
import { detectionsOf, ignorePrincipals, PRESET_NAMES } from "../../../detections";
import {
  apiCall,
  assumedRole,
  awsService,
  federatedUser,
  iamUser,
  onBehalfOf,
  rootUser,
  singleSignOnUser,
  type UserIdentity,
} from "../../../detections/examples";
import { parseFilterPattern } from "../../../patterns";
import { NAMES } from "./support";

const PATTERN = "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }";

const stopLogging = (by: UserIdentity) =>
  apiCall({ eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", by });

/** Whether the pattern, made to ignore these ARNs, still tells of a call by that caller. */
function tells(by: UserIdentity, ...arnPatterns: string[]): boolean {
  return parseFilterPattern(ignorePrincipals(PATTERN, arnPatterns)).matches(stopLogging(by));
}

describe("ignorePrincipals", () => {
  it("changes nothing for nobody", () => {
    expect(ignorePrincipals(PATTERN, [])).toBe(PATTERN);
  });

  it("keeps to records that the pattern matches", () => {
    const pattern = parseFilterPattern(ignorePrincipals(PATTERN, ["*:role/Deploy"]));

    expect(pattern.matches({ ...stopLogging(iamUser()), eventName: "StartLogging" })).toBe(false);
  });

  it("keeps a user's record, which has no session context", () => {
    const record = stopLogging(iamUser());
    expect(record.userIdentity).not.toHaveProperty("sessionContext");

    expect(tells(iamUser(), "arn:aws:iam::111122223333:role/Deploy")).toBe(true);
    expect(tells(iamUser(), "*Deploy*")).toBe(true);
  });

  it("keeps records of services, of the root user and of records without an identity's ARN", () => {
    expect(tells(awsService("cloudtrail.amazonaws.com"), "*:role/Deploy", "*:user/ci")).toBe(true);
    expect(tells(rootUser(), "*:role/Deploy", "*:user/ci")).toBe(true);
    expect(tells({ accountId: "111122223333" }, "arn:aws:iam::111122223333:*")).toBe(true);
  });

  it("ignores every session of a role that is named by the role's ARN", () => {
    const role = "arn:aws:iam::111122223333:role/Deploy";

    expect(tells(assumedRole("Deploy", "pipeline-1"), role)).toBe(false);
    expect(tells(onBehalfOf(assumedRole("Deploy"), "cloudformation.amazonaws.com"), role)).toBe(false);
    expect(tells(assumedRole("DeployAdmin"), role)).toBe(true);
    expect(tells(assumedRole("Operator"), role)).toBe(true);
  });

  it("ignores roles with a path, which a session's ARN leaves out", () => {
    expect(tells(singleSignOnUser("Administrator"), "*/AWSReservedSSO_Administrator_*")).toBe(false);
    expect(
      tells(
        singleSignOnUser("Administrator"),
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*",
      ),
    ).toBe(false);
    expect(tells(singleSignOnUser("ReadOnly"), "*/AWSReservedSSO_Administrator_*")).toBe(true);
  });

  it("ignores the sessions that are named by the session's ARN, and no others of the role", () => {
    const session = "arn:aws:sts::111122223333:assumed-role/Deploy/pipeline";

    expect(tells(assumedRole("Deploy", "pipeline"), session)).toBe(false);
    expect(tells(assumedRole("Deploy", "alice"), session)).toBe(true);
    expect(tells(assumedRole("Deploy", "alice"), "arn:aws:sts::111122223333:assumed-role/Deploy/*")).toBe(
      false,
    );
  });

  it("ignores a user, but nobody whom the user let in", () => {
    expect(tells(iamUser("ci"), "arn:aws:iam::111122223333:user/ci")).toBe(false);
    expect(tells(federatedUser("alice"), "arn:aws:iam::111122223333:user/federation")).toBe(true);
    expect(tells(federatedUser("alice"), "*:federated-user/alice")).toBe(false);
    expect(tells(rootUser(), "arn:aws:iam::111122223333:root")).toBe(false);
  });

  it("ignores each of several principals", () => {
    const several = ["*:role/Deploy", "*:role/Backup", "*:user/ci"];

    expect(tells(assumedRole("Deploy"), ...several)).toBe(false);
    expect(tells(assumedRole("Backup"), ...several)).toBe(false);
    expect(tells(iamUser("ci"), ...several)).toBe(false);
    expect(tells(iamUser("alice"), ...several)).toBe(true);
    expect(tells(assumedRole("Operator"), ...several)).toBe(true);
  });

  it("holds for every caller, every ARN pattern and every pattern of the catalogue", () => {
    const word = fc.constantFrom("Deploy", "DeployAdmin", "ci", "alice", "Backup");
    const caller = fc.oneof(
      word.map((name) => iamUser(name)),
      fc.tuple(word, word).map(([role, session]) => assumedRole(role, session)),
      word.map((name) => federatedUser(name)),
      fc.constantFrom(rootUser(), awsService("ec2.amazonaws.com"), {}),
    );
    const arnPattern = fc
      .tuple(
        fc.constantFrom(
          "arn:aws:iam::111122223333:role/",
          "arn:aws:sts::111122223333:assumed-role/",
          "arn:aws:iam::111122223333:user/",
          "*:role/",
          "*:assumed-role/",
          "*/",
        ),
        word,
        fc.constantFrom("", "*", "/*", "/ci", "/alice"),
      )
      .map((parts) => parts.join(""));
    const detections = [...new Map(allDetections().map((detection) => [detection.id, detection])).values()];

    fc.assert(
      fc.property(
        fc.constantFrom(...detections),
        caller,
        fc.uniqueArray(arnPattern, { minLength: 1, maxLength: 2 }),
        ({ filterPattern, tunedPattern = filterPattern, examples }, by, arnPatterns) => {
          let ignoring: string;
          try {
            ignoring = ignorePrincipals(tunedPattern, arnPatterns);
          } catch (error) {
            return /more than the 1024/.test(String(error));
          }
          const before = parseFilterPattern(tunedPattern);
          const after = parseFilterPattern(ignoring);
          return examples.matches.every((example) => {
            const record = { ...example, userIdentity: by };
            return after.matches(record) === (before.matches(record) && !isIgnored(by, arnPatterns));
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("stays within what CloudWatch Logs allows, closing up where it must", () => {
    const longest = allDetections().reduce((a, b) =>
      a.filterPattern.length > b.filterPattern.length ? a : b,
    );
    const ignoring = ignorePrincipals(longest.filterPattern, ["arn:aws:iam::111122223333:role/Deploy"]);

    expect(ignoring.length).toBeLessThanOrEqual(1024);
    expect(() => parseFilterPattern(ignoring)).not.toThrow();
  });

  it("says by how many characters a pattern becomes too long", () => {
    const roles = Array.from(
      { length: 12 },
      (_, n) => `arn:aws:iam::111122223333:role/deploy/Application${n}`,
    );

    expect(() => ignorePrincipals(PATTERN, roles)).toThrow(
      /^ignoring 12 principals makes the pattern \d{4} characters long, \d+ more than the 1024 that CloudWatch Logs allows$/,
    );
  });

  it("refuses a star in the middle, nobody, everybody and a pattern that isn't for JSON", () => {
    expect(() => ignorePrincipals(PATTERN, ["arn:aws:iam::*:role/Deploy"])).toThrow(
      'ignorePrincipals takes ARNs with "*" at either end at most, got "arn:aws:iam::*:role/Deploy"',
    );
    expect(() => ignorePrincipals(PATTERN, [""])).toThrow('got ""');
    expect(() => ignorePrincipals(PATTERN, ["*"])).toThrow('got "*"');
    expect(() => ignorePrincipals("StopLogging", ["*:role/Deploy"])).toThrow(
      'ignorePrincipals takes a pattern of the form { … }, got "StopLogging"',
    );
  });

  it("takes an ARN for what it is, whatever characters it has", () => {
    expect(tells(assumedRole('De"ploy'), '*:role/De"ploy')).toBe(false);
  });
});

function allDetections() {
  return PRESET_NAMES.flatMap((preset) => detectionsOf(preset, NAMES));
}

/** Whether the ARN of the caller, or of the role that it is a session of, is one of those. */
function isIgnored(by: UserIdentity, arnPatterns: readonly string[]): boolean {
  const { arn, sessionContext } = by as {
    arn?: string;
    sessionContext?: { sessionIssuer?: { arn?: string; type?: string } };
  };
  const issuer = sessionContext?.sessionIssuer;
  const arns = [arn, issuer?.type === "Role" ? issuer.arn : undefined].filter((text) => text !== undefined);
  return arnPatterns.some((pattern) => {
    const expression = new RegExp(
      `^${pattern
        .split("*")
        .map((part) => part.replace(/[/.:-]/g, "\\$&"))
        .join(".*")}$`,
    );
    return arns.some((text) => expression.test(text));
  });
}
