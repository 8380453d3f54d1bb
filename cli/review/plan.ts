import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { isRecord, type Tree, valueAt } from "./tree";

/** A plan that can't be read: what is wrong with it, for people. */
export class UnreadablePlan extends Error {
  override readonly name = "UnreadablePlan";
}

/** What a plan does to one object. `forget` takes it out of the state and leaves it as it is. */
export type ChangeAction = "no-op" | "create" | "read" | "update" | "replace" | "delete" | "forget";

/** Attributes of a resource as its provider names them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One managed resource in a plan, changed or not. */
export interface ResourceChange {
  /** As Terraform writes it, e.g. `module.audit.aws_cloudtrail.this["main"]`. */
  readonly address: string;
  /** The same without keys and counts: what the configuration calls it. */
  readonly configAddress: string;
  readonly type: string;
  readonly action: ChangeAction;
  readonly isImported: boolean;
  /** Names of the attributes that it is replaced for; none where something else replaces it. */
  readonly replacedFor: readonly string[];
  /** Undefined for what is made. */
  readonly before: Attributes | undefined;
  /** Undefined for what is destroyed or forgotten. What is known after apply only isn't in it. */
  readonly after: Attributes | undefined;
  /** In the shape of `after`: true where a value is known after apply only. */
  readonly afterUnknown: Tree;
  /** In the shape of `before` and `after`: true where a value is marked sensitive. */
  readonly beforeSensitive: Tree;
  readonly afterSensitive: Tree;
}

export interface Plan {
  readonly terraformVersion: string | undefined;
  readonly changes: readonly ResourceChange[];
  /** Those that Terraform put off to a later plan: what becomes of them isn't known. */
  readonly deferred: readonly string[];
  /** Attributes of every managed resource before and after, changed or not. */
  readonly resources: readonly KnownResource[];
  /** The `configuration` of the plan, not checked. */
  readonly configuration: unknown;
}

/** A resource as it is or will be. */
export interface KnownResource {
  readonly address: string;
  readonly configAddress: string;
  readonly type: string;
  readonly attributes: Attributes;
}

/** What a plan of some resources (`-target`) doesn't look at, each once: it stays as it is. */
export function leftOut({ changes, resources }: Plan): KnownResource[] {
  const changed = new Set(changes.map(({ address }) => address));
  const left = resources.filter(({ address }) => !changed.has(address));
  return [...new Map(left.map((resource) => [resource.address, resource])).values()];
}

const record = z.custom<Attributes>(isRecord, { error: "is no object" });
const attributes = z.union([z.null(), record], { error: "is neither an object nor null" });
const tree = z.union([z.boolean(), record, z.array(z.unknown())]).optional();

const ACTIONS = new Map<string, ChangeAction>([
  ["no-op", "no-op"],
  ["create", "create"],
  ["read", "read"],
  ["update", "update"],
  ["delete", "delete"],
  ["delete,create", "replace"],
  ["create,delete", "replace"],
  // The old object stays, out of Terraform's sight.
  ["create,forget", "replace"],
  ["forget,create", "replace"],
  ["forget", "forget"],
]);

const resourceChange = z.object({
  address: z.string().min(1),
  mode: z.enum(["managed", "data"]),
  type: z.string().min(1),
  change: z.object({
    actions: z.array(z.string()).refine((actions) => ACTIONS.has(actions.join(",")), {
      error: "are actions that this version doesn't know",
    }),
    before: attributes,
    after: attributes,
    after_unknown: tree,
    before_sensitive: tree,
    after_sensitive: tree,
    importing: z.unknown().optional(),
    replace_paths: z.unknown().optional(),
  }),
});

const stateResource = z.object({
  address: z.string().min(1),
  mode: z.enum(["managed", "data"]),
  type: z.string().min(1),
  values: z.union([z.null(), record]).optional(),
});

interface StateModule {
  readonly resources?: z.infer<typeof stateResource>[] | undefined;
  readonly child_modules?: StateModule[] | undefined;
}

const stateModule: z.ZodType<StateModule> = z.object({
  resources: z.array(stateResource).optional(),
  get child_modules() {
    return z.array(stateModule).optional();
  },
});

const stateValues = z.object({ root_module: stateModule.optional() });

