import { z } from "zod";
import { BUCKET_SETTINGS } from "../aws/values";
import { checkedWhole, isObject, keyArn, type Problem, settings, textLike } from "./settings";

type Unchecked = Readonly<Record<string, unknown>>;

// IAM user guide, "IAM identifiers"; of a path's characters those that Terraform takes as they are
const roleArn = textLike(
  /^arn:[\w-]+:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
  "is no role's ARN (arn:aws:iam::ACCOUNT:role/NAME)",
);

// EventBridge API reference, "PutRule" and "PutTargets"
const ruleName = /^[\w.-]{1,64}$/;

const adoptSettings = settings({
  /** ARN of the trail, which keeps its name. */
  trail: textLike(
    /^arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:trail\/[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/,
    "is no trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)",
  ).optional(),
  /** Name of the trail's bucket, which this account owns and nothing but the trail uses. */
  bucket: textLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is no bucket's name").optional(),
  /** Which settings of that bucket exist; the others are made. */
  bucketSettings: z.array(z.enum(BUCKET_SETTINGS)).optional(),
  /** ARN of the key that becomes the deployment's own. */
  key: keyArn.optional(),
  /** Name of the log group that the trail delivers to. */
  logGroup: textLike(/^[\w./#-]{1,512}$/, "is no log group's name").optional(),
  /** ARN of the role that delivers to the log group. */
  deliveryRole: roleArn.optional(),
  /** Name of that role's inline policy that becomes the one by which it writes to the log group. */
  deliveryRolePolicy: textLike(/^[\w+=,.@-]{1,128}$/, "is no inline policy's name").optional(),
  /** Names of metric filters, which are in `logGroup` or in `trail.existingLogGroup`. */
  metricFilters: z.array(textLike(/^[^:*]{1,512}$/, "is no metric filter's name")).optional(),
  /** Names of alarms. */
  alarms: z.array(textLike(/^.{1,255}$/, "is no alarm's name")).optional(),
  /** ARNs of topics, whose policies are taken over with them. */
  topics: z
    .array(
      textLike(
        /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/,
        "is no topic's ARN (arn:aws:sns:REGION:ACCOUNT:NAME)",
      ),
    )
    .optional(),
  /** Names of event rules on the default bus. */
  eventRules: z.array(textLike(ruleName, "is no event rule's name")).optional(),
  /** `RULE/TARGET_ID`: a target that becomes the one target that this deployment has for the rule. */
  eventTargets: z
    .array(textLike(/^[\w.-]{1,64}\/[\w.-]{1,64}$/, 'is no "RULE/TARGET_ID" of an event rule\'s target'))
    .optional(),
  /** Names of functions. */
  functions: z.array(textLike(/^[\w-]{1,64}$/, "is no function's name")).optional(),
  /** Names of the functions' log groups. */
  logGroups: z
    .array(textLike(/^\/aws\/lambda\/[\w-]{1,64}$/, "is no function's log group (/aws/lambda/NAME)"))
    .optional(),
  /** ARNs of roles other than the one that delivers. */
  roles: z.array(roleArn).optional(),
  /** Aliases of keys, with `alias/`. */
  keyAliases: z.array(textLike(/^alias\/[\w/-]{1,250}$/, "is no key's alias (alias/NAME)")).optional(),
});

/**
 * What exists in the account and Terraform takes over as it is, by import, and then changes in place. Trail, bucket, key, log
 * group and delivery role keep their names; everything else has the name that this deployment gives it, prefix included.
 *
 * The section stays once it is applied: Terraform passes over imports of what it manages already. Without it trail, bucket, log
 * group and role would get the names that a new deployment gives them, and a new name replaces them.
 */
export const adopt = checkedWhole(adoptSettings, (adopted) => [
  ...withoutOther(adopted),
  ...repeated(adopted),
]);

/** What belongs to something that is not adopted. */
function withoutOther(adopted: Unchecked): Problem[] {
  const owners = { bucketSettings: "bucket", deliveryRolePolicy: "deliveryRole" };
  return Object.entries(owners).flatMap(([name, owner]) =>
    adopted[name] === undefined || adopted[owner] !== undefined
      ? []
      : [{ path: [owner], message: `missing; ${name} says what of it exists` }],
  );
}

function repeated(adopted: Unchecked): Problem[] {
  return Object.entries(adopted).flatMap(([list, items]) => {
    const names: unknown[] = Array.isArray(items) ? items : [];
    return names.flatMap((input, index) =>
      typeof input === "string" && names.indexOf(input) < index
        ? [{ path: [list, index], input, message: "is already that of another" }]
        : [],
    );
  });
}

/** What of `adopt` contradicts the environment's other settings, of which any may be wrong. */
export function adoptProblems({
  region,
  trail: trailSettings,
  adopt: adoptSettings,
}: {
  readonly region?: unknown;
  readonly trail?: unknown;
  readonly adopt?: unknown;
}): Problem[] {
  const adopted = isObject(adoptSettings) ? adoptSettings : {};
  const trail = isObject(trailSettings) ? trailSettings : {};
  return [
    ...inOtherRegions(adopted, region),
    ...usedAsTheyAre(adopted, trail),
    ...(adopted.trail !== undefined && trail.name !== undefined
      ? [
          {
            path: ["trail", "name"],
            input: trail.name,
            message: "stands beside adopt.trail, whose name the trail keeps",
          },
        ]
      : []),
    ...withoutPart(adopted, trail),
  ];
}

/** Everything with a region in its ARN. */
function inOtherRegions({ trail, key, topics }: Unchecked, region: unknown): Problem[] {
  const arns = [
    { path: ["adopt", "trail"], input: trail },
    { path: ["adopt", "key"], input: key },
    ...(Array.isArray(topics) ? topics : []).map((input: unknown, index) => ({
      path: ["adopt", "topics", index],
      input,
    })),
  ];
  return arns.flatMap(({ path, input }) => {
    const arnRegion = typeof input === "string" ? input.split(":")[3] : undefined;
    return typeof region !== "string" || !arnRegion || arnRegion === region
      ? []
      : [{ path, input, message: `is in ${arnRegion}, and the environment in ${region}` }];
  });
}

/** What is used as it is, or not made at all, can't be taken over. */
function usedAsTheyAre(adopted: Unchecked, trail: Unchecked): Problem[] {
  const contradictions: Readonly<Record<string, readonly string[]>> = {
    trail: ["existingTrail"],
    bucket: ["existingTrail", "existingBucket"],
    key: ["existingKey"],
    logGroup: ["existingLogGroup"],
    deliveryRole: ["existingTrail"],
  };
  return Object.entries(contradictions).flatMap(([name, existing]) => {
    const other = existing.find((setting) => trail[setting] !== undefined);
    return adopted[name] === undefined || other === undefined
      ? []
      : [
          {
            path: ["adopt", name],
            input: adopted[name],
            message: `stands beside trail.${other}, by which it is used as it is and not taken over`,
          },
        ];
  });
}

/** What exists in a part that doesn't, or is a setting of the bucket that nobody asked for. */
function withoutPart(adopted: Unchecked, trail: Unchecked): Problem[] {
  const { metricFilters, bucketSettings } = adopted;
  const hasFilters = Array.isArray(metricFilters) && metricFilters.length > 0;
  const objectLock = Array.isArray(bucketSettings) ? bucketSettings.indexOf("objectLock") : -1;
  return [
    ...(hasFilters && adopted.logGroup === undefined && trail.existingLogGroup === undefined
      ? [
          {
            path: ["adopt", "metricFilters"],
            message: "are in a log group that exists: name it with adopt.logGroup or trail.existingLogGroup",
          },
        ]
      : []),
    ...(objectLock >= 0 && trail.objectLock === undefined
      ? [
          {
            path: ["adopt", "bucketSettings", objectLock],
            input: "objectLock",
            message: "would do nothing: without trail.objectLock it is left as it is",
          },
        ]
      : []),
  ];
}
