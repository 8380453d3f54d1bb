import { attributeOf, changedAttributes, isSensitive, UNKNOWN } from "./change";
import type { ResourceChange } from "./plan";

/** What a plan does, in the order in which people should look at it. */
export const CHANGE_GROUPS = [
  "removed",
  "replaced",
  "noLongerManaged",
  "changed",
  "imported",
  "added",
] as const;

export type ChangeGroup = (typeof CHANGE_GROUPS)[number];

/** A resource and what differs in it: names only, never values. */
export interface Change {
  readonly address: string;
  readonly attributes: readonly ChangedAttribute[];
}

export interface ChangedAttribute {
  readonly name: string;
  /** Something in it is marked sensitive. */
  readonly sensitive: boolean;
  readonly knownAfterApply: boolean;
}

/** Every resource that a plan does something to, by address. What is only read, or stays as it is, is left out. */
export function changesOf(changes: readonly ResourceChange[]): Record<ChangeGroup, Change[]> {
  const groups: Record<ChangeGroup, Change[]> = {
    removed: [],
    replaced: [],
    noLongerManaged: [],
    changed: [],
    imported: [],
    added: [],
  };
  for (const change of [...changes].sort(byAddress)) {
    // What Terraform forgets stays as it is.
    const names = change.action === "forget" ? [] : differing(change);
    const group = groupOf(change, names);
    if (group !== undefined) {
      groups[group].push({ address: change.address, attributes: names.map((name) => told(change, name)) });
    }
  }
  return groups;
}

/**
 * Of what is replaced those that say why, or differ for sure: whatever a provider computes anew is known after apply only, and
 * none may differ where it is replaced with something else.
 */
function differing(change: ResourceChange): readonly string[] {
  const changed = changedAttributes(change);
  return change.action === "replace"
    ? changed.filter((name) => change.replacedFor.includes(name) || isKnownToDiffer(change, name))
    : changed;
}

function isKnownToDiffer(change: ResourceChange, name: string): boolean {
  const after = attributeOf(change, "after", name);
  return after !== UNKNOWN && !(isNothing(attributeOf(change, "before", name)) && isNothing(after));
}

/** What a provider writes for an attribute that isn't set, before it's made or afterwards. */
function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function byAddress({ address: one }: ResourceChange, { address: other }: ResourceChange): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function groupOf(
  { action, isImported }: ResourceChange,
  changed: readonly string[],
): ChangeGroup | undefined {
  switch (action) {
    case "create":
      return "added";
    case "delete":
      return "removed";
    case "replace":
      return "replaced";
    case "forget":
      return "noLongerManaged";
    default:
      // A plan that says no-op and holds a difference has one.
      return isImported ? "imported" : action === "update" || changed.length > 0 ? "changed" : undefined;
  }
}

function told(change: ResourceChange, name: string): ChangedAttribute {
  return {
    name,
    sensitive: isSensitive(change, name),
    knownAfterApply: attributeOf(change, "after", name) === UNKNOWN,
  };
}
