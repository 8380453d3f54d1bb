import Table from "cli-table3";

/** A table for the terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const printed = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true });
  printed.push(...rows.map((row) => [...row]));
  return printed.toString();
}
