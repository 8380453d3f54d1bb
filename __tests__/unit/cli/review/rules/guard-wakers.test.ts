import { REPLACED } from "../support";
import { foundInGuard, type GuardAddress, type GuardChange, ruleArn, STOP_LOGGING } from "./guard-stack";

const AFTER_APPLY = "is known after apply only: whether the rule is broken can't be judged";
const LATER = "arn:aws:lambda:eu-west-1:123456789012:function:other";

function pattern(changed: object): { readonly event_pattern: string } {
  return { event_pattern: JSON.stringify({ ...STOP_LOGGING, ...changed }) };
}

function judges(address: GuardAddress, cases: readonly [string, GuardChange, string[]][]): void {
  it.each(cases)("judges one that is %s", (_, made, found) => {
    expect(foundInGuard({ [address]: made })).toEqual(found);
  });
}

describe("judgeWakers, of event rules", () => {
  const rule = "guard-rule-removed";
  const fewer = `blocks ${rule}: An event rule wakes the guard for fewer events`;

  judges("aws_cloudwatch_event_rule.stop", [
    ["destroyed", { is: undefined }, [`blocks ${rule}: An event rule that wakes the guard is destroyed`]],
    [
      "replaced",
      { is: {}, options: REPLACED },
      [`blocks ${rule}: An event rule that wakes the guard is replaced`],
    ],
    [
      "disabled",
      { is: { state: "DISABLED" } },
      [`blocks ${rule}: An event rule that wakes the guard is disabled`],
    ],
    [
      "disabled in the old way",
      { is: { is_enabled: false } },
      [`blocks ${rule}: An event rule that wakes the guard is disabled`],
    ],
    ["disabled already", { was: { state: "DISABLED" }, is: pattern({ source: ["aws.ec2"] }) }, []],
    ["enabled", { was: { is_enabled: false }, is: { is_enabled: true } }, []],
    [
      "enabled perhaps",
      { is: {}, options: { unknown: { state: true } } },
      [`unknown ${rule}: Whether the event rule is enabled ${AFTER_APPLY}`],
    ],
    [
      "enabled in a way of tomorrow",
      { is: { state: "ENABLED_SOMETIMES" } },
      [`unknown ${rule}: Whether the event rule is enabled can't be judged`],
    ],
    [
      "narrowed",
      { is: pattern({ detail: { ...STOP_LOGGING.detail, eventName: ["DeleteTrail"] } }) },
      [`${fewer}; no longer for StopLogging`],
    ],
    [
      "narrowed in secret",
      { is: pattern({ source: ["aws.ec2"] }), options: { sensitive: { event_pattern: true } } },
      [fewer],
    ],
    ["widened", { is: pattern({ source: ["aws.ec2", "aws.cloudtrail"] }) }, []],
    ["written otherwise", { is: { event_pattern: JSON.stringify(STOP_LOGGING, null, 2) } }, []],
    [
      "without a pattern",
      { is: { event_pattern: "", schedule_expression: "rate(1 day)" } },
      [`blocks ${rule}: An event rule that wakes the guard has no event pattern any more`],
    ],
    [
      "known after apply",
      { is: {}, options: { unknown: { event_pattern: true } } },
      [`unknown ${rule}: The event pattern of a rule that wakes the guard ${AFTER_APPLY}`],
    ],
    [
      "no pattern of EventBridge",
      { is: { event_pattern: '{"source":[{"like":"x"}]}' } },
      [`unknown ${rule}: What the event rule's other pattern matches can't be judged`],
    ],
  ]);

  it("judges a rule that brings the guard's events from another region", () => {
    expect(foundInGuard({ "aws_cloudwatch_event_rule.global": { is: { state: "DISABLED" } } })).toEqual([
      `blocks ${rule}: An event rule that wakes the guard is disabled`,
    ]);
  });

  it("says nothing of another rule", () => {
    expect(foundInGuard({ "aws_cloudwatch_event_rule.other": { is: undefined } })).toEqual([]);
  });
});

