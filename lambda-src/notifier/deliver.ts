import type { Alert } from "../shared/alert";
import { publicationOf } from "../shared/publication";
import type { Aws } from "./aws";
import type { Webhook } from "./deployment";
import { nameOfPlace, type Place } from "./places";
import type { SlackOutcome } from "./slack";
import { slackMessage } from "./slack-message";
import { WebhookUrlError, type WebhookUrls } from "./webhook-url";

export interface DeliverOptions {
  readonly aws: Aws;
  readonly webhookUrls: WebhookUrls;
  /** Posts a payload to a webhook's URL. */
  readonly post: (url: string, payload: unknown) => Promise<SlackOutcome>;
}

/** What became of an alert at its places. */
export interface Delivery {
  /** Names of the places that have it, and of those that refused it for good. */
  readonly arrived: ReadonlySet<string>;
  /** Webhooks that refused it for good, and why: trying again won't help. */
  readonly refused: readonly Refusal[];
  /** What may succeed at another time. */
  readonly errors: readonly Error[];
}

export interface Refusal {
  readonly webhook: Webhook;
  readonly reason: string;
}

/** Sends an alert to all places at once; one that fails is in no other's way. */
export async function deliver(
  alert: Alert,
  places: readonly Place[],
  options: DeliverOptions,
): Promise<Delivery> {
  const outcomes = await Promise.all(
    places.map(async (place): Promise<Outcome> => {
      try {
        return place.kind === "topic"
          ? await publish(alert, place.topicArn, options)
          : await postTo(place.webhook, alert, options);
      } catch (error) {
        return { kind: "failed", error: error as Error };
      }
    }),
  );
  const isOver = (index: number) => outcomes[index]?.kind !== "failed";
  return {
    arrived: new Set(places.filter((_, index) => isOver(index)).map(nameOfPlace)),
    refused: outcomes.flatMap((outcome) => (outcome.kind === "refused" ? [outcome.refusal] : [])),
    errors: outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.error] : [])),
  };
}

type Outcome =
  | { readonly kind: "arrived" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "failed"; readonly error: Error };

async function publish(alert: Alert, topicArn: string, { aws }: DeliverOptions): Promise<Outcome> {
  await aws("sns:Publish", { TopicArn: topicArn, ...publicationOf(alert) });
  return { kind: "arrived" };
}

async function postTo(webhook: Webhook, alert: Alert, options: DeliverOptions): Promise<Outcome> {
  const { webhookUrls, post } = options;
  const payload = slackMessage(alert);
  try {
    const url = await webhookUrls.read(webhook.source);
    const outcome = await post(url, payload);
    if (outcome.kind !== "refused") {
      return outcomeOf(outcome, webhook);
    }
    // The URL may have been exchanged since it was read.
    const newUrl = await webhookUrls.read(webhook.source, { fresh: true });
    return outcomeOf(newUrl === url ? outcome : await post(newUrl, payload), webhook);
  } catch (error) {
    if (error instanceof WebhookUrlError) {
      return { kind: "refused", refusal: { webhook, reason: error.message } };
    }
    throw error;
  }
}

function outcomeOf(outcome: SlackOutcome, webhook: Webhook): Outcome {
  switch (outcome.kind) {
    case "sent":
      return { kind: "arrived" };
    case "refused": {
      const { status, reason } = outcome;
      return {
        kind: "refused",
        refusal: { webhook, reason: status === 0 ? reason : `Slack answered ${status}: ${reason}` },
      };
    }
    case "unavailable":
      return {
        kind: "failed",
        error: new Error(`the Slack webhook ${webhook.name} didn't take it: ${outcome.reason}`),
      };
  }
}
