import type { AlertCounts } from "../../../../cli/drill/alert";
import type { Drilled } from "../../../../cli/drill/look-around";
import { byHand, type Drill, drillReport, drillRows } from "../../../../cli/drill/report";

const TRAIL_ARN = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/acme-audit";
const DRILLED: Drilled = {
  caller: { accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/alice" },
  trail: { name: "acme-audit", arn: TRAIL_ARN },
  guard: { functionName: "enable_trail", topicName: "TrailGuard_Alerts_Topic" },
  guardProblems: [],
};
const ALERT: AlertCounts = { invocations: 1, errors: 0, messagesPublished: 1, notificationsFailed: 0 };
const PASSED: Drill = {
  environment: "main",
  region: "eu-central-1",
  drilled: DRILLED,
  limitSeconds: 390,
  outcome: { kind: "healed", seconds: 1.23456 },
  alert: ALERT,
};

describe("drillReport", () => {
  it("has passed where the guard started the trail and its alert was published", () => {
    expect(drillReport(PASSED)).toEqual({
      environment: "main",
      account: "111122223333",
      region: "eu-central-1",
      trailArn: TRAIL_ARN,
      limitSeconds: 390,
      guard: "enable_trail",
      outcome: "healed",
      loggingAgainAfterSeconds: 1.235,
      alert: ALERT,
      passed: true,
      problems: [],
    });
  });

  it.each<[string, Partial<Drill>, RegExp]>([
    ["it was not stopped", { outcome: { kind: "not stopped", why: "refused" } }, /not stopped: refused/],
    [
      "the drill started it",
      { outcome: { kind: "healed by the drill", why: "nobody started it within 390 s" }, alert: undefined },
      /the drill did: nobody started it within 390 s/,
    ],
    [
      "nobody could start it",
      { outcome: { kind: "may be stopped", why: "interrupted", problem: "no network" }, alert: undefined },
      /MAY BE STOPPED: interrupted.*no network/,
    ],
    [
      "somebody else than a guard started it",
      { drilled: { ...DRILLED, guard: undefined, guardProblems: ["paused"] }, alert: undefined },
      /somebody else/,
    ],
    ["the alert is not known", { alert: "no network" }, /not known: no network/],
    ["the alert was not looked for", { alert: undefined }, /not known/],
    ["the guard did not run", { alert: { ...ALERT, invocations: 0 } }, /no run of the guard function/],
    ["the guard failed", { alert: { ...ALERT, errors: 2 } }, /guard function failed: 2/],
    [
      "nothing was published",
      { alert: { ...ALERT, messagesPublished: 0 } },
      /no message to the guard's topic/,
    ],
    ["nobody was reached", { alert: { ...ALERT, notificationsFailed: 3 } }, /could not deliver: 3/],
  ])("has not passed where %s, and says so", (_, different, problem) => {
    const report = drillReport({ ...PASSED, ...different });

    expect(report.passed).toBe(false);
    expect(report.problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe("drillRows", () => {
  it("tells how it was", () => {
    expect(drillRows(PASSED)).toEqual([
      ["trail", TRAIL_ARN],
      ["logging", "again 1.2 s after the stop"],
      ["guard", "enable_trail"],
      [
        "alert, as CloudWatch counts it",
        "runs: 1, failed: 0; messages published: 1, notifications failed: 0",
      ],
    ]);
  });

  it.each([
    [{ kind: "not stopped", why: "x" }, "all the time: it was not stopped"],
    [{ kind: "healed by the drill", why: "x" }, "again, by the drill"],
    [{ kind: "may be stopped", why: "x", problem: "y" }, "NOT KNOWN: IT MAY BE STOPPED"],
  ] as const)("never says of %j that a guard started it", (outcome, text) => {
    expect(drillRows({ ...PASSED, outcome, alert: undefined })[1]).toEqual(["logging", text]);
  });
});

describe("byHand", () => {
  it("has the commands to copy", () => {
    expect(byHand("eu-central-1", TRAIL_ARN)).toBe(
      `  aws cloudtrail get-trail-status --region eu-central-1 --name ${TRAIL_ARN}\n` +
        `  aws cloudtrail start-logging --region eu-central-1 --name ${TRAIL_ARN}`,
    );
  });
});
