import { finding } from "../../../../cli/review/finding";
import { exitStatusOf } from "../../../../cli/review/report";
import { ALARM_REMOVED, LOGGING_UNKNOWN, RETENTION, report, TODAY, waiverOf } from "./reports";

const verdictOf = ({ verdict, ...rest }: ReturnType<typeof report>) => [
  verdict,
  exitStatusOf({ verdict, ...rest }),
];

describe("reportOf", () => {
  it.each([
    [[], ["fine", 0]],
    [[ALARM_REMOVED], ["fine", 0]],
    [
      [ALARM_REMOVED, LOGGING_UNKNOWN],
      ["not judged", 1],
    ],
    [
      [ALARM_REMOVED, LOGGING_UNKNOWN, RETENTION],
      ["blocked", 2],
    ],
  ])("judges %j as %j", (findings, verdict) => {
    expect(verdictOf(report({ findings }))).toEqual(verdict);
  });

  it("overrides what blocks and what isn't known by rule and address, and keeps it with the reason", () => {
    const waivers = [waiverOf(RETENTION), waiverOf(LOGGING_UNKNOWN)];
    const made = report({ findings: [ALARM_REMOVED, LOGGING_UNKNOWN, RETENTION], waivers });
    const waiver = { reason: "Kept in the archive, see OPS-12", expiry: TODAY };

    expect(verdictOf(made)).toEqual(["fine", 0]);
    expect(made.findings).toEqual([{ ...RETENTION, waiver }, { ...LOGGING_UNKNOWN, waiver }, ALARM_REMOVED]);
    expect(made.waivers).toMatchObject({ expired: [], unused: [] });
  });

  it("overrides nothing by a waiver of another rule or address, and tells that it is unused", () => {
    const waivers = [
      waiverOf({ ...RETENTION, address: "aws_cloudwatch_log_group.*" }),
      waiverOf({ ...RETENTION, rule: "log-group-destroyed" }),
      waiverOf(ALARM_REMOVED),
    ];
    const made = report({ findings: [RETENTION, ALARM_REMOVED], waivers });

    expect(verdictOf(made)).toEqual(["blocked", 2]);
    expect(made.findings.map(({ waiver }) => waiver)).toEqual([undefined, undefined]);
    expect(made.waivers.unused).toEqual(waivers);
  });

  it("holds a waiver through its last day, and tells of it from the next one on", () => {
    const waivers = [waiverOf(RETENTION, "2026-03-02")];

    expect(verdictOf(report({ findings: [RETENTION], waivers, today: "2026-03-02" }))).toEqual(["fine", 0]);
    const late = report({ findings: [RETENTION], waivers, today: "2026-03-03" });
    expect(verdictOf(late)).toEqual(["blocked", 2]);
    expect(late.waivers).toEqual({ file: "trailwarden.waivers.json", expired: waivers, unused: [] });
  });

  it("puts what blocks first, then by rule as the rules stand", () => {
    const destroyed = finding("trail-destroyed", { address: "aws_cloudtrail.z" });
    const findings = [ALARM_REMOVED, LOGGING_UNKNOWN, RETENTION, destroyed];

    expect(report({ findings }).findings).toEqual([destroyed, RETENTION, LOGGING_UNKNOWN, ALARM_REMOVED]);
  });
});
