import module from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { StackSettings } from "../../config";

// A thread that synthesizes an environment and ends.

// As in main.ts, so that CDKTF takes less time and doesn't warn.
module.enableCompileCache?.();
process.noDeprecation = true;
process.setSourceMapsEnabled(false);

const { eventRules } = require("./event-rules") as typeof import("./event-rules");
const { name, settings } = workerData as { name: string; settings: StackSettings };
parentPort?.postMessage(eventRules(name, settings));
