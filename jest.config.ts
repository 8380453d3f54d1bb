import type { Config } from "jest";

const transform = { "\\.ts$": "@swc/jest" };
const testPathIgnorePatterns = ["/node_modules/", "/dist/", "/cdktf.out/"];

const config: Config = {
  // By default Jest leaves one processor idle, which on a machine of two is half of it.
  maxWorkers: "100%",
  // A machine that others use, too, may stand still for seconds.
  testTimeout: 20_000,
  projects: [
    {
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/unit/**/*.test.ts"],
      setupFiles: ["<rootDir>/__tests__/support/without-traces.ts"],
      transform,
      testPathIgnorePatterns,
    },
    {
      displayName: "integration",
      testMatch: ["<rootDir>/__tests__/integration/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/integration/require-tools.ts",
      transform,
      testPathIgnorePatterns,
    },
  ],
};

export default config;
