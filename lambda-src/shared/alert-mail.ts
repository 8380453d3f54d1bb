import type { Alert } from "./alert";
import { callFacts } from "./call-facts";
import { field, item, oneLine, ownLine, paragraph, subjectLine } from "./text";

/** A mail to people, as SNS takes it. */
export interface AlertMail {
  /** At most 100 printable ASCII characters (SNS API reference, "Publish"). */
  readonly subject: string;
  /** Plain text that reads well at 78 columns. */
  readonly body: string;
}

/** What an alert's mail says, whatever the events behind it hold. */
export function alertMail(alert: Alert): AlertMail {
  const { facts, items, notices, steps, links } = alert;
  const sections = [
    paragraph(alertHeading(alert)),
    paragraph(oneLine(alert.summary, 2000)),
    ...callSections(alert),
    facts
      .map(({ label, lines }) => field(oneLine(label, 20), ...lines.map((line) => oneLine(line, 400))))
      .filter((text) => text !== "")
      .join("\n"),
    items.map((line) => item(oneLine(line, 1000))).join("\n"),
    notices.map((notice) => paragraph(oneLine(notice, 1000))).join("\n"),
    steps.length === 0 ? "" : ["To do", ...stepLines(steps)].join("\n"),
    links.map(({ label, url }) => `${oneLine(label, 60)}\n  ${urlLine(url)}`).join("\n"),
  ];
  return {
    subject: alertSubject(alert),
    body: `${sections.filter((section) => section !== "").join("\n\n")}\n`,
  };
}

export function alertSubject({ subject }: Pick<Alert, "subject">): string {
  return subjectLine(oneLine(subject));
}

/** `[HIGH] Snapshot shared` */
export function alertHeading({ severity, title }: Pick<Alert, "severity" | "title">): string {
  return `[${severity.toUpperCase()}] ${oneLine(title)}`;
}

/** `Event 1 of 37`, or nothing where there is but one. */
export function callHeading({ calls, callCount }: Pick<Alert, "calls" | "callCount">, index: number): string {
  const count = oneLine(callCount ?? String(calls.length), 40);
  return count === "1" ? "" : `Event ${index + 1} of ${count}`;
}

/** A number before each step, where there are several. */
export function stepMarks(steps: readonly string[]): string[] {
  return steps.map((_, index) => (steps.length === 1 ? "-" : `${index + 1}.`));
}

function callSections(alert: Alert): string[] {
  return alert.calls.map((call, index) => {
    const fields = callFacts(call).map(({ label, lines }) => field(label, ...lines));
    return [callHeading(alert, index), ...fields].filter((line) => line !== "").join("\n");
  });
}

function stepLines(steps: readonly string[]): string[] {
  const marks = stepMarks(steps);
  return steps.map((step, index) => item(ownLine(step), marks[index]));
}

/** A link is of use only as a whole: it is neither cut nor wrapped. */
function urlLine(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, "");
}
