import { type BusEvent, type CloudTrailRecord, eventOfRecord } from "../event-of-record";
import type { DeployedTrail } from "./deployed";
import type { Faults } from "./faults";
import type { Journal } from "./journal";
import type { Rules } from "./rules";
import { type Recorded, type TrailDelivery, takers } from "./trails";
import type { Work } from "./work";

export interface IntakeOptions {
  readonly rules: Pick<Rules, "handle">;
  readonly delivery: Pick<TrailDelivery, "deliver">;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly work: Work;
}

/** Takes records in: hands their events to the event rules, and the records to the log groups of trails. */
export class Intake {
  #waiting: Recorded[] = [];
  #isDelivering = false;
  /** Events that a fault holds back until another one has passed. */
  #heldBack: BusEvent[] = [];

  constructor(private readonly options: IntakeOptions) {}

  /** @param trails as they were before the call and as they are after it: one that logged either time takes the record */
  take(record: CloudTrailRecord, trails: readonly DeployedTrail[]): void {
    const { journal, work } = this.options;
    const takenBy = takers(record, trails);
    const name = `${record.eventSource} ${record.eventName}`;
    journal.note(takenBy.length > 0 ? "recorded" : "not recorded", name, String(record.eventID));
    if (takenBy.length === 0) {
      return;
    }
    this.announce(record);
    this.#waiting.push({ record, trails: takenBy });
    if (!this.#isDelivering) {
      this.#isDelivering = true;
      work.begin(this.deliver());
    }
  }

  /** What comes while a batch is on its way goes with the next one. */
  private async deliver(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        await this.options.delivery.deliver(batch);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  private announce(record: CloudTrailRecord): void {
    const event = eventOfRecord(record);
    if (event === undefined) {
      return;
    }
    const { faults, journal } = this.options;
    const service = String(record.eventSource).split(".")[0] ?? "";
    const fault = faults.ofEvent(service, String(record.eventName));
    if (fault !== undefined) {
      journal.note("fault", `event of ${record.eventName}`, fault);
    }
    switch (fault) {
      case "cut":
        return;
      case "reorder":
        // One that is held back already comes after this one: the two have changed places.
        if (this.#heldBack.length === 0) {
          this.#heldBack.push(event);
          return;
        }
        break;
      case "duplicate":
        this.hand(event);
    }
    this.hand(event);
    for (const held of this.#heldBack.splice(0)) {
      this.hand(held);
    }
  }

  private hand(event: BusEvent): void {
    const { rules, work } = this.options;
    work.begin(rules.handle(event, event.region));
  }

  /** Hands on what is held back: nothing came that it could be late for. */
  release(): void {
    for (const held of this.#heldBack.splice(0)) {
      this.hand(held);
    }
  }
}
