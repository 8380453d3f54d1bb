type Undo = () => void | Promise<void>;

const undos: Undo[] = [];

/** Has something undone when the tests of the file have ended, however they ended; the last made is the first undone. */
export function afterwards(undo: Undo): void {
  undos.push(undo);
}

afterAll(async () => {
  for (const undo of undos.splice(0).reverse()) {
    await undo();
  }
}, 60_000);
