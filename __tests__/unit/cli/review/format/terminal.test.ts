import fc from "fast-check";
import { finding } from "../../../../../cli/review/finding";
import { terminalText } from "../../../../../cli/review/format/terminal";
import { ALARM_REMOVED, hostileReport, LOGGING_UNKNOWN, RETENTION, report, waiverOf } from "../reports";
import { change, plan } from "../support";

describe("terminalText", () => {
  it("begins with the verdict and counts, and shows findings, waivers, changes and cost", () => {
    const text = terminalText(
      report({
        plan: plan([
          change("aws_sns_topic.a", { name: "a", arn: "x" }, { name: "b" }, { unknown: { arn: true } }),
          change("aws_sns_topic.b", { name: "a" }, undefined),
        ]),
        findings: [ALARM_REMOVED, RETENTION, LOGGING_UNKNOWN],
        waivers: [waiverOf(RETENTION), waiverOf(ALARM_REMOVED, "2026-01-01"), waiverOf(ALARM_REMOVED)],
        cost: {
          beforeDollars: 12.3,
          afterDollars: 10,
          lines: [{ what: "alarms", before: 2.3, after: 0 }],
          note: "List prices",
        },
      }),
    );

    expect(text).toMatchInlineSnapshot(`
      "Not judged: 1 not judged, 1 warning, 1 waived

      ┌──────────┬───────────────────────────────┬────────────────────────────────┬────────────────────────────────────┐
      │ severity │ rule                          │ address                        │ what                               │
      ├──────────┼───────────────────────────────┼────────────────────────────────┼────────────────────────────────────┤
      │ blocks   │ log-group-retention-shortened │ module.audit["main"].aws_cloud │ Events are kept 90 days instead of │
      │ waived   │                               │ watch_log_group.trail          │ 365                                │
      ├──────────┼───────────────────────────────┼────────────────────────────────┼────────────────────────────────────┤
      │ unknown  │ trail-logging-off             │ aws_cloudtrail.this            │ enable_logging is known after      │
      │          │                               │                                │ apply only: whether the rule is    │
      │          │                               │                                │ broken can't be judged             │
      ├──────────┼───────────────────────────────┼────────────────────────────────┼────────────────────────────────────┤
      │ warns    │ alarm-removed                 │ aws_cloudwatch_metric_alarm.si │ An alarm is removed                │
      │          │                               │ gn-in                          │                                    │
      └──────────┴───────────────────────────────┴────────────────────────────────┴────────────────────────────────────┘

      log-group-retention-shortened module.audit["main"].aws_cloudwatch_log_group.trail
        waived until 2026-03-02: Kept in the archive, see OPS-12
      alarm-removed aws_cloudwatch_metric_alarm.sign-in
        its topic is alerts|high

      trailwarden.waivers.json: expired on 2026-01-01, and overrides nothing:
        alarm-removed aws_cloudwatch_metric_alarm.sign-in
      trailwarden.waivers.json: unused, nothing in this plan to override:
        alarm-removed aws_cloudwatch_metric_alarm.sign-in

      Removed: 1
        aws_sns_topic.b
      Changed: 1
        aws_sns_topic.a: arn (known after apply), name

      Fixed monthly cost: 12.30 USD -> 10.00 USD (-2.30)
        alarms: 2.30 USD -> 0.00 USD
        List prices"
    `);
  });

  it("says so when nothing is found and nothing changes", () => {
    expect(terminalText(report())).toBe("Fine: no findings\n\nFixed monthly cost: 12.30 USD, as before");
  });

  it("names the first 50 changes, and counts all of them", () => {
    const changes = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        change(`aws_sns_topic.t${index}`, undefined, { name: "a" }),
      );
    const gone = change("aws_sqs_queue.gone", { name: "a" }, undefined);
    const text = terminalText(report({ plan: plan([...changes(60), gone]) }));

    expect(text).toContain("Removed: 1\n  aws_sqs_queue.gone\nAdded: 60\n  aws_sns_topic.t0\n");
    expect(text.match(/^ {2}aws_/gm)).toHaveLength(50);
    expect(text).toContain("\nand 11 more; --format json has them all\n");
    expect(terminalText(report({ plan: plan(changes(50)) }))).not.toContain("more");
  });

  it("shows the first 200 findings, those that block before others, and counts the rest", () => {
    const findings = Array.from({ length: 199 }, () => RETENTION);
    const text = terminalText(
      report({
        findings: [ALARM_REMOVED, ALARM_REMOVED, LOGGING_UNKNOWN, ...findings],
      }),
    );

    expect(text).toMatch(/^Blocked: 199 blocks, 1 not judged, 2 warnings\n/);
    expect(text).toContain("and 2 more (2 warnings); --format json has them all");
    expect(text).toContain("│ unknown ");
  });

  it("keeps to its width, whatever the words", () => {
    const wide = finding(
      "trail-management-events-deselected",
      { address: `a["${"x".repeat(300)}"]` },
      "y".repeat(300),
      [`${"z".repeat(200)} ${"word ".repeat(50)}`],
    );
    const lines = terminalText(report({ findings: [wide] })).split("\n");

    expect(Math.max(...lines.map((line) => line.length))).toBe(119);
    expect(lines.join("\n")).toContain("│ trail-management-events-deselected │");
    // Whole under the table; one more of each is in "Fixed monthly cost".
    const under = lines.slice(lines.findIndex((line) => line.startsWith("└"))).join("");
    expect([under.split("x").length, under.split("y").length]).toEqual([302, 302]);
  });

  it("does nothing to a terminal and forges no line, whatever the plan and the waivers hold", () => {
    fc.assert(
      fc.property(hostileReport, (made) => {
        const lines = terminalText(made).split("\n");
        expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(lines.filter((line) => /^(?:Blocked|Not judged|Fine): /.test(line))).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });
});
