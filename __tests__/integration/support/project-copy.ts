import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command, type Ended } from "./command";
import { tempFolder } from "./temp-folder";

const PROJECT = path.resolve(__dirname, "../../..");

/** A configuration with nothing but a region and an e-mail address. */
export const DEFAULT_CONFIG = `
import { defineConfig } from "./config";

export default defineConfig({
  environments: {
    main: { region: "ap-northeast-2", alerts: { emails: ["security@example.com"] } },
  },
});
`;

const NOT_SOURCE = /^(?:\.git|\.terraform|node_modules|dist|coverage|__tests__|cdktf\.out.*|.*\.tfstate.*)$/;

/** The project in a folder of its own, as on another machine, for what a test must not do in the checkout. */
export class ProjectCopy {
  readonly folder = tempFolder();

  /** @param config source of its `trailwarden.config.ts` */
  constructor(config: string) {
    cpSync(PROJECT, this.folder, {
      recursive: true,
      filter: (source) => path.dirname(source) !== PROJECT || !NOT_SOURCE.test(path.basename(source)),
    });
    symlinkSync(path.join(PROJECT, "node_modules"), path.join(this.folder, "node_modules"));
    writeFileSync(path.join(this.folder, "trailwarden.config.ts"), config);
  }
}

/** Runs a command of the project's packages to its end, e.g. `tsx main.ts`. */
export function npx(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Command("npx", ["--no-install", ...args], folder, {
    ...environment,
    // The CDKTF CLI would tell its maker of each run, and keep providers in the home folder.
    CHECKPOINT_DISABLE: "1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
  }).ended;
}
