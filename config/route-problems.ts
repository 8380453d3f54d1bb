import { EC2_DETECTION, routeTopicName, TRAIL_GUARD_DETECTION, type WatchedDetection } from "../detections";
import type { AlertsConfig } from "./alerts";

/** A line for each problem of routes with what an environment watches, which begins with the setting's path. */
export function routeProblems({ routes = [] }: AlertsConfig, watched: readonly WatchedDetection[]): string[] {
  return routes.flatMap(({ name, detections = [] }, index) => [
    ...topicProblems(name, watched).map((problem) => `alerts.routes[${index}].name: ${problem}`),
    ...detections.flatMap((id, position) =>
      detectionProblems(id, watched).map(
        (problem) => `alerts.routes[${index}].detections[${position}]: "${id}" ${problem}`,
      ),
    ),
  ]);
}

function detectionProblems(id: string, watched: readonly WatchedDetection[]): string[] {
  const paging = watched.filter(({ pages }) => pages).map((detection) => detection.id);
  const known = [...paging, TRAIL_GUARD_DETECTION, EC2_DETECTION];
  if (known.includes(id)) {
    return [];
  }
  const tuned = `${id}-tuned`;
  return watched.some((detection) => detection.id === id) && paging.includes(tuned)
    ? [`is for the auditor and tells nobody; ${tuned} tells people`]
    : [`is not one of ${known.join(", ")}`];
}

function topicProblems(routeName: string, watched: readonly WatchedDetection[]): string[] {
  const topicName = routeTopicName(routeName);
  const namesake = watched.find((detection) => detection.topicName === topicName);
  return namesake === undefined
    ? []
    : [`"${routeName}" is taken: ${topicName} is the topic of ${namesake.id}`];
}
