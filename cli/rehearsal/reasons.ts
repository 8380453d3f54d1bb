import type { Entry } from "../../local/event-plane/journal";

export interface Outcome {
  readonly told: boolean;
  /** Whether it was healed, if the guard is to heal it. */
  readonly isHealedAsSet: boolean;
  /** Whether only the regular look healed it. */
  readonly isLate: boolean;
  readonly seconds: number | undefined;
}

/** Why an attack wasn't answered as it should have been, in lines: what went wrong, and what stood in the way. */
export function reasons(
  entries: readonly Entry[],
  { told, isHealedAsSet, isLate, seconds }: Outcome,
): string[] {
  const problems = entries
    .filter(({ kind }) => OBSTACLES.includes(kind))
    .map(({ kind, what, detail }) => `${what}: ${kind === "not recorded" ? "no trail logs it" : detail}`);
  const matched = entries.some(({ kind }) => kind === "rule matched" || kind === "filter matched");
  const [call] = entries.filter(({ kind }) => kind === "recorded").map(({ what }) => what);
  return [
    ...(isHealedAsSet ? [] : ["it was not healed"]),
    ...(isLate ? [`no event woke the guard in time: it was healed after ${Math.round(seconds ?? 0)} s`] : []),
    ...(told ? [] : ["nobody was told"]),
    ...(matched || call === undefined ? [] : [`no event rule and no metric filter matched ${call}`]),
    ...new Set(problems),
  ];
}

const OBSTACLES: readonly Entry["kind"][] = [
  "not recorded",
  "not delivered",
  "refused",
  "function failed",
  "unknown",
];
