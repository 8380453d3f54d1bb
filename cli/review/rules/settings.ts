import { nameIn } from "../../arn";
import type { Parts } from "../audit-parts";
import { attributeOf, type Outcome, type Side, UNKNOWN } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import type { RuleId } from "../rules";
import { holdsAnywhere } from "../tree";

/** Which resources have settings, and how they are named. */
export interface OwnerKind {
  readonly types: readonly string[];
  /** The owner's own attribute. */
  readonly name: string;
  /** That of a settings resource that names its owner. */
  readonly namedBy: string;
}

/** The resources in a plan that others are settings of, such as a bucket of its policy. */
export class Owners {
  private readonly byName = new Map<string, ResourceChange[]>();
  private readonly byConfigAddress = new Map<string, ResourceChange[]>();

  constructor(
    private readonly context: ReviewContext,
    private readonly kind: OwnerKind,
  ) {
    for (const change of context.plan.changes) {
      if (kind.types.includes(change.type)) {
        add(this.byConfigAddress, change.configAddress, change);
        for (const name of new Set([
          nameAt(change, "before", kind.name),
          nameAt(change, "after", kind.name),
        ])) {
          if (name !== undefined) {
            add(this.byName, name, change);
          }
        }
      }
    }
  }

  /** By name where that is known, otherwise by what the configuration refers to: of several alike, all. */
  of(setting: ResourceChange): readonly ResourceChange[] {
    const { namedBy } = this.kind;
    const name = nameAt(setting, "before", namedBy) ?? nameAt(setting, "after", namedBy);
    const named = name === undefined ? undefined : this.byName.get(name);
    return named ?? this.referredBy(setting);
  }

  /** Whether a setting, by itself or by its owner, is one of the parts. */
  isPart(parts: Parts, setting: ResourceChange): boolean {
    return (
      parts.has(setting, this.kind.namedBy) ||
      this.of(setting).some((owner) => parts.has(owner, this.kind.name))
    );
  }

  /** Whether the plan makes the owner: it has nothing to lose. */
  areMade(setting: ResourceChange): boolean {
    const owners = this.of(setting);
    return owners.length > 0 && owners.every(({ action }) => action === "create");
  }

  /** Whether the owner goes with the setting. */
  areGone(setting: ResourceChange): boolean {
    const owners = this.of(setting);
    return owners.length > 0 && owners.every(({ action }) => action === "delete");
  }

  /**
   * Changes of settings as they are in effect: one that is destroyed and made again for the same owner, at whatever
   * address, is one change. One that moves to another owner is two.
   */
  paired(changes: readonly ResourceChange[]): ResourceChange[] {
    return this.grouped(changes).flatMap(pairedOfOwner);
  }

  /** Changes of settings by owner. */
  grouped(changes: readonly ResourceChange[]): (readonly ResourceChange[])[] {
    const groups = new Map<string, ResourceChange[]>();
    for (const change of changes.flatMap((one) => this.byOwner(one))) {
      add(groups, this.keyOf(change), change);
    }
    return [...groups.values()];
  }

  private referredBy({ configAddress }: ResourceChange): readonly ResourceChange[] {
    return this.context.references
      .of(configAddress, this.kind.namedBy)
      .flatMap((address) => this.byConfigAddress.get(address) ?? []);
  }

  private byOwner(change: ResourceChange): readonly ResourceChange[] {
    const { namedBy } = this.kind;
    const before = nameAt(change, "before", namedBy);
    const after = nameAt(change, "after", namedBy);
    const isSame =
      before === undefined ||
      change.after === undefined ||
      before === after ||
      (after === undefined &&
        this.referredBy(change).some((owner) => nameAt(owner, "before", this.kind.name) === before));
    return isSame
      ? [change]
      : [
          { ...change, action: "delete", after: undefined, afterUnknown: false },
          { ...change, action: "create", before: undefined },
        ];
  }

  private keyOf(change: ResourceChange): string {
    const { namedBy, name } = this.kind;
    const own = nameAt(change, "before", namedBy) ?? nameAt(change, "after", namedBy);
    const names = this.referredBy(change).map((owner) => nameAt(owner, "before", name));
    const referred = names.length === 1 ? names[0] : undefined;
    return own ?? referred ?? `at ${change.address}`;
  }
}

