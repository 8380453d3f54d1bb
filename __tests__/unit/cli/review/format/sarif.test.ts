import fc from "fast-check";
import { z } from "zod";
import { sarifText } from "../../../../../cli/review/format/sarif";
import type { Report } from "../../../../../cli/review/report";
import { RULES } from "../../../../../cli/review/rules";
import { ALARM_REMOVED, hostileReport, LOGGING_UNKNOWN, RETENTION, report, waiverOf } from "../reports";
import { change, plan } from "../support";

const message = z.strictObject({ text: z.string().min(1) });

/** As far as it is used, what SARIF 2.1.0 and GitHub ("SARIF support for code scanning") demand. */
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.literal("Trailwarden"),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: z.strictObject({ text: z.string().min(1).max(1024) }),
              fullDescription: z.strictObject({ text: z.string().min(1).max(1000) }),
              help: z.strictObject({ text: z.string().min(1) }),
              defaultConfiguration: z.strictObject({ level: z.enum(["error", "warning"]) }),
            }),
          ),
        }),
      }),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.literal(true),
          toolConfigurationNotifications: z.array(z.strictObject({ level: z.literal("warning"), message })),
        }),
      ]),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(["error", "warning"]),
          message,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w.~!*'()%/-]+$/) }),
                region: z.strictObject({ startLine: z.literal(1) }),
              }),
              logicalLocations: z.tuple([z.strictObject({ fullyQualifiedName: z.string() })]),
            }),
          ]),
          partialFingerprints: z.strictObject({
            primaryLocationLineHash: z.string().regex(/^[0-9a-f]{32}:\d+$/),
          }),
          suppressions: z
            .tuple([
              z.strictObject({
                kind: z.literal("external"),
                status: z.literal("accepted"),
                justification: z.string(),
              }),
            ])
            .optional(),
        }),
      ),
    }),
  ]),
});

function runOf(made: Report, planFile = "plan.json") {
  return sarif.parse(JSON.parse(sarifText(made, planFile))).runs[0];
}

const FINDINGS = { findings: [RETENTION, LOGGING_UNKNOWN, ALARM_REMOVED] };

describe("sarifText", () => {
  it("names every rule with its level", () => {
    const { rules } = runOf(report()).tool.driver;

    expect(rules.map(({ id }) => id)).toEqual(Object.keys(RULES));
    expect(rules.find(({ id }) => id === "trail-destroyed")).toMatchObject({
      shortDescription: { text: "A trail is destroyed or replaced" },
      defaultConfiguration: { level: "error" },
    });
    expect(rules.find(({ id }) => id === "alarm-removed")?.defaultConfiguration.level).toBe("warning");
  });

  it("has a result for each finding, which says what and where, and none for other changes", () => {
    const { results, tool } = runOf(
      report({ ...FINDINGS, plan: plan([change("aws_sns_topic.a", undefined, { name: "a" })]) }),
    );

    expect(
      results.map(({ ruleId, ruleIndex, level }) => [ruleId, tool.driver.rules[ruleIndex]?.id, level]),
    ).toEqual([
      [RETENTION.rule, RETENTION.rule, "error"],
      [LOGGING_UNKNOWN.rule, LOGGING_UNKNOWN.rule, "error"],
      [ALARM_REMOVED.rule, ALARM_REMOVED.rule, "warning"],
    ]);
    expect(results[2]?.message.text).toBe(
      `${ALARM_REMOVED.address}: An alarm is removed.\nits topic is alerts|high`,
    );
    expect(results[0]?.locations[0]).toEqual({
      physicalLocation: { artifactLocation: { uri: "plan.json" }, region: { startLine: 1 } },
      logicalLocations: [{ fullyQualifiedName: RETENTION.address }],
    });
  });

  it("has fingerprints of rule and address, counted where they are the same", () => {
    const hashes = (...findings: (typeof RETENTION)[]) =>
      runOf(report({ findings })).results.map((result) => result.partialFingerprints.primaryLocationLineHash);
    const [one = "", other = ""] = hashes(RETENTION, { ...RETENTION, message: "Events are kept 30 days" });

    expect([one.slice(-2), other]).toEqual([":1", one.replace(/1$/, "2")]);
    expect(hashes({ ...RETENTION, message: "something else" }, ALARM_REMOVED)[0]).toBe(one);
    expect(hashes({ ...RETENTION, address: "a.b" })[0]).not.toBe(one);
    expect(hashes({ ...RETENTION, rule: "log-group-destroyed" })[0]).not.toBe(one);
  });

  it("suppresses what is waived, with the reason, and tells of waivers that do nothing", () => {
    const { results, invocations } = runOf(
      report({
        ...FINDINGS,
        waivers: [waiverOf(RETENTION), waiverOf(LOGGING_UNKNOWN, "2026-01-01"), waiverOf(ALARM_REMOVED)],
      }),
    );

    expect(results.map(({ suppressions }) => suppressions?.[0].justification)).toEqual([
      "Kept in the archive, see OPS-12 (until 2026-03-02)",
      undefined,
      undefined,
    ]);
    expect(invocations[0].toolConfigurationNotifications.map(({ message }) => message.text)).toEqual([
      "trailwarden.waivers.json: expired on 2026-01-01, and overrides nothing: trail-logging-off aws_cloudtrail.this",
      "trailwarden.waivers.json: unused, nothing in this plan to override: alarm-removed aws_cloudwatch_metric_alarm.sign-in",
    ]);
  });

  it.each([
    ["-", "plan.json"],
    ["plans/my plan#1?.json", "plans/my%20plan%231%3F.json"],
    ["./plans/../plan.json", "plan.json"],
    [`${process.cwd()}/plans/a.json`, "plans/a.json"],
    ["/elsewhere/secret/a.json", "a.json"],
    ["../a.json", "a.json"],
  ])("places %s at %s", (planFile, uri) => {
    expect(
      runOf(report(FINDINGS), planFile).results[0]?.locations[0].physicalLocation.artifactLocation.uri,
    ).toBe(uri);
  });

  it("holds no placeholder or link in a message that the plan puts there", () => {
    const hostile = { ...RETENTION, message: "{0} [ok](https://evil.example) { $.x }" };

    expect(runOf(report({ findings: [hostile] })).results[0]?.message.text).toBe(
      `${RETENTION.address}: {{0}} [ok] (https://evil.example) {{ $.x }}.`,
    );
  });

  it("stays valid, and does nothing to a terminal, whatever the plan holds", () => {
    fc.assert(
      fc.property(hostileReport, (made) => {
        const text = sarifText(made, "-");
        expect(sarif.safeParse(JSON.parse(text)).error).toBeUndefined();
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { numRuns: 100 },
    );
  });
});
