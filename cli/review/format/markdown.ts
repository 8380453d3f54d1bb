import type { Report, ReportedFinding } from "../report";
import { CHANGE_GROUPS, type ChangeGroup } from "../tells";
import type { Waiver } from "../waivers";
import { printedJson } from "./json";
import { block, code, row, sentence, whole } from "./markdown-text";
import {
  ALL_OF_THEM,
  CHANGE_TITLES,
  costLine,
  countsOf,
  differing,
  fromTo,
  isChanged,
  judgedLine,
  NOTHING_JUDGED,
  RULES_DOCUMENT,
  VERDICTS,
} from "./words";

/** By which a later review finds the comment, to write it anew. */
const MARKER = "<!-- trailwarden-review -->";

/** GitHub's limit is 65,536 characters. Bytes are never fewer than characters, however those are counted. */
const MOST_BYTES = 65_000;

/** Of a fold without its lines: marks, title, and what was cut. */
const FOLD_BYTES = 250;

/** Of the line that tells of rows that were cut. */
const CUT_ROWS_BYTES = 250;

const MOST_OF_A_TEXT = 300;
const MOST_ATTRIBUTES = 30;

const SENTENCES: Readonly<Record<Report["verdict"], string>> = {
  blocked: "Applying this plan takes something from auditing",
  "not judged": "What this plan does to auditing can't be fully judged before it is applied",
  fine: "Nothing stands against applying this plan",
};

