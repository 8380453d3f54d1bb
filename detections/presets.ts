import type { DeploymentNames } from "./deployment-names";
import type { Detection } from "./detection";
import { awsGuide } from "./standard/aws-guide";
import { cis12, cis14, cis30 } from "./standard/cis";
import { securityHub } from "./standard/security-hub";
import { tamper } from "./tamper";

/** Named sets of detections that an environment can choose: what is the same everywhere, or made for one deployment. */
export const PRESETS = {
  "aws-guide": awsGuide,
  "cis-1.2": cis12,
  "cis-1.4": cis14,
  "cis-3.0": cis30,
  "security-hub": securityHub,
  tamper,
} as const satisfies Record<
  string,
  readonly Detection[] | ((names: DeploymentNames) => readonly Detection[])
>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** The detections of one preset, in its own order and in the words of its own standard. */
export function detectionsOf(preset: PresetName, names: DeploymentNames): readonly Detection[] {
  const detections = PRESETS[preset];
  return typeof detections === "function" ? detections(names) : detections;
}

/** Names of a deployment that has everything. */
const ANY_NAMES: DeploymentNames = {
  namePrefix: "",
  trailName: "trail",
  bucketName: "*",
  logGroupName: "group",
  functionNames: ["function"],
  roleNames: ["role"],
};

/** Every detection's id, in the catalogue's order: the user guide's three, the other controls by number, the rest. */
export const DETECTION_IDS: readonly string[] = [
  ...new Set(PRESET_NAMES.flatMap((preset) => detectionsOf(preset, ANY_NAMES).map(({ id }) => id))),
];

/**
 * The detections of several presets, in the catalogue's order. Where presets share a detection there is one of it, in
 * the form of the preset named first.
 */
export function chooseDetections(presets: readonly PresetName[], names: DeploymentNames): Detection[] {
  const chosen = new Map<string, Detection>();
  for (const detection of presets.flatMap((preset) => detectionsOf(preset, names))) {
    if (!chosen.has(detection.id)) {
      chosen.set(detection.id, detection);
    }
  }
  return DETECTION_IDS.flatMap((id) => chosen.get(id) ?? []);
}
