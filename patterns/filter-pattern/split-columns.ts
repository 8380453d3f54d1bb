/** A column of a space-delimited message: its text, without quotes or brackets around it, and where it starts. */
export interface MessageColumn {
  readonly text: string;
  readonly start: number;
}

const whitespace = /[ \t\r\n]/;

/**
 * Splits a space-delimited message. What stands between brackets or double quotes is one column.
 *
 * Source: "Using filter patterns to match terms in space-delimited log events" on the page "Filter pattern
 * syntax" of the CloudWatch Logs user guide.
 */
export function splitColumns(message: string): MessageColumn[] {
  const columns: MessageColumn[] = [];
  // Where each closing character comes next. Kept, so that a message of many opening ones is searched only once.
  const next = new Map<string, number>();

  function nextClosing(character: string, from: number): number {
    const known = next.get(character);
    if (known !== undefined && known >= from) return known;
    const found = message.indexOf(character, from);
    const position = found < 0 ? message.length : found;
    next.set(character, position);
    return position;
  }

  let start = 0;
  while (start < message.length) {
    if (whitespace.test(message.charAt(start))) {
      start += 1;
      continue;
    }
    const closing = closingOf.get(message.charAt(start));
    const close = closing === undefined ? message.length : nextClosing(closing, start + 1);
    let end = close + 1;
    if (close < message.length && (end === message.length || whitespace.test(message.charAt(end)))) {
      columns.push({ text: message.slice(start + 1, close), start });
    } else {
      end = start + 1;
      while (end < message.length && !whitespace.test(message.charAt(end))) end += 1;
      columns.push({ text: message.slice(start, end), start });
    }
    start = end;
  }
  return columns;
}

const closingOf = new Map([
  ["[", "]"],
  ['"', '"'],
]);
