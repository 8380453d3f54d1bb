import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterwards } from "./afterwards";

/** A new folder, removed when the tests of the file have ended. Its name is short: sockets below it have short paths. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tw-"));
  afterwards(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
