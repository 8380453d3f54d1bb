import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Delivery } from "../../local/event-plane/inbox";
import type { Entry } from "../../local/event-plane/journal";
import type { Attack } from "./attacks";
import type { Expectation } from "./expectation";
import { reasons } from "./reasons";
import type { Target } from "./target";

/** What became of an attack. */
export interface Row {
  readonly attack: string;
  readonly title: string;
  /** Rules, alarms and the guard's regular look, as far as they noticed it, in their order. */
  readonly detectedBy: readonly string[];
  /** Who got a message, by subscriber. */
  readonly notified: readonly string[];
  readonly healed: "healed" | "not healed" | "nothing to heal" | "by terraform apply";
  /** Until it was healed or, where nothing is to heal, until the first message: on the emulated AWS's clock. */
  readonly seconds: number | undefined;
  readonly ok: boolean;
  /** Why it isn't. */
  readonly why: readonly string[];
  /** Those that were asked for and happened, e.g. `throttle of cloudtrail:StartLogging`. */
  readonly faults: readonly string[];
  readonly mails: readonly string[];
}

export interface RehearsalOptions {
  readonly target: Target;
  readonly expectation: Expectation;
  /** Whether events are kept from the rules on purpose, so that only the regular look can find it. */
  readonly eventsAreCut: boolean;
  readonly signal?: AbortSignal | undefined;
}

const MINUTE_MS = 60_000;
/** How long it waits for an answer: longer than the regular look of the guard and the retries of its function take. */
const LIMIT_MINUTES = 20;
/** An event wakes the guard within seconds; what takes longer was found by the regular look. */
const EVENT_LIMIT_SECONDS = 60;
const POLL_MS = 25;

export interface Rehearsed {
  readonly row: Row;
  /** Whether something is left that only a `terraform apply` puts right. */
  readonly needsApply: boolean;
}

/** Attacks a deployment, and waits for it to answer: first as long as anything is under way, then with the clock turned on. */
export async function rehearse(attack: Attack, options: RehearsalOptions): Promise<Rehearsed> {
  const { target, expectation, signal } = options;
  const { plane } = target;
  await plane.idle();
  const before = await attack.see?.(target);
  const began = plane.clock.now();
  const isHealed = async () =>
    attack.see !== undefined && isDeepStrictEqual(await attack.see(target), before);
  const secondsSince = (time: Date) => (time.getTime() - began.getTime()) / 1000;

  await attack.act(target);
  let healedAt = await watch(plane.idle(), isHealed, () => plane.clock.now(), signal);
  const isAnswered = async () => {
    if (expectation.healed && healedAt === undefined && (await isHealed())) {
      healedAt = plane.clock.now();
    }
    const told = plane.inbox.since(began).length > 0;
    return (healedAt !== undefined || !expectation.healed) && (told || !expectation.told);
  };
  // At least one more minute: alarms are evaluated at its end.
  for (let minute = 1; minute <= LIMIT_MINUTES && (minute === 1 || !(await isAnswered())); minute++) {
    signal?.throwIfAborted();
    await plane.turn(MINUTE_MS);
  }
  await isAnswered();

  const entries = plane.journal.since(began);
  const messages = plane.inbox.since(began);
  const end = attack.see === undefined ? messages[0]?.at : healedAt;
  const seconds = end === undefined ? undefined : secondsSince(end);
  const isLate = expectation.healed && !options.eventsAreCut && (seconds ?? 0) > EVENT_LIMIT_SECONDS;
  const isHealedAsSet = healedAt !== undefined || !expectation.healed;
  const ok = isHealedAsSet && (messages.length > 0 || !expectation.told) && !isLate;
  const row: Row = {
    attack: attack.name,
    title: attack.title,
    detectedBy: detectedBy(entries, (seconds ?? 0) > EVENT_LIMIT_SECONDS),
    notified: [...new Set(messages.map(readerOf))],
    healed: healOf(attack, expectation, healedAt),
    seconds,
    ok,
    why: ok ? [] : reasons(entries, { told: messages.length > 0, isHealedAsSet, isLate, seconds }),
    faults: entries.flatMap(({ kind, what, detail }) => (kind === "fault" ? [`${detail} of ${what}`] : [])),
    mails: messages.map(messageText),
  };
  return { row, needsApply: attack.see !== undefined && !(await isHealed()) };
}

/** Looks until it is healed, or until nothing is under way any more. @returns when it was seen to be healed */
async function watch(
  underWay: Promise<void>,
  isHealed: () => Promise<boolean>,
  now: () => Date,
  signal: AbortSignal | undefined,
): Promise<Date | undefined> {
  let isOver = false;
  const over = underWay.then(() => {
    isOver = true;
  });
  while (!isOver) {
    signal?.throwIfAborted();
    if (await isHealed()) {
      const at = now();
      await over;
      return at;
    }
    await Promise.race([over, sleep(POLL_MS)]);
  }
  return (await isHealed()) ? now() : undefined;
}

function healOf(attack: Attack, { healed }: Expectation, healedAt: Date | undefined): Row["healed"] {
  if (attack.see === undefined) {
    return "nothing to heal";
  }
  if (healedAt !== undefined) {
    return "healed";
  }
  return healed ? "not healed" : "by terraform apply";
}

/** @param isLate whether it took the schedule: it comes round at other times too, and detects nothing then */
function detectedBy(entries: readonly Entry[], isLate: boolean): string[] {
  const found = entries.flatMap(({ kind, what, detail }) => {
    switch (kind) {
      case "rule matched":
        return [`rule ${what}`];
      case "alarm":
        return detail.includes("-> ALARM") ? [`alarm ${what}`] : [];
      default:
        return [];
    }
  });
  const looks = entries.flatMap(({ kind, what }) => (kind === "schedule" ? [`schedule ${what}`] : []));
  return [...new Set([...found, ...(isLate || found.length === 0 ? looks : [])])];
}

/** A message as its reader gets it. */
export function messageText({ mail, protocol, endpoint, body }: Delivery): string {
  return mail ?? `To: ${protocol} ${endpoint}\n\n${body}\n`;
}

/** Who got a message, for people. */
function readerOf({ mail, protocol, endpoint }: Delivery): string {
  return mail === undefined ? `${protocol} ${endpoint}` : endpoint;
}
