/** Something that goes wrong on demand. */
export interface Fault {
  readonly kind: FaultKind;
  /** Service as its event source names it, e.g. `cloudtrail`, `monitoring`; any if absent. */
  readonly service?: string | undefined;
  /** e.g. `StartLogging`; any if absent. */
  readonly call?: string | undefined;
  /** How often it happens. */
  readonly times: number;
}

/**
 * - `throttle`, `5xx`, `delay`: calls that functions make and deliveries (`lambda:Invoke`, `sns:Publish`, `sqs:SendMessage`)
 *   are answered with an error to be tried again, or after two seconds;
 * - `cut`, `duplicate`, `reorder`: events of calls don't reach the event rules, reach them twice, or in the wrong order.
 */
export const FAULT_KINDS = ["throttle", "5xx", "delay", "cut", "duplicate", "reorder"] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** How long `delay` takes. */
export const FAULT_DELAY_MS = 2000;

const OF_EVENTS: readonly FaultKind[] = ["cut", "duplicate", "reorder"];

/** A client of AWS tries again twice: two failures are within what it bears. */
const DEFAULT_TIMES = 2;

/** As it is written for {@link parseFaults}. */
export function faultText({ kind, service, call, times }: Fault): string {
  const place = [kind, service, call].filter((part) => part !== undefined).join(":");
  return `${place}*${times === Number.POSITIVE_INFINITY ? "always" : times}`;
}

/**
 * @param text e.g. `throttle:cloudtrail:StartLogging*4,cut`: kind, then service, call and how often, as far as given
 * @throws naming the part that is none
 */
export function parseFaults(text: string): Fault[] {
  return text.split(",").map((part) => {
    const [, kind = "", service, call, times] =
      /^([^:*]+)(?::([a-z0-9-]+)(?::([A-Za-z0-9]+))?)?(?:\*([1-9]\d{0,5}|always))?$/.exec(part.trim()) ?? [];
    const known = FAULT_KINDS.find((name) => name === kind);
    if (known === undefined) {
      throw new Error(
        `${JSON.stringify(part.trim())} is no fault: it is KIND, KIND:SERVICE or KIND:SERVICE:CALL, with *TIMES or *always behind it if not ${DEFAULT_TIMES} times; KIND is ${FAULT_KINDS.join(", ")}`,
      );
    }
    return { kind: known, service, call, times: timesOf(known, times) };
  });
}

function timesOf(kind: FaultKind, times: string | undefined): number {
  if (times === undefined) {
    // An event that is lost twice out of some thirty shows nothing.
    return OF_EVENTS.includes(kind) ? Number.POSITIVE_INFINITY : DEFAULT_TIMES;
  }
  return times === "always" ? Number.POSITIVE_INFINITY : Number(times);
}

/** The faults that are yet to happen. */
export class Faults {
  #left: { readonly fault: Fault; times: number }[] = [];
  readonly #happened = new Set<Fault>();

  set(faults: readonly Fault[]): void {
    this.#left = faults.map((fault) => ({ fault, times: fault.times }));
  }

  /** Whether a fault, set now or before, has happened at least once. */
  hasHappened(fault: Fault): boolean {
    return this.#happened.has(fault);
  }

  /** What happens to a call or a delivery now, if anything: it is counted. */
  ofCall(service: string, call: string): FaultKind | undefined {
    return this.#take(service, call, (kind) => !OF_EVENTS.includes(kind));
  }

  /** What happens to the event of a call now, if anything: it is counted. */
  ofEvent(service: string, call: string): FaultKind | undefined {
    return this.#take(service, call, (kind) => OF_EVENTS.includes(kind));
  }

  #take(service: string, call: string, isOf: (kind: FaultKind) => boolean): FaultKind | undefined {
    const found = this.#left.find(
      ({ fault, times }) =>
        times > 0 &&
        isOf(fault.kind) &&
        (fault.service ?? service) === service &&
        (fault.call ?? call) === call,
    );
    if (found === undefined) {
      return undefined;
    }
    found.times -= 1;
    this.#happened.add(found.fault);
    return found.fault.kind;
  }
}
