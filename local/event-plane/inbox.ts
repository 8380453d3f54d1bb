/** A message that a subscriber of a topic got, other than a function: what functions get is for them to hand on. */
export interface Delivery {
  readonly at: Date;
  readonly topicArn: string;
  /** As SNS names it, e.g. `email`. */
  readonly protocol: string;
  /** Address or queue that got it. */
  readonly endpoint: string;
  readonly subject: string;
  readonly body: string;
  /** The mail as a person gets it, for the protocols `email` and `email-json`. */
  readonly mail?: string | undefined;
}

/** What subscribers got, by subscriber. */
export class Inbox {
  readonly #deliveries: Delivery[] = [];

  put(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    if (this.#deliveries.length > 2 * MOST_DELIVERIES) {
      this.#deliveries.splice(0, MOST_DELIVERIES);
    }
  }

  /** @param endpoint one subscriber's only */
  since(time: Date, endpoint?: string): Delivery[] {
    return this.#deliveries.filter(
      (delivery) => delivery.at >= time && (endpoint === undefined || delivery.endpoint === endpoint),
    );
  }
}

const MOST_DELIVERIES = 10_000;
