import type { Selector, SelectorStep } from "./ast";

/** Offers the values that a selector finds in a record to `visit`, until one makes it say `true`. */
export type Select = (record: unknown, visit: (value: unknown) => boolean) => boolean;

/** Compiles a selector. Only own properties count, so that `$.constructor` finds nothing in most records. */
export function compileSelector(selector: Selector): Select {
  const wildcard = selector.findIndex((step) => step.kind === "any field" || step.kind === "any element");
  if (wildcard < 0) {
    return (record, visit) => {
      const value = follow(selector, record);
      return value !== undefined && visit(value);
    };
  }

  const before = selector.slice(0, wildcard);
  const isElement = selector[wildcard]?.kind === "any element";
  const after = selector.slice(wildcard + 1);
  return (record, visit) => {
    const container = follow(before, record);
    if (!isContainer(container) || Array.isArray(container) !== isElement) return false;
    return Object.values(container).some((child: unknown) => {
      const value = follow(after, child);
      return value !== undefined && visit(value);
    });
  };
}

/** The value at the end of steps without a wildcard, or `undefined` where there is none. */
function follow(steps: Selector, start: unknown): unknown {
  let value = start;
  for (const step of steps) {
    if (!isContainer(value)) return undefined;
    value = child(value, step);
  }
  return value;
}

function child(container: object, step: SelectorStep): unknown {
  if (step.kind === "index") return Array.isArray(container) ? container[step.index] : undefined;
  if (step.kind !== "name" || Array.isArray(container) || !Object.hasOwn(container, step.name))
    return undefined;
  return (container as Record<string, unknown>)[step.name];
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
