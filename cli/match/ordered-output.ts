/** Characters that may wait for what comes before them. */
const MOST_WAITING = 16 * 1024 * 1024;
/** What a source takes that is open, in characters. */
const SOURCE_SIZE = 1024;

export type Print = (text: string) => Promise<void>;

/** What one source has to say. */
export interface SourceOutput {
  /** @returns a promise that is resolved when there is room for more */
  print(text: string, print: Print): Promise<void>;
  /** Nothing more will come. */
  close(): void;
}

/**
 * Prints what several sources say side by side in the order in which they were opened. What has to wait is held in
 * memory, up to a limit, at which the sources have to wait.
 */
export class OrderedOutput {
  private waiting = 0;
  private allPrinted: Promise<void> = Promise.resolve();

  /** Waits until there is room for another source. */
  async room(): Promise<void> {
    if (this.waiting > MOST_WAITING) {
      await this.allPrinted;
    }
  }

  /** Opens the source that comes next. */
  open(): SourceOutput {
    let printed = this.allPrinted;
    let close = (): void => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    this.allPrinted = this.counted(SOURCE_SIZE, async () => {
      await closed;
      await printed;
    });
    return {
      close,
      print: async (text, print) => {
        const before = printed;
        printed = this.counted(text.length, async () => {
          await before;
          await print(text);
        });
        if (this.waiting > MOST_WAITING) {
          await printed;
        }
      },
    };
  }

  /** Waits until all is printed. */
  async end(): Promise<void> {
    await this.allPrinted;
  }

  private async counted(size: number, work: () => Promise<void>): Promise<void> {
    this.waiting += size;
    await work();
    this.waiting -= size;
  }
}