function pairedOfOwner(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const made = changes.filter(({ action }) => action === "create");
  const left = changes.filter(({ after }) => after === undefined);
  const staying = changes.filter(({ before, after }) => before !== undefined && after !== undefined);
  const predecessors = left.length > 0 ? left : staying;
  if (made.length === 0) {
    return changes;
  }
  return [
    ...staying,
    ...(predecessors.length === 0
      ? made
      : made.flatMap((one) => predecessors.map((predecessor) => after(predecessor, one)))),
  ];
}

function after(predecessor: ResourceChange, made: ResourceChange): ResourceChange {
  return {
    ...made,
    action: "update",
    before: predecessor.before,
    beforeSensitive: predecessor.beforeSensitive,
  };
}

/** One kind of setting, whether a resource of its own has it or, as older providers had them, its owner. */
export interface SettingKind<State> {
  /** Of the resource of its own. */
  readonly type: string;
  readonly own: (change: ResourceChange, side: Side) => State;
  readonly inline: (owner: ResourceChange, side: Side) => State;
  /** What is in effect once the resource of its own is destroyed. */
  readonly destroyed: State;
  readonly judge: (change: ResourceChange, before: State, after: State) => readonly Finding[];
}

/** Judges a setting of owners that the plan doesn't make, whichever resource has it. */
export function judgeSettings<State>(
  { plan }: ReviewContext,
  owners: Owners,
  parts: Parts,
  { type, own, inline, destroyed, judge }: SettingKind<State>,
  ownerChanges: readonly ResourceChange[],
): Finding[] {
  const settings = plan.changes.filter((change) => change.type === type);
  const ofOwnResource = owners
    .paired(settings)
    .filter((change) => change.action !== "forget" && owners.isPart(parts, change) && !owners.areMade(change))
    .flatMap((change) => {
      if (change.after === undefined) {
        return owners.areGone(change) ? [] : judge(change, own(change, "before"), destroyed);
      }
      if (change.before !== undefined) {
        return judge(change, own(change, "before"), own(change, "after"));
      }
      const owner = owners.of(change).find(({ before }) => before !== undefined);
      const judged =
        owner === undefined ? change : { ...change, beforeSensitive: holdsAnywhere(owner.beforeSensitive) };
      return judge(judged, inline(owner ?? change, "before"), own(change, "after"));
    });
  // What a replaced owner has anew is mostly known after apply only; that it is replaced is found in any case.
  const inOwner = ownerChanges
    .filter(({ action }) => action === "update" || action === "no-op")
    .flatMap((change) => judge(change, inline(change, "before"), inline(change, "after")));
  return [...ofOwnResource, ...inOwner];
}

/** The name at the end of an ARN, or the name itself; undefined where it isn't known. */
function nameAt(change: ResourceChange, side: Side, attribute: string): string | undefined {
  const value = attributeOf(change, side, attribute);
  return typeof value === "string" && value !== "" ? nameIn(value) : undefined;
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) {
    map.set(key, [value]);
  } else {
    values.push(value);
  }
}

/**
 * Of a switch that is to stay on, by its values. One that was off before has nothing to lose.
 *
 * @param messages where it no longer is on, and what it is that isn't known
 */
export function switchFindings(
  rule: RuleId,
  change: ResourceChange,
  [before, after]: readonly [before: unknown, after: unknown],
  { lost, what }: { readonly lost?: string; readonly what: string },
): Finding[] {
  switch (switchOutcomeOf(before, after)) {
    case "kept":
      return [];
    case "lost":
      return [finding(rule, change, lost)];
    case "unknown":
      return [unknownFinding(rule, change, what)];
  }
}

/** What becomes of a switch that is to stay on. */
export function switchOutcomeOf(before: unknown, after: unknown): Outcome {
  if (
    before === false ||
    before === null ||
    after === true ||
    (before === undefined && after === undefined)
  ) {
    return "kept";
  }
  return after === false || after === null || after === undefined ? "lost" : "unknown";
}

export function inDays(days: number): string {
  return `${days} ${days === 1 ? "day" : "days"}`;
}

/** A switch that is written in words or as a truth; {@link UNKNOWN} for what is neither. */
export function switchOf(value: unknown, on: string): boolean | typeof UNKNOWN {
  if (typeof value === "boolean") {
    return value;
  }
  if (value === null || value === undefined) {
    return false;
  }
  return typeof value === "string" ? value === on : UNKNOWN;
}
