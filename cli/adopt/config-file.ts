import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NotEditable, withSetting } from "./config-text";
import { type AdoptReport, sectionsOf } from "./report";

export const CONFIG_FILE = path.join(__dirname, "..", "..", "trailwarden.config.ts");

/**
 * The configuration's text with what the report has for it.
 *
 * @throws Error, with what to do, where the text can't be edited
 */
export function edited(text: string, { environment, adopt, settings }: AdoptReport): string {
  const { adopt: section, ...groups } = sectionsOf(adopt, settings);
  try {
    const values = Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => ({ path: [environment, group, name], value })),
    );
    // In the order of the report.
    const withSection = section === undefined ? text : withSetting(text, [environment, "adopt"], section);
    return values.reduce((edited, { path: at, value }) => withSetting(edited, at, value), withSection);
  } catch (error) {
    if (error instanceof NotEditable) {
      throw new Error(
        `${path.basename(CONFIG_FILE)} can't be edited: ${error.message}. Paste the section above into the environment ${environment}`,
      );
    }
    throw error;
  }
}

/** Replaces the file at once, so that it is never half written, and not one that somebody has changed meanwhile. */
export function replaceConfig(before: string, text: string): void {
  if (readFileSync(CONFIG_FILE, "utf8") !== before) {
    throw new Error(`${path.basename(CONFIG_FILE)} was changed meanwhile; nothing was written`);
  }
  const target = realpathSync(CONFIG_FILE);
  const temporary = `${target}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: statSync(target).mode });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
