import { z } from "zod";
import {
  DETECTION_IDS,
  type Detection,
  EC2_DETECTION,
  PRESET_NAMES,
  TRAIL_GUARD_DETECTION,
} from "../detections";
import { checkedWhole, isObject, settings, text, textLike } from "./settings";

// CloudWatch API reference, "PutMetricAlarm"; shorter periods are for high-resolution metrics, and no filter has one.
const periodSeconds = z.number().refine((seconds) => seconds > 0 && seconds <= 86400 && seconds % 60 === 0, {
  error: "is no alarm period: a multiple of 60 up to 86400",
});

const threshold = z.number().positive({ error: "is not more than 0" });

/** ARN patterns with `*` at either end. */
const principals = z.array(
  textLike(
    /^(?=.*[^*])\*?[^*\s"\\]+\*?$/,
    'is no ARN with "*" at either end at most, such as "arn:aws:iam::*:role/Deploy"',
  ),
);

const override = settings({
  /** Name of the alarm, after the prefix. */
  name: textLike(/^.{1,200}$/, "is no alarm name: 1 to 200 characters on one line").optional(),
  threshold: threshold.optional(),
  periodSeconds: periodSeconds.optional(),
  /** Principals whose calls this detection passes over. */
  ignorePrincipals: principals.optional(),
});

const record = z.record(z.string(), z.unknown());
const judgements = { matches: z.array(record), ignores: z.array(record) };
const oneLine = textLike(/^.{1,100}$/, "is not one line of up to 100 characters");

/** How bad it is, from a matter for the weekly review to one for the middle of the night. */
export const severity = z.enum(["low", "medium", "high", "critical"]);

/** Ids of alerts that are no detection's. */
const TAKEN_IDS = [TRAIL_GUARD_DETECTION, EC2_DETECTION];

export const detectionId = textLike(
  /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  'is no id: lower-case letters, digits and single "-"',
);

/** A detection of the team's own, with the fields of {@link Detection}; names follow from id and title unless given. */
const ownDetection = settings({
  id: detectionId.refine((id) => !TAKEN_IDS.includes(id), {
    error: `is taken: ${TAKEN_IDS.join(" and ")} are the ids of alerts that are no detection's`,
  }),
  title: textLike(/^.{1,60}$/, "is no title: 1 to 60 characters on one line"),
  description: text,
  severity,
  controls: settings({
    cis12: text.optional(),
    cis14: text.optional(),
    cis30: text.optional(),
    securityHub: text.optional(),
  }).optional(),
  attack: z.array(textLike(/^T\d{4}(?:\.\d{3})?$/, 'is no ATT&CK technique, such as "T1562.008"')).optional(),
  filterPattern: text,
  tunedPattern: text.optional(),
  filterName: text.optional(),
  metricName: text.optional(),
  alarmName: text.optional(),
  topicName: text.optional(),
  statistic: z.enum(["Sum", "SampleCount", "Average", "Minimum", "Maximum"]).optional(),
  periodSeconds: periodSeconds.optional(),
  threshold: threshold.optional(),
  runbook: z.tuple([oneLine, oneLine, oneLine], { error: "is not a list of three lines" }),
  examples: settings({ ...judgements, tuned: settings(judgements).optional() }),
});

const detectionsSettings = settings({
  /** One set of detections, or several. Where they share a detection it has the form of the set named first. */
  preset: z
    .union([z.enum(PRESET_NAMES), z.array(z.enum(PRESET_NAMES))], {
      error: `is neither a preset nor a list of presets; there are ${PRESET_NAMES.join(", ")}`,
    })
    .transform((names) => (typeof names === "string" ? [names] : names))
    .optional(),
  /** Detections of the sets that are left out. */
  disabled: z.array(z.enum(DETECTION_IDS)).optional(),
  /** What differs from the catalogue, by detection. */
  overrides: settings(Object.fromEntries(DETECTION_IDS.map((id) => [id, override.optional()]))).optional(),
  /** Which pattern is deployed. Default: `standard`. */
  dialect: z.enum(["standard", "tuned", "both"]).optional(),
  /** Principals whose calls every detection passes over; not with the dialect `standard`. */
  ignorePrincipals: principals.optional(),
  /** The team's own detections. */
  own: z.array(ownDetection).optional(),
});

export const detections = checkedWhole(detectionsSettings, (chosen) =>
  ignoredInStandard(chosen).map((ignored) => ({ ...ignored, message: IGNORED_IN_STANDARD })),
);

const IGNORED_IN_STANDARD =
  'would change the pattern, and with the dialect "standard" it is the standard\'s own text, which auditors compare to the letter; choose "tuned" or "both"';

function ignoredInStandard({ dialect = "standard", ignorePrincipals, overrides }: Record<string, unknown>) {
  if (dialect !== "standard") {
    return [];
  }
  const ofOne = Object.entries(isObject(overrides) ? overrides : {}).map(([id, override]) => ({
    path: ["overrides", id, "ignorePrincipals"],
    input: isObject(override) ? override.ignorePrincipals : undefined,
  }));
  return [{ path: ["ignorePrincipals"], input: ignorePrincipals }, ...ofOne].filter(
    ({ input }) => Array.isArray(input) && input.length > 0,
  );
}

export type DetectionsConfig = z.output<typeof detections>;
