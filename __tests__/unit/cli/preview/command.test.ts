import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, "../../../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "trailwarden-preview-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function preview(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "node_modules/tsx/dist/cli.mjs"), path.join(ROOT, "cli/preview.ts"), ...args],
    { cwd: folder, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

const FILE = path.join("preview", "index.html");

describe("npm run preview", () => {
  it("writes one page, and prints its path", () => {
    expect(preview("--environment", "main")).toEqual({ status: 0, stdout: `${FILE}\n`, stderr: "" });

    const page = readFileSync(path.join(folder, FILE), "utf8");
    expect(page).toContain("<title>Preview of main</title>");
    expect(page).toContain('<section id="console-sign-in-failures">');
    expect(page).toContain(">Latest matching events</text>");
  });

  it("writes nothing for an environment that isn't there", () => {
    const { status, stdout, stderr } = preview("--environment", "nowhere");

    expect([status, stdout, stderr]).toEqual([1, "", 'no environment "nowhere"; there is main\n']);
    expect(existsSync(path.join(folder, "preview"))).toBe(false);
  });

  it("prints its usage", () => {
    expect(preview("--help").stdout).toMatch(/^Usage: npm run preview/);
  });
});
