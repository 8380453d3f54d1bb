/** What is under way, and that nobody waits for where it was begun. */
export class Work {
  readonly #pending = new Set<Promise<void>>();

  /** @param report told of what failed */
  constructor(private readonly report: (error: unknown) => void) {}

  begin(work: Promise<void>): void {
    const pending = work.catch(this.report).finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** Until nothing is under way, what was begun meanwhile included. */
  async ended(): Promise<void> {
    while (this.#pending.size > 0) {
      await Promise.all(this.#pending);
    }
  }
}
