import module from "node:module";

// Compiled once on a machine, not at every run; Node 20 doesn't know it.
module.enableCompileCache?.();
// CDKTF 0.21 calls util.isArray, which Node 22 and later warn of at every run; a user can do nothing about it.
process.noDeprecation = true;
// CDKTF takes a stack trace for every token, and nobody sees them: they would be a tenth of the run.
process.setSourceMapsEnabled(false);
Error.captureStackTrace = () => {};

try {
  // Required, not imported: only now, with the settings above.
  const { App } = require("cdktf") as typeof import("cdktf");
  const { configSummary, configWarnings, parseConfig } = require("./config") as typeof import("./config");
  const { TrailwardenStack } = require("./constructs") as typeof import("./constructs");

  const stacks = parseConfig(require("./trailwarden.config").default);
  const app = new App();
  for (const [name, settings] of Object.entries(stacks)) {
    new TrailwardenStack(app, name, settings);
  }
  app.synth();
  for (const line of configSummary(stacks)) {
    console.error(line);
  }
  for (const warning of configWarnings(stacks)) {
    console.error(`warning: ${warning}`);
  }
} catch (error) {
  const { name, message } = error as Error;
  const what = name === "ConfigError" ? "trailwarden.config.ts is not valid" : "cannot synthesize";
  console.error(`${what}:\n${message.replace(/^/gm, "  ")}`);
  process.exitCode = 1;
}
