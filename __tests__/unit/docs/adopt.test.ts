import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "../../..");
const ACCOUNT = path.join(ROOT, "cli/adopt/account");

describe("docs/adopt.md", () => {
  const page = readFileSync(path.join(ROOT, "docs/adopt.md"), "utf8");

  it("allows the calls that the command makes, and no other", () => {
    const [, policy = ""] = /```json\n(.*?)```/s.exec(page) ?? [];

    const calls = readdirSync(ACCOUNT).flatMap((file) =>
      [...readFileSync(path.join(ACCOUNT, file), "utf8").matchAll(/"([a-z0-9]+:[A-Z]\w+)"/g)].map(
        ([, action = ""]) => action,
      ),
    );

    // Lambda API reference, "GetFunction": it gives tags to those who may list them.
    expect(JSON.parse(policy).Statement[0].Action).toEqual(
      [...new Set([...calls, "lambda:ListTags"])].sort(),
    );
  });

  it("names every setting", () => {
    const source = readFileSync(path.join(ROOT, "config/adopt.ts"), "utf8");
    const [, schema = ""] = /adoptSettings = settings\(\{(.*?)\n\}\);/s.exec(source) ?? [];

    const settings = [...schema.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    const rows = [...page.matchAll(/^\| `adopt\.(\w+)` \|/gm)].map(([, name]) => name);

    expect(rows).toEqual(settings);
    expect(rows).toContain("trail");
  });
});
