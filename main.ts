import module from "node:module";
import { bundleFunctions } from "./constructs/function-code";

// Compiled once on a machine, not at every run; Node 20 doesn't know it.
module.enableCompileCache?.();
// CDKTF 0.21 calls util.isArray, which Node 22 and later warn of at every run; a user can do nothing about it.
process.noDeprecation = true;
// CDKTF takes a stack trace for every token, and nobody sees them: looking up their TypeScript lines would be a tenth of
// the run.
process.setSourceMapsEnabled(false);

async function main(): Promise<void> {
  // First, since it works in a process of its own while the rest is loaded here, which takes as long.
  const functionsBundled = bundleFunctions();
  const { App } = require("cdktf") as typeof import("cdktf");
  const { configWarnings, parseConfig } = require("./config") as typeof import("./config");
  const { TrailwardenStack } = require("./constructs") as typeof import("./constructs");

  const stacks = parseConfig(require("./trailwarden.config").default);
  await functionsBundled;
  const app = new App();
  for (const [name, settings] of Object.entries(stacks)) {
    new TrailwardenStack(app, name, settings);
  }
  app.synth();
  for (const warning of configWarnings(stacks)) {
    console.error(`warning: ${warning}`);
  }
}

main().catch((error: Error) => {
  const what = error.name === "ConfigError" ? "trailwarden.config.ts is not valid" : "cannot synthesize";
  console.error(`${what}:\n${error.message.replace(/^/gm, "  ")}`);
  process.exitCode = 1;
});
