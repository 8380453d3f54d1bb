import { accountOf } from "../arn";
import { decideBucket } from "./decide-bucket";
import { decideDeliveryRole } from "./decide-delivery-role";
import { decideKey } from "./decide-key";
import { decideLogGroup } from "./decide-log-group";
import {
  type DecideSettings,
  isControlTowers,
  NOTHING,
  only,
  READERS_NEED_THE_KEY,
  type TrailDecision,
} from "./decision";
import type { ExistingTrail, TrailParts, TrailSummary } from "./existing";
import { awsCommand, beforeOfPart, type Draft, notLookedAt, type OtherSettings } from "./item";
import { useTrail, whyNotImported } from "./use-trail";

/** Names that the deployment has where nothing is adopted. */
export interface OwnNames {
  readonly trail: string;
  readonly logGroup: string;
  readonly functionLogGroups: readonly string[];
}

/** Decides about the trail and what it delivers to. */
export function decideTrail(parts: TrailParts, settings: DecideSettings, names: OwnNames): TrailDecision {
  const { trail: chosen = {} } = settings;
  if (chosen.existingTrail !== undefined) {
    return NOTHING;
  }
  if ("problem" in parts.trail) {
    return only(notLookedAt("trail", parts.trailName ?? names.trail, parts.trail.problem));
  }
  const trail = parts.trail.found;
  const why = trail === undefined ? undefined : whyNotImported(trail, parts);
  if (trail !== undefined && why !== undefined) {
    return useTrail(trail, why, { parts, settings });
  }
  const found = { parts, settings, trail };
  const logGroup = decideLogGroup(found, names.logGroup);
  const isUsed =
    chosen.existingLogGroup !== undefined || logGroup.settings.trail?.existingLogGroup !== undefined;
  const ownLogGroups = isUsed ? [] : [logGroup.adopt.logGroup ?? names.logGroup];
  const key = decideKey(found, names.trail, [...ownLogGroups, ...names.functionLogGroups]);
  const keyArn = key.adopt.key ?? key.settings.trail?.existingKey ?? chosen.existingKey;
  const bucket = decideBucket(found, names.trail, keyArn);
  const decisions = [
    trail === undefined ? newTrail(parts, names.trail) : adoptTrail(trail, parts, keyArn),
    bucket,
    key,
    logGroup,
    decideDeliveryRole(found),
  ];
  return {
    adopt: Object.assign({}, ...decisions.map(({ adopt }) => adopt)),
    settings: merged(decisions.map((decision) => decision.settings)),
    items: decisions.flatMap(({ items }) => items),
  };
}

function merged(all: readonly OtherSettings[]): OtherSettings {
  const trail = Object.assign({}, ...all.map((one) => one.trail ?? {}));
  const retention = Object.assign({}, ...all.map((one) => one.retention ?? {}));
  return {
    ...(Object.keys(trail).length === 0 ? {} : { trail }),
    ...(Object.keys(retention).length === 0 ? {} : { retention }),
  };
}

/** A trail that is made, and those that cover the region without it. */
function newTrail(parts: TrailParts, name: string): TrailDecision {
  const { trails, region } = parts;
  return {
    ...NOTHING,
    items: [
      {
        kind: "trail",
        name,
        decision: "new",
        before: trails.map(
          (other) =>
            `the trail ${other.name} (home region ${other.homeRegion}) covers ${region} already: a second one would be made, and CloudTrail charges for the second copy of management events`,
        ),
        notes: [],
      },
      ...trails.map((other) => passedOver(other, parts)),
    ],
  };
}

/** What can be done with a trail that covers the region. */
function passedOver(other: TrailSummary, { region, accountId }: TrailParts): Draft {
  const { name, homeRegion } = other;
  const isOurs = accountOf(other.arn) === accountId && !other.isOrganizationTrail && !isControlTowers(name);
  return {
    kind: "trail",
    name,
    decision: "leave",
    notes:
      homeRegion === region
        ? [`to have this deployment take it, run this again with --trail ${name}`]
        : [
            `can be neither imported nor used here: only an environment of its home region, ${homeRegion}, can name it. One has this region's management events, too, if the trail delivers them to its log group:`,
            `npm run adopt -- --region ${homeRegion} --trail ${name}`,
            isOurs
              ? "otherwise have the second one made here, and stop this one once nothing needs it"
              : "otherwise have the second one made here, and pay for both",
          ],
  };
}

/** @param keyArn of the key that it gets; undefined where one is made */
function adoptTrail(trail: ExistingTrail, { region }: TrailParts, keyArn: string | undefined): TrailDecision {
  const { s3KeyPrefix, snsTopic } = trail;
  return only(
    {
      kind: "trail",
      name: trail.name,
      decision: "adopt",
      becomes: { type: "aws_cloudtrail", arguments: trail.arguments, tags: trail.tags },
      before: [
        ...beforeOfPart(trail),
        ...(keyArn === undefined || trail.keyArn !== keyArn ? [READERS_NEED_THE_KEY] : []),
        ...(trail.hasAdvancedSelectors
          ? [
              `Terraform may not be able to take its advanced event selectors away; put the basic one in, which records the same: ${awsCommand(
                ...["cloudtrail", "put-event-selectors", "--region", region, "--trail-name", trail.name],
                ...["--event-selectors", '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'],
              )}`,
            ]
          : []),
      ],
      notes: [
        ...(s3KeyPrefix === undefined
          ? []
          : [
              `loses its prefix ${s3KeyPrefix}: new log files begin at AWSLogs/, those that are there stay where they are`,
            ]),
        ...(snsTopic === undefined
          ? []
          : [`no longer tells the topic ${snsTopic} of each log file: what reads them by it gets none`]),
      ],
    },
    { adopt: { trail: trail.arn } },
  );
}
