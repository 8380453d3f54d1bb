import { withoutSecrets } from "../../aws/secret-url";
import { isObject } from "../../config/settings";
import { type DeclaredPart, inWords, nameOf } from "./declared";
import type { Draft, Item } from "./item";
import { accessOf, statementsOf, titleOf } from "./policy-statements";

/** Arguments that say which resource it is, or only how Terraform treats it. */
const NO_SETTINGS: readonly string[] = [
  "bucket",
  "deletion_window_in_days",
  "filename",
  "force_destroy",
  "log_group_name",
  "object_lock_enabled",
  "path",
  "tags",
  "target_id",
];
/** The same, for one type. */
const NO_SETTINGS_OF: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_target: ["rule"],
  aws_iam_role_policy: ["name", "role"],
  aws_sns_topic: ["name"],
  aws_sns_topic_policy: ["arn"],
};

/** What AWS, or Terraform, takes where a stack declares nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  actions_enabled: true,
  bucket_key_enabled: false,
  include_global_service_events: true,
  max_session_duration: 3600,
  state: "ENABLED",
  treat_missing_data: "missing",
};

/** The same, for values within a setting. */
const DEFAULTS_WITHIN: Readonly<Record<string, unknown>> = {
  "event_selector.read_write_type": "All",
  "event_selector.include_management_events": true,
};

/** What Terraform leaves as it is where a stack declares nothing. */
const LEFT_AS_THEY_ARE: readonly string[] = ["datapoints_to_alarm"];

/** Text that is JSON, of which neither order nor spelling counts. */
const JSON_TEXTS: readonly string[] = ["assume_role_policy", "delivery_policy", "event_pattern", "policy"];
const POLICIES: readonly string[] = ["assume_role_policy", "policy"];

const LONGEST_VALUE = 200;

/**
 * Works out what Terraform changes of each thing that is adopted.
 *
 * @param declared what the stack declares, with the section
 * @param tags those that the stack gives to everything
 */
export function withChanges(
  drafts: readonly Draft[],
  declared: readonly DeclaredPart[],
  tags: Readonly<Record<string, string>>,
): Item[] {
  return drafts.map(({ becomes, before = [], ...item }) => {
    const part = becomes === undefined ? undefined : declaredFor(becomes, declared);
    return {
      ...item,
      before,
      changes:
        becomes === undefined || part === undefined
          ? []
          : [
              ...changesOf(becomes.type, becomes.arguments, part.arguments),
              ...(becomes.makesLifecycle === true ? madeLifecycle(declared) : []),
              ...(becomes.tags === undefined ? [] : tagChanges(becomes.tags, tags)),
            ],
    };
  });
}

/** What a lifecycle does that a bucket hasn't had: only what it deletes, and when. */
function madeLifecycle(declared: readonly DeclaredPart[]): string[] {
  const type = "aws_s3_bucket_lifecycle_configuration";
  const made = declared.find((part) => part.type === type);
  return changesOf(type, {}, made?.arguments ?? {})
    .filter((line) => /days\w*: /.test(line))
    .map((line) => `lifecycle.${line}`);
}

function declaredFor(
  { type, name }: NonNullable<Draft["becomes"]>,
  declared: readonly DeclaredPart[],
): DeclaredPart | undefined {
  return declared.find(
    (part) =>
      part.type === type && !part.isElsewhere && (name === undefined || namesOfPart(part).includes(name)),
  );
}

function namesOfPart(part: DeclaredPart): unknown[] {
  return part.type === "aws_cloudwatch_event_target"
    ? [part.arguments.rule]
    : part.type === "aws_sns_topic_policy"
      ? [part.arguments.arn]
      : [nameOf(part)];
}

