import { awsGuide } from "./aws-guide";
import type { Detection } from "./detection";

/** Named sets of detections that an environment can choose. */
export const PRESETS = {
  "aws-guide": awsGuide,
} as const satisfies Record<string, readonly Detection[]>;

export type PresetName = keyof typeof PRESETS;
