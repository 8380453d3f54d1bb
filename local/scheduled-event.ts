import { randomUUID } from "node:crypto";
import { regionOfArn } from "./arn";
import { type BusEvent, eventTime } from "./event-of-record";

/**
 * The event of an event rule with a schedule (Amazon EventBridge user guide, "Creating an Amazon EventBridge rule that runs
 * on a schedule").
 */
export function scheduledEvent(ruleArn: string, accountId: string, time: Date): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: eventTime(time),
    region: regionOfArn(ruleArn),
    resources: [ruleArn],
    detail: {},
  };
}
