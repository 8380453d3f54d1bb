import { table } from "../../table";
import type { Report, ReportedFinding } from "../report";
import { CHANGE_GROUPS } from "../tells";
import type { Waiver } from "../waivers";
import { lineOf, wrapped } from "./lines";
import {
  ALL_OF_THEM,
  CHANGE_TITLES,
  costLine,
  countsOf,
  differing,
  inDollars,
  isChanged,
  VERDICTS,
} from "./words";

/** Of the columns, which with their borders are 119 wide; the names of rules stay whole. */
const WIDTHS = [8, 34, 30, 34] as const;
const WIDTH = 119;
/** Of a cell. What is longer is whole under the table: tables with tall rows take seconds to be drawn. */
const MOST_OF_A_CELL = 160;
/** Nobody reads on from here, and drawing the table takes about half a millisecond each. */
const MOST_FINDINGS = 200;
const MOST_CHANGES = 50;

/** The report for people at a terminal or in the log of a build. */
export function terminalText(report: Report): string {
  return [
    [`${VERDICTS[report.verdict]}: ${countsOf(report.findings)}`],
    findingsTable(report.findings),
    report.findings.slice(0, MOST_FINDINGS).flatMap(detailLines),
    waiverLines(report.waivers),
    changeLines(report.changes),
    costLines(report.cost),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}

function findingsTable(findings: readonly ReportedFinding[]): string[] {
  const cut = findings.slice(MOST_FINDINGS);
  const rows = findings
    .slice(0, MOST_FINDINGS)
    .map(({ severity, rule, address, message, waiver }) =>
      [waiver === undefined ? severity : `${severity} waived`, rule, address, message].map((text, column) =>
        wrapped(cellOf(text), WIDTHS[column] ?? WIDTH).join("\n"),
      ),
    );
  return rows.length === 0
    ? []
    : [
        table(["severity", "rule", "address", "what"], rows),
        ...(cut.length === 0 ? [] : [`and ${cut.length} more (${countsOf(cut)}); ${ALL_OF_THEM}`]),
      ];
}

function cellOf(text: string): string {
  // Escapes make it longer: it is cut again, and half a character that this leaves is escaped, too.
  return lineOf(lineOf(text), MOST_OF_A_CELL);
}

function isLong(text: string): boolean {
  return lineOf(text).length > MOST_OF_A_CELL;
}

function detailLines({ rule, address, message, details, waiver }: ReportedFinding): string[] {
  const lines = [
    ...(isLong(address) || isLong(message) ? [lineOf(message)] : []),
    ...(waiver === undefined ? [] : [`waived until ${waiver.expiry}: ${lineOf(waiver.reason)}`]),
    ...details.map((detail) => lineOf(detail)),
  ];
  return lines.length === 0
    ? []
    : [...indented(0, `${rule} ${lineOf(address)}`), ...lines.flatMap((line) => indented(2, line))];
}

function waiverLines({ file, expired, unused }: Report["waivers"]): string[] {
  const named = ({ rule, address }: Waiver) => indented(2, `${rule} ${lineOf(address)}`);
  return [
    ...expired.flatMap((waiver) => [
      ...indented(0, `${lineOf(file)}: expired on ${waiver.expiry}, and overrides nothing:`),
      ...named(waiver),
    ]),
    ...unused.flatMap((waiver) => [
      ...indented(0, `${lineOf(file)}: unused, nothing in this plan to override:`),
      ...named(waiver),
    ]),
  ];
}

function changeLines(changes: Report["changes"]): string[] {
  const lines: string[] = [];
  let left = MOST_CHANGES;
  let more = 0;
  for (const group of CHANGE_GROUPS) {
    const all = changes[group];
    if (all.length > 0) {
      const shown = all.slice(0, left);
      left -= shown.length;
      more += all.length - shown.length;
      lines.push(`${CHANGE_TITLES[group]}: ${all.length}`);
      for (const change of shown) {
        const names = differing(group, change).map(({ name, mark }) => lineOf(name) + mark);
        const suffix = names.length === 0 ? "" : `: ${lineOf(names.join(", "), 1000)}`;
        lines.push(...indented(2, `${lineOf(change.address)}${suffix}`));
      }
    }
  }
  return [...lines, ...(more === 0 ? [] : [`and ${more} more; ${ALL_OF_THEM}`])];
}

/** What of it differs, and what it doesn't count. */
function costLines(cost: Report["cost"]): string[] {
  return [
    costLine(cost),
    ...cost.lines
      .filter(isChanged)
      .flatMap(({ what, before, after }) => indented(2, `${lineOf(what)}: ${inDollars(before, after)}`)),
    ...(cost.note === "" ? [] : indented(2, lineOf(cost.note))),
  ];
}

/** Further lines are indented to the first, so that none of it can pass for a line of its own. */
function indented(by: number, line: string): string[] {
  return wrapped(line, WIDTH - by - 2).map(
    (part, index) => `${" ".repeat(index === 0 ? by : by + 2)}${part}`,
  );
}
