import {
  checkDetections,
  chooseDetections,
  type DeploymentNames,
  type Detection,
  defineDetection,
  formsOf,
  nameProblems,
  quotaProblems,
  type WatchedDetection,
} from "../detections";
import type { DetectionsConfig } from "./detections";

/**
 * The metric filters and alarms of an environment.
 *
 * @returns them, and a line for each problem of theirs, which begins with the detection's id
 */
export function chosenDetections(
  config: DetectionsConfig,
  names: DeploymentNames,
): { watched: WatchedDetection[]; problems: string[] } {
  const {
    preset = ["aws-guide"],
    disabled = [],
    overrides = {},
    dialect = "standard",
    ignorePrincipals = [],
  } = config;
  const chosen = [
    ...chooseDetections(preset, names)
      .filter(({ id }) => !disabled.includes(id))
      .map((detection) => overridden(detection, overrides[detection.id])),
    ...(config.own ?? []).map(ownDetection),
  ];
  const problems = checkDetections(chosen, { forms: dialect, namePrefix: names.namePrefix });
  if (problems.length > 0) {
    return { watched: [], problems };
  }
  const ignoredPrincipals = ({ id }: Detection): string[] => [
    ...ignorePrincipals,
    ...(overrides[id]?.ignorePrincipals ?? []),
  ];
  try {
    const watched = formsOf(chosen, { dialect, ignoredPrincipals });
    // Again for what is deployed: ignored principals give a second form to detections that have no tuned pattern.
    return { watched, problems: [...nameProblems(watched, names), ...quotaProblems(watched)] };
  } catch (error) {
    return { watched: [], problems: [(error as Error).message] };
  }
}

type Override = NonNullable<NonNullable<DetectionsConfig["overrides"]>[string]>;

function overridden(detection: Detection, { name, threshold, periodSeconds }: Override = {}): Detection {
  const changed = {
    ...detection,
    alarmName: name ?? detection.alarmName,
    threshold: threshold ?? detection.threshold,
    periodSeconds: periodSeconds ?? detection.periodSeconds,
  };
  return threshold === undefined && periodSeconds === undefined
    ? changed
    : // The catalogue's sentence tells of its own threshold and period.
      {
        ...changed,
        description: `Raises alarms if ${changed.threshold} or more occur in ${changed.periodSeconds / 60} minutes`,
      };
}

type OwnDetection = NonNullable<DetectionsConfig["own"]>[number];

function ownDetection({ controls = {}, attack = [], ...given }: OwnDetection): Detection {
  return defineDetection({ ...given, controls, attack } as Parameters<typeof defineDetection>[0]);
}
