/** Something that happened to events, and what is known of it. */
export interface Entry {
  readonly at: Date;
  readonly kind: EntryKind;
  /** What it happened to: a call, a rule, a filter, an alarm, a function, a topic. */
  readonly what: string;
  /** Why, or where to. */
  readonly detail: string;
}

export type EntryKind =
  /** CloudTrail recorded a call. */
  | "recorded"
  /** No trail took the record of a call. */
  | "not recorded"
  /** A metric filter or an event rule matched. */
  | "filter matched"
  | "rule matched"
  /** The schedule of an event rule has come round. */
  | "schedule"
  /** An alarm changed its state. */
  | "alarm"
  /** A target, an action or a subscriber got what it was to get. */
  | "delivered"
  /** Something couldn't be delivered: the permission, the target or the key is missing. */
  | "not delivered"
  /** A function ran, or failed. */
  | "function ran"
  | "function failed"
  /** A function's role may not make a call. */
  | "refused"
  /** A fault that was asked for. */
  | "fault"
  /** The emulator has lost something that nothing follows from. */
  | "not kept"
  /** Something here can't be done as AWS does it. */
  | "unknown";

/** What happened, in its order: with it the rehearsal says by what something was detected, and why it wasn't. */
export class Journal {
  readonly #entries: Entry[] = [];

  constructor(private readonly now: () => Date) {}

  note(kind: EntryKind, what: string, detail = ""): void {
    this.#entries.push({ at: this.now(), kind, what, detail });
    // Nobody asks for what is older: a deployment that is kept up for days doesn't fill the memory.
    if (this.#entries.length > 2 * MOST_ENTRIES) {
      this.#entries.splice(0, MOST_ENTRIES);
    }
  }

  since(time: Date, ...kinds: readonly EntryKind[]): Entry[] {
    return this.#entries.filter(({ at, kind }) => at >= time && (kinds.length === 0 || kinds.includes(kind)));
  }
}

const MOST_ENTRIES = 20_000;
