import { randomUUID } from "node:crypto";
import { type BusEvent, eventTime } from "../event-of-record";
import type { ApiRequest } from "../gateway/api-request";
import { readXml, type XmlElement } from "../gateway/xml";

/** The states that an instance passes through after a call (EC2 user guide, "Amazon EC2 instance state changes"). */
const STATES: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ["pending", "running"],
  StartInstances: ["pending", "running"],
  StopInstances: ["stopping", "stopped"],
  TerminateInstances: ["shutting-down", "terminated"],
};

/**
 * The events that EC2 sends after a call that changes the state of instances. They aren't CloudTrail's: they come whether a
 * trail logs or not. An instance that was in the state already, as the answer says, sends none.
 *
 * @param answer what EC2 answered: it names the instances
 */
export function instanceEvents(
  { service, operation, region }: ApiRequest,
  answer: string,
  { accountId, time }: { readonly accountId: string; readonly time: Date },
): BusEvent[] {
  const states = service === "ec2" ? (STATES[operation] ?? []) : [];
  const instances = states.length === 0 ? [] : changedIn(answer, states);
  return states.flatMap((state) =>
    instances.map((instance) => ({
      version: "0",
      id: randomUUID(),
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account: accountId,
      time: eventTime(time),
      region,
      resources: [`arn:aws:ec2:${region}:${accountId}:instance/${instance}`],
      detail: { "instance-id": instance, state },
    })),
  );
}

/** The instances of an answer, without those that were in one of the states before. */
function changedIn(answer: string, states: readonly string[]): string[] {
  const [response] = Object.values(readXml(answer) ?? {});
  const set = isElement(response) ? response.instancesSet : undefined;
  const items = isElement(set) ? [set.item].flat() : [];
  return items.filter(isElement).flatMap(({ instanceId, previousState }) => {
    // That of an instance that is new says nothing of before.
    const before = isElement(previousState) ? previousState.name : undefined;
    const isChanged = typeof before !== "string" || !states.includes(before);
    return typeof instanceId === "string" && isChanged ? [instanceId] : [];
  });
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
