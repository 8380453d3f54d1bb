import path from "node:path";
import { type BuildOptions, type BuildResult, build, buildSync } from "esbuild";
import { zipSync } from "fflate";

/** Handler modules of the Lambda functions; esbuild finds the extension. */
export const FUNCTION_ENTRIES = {
  guard: path.join(__dirname, "../lambda-src/guard/handler"),
} as const;

export type FunctionName = keyof typeof FUNCTION_ENTRIES;

/** Bundles that {@link bundleFunctions} has made. */
const bundled = new Map<FunctionName, Uint8Array>();

/**
 * Bundles every function ahead. esbuild works in a process of its own: an app that calls this first and awaits it
 * before it makes its stacks has the bundles by the time CDKTF is loaded. Without it they are made when needed.
 */
export async function bundleFunctions(): Promise<void> {
  const names = Object.keys(FUNCTION_ENTRIES) as FunctionName[];
  await Promise.all(names.map(async (name) => bundled.set(name, bundleOf(await build(buildOptions(name))))));
}

/**
 * A function's code as the ZIP archive that Lambda takes, its handler at `index.handler`.
 *
 * The same source gives the same bytes on every machine, so that a plan made elsewhere is empty: the bundle holds no
 * path and no time, and in the archive times are fixed and code is stored as it is, with no compressor to differ by.
 */
export function functionArchive(name: FunctionName): Uint8Array {
  const code = bundled.get(name) ?? bundleOf(buildSync(buildOptions(name)));
  bundled.set(name, code);
  // ZIP stores local time without a zone: the same local time everywhere is the same bytes everywhere.
  return zipSync({ "index.js": code }, { level: 0, mtime: new Date(1980, 0, 1) });
}

/**
 * Lambda gives a function its role's credentials in environment variables. The SDK loads its other sources of
 * credentials only where those are missing: left out, they take a third off the bundle.
 */
const UNUSED_CREDENTIAL_PROVIDERS = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-login",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

function buildOptions(name: FunctionName) {
  return {
    entryPoints: [FUNCTION_ENTRIES[name]],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    // The SDK's ES modules shed what isn't used; its CommonJS form is half as large again.
    mainFields: ["module", "main"],
    external: UNUSED_CREDENTIAL_PROVIDERS,
    legalComments: "none",
    write: false,
    logLevel: "error",
  } as const satisfies BuildOptions;
}

function bundleOf({ outputFiles }: BuildResult<{ write: false }>): Uint8Array {
  return (outputFiles[0] as { contents: Uint8Array }).contents;
}
