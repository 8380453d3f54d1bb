import type { CloudTrailRecord } from "../../local/event-of-record";
import { callerOf } from "./caller";
import { printable } from "./printable";
import type { WatchedPattern } from "./record-matcher";

/** A record, a pattern that matches it, and the file that it stands in. */
export interface Match {
  readonly pattern: WatchedPattern;
  readonly record: CloudTrailRecord;
  readonly file: string;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly value: (match: Match) => unknown;
}

/** Characters of a value that are looked at: more than a cell can hold. */
const LONGEST_LOOK = 100;

const COLUMNS: readonly Column[] = [
  { title: "time", width: 20, value: ({ record }) => record.eventTime },
  { title: "detection", width: 33, value: ({ pattern }) => nameOf(pattern) },
  { title: "eventName", width: 29, value: ({ record }) => record.eventName },
  { title: "who", width: 32, value: ({ record }) => callerOf(record) },
  { title: "from", width: 20, value: ({ record }) => record.sourceIPAddress },
  { title: "eventID", width: 36, value: ({ record }) => record.eventID },
];

export const TABLE_HEAD = tableLine(COLUMNS.map(({ title }) => title));

/** A match as a line of the table. Its widths are fixed, so that lines can be printed as they come. */
export function tableRow(match: Match): string {
  return tableLine(COLUMNS.map(({ value }) => value(match)));
}

function tableLine(values: readonly unknown[]): string {
  const cells = COLUMNS.map(({ width }, index) => cell(values[index], width));
  return `${cells.join("  ").trimEnd()}\n`;
}

function cell(value: unknown, width: number): string {
  const text = typeof value === "string" && value !== "" ? printable(value.slice(0, LONGEST_LOOK)) : "-";
  // By whole characters, since half of one is none.
  const characters = [...text];
  const cut = characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
  return cut.padEnd(width);
}

/** A match as a line of JSON. */
export function jsonRow({ pattern, record, file }: Match): string {
  const row = {
    [pattern.kind]: pattern.id,
    time: record.eventTime,
    eventSource: record.eventSource,
    eventName: record.eventName,
    errorCode: record.errorCode,
    who: callerOf(record),
    from: record.sourceIPAddress,
    account: record.recipientAccountId,
    region: record.awsRegion,
    eventID: record.eventID,
    file,
  };
  return `${printable(JSON.stringify(row))}\n`;
}

/** How a pattern is named beside others. */
export function nameOf({ kind, id }: WatchedPattern): string {
  return kind === "rule" ? `rule ${id}` : id;
}
