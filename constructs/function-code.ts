import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, buildSync, version } from "esbuild";
import { strToU8, unzipSync, zipSync } from "fflate";

/** Handler modules of the Lambda functions; esbuild finds the extension. */
const ENTRIES = {
  guard: path.join(__dirname, "../lambda-src/guard/handler"),
  notifier: path.join(__dirname, "../lambda-src/notifier/handler"),
} as const;

export type FunctionName = keyof typeof ENTRIES;

/**
 * A function's code as the ZIP archive that Lambda takes, its handler at `index.handler`.
 *
 * The same source gives the same bytes on every machine, so that a plan made elsewhere is empty: the bundle holds no
 * path and no time, and in the archive times are fixed and code is stored as it is, with no compressor to differ by.
 *
 * Bundling takes as long as loading CDKTF: so the archive is kept, until the functions' sources, the installed packages or
 * the options here change.
 *
 * @param files what the function reads, by name, beside its code
 */
export function functionArchive(
  name: FunctionName,
  files: Readonly<Record<string, string>> = {},
): Uint8Array {
  const code = codeArchive(name);
  return Object.keys(files).length === 0
    ? code
    : zip({
        ...unzipSync(code),
        ...Object.fromEntries(Object.entries(files).map(([file, content]) => [file, strToU8(content)])),
      });
}

function codeArchive(name: FunctionName): Uint8Array {
  const kept = keptArchive(name);
  if (kept === undefined) {
    return archive(name);
  }
  try {
    return readFileSync(kept);
  } catch {
    const made = archive(name);
    keep(kept, made);
    return made;
  }
}

function archive(name: FunctionName): Uint8Array {
  const { outputFiles } = buildSync({ ...BUILD_OPTIONS, entryPoints: { index: ENTRIES[name] } });
  const modules = outputFiles.map(({ path: file, contents }) => [path.basename(file), contents] as const);
  return zip({ "package.json": strToU8('{"type":"module"}'), ...Object.fromEntries(modules) });
}

function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(files).sort(byName));
  // ZIP stores local time without a zone: the same local time everywhere is the same bytes everywhere.
  return zipSync(sorted, { level: 0, mtime: new Date(1980, 0, 1) });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
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

export const BUILD_OPTIONS = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  // Only ES modules can be split: what is imported when it is needed is a file of its own then, not read before.
  format: "esm",
  splitting: true,
  outdir: "out",
  absWorkingDir: path.join(__dirname, ".."),
  // CommonJS packages require Node's own modules.
  banner: {
    js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
  },
  // The SDK's ES modules shed what isn't used; its CommonJS form is half as large again.
  mainFields: ["module", "main"],
  external: UNUSED_CREDENTIAL_PROVIDERS,
  legalComments: "none",
  write: false,
  logLevel: "error",
} as const satisfies BuildOptions;

/** The file that a function's archive is kept in, named after all that it is made from; undefined if that can't be told. */
function keptArchive(name: FunctionName): string | undefined {
  const installed = installedPackages();
  if (installed === undefined) {
    return undefined;
  }
  const madeFrom = createHash("sha256")
    .update(JSON.stringify([name, version, { ...BUILD_OPTIONS, absWorkingDir: undefined }]))
    .update(installed.list);
  const sources = path.join(__dirname, "../lambda-src");
  for (const file of readdirSync(sources, { recursive: true, encoding: "utf8" }).sort()) {
    if (/\.[jt]s$/.test(file)) {
      madeFrom.update(file).update(readFileSync(path.join(sources, file)));
    }
  }
  return path.join(installed.folder, ".cache/trailwarden", `${name}-${madeFrom.digest("hex")}.zip`);
}

/** The folder of the installed packages and npm's list of them, which has the version and hash of each. */
function installedPackages(): { folder: string; list: Buffer } | undefined {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const packages = path.join(folder, "node_modules");
    try {
      return { folder: packages, list: readFileSync(path.join(packages, ".package-lock.json")) };
    } catch {
      // not here; further up
    }
  }
  return undefined;
}

function keep(file: string, archive: Uint8Array): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    // Under another name first: another synth must not read half of it.
    writeFileSync(`${file}.${process.pid}`, archive);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A folder that can't be written to costs time, not the result.
  }
}