// Terraform's internals documentation, "JSON Output Format": within major version 1 only properties are added.
const plan = z.object({
  format_version: z
    .string()
    .regex(/^1\.\d+$/, { error: "is a format version that this version doesn't know (1.x)" }),
  terraform_version: z.string().optional(),
  errored: z.boolean().optional(),
  planned_values: stateValues.optional(),
  prior_state: z.object({ values: stateValues.optional() }).optional(),
  resource_changes: z.array(resourceChange).optional(),
  deferred_changes: z
    .array(z.object({ resource_change: z.object({ address: z.string() }).optional() }))
    .optional(),
  configuration: z.unknown().optional(),
});

const A_STATE =
  "this is a state, and no plan: run terraform plan -out=PLANFILE, then terraform show -json PLANFILE";

/**
 * @param text what `terraform show -json PLANFILE` printed
 * @throws UnreadablePlan for what is no plan, one that failed, or one that contradicts itself
 * Source: Terraform, "JSON Output Format".
 */
export function readPlan(text: string): Plan {
  const value = parsed(text);
  if (!isRecord(value)) {
    throw new UnreadablePlan("this is JSON, and no plan");
  }
  if ("lineage" in value) {
    throw new UnreadablePlan(A_STATE);
  }
  if (!("format_version" in value)) {
    throw new UnreadablePlan(
      "this is no plan as terraform show -json prints it: it has no format_version. Run terraform plan -out=PLANFILE, then terraform show -json PLANFILE",
    );
  }
  const result = plan.safeParse(value);
  if (!result.success) {
    throw new UnreadablePlan(describe(value, result.error.issues));
  }
  const { planned_values, prior_state, resource_changes, deferred_changes = [], ...rest } = result.data;
  if (rest.errored === true) {
    throw new UnreadablePlan(
      "this plan failed: terraform plan found errors, and what it would do isn't known",
    );
  }
  if (resource_changes === undefined && planned_values === undefined) {
    throw new UnreadablePlan(A_STATE);
  }
  for (const named of resource_changes ?? []) {
    checkAddress(named);
  }
  const changes = (resource_changes ?? []).filter(({ mode }) => mode === "managed").map(changeOf);
  const before = resourcesIn(prior_state?.values?.root_module);
  const after = resourcesIn(planned_values?.root_module);
  checkCompleteness(changes, before, after);
  return {
    terraformVersion: rest.terraform_version,
    changes,
    deferred: deferred_changes.map(({ resource_change }) => resource_change?.address ?? "a resource"),
    resources: [
      ...before,
      ...after,
      ...changes.flatMap(({ address, configAddress, type, before, after }) =>
        [before, after].flatMap((attributes) =>
          attributes === undefined ? [] : [{ address, configAddress, type, attributes }],
        ),
      ),
    ],
    configuration: rest.configuration,
  };
}

/** Deeper than any provider's attributes; much deeper, and comparing them would exhaust the stack. */
const DEEPEST = 500;

