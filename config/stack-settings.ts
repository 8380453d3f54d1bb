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

function chosenDetections({
  preset = "aws-guide",
  disabled = [],
  overrides = {},
}: NonNullable<Environment["detections"]>): Detection[] {
  return PRESETS[preset]
    .filter(({ id }) => !disabled.includes(id))
    .map((detection) => {
      const { name, threshold, periodSeconds } = overrides[detection.id] ?? {};
      return {
        ...detection,
        alarmName: name ?? detection.alarmName,
        threshold: threshold ?? detection.threshold,
        periodSeconds: periodSeconds ?? detection.periodSeconds,
      };
    });
}
