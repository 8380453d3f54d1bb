import path from "node:path";
import { measure } from "./measure";

/** The unit tests as `npm run test:unit` runs them. */
export function benchUnitTests(): void {
  const { wallSeconds } = measure(["npm", "run", "test:unit"], path.join(__dirname, ".."));
  console.log(`unit tests: ${wallSeconds.toFixed(1)} s (below 20 s on two cores)`);
}
