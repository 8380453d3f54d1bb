import { FOR_EVER_DAYS } from "../../../aws/values";
import { attributeOf, type Side, UNKNOWN } from "../change";
import type { ResourceChange } from "../plan";
import { isRecord, valueAt } from "../tree";
import { inDays } from "./settings";
import { shownValue } from "./wording";

/** What an enabled lifecycle rule deletes, and when. */
export interface Expiration {
  readonly of: "Log files" | "Noncurrent versions of log files";
  /** Objects whose key begins with it; "" for all. */
  readonly prefix: string;
  /** `KEY=VALUE` of tags that an object must have. */
  readonly tags: readonly string[];
  /** Bytes, exclusive. */
  readonly largerThan: number;
  readonly smallerThan: number;
  readonly when: When;
}

type When =
  | { readonly days: number /** Noncurrent versions that are kept all the same. */; readonly kept: number }
  /** ISO 8601, from which on everything expires. */
  | { readonly date: string };

/**
 * What rules of a lifecycle expire; undefined where a rule can't be read, or is known after apply only.
 *
 * Source: S3 user guide, "Lifecycle configuration elements".
 *
 * @param attribute the list of rules, of the bucket or of its lifecycle configuration
 */
export function expirationsOf(
  change: ResourceChange,
  side: Side,
  attribute: "rule" | "lifecycle_rule",
): readonly Expiration[] | undefined {
  // By name alone: what is unknown within it may be what nothing depends on, such as a rule's ID.
  const rules = change[side] === undefined ? [] : valueAt(change[side], [attribute]);
  if (!Array.isArray(rules)) {
    const isNone =
      attributeOf(change, side, attribute) !== UNKNOWN && (rules === undefined || rules === null);
    return isNone ? [] : undefined;
  }
  const read = rules.map((_, index) =>
    readRule((...path) => attributeOf(change, side, attribute, index, ...path)),
  );
  return read.includes(undefined) ? undefined : read.flatMap((one) => one ?? []);
}

type At = (...path: readonly (string | number)[]) => unknown;

function readRule(at: At): readonly Expiration[] | undefined {
  const enabled = at("status") ?? at("enabled");
  if (enabled === "Disabled" || enabled === false) {
    return [];
  }
  const scope = scopeOf(at);
  const expiration = current(at("expiration"));
  const noncurrent = ofNoncurrent(at("noncurrent_version_expiration"));
  if ((enabled !== "Enabled" && enabled !== true) || expiration === undefined || noncurrent === undefined) {
    return undefined;
  }
  if (scope === undefined) {
    return expiration.length + noncurrent.length === 0 ? [] : undefined;
  }
  return [
    ...expiration.map((when): Expiration => ({ of: "Log files", ...scope, when })),
    ...noncurrent.map((when): Expiration => ({ of: "Noncurrent versions of log files", ...scope, when })),
  ];
}

type Scope = Pick<Expiration, "prefix" | "tags" | "largerThan" | "smallerThan">;

function scopeOf(at: At): Scope | undefined {
  const filter = at("filter");
  const own = at("prefix");
  const inlineTags = at("tags");
  if (filter === UNKNOWN || own === UNKNOWN || inlineTags === UNKNOWN) {
    return undefined;
  }
  const parts = [valueAt(filter, [0]), valueAt(filter, [0, "and", 0])].filter(isRecord);
  const tag = valueAt(filter, [0, "tag", 0]);
  const prefixes = [own, ...parts.map(({ prefix }) => prefix)].filter((one) => !isNothing(one));
  const larger = parts.map((part) => sizeOf(part.object_size_greater_than));
  const smaller = parts.map((part) => sizeOf(part.object_size_less_than));
  const tags = [
    ...[inlineTags, ...parts.map((part) => part.tags)].flatMap((one) =>
      isRecord(one) ? Object.entries(one) : [],
    ),
    ...(isRecord(tag) ? [[tag.key, tag.value]] : []),
  ].map(([key, value]) => `${String(key)}=${String(value)}`);
  const [prefix = ""] = prefixes;
  const isRead = typeof prefix === "string" && (isNothing(filter) || Array.isArray(filter));
  if (!isRead || [...larger, ...smaller].some(Number.isNaN)) {
    return undefined;
  }
  return {
    prefix,
    tags,
    largerThan: Math.max(0, ...larger),
    smallerThan: Math.min(Number.POSITIVE_INFINITY, ...smaller.filter((size) => size > 0)),
  };
}

