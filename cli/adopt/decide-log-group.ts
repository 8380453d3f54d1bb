import { LOG_RETENTION_DAYS } from "../../aws/values";
import { accountOf, logGroupNameOf } from "../arn";
import {
  type Found,
  isControlTowers,
  NOTHING,
  only,
  type TrailDecision,
  WHY_CONTROL_TOWERS_STAYS,
} from "./decision";
import type { ExistingLogGroup } from "./existing";
import { beforeOfPart, notLookedAt } from "./item";
import { keptRetention } from "./keep-retention";

const KIND = "log group";
/** The longest that a log group can have, but for ever. */
const LONGEST_DAYS = 3653;

/**
 * Decides about the log group that the trail delivers to.
 *
 * @param ownName of the one that is made otherwise
 */
export function decideLogGroup({ parts, settings, trail }: Found, ownName: string): TrailDecision {
  if (settings.trail?.existingLogGroup !== undefined) {
    return NOTHING;
  }
  const arn = trail?.logGroupArn;
  const name = arn === undefined ? ownName : logGroupNameOf(arn);
  const leave = (note: string): TrailDecision => only({ kind: KIND, name, decision: "leave", notes: [note] });
  if (arn !== undefined && accountOf(arn) !== parts.accountId) {
    return leave(`is the account ${accountOf(arn)}'s, and gets no more events: one is made here`);
  }
  if ("problem" in parts.logGroup) {
    return only(notLookedAt(KIND, name, parts.logGroup.problem));
  }
  const group = parts.logGroup.found;
  if (group === undefined) {
    const notes = trail === undefined ? [] : [whyNew(arn)];
    return only({ kind: KIND, name: ownName, decision: "new", notes });
  }
  if (group.class !== "STANDARD") {
    return leave(
      `has the class ${group.class}, which has no metric filters and can't be changed: one is made beside it`,
    );
  }
  return isControlTowers(group.name)
    ? only(
        {
          kind: KIND,
          name,
          decision: "use",
          notes: [`with trail.existingLogGroup: ${WHY_CONTROL_TOWERS_STAYS}`],
        },
        { settings: { trail: { existingLogGroup: group.name } } },
      )
    : adoptLogGroup(group, settings.retention?.logGroupDays);
}

function whyNew(arn: string | undefined): string {
  return arn === undefined
    ? "the trail delivers to none, and will to this one"
    : `the trail's, ${logGroupNameOf(arn)}, isn't there any more`;
}

function adoptLogGroup(group: ExistingLogGroup, declaredDays: number | undefined): TrailDecision {
  const { proposed, notes } = keptRetention({
    what: "events",
    setting: "logGroupDays",
    now: group.retentionDays,
    declared: declaredDays,
    propose: (now) => LOG_RETENTION_DAYS.find((days) => now !== undefined && days >= now) ?? LONGEST_DAYS,
  });
  return only(
    {
      kind: KIND,
      name: group.name,
      decision: "adopt",
      becomes: {
        type: "aws_cloudwatch_log_group",
        name: group.name,
        arguments: group.arguments,
        tags: group.tags,
      },
      before: beforeOfPart(group),
      notes: [
        ...notes,
        ...(proposed === undefined ? [] : ["the functions' log groups get that retention, too"]),
      ],
    },
    {
      adopt: { logGroup: group.name },
      settings: proposed === undefined ? {} : { retention: { logGroupDays: proposed } },
    },
  );
}
