import { EC2_DETECTION, routeTopicName, TRAIL_GUARD_DETECTION, type WatchedDetection } from "../detections";
import type { AlertsConfig } from "./alerts";
import type { Environment } from "./environment";

/** A line for each problem of routes with what an environment watches, which begins with the setting's path. */
export function routeProblems(
  { alerts, guard, ec2States }: Pick<Environment, "alerts" | "guard" | "ec2States">,
  watched: readonly WatchedDetection[],
): string[] {
  const { routes = [] }: AlertsConfig = alerts ?? {};
  const known = [
    ...watched.filter(({ pages }) => pages).map(({ id }) => id),
    ...(guard?.mode === "off" ? [] : [TRAIL_GUARD_DETECTION]),
    ...(ec2States?.length === 0 ? [] : [EC2_DETECTION]),
  ];
  return routes.flatMap(({ name, detections = [] }, index) => [
    ...topicProblems(name, watched).map((problem) => `alerts.routes[${index}].name: ${problem}`),
    ...detections.flatMap((id, position) =>
      detectionProblems(id, watched, known).map(
        (problem) => `alerts.routes[${index}].detections[${position}]: "${id}" ${problem}`,
      ),
    ),
  ]);
}

function detectionProblems(
  id: string,
  watched: readonly WatchedDetection[],
  known: readonly string[],
): string[] {
  if (known.includes(id)) {
    return [];
  }
  const tuned = `${id}-tuned`;
  return watched.some((detection) => detection.id === id) && known.includes(tuned)
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
