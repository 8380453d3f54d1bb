import fc from "fast-check";
import type { Metric } from "../../../../cli/drill/account";
import { awaitAlert, untilNewMinute } from "../../../../cli/drill/alert";

/** Waits with answers of CloudWatch, the last again and again. */
function waitWith(answers: readonly (readonly number[] | Error)[], abortAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const asked: { metrics: readonly Metric[]; since: Date }[] = [];
  let time = 0;
  const seen = awaitAlert({
    account: {
      sums: async (metrics, since) => {
        const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
        asked.push({ metrics, since });
        if (asked.length >= abortAfter) {
          controller.abort(new Error("interrupted"));
        }
        if (answer instanceof Error) {
          throw answer;
        }
        return [...answer];
      },
    },
    guard: { functionName: "enable_trail", topicName: "TrailGuard_Alerts_Topic" },
    since: new Date("2026-03-25T12:00:07Z"),
    limitSeconds: 600,
    clock: {
      now: () => time,
      date: () => new Date(time),
      sleep: async (milliseconds) => {
        time += milliseconds;
      },
    },
    signal: controller.signal,
    tell: () => undefined,
  });
  return { seen, asked, seconds: () => time / 1000 };
}

describe("awaitAlert", () => {
  it("asks for function and topic since the minute of the stop until both have something", async () => {
    const { seen, asked } = waitWith([
      [0, 0, 0, 0],
      [1, 0, 0, 0],
      [2, 0, 1, 0],
    ]);

    await expect(seen).resolves.toEqual({
      invocations: 2,
      errors: 0,
      messagesPublished: 1,
      notificationsFailed: 0,
    });
    expect(asked).toHaveLength(3);
    expect(asked[0]?.since).toEqual(new Date("2026-03-25T12:00:00Z"));
    expect(asked[0]?.metrics.map(({ namespace, name, dimension }) => [namespace, name, dimension])).toEqual([
      ["AWS/Lambda", "Invocations", { name: "FunctionName", value: "enable_trail" }],
      ["AWS/Lambda", "Errors", { name: "FunctionName", value: "enable_trail" }],
      ["AWS/SNS", "NumberOfMessagesPublished", { name: "TopicName", value: "TrailGuard_Alerts_Topic" }],
      ["AWS/SNS", "NumberOfNotificationsFailed", { name: "TopicName", value: "TrailGuard_Alerts_Topic" }],
    ]);
  });

  it("gives the counts as they are at the limit", async () => {
    const { seen, seconds } = waitWith([[3, 1, 0, 0]]);

    await expect(seen).resolves.toMatchObject({ invocations: 3, errors: 1, messagesPublished: 0 });
    expect(seconds()).toBeGreaterThanOrEqual(600);
    expect(seconds()).toBeLessThan(620);
  });

  it("goes on after an answer that failed, and tells of it if it stays so", async () => {
    const failure = new Error("the caller may not cloudwatch:GetMetricData");

    await expect(waitWith([failure, [1, 0, 1, 0]]).seen).resolves.toMatchObject({ messagesPublished: 1 });
    await expect(waitWith([failure]).seen).resolves.toBe(failure.message);
  });

  it("ends when it is interrupted", async () => {
    const { seen, asked } = waitWith([[0, 0, 0, 0]], 2);

    await expect(seen).resolves.toBe("interrupted");
    expect(asked).toHaveLength(2);
  });
});

describe("untilNewMinute", () => {
  it("leads to the same few seconds of a minute, less than a minute later", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (time) => {
        const wait = untilNewMinute(new Date(time));

        expect((time + wait) % 60_000).toBe(5000);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(60_000);
      }),
    );
  });
});
