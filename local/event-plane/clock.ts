import { Work } from "./work";

/** Something that is due at a time. */
interface Due {
  readonly at: number;
  readonly work: () => Promise<void>;
}

export interface Timer {
  /** It is not done any more. */
  cancel(): void;
}

/**
 * The time of the emulated AWS: it goes on by itself, and can be turned on, so that five minutes don't take five minutes.
 * What is due is done in its order, each thing at its own time.
 */
export class Clock {
  #ahead = 0;
  #due: Due[] = [];
  #timer: NodeJS.Timeout | undefined;
  #turning = false;
  #stopped = false;
  /** What came due by itself. */
  readonly #work: Work;

  /** @param report told of work that failed: nobody else waits for it */
  constructor(private readonly report: (error: unknown) => void) {
    this.#work = new Work(report);
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** How far it was turned on before the time of this machine, in milliseconds. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Does something at a time, or at once if it has passed. */
  at(time: Date, work: () => Promise<void>): Timer {
    const due: Due = { at: time.getTime(), work };
    if (this.#stopped) {
      return { cancel: () => undefined };
    }
    const later = this.#due.findIndex(({ at }) => at > due.at);
    this.#due.splice(later === -1 ? this.#due.length : later, 0, due);
    this.#wait();
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== due);
      },
    };
  }

  after(milliseconds: number, work: () => Promise<void>): Timer {
    return this.at(new Date(this.now().getTime() + milliseconds), work);
  }

  /**
   * Turns it on, and does on the way what is due.
   *
   * @param settle awaited after each thing that is done: what it set off happens before time goes on
   */
  async turn(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    const end = this.now().getTime() + milliseconds;
    this.#turning = true;
    try {
      for (;;) {
        const next = this.#due[0];
        if (next === undefined || next.at > end) {
          break;
        }
        this.#due.shift();
        this.#goTo(next.at);
        await this.#do(next);
        await settle();
      }
      this.#goTo(end);
    } finally {
      this.#turning = false;
      this.#wait();
    }
  }

  /** Until what came due by itself is done. */
  ended(): Promise<void> {
    return this.#work.ended();
  }

  /** Nothing that is due is done any more, and nothing more falls due. */
  stop(): void {
    this.#stopped = true;
    this.#due = [];
    clearTimeout(this.#timer);
  }

  /** Never back. */
  #goTo(time: number): void {
    this.#ahead = Math.max(this.#ahead, time - Date.now());
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const next = this.#due[0];
    if (this.#stopped || this.#turning || next === undefined) {
      return;
    }
    this.#timer = setTimeout(
      () => {
        if (next.at <= this.now().getTime() && this.#due[0] === next) {
          this.#due.shift();
          this.#work.begin(this.#do(next));
        }
        this.#wait();
      },
      Math.min(Math.max(0, next.at - this.now().getTime()), LONGEST_TIMEOUT_MS),
    );
    // A clock keeps no process alive.
    this.#timer.unref();
  }

  async #do({ work }: Due): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.report(error);
    }
  }
}

/** Longer ones overflow and fire at once (Node.js documentation, "setTimeout"). */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
