import { z } from "zod";
import {
  CLOUDTRAIL_INSIGHT_TYPES,
  EC2_INSTANCE_STATES,
  FOR_EVER_DAYS,
  LOG_RETENTION_DAYS,
} from "../aws/values";
import { GUARD_MODES, GUARD_ROWS, type GuardRow } from "../lambda-src/guard/rows";
import { adopt, adoptProblems } from "./adopt";
import { alerts } from "./alerts";
import { backendSchema } from "./backends";
import { detections } from "./detections";
import {
  checkedWhole,
  isObject,
  keyArn,
  objectsIn,
  type Problem,
  settings,
  textLike,
  url,
  wholeNumber,
} from "./settings";

const trail = settings({
  /** Name of the trail, after the prefix; also the stem of the names of its bucket, log group and role. */
  name: textLike(
    /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/,
    'is no trail name: letters, digits and single ".", "_" or "-" between them',
  ).optional(),
  /** Name or ARN of a trail that exists already. Needs `existingLogGroup`. */
  existingTrail: textLike(
    /^(?:arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:trail\/)?[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/,
    "is neither a trail's name nor its ARN",
  ).optional(),
  /** Name or ARN of a bucket that exists already. */
  existingBucket: textLike(
    /^(?:arn:[\w-]+:s3:::)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "is neither a bucket's name nor its ARN",
  )
    .transform((nameOrArn) => nameOrArn.slice(nameOrArn.lastIndexOf(":") + 1))
    .optional(),
  /** ARN of a KMS key that exists already. */
  existingKey: keyArn.optional(),
  /** Name or ARN of a log group that exists already. */
  existingLogGroup: textLike(
    /^(?:arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[\w./#-]{1,512}(?::\*)?|[\w./#-]{1,512})$/,
    "is neither a log group's name nor its ARN",
  ).optional(),
  /** What CloudTrail Insights looks for. Default: nothing. */
  insights: z.array(z.enum(CLOUDTRAIL_INSIGHT_TYPES)).optional(),
  /** Default object lock of a new bucket, or of an adopted one. */
  objectLock: settings({
    mode: z.enum(["GOVERNANCE", "COMPLIANCE"]),
    days: wholeNumber(1, 36500),
  }).optional(),
  /** Lets Terraform destroy the bucket with the log files in it. Default: false. */
  forceDestroy: z.boolean().optional(),
});

const retention = settings({
  /** Days that log groups keep events. Default: 365. */
  logGroupDays: z.literal([...LOG_RETENTION_DAYS]).optional(),
  /** Days that the bucket keeps log files. Default: 365. */
  bucketDays: wholeNumber(1, FOR_EVER_DAYS).optional(),
});

const guard = settings({
  /** Default: `enforce`. */
  mode: z.enum(GUARD_MODES).optional(),
  /** Modes of single rows. Default: the guard's. */
  modes: settings(modesOfRows()).optional(),
  /** ARN patterns of users and roles that are told of and left. Default: none. */
  exemptPrincipals: z
    .array(
      textLike(
        /^arn:[\w*-]+:iam::[\d*?]+:(?:root|(?:user|role)\/[\w+=,.@*?/-]+)$/,
        'is no ARN pattern of a user or role, such as "arn:aws:iam::123456789012:role/Terraform"',
      ),
    )
    .optional(),
  /** Minutes between two regular looks. Default: 5. */
  everyMinutes: wholeNumber(1, 60).optional(),
  /** Repairs above which the guard only tells. Default: 100 in 15 minutes. */
  repairs: settings({ limit: wholeNumber(1, 1000), windowMinutes: wholeNumber(1, 60) }).optional(),
  /** Minutes that the guard waits for Terraform to finish before it makes what is missing. Default: 30. */
  gracePeriodMinutes: wholeNumber(1, 1440).optional(),
  /** Minutes of the longest pause that the guard takes. Default: 240. */
  longestPauseMinutes: wholeNumber(1, 10_080).optional(),
});

function modesOfRows() {
  const mode = z.enum(GUARD_MODES).optional();
  return Object.fromEntries(GUARD_ROWS.map((row) => [row, mode])) as Record<GuardRow, typeof mode>;
}

const provider = settings({
  /** URL of an emulator, which every call to AWS is sent to. */
  endpoint: url.optional(),
  s3UsePathStyle: z.boolean().optional(),
  skipCredentialsValidation: z.boolean().optional(),
  skipMetadataApiCheck: z.boolean().optional(),
  skipRequestingAccountId: z.boolean().optional(),
});

const environment = settings({
  /** Home region of the trail and region of everything else. */
  region: textLike(/^[a-z]{2,}(?:-[a-z]+)+-\d$/, 'is no AWS region, such as "ap-northeast-2"'),
  /** Stands before every name. */
  namePrefix: textLike(
    /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-?$/,
    'is no name prefix: lower-case letters, digits and single "-", beginning with a letter',
  )
    .max(20, { error: "is longer than 20 characters" })
    .optional(),
  /** Tags of every resource that takes tags. */
  tags: z
    .record(
      textLike(/^(?!aws:).{1,128}$/i, 'no tag key: 1 to 128 characters, not beginning with "aws:"'),
      z.string().max(256, { error: "is longer than 256 characters" }),
    )
    .optional(),
  /** Where Terraform keeps the state. Default: a local file beside `cdktf.out`, for trials only. */
  backend: backendSchema.optional(),
  trail: trail
    .refine(({ existingTrail, existingLogGroup }) => !existingTrail || existingLogGroup, {
      path: ["existingLogGroup"],
      params: { withoutValue: true },
      error: "missing; existingTrail needs the log group that it delivers to",
      when: ({ value }) => isObject(value),
    })
    .optional(),
  /** What exists already and is taken over. Default: nothing; everything is made. */
  adopt: adopt.optional(),
  retention: retention.optional(),
  alerts: alerts.optional(),
  detections: detections.optional(),
  /** EC2 instance states that people are told of; an empty list turns it off. */
  ec2States: z.array(z.enum(EC2_INSTANCE_STATES)).optional(),
  guard: guard.optional(),
  provider: provider.optional(),
});

export const environmentSchema = checkedWhole(environment, (settings) => [
  ...regionProblems(settings),
  ...trailNameProblems(settings),
  ...uselessSettings(settings),
  ...adoptProblems(settings),
]);

/** Settings of which any may be wrong. */
interface UncheckedSettings {
  readonly region?: unknown;
  readonly namePrefix?: unknown;
  readonly trail?: unknown;
  readonly retention?: unknown;
  readonly alerts?: unknown;
}

/** A trail, a key, a log group, a secret and a function that a topic calls are used in their own region only. */
function regionProblems({ region, trail, alerts }: UncheckedSettings): Problem[] {
  if (typeof region !== "string") {
    return [];
  }
  const ofTrail = ["existingTrail", "existingKey", "existingLogGroup"].map((name) => ({
    path: ["trail", name],
    input: textAt(trail, name),
  }));
  const elsewhere = [...ofTrail, ...regionalParts(alerts)].flatMap(({ path, input }) => {
    const arnRegion = input.startsWith("arn:") ? input.split(":")[3] : undefined;
    return arnRegion === undefined || arnRegion === region
      ? []
      : [{ path, input, message: `is in ${arnRegion}, and the environment in ${region}` }];
  });
  return [...elsewhere, ...chatProblems(region, alerts)];
}

/** ARNs in the settings of alerts that the region must be that of. */
function regionalParts(alerts: unknown): { path: PropertyKey[]; input: string }[] {
  const routes = objectsIn(valueAt(alerts, "routes"));
  const functions = [
    { of: alerts, path: ["alerts"] },
    ...routes.map(([index, route]) => ({ of: route, path: ["alerts", "routes", index] })),
  ].flatMap(({ of, path }) =>
    objectsIn(valueAt(of, "subscribers")).flatMap(([index, subscriber]) =>
      subscriber.protocol === "lambda"
        ? [{ path: [...path, "subscribers", index, "endpoint"], input: textAt(subscriber, "endpoint") }]
        : [],
    ),
  );
  const secrets = routes.flatMap(([routeIndex, route]) =>
    objectsIn(route.slack).flatMap(([index, webhook]) =>
      ["secret", "keyArn"].map((name) => ({
        path: ["alerts", "routes", routeIndex, "slack", index, name],
        input: textAt(webhook, name),
      })),
    ),
  );
  return [...functions, ...secrets];
}

// AWS General Reference, "Amazon Q Developer in chat applications endpoints and quotas"
function chatProblems(region: string, alerts: unknown): Problem[] {
  const chatbot = valueAt(alerts, "chatbot");
  return /^(?:cn|us-gov)-/.test(region) && Array.isArray(chatbot) && chatbot.length > 0
    ? [
        {
          path: ["alerts", "chatbot"],
          message: `there is no Amazon Q Developer in chat applications for ${region}; a route's slack does without it`,
        },
      ]
    : [];
}

/** The bucket, which is named after the trail, its account and its region, has at most 63 characters. */
const LONGEST_TRAIL_NAME = 35;

function trailNameProblems({ namePrefix, trail }: UncheckedSettings): Problem[] {
  const input = textAt(trail, "name");
  const most = LONGEST_TRAIL_NAME - (typeof namePrefix === "string" ? namePrefix.length : 0);
  return input === "" || (input.length >= 3 && input.length <= most)
    ? []
    : [
        {
          path: ["trail", "name"],
          input,
          message: `has ${input.length} characters; 3 to ${most} are allowed`,
        },
      ];
}

/** What would do nothing, for want of the bucket or the trail that it is about. */
function uselessSettings({ trail, retention }: UncheckedSettings): Problem[] {
  const ofBucket = ["trail.objectLock", "trail.forceDestroy", "retention.bucketDays"];
  const ofTrail = [...ofBucket, "trail.name", "trail.existingBucket", "trail.insights"];
  const existing = ["existingTrail", "existingBucket"].find((name) => textAt(trail, name) !== "");
  const useless = { existingTrail: ofTrail, existingBucket: ofBucket }[existing ?? ""] ?? [];
  return useless.flatMap((setting) => {
    const [group, name] = setting.split(".") as [string, string];
    const input = valueAt(group === "trail" ? trail : retention, name);
    return input === undefined
      ? []
      : [
          {
            path: [group, name],
            input,
            message: `would do nothing: with trail.${existing} it is not made here`,
          },
        ];
  });
}

function textAt(settings: unknown, name: string): string {
  const value = valueAt(settings, name);
  return typeof value === "string" ? value : "";
}

function valueAt(settings: unknown, name: string): unknown {
  return isObject(settings) ? settings[name] : undefined;
}

/** One environment as a team writes it. */
export type EnvironmentConfig = z.input<typeof environmentSchema>;
/** One environment once checked. */
export type Environment = z.output<typeof environmentSchema>;