describe("judgeWakers, of targets", () => {
  const rule = "guard-target-removed";
  const gone = `blocks ${rule}: The target no longer has the event rule wake the guard`;

  judges("aws_cloudwatch_event_target.stop", [
    [
      "destroyed",
      { is: undefined },
      [`blocks ${rule}: The target by which an event rule wakes the guard is destroyed`],
    ],
    ["made anew as it was", { is: {}, options: REPLACED }, []],
    ["another function", { is: { arn: LATER } }, [gone]],
    [
      "a version of it",
      { is: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:enable_trail:live" } },
      [],
    ],
    ["of another rule", { is: { rule: "other" } }, [gone]],
    ["of another bus", { is: { event_bus_name: "own" } }, [gone]],
    ["of the same bus by ARN", { is: { event_bus_name: "arn:aws:events:r:1:event-bus/default" } }, []],
    [
      "known after apply",
      { is: {}, options: { unknown: { arn: true } } },
      [`unknown ${rule}: The event rule's target ${AFTER_APPLY}`],
    ],
    [
      "handed a fixed text",
      { is: { input: "{}" } },
      [`unknown ${rule}: Whether the guard acts on what the target now hands it can't be judged`],
    ],
  ]);

  it("follows a rule that is renamed, which is judged itself", () => {
    expect(
      foundInGuard({
        "aws_cloudwatch_event_rule.look": { is: { name: "new" }, options: REPLACED },
        "aws_cloudwatch_event_target.look": { is: { rule: "new" }, options: REPLACED },
      }),
    ).toEqual([]);
  });

  it.each<[GuardAddress, string[]]>([
    ["aws_cloudwatch_event_target.other", []],
    [
      "aws_cloudwatch_event_target.global",
      [`blocks ${rule}: The target by which an event rule wakes the guard is destroyed`],
    ],
  ])("judges %s", (address, found) => {
    expect(foundInGuard({ [address]: { is: undefined } })).toEqual(found);
  });
});

describe("judgeWakers, of permissions", () => {
  const rule = "guard-permission-removed";
  const gone = `blocks ${rule}: The permission no longer covers an event rule that wakes the guard`;

  judges("aws_lambda_permission.stop", [
    [
      "destroyed",
      { is: undefined },
      [`blocks ${rule}: The permission by which event rules wake the guard is destroyed`],
    ],
    ["made anew as it was", { is: { statement_id: "new" }, options: REPLACED }, []],
    ["made anew and wider", { is: { source_arn: null }, options: REPLACED }, []],
    ["for all rules", { is: { source_arn: ruleArn("*") }, options: REPLACED }, []],
    ["for another rule", { is: { source_arn: ruleArn("other") }, options: REPLACED }, [gone]],
    ["for another account", { is: { source_account: "210987654321" }, options: REPLACED }, [gone]],
    ["for another function", { is: { function_name: "other" }, options: REPLACED }, [gone]],
    ["for another service", { is: { principal: "s3.amazonaws.com" }, options: REPLACED }, [gone]],
    ["for everybody", { is: { principal: "*" }, options: REPLACED }, []],
    ["for another action", { is: { action: "lambda:GetFunction" }, options: REPLACED }, [gone]],
    ["for a version", { is: { qualifier: "live" }, options: REPLACED }, [gone]],
    [
      "for a rule known after apply",
      { is: {}, options: { ...REPLACED, unknown: { source_arn: true } } },
      [`unknown ${rule}: What the permission covers ${AFTER_APPLY}`],
    ],
    ["one of another service", { was: { principal: "s3.amazonaws.com" }, is: undefined }, []],
    [
      "narrowed to some of the guard's rules",
      { was: { source_arn: null }, is: { source_arn: ruleArn("enable_trail") }, options: REPLACED },
      [gone],
    ],
    [
      "narrowed to all of the guard's rules",
      { was: { source_arn: null }, is: { source_arn: ruleArn("*") }, options: REPLACED },
      [],
    ],
  ]);

  it("says nothing of another function's", () => {
    expect(foundInGuard({ "aws_lambda_permission.other": { is: undefined } })).toEqual([]);
  });
});

describe.each<GuardAddress>(["aws_cloudwatch_event_rule.look", "aws_scheduler_schedule.look"])(
  "judgeWakers, of the schedule %s",
  (address) => {
    const rule = "guard-schedule-removed";
    const at = (expression: unknown) => ({ schedule_expression: expression });

    judges(address, [
      ["destroyed", { is: undefined }, [`blocks ${rule}: The guard's schedule is destroyed`]],
      ["made anew as it was", { is: {}, options: REPLACED }, []],
      [
        "disabled",
        { is: { state: "DISABLED" } },
        [`blocks ${rule}: The guard's schedule no longer wakes it`],
      ],
      ["disabled already", { was: { state: "DISABLED" }, is: undefined }, []],
      [
        "perhaps disabled",
        { is: {}, options: { unknown: { state: true } } },
        [`unknown ${rule}: The guard's schedule ${AFTER_APPLY}`],
      ],
      [
        "rarer",
        { was: at("rate(1 hour)"), is: at("rate(2 hours)") },
        [`blocks ${rule}: The guard looks every 120 minutes instead of every 60`],
      ],
      [
        "rarer in secret",
        { is: at("rate(2 days)"), options: { sensitive: { schedule_expression: true } } },
        [`blocks ${rule}: The guard looks less often`],
      ],
      ["as often", { was: at("rate(60 minutes)"), is: at("rate(1 hour)") }, []],
      ["more frequent", { is: at("rate(1 minute)") }, []],
      ["removed", { is: at("") }, [`blocks ${rule}: The guard's schedule is removed`]],
      [
        "a cron expression",
        { is: at("cron(0 * * * ? *)") },
        [`unknown ${rule}: Whether the guard's other schedule looks as often can't be judged`],
      ],
      [
        "known after apply",
        { is: {}, options: { unknown: { schedule_expression: true } } },
        [`unknown ${rule}: Whether the guard's other schedule looks as often ${AFTER_APPLY}`],
      ],
    ]);
  },
);

describe("judgeWakers, of a schedule's end and target", () => {
  const gone = ["blocks guard-schedule-removed: The guard's schedule no longer wakes it"];

  judges("aws_scheduler_schedule.look", [
    ["ended", { is: { end_date: "2030-01-01T00:00:00Z" } }, gone],
    [
      "ended earlier",
      { was: { end_date: "2031-01-01T00:00:00Z" }, is: { end_date: "2030-01-01T00:00:00Z" } },
      gone,
    ],
    [
      "ended later",
      { was: { end_date: "2030-01-01T00:00:00Z" }, is: { end_date: "2031-01-01T00:00:00Z" } },
      [],
    ],
    [
      "given to another function",
      {
        was: { target: [{ arn: "arn:aws:lambda:r:1:function:enable_trail" }] },
        is: { target: [{ arn: LATER }] },
      },
      gone,
    ],
  ]);
});
