import type { StackSettings } from "../../config";
import { GUARD_TOPIC_NAME, SHARED_TOPIC_NAME } from "../../detections";
import type { Deployment } from "../../lambda-src/notifier/deployment";
import { placesOf } from "../../lambda-src/notifier/places";
import type { Alert } from "../../lambda-src/shared/alert";
import { alarmAlert, exampleCalls, guardAlert, instanceStateAlert, type ToldAlarm } from "./sample-alerts";

/** An alert as people would get it, of calls that nobody made. */
export interface Sample {
  /** Unique among the samples. */
  readonly id: string;
  readonly title: string;
  readonly alert: Alert;
  /** Names of the topics that it goes to. */
  readonly topicNames: readonly string[];
  /** Names of the Slack webhooks that it goes to. */
  readonly webhookNames: readonly string[];
}

/** Events, or changes of instances, of a storm. */
const STORM = 37;
/** What the stack takes where nothing is configured. */
const DEFAULT_EC2_STATES = ["running", "stopped", "terminated"] as const;

/**
 * An alert of each detection that tells people, of its own examples; one in which no event was found, and one of a storm;
 * two of EC2 instances; and the guard's after the trail was stopped.
 *
 * @param deployment what the notifier is told; undefined where there is none, so that alarms and EC2 rule publish by themselves
 */
export function samplesOf(settings: StackSettings, deployment: Deployment | undefined): Sample[] {
  return [
    ...(deployment === undefined
      ? []
      : [...alarmSamples(settings, deployment), ...instanceSamples(settings, deployment)]),
    ...guardSamples(settings, deployment),
  ];
}

function alarmSamples({ region, detections }: StackSettings, deployment: Deployment): Sample[] {
  const told = Object.entries(deployment.alarms).flatMap(([alarmName, detection]): ToldAlarm[] => {
    const watched = detections.find(({ id }) => id === detection.id);
    return watched === undefined ? [] : [{ alarmName, detection, watched }];
  });
  const sample = (of: ToldAlarm, counted: number, found: number, variant?: string): Sample => {
    const { id, title, topicName } = of.detection;
    return {
      id: variant === undefined ? id : `${id}--${variant.replaceAll(" ", "-")}`,
      title: variant === undefined ? title : `${title}: ${variant}`,
      ...sent(alarmAlert(of, { counted, found }, region, deployment), topicName, deployment),
    };
  };
  return [
    ...told.map((one) => {
      const count = Math.max(exampleCalls(one.watched).length, one.watched.threshold);
      return sample(one, count, count);
    }),
    ...told
      .slice(0, 1)
      .flatMap((one) => [
        sample(one, one.watched.threshold, 0, "no event found"),
        sample(one, STORM, STORM, `${STORM} events`),
      ]),
  ];
}

function instanceSamples({ region, ec2States }: StackSettings, deployment: Deployment): Sample[] {
  const { instanceStatesTopicName: topicName, logGroupName } = deployment;
  if (topicName === undefined) {
    return [];
  }
  const alertOf = (count: number) =>
    instanceStateAlert(count, ec2States ?? DEFAULT_EC2_STATES, region, logGroupName);
  return [
    { id: "ec2-state-change", title: "EC2 instance", ...sent(alertOf(1), topicName, deployment) },
    {
      id: "ec2-state-change--storm",
      title: `EC2 instances: ${STORM} changes`,
      ...sent(alertOf(STORM), topicName, deployment),
    },
  ];
}

function guardSamples(settings: StackSettings, deployment: Deployment | undefined): Sample[] {
  const { namePrefix = "", alerts } = settings;
  const topicName = `${namePrefix}${alerts?.topics === "shared" ? SHARED_TOPIC_NAME : GUARD_TOPIC_NAME}`;
  const alert = guardAlert(settings);
  return alert === undefined
    ? []
    : [{ id: "trail-guard", title: "Trail guard: trail stopped", ...sent(alert, topicName, deployment) }];
}

/** An alert with the names of the places that it goes to. */
function sent(
  alert: Alert,
  topicName: string,
  deployment: Deployment | undefined,
): Pick<Sample, "alert" | "topicNames" | "webhookNames"> {
  const own = { kind: "topic", topicArn: topicName } as const;
  const places = placesOf(alert, [own], deployment?.routes ?? [], (name) => name);
  return {
    alert,
    topicNames: places.flatMap((place) => (place.kind === "topic" ? [place.topicArn] : [])),
    webhookNames: places.flatMap((place) => (place.kind === "slack" ? [place.webhook.name] : [])),
  };
}
