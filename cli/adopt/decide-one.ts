import type { DeclaredPart } from "./declared";
import type { Part } from "./existing";
import { beforeOfPart, type Draft } from "./item";

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
 * @param more notes, what to do before `terraform apply` beside what any part may need, and items that come with it
 */
export function adopted(
  { kind, name, entry = name, type }: { kind: string; name: string; entry?: string; type: string },
  part: Part,
  {
    notes = [],
    before = [],
    others = [],
  }: {
    readonly notes?: readonly string[];
    readonly before?: readonly string[];
    readonly others?: readonly Draft[];
  } = {},
): OfOne {
  return {
    entry,
    items: [
      {
        kind,
        name,
        decision: "adopt",
        becomes: { type, name, arguments: part.arguments, tags: part.tags },
        before: [...beforeOfPart(part), ...before],
        notes,
      },
      ...others,
    ],
  };
}

/** @param before what to do before `terraform apply` */
export function left(kind: string, name: string, note: string, before: readonly string[] = []): OfOne {
  return { items: [{ kind, name, decision: "leave", before, notes: [note] }] };
}
