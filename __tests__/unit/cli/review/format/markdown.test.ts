import fc from "fast-check";
import { type Finding, finding } from "../../../../../cli/review/finding";
import { markdownText } from "../../../../../cli/review/format/markdown";
import { hostileText } from "../../../lambda-src/shared/hostile-text";
import {
  ALARM_REMOVED,
  hostileReport,
  LOGGING_UNKNOWN,
  NOTHING,
  OF_EACH_KIND,
  RETENTION,
  report,
  waiverOf,
} from "../reports";
import { change, plan } from "../support";

/** Lines that are the same for every plan, but for counts. */
const OWN_LINE =
  /^(?:<!-- trailwarden-review -->|## Trailwarden: (?:blocked|not judged|fine)|<details><summary>[A-Za-z ]+(?: \(\d+\))?<\/summary>|<\/details>)$/;

/** What is left of a text when code is taken out as GitHub Flavored Markdown reads it. */
function withoutCode(text: string): string {
  let left = "";
  let rest = text;
  for (let open = /`+/.exec(rest); open !== null; open = /`+/.exec(rest)) {
    left += rest.slice(0, open.index);
    rest = rest.slice(open.index + open[0].length);
    const close = [...rest.matchAll(/`+/g)].find(([run]) => run === open?.[0]);
    left += close === undefined ? open[0] : "CODE";
    rest = close === undefined ? rest : rest.slice(close.index + close[0].length);
  }
  return left + rest;
}

/** Without the block of code, which ends where a line is nothing but its fence. */
function withoutBlock(text: string): string {
  return text.replace(/^(`{3,})json\n.*?\n\1`*$/ms, "");
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll("\\|", "|"));
}

function expectInert(markdown: string): void {
  for (const line of withoutBlock(markdown)
    .split("\n")
    .filter((line) => !OWN_LINE.test(line))) {
    const cells = line.startsWith("|") ? cellsOf(line) : [line];
    expect(cells).toHaveLength(line.startsWith("|") ? 4 : 1);
    for (const cell of cells) {
      expect(withoutCode(cell)).toMatch(/^[\w ,.:;"'()*+…>-]*$/);
      expect(withoutCode(cell)).not.toMatch(/https?:|www|_|\b[A-Fa-f0-9]{7,}\b|\w\*\*\w/);
    }
  }
}

describe("markdownText", () => {
  it("is short first, and folds what is long", () => {
    const text = markdownText(
      report({
        ...OF_EACH_KIND,
        cost: {
          beforeDollars: 10,
          afterDollars: 12.345,
          lines: [{ what: "alarms", before: 0, after: 2.345 }],
          note: "List prices",
        },
      }),
    );

    expect(text).toMatchInlineSnapshot(`
      "<!-- trailwarden-review -->

      ## Trailwarden: not judged

      What this plan does to auditing can't be fully judged before it is applied: 1 not judged, 1 warning, 1 waived.

      Judged: 1 trail.

      | severity | rule | address | what |
      | --- | --- | --- | --- |
      | **unknown** | \`trail-logging-off\` | \`aws_cloudtrail.this\` | \`enable_logging\` is known after apply only: whether the rule is broken can't be judged |
      | warns | \`alarm-removed\` | \`aws_cloudwatch_metric_alarm.sign-in\` | An alarm is removed |
      | blocks, waived | \`log-group-retention-shortened\` | \`module.audit["main"].aws_cloudwatch_log_group.trail\` | Events are kept 90 days instead of 365; waived until 2026-03-02: Kept in the archive, see \`OPS-12\` |

      Take it out of the plan, or waive it by rule and address in \`trailwarden.waivers.json\`, as \`docs/review.md\` tells.

      <details><summary>If it is meant</summary>

      \`\`\`json
      [
        {
          "rule": "trail-logging-off",
          "address": "aws_cloudtrail.this",
          "reason": "",
          "expiry": ""
        }
      ]
      \`\`\`

      </details>

      Fixed monthly cost: 10.00 USD -> 12.35 USD (+2.35).

      <details><summary>Details of findings (1)</summary>

      - \`alarm-removed\` \`aws_cloudwatch_metric_alarm.sign-in\`
        - \`its topic is alerts|high\`

      </details>

      <details><summary>Waivers that expired or are unused (2)</summary>

      - \`trailwarden.waivers.json\`: expired on 2026-01-01, and overrides nothing: \`alarm-removed\` \`aws_cloudwatch_metric_alarm.sign-in\`
      - \`trailwarden.waivers.json\`: unused, nothing in this plan to override: \`alarm-removed\` \`aws_cloudwatch_metric_alarm.sign-in\`

      </details>

      <details><summary>Removed (1)</summary>

      - \`aws_sns_topic.b\`

      </details>

      <details><summary>Changed (1)</summary>

      - \`aws_sns_topic.a\`: \`arn\` (known after apply), \`name\`

      </details>

      <details><summary>Cost</summary>

      - alarms: 0.00 USD -> 2.35 USD
      - List prices

      </details>"
    `);
    expectInert(text);
  });

  it("says so when nothing is found and nothing changes", () => {
    expect(markdownText(report())).toBe(
      "<!-- trailwarden-review -->\n\n## Trailwarden: fine\n\nNothing stands against applying this plan: no findings.\n\nJudged: 1 trail.\n\nFixed monthly cost: 12.30 USD, as before.",
    );
  });

  it("doesn't say that nothing stands against a plan in which there was nothing to judge", () => {
    const text = (findings: readonly Finding[]) => markdownText(report({ judged: NOTHING, findings }));

    expect(text([])).toContain("fine\n\nNo part of auditing is in this plan: no findings.\n\nFixed");
    expect(text([ALARM_REMOVED])).toContain("\n\nNo part of auditing is in this plan: 1 warning.\n\n|");
    expect(text([LOGGING_UNKNOWN])).toContain(": 1 not judged.\n\nNo part of auditing is in this plan.\n\n|");
  });

  it("gives the waivers that would be needed, once each, in a block that no text closes", () => {
    const address = 'aws_cloudtrail.this["```\n~~~ </details>"]';
    const hostile = finding("trail-destroyed", { address });
    const waived = finding("key-destroyed", { address });
    const findings = [RETENTION, RETENTION, hostile, LOGGING_UNKNOWN, ALARM_REMOVED, waived];
    const text = markdownText(report({ findings, waivers: [waiverOf(waived)] }));
    const [, fence, block = ""] = /^(`+)json\n(.*?)\n\1$/ms.exec(text) ?? [];

    expect(fence).toBe("````");
    expect(text).toContain("\n\n<details><summary>If it is meant</summary>\n\n````json\n");
    expect(JSON.parse(block)).toEqual(
      [hostile, RETENTION, LOGGING_UNKNOWN].map(({ rule, address }) => ({
        rule,
        address,
        reason: "",
        expiry: "",
      })),
    );
    expect(markdownText(report({ findings: [ALARM_REMOVED] }))).not.toContain("If it is meant");
  });

  it("leaves these waivers out where they don't fit", () => {
    const findings = Array.from({ length: 300 }, (_, index) => ({
      ...RETENTION,
      address: `a${index}${"x".repeat(200)}`,
    }));
    const text = markdownText(report({ findings }));

    expect(text).not.toContain("If it is meant");
    expect(text).toContain(
      "\n\nTake it out of the plan, or waive it by rule and address in `trailwarden.waivers.json`, as `docs/review.md` tells.",
    );
  });

  it.each([
    ["arn:aws:cloudwatch:alarm:Unauthorized API calls", "`arn:aws:cloudwatch:alarm:Unauthorized API calls`"],
    ["An alarm is removed", "An alarm is removed"],
    ["Alarms: 3.00 USD to 4.00 USD", "Alarms: 3.00 USD to 4.00 USD"],
  ])("shows the detail %j as %s", (detail, shown) => {
    const text = markdownText(report({ findings: [{ ...RETENTION, details: [detail] }] }));

    expect(text).toContain(`\n  - ${shown}\n`);
  });

  it.each([
    ['a["|"]', '`a["\\|"]`'],
    ["a`b", "``a`b``"],
    ["`a```", "```` `a``` ````"],
    ["a\nb", "`a\\u000ab`"],
    [" ", "(empty)"],
  ])("shows the address %j as %s", (address, shown) => {
    expect(markdownText(report({ findings: [finding("trail-destroyed", { address })] }))).toContain(
      `| \`trail-destroyed\` | ${shown} | A trail is destroyed or replaced |`,
    );
  });

  it.each([
    ["The role may s3:GetObject on * in 90 days", "The role may `s3:GetObject` on `*` in 90 days"],
    ["see @alice and #12, GH-3", "see `@alice` and `#12, GH-3`"],
    ["decade defaced 1234567 deadbeef", "decade `defaced 1234567 deadbeef`"],
    ["1. of www.evil.example", "`1`. of `www.evil.example`"],
    ["multi-region isn't, (on)", "multi-region isn't, (on)"],
  ])("shows the message %j as %s", (message, shown) => {
    expect(markdownText(report({ findings: [{ ...RETENTION, message }] }))).toContain(`| ${shown} |`);
  });

  it("forges no mark, mention, link, row or HTML, whatever the plan and the waivers hold", () => {
    fc.assert(
      fc.property(hostileReport, (made) => expectInert(markdownText(made))),
      { numRuns: 100 },
    );
  });

  it("fits into a comment, and counts what it cuts, whatever the plan holds", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 0, max: 400 }), (text, count) => {
        const long = `${text}${"🚀|`x`".repeat(count)}`;
        const many = Array.from({ length: count }, (_, index) => index);
        const made = report({
          findings: many.map(() => ({
            ...RETENTION,
            address: long,
            message: long,
            details: [long, long],
          })),
        });
        const change = {
          address: long,
          attributes: [{ name: long, sensitive: true, knownAfterApply: true }],
        };
        const all = many.map(() => change);
        const markdown = markdownText({
          ...made,
          changes: {
            removed: all,
            replaced: all,
            noLongerManaged: all,
            changed: all,
            imported: all,
            added: all,
          },
        });

        expect(Buffer.byteLength(markdown)).toBeLessThan(65_000);
        expect(markdown.length).toBeLessThan(65_000);
        const [, cut = "0"] = /^And (\d+) more \(\1 blocks?\): /m.exec(markdown) ?? [];
        expect((markdown.match(/^\| \*\*blocks/gm) ?? []).length + Number(cut)).toBe(count);
        expectInert(markdown);
      }),
      { numRuns: 10 },
    );
  });

  it("cuts folds before the table", () => {
    const changes = Array.from({ length: 5000 }, (_, index) =>
      change(`aws_sns_topic.t${index}`, undefined, { name: "a" }),
    );
    const findings = Array.from({ length: 200 }, () => RETENTION);
    const text = markdownText(report({ plan: plan(changes), findings }));

    expect(text.match(/^\| \*\*blocks/gm)).toHaveLength(200);
    expect(text).toMatch(
      /<summary>Added \(5000\)<\/summary>\n\n(?:- `aws_sns_topic\.t\d+`\n)+- and \d+ more lines: `--format json` has/,
    );
    expect(text.length).toBeGreaterThan(60_000);
  });
});
