import { property, text } from "../shared/api-call";

/** A change of an EC2 instance's state. */
export interface InstanceChange {
  readonly eventId: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly instanceId: string;
  /** e.g. `running` */
  readonly state: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * Reads an EventBridge event of any shape (EventBridge user guide, "Amazon EC2 instance state-change events").
 *
 * @returns undefined for any other event, and for one without an id or a time: it could not be told from others
 */
export function instanceChangeOf(event: unknown): InstanceChange | undefined {
  const detail = property(event, "detail");
  const change = {
    eventId: text(event, "id"),
    time: text(event, "time"),
    instanceId: text(detail, "instance-id"),
    state: text(detail, "state"),
    accountId: text(event, "account"),
    region: text(event, "region"),
  };
  const isChange = text(event, "detail-type") === "EC2 Instance State-change Notification";
  const isWhole =
    change.eventId !== "" &&
    change.instanceId !== "" &&
    change.state !== "" &&
    !Number.isNaN(Date.parse(change.time));
  return isChange && isWhole ? change : undefined;
}

/** `2026-11-22T05:40:00Z: i-0123 is running` */
export function changeLine({ time, instanceId, state }: InstanceChange): string {
  return `${time}: ${instanceId} is ${state}`;
}