function parsed(text: string): unknown {
  if (text.startsWith("PK")) {
    throw new UnreadablePlan(
      "this is the plan file itself: run terraform show -json PLANFILE in the stack's folder, and give what it prints",
    );
  }
  if (text.includes("\u0000")) {
    throw new UnreadablePlan(
      "this isn't UTF-8: Windows PowerShell's > writes UTF-16; pipe to Out-File -Encoding utf8 instead",
    );
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (depthOf(value) <= DEEPEST) {
      return value;
    }
  } catch {
    throw new UnreadablePlan(
      text.trim() === ""
        ? "there is nothing to read"
        : /^\s*\{[^\n]*"@level"/.test(text)
          ? "these are the messages of terraform plan -json: run terraform plan -out=PLANFILE, then terraform show -json PLANFILE"
          : "this is no JSON; was it cut off? It has to be what terraform show -json PLANFILE prints",
    );
  }
  throw new UnreadablePlan("this is nested too deep to be a plan");
}

/** Level by level, without a call for each. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level = [value];
  while (level.length > 0 && depth <= DEEPEST) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    depth += 1;
  }
  return depth;
}

/** The first problem, and which change it is in; no value that could be a secret. */
function describe(value: Attributes, issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  const path = issue?.path ?? [];
  const change =
    path[0] === "resource_changes" && typeof path[1] === "number"
      ? valueAt(value, ["resource_changes", path[1]])
      : undefined;
  const address = isRecord(change) && typeof change.address === "string" ? ` (${change.address})` : "";
  const name = path.join(".") || "the plan";
  const version = path[0] === "format_version" ? `${JSON.stringify(value.format_version)} ` : "";
  return `${name}${address}: ${version}${issue?.message ?? "is wrong"}`;
}

function changeOf({ address, type, change }: z.infer<typeof resourceChange>): ResourceChange {
  const action = ACTIONS.get(change.actions.join(",")) ?? "update";
  const isBefore = action !== "create";
  const isAfter = action !== "delete" && action !== "forget";
  if ((change.before !== null) !== isBefore || (change.after !== null) !== isAfter) {
    const lacking = (change.before !== null) === isBefore ? "after" : "before";
    throw new UnreadablePlan(
      `${address}: the plan contradicts itself: its actions are ${change.actions.join(" and ")}, and ${lacking} ${change[lacking] === null ? "is null" : "isn't null"}`,
    );
  }
  checkOwner(address, type, action, change);
  return {
    address,
    configAddress: configAddressOf(address),
    type,
    action,
    replacedFor: firstNames(change.replace_paths),
    isImported: change.importing !== undefined && change.importing !== null,
    before: change.before ?? undefined,
    after: change.after ?? undefined,
    afterUnknown: change.after_unknown ?? false,
    beforeSensitive: change.before_sensitive ?? false,
    afterSensitive: change.after_sensitive ?? false,
  };
}

/** Of paths within a resource. */
function firstNames(paths: unknown): string[] {
  return (Array.isArray(paths) ? paths : [])
    .map((path) => valueAt(path, [0]))
    .filter((name) => typeof name === "string");
}

/** The attribute by which settings name what they are settings of. A change of it replaces them. */
function ownerAttribute(type: string): string | undefined {
  return type.startsWith("aws_s3_bucket") ? "bucket" : OWNER_ATTRIBUTES[type];
}

const OWNER_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_iam_role_policy: "role",
  aws_iam_role_policy_attachment: "role",
  aws_kms_key_policy: "key_id",
  aws_sns_topic_policy: "arn",
  aws_sqs_queue_policy: "queue_url",
};

/** Rules go by what a setting is a setting of: an update that moves it would hide what its owner loses. */
function checkOwner(
  address: string,
  type: string,
  action: ChangeAction,
  { before, after }: { readonly before: Attributes | null; readonly after: Attributes | null },
): void {
  const attribute = ownerAttribute(type);
  const [was, becomes] = [before, after].map((side) => valueAt(side, [attribute ?? ""]));
  if (
    attribute !== undefined &&
    action !== "replace" &&
    was !== undefined &&
    becomes !== undefined &&
    !isDeepStrictEqual(was, becomes)
  ) {
    throw new UnreadablePlan(
      `${address}: the plan contradicts itself: it is changed in place, and its ${attribute}, which can't be, is another`,
    );
  }
}

/** Its address says what a resource is, too: rules go by mode and type. */
function checkAddress({
  address,
  mode,
  type,
}: Pick<z.infer<typeof resourceChange>, "address" | "mode" | "type">): void {
  const own = configAddressOf(address).replace(/^(?:module\.[^.]+\.)*/, "");
  if (!own.startsWith(`${mode === "data" ? "data." : ""}${type}.`)) {
    throw new UnreadablePlan(
      `${address}: the plan contradicts itself: its mode is ${mode} and its type ${type}, and its address says otherwise`,
    );
  }
}

/** `module.a["x"].aws_s3_bucket.b[0]` is `module.a.aws_s3_bucket.b`. */
function configAddressOf(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}

function resourcesIn(module: StateModule | undefined): KnownResource[] {
  if (module === undefined) {
    return [];
  }
  const own = (module.resources ?? [])
    .filter(({ mode }) => mode === "managed")
    .map(({ address, type, values }) => ({
      address,
      configAddress: configAddressOf(address),
      type,
      attributes: values ?? {},
    }));
  return [...own, ...(module.child_modules ?? []).flatMap(resourcesIn)];
}

/** What is there before and isn't after must be among the changes: else the plan was cut, and judging it would pass it. */
function checkCompleteness(
  changes: readonly ResourceChange[],
  before: readonly KnownResource[],
  after: readonly KnownResource[],
): void {
  const remaining = new Set(after.map(({ address }) => address));
  const changed = new Set(changes.map(({ address }) => address));
  const lost = before.find(({ address }) => !remaining.has(address) && !changed.has(address));
  if (lost !== undefined) {
    throw new UnreadablePlan(
      `${lost.address}: the plan contradicts itself: it is in the state, not in the planned values, and no change says why`,
    );
  }
}
