import type { Mend } from "./call";

/** Has calls wait for each other, in the order in which they come: the emulator would mix up those of one moment. */
export function inTurn(mend: Mend): Mend {
  let before: Promise<unknown> = Promise.resolve();
  return (call, send) => {
    const answer = before.then(() => mend(call, send));
    before = answer.catch(() => undefined);
    return answer;
  };
}
