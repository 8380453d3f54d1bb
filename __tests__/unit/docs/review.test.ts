import { readFileSync } from "node:fs";
import path from "node:path";
import { RULES } from "../../../cli/review/rules";

describe("docs/review.md", () => {
  it("has a row for each rule, with its severity, in the order of the rules, and for no other", () => {
    const page = readFileSync(path.join(__dirname, "../../../docs/review.md"), "utf8");

    const rows = [...page.matchAll(/^\| `([\w-]+)` \| (\w+) \| ./gm)].map(
      ([, rule, severity]) => `${rule} ${severity}`,
    );

    const rules = Object.entries(RULES).map(([rule, { severity }]) => `${rule} ${severity}`);
    expect(rows).toEqual([
      ...rules.filter((rule) => rule.endsWith(" blocks")),
      ...rules.filter((rule) => rule.endsWith(" warns")),
    ]);
  });
});
