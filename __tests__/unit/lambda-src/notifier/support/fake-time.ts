interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that only sleeping turns: it goes on to whoever wakes next, once nobody has anything else to do. */
export class FakeTime {
  /** Milliseconds of Unix time. */
  time: number;
  private timers: Timer[] = [];

  constructor(start: number) {
    this.time = start;
  }

  readonly now = () => new Date(this.time);

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.timers.push({ at: this.time + milliseconds, wake });
    });

  /** Waits until it is settled. */
  async run<Value>(work: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isSettled) {
        return work;
      }
      const [first] = this.timers.sort((a, b) => a.at - b.at);
      if (first === undefined) {
        throw new Error("it waits for what never comes");
      }
      this.timers = this.timers.filter((timer) => timer !== first);
      this.time = Math.max(this.time, first.at);
      first.wake();
    }
  }
}
