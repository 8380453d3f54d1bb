import { table } from "../table";
import type { Row } from "./rehearse";

/** One row for each attack, and why those that are red are. */
export function rowTable(rows: readonly Row[]): string {
  const all = table(
    ["", "attack", "detected by", "notified", "healed", "seconds"],
    rows.map((row) => [
      row.ok ? "ok" : "RED",
      row.attack,
      row.detectedBy.join("\n") || "nothing",
      row.notified.join("\n") || "nobody",
      row.healed,
      row.seconds?.toFixed(1) ?? "",
    ]),
  );
  const reasons = rows
    .filter(({ ok }) => !ok)
    .map(({ attack, title, why }) =>
      [`RED ${attack} (${title}):`, ...why.map((line) => `  - ${line}`)].join("\n"),
    );
  const faults = rows
    .filter((row) => row.faults.length > 0)
    .map((row) => `faults during ${row.attack}: ${counted(row.faults)}`);
  return [all, ...reasons, ...faults].join("\n");
}

/** The messages of an attack, as their readers get them. */
export function mailsOf({ title, mails }: Row): string {
  return mails
    .map(
      (mail, index) => `${heading(`${title}: message ${index + 1} of ${mails.length}`)}\n${mail.trimEnd()}\n`,
    )
    .join("\n");
}

function counted(texts: readonly string[]): string {
  const times = new Map<string, number>();
  for (const text of texts) {
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...times].map(([text, count]) => `${text}, ${count} times`).join("; ");
}

function heading(text: string): string {
  return `--- ${text} ${"-".repeat(Math.max(3, 78 - text.length - 5))}`;
}
