import type { WatchedDetection } from "../detections";
import { terraformBackend } from "./backends";
import { chosenDetections } from "./chosen-detections";
import { deploymentNames } from "./deployment-names";
import type { Environment } from "./environment";
import { routeProblems } from "./route-problems";

/** What an environment's stack is made from: the environment with its detections and its backend worked out. */
export type StackSettings = ReturnType<typeof stackSettings>["settings"];

/** @returns the settings, and a line for each problem with the detections, which begins with a setting's path */
export function stackSettings(environment: Environment) {
  const { backend, detections, ...rest } = environment;
  const { watched, problems } = chosenDetections(detections ?? {}, deploymentNames(environment));
  const settings = {
    ...rest,
    // Without a path Terraform would keep the state in cdktf.out, which is made to be thrown away.
    backend:
      backend === undefined || (backend.type === "local" && backend.path === undefined)
        ? undefined
        : terraformBackend(backend),
    detections: watched as readonly WatchedDetection[],
  };
  const ofDetections = problems.map((problem) => `detections: ${problem}`);
  return {
    settings,
    // Which ids there are isn't known where the detections are wrong.
    problems: ofDetections.length > 0 ? ofDetections : routeProblems(environment, watched),
  };
}
