const SUBJECT_LENGTH = 100;
const WIDTH = 78;

/** Makes a subject of text that may hold anything: at most 100 printable ASCII characters (SNS API reference, "Publish"). */
export function subjectLine(value: string): string {
  return asciiLine(value, SUBJECT_LENGTH) || "Alert";
}

/** One line of printable ASCII, at most so long. */
export function asciiLine(value: string, most: number): string {
  const line = value.replace(/[^\x20-\x7e]+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

/** Characters that could forge a line or a column, hide text or turn its direction; the last ones are letters without ink. */
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u2800\u3164\uffa0]+/gu;

/** One line of text that this project or its user has written: links in it stay links. Cut to `most` characters and `...`. */
export function ownLine(value: string, most = 1000): string {
  return cut(flat(value), most);
}

/**
 * One line of text that comes from an event: what could forge lines is taken out, links are disarmed, and what is too long
 * is cut to `most` characters and `...`.
 */
export function oneLine(value: string, most = 200): string {
  return cut(disarm(flat(value)), most);
}

function flat(value: string): string {
  return value.replace(UNPRINTABLE, " ").trim();
}

function cut(line: string, most: number): string {
  // Half of a character could not be sent.
  return line.length > most ? `${line.slice(0, most).replace(/[\ud800-\udbff]$/, "")}...` : line;
}

/**
 * `https://evil.example/x` is `https[:]//evil[.]example/x`, the way threat reports write it. Programs that make links of text
 * know no scheme in it, whichever it was, and no host.
 */
function disarm(line: string): string {
  return line
    .replaceAll("://", "[:]//")
    .replace(/(?<=\[:\]\/\/)[^\s/]*|www\.[^\s/]*/gi, (host) => host.replace(/(?<!\[)\./g, "[.]"));
}

/** `Who      arn:aws:…`: a label and what belongs to it, the following lines indented to the first. */
export function field(label: string, ...lines: readonly string[]): string {
  const indent = 9;
  const wrapped = lines.filter((line) => line !== "").flatMap((line) => wrap(line, WIDTH - indent));
  return wrapped.map((line, index) => (index === 0 ? `${label} ` : "").padEnd(indent) + line).join("\n");
}

/** A sentence of any length; its further lines are indented, so that none of it can pass for a line of its own. */
export function paragraph(line: string): string {
  return wrap(line, WIDTH - 2).join("\n  ");
}

/** `  - …`, or another mark before it: a line of a list, its further lines indented to the first. */
export function item(line: string, mark = "-"): string {
  const indent = mark.length + 3;
  return wrap(line, WIDTH - indent)
    .map((part, index) => (index === 0 ? `  ${mark} ${part}` : `${" ".repeat(indent)}${part}`))
    .join("\n");
}

/** Wraps at spaces; a word that is longer than a line stays whole, so that an ARN can be copied. */
export function wrap(line: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
