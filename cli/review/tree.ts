/** In the shape of a resource's attributes: true where what it tells of holds, as `after_unknown` in a plan has it. */
export type Tree = boolean | Readonly<Record<string, unknown>> | readonly unknown[];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own value at a path of names and indexes; undefined where there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, part) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, part)
        ? Reflect.get(found, part)
        : undefined,
    value,
  );
}

/** Whether a tree is true at a path, above it, or anywhere below it. */
export function holdsAt(tree: unknown, path: readonly (string | number)[]): boolean {
  let found: unknown = tree;
  for (const part of path) {
    if (found === true) {
      return true;
    }
    found = valueAt(found, [part]);
  }
  return holdsAnywhere(found);
}

export function holdsAnywhere(tree: unknown): boolean {
  const pending = [tree];
  while (pending.length > 0) {
    const found = pending.pop();
    if (found === true) {
      return true;
    }
    if (typeof found === "object" && found !== null) {
      pending.push(...Object.values(found));
    }
  }
  return false;
}

/** Empty for what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A list of texts, which may be none at all; undefined for anything else. */
export function textsOf(value: unknown): readonly string[] | undefined {
  const list = value ?? [];
  return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : undefined;
}

/** Whether two values of a plan are one: to Terraform null is nothing, too. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
