import { type Detection, PRESETS } from "../detections";
import { terraformBackend } from "./backends";
import type { Environment } from "./environment";

/** What an environment's stack is made from: the environment with its detections and its backend worked out. */
export type StackSettings = ReturnType<typeof stackSettings>;

export function stackSettings(environment: Environment) {
  const { backend, detections, ...rest } = environment;
  return {
    ...rest,
    // Without a path Terraform would keep the state in cdktf.out, which is made to be thrown away.
    backend:
      backend === undefined || (backend.type === "local" && backend.path === undefined)
        ? undefined
        : terraformBackend(backend),
    detections: chosenDetections(detections ?? {}),
  };
}

type Override = NonNullable<NonNullable<NonNullable<Environment["detections"]>["overrides"]>[string]>;

function overridden(detection: Detection, { name, threshold, periodSeconds }: Override): Detection {
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

function chosenDetections({
  preset = "aws-guide",
  disabled = [],
  overrides = {},
}: NonNullable<Environment["detections"]>): Detection[] {
  return PRESETS[preset]
    .filter(({ id }) => !disabled.includes(id))
    .map((detection) => overridden(detection, overrides[detection.id] ?? {}));
}
