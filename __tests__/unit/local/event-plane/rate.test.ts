import { everyMilliseconds } from "../../../../local/event-plane/rate";

describe("everyMilliseconds", () => {
  it.each([
    ["rate(1 minute)", 60_000],
    ["rate(5 minutes)", 300_000],
    ["rate(1 hour)", 3_600_000],
    ["rate(12 hours)", 43_200_000],
    ["rate(1 day)", 86_400_000],
    ["rate(7 days)", 604_800_000],
  ])("%s", (expression, expected) => {
    expect(everyMilliseconds(expression)).toBe(expected);
  });

  it.each([
    "cron(0 9 * * ? *)",
    "at(2026-11-22T05:42:00)",
    "rate(0 minutes)",
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(5 seconds)",
    "rate(1.5 hours)",
    " rate(5 minutes)",
    "",
  ])("refuses %j in words", (expression) => {
    expect(() => everyMilliseconds(expression)).toThrow(/is no rate expression such as rate\(5 minutes\)/);
  });
});
