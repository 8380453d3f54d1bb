import type { AdvancedFieldSelector } from "@aws-sdk/client-cloudtrail";
import { roleNameOf } from "../arn";
import type { CloudTrailRecord } from "../event-of-record";
import type { RolePolicies } from "../iam/role-policies";
import type { Clock } from "./clock";
import type { DeployedTrail } from "./deployed";
import type { Journal } from "./journal";
import type { LogGroups } from "./log-groups";
import { NotDelivered } from "./not-delivered";

/** A record and the trails that take it. */
export interface Recorded {
  readonly record: CloudTrailRecord;
  readonly trails: readonly DeployedTrail[];
}

/**
 * The trails that log a write management event.
 *
 * Sources: AWS CloudTrail user guide, "Logging management events", "Global service events"; a trail logs the call that stops it.
 *
 * @param trails as they were before the call and as they are after it
 */
export function takers(record: CloudTrailRecord, trails: readonly DeployedTrail[]): DeployedTrail[] {
  const found = new Map<string, DeployedTrail>();
  for (const trail of trails) {
    if (trail.isLogging && isInScope(record, trail) && selects(record, trail)) {
      found.set(trail.TrailARN ?? "", trail);
    }
  }
  return [...found.values()];
}

function isInScope({ awsRegion, eventSource }: CloudTrailRecord, trail: DeployedTrail): boolean {
  if (isGlobal(eventSource) && trail.IncludeGlobalServiceEvents === false) {
    return false;
  }
  return trail.IsMultiRegionTrail === true || awsRegion === trail.HomeRegion;
}

function isGlobal(eventSource: unknown): boolean {
  return eventSource === "iam.amazonaws.com" || eventSource === "sts.amazonaws.com";
}

function selects(record: CloudTrailRecord, trail: DeployedTrail): boolean {
  const { eventSelectors, advancedEventSelectors } = trail;
  if (advancedEventSelectors.length > 0) {
    return advancedEventSelectors.some(({ FieldSelectors = [] }) =>
      FieldSelectors.every((selector) => holds(selector, record)),
    );
  }
  // A trail without selectors logs all management events.
  return (
    eventSelectors.length === 0 ||
    eventSelectors.some(
      ({ IncludeManagementEvents = true, ReadWriteType = "All", ExcludeManagementEventSources = [] }) =>
        IncludeManagementEvents &&
        ReadWriteType !== "ReadOnly" &&
        !ExcludeManagementEventSources.some((source) => source === record.eventSource),
    )
  );
}

/** CloudTrail API reference, "AdvancedFieldSelector": its operators must all hold, each for one of its values or, negated, for all. */
function holds(selector: AdvancedFieldSelector, record: CloudTrailRecord): boolean {
  const { Field, Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = selector;
  const value = String(Field?.split(".").reduce<unknown>(memberOf, record) ?? "");
  const equals = (given: string): boolean => value === given;
  const startsWith = (given: string): boolean => value.startsWith(given);
  const endsWith = (given: string): boolean => value.endsWith(given);
  return (
    Equals?.some(equals) !== false &&
    StartsWith?.some(startsWith) !== false &&
    EndsWith?.some(endsWith) !== false &&
    !NotEquals?.some(equals) &&
    !NotStartsWith?.some(startsWith) &&
    !NotEndsWith?.some(endsWith)
  );
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

export interface TrailDeliveryOptions {
  readonly accountId: string;
  readonly roles: RolePolicies;
  readonly logGroups: LogGroups;
  readonly journal: Journal;
  readonly clock: Clock;
}

/** Delivers records to the log groups of the trails that take them, by the role that each trail has for it. */
export class TrailDelivery {
  constructor(private readonly options: TrailDeliveryOptions) {}

  async deliver(recorded: readonly Recorded[]): Promise<void> {
    const byTrail = new Map<string, { trail: DeployedTrail; records: CloudTrailRecord[] }>();
    for (const { record, trails } of recorded) {
      for (const trail of trails) {
        const arn = trail.TrailARN ?? "";
        const known = byTrail.get(arn) ?? { trail, records: [] };
        byTrail.set(arn, known);
        known.records.push(record);
      }
    }
    for (const { trail, records } of byTrail.values()) {
      try {
        await this.deliverTo(trail, records);
      } catch (error) {
        this.options.journal.note(
          "not delivered",
          `events of the trail ${trail.Name} to its log group`,
          (error as Error).message,
        );
      }
    }
  }

  private async deliverTo(trail: DeployedTrail, records: readonly CloudTrailRecord[]): Promise<void> {
    const { accountId, logGroups, clock } = this.options;
    const [, , , region = "", , , logGroupName] = trail.CloudWatchLogsLogGroupArn?.split(":") ?? [];
    if (logGroupName === undefined) {
      return;
    }
    const logStreamName = `${accountId}_CloudTrail_${region}`;
    const streamArn = `${trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, "")}:log-stream:${logStreamName}`;
    await this.check(trail, streamArn);
    const time = clock.now();
    await logGroups.put(
      { region, logGroupName, logStreamName },
      records.map((record) => ({ message: JSON.stringify(record), parsed: record, time })),
    );
  }

  private async check(trail: DeployedTrail, streamArn: string): Promise<void> {
    const { roles, accountId } = this.options;
    const { CloudWatchLogsRoleArn: roleArn = "", TrailARN = "" } = trail;
    const context = { "aws:SourceArn": TrailARN, "aws:SourceAccount": accountId };
    if (!(await roles.lets("cloudtrail.amazonaws.com", roleArn, context))) {
      throw new NotDelivered(`CloudTrail may not take on the role ${roleNameOf(roleArn)}`, "AccessDenied");
    }
    for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
      if (!(await roles.may(roleArn, action, streamArn))) {
        throw new NotDelivered(
          `the role ${roleNameOf(roleArn)} may not ${action} on ${streamArn}`,
          "AccessDenied",
        );
      }
    }
  }
}
