import type { ApiCall } from "./api-call";

/** A message to people, as SNS takes it. */
export interface AlertMessage {
  /** At most 100 printable ASCII characters (SNS API reference, "Publish"). */
  readonly subject: string;
  /** Plain text that reads well at 78 columns. */
  readonly body: string;
}

const SUBJECT_LENGTH = 100;
const WIDTH = 78;

/** Makes a subject of text that may hold anything. */
export function subjectLine(value: string): string {
  const printable = value.replace(/[^\x20-\x7e]+/g, " ").trim();
  return printable.length > SUBJECT_LENGTH ? `${printable.slice(0, SUBJECT_LENGTH - 3)}...` : printable;
}

/** Characters that could forge a line or a column, hide text or turn its direction. */
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]+/gu;

/** One line of text that comes from an event: what could forge lines is taken out, what is too long is cut. */
export function oneLine(value: string, most = 200): string {
  const line = value.replace(UNPRINTABLE, " ").trim();
  // Half of a character could not be sent.
  return line.length > most ? `${line.slice(0, most).replace(/\p{Cs}$/u, "")}...` : line;
}

/** `Who      arn:aws:…`: a label and what belongs to it, the following lines indented to the first. */
export function field(label: string, ...lines: readonly string[]): string {
  const indent = 9;
  const wrapped = lines.filter((line) => line !== "").flatMap((line) => wrap(line, WIDTH - indent));
  return wrapped.map((line, index) => (index === 0 ? label : "").padEnd(indent) + line).join("\n");
}

/** A sentence of any length; its further lines are indented, so that none of it can pass for a line of its own. */
export function paragraph(line: string): string {
  return wrap(line, WIDTH - 2).join("\n  ");
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

/** What was called, by whom, from where and when. */
export function callFields(call: ApiCall): string {
  const { principal } = call;
  const mfa = { true: "with MFA", false: "without MFA", undefined: "MFA unknown" }[String(principal.mfa)];
  const kind = [oneLine(principal.type) || "of unknown kind", mfa].join(", ");
  return [
    field("What", oneLine(`${call.eventName} (${call.eventSource})`), ...outcomeOf(call)),
    field(
      "Who",
      oneLine(principal.arn) || "no ARN recorded",
      kind,
      principal.invokedBy === undefined ? "" : oneLine(`through ${principal.invokedBy}`),
    ),
    field("From", oneLine(call.sourceIpAddress) || "unknown address", oneLine(call.userAgent)),
    field("When", oneLine(call.time) || "unknown"),
    field("Account", oneLine(`${call.accountId || "unknown"}, region ${call.region || "unknown"}`)),
    field("Event", oneLine(call.eventId) || "without an id"),
  ].join("\n");
}

function outcomeOf({ errorCode, errorMessage }: ApiCall): string[] {
  return errorCode === undefined
    ? []
    : [`denied or failed: ${oneLine(errorCode)}`, oneLine(errorMessage ?? "")];
}
