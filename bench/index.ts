import path from "node:path";
import { benchMatch } from "./match";
import { measure } from "./measure";
import { benchSynth } from "./synth";
import { benchUnitTests } from "./unit-tests";

// The synth bench reads which classes the default stack uses.
measure(["npx", "tsx", "main.ts"], path.join(__dirname, ".."));
benchSynth();
benchMatch();
benchUnitTests();
