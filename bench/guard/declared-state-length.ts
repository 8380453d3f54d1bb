import { PRESET_NAMES } from "../../detections";
import { PARAMETER_CAPACITY } from "../../lambda-src/guard/declared-state";
import { type SynthesizedGuard, synthesizedGuard } from "./stack";

/** Twenty characters. */
const PREFIX = "acme-payments-prod7-";

/** Length of the declared state as it is synthesized, with Terraform's references in it. */
export function benchDeclaredStateLength(byDefault: SynthesizedGuard, region: string): void {
  const whole = synthesizedGuard({
    region,
    namePrefix: PREFIX,
    detections: { preset: [...PRESET_NAMES], dialect: "both" },
  });
  console.log(
    `guard, declared state with every preset in both dialects and a prefix of ${PREFIX.length}: ${whole.declaredState.length} characters (at most ${PARAMETER_CAPACITY}); by default: ${byDefault.declaredState.length}`,
  );
}
