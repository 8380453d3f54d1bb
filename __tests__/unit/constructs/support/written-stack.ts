import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { unzipSync } from "fflate";
import { DEPLOYMENT_FILE, type Deployment } from "../../../../lambda-src/notifier/deployment";

/** A function's archive as it is written at synth. */
export interface WrittenArchive {
  /** As Terraform tells it to Lambda. */
  readonly hash: string;
  readonly content: Buffer;
}

/** What a synth of the stack writes for a function. */
export function writtenArchive(functionName: string, make: (app: App) => TerraformStack): WrittenArchive {
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-archive-"));
  try {
    const app = new App({ outdir });
    const stack = make(app);
    app.synth();
    const folder = path.join(outdir, "stacks", stack.node.id);
    const { resource } = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
    const functions = Object.values<Record<string, string>>(resource.aws_lambda_function);
    const { filename = "", source_code_hash: hash = "" } =
      functions.find(({ function_name }) => function_name === functionName) ?? {};
    return { hash, content: readFileSync(path.join(folder, filename)) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** An empty stack of someone else's app, which is written. */
export function foreignStackOf(app: App): TerraformStack {
  const stack = new TerraformStack(app, "foreign");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

export function fileOf({ content }: WrittenArchive, name: string): string {
  return Buffer.from(unzipSync(content)[name] ?? []).toString();
}

/** What the notifier is told of its deployment. */
export function deploymentOf(archive: WrittenArchive): Deployment {
  return JSON.parse(fileOf(archive, DEPLOYMENT_FILE));
}
