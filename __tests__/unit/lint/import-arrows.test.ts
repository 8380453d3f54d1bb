import { forbiddenImports } from "../../../lint/import-arrows";

describe("forbiddenImports", () => {
  it.each([
    ["constructs/stack.ts", 'import type { Environment } from "../config";'],
    ["constructs/stack.ts", 'export { x } from "../config/index";'],
    ["constructs/stack.ts", 'export * from "../cli/local";'],
    ["constructs/trail-guard.ts", 'import { judge } from "../lambda-src/guard/stop-logging";'],
    ["config/index.ts", 'import { TrailwardenStack } from "../constructs";'],
    ["main.ts", 'import { startEmulator } from "./local/emulator";'],
    ["local/gateway.ts", 'const config = require("../config");'],
    ["local/gateway.ts", 'const config = await import("../config");'],
    ["detections/presets.ts", 'let x: import("../constructs").AuditTrail;'],
    ["lambda-src/guard/handler.ts", 'import { App } from "cdktf";'],
    ["lambda-src/guard/handler.ts", 'import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";'],
    ["patterns/index.ts", 'import fs from "node:fs";'],
    ["detections/presets.ts", 'import { z } from "zod";'],
  ])("finds in %s: %s", (file, source) => {
    expect(forbiddenImports(file, source)).toHaveLength(1);
  });

  it.each([
    ["constructs/stack.ts", 'import { PRESETS } from "../detections";'],
    ["constructs/stack.ts", 'import { AlertTopic } from "./alert-topic";'],
    ["constructs/stack.ts", 'import { App } from "cdktf";'],
    ["main.ts", 'import { parseConfig } from "./config";'],
    ["lambda-src/guard/handler.ts", 'import { Logger } from "@aws-lambda-powertools/logger";'],
    ["__tests__/unit/x.test.ts", 'import { run } from "../../cli/run";'],
  ])("allows in %s: %s", (file, source) => {
    expect(forbiddenImports(file, source)).toEqual([]);
  });

  it("says who may import what", () => {
    expect(forbiddenImports("local/gateway.ts", 'import "../config";')).toEqual([
      "local/gateway.ts: local may not import config; it may import patterns",
    ]);
  });
});
