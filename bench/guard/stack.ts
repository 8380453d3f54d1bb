import type { EnvironmentConfig } from "../../config";
import { GUARD_NAME } from "../../detections";
import { type SynthesizedFunction, synthesizedFunction } from "../functions/stack";

/** The guard of a synthesized stack. */
export interface SynthesizedGuard extends SynthesizedFunction {
  /** Text of the parameter. */
  readonly declaredState: string;
}

export function synthesizedGuard(environment: EnvironmentConfig): SynthesizedGuard {
  const guard = synthesizedFunction(GUARD_NAME, environment);
  const declared = Object.values(guard.resources.aws_ssm_parameter).find(({ name }) =>
    name.endsWith("/declared-state"),
  );
  if (declared === undefined) {
    throw new Error("the stack has no declared state");
  }
  return { ...guard, declaredState: declared.insecure_value };
}
