import { accountOf, logGroupNameOf } from "../arn";
import { type Found, isControlTowers, only, type TrailDecision, WHY_CONTROL_TOWERS_STAYS } from "./decision";
import type { ExistingTrail, TrailParts } from "./existing";
import { awsCommand } from "./item";

/** Why a trail can only be used as it is; undefined for one that can be imported. */
export function whyNotImported(trail: ExistingTrail, { accountId }: TrailParts): string | undefined {
  if (accountOf(trail.arn) !== accountId) {
    return `it is a trail of the account ${accountOf(trail.arn)}`;
  }
  if (isControlTowers(trail.name)) {
    return WHY_CONTROL_TOWERS_STAYS;
  }
  if (trail.isOrganizationTrail) {
    return "it is the organization's trail, and importing it would make it one account's";
  }
  return trail.otherEvents.length > 0
    ? `importing it would take away what it records beside management events: ${trail.otherEvents.join(", ")}`
    : undefined;
}

/** Decides about a trail that can't be imported: it is used with its log group, if this deployment can work with that. */
export function useTrail(
  trail: ExistingTrail,
  why: string,
  { parts: { accountId, region }, settings }: Pick<Found, "parts" | "settings">,
): TrailDecision {
  const item = { kind: "trail", name: trail.name };
  const leave = (...notes: string[]): TrailDecision =>
    only({ ...item, decision: "leave", notes: [`can't be imported: ${why}`, ...notes] });
  const { logGroupArn } = trail;
  if (logGroupArn === undefined) {
    return leave(
      "can't be used either before it delivers to a log group. Give it one, and run this again:",
      awsCommand(
        ...["cloudtrail", "update-trail", "--region", region, "--name", trail.arn],
        ...["--cloud-watch-logs-log-group-arn", "LOG_GROUP_ARN:*", "--cloud-watch-logs-role-arn", "ROLE_ARN"],
      ),
      "until then a trail of its own is made, and CloudTrail charges for the second copy of management events",
    );
  }
  if (accountOf(logGroupArn) !== accountId) {
    return leave(
      `can't be used either: it delivers to a log group of the account ${accountOf(logGroupArn)}, where metric filters and alarms have to be`,
    );
  }
  const logGroup = logGroupNameOf(logGroupArn);
  return {
    adopt: {},
    settings: {
      trail: { existingTrail: trail.arn, existingLogGroup: settings.trail?.existingLogGroup ?? logGroup },
    },
    items: [
      {
        ...item,
        decision: "use",
        notes: [
          `with trail.existingTrail: ${why}`,
          "neither bucket nor key nor delivery role is changed; the guard starts it when somebody stops it",
        ],
      },
      {
        kind: "log group",
        name: logGroup,
        decision: "use",
        notes: ["with trail.existingLogGroup: the trail delivers to it"],
      },
    ],
  };
}
