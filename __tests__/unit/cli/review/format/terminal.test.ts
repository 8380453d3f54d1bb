import fc from "fast-check";
import { finding } from "../../../../../cli/review/finding";
import { terminalText } from "../../../../../cli/review/format/terminal";
import {
  ALARM_REMOVED,
  hostileReport,
  JUDGED,
  LOGGING_UNKNOWN,
  NOTHING,
  OF_EACH_KIND,
  RETENTION,
  report,
  waiverOf,
} from "../reports";
import { change, plan } from "../support";

describe("terminalText", () => {
  it("begins with the verdict and counts, and shows findings, waivers, changes and cost", () => {
    const text = terminalText(
      report({
        ...OF_EACH_KIND,
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
      Judged: 1 trail

      ┌──────────┬──────────────────────────────────────────────────────────────────────────────────────┐
      │ severity │ rule, address and what happens                                                       │
      ├──────────┼──────────────────────────────────────────────────────────────────────────────────────┤
      │ blocks   │ log-group-retention-shortened                                                        │
      │ waived   │ module.audit["main"].aws_cloudwatch_log_group.trail                                  │
      │          │ Events are kept 90 days instead of 365                                               │
      ├──────────┼──────────────────────────────────────────────────────────────────────────────────────┤
      │ unknown  │ trail-logging-off                                                                    │
      │          │ aws_cloudtrail.this                                                                  │
      │          │ enable_logging is known after apply only: whether the rule is broken can't be judged │
      ├──────────┼──────────────────────────────────────────────────────────────────────────────────────┤
      │ warns    │ alarm-removed                                                                        │
      │          │ aws_cloudwatch_metric_alarm.sign-in                                                  │
      │          │ An alarm is removed                                                                  │
      └──────────┴──────────────────────────────────────────────────────────────────────────────────────┘

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
        List prices

      Next: take it out of the plan, or waive it by rule and address in trailwarden.waivers.json, as docs/review.md tells"
    `);
  });

  it("says so when nothing is found and nothing changes", () => {
    expect(terminalText(report())).toBe(
      "Fine: no findings\nJudged: 1 trail\n\nFixed monthly cost: 12.30 USD, as before",
    );
  });

  it("counts what was judged, and says so where there was nothing", () => {
    const judged = { ...JUDGED, trails: 2, keys: 1, topics: 6 };

    expect(terminalText(report({ judged }))).toMatch(
      /^Fine: no findings\nJudged: 2 trails, 1 key, 6 topics\n/,
    );
    expect(terminalText(report({ judged: NOTHING }))).toMatch(
      /^Fine: no findings\nNo part of auditing is in this plan\.\n/,
    );
  });

  it("says what to do next where something has to be done", () => {
    const next =
      "\n\nNext: take it out of the plan, or waive it by rule and address in trailwarden.waivers.json, as docs/review.md tells";

    expect(terminalText(report({ findings: [RETENTION] }))).toContain(next);
    expect(terminalText(report({ findings: [LOGGING_UNKNOWN] }))).toContain(next);
    expect(terminalText(report({ findings: [RETENTION], waivers: [waiverOf(RETENTION)] }))).not.toContain(
      "Next",
    );
    expect(terminalText(report({ findings: [ALARM_REMOVED] }))).not.toContain("Next");
  });

  it("breaks no address, so that it can be copied", () => {
    const address = `module.audit_of_the_organization["${"a".repeat(100)}"].aws_cloudtrail.this`;
    const found = { ...RETENTION, address, details: ["a detail"] };
    const lines = terminalText(
      report({
        plan: plan([change(address, { name: "a" }, undefined)]),
        findings: [found],
        waivers: [waiverOf({ ...found, rule: "trail-destroyed" })],
      }),
    ).split("\n");

    expect(lines).toContainEqual(expect.stringMatching(/^│ {10}│ \S+ │$/));
    expect(lines.filter((line) => line.includes(address))).toHaveLength(4);
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

  it("shows the first 100 findings, those that block before others, and counts the rest", () => {
    const findings = Array.from({ length: 99 }, () => RETENTION);
    const text = terminalText(
      report({
        findings: [ALARM_REMOVED, ALARM_REMOVED, LOGGING_UNKNOWN, ...findings],
      }),
    );

    expect(text).toMatch(/^Blocked: 99 blocks, 1 not judged, 2 warnings\n/);
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

    const isOfAddress = (line: string) => line.includes("xx") || /^[┌├└]/.test(line);
    const drawn = lines
      .filter((line) => !isOfAddress(line))
      .map((line) => line.trimEnd().replace(/ *│$/, ""));
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThanOrEqual(119);
    expect(lines.join("\n")).toMatch(/│ trail-management-events-deselected +│/);
    // Whole under the table; two more of each are in "Fixed monthly cost" and "Next".
    const under = lines.slice(lines.findIndex((line) => line.startsWith("└"))).join("");
    expect([under.split("x").length, under.split("y").length]).toEqual([303, 303]);
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
