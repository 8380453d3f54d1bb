import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { type FunctionName, functionArchive } from "./function-code";

/** The archive of a Lambda function, written beside the stack's JSON at synth. */
export class FunctionArchive extends Construct {
  /** Path of the archive relative to the stack's JSON. */
  readonly path: string;
  /** SHA-256 of the archive in Base64, as Lambda reports it in `CodeSha256`. */
  readonly sha256: string;
  /** Handler and runtime that the archive is made for. */
  readonly handler = "index.handler";
  readonly runtime = "nodejs22.x";

  /** @param files what the function reads, by name, beside its code */
  constructor(
    scope: Construct,
    id: string,
    name: FunctionName,
    files: Readonly<Record<string, string>> = {},
  ) {
    super(scope, id);
    const archive = functionArchive(name, files);
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
