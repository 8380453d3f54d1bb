import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { STANDARD_INPUT } from "./log-chunks";
import { systemErrorReason } from "./system-error";

/** A file to be read, or what in a folder can't be. */
export interface LogFile {
  readonly path: string;
  readonly problem?: string;
}

/** The files that are named, and those of the folders that are named, with theirs, by their names. */
export function* logFiles(names: readonly string[]): Generator<LogFile, void> {
  for (const name of names) {
    if (name !== STANDARD_INPUT && statsOf(name)?.isDirectory()) {
      yield* filesOfFolder(name);
    } else {
      yield { path: name };
    }
  }
}

/** One folder is listed at a time, so that memory doesn't grow with a bucket's days. */
function* filesOfFolder(folder: string): Generator<LogFile, void> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, problem: systemErrorReason(error) ?? String(error) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* filesOfFolder(name);
    } else if (entry.isFile() || statsOf(name)?.isFile()) {
      yield { path: name };
    } else {
      yield { path: name, problem: "neither a file nor a folder; links to folders are not followed" };
    }
  }
}

/** @returns `undefined` for what can't be looked at, such as a link in a circle; reading it tells why */
function statsOf(name: string): Stats | undefined {
  try {
    return statSync(name);
  } catch {
    return undefined;
  }
}