interface Fold {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The report as one comment on a pull request: the verdict, a table and the cost, everything else folded. */
export function markdownText(report: Report): string {
  const { verdict, findings, judged, cost } = report;
  const looked = judgedLine(judged);
  const isNothing = looked === undefined && verdict === "fine";
  const head = [
    MARKER,
    `## Trailwarden: ${VERDICTS[verdict].toLowerCase()}`,
    `${isNothing ? NOTHING_JUDGED : SENTENCES[verdict]}: ${countsOf(findings)}.`,
    ...(isNothing ? [] : [`${looked ?? NOTHING_JUDGED}.`]),
  ].join("\n\n");
  const next = nextStep(report);
  const costs = `${costLine(cost)}.`;
  const folds = foldsOf(report).filter(({ lines }) => lines.length > 0);

  const reserved =
    bytesOf(head) + bytesOf(next.join("")) + bytesOf(costs) + CUT_ROWS_BYTES + folds.length * FOLD_BYTES;
  const table = findingsTable(findings, MOST_BYTES - reserved);
  let left = MOST_BYTES - reserved - table.reduce((sum, part) => sum + bytesOf(part), 0);
  const ifMeant = meantFold(report).filter((text) => bytesOf(text) <= left);
  left -= ifMeant.reduce((sum, text) => sum + bytesOf(text), 0);
  const folded = folds.map(({ title, lines }) => {
    const shown = fitting(lines, left);
    left -= shown.reduce((sum, line) => sum + bytesOf(line), 0);
    return foldText(title, shown, lines.length - shown.length);
  });
  return [head, ...table, ...next, ...ifMeant, costs, ...folded].join("\n\n");
}

function nextStep({ verdict, waivers }: Report): string[] {
  return verdict === "fine"
    ? []
    : [
        `Take it out of the plan, or waive it by rule and address in ${code(waivers.file, MOST_OF_A_TEXT)}, as ${code(RULES_DOCUMENT)} tells.`,
      ];
}

/** The waivers that would be needed, to be completed; cut, they would be of no use. */
function meantFold({ verdict, findings }: Report): string[] {
  if (verdict === "fine") {
    return [];
  }
  const needed = new Map(
    findings
      .filter(({ severity, waiver }) => severity !== "warns" && waiver === undefined)
      .map(({ rule, address }) => [`${rule} ${address}`, { rule, address, reason: "", expiry: "" }]),
  );
  const waivers = block(printedJson([...needed.values()]), "json");
  return [`<details><summary>If it is meant</summary>\n\n${waivers}\n\n</details>`];
}

/** The first lines that fit into so many bytes. */
function fitting(lines: readonly string[], most: number): readonly string[] {
  let left = most;
  const end = lines.findIndex((line) => {
    left -= bytesOf(line);
    return left < 0;
  });
  return end === -1 ? lines : lines.slice(0, end);
}

/** With what separates it from its neighbours. */
function bytesOf(line: string): number {
  return Buffer.byteLength(line) + 2;
}

/** The table, and what was cut from it. */
function findingsTable(findings: readonly ReportedFinding[], most: number): string[] {
  if (findings.length === 0) {
    return [];
  }
  const ordered = [
    ...findings.filter(({ waiver }) => waiver === undefined),
    ...findings.filter(({ waiver }) => waiver !== undefined),
  ];
  const head = [row(["severity", "rule", "address", "what"]), row(["---", "---", "---", "---"])];
  const rows = fitting(ordered.map(findingRow), most - head.reduce((sum, line) => sum + bytesOf(line), 0));
  const cut = ordered.slice(rows.length);
  return [
    [...head, ...rows].join("\n"),
    ...(cut.length === 0 ? [] : [`And ${cut.length} more (${countsOf(cut)}): ${ALL_OF_THEM_AS_CODE}.`]),
  ];
}

const ALL_OF_THEM_AS_CODE = ALL_OF_THEM.replace("--format json", "`--format json`");

function findingRow({ severity, rule, address, message, waiver }: ReportedFinding): string {
  return row([
    waiver === undefined ? (severity === "warns" ? severity : `**${severity}**`) : `${severity}, waived`,
    code(rule),
    code(address, MOST_OF_A_TEXT),
    sentence(message, MOST_OF_A_TEXT) + (waiver === undefined ? "" : `; ${waivedText(waiver)}`),
  ]);
}

function waivedText({ reason, expiry }: NonNullable<ReportedFinding["waiver"]>): string {
  return `waived until ${expiry}: ${sentence(reason, MOST_OF_A_TEXT)}`;
}

function foldText(title: string, lines: readonly string[], cut: number): string {
  const more = cut === 0 ? [] : [`- and ${cut} more lines: ${ALL_OF_THEM_AS_CODE}`];
  return [`<details><summary>${title}</summary>`, "", ...lines, ...more, "", "</details>"].join("\n");
}

function foldsOf({ findings, waivers, changes, cost }: Report): Fold[] {
  const detailed = findings.filter(({ details }) => details.length > 0);
  return [
    { title: `Details of findings (${detailed.length})`, lines: detailed.flatMap(detailLines) },
    {
      title: `Waivers that expired or are unused (${waivers.expired.length + waivers.unused.length})`,
      lines: waiverLines(waivers),
    },
    ...CHANGE_GROUPS.map((group) => ({
      title: `${CHANGE_TITLES[group]} (${changes[group].length})`,
      lines: changes[group].map((change) => changeLine(group, change)),
    })),
    { title: "Cost", lines: costLines(cost) },
  ];
}

function detailLines({ rule, address, details }: ReportedFinding): string[] {
  return [
    `- ${code(rule)} ${code(address, MOST_OF_A_TEXT)}`,
    ...details.map((detail) => `  - ${whole(detail, MOST_OF_A_TEXT)}`),
  ];
}

function waiverLines({ file, expired, unused }: Report["waivers"]): string[] {
  const named = ({ rule, address }: Waiver) => `${code(rule)} ${code(address, MOST_OF_A_TEXT)}`;
  return [
    ...expired.map(
      (waiver) => `- ${code(file)}: expired on ${waiver.expiry}, and overrides nothing: ${named(waiver)}`,
    ),
    ...unused.map((waiver) => `- ${code(file)}: unused, nothing in this plan to override: ${named(waiver)}`),
  ];
}

function changeLine(group: ChangeGroup, change: Report["changes"][ChangeGroup][number]): string {
  const names = differing(group, change);
  const shown = names.slice(0, MOST_ATTRIBUTES).map(({ name, mark }) => code(name, 100) + mark);
  const more = names.length > shown.length ? [`and ${names.length - shown.length} more`] : [];
  const suffix = names.length === 0 ? "" : `: ${[...shown, ...more].join(", ")}`;
  return `- ${code(change.address, MOST_OF_A_TEXT)}${suffix}`;
}

function costLines({ lines, note }: Report["cost"]): string[] {
  return [
    ...lines
      .filter(isChanged)
      .map(({ what, before, after }) => `- ${sentence(what, MOST_OF_A_TEXT)}: ${fromTo(before, after)}`),
    ...(note === "" ? [] : [`- ${sentence(note)}`]),
  ];
}
