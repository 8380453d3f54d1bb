import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";

export interface FunctionArchiveProps {
  /** Absolute path, without extension, of the module that exports `handler`. */
  readonly entry: string;
}

/**
 * A Lambda function's code: bundled and minified by esbuild, zipped, and written beside the stack's JSON at synth.
 *
 * The same source gives the same bytes on every machine, so that a plan made elsewhere is empty: the bundle holds no
 * path and no time, the archive's times are fixed, and its compression is not left to the zlib of the Node that runs.
 */
export class FunctionArchive extends Construct {
  /** Path of the archive relative to the stack's JSON. */
  readonly path: string;
  /** SHA-256 of the archive in Base64, as Lambda reports it in `CodeSha256`. */
  readonly sha256: string;
  /** Handler and runtime that the archive is made for. */
  readonly handler = "index.handler";
  readonly runtime = "nodejs22.x";

  constructor(scope: Construct, id: string, props: FunctionArchiveProps) {
    super(scope, id);
    const archive = zip(bundle(props.entry));
    const digest = createHash("sha256").update(archive).digest();
    this.sha256 = digest.toString("base64");

    const stack = TerraformStack.of(this);
    const folder = path.posix.join("assets", stack.getLogicalId(this.node));
    this.path = path.posix.join(folder, digest.toString("hex"), "function.zip");
    addCustomSynthesis(this, {
      onSynthesize: ({ manifest, outdir }) => {
        const stackFolder = path.dirname(path.join(outdir, manifest.forStack(stack).synthesizedStackPath));
        rmSync(path.join(stackFolder, folder), { recursive: true, force: true });
        const file = path.join(stackFolder, this.path);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, archive);
      },
    });
  }
}

function bundle(entry: string): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    // The SDK's ES modules shed what isn't used; its CommonJS form is half as large again.
    mainFields: ["module", "main"],
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  return (outputFiles[0] as { contents: Uint8Array }).contents;
}

function zip(code: Uint8Array): Uint8Array {
  // ZIP stores local time without a zone: the same local time everywhere is the same bytes everywhere.
  return zipSync({ "index.js": code }, { level: 9, mtime: new Date(1980, 0, 1) });
}
