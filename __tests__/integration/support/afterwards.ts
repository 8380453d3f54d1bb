type Undo = () => void | Promise<void>;

const undos: Undo[] = [];

/** Has something undone when the tests of the file have ended, however they ended; the last made is the first undone. */
export function afterwards(undo: Undo): void {
  undos.push(undo);
}

afterAll(async () => {
  const failures: unknown[] = [];
  for (const undo of undos.splice(0).reverse()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  // Only now: what can be undone is, whatever else can't.
  expect(failures).toEqual([]);
}, 60_000);
