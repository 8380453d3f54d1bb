import fc from "fast-check";
import {
  eventPatternMatchesLess,
  filterMatchesLess,
  matchesAnyExample,
} from "../../../../cli/review/matches-less";

const ROLES = "{ ($.eventName = PutRolePolicy) || ($.eventName = CreatePolicy) }";
const STOPS = pattern({ eventName: ["StopLogging", "DeleteTrail"] });

function pattern(detail: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify({ "detail-type": ["AWS API Call via CloudTrail"], detail, ...more });
}

function instances(...state: string[]): string {
  return JSON.stringify({
    source: ["aws.ec2"],
    "detail-type": ["EC2 Instance State-change Notification"],
    detail: { state },
  });
}

describe("filterMatchesLess", () => {
  it.each([
    ["the same text", ROLES],
    ["another order", "{ ($.eventName = CreatePolicy) || ($.eventName = PutRolePolicy) }"],
    ["more", "{ ($.eventName = CreatePolicy) || ($.eventName = *RolePolicy) }"],
  ])("finds nothing lost by %s", (_, after) => {
    expect(filterMatchesLess(ROLES, after)).toBe("same");
  });

  it("names what only the pattern before matched, each call once", () => {
    const before =
      "{ ($.eventName = PutRolePolicy) || ($.eventName = CreatePolicyVersion) || ($.eventName = CreatePolicy) }";

    expect(filterMatchesLess(before, "{ $.eventName = CreatePolicy }")).toEqual({
      lost: expect.arrayContaining(["PutRolePolicy", "CreatePolicyVersion"]),
    });
  });

  it("tries each call that the pattern names, of which there is no example, too", () => {
    const before = '{ $.eventName = "DetachUserPolicy" || $.eventName=CreatePolicyVersion }';

    expect(filterMatchesLess(before, "{ $.eventName = CreatePolicyVersion }")).toEqual({
      lost: ["DetachUserPolicy"],
    });
  });

  it("tells examples of refused calls apart", () => {
    const outcome = filterMatchesLess(
      "{ $.errorCode = *Unauthorized* || $.errorCode = AccessDenied* }",
      "{ $.errorCode = AccessDenied* }",
    );

    expect(outcome).toEqual({
      lost: expect.arrayContaining([expect.stringMatching(/^\w+, Client\.UnauthorizedOperation/)]),
    });
  });

  it.each([
    ["a pattern before that can't be read", "{ $.eventName = ", ROLES],
    ["a pattern after that can't be read", ROLES, "{ $.eventName = "],
    ["a pattern that matches no example", "{ $.eventName = NoSuch* }", "{ $.eventName = NoOther }"],
  ])("doesn't know of %s", (_, before, after) => {
    expect(filterMatchesLess(before, after)).toBe("unknown");
  });

  it("says nothing is lost where a pattern that can't be read stays", () => {
    expect(filterMatchesLess("{ $.eventName = ", "{ $.eventName = ")).toBe("same");
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const outcome = filterMatchesLess(before, after);
        expect(typeof outcome === "string" || outcome.lost.length > 0).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe("eventPatternMatchesLess", () => {
  it("tries each call that the pattern names, of which there is no example, too", () => {
    const before = pattern({ eventName: ["StopLogging", "PutDashboard"] });

    expect(eventPatternMatchesLess(before, pattern({ eventName: ["StopLogging"] }))).toEqual({
      lost: ["PutDashboard"],
    });
  });

  it.each([
    [
      "another order of names",
      JSON.stringify({
        detail: { eventName: ["StopLogging", "DeleteTrail"] },
        "detail-type": ["AWS API Call via CloudTrail"],
      }),
    ],
    ["white space", JSON.stringify(JSON.parse(STOPS), null, 2)],
    ["more", pattern({ eventName: ["StopLogging", "DeleteTrail", "UpdateTrail"] })],
  ])("finds nothing lost by %s", (_, after) => {
    expect(eventPatternMatchesLess(STOPS, after)).toBe("same");
  });

  it("names the calls that only the pattern before matched", () => {
    expect(eventPatternMatchesLess(STOPS, pattern({ eventName: ["StopLogging"] }))).toEqual({
      lost: expect.arrayContaining([expect.stringMatching(/^DeleteTrail/)]),
    });
  });

  it("names states of instances", () => {
    expect(
      eventPatternMatchesLess(instances("running", "stopped", "terminated"), instances("running")),
    ).toEqual({
      lost: ["EC2 instance stopped", "EC2 instance terminated"],
    });
  });

  it.each([
    ["what can't be read", STOPS, "{"],
    ["what matches no example", pattern({}, { account: ["999999999999"] }), STOPS],
  ])("doesn't know of %s", (_, before, after) => {
    expect(eventPatternMatchesLess(before, after)).toBe("unknown");
  });
});

describe("matchesAnyExample", () => {
  it.each([
    [STOPS, true],
    [instances("terminated"), true],
    [JSON.stringify({ source: ["aws.s3"], "detail-type": ["Object Created"] }), false],
    ["{", false],
  ])("of %s: %s", (text, isMatched) => {
    expect(matchesAnyExample(text)).toBe(isMatched);
  });
});
