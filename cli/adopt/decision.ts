import type { ExistingTrail, TrailParts } from "./existing";
import type { AdoptSection, Draft, OtherSettings } from "./item";
import type { Grantee } from "./permissions";

/** What of an environment's settings the decisions need. */
export interface DecideSettings {
  readonly trail?:
    | {
        readonly existingTrail?: string | undefined;
        readonly existingBucket?: string | undefined;
        readonly existingKey?: string | undefined;
        readonly existingLogGroup?: string | undefined;
        readonly objectLock?: unknown;
      }
    | undefined;
  readonly retention?:
    | { readonly logGroupDays?: number | undefined; readonly bucketDays?: number | undefined }
    | undefined;
}

/** What is decided about the trail, or a part of it. */
export interface TrailDecision {
  readonly adopt: AdoptSection;
  readonly settings: OtherSettings;
  readonly items: readonly Draft[];
}

/** What each part's decision is made of. */
export interface Found {
  readonly parts: TrailParts;
  readonly settings: DecideSettings;
  /** The trail that is adopted; undefined where one is made. */
  readonly trail: ExistingTrail | undefined;
}

export const NOTHING: TrailDecision = { adopt: {}, settings: {}, items: [] };

/** Name of a part that is made and has no name yet. */
export const OF_ITS_OWN = "of the deployment's own";

/** Where log files are encrypted with another key than before. */
export const READERS_NEED_THE_KEY =
  "who reads log files by a role of their own (a SIEM, Athena) needs kms:Decrypt on the key from then on";

/** A decision of a single item. */
export function only(item: Draft, decided: Partial<Omit<TrailDecision, "items">> = {}): TrailDecision {
  return { ...NOTHING, ...decided, items: [item] };
}

/** Whether AWS Control Tower made what has the name, and makes it again (AWS Control Tower user guide, "Resources created in the shared accounts"). */
export function isControlTowers(name: string): boolean {
  return /^aws-controltower/i.test(name);
}

export const WHY_CONTROL_TOWERS_STAYS = "it is AWS Control Tower's, which would make it as it was";

/** Whom policies of used parts must allow what: the trail as it is, or as it will be. */
export function granteeOf(
  { partition, region, accountId }: TrailParts,
  trail: ExistingTrail | undefined,
  trailName: string,
): Grantee {
  return {
    partition,
    region,
    accountId,
    trailArn: trail?.arn ?? `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName}`,
  };
}
