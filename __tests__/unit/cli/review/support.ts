import type { Finding } from "../../../../cli/review/finding";
import { type Attributes, type Plan, readPlan, UnreadablePlan } from "../../../../cli/review/plan";
import { type Judge, ReviewContext } from "../../../../cli/review/review-context";

/** One of a plan's `resource_changes`, as `terraform show -json` prints it. */
export interface PlanChange {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Attributes | null;
    readonly after: Attributes | null;
    readonly after_unknown: Attributes;
    readonly before_sensitive: Attributes;
    readonly after_sensitive: Attributes;
    readonly replace_paths: readonly (readonly string[])[];
  };
}

interface ChangeOptions {
  /** In the shape of the attributes: true where known after apply only. What is unknown as a whole isn't in `after`. */
  readonly unknown?: Attributes;
  /** In the same shape: true where sensitive, on both sides. */
  readonly sensitive?: Attributes;
  /** By default what before and after say: `create`, `delete`, `no-op` or `update`. */
  readonly actions?: readonly string[];
  /** Attributes that it is replaced for. */
  readonly replacedFor?: readonly string[];
}

export const REPLACED = { actions: ["delete", "create"] } as const;

/**
 * @param before undefined for what is created
 * @param after undefined for what is destroyed
 */
export function change(
  address: string,
  before: Attributes | undefined,
  after: Attributes | undefined,
  { unknown = {}, sensitive = {}, actions = actionsOf(before, after), replacedFor = [] }: ChangeOptions = {},
): PlanChange {
  const known = Object.entries(after ?? {}).filter(([name]) => unknown[name] !== true);
  return {
    address,
    mode: "managed",
    type: typeOf(address),
    change: {
      actions,
      before: before ?? null,
      after: after === undefined ? null : Object.fromEntries(known),
      after_unknown: unknown,
      before_sensitive: sensitive,
      after_sensitive: sensitive,
      replace_paths: replacedFor.map((name) => [name]),
    },
  };
}

/** A resource that the plan leaves as it is. */
export function unchanged(address: string, attributes: Attributes): PlanChange {
  return change(address, attributes, attributes);
}

/** The `configuration` in which attributes of resources of the root module refer to others. */
export function referring(resources: Readonly<Record<string, Readonly<Record<string, string>>>>): Attributes {
  return {
    root_module: {
      resources: Object.entries(resources).map(([address, attributes]) => ({
        address,
        expressions: Object.fromEntries(
          Object.entries(attributes).map(([name, reference]) => [name, { references: [reference] }]),
        ),
      })),
    },
  };
}

/** A plan of these changes, read from its JSON. */
export function plan(changes: readonly PlanChange[], configuration: Attributes = {}): Plan {
  return readPlan(JSON.stringify({ format_version: "1.2", resource_changes: changes, configuration }));
}

/** What a judge finds in a plan of these changes. */
export function judged(judge: Judge, changes: readonly PlanChange[], configuration?: Attributes): Finding[] {
  return judge(new ReviewContext(plan(changes, configuration)));
}

/** The same of changes of any kind: nothing in a plan that contradicts itself and isn't read. */
export function judgedAnything(judge: Judge, changes: readonly PlanChange[]): Finding[] {
  try {
    return judged(judge, changes);
  } catch (error) {
    if (error instanceof UnreadablePlan) {
      return [];
    }
    throw error;
  }
}

/** The same in short: `SEVERITY RULE ADDRESS`, sorted. */
export function verdicts(
  judge: Judge,
  changes: readonly PlanChange[],
  configuration?: Attributes,
): readonly string[] {
  return judged(judge, changes, configuration)
    .map(({ rule, severity, address }) => `${severity} ${rule} ${address}`)
    .sort();
}

function actionsOf(before: Attributes | undefined, after: Attributes | undefined): readonly string[] {
  if (before === undefined) {
    return ["create"];
  }
  if (after === undefined) {
    return ["delete"];
  }
  return JSON.stringify(before) === JSON.stringify(after) ? ["no-op"] : ["update"];
}

/** `module.a["b.c"].aws_s3_bucket.d[0]` is an `aws_s3_bucket`. */
function typeOf(address: string): string {
  return (
    address
      .replace(/\[[^\]]*\]/g, "")
      .split(".")
      .at(-2) ?? ""
  );
}
