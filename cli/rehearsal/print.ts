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
  return [all, ...reasons].join("\n");
}

/** Every mail, as its reader gets it. */
export function mailsOf(rows: readonly Row[]): string {
  return rows
    .flatMap(({ title, mails }) =>
      mails.map(
        (mail, index) => `${heading(`${title}: mail ${index + 1} of ${mails.length}`)}\n${mail.trimEnd()}\n`,
      ),
    )
    .join("\n");
}

function heading(text: string): string {
  return `--- ${text} ${"-".repeat(Math.max(3, 78 - text.length - 5))}`;
}
