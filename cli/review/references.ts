import { isRecord, listOf, valueAt } from "./tree";

/**
 * What the configuration refers to, for values that the plan doesn't know yet: the resource `aws_cloudtrail.this` takes its
 * `s3_bucket_name` from `aws_s3_bucket.logs`. Variables and outputs of modules are followed; locals aren't in a plan.
 *
 * Source: Terraform, "JSON Output Format", "Configuration Representation".
 */
export class References {
  /** By the address without keys. */
  private readonly expressions = new Map<
    string,
    { readonly module: Module; readonly expressions: unknown }
  >();

  constructor(configuration: unknown) {
    const pending: Module[] = [
      { path: "", content: valueAt(configuration, ["root_module"]), parent: undefined, call: undefined },
    ];
    for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
      for (const resource of listOf(valueAt(module.content, ["resources"]))) {
        const address = valueAt(resource, ["address"]);
        if (typeof address === "string") {
          this.expressions.set(module.path + address, {
            module,
            expressions: valueAt(resource, ["expressions"]),
          });
        }
      }
      pending.push(...children(module));
    }
  }

  /** Addresses, without keys, of the resources that an attribute's expression names. */
  of(configAddress: string, attribute: string): string[] {
    const found = this.expressions.get(configAddress);
    return found === undefined
      ? []
      : [...resolved(referencesIn(valueAt(found.expressions, [attribute])), found.module, new Set())];
  }
}

/** What references begin with that name no resource, or one that a plan doesn't tell: locals. */
const NO_RESOURCES = ["data", "local", "var", "each", "count", "self", "path", "terraform"];

interface Module {
  /** `module.a.module.b.`, or nothing for the root. */
  readonly path: string;
  readonly content: unknown;
  readonly parent: Module | undefined;
  /** The call in the parent, which has the values of its variables. */
  readonly call: unknown;
}

function children(module: Module): Module[] {
  const calls = valueAt(module.content, ["module_calls"]);
  return Object.entries(isRecord(calls) ? calls : {}).map(([name, call]) => ({
    path: `${module.path}module.${name}.`,
    content: valueAt(call, ["module"]),
    parent: module,
    call,
  }));
}

function resolved(references: readonly string[], module: Module, seen: Set<string>): Set<string> {
  const found = new Set<string>();
  for (const reference of references) {
    const key = module.path + reference;
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    const [first = "", second = "", third = ""] = reference.replace(/\[[^\]]*\]/g, "").split(".");
    if (first === "var" && module.parent !== undefined) {
      const value = valueAt(module.call, ["expressions", second]);
      addAll(found, resolved(referencesIn(value), module.parent, seen));
    } else if (first === "module") {
      const child = children(module).find(({ path }) => path === `${module.path}module.${second}.`);
      const output = valueAt(child?.content, ["outputs", third, "expression"]);
      addAll(found, child === undefined ? [] : resolved(referencesIn(output), child, seen));
    } else if (second !== "" && !NO_RESOURCES.includes(first)) {
      found.add(`${module.path}${first}.${second}`);
    }
  }
  return found;
}

function addAll(set: Set<string>, more: Iterable<string>): void {
  for (const one of more) {
    set.add(one);
  }
}

function referencesIn(expression: unknown): string[] {
  const found: string[] = [];
  const pending = [expression];
  while (pending.length > 0) {
    const next = pending.pop();
    if (isRecord(next)) {
      const { references, ...rest } = next;
      found.push(...listOf(references).filter((reference) => typeof reference === "string"));
      pending.push(...Object.values(rest));
    } else {
      pending.push(...listOf(next));
    }
  }
  return found;
}
