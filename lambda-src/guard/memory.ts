import { createHash } from "node:crypto";
import { PARAMETER_CAPACITY } from "./declared-state";

/**
 * What the guard knows of its earlier runs, kept in a parameter. Everything in it may be lost: then people may be told of
 * something twice, and the count of repairs begins anew.
 */
export interface Memory {
  /** Repairs by the Unix minute they were made in. */
  repairs: Record<string, number>;
  /** What isn't as declared and people have been told of, by the difference's id. */
  open: Record<string, OpenIncident>;
  /** Events and attempts that people have been told of: short digests, and the Unix second of it. */
  told: Record<string, number>;
  /** What was found before a repair, as lines; emptied once people have been told. */
  untold: string[];
  /** Unix second of the last repair of each part whose cause isn't known yet. */
  unexplained: Record<string, number>;
  /** The pause that people have been told of. */
  pause?: { id: string; isOver: boolean };
  /** Unix second since which the declared state isn't known to be applied. */
  unsettledSince?: number;
}

export interface OpenIncident {
  readonly part: string;
  /** Digest of how it differs: another one is another incident. */
  readonly what: string;
  /** Digest of what people were told became of it. */
  readonly outcome: string;
  /** Unix second of the call by which an exempt principal made it: then it is left as it is. */
  readonly exemptAt?: number;
}

/** How long an event or attempt isn't told of a second time. */
const TOLD_SECONDS = 3600;
const MOST_TOLD = 40;
const MOST_UNTOLD = 5;

export function emptyMemory(): Memory {
  return { repairs: {}, open: {}, told: {}, untold: [], unexplained: {} };
}

/** Reads a parameter's text of any form; what isn't as it should be counts as forgotten. */
export function readMemory(parameterText: string): Memory {
  let value: unknown;
  try {
    value = JSON.parse(parameterText);
  } catch {
    return emptyMemory();
  }
  if (typeof value !== "object" || value === null) {
    return emptyMemory();
  }
  const found = value as Partial<Record<keyof Memory, unknown>>;
  const { pause, unsettledSince } = found;
  return {
    repairs: entriesOf(found.repairs, isCount),
    open: openIncidents(found.open),
    told: entriesOf(found.told, isCount),
    untold: Array.isArray(found.untold) ? found.untold.filter(isText) : [],
    unexplained: entriesOf(found.unexplained, isCount),
    ...(isPause(pause) ? { pause } : {}),
    ...(isCount(unsettledSince) ? { unsettledSince } : {}),
  };
}

/** @returns the parameter's text; what is past is left out, and of what is too much the oldest */
export function memoryText(memory: Memory, now: Date, windowMinutes: number): string {
  const seconds = unixSeconds(now);
  let kept: Memory = {
    ...memory,
    repairs: filtered(memory.repairs, (_, minute) => isWithin(minute, now, windowMinutes)),
    told: newest(
      filtered(memory.told, (at) => at > seconds - TOLD_SECONDS),
      MOST_TOLD,
    ),
    untold: memory.untold.slice(-MOST_UNTOLD),
    unexplained: filtered(memory.unexplained, (at) => at > seconds - TOLD_SECONDS),
  };
  for (;;) {
    const text = JSON.stringify({ ...kept, open: textsOf(kept.open) });
    if (text.length <= PARAMETER_CAPACITY) {
      return text;
    }
    kept = smaller(kept);
  }
}

/** That people are told of an event twice is less than that they are told of an incident at each look. */
function smaller({ told, open, ...others }: Memory): Memory {
  const [, ...newer] = Object.entries(open);
  if (Object.keys(told).length > 0) {
    return { ...others, open, told: newest(told, Object.keys(told).length - 1) };
  }
  return Object.keys(open).length > 0 ? { ...others, told, open: Object.fromEntries(newer) } : emptyMemory();
}

/** As short as they can be: of all that is kept they are the most. */
function textsOf(open: Memory["open"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(open).map(([id, { part, what, outcome, exemptAt = "" }]) => [
      id,
      `${part} ${what} ${outcome} ${exemptAt}`.trimEnd(),
    ]),
  );
}

function openIncidents(found: unknown): Memory["open"] {
  return Object.fromEntries(
    Object.entries(entriesOf(found, isText)).flatMap(([id, text]) => {
      const [part, what, outcome = "", exemptAt] = text.split(" ");
      return part === undefined || what === undefined
        ? []
        : [[id, { part, what, outcome, ...(exemptAt === undefined ? {} : { exemptAt: Number(exemptAt) }) }]];
    }),
  );
}

/** Repairs of the last so many minutes. */
export function repairsWithin(memory: Memory, now: Date, windowMinutes: number): number {
  return Object.entries(memory.repairs)
    .filter(([minute]) => isWithin(minute, now, windowMinutes))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** Whether any moment of a Unix minute lies within the last so many minutes, by clocks that may differ by one. */
function isWithin(minute: string, now: Date, windowMinutes: number): boolean {
  const age = unixSeconds(now) / 60 - Number(minute);
  return age < windowMinutes + 1 && age >= -1;
}

export function countRepair(memory: Memory, now: Date): void {
  const minute = String(Math.floor(unixSeconds(now) / 60));
  memory.repairs[minute] = (memory.repairs[minute] ?? 0) + 1;
}

export function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** Eight characters that stand for a text. */
export function print(...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 8);
}

function entriesOf<Value>(value: unknown, isRight: (item: unknown) => item is Value): Record<string, Value> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => isRight(entry[1])));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isPause(value: unknown): value is NonNullable<Memory["pause"]> {
  const { id, isOver } = (value ?? {}) as Partial<NonNullable<Memory["pause"]>>;
  return typeof id === "string" && typeof isOver === "boolean";
}

function filtered<Value>(
  record: Record<string, Value>,
  keep: (value: Value, name: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => keep(value, name)));
}

function newest(times: Record<string, number>, most: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(times)
      .sort(([, a], [, b]) => b - a)
      .slice(0, most),
  );
}
