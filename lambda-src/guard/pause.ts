/** A break-glass pause: while it lasts the guard only observes. */
export interface Pause {
  readonly until: Date;
  readonly reason: string;
  readonly by: string;
}

export type PauseVerdict =
  | { readonly kind: "none" }
  | { readonly kind: "active" | "over"; readonly pause: Pause }
  /** It doesn't pause. */
  | { readonly kind: "refused"; readonly problem: string };

/** What the parameter holds when there is no pause. */
export const NO_PAUSE = "none";

/** Longest text that is taken over into messages. */
const LONGEST_TEXT = 200;

/**
 * Judges the text of the pause parameter: `none`, or JSON such as
 * `{"until": "2026-03-25T18:00:00Z", "reason": "moving the bucket", "by": "Kim"}`.
 *
 * @param setAt when the parameter was written: a pause is counted from then
 */
export function judgePause(
  parameterText: string,
  { setAt, now, longestMinutes }: { setAt: Date; now: Date; longestMinutes: number },
): PauseVerdict {
  if (parameterText.trim() === NO_PAUSE) {
    return { kind: "none" };
  }
  const pause = readPause(parameterText);
  if (typeof pause === "string") {
    return { kind: "refused", problem: pause };
  }
  const minutes = (pause.until.getTime() - setAt.getTime()) / 60_000;
  if (minutes > longestMinutes) {
    return {
      kind: "refused",
      problem: `it lasts ${Math.ceil(minutes)} minutes, and at most ${longestMinutes} are allowed`,
    };
  }
  return { kind: now < pause.until ? "active" : "over", pause };
}

/**
 * What people are told of a pause that began, changed, ended or was refused.
 *
 * @param isNew whether the parameter has another text than when people were told last
 * @param wasOver whether that pause was over; undefined if people weren't told of any
 */
export function pauseNotices(verdict: PauseVerdict, isNew: boolean, wasOver: boolean | undefined): string[] {
  const lasted = wasOver === false;
  switch (verdict.kind) {
    case "active": {
      const { by, reason, until } = verdict.pause;
      const verb = lasted ? "was changed" : "has begun";
      // One that was refused may be taken later: it is counted from when it was written last.
      return isNew || !lasted
        ? [
            `A pause ${verb}: until ${until.toISOString()} the guard restores nothing and only tells. By ${by}: ${reason}`,
          ]
        : [];
    }
    case "refused":
      return isNew ? [`A pause was refused, the guard goes on as before: ${verdict.problem}.`] : [];
    case "over":
      return isNew || lasted ? ["The pause is over: the guard restores again."] : [];
    case "none":
      return lasted ? ["The pause is over: the guard restores again."] : [];
  }
}

function readPause(parameterText: string): Pause | string {
  let value: Partial<Record<string, unknown>> | null;
  try {
    value = JSON.parse(parameterText) as Partial<Record<string, unknown>> | null;
  } catch {
    return 'it is neither "none" nor JSON';
  }
  const { until, reason, by } = value ?? {};
  const end = typeof until === "string" ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(end) || !/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(until as string)) {
    return '"until" is no time with a zone, such as "2026-03-25T18:00:00Z"';
  }
  if (!isText(reason) || !isText(by)) {
    return '"reason" and "by" must say why, and who';
  }
  return { until: new Date(end), reason: reason.slice(0, LONGEST_TEXT), by: by.slice(0, LONGEST_TEXT) };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
