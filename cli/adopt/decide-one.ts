import type { DeclaredPart } from "./declared";
import type { Part } from "./existing";
import { type Draft, notesOfPart } from "./item";

/** What becomes of one thing that has a name of the stack: the entry in its list, if it is adopted, and the items. */
export interface OfOne {
  readonly entry?: string;
  readonly items: readonly Draft[];
}

export interface NamedContext {
  readonly region: string;
  /** What the stack declares. */
  readonly declared: readonly DeclaredPart[];
}

/**
 * @param entry in the section
 * @param type of Terraform's resource
 * @param notes beside those that any part may need
 * @param others items that come with it
 */
export function adopted(
  { kind, name, entry = name, type }: { kind: string; name: string; entry?: string; type: string },
  part: Part,
  notes: readonly string[] = [],
  others: readonly Draft[] = [],
): OfOne {
  return {
    entry,
    items: [
      {
        kind,
        name,
        decision: "adopt",
        becomes: { type, name, arguments: part.arguments, tags: part.tags },
        notes: [...notesOfPart(part), ...notes],
      },
      ...others,
    ],
  };
}

export function left(kind: string, name: string, notes: readonly string[]): OfOne {
  return { items: [{ kind, name, decision: "leave", notes }] };
}
