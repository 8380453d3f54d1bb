import type { Aws } from "./aws";
import type { GuardRow } from "./rows";

/** One thing that isn't as declared. */
export interface Difference {
  /** What differs, unique in a deployment, e.g. `trail.logging`. */
  readonly id: string;
  readonly row: GuardRow;
  /**
   * `weaker`: there, and less than declared. `missing`: not there, as before Terraform makes it and after it destroys it.
   * `stronger`: more than declared, never reduced.
   */
  readonly kind: "weaker" | "missing" | "stronger";
  /** How it is and how it was declared, for people: one line without a full stop. */
  readonly what: string;
  /** Makes it as declared. Absent where the guard can't, or may not. */
  readonly repair?: (aws: Aws) => Promise<unknown>;
}

/** How something was seen to differ from what was declared. */
export interface Seen {
  readonly differences: readonly Difference[];
  /** What could not be seen, by what the ids of its differences begin with, and what AWS answered. */
  readonly unseen: ReadonlyMap<string, Error>;
}

/**
 * Looks at several things, each by itself: what can't be seen of one hides no other.
 *
 * @param looks by what the ids of their differences begin with
 */
export async function seeEach(
  looks: Readonly<Record<string, Promise<Difference | Difference[] | undefined>>>,
): Promise<Seen> {
  const differences: Difference[] = [];
  const unseen = new Map<string, Error>();
  const ids = Object.keys(looks);
  for (const [index, result] of (await Promise.allSettled(Object.values(looks))).entries()) {
    if (result.status === "fulfilled") {
      differences.push(...[result.value ?? []].flat());
    } else {
      unseen.set(ids[index] ?? "", result.reason as Error);
    }
  }
  return { differences, unseen };
}