/** One line for each setting that differs: `setting: now -> then`. */
export function changesOf(
  type: string,
  existing: Readonly<Record<string, unknown>>,
  declared: Readonly<Record<string, unknown>>,
): string[] {
  const ignored = [...NO_SETTINGS, ...(NO_SETTINGS_OF[type] ?? [])];
  return keysOf(existing, declared)
    .filter((name) => !ignored.includes(name))
    .flatMap((name) => {
      const now = normal(name, existing[name]);
      const next = normal(name, declared[name]);
      if (textOf(now) === textOf(next)) {
        return [];
      }
      if (POLICIES.includes(name)) {
        return policyLines(name, now, next);
      }
      if (next === undefined && LEFT_AS_THEY_ARE.includes(name)) {
        return [];
      }
      if (name === "source_code_hash") {
        return ["code: its own -> this deployment's"];
      }
      if (name === "retention_in_days" && now === 0) {
        return [`${name}: for ever -> ${shown(declared[name], next)}`];
      }
      return leaves(name, now, next).map(
        ([at, was, is]) =>
          `${at}: ${shown(existing[name], was)} -> ${shown(declared[name], is ?? DEFAULTS_WITHIN[at])}`,
      );
    });
}

function keysOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** Single values of a setting that differ, each with where it is: `rule.bucket_key_enabled`. */
function leaves(
  at: string,
  now: unknown,
  next: unknown,
): (readonly [at: string, now: unknown, next: unknown])[] {
  const was = single(now);
  const is = single(next);
  if ((isObject(was) || was === undefined) && (isObject(is) || is === undefined) && was !== is) {
    return keysOf(was ?? {}, is ?? {}).flatMap((key) => leaves(`${at}.${key}`, was?.[key], is?.[key]));
  }
  return textOf(was) === textOf(is) ? [] : [[at, was, is]];
}

/** The one item of a list of one. */
function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Tags that Terraform gives and takes away. */
export function tagChanges(
  now: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): string[] {
  return keysOf(now, wanted).flatMap((key) =>
    now[key] === wanted[key]
      ? []
      : [`tags.${key}: ${shown(now[key], now[key])} -> ${shown(wanted[key], wanted[key])}`],
  );
}

/** A value such that values that mean the same are alike. */
function normal(name: string, value: unknown): unknown {
  if (value === undefined || value === null || value === "" || isEmpty(value)) {
    return DEFAULTS[name];
  }
  if (JSON_TEXTS.includes(name) && typeof value === "string") {
    return jsonOr(value);
  }
  if (name === "environment" && isObject(value) && isObject(value.variables)) {
    // Values may be secrets: only their names are told.
    return { variables: Object.keys(value.variables).sort() };
  }
  if (name === "environment" && isObject(value) && Array.isArray(value.variables)) {
    return { variables: [...value.variables].sort() };
  }
  return value;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Lists are AWS's sets, and one of a single item is that item. */
function textOf(value: unknown): string {
  return JSON.stringify(canonical(value)) ?? "";
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.length === 1
      ? items[0]
      : items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, canonical(value[key])]),
      )
    : value;
}

function shown(given: unknown, value: unknown): string {
  if (value === undefined) {
    return "none";
  }
  const isDefault = given === undefined || given === null || given === "" || isEmpty(given);
  const text = withoutSecrets(inWords(plainText(value)));
  const cut = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return isDefault ? `${cut} (by default)` : cut;
}

function plainText(value: unknown): string {
  return typeof value === "string"
    ? value
    : Array.isArray(value) && value.every((item) => typeof item === "string")
      ? value.join(", ")
      : JSON.stringify(value);
}

function policyLines(name: string, now: unknown, next: unknown): string[] {
  const before = statementsOf(now);
  const after = statementsOf(next);
  const gone = without(before, after);
  const come = without(after, before);
  const titlesGone = gone.map(titleOf);
  const titlesCome = come.map(titleOf);
  return [
    ...gone
      .filter((statement) => !titlesCome.includes(titleOf(statement)))
      .map((statement) => `${name}: without ${described(statement)}`),
    ...come.map(
      (statement) =>
        `${name}: ${titlesGone.includes(titleOf(statement)) ? "with another" : "with"} ${described(statement)}`,
    ),
  ];
}

/** One without a name is told in full by its title. */
function described(statement: Readonly<Record<string, unknown>>): string {
  const title = titleOf(statement);
  return inWords(title === statement.Sid ? `${title} (${accessOf(statement)})` : title);
}

/** The statements that others don't have. */
function without(
  statements: readonly Readonly<Record<string, unknown>>[],
  others: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>>[] {
  const known = others.map(textOf);
  return statements.filter((statement) => !known.includes(textOf(statement)));
}
