import { App } from "cdktf";
import { ConfigError, configWarnings, parseConfig } from "./config";
import { TrailwardenStack } from "./constructs";

// CDKTF 0.21 calls util.isArray, which Node 22 and later warn of at every run; a user can do nothing about it.
process.noDeprecation = true;

try {
  const stacks = parseConfig(require("./trailwarden.config").default);
  const app = new App();
  for (const [name, settings] of Object.entries(stacks)) {
    new TrailwardenStack(app, name, settings);
  }
  app.synth();
  for (const warning of configWarnings(stacks)) {
    console.error(`warning: ${warning}`);
  }
} catch (error) {
  const problems = error instanceof ConfigError ? error.problems : [(error as Error).message];
  console.error(
    `trailwarden.config.ts is not valid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  );
  process.exitCode = 1;
}
