import type { Template } from "../../../support/template";

/** Addresses of resources that Terraform could not bring into an order, since each waits for the next; empty if it can. */
export function cycleOf({ json }: Template): string[] {
  const parts = new Map<string, string[]>();
  for (const [prefix, kinds] of [
    ["", json.resource],
    ["data.", json.data as typeof json.resource],
  ] as const) {
    for (const [type, byName] of Object.entries(kinds ?? {})) {
      for (const [name, properties] of Object.entries(byName)) {
        parts.set(`${prefix}${type}.${name}`, needsOf(properties));
      }
    }
  }
  const done = new Set<string>();
  const visit = (address: string, above: readonly string[]): string[] => {
    const start = above.indexOf(address);
    if (start >= 0) {
      return above.slice(start);
    }
    if (done.has(address)) {
      return [];
    }
    for (const needed of parts.get(address) ?? []) {
      const cycle = visit(needed, [...above, address]);
      if (cycle.length > 0) {
        return cycle;
      }
    }
    done.add(address);
    return [];
  };
  for (const address of parts.keys()) {
    const cycle = visit(address, []);
    if (cycle.length > 0) {
      return cycle;
    }
  }
  return [];
}

/** By reference, and by what it says it depends on. */
function needsOf(properties: Readonly<Record<string, unknown>>): string[] {
  return JSON.stringify(properties).match(/(?:data\.)?aws_[a-z0-9_]+\.[\w-]+/g) ?? [];
}
