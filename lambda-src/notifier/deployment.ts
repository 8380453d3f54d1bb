import type { Severity } from "../shared/alert";

/** What the function is told of its deployment, in a file of its archive. */
export interface Deployment {
  readonly trailName: string;
  /** Log group that the trail delivers to. */
  readonly logGroupName: string;
  /** The alarms that it reads, by their names. */
  readonly alarms: Readonly<Record<string, NotifiedDetection>>;
  /** Names of alarms that have told people already: they go to routes only. */
  readonly relayedAlarms: readonly string[];
  /** Name of the topic that changes of EC2 instances' states are told by; undefined where they aren't. */
  readonly instanceStatesTopicName?: string | undefined;
  readonly routes: readonly Route[];
}

/** What an alarm is about. */
export interface NotifiedDetection {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** CloudWatch Logs filter pattern of its metric filter. */
  readonly filterPattern: string;
  /** The same as a query of Logs Insights; undefined where that can't say it. */
  readonly insightsQuery?: string | undefined;
  /** What to look at first, one line each. */
  readonly runbook: readonly string[];
  /** Name of the topic that people get it by. */
  readonly topicName: string;
}

/** Where some alerts go beside their topic. Without severities and detections it is all; with both, either is enough. */
export interface Route {
  readonly name: string;
  readonly severities?: readonly Severity[] | undefined;
  /** Ids of detections. */
  readonly detections?: readonly string[] | undefined;
  /** Name of the route's topic, where it has one. */
  readonly topicName?: string | undefined;
  readonly webhooks: readonly Webhook[];
}

/** An incoming webhook of Slack, and where its URL is kept. */
export interface Webhook {
  /** Unique in the deployment. */
  readonly name: string;
  readonly source: WebhookSource;
}

/** Name or ARN of a secret in Secrets Manager, or name of an SSM parameter. */
export type WebhookSource = { readonly secret: string } | { readonly parameter: string };

/** Name of the file in the function's archive. */
export const DEPLOYMENT_FILE = "deployment.json";
