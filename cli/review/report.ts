import { z } from "zod";
import type { Finding } from "./finding";
import type { Judged } from "./judged";
import type { Plan } from "./plan";
import { changesOf } from "./tells";
import { RULE_IDS, type Waiver } from "./waivers";

const rule = z.enum(RULE_IDS).meta({ id: "rule" });
const address = z.string().describe("Of a resource, as Terraform writes it; of the plan as a whole, plan");
const reason = z.string();
const expiry = z.iso.date().describe("The last day on which the waiver holds, in UTC");

const waiver = z.object({ rule, address, reason, expiry }).meta({ id: "waiver" });

const finding = z.object({
  rule,
  severity: z
    .enum(["blocks", "unknown", "warns"])
    .describe(
      "unknown: the rule blocks, and whether it is broken can't be judged before the plan is applied",
    ),
  address,
  message: z.string(),
  details: z.array(z.string()),
  waiver: z.object({ reason, expiry }).optional().describe("What overrides the finding"),
});

const change = z
  .object({
    address,
    attributes: z
      .array(z.object({ name: z.string(), sensitive: z.boolean(), knownAfterApply: z.boolean() }))
      .describe("Names of those that differ"),
  })
  .meta({ id: "change" });

const changes = z.array(change);

const count = z.int().min(0);

const judged = z
  .object({
    trails: count,
    buckets: count.describe("Of log files"),
    keys: count.describe("Of log files or log groups"),
    logGroups: count.describe("That trails deliver to"),
    deliveryRoles: count.describe("That deliver to these"),
    guards: count.describe("Functions"),
    alarms: count.describe("With composite ones"),
    metricFilters: count,
    eventRules: count.describe("With those that wake a guard"),
    topics: count.describe("That alerts go to"),
  })
  .describe(
    "Parts of auditing that the plan has before or after it; where all are 0, there was none to judge",
  );

const dollars = z.number().describe("US dollars a month");

/** What a review found, as `--format json` prints it. */
export const reportSchema = z.object({
  version: z.literal(1),
  verdict: z
    .enum(["blocked", "not judged", "fine"])
    .describe("By the findings without a waiver; warnings are fine"),
  exitStatus: z.literal([0, 1, 2]).describe("Of the command: fine 0, not judged 1, blocked 2"),
  terraformVersion: z.string().optional().describe("Of the Terraform that made the plan"),
  judged,
  findings: z.array(finding),
  waivers: z.object({
    file: z.string(),
    expired: z.array(waiver),
    unused: z.array(waiver).describe("Still valid, and nothing in the plan to override"),
  }),
  changes: z.object({
    removed: changes,
    replaced: changes,
    noLongerManaged: changes,
    changed: changes,
    imported: changes,
    added: changes,
  }),
  cost: z.object({
    beforeDollars: dollars,
    afterDollars: dollars,
    lines: z.array(z.object({ what: z.string(), before: dollars, after: dollars })),
    note: z.string(),
  }),
});

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type Report = Frozen<z.infer<typeof reportSchema>>;
export type ReportedFinding = Report["findings"][number];

export interface Reviewed {
  readonly plan: Plan;
  readonly judged: Judged;
  readonly findings: readonly Finding[];
  readonly cost: Report["cost"];
  readonly waivers: readonly Waiver[];
  /** What the file of waivers is called. */
  readonly waiversFile: string;
  /** In UTC: `YYYY-MM-DD`. */
  readonly today: string;
}

/** The findings, those that block first, with what overrides them, and the verdict. */
export function reportOf({ plan, judged, findings, cost, waivers, waiversFile, today }: Reviewed): Report {
  const valid = new Map<string, Waiver>();
  const expired: Waiver[] = [];
  for (const waiver of waivers) {
    if (waiver.expiry < today) {
      expired.push(waiver);
    } else {
      valid.set(keyOf(waiver), waiver);
    }
  }
  const reported = [...findings].sort(byWeight).map((finding) => reportedFinding(finding, valid));
  const waived = new Set(reported.filter(({ waiver }) => waiver !== undefined).map(keyOf));
  const verdict = verdictOn(reported);
  return {
    version: 1,
    verdict,
    exitStatus: EXIT_STATUS[verdict],
    ...(plan.terraformVersion === undefined ? {} : { terraformVersion: plan.terraformVersion }),
    judged,
    findings: reported,
    waivers: {
      file: waiversFile,
      expired,
      unused: [...valid].flatMap(([key, waiver]) => (waived.has(key) ? [] : [waiver])),
    },
    changes: changesOf(plan.changes),
    cost,
  };
}

/** What the command exits with: 0 fine, 1 not judged, 2 blocked. */
export function exitStatusOf({ exitStatus }: Report): 0 | 1 | 2 {
  return exitStatus;
}

const WEIGHT = { blocks: 0, unknown: 1, warns: 2 };
const EXIT_STATUS = { blocked: 2, "not judged": 1, fine: 0 } as const;

function byWeight(one: Finding, other: Finding): number {
  return (
    WEIGHT[one.severity] - WEIGHT[other.severity] || RULE_IDS.indexOf(one.rule) - RULE_IDS.indexOf(other.rule)
  );
}

function keyOf({ rule, address }: Pick<Finding, "rule" | "address">): string {
  return `${rule} ${address}`;
}

function reportedFinding(finding: Finding, valid: ReadonlyMap<string, Waiver>): ReportedFinding {
  const waiver = finding.severity === "warns" ? undefined : valid.get(keyOf(finding));
  return waiver === undefined
    ? finding
    : { ...finding, waiver: { reason: waiver.reason, expiry: waiver.expiry } };
}

function verdictOn(findings: readonly ReportedFinding[]): Report["verdict"] {
  const isOpen = (severity: Finding["severity"]) =>
    findings.some((finding) => finding.severity === severity && finding.waiver === undefined);
  return isOpen("blocks") ? "blocked" : isOpen("unknown") ? "not judged" : "fine";
}
