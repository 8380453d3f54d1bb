import { inDollars } from "../cost";
import { JUDGED_PARTS, type JudgedPart } from "../judged";
import type { Report, ReportedFinding } from "../report";
import type { ChangeGroup } from "../tells";

export const VERDICTS: Readonly<Record<Report["verdict"], string>> = {
  blocked: "Blocked",
  "not judged": "Not judged",
  fine: "Fine",
};

export const CHANGE_TITLES: Readonly<Record<ChangeGroup, string>> = {
  removed: "Removed",
  replaced: "Replaced",
  noLongerManaged: "No longer managed",
  changed: "Changed",
  imported: "Imported",
  added: "Added",
};

/** In Trailwarden. */
export const RULES_DOCUMENT = "docs/review.md";

export const NOTHING_JUDGED = "No part of auditing is in this plan";

const PARTS: Readonly<Record<JudgedPart, readonly [one: string, more: string]>> = {
  trails: ["trail", "trails"],
  buckets: ["bucket of log files", "buckets of log files"],
  keys: ["key", "keys"],
  logGroups: ["log group of a trail", "log groups of trails"],
  deliveryRoles: ["role that delivers", "roles that deliver"],
  guards: ["guard", "guards"],
  alarms: ["alarm", "alarms"],
  metricFilters: ["metric filter", "metric filters"],
  eventRules: ["event rule", "event rules"],
  topics: ["topic", "topics"],
};

/** `Judged: 1 trail, 2 keys`; undefined where there was nothing to judge. */
export function judgedLine(judged: Report["judged"]): string | undefined {
  const counts = JUDGED_PARTS.map((part) => some(judged[part], ...PARTS[part])).filter(
    (count) => count !== "",
  );
  return counts.length === 0 ? undefined : `Judged: ${counts.join(", ")}`;
}

export const ALL_OF_THEM = "--format json has them all";

/** `2 blocks, 1 not judged, 3 warnings, 1 waived`: each finding is counted once. */
export function countsOf(findings: readonly ReportedFinding[]): string {
  const open = (severity: ReportedFinding["severity"]) =>
    findings.filter((finding) => finding.severity === severity && finding.waiver === undefined).length;
  const waived = findings.filter(({ waiver }) => waiver !== undefined).length;
  const counts = [
    some(open("blocks"), "block", "blocks"),
    some(open("unknown"), "not judged"),
    some(open("warns"), "warning", "warnings"),
    some(waived, "waived"),
  ].filter((count) => count !== "");
  return counts.join(", ") || "no findings";
}

function some(count: number, one: string, more = one): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : more}`;
}

export function isChanged({ before, after }: Report["cost"]["lines"][number]): boolean {
  return before !== after;
}

/** `Fixed monthly cost: 12.30 USD -> 15.10 USD (+2.80)` */
export function costLine({ beforeDollars, afterDollars }: Report["cost"]): string {
  const difference = (afterDollars - beforeDollars).toFixed(2);
  const sign = difference.startsWith("-") ? "" : "+";
  const words = `Fixed monthly cost: ${fromTo(beforeDollars, afterDollars)}`;
  return beforeDollars.toFixed(2) === afterDollars.toFixed(2) ? words : `${words} (${sign}${difference})`;
}

export function fromTo(before: number, after: number): string {
  const [from, to] = [inDollars(before), inDollars(after)];
  return from === to ? `${to}, as before` : `${from} -> ${to}`;
}

/** Names of attributes that say something: of what is made or destroyed, all of them differ. */
export function differing(
  group: ChangeGroup,
  { attributes }: Report["changes"][ChangeGroup][number],
): readonly { readonly name: string; readonly mark: string }[] {
  return group === "added" || group === "removed"
    ? []
    : attributes.map(({ name, sensitive, knownAfterApply }) => ({
        name,
        mark: `${sensitive ? " (sensitive)" : ""}${knownAfterApply ? " (known after apply)" : ""}`,
      }));
}
