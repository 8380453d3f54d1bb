import path from "node:path";
import { App } from "cdktf";
import type { StackSettings } from "../config";
import { TrailwardenStack } from "../constructs";

/**
 * Writes the Terraform JSON of one environment.
 *
 * @returns the folder that Terraform runs in
 */
export function synthesize(name: string, settings: StackSettings, outdir: string): string {
  // As in main.ts: CDKTF 0.21 calls util.isArray, which Node 22 and later warn of.
  process.noDeprecation = true;
  const app = new App({ outdir });
  new TrailwardenStack(app, name, settings);
  app.synth();
  return path.join(outdir, "stacks", name);
}
