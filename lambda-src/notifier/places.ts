import type { Alert } from "../shared/alert";
import type { Route, Webhook } from "./deployment";

/** Where an alert goes. */
export type Place =
  | { readonly kind: "topic"; readonly topicArn: string }
  | { readonly kind: "slack"; readonly webhook: Webhook };

/** What a place is noted by once an alert has arrived there. */
export function nameOfPlace(place: Place): string {
  return place.kind === "topic" ? place.topicArn : `slack ${place.webhook.name}`;
}

/**
 * An alert's own places and those of the routes that take it, each once.
 *
 * @param topicArnOf ARN of a topic of the deployment by its name
 */
export function placesOf(
  { severity, detection }: Pick<Alert, "severity" | "detection">,
  ownPlaces: readonly Place[],
  routes: readonly Route[],
  topicArnOf: (topicName: string) => string,
): Place[] {
  const placesOfRoutes = routes
    .filter((route) => takes(route, severity, detection))
    .flatMap(({ topicName, webhooks }): Place[] => [
      ...(topicName === undefined ? [] : [{ kind: "topic" as const, topicArn: topicArnOf(topicName) }]),
      ...webhooks.map((webhook) => ({ kind: "slack" as const, webhook })),
    ]);
  return [...new Map([...ownPlaces, ...placesOfRoutes].map((place) => [nameOfPlace(place), place])).values()];
}

function takes({ severities, detections }: Route, severity: string, detection: string): boolean {
  if (severities === undefined && detections === undefined) {
    return true;
  }
  return (
    severities?.some((one) => one === severity) === true ||
    detections?.some((one) => one === detection) === true
  );
}
