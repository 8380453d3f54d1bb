import fc from "fast-check";
import { judgePause, type PauseVerdict, pauseNotices } from "../../../../lambda-src/guard/pause";

const SET = Date.parse("2026-03-25T05:40:00Z");
const MINUTE = 60_000;

function judge(text: string, minutesLater = 0, longestMinutes = 240) {
  return judgePause(text, {
    setAt: new Date(SET),
    now: new Date(SET + minutesLater * MINUTE),
    longestMinutes,
  });
}

function text(until: unknown, reason: unknown = "moving the bucket", by: unknown = "Kim"): string {
  return JSON.stringify({ until, reason, by });
}

function at(minutes: number): string {
  return new Date(SET + minutes * MINUTE).toISOString();
}

describe("judgePause", () => {
  it.each(["none", " none\n"])("takes %j for no pause", (text) => {
    expect(judge(text)).toEqual({ kind: "none" });
  });

  it("is active until its end, and over from then on", () => {
    const pause = { until: new Date(SET + 60 * MINUTE), reason: "moving the bucket", by: "Kim" };

    expect(judge(text(at(60)))).toEqual({ kind: "active", pause });
    expect(judge(text(at(60)), 59.9)).toMatchObject({ kind: "active" });
    expect(judge(text(at(60)), 60)).toEqual({ kind: "over", pause });
    expect(judge(text(at(-60)))).toMatchObject({ kind: "over" });
  });

  it("takes a time of any zone, and none without", () => {
    expect(judge(text("2026-03-25T15:40:00+09:00"))).toMatchObject({ kind: "active" });
    expect(judge(text("2026-03-25T06:00:00"))).toMatchObject({ kind: "refused" });
    expect(judge(text("2026-03-25"))).toMatchObject({ kind: "refused" });
  });

  it("counts the longest pause from when it was written, to the minute", () => {
    expect(judge(text(at(240)), 200)).toMatchObject({ kind: "active" });
    expect(judge(text(at(240.5)))).toEqual({
      kind: "refused",
      problem: "it lasts 241 minutes, and at most 240 are allowed",
    });
    // Waiting doesn't make it shorter.
    expect(judge(text(at(300)), 299)).toMatchObject({ kind: "refused" });
  });

  it.each([
    ["", 'it is neither "none" nor JSON'],
    ["None", 'it is neither "none" nor JSON'],
    ["null", '"until" is no time'],
    ["7", '"until" is no time'],
    ['"none"', '"until" is no time'],
    ["[]", '"until" is no time'],
    [text(1774417200), '"until" is no time'],
    [text("T then Z"), '"until" is no time'],
    [text(at(60), ""), '"reason" and "by" must say why, and who'],
    [text(at(60), "why", " "), '"reason" and "by" must say why, and who'],
    [text(at(60), ["why"]), '"reason" and "by" must say why, and who'],
  ])("refuses %j", (text, problem) => {
    expect(judge(text)).toEqual({ kind: "refused", problem: expect.stringContaining(problem) });
  });

  it("takes over no more than a line's worth of what somebody wrote", () => {
    const verdict = judge(text(at(60), "r".repeat(5000), "b".repeat(5000)));

    expect(JSON.stringify(verdict).length).toBeLessThan(600);
  });

  it("judges any text, and pauses for none that ends too late or has ended", () => {
    const anyTime = fc.oneof(
      fc.string(),
      fc.constantFrom("T", "+275760-09-13T00:00:00Z", "-271821-04-20T00:00:00Z", "2026-02-31T00:00:00Z"),
      fc.integer({ min: -600, max: 600 }).map(at),
    );
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc.tuple(anyTime, fc.string(), fc.string()).map((texts) => text(...texts)),
    );
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 600 }), (text, minutes) => {
        const verdict = judge(text, minutes);
        if (verdict.kind === "active") {
          const end = verdict.pause.until.getTime();
          expect(end).toBeGreaterThan(SET + minutes * MINUTE);
          expect(end).toBeLessThanOrEqual(SET + 240 * MINUTE);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("pauseNotices", () => {
  const pause = { until: new Date(SET), reason: "moving the bucket", by: "Kim" };
  const verdicts: Record<string, PauseVerdict> = {
    none: { kind: "none" },
    active: { kind: "active", pause },
    over: { kind: "over", pause },
    refused: { kind: "refused", problem: "it is too long" },
  };

  it.each<[string, boolean, boolean | undefined, string | undefined]>([
    ["none", true, undefined, undefined],
    ["none", true, true, undefined],
    ["none", true, false, "The pause is over"],
    ["active", true, undefined, "A pause has begun: until 2026-03-25T05:40:00.000Z"],
    ["active", true, true, "A pause has begun"],
    ["active", true, false, "A pause was changed"],
    ["active", false, false, undefined],
    ["active", false, true, "A pause has begun"],
    ["over", false, false, "The pause is over"],
    ["over", false, true, undefined],
    ["over", true, undefined, "The pause is over"],
    ["refused", true, undefined, "A pause was refused, the guard goes on as before: it is too long."],
    ["refused", true, false, "A pause was refused"],
    ["refused", false, true, undefined],
  ])("of one that is %s (new: %s, the last one over: %s) are: %s", (kind, isNew, wasOver, notice) => {
    const verdict = verdicts[kind] ?? { kind: "none" };

    expect(pauseNotices(verdict, isNew, wasOver)).toEqual(
      notice === undefined ? [] : [expect.stringContaining(notice)],
    );
  });
});
