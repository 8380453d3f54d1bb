import { decideBucket } from "./decide-bucket";
import { decideDeliveryRole } from "./decide-delivery-role";
import { decideKey } from "./decide-key";
import { decideLogGroup } from "./decide-log-group";
import { type DecideSettings, NOTHING, only, type TrailDecision } from "./decision";
import type { ExistingTrail, TrailParts } from "./existing";
import { awsCommand, notesOfPart, notLookedAt, type OtherSettings } from "./item";
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
    return only(notLookedAt("trail", names.trail, parts.trail.problem));
  }
  const trail = parts.trail.found;
  const why = trail === undefined ? undefined : whyNotImported(trail, parts);
  if (trail !== undefined && why !== undefined) {
    return useTrail(trail, why, { parts, settings });
  }
  const found = { parts, settings, trail };
  const bucket = decideBucket(found, names.trail);
  const logGroup = decideLogGroup(found, names.logGroup);
  const isUsed =
    chosen.existingLogGroup !== undefined || logGroup.settings.trail?.existingLogGroup !== undefined;
  const ownLogGroups = isUsed ? [] : [logGroup.adopt.logGroup ?? names.logGroup];
  const key = decideKey(found, names.trail, [...ownLogGroups, ...names.functionLogGroups]);
  const decisions = [
    trail === undefined ? newTrail(parts, names.trail) : adoptTrail(trail, parts),
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

function newTrail({ trails }: TrailParts, name: string): TrailDecision {
  const others = trails.map((other) => `${other.name} (${other.homeRegion})`).join(", ");
  return only({
    kind: "trail",
    name,
    decision: "new",
    notes:
      others === ""
        ? []
        : [
            `these record here, too, and CloudTrail charges for the second copy of management events: ${others}; --trail NAME chooses one`,
          ],
  });
}

function adoptTrail(trail: ExistingTrail, { region }: TrailParts): TrailDecision {
  const { s3KeyPrefix, snsTopic } = trail;
  return only(
    {
      kind: "trail",
      name: trail.name,
      decision: "adopt",
      becomes: { type: "aws_cloudtrail", arguments: trail.arguments, tags: trail.tags },
      notes: [
        ...notesOfPart(trail),
        ...(s3KeyPrefix === undefined
          ? []
          : [
              `loses its prefix ${s3KeyPrefix}: new log files begin at AWSLogs/, those that are there stay where they are`,
            ]),
        ...(snsTopic === undefined
          ? []
          : [`no longer tells the topic ${snsTopic} of each log file: what reads them by it gets none`]),
        ...(trail.hasAdvancedSelectors
          ? [
              "Terraform may not be able to take its advanced event selectors away; the basic one, which records the same, goes in by hand before terraform apply:",
              awsCommand(
                ...["cloudtrail", "put-event-selectors", "--region", region, "--trail-name", trail.name],
                ...["--event-selectors", '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'],
              ),
            ]
          : []),
      ],
    },
    { adopt: { trail: trail.arn } },
  );
}
