import { insightsQueryOf } from "../../../constructs/insights-query";
import { type DeploymentNames, detectionsOf, formsOf, PRESET_NAMES } from "../../../detections";
import { NAMES } from "../detections/support";

describe("insightsQueryOf", () => {
  it("finds what a pattern matches, the latest first", () => {
    expect(insightsQueryOf("{ $.eventName = PutRolePolicy }")).toBe(
      [
        "fields @timestamp, userIdentity.arn, eventName, sourceIPAddress, awsRegion, errorCode",
        '| filter eventName = "PutRolePolicy"',
        "| sort @timestamp desc",
      ].join("\n"),
    );
  });

  it.each(["[a, b]", "{ $.a EXISTS }", "{"])("is none for %s", (pattern) => {
    expect(insightsQueryOf(pattern)).toBeUndefined();
  });

  it("is there for every detection, in both dialects", () => {
    const names: DeploymentNames = NAMES;
    const all = PRESET_NAMES.flatMap((preset) => detectionsOf(preset, names));
    const patterns = formsOf(all, { dialect: "both", ignoredPrincipals: () => [] }).map(
      ({ filterPattern }) => filterPattern,
    );

    expect(patterns.filter((pattern) => insightsQueryOf(pattern) === undefined)).toEqual([]);
  });
});
