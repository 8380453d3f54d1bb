import type { Attributes, ResourceChange } from "./plan";
import { holdsAnywhere, holdsAt, isSame, valueAt } from "./tree";

/** Stands for a value that is known after apply only, or that the plan should hold and doesn't. */
export const UNKNOWN = Symbol("unknown");

export type Side = "before" | "after";

/**
 * An attribute's value; null and undefined where it has none, {@link UNKNOWN} where the plan can't say.
 *
 * @param path the attribute's name, and names and indexes within it
 */
export function attributeOf(
  change: ResourceChange,
  side: Side,
  ...path: readonly (string | number)[]
): unknown {
  const attributes = change[side];
  if (attributes === undefined) {
    return undefined;
  }
  const name = String(path[0]);
  if (side === "after" && (change.afterUnknown === true || holdsAt(change.afterUnknown, path))) {
    return UNKNOWN;
  }
  // Providers name each attribute, if only with null: one that was there and isn't any more is unknown.
  if (side === "after" && !Object.hasOwn(attributes, name) && hasOwn(change.before, name)) {
    return UNKNOWN;
  }
  return valueAt(attributes, path);
}

function hasOwn(attributes: Attributes | undefined, name: string): boolean {
  return attributes !== undefined && Object.hasOwn(attributes, name);
}

/** Whether a value, or anything in it, is marked sensitive on either side: it isn't printed. */
export function isSensitive(change: ResourceChange, ...path: readonly (string | number)[]): boolean {
  return holdsAt(change.beforeSensitive, path) || holdsAt(change.afterSensitive, path);
}

/** Whether what was there is destroyed, by itself or to be made anew. */
export function isDestroyed({ action }: ResourceChange): boolean {
  return action === "delete" || action === "replace";
}

/** Names of the attributes that differ or aren't known, in order. */
export function changedAttributes(change: ResourceChange): string[] {
  const names = new Set([
    ...Object.keys(change.before ?? {}),
    ...Object.keys(change.after ?? {}),
    ...unknownNames(change),
  ]);
  return [...names].sort().filter((name) => {
    const before = attributeOf(change, "before", name);
    const after = attributeOf(change, "after", name);
    return after === UNKNOWN || !isSame(before, after);
  });
}

function unknownNames({ afterUnknown }: ResourceChange): string[] {
  return typeof afterUnknown === "object"
    ? Object.entries(afterUnknown).flatMap(([name, tree]) => (holdsAnywhere(tree) ? [name] : []))
    : [];
}

/** What becomes of something that is to stay as it is. */
export type Outcome = "kept" | "lost" | "unknown";
