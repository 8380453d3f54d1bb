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
  fromTo,
  isChanged,
  judgedLine,
  NOTHING_JUDGED,
  RULES_DOCUMENT,
  VERDICTS,
} from "./words";

const WIDTH = 119;
/** Of what happens, in the table: with the borders and the severity that is 119. */
const MESSAGE_WIDTH = 104;
/** Of an address or a message in the table. What is longer is whole under it: large cells take seconds to be drawn. */
const MOST_IN_THE_TABLE = 160;
/** Nobody reads on from here, and drawing the table takes some milliseconds each. */
const MOST_FINDINGS = 100;
const MOST_CHANGES = 50;

/** The report for people at a terminal or in the log of a build. */
export function terminalText(report: Report): string {
  return [
    [
      `${VERDICTS[report.verdict]}: ${countsOf(report.findings)}`,
      ...indented(0, judgedLine(report.judged) ?? `${NOTHING_JUDGED}.`),
    ],
    findingsTable(report.findings),
    report.findings.slice(0, MOST_FINDINGS).flatMap(detailLines),
    waiverLines(report.waivers),
    changeLines(report.changes),
    costLines(report.cost),
    nextLines(report),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}

function findingsTable(findings: readonly ReportedFinding[]): string[] {
  const cut = findings.slice(MOST_FINDINGS);
  const rows = findings.slice(0, MOST_FINDINGS).map(({ severity, rule, address, message, waiver }) => [
    waiver === undefined ? severity : `${severity}\nwaived`,
    // Waivers need addresses letter by letter: they aren't broken, so that they can be copied.
    [rule, cellOf(address), ...wrapped(cellOf(message), MESSAGE_WIDTH)].join("\n"),
  ]);
  return rows.length === 0
    ? []
    : [
        table(["severity", "rule, address and what happens"], rows),
        ...(cut.length === 0 ? [] : [`and ${cut.length} more (${countsOf(cut)}); ${ALL_OF_THEM}`]),
      ];
}

function cellOf(text: string): string {
  // Escapes make it longer: it is cut again, and half a character that this leaves is escaped, too.
  return lineOf(lineOf(text), MOST_IN_THE_TABLE);
}

function isLong(text: string): boolean {
  return lineOf(text).length > MOST_IN_THE_TABLE;
}

function detailLines({ rule, address, message, details, waiver }: ReportedFinding): string[] {
  const lines = [
    ...(isLong(address) || isLong(message) ? [lineOf(message)] : []),
    ...(waiver === undefined ? [] : [`waived until ${waiver.expiry}: ${lineOf(waiver.reason)}`]),
    ...details.map((detail) => lineOf(detail)),
  ];
  return lines.length === 0
    ? []
    : [`${rule} ${lineOf(address)}`, ...lines.flatMap((line) => indented(2, line))];
}

function waiverLines({ file, expired, unused }: Report["waivers"]): string[] {
  const named = ({ rule, address }: Waiver) => `  ${rule} ${lineOf(address)}`;
  return [
    ...expired.flatMap((waiver) => [
      ...indented(0, `${lineOf(file)}: expired on ${waiver.expiry}, and overrides nothing:`),
      named(waiver),
    ]),
    ...unused.flatMap((waiver) => [
      ...indented(0, `${lineOf(file)}: unused, nothing in this plan to override:`),
      named(waiver),
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
        const [address, list] = [lineOf(change.address), lineOf(names.join(", "), 1000)];
        const isOneLine = 2 + address.length + 2 + list.length <= WIDTH;
        lines.push(
          ...(names.length === 0
            ? [`  ${address}`]
            : isOneLine
              ? [`  ${address}: ${list}`]
              : [`  ${address}:`, ...indented(4, list)]),
        );
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
      .flatMap(({ what, before, after }) => indented(2, `${lineOf(what)}: ${fromTo(before, after)}`)),
    ...(cost.note === "" ? [] : indented(2, lineOf(cost.note))),
  ];
}

function nextLines({ verdict, waivers }: Report): string[] {
  return verdict === "fine"
    ? []
    : indented(
        0,
        `Next: take it out of the plan, or waive it by rule and address in ${lineOf(waivers.file)}, as ${RULES_DOCUMENT} tells`,
      );
}

/** Further lines are indented to the first, so that none of it can pass for a line of its own. */
function indented(by: number, line: string): string[] {
  return wrapped(line, WIDTH - by - 2).map(
    (part, index) => `${" ".repeat(index === 0 ? by : by + 2)}${part}`,
  );
}