/** Bytes, 0 for no limit; older providers write text. */
function sizeOf(value: unknown): number {
  return isNothing(value)
    ? 0
    : typeof value === "number" || typeof value === "string"
      ? Number(value)
      : Number.NaN;
}

function current(list: unknown): readonly When[] | undefined {
  const expiration = only(list);
  if (expiration === undefined || isNothing(expiration)) {
    return expiration === undefined ? undefined : [];
  }
  const { date, days } = isRecord(expiration) ? expiration : {};
  if (!isNothing(date)) {
    return typeof date === "string" ? [{ date }] : undefined;
  }
  return whenOf(days, 0);
}

function ofNoncurrent(list: unknown): readonly When[] | undefined {
  const expiration = only(list);
  if (expiration === undefined || isNothing(expiration)) {
    return expiration === undefined ? undefined : [];
  }
  const { noncurrent_days, days, newer_noncurrent_versions: newer } = isRecord(expiration) ? expiration : {};
  // Older providers write the number as text.
  const kept = isNothing(newer) ? 0 : Number(newer);
  return Number.isNaN(kept) ? undefined : whenOf(noncurrent_days ?? days, kept);
}

/** The block in a list of at most one, null without one; undefined for what is known after apply only or is no list. */
function only(list: unknown): unknown {
  if (list === undefined || list === null) {
    return null;
  }
  const [first = null] = Array.isArray(list) ? list : [undefined];
  return Array.isArray(list) && (first === null || isRecord(first)) ? first : undefined;
}

function whenOf(days: unknown, kept: number): readonly When[] | undefined {
  if (isNothing(days) || (typeof days === "number" && days >= FOR_EVER_DAYS)) {
    return [];
  }
  return typeof days === "number" && days > 0 ? [{ days, kept }] : undefined;
}

/** What providers write for an attribute that isn't set. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}

/**
 * What expires earlier than it did, in words: each expiration that none before was as early as, for all that it is about.
 *
 * @param folders that log files are in, such as `AWSLogs/`; undefined where they may be in any
 */
export function shortened(
  before: readonly Expiration[],
  after: readonly Expiration[],
  folders: readonly string[] | undefined,
): readonly string[] {
  const messages = after.flatMap((expiration) =>
    foldersOf(expiration.prefix, folders).flatMap((prefix) => {
      const narrowed = { ...expiration, prefix };
      const earlier = before.filter((one) => covers(one, narrowed));
      return earlier.some(({ when }) => isAsEarly(when, expiration.when))
        ? []
        : [`${expiration.of} expire ${inWords(expiration.when)} instead of ${earliest(earlier)}`];
    }),
  );
  return [...new Set(messages)];
}

/** The part of a prefix's objects that log files are among. One that can't hold any has none. */
function foldersOf(prefix: string, folders: readonly string[] | undefined): readonly string[] {
  const found = (folders ?? ["AWSLogs/"]).flatMap((folder) =>
    folder.startsWith(prefix) ? [folder] : prefix.startsWith(folder) ? [prefix] : [],
  );
  return folders === undefined && found.length === 0 ? [prefix] : found;
}

function covers(outer: Expiration, inner: Expiration): boolean {
  return (
    outer.of === inner.of &&
    inner.prefix.startsWith(outer.prefix) &&
    outer.tags.every((tag) => inner.tags.includes(tag)) &&
    outer.largerThan <= inner.largerThan &&
    outer.smallerThan >= inner.smallerThan
  );
}

function isAsEarly(before: When, after: When): boolean {
  if ("date" in before || "date" in after) {
    return (
      "date" in before &&
      "date" in after &&
      (before.date === after.date || Date.parse(before.date) <= Date.parse(after.date))
    );
  }
  return before.days <= after.days && before.kept <= after.kept;
}

function inWords(when: When): string {
  if ("date" in when) {
    return `on ${shownValue(when.date)}`;
  }
  return `after ${inDays(when.days)}${when.kept === 0 ? "" : ` but for ${when.kept} versions`}`;
}

function earliest(expirations: readonly Expiration[]): string {
  const [first] = [...expirations].sort((one, other) => daysOf(one) - daysOf(other));
  return first === undefined ? "never" : inWords(first.when);
}

function daysOf({ when }: Expiration): number {
  return "days" in when ? when.days : 0;
}
