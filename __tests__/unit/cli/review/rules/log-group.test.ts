import { judgeLogGroups } from "../../../../../cli/review/rules/log-group";
import { change, judged, REPLACED, unchanged, verdicts } from "../support";

const TRAIL = unchanged("aws_cloudtrail.this", {
  cloud_watch_logs_group_arn: "arn:aws:logs:eu-central-1:111122223333:log-group:audit:*",
  s3_bucket_name: "logs",
});
const ADDRESS = "aws_cloudwatch_log_group.audit";
const GROUP = { name: "audit", retention_in_days: 365, log_group_class: "STANDARD", kms_key_id: "key" };

function kept(before: unknown, after: unknown, options = {}) {
  return [
    TRAIL,
    change(ADDRESS, { ...GROUP, retention_in_days: before }, { ...GROUP, retention_in_days: after }, options),
  ];
}

describe("judgeLogGroups", () => {
  it("finds one that is destroyed or replaced", () => {
    expect(judged(judgeLogGroups, [TRAIL, change(ADDRESS, GROUP, undefined)])).toMatchObject([
      {
        rule: "log-group-destroyed",
        severity: "blocks",
        address: ADDRESS,
        message: "The trail's log group is destroyed",
      },
    ]);
    const replaced = change(ADDRESS, GROUP, { ...GROUP, log_group_class: "INFREQUENT_ACCESS" }, REPLACED);
    expect(judged(judgeLogGroups, [TRAIL, replaced])).toMatchObject([
      { rule: "log-group-destroyed", message: "The trail's log group is replaced" },
    ]);
  });

  it.each([
    [365, 90, "Events are kept 90 days instead of 365"],
    [0, 3653, "Events are kept 3653 days instead of forever"],
    [null, 1, "Events are kept 1 day instead of forever"],
  ])("finds events that are kept for a shorter time: %j to %j", (before, after, message) => {
    expect(judged(judgeLogGroups, kept(before, after))).toMatchObject([
      { rule: "log-group-retention-shortened", severity: "blocks", message },
    ]);
  });

  it.each([
    [90, 365],
    [90, 0],
    [90, null],
    [365, 365],
    [0, 0],
  ])("finds nothing where they are kept as long or longer: %j to %j", (before, after) => {
    expect(verdicts(judgeLogGroups, kept(before, after))).toEqual([]);
  });

  it("can't judge what isn't known, or is no number of days", () => {
    const expected = [`unknown log-group-retention-shortened ${ADDRESS}`];

    expect(verdicts(judgeLogGroups, kept(365, 1, { unknown: { retention_in_days: true } }))).toEqual(
      expected,
    );
    expect(verdicts(judgeLogGroups, kept(365, "365"))).toEqual(expected);
    expect(verdicts(judgeLogGroups, kept(365, -1))).toEqual(expected);
    expect(verdicts(judgeLogGroups, kept({}, 365))).toEqual(expected);
  });

  it("never tells what is sensitive", () => {
    const [found] = judged(judgeLogGroups, kept(365, 91, { sensitive: { retention_in_days: true } }));

    expect(found?.message).toBe("The trail's log group keeps events for a shorter time");
  });

  it("leaves other log groups, a new one, and another key to others", () => {
    const other = { ...GROUP, name: "other" };
    expect(verdicts(judgeLogGroups, [TRAIL, change(ADDRESS, other, undefined)])).toEqual([]);
    expect(verdicts(judgeLogGroups, [TRAIL, change(ADDRESS, undefined, GROUP)])).toEqual([]);
    expect(verdicts(judgeLogGroups, [TRAIL, change(ADDRESS, GROUP, { ...GROUP, kms_key_id: null })])).toEqual(
      [],
    );
  });
});
