import { randomUUID } from "node:crypto";
import type { BusEvent } from "../event-of-record";
import type { ApiRequest } from "../gateway/api-request";

/** The states that an instance passes through after a call (EC2 user guide, "Amazon EC2 instance state changes"). */
const STATES: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ["pending", "running"],
  StartInstances: ["pending", "running"],
  StopInstances: ["stopping", "stopped"],
  TerminateInstances: ["shutting-down", "terminated"],
};

/**
 * The events that EC2 sends after a call that changes the state of instances. They aren't CloudTrail's: they come whether a
 * trail logs or not.
 *
 * @param answer what EC2 answered: it names the instances
 */
export function instanceEvents(
  { service, operation, region }: ApiRequest,
  answer: string,
  { accountId, time }: { readonly accountId: string; readonly time: Date },
): BusEvent[] {
  const states = service === "ec2" ? (STATES[operation] ?? []) : [];
  const instances = new Set(
    [...answer.matchAll(/<instanceId>(i-[0-9a-f]+)<\/instanceId>/g)].map(([, id]) => id ?? ""),
  );
  return states.flatMap((state) =>
    [...instances].map((instance) => ({
      version: "0",
      id: randomUUID(),
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account: accountId,
      time: time.toISOString().replace(/\.\d+/, ""),
      region,
      resources: [`arn:aws:ec2:${region}:${accountId}:instance/${instance}`],
      detail: { "instance-id": instance, state },
    })),
  );
}
