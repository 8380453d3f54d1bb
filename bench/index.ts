import path from "node:path";
import { benchEventPlane } from "./event-plane";
import { benchGuard } from "./guard";
import { benchMatch } from "./match";
import { measure } from "./measure";
import { benchNotifier } from "./notifier";
import { benchRehearsal } from "./rehearsal";
import { benchReview } from "./review";
import { benchSynth } from "./synth";
import { benchUnitTests } from "./unit-tests";

const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  synth() {
    // It reads which classes the default stack uses.
    measure(["npx", "tsx", "main.ts"], path.join(__dirname, ".."));
    benchSynth();
  },
  match: benchMatch,
  "unit-tests": benchUnitTests,
  guard: benchGuard,
  notifier: benchNotifier,
  "event-plane": benchEventPlane,
  rehearsal: benchRehearsal,
  review: benchReview,
};

/** `npm run bench -- guard` measures one, without a name all. */
async function main(names: readonly string[]): Promise<void> {
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const bench = BENCHES[name];
    if (bench === undefined) {
      throw new Error(`no bench ${JSON.stringify(name)}; there are ${Object.keys(BENCHES).join(", ")}`);
    }
    await bench();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
