import type { Aws } from "./aws";
import type { Part } from "./concern";
import type { DeclaredState } from "./declared-state";
import type { Difference } from "./difference";
import { type Observation, observe } from "./observe";

/** What became of a difference. */
export interface Finding {
  /** Part of the deployment, or the guard's own parameters. */
  readonly part: Part | "parameters";
  readonly difference: Difference;
  /** What is passed over is told of beside other news only. */
  readonly fate: "restored" | "failed" | "left" | "passed over";
  /** Why it was left or passed over, or how it failed: for people. */
  readonly why?: string;
}

/** Whether a difference is repaired, left for a reason that people are told, or passed over. */
export type Decision =
  | { readonly kind: "repair" }
  | { readonly kind: "left"; readonly why: string }
  /** Without a reason, as if nobody had seen it. */
  | { readonly kind: "passed over"; readonly why?: string };

export interface ReconcileOptions {
  readonly aws: Aws;
  readonly declared: DeclaredState;
  /** In the order in which they are repaired. */
  readonly parts: readonly Part[];
  /**
   * Called when something was seen to differ, before anything is decided: what was declared may have changed since it was
   * read, and what was seen be the work of whoever changed it.
   */
  readonly recheck: () => Promise<void>;
  /** Asked before each repair. */
  readonly decide: (difference: Difference) => Decision;
  /** Told once what is being repaired; runs beside the first repair. */
  readonly besideRepairs: (differences: readonly Difference[]) => Promise<void>;
  /** Told of each repair as it begins. */
  readonly onRepair: () => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Reconciled {
  readonly findings: readonly Finding[];
  /** How each part was seen last. */
  readonly observations: readonly Observation[];
}

/** A repair is tried so often; what then still differs is told of and left to the next run. */
const TRIES = 2;
/** AWS may take a moment until what was written can be read. */
const SETTLING_MILLISECONDS = 1000;

/**
 * Observes, compares, repairs and reads back, each difference by itself. What is as declared is not touched: only what was
 * seen to differ is repaired, and only what reads back as declared counts as restored.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciled> {
  const { decide, onRepair } = options;
  const findings = new Map<string, Finding>();
  const tries = new Map<string, number>();
  const latest = new Map<Part, Observation>();
  let saving: Promise<void> | undefined;

  await look(options, options.parts, latest);
  for (let parts = options.parts; parts.length > 0; ) {
    const found = parts.flatMap((part) => located(latest.get(part)));
    if (!found.every(isUrgent)) {
      await options.recheck();
    }
    const untried = found.filter(({ difference }) => (tries.get(difference.id) ?? 0) < TRIES);
    const due = untried.filter(({ difference }) => decide(difference).kind === "repair");
    const tried: (Located & { error: Error | undefined })[] = [];
    for (const { part, difference } of untried) {
      // Asked again for each: those before it may have used up what is allowed.
      const decision = decide(difference);
      if (decision.kind !== "repair" && decision.why !== undefined && !findings.has(difference.id)) {
        findings.set(difference.id, { part, difference, fate: decision.kind, why: decision.why });
      }
      if (decision.kind === "repair") {
        tries.set(difference.id, (tries.get(difference.id) ?? 0) + 1);
        const repaired = errorOf(difference.repair?.(options.aws));
        saving ??= options.besideRepairs(due.map((item) => item.difference));
        onRepair();
        tried.push({ part, difference, error: await repaired });
      }
    }
    await readBack(options, tried, latest);
    for (const { part, difference, error } of tried) {
      findings.set(difference.id, { part, difference, ...fateOf(difference, latest.get(part), error) });
    }
    parts = partsOf(tried).filter((part) => located(latest.get(part)).length > 0);
  }
  await saving;
  return { findings: [...findings.values()], observations: [...latest.values()] };
}

interface Located {
  readonly part: Part;
  readonly difference: Difference;
}

function located(observation: Observation | undefined): Located[] {
  return (observation?.differences ?? []).map((difference) => ({
    part: (observation as Observation).part,
    difference,
  }));
}

/** A trail that was made again may not have all of it yet. */
function partsOf(located: readonly Located[]): Part[] {
  return [
    ...new Set(
      located.flatMap(({ part, difference }): Part[] =>
        difference.id === "trail" ? ["logging", "trail"] : [part],
      ),
    ),
  ];
}

/** Every trail is declared to log: there is nothing to check again. */
function isUrgent({ difference }: Located): boolean {
  return difference.row === "stop-logging";
}

async function look(
  { aws, declared }: ReconcileOptions,
  parts: readonly Part[],
  latest: Map<Part, Observation>,
): Promise<void> {
  for (const observation of await observe(aws, declared, parts)) {
    latest.set(observation.part, observation);
  }
}

/** Looks at the parts again; once more, a moment later, at those where a repair that AWS took can't be seen yet. */
async function readBack(
  options: ReconcileOptions,
  tried: readonly (Located & { error: Error | undefined })[],
  latest: Map<Part, Observation>,
): Promise<void> {
  await look(options, partsOf(tried), latest);
  const notSeen = tried.filter(
    ({ part, difference, error }) => error === undefined && isPresent(difference, latest.get(part)),
  );
  if (notSeen.length > 0) {
    await options.sleep(SETTLING_MILLISECONDS);
    await look(options, partsOf(notSeen), latest);
  }
}

function fateOf(
  difference: Difference,
  seen: Observation | undefined,
  error: Error | undefined,
): Pick<Finding, "fate" | "why"> {
  if (isPresent(difference, seen)) {
    return {
      fate: "failed",
      why: error === undefined ? "AWS took the call, and it is not as declared" : describe(error),
    };
  }
  const unseen = seen === undefined ? undefined : whyUnseen(difference.id, seen);
  return unseen === undefined
    ? { fate: "restored" }
    : { fate: "failed", why: `it could not be read back: ${describe(unseen)}` };
}

function isPresent(difference: Difference, seen: Observation | undefined): boolean {
  return seen?.differences.some(({ id }) => id === difference.id) ?? false;
}

/** Why it isn't known whether there is a difference, by its id; undefined where it is known. */
export function whyUnseen(id: string, { unseen }: Observation): Error | undefined {
  const [, error] = [...unseen].find(([begin]) => id.startsWith(begin) || begin.startsWith(`${id}.`)) ?? [];
  return error;
}

async function errorOf(done: Promise<unknown> | undefined): Promise<Error | undefined> {
  try {
    await done;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** An error of AWS as one reads it: its code and what it says. */
export function describe(error: Error): string {
  return `${error.name}: ${error.message}`;
}
