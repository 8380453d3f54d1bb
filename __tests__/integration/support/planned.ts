import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeStateBucket } from "../../../cli/emulated";
import { readPlan } from "../../../cli/review/plan";
import { findingsOf } from "../../../cli/review/review";
import { ReviewContext } from "../../../cli/review/review-context";
import { startEmulator } from "../../../local/emulator";
import { emulatorEnvironment } from "../../../local/environment";
import { Terraform } from "../../../local/terraform";
import { afterwards } from "./afterwards";
import { tempFolder } from "./temp-folder";

/** A plan of the real Terraform, as `terraform show -json` prints it. */
export async function plannedJson(terraform: Terraform, ...options: string[]): Promise<string> {
  await terraform.run(["plan", "-input=false", "-no-color", "-refresh=false", "-out=plan", ...options]);
  return terraform.run(["show", "-json", "plan"]);
}

/** What a review says of a plan: `RULE ADDRESS`, in order, with `(unknown)` where it can't judge. */
export function verdictsOn(planJson: string): string[] {
  return findingsOf(new ReviewContext(readPlan(planJson)))
    .map(({ rule, severity, address }) => `${rule} ${address}${severity === "unknown" ? " (unknown)" : ""}`)
    .sort();
}

/** The values of one resource, by its type and the beginning of its name, in a stack's JSON: to be changed in place. */
export function resourceIn(stack: StackJson, type: string, name = ""): StackJson["resource"][string][string] {
  const found = Object.entries(stack.resource[type] ?? {}).find(([key]) => key.startsWith(name));
  if (found === undefined) {
    throw new Error(`the stack has no ${type}.${name}`);
  }
  return found[1];
}

export interface StackJson {
  // biome-ignore lint/suspicious/noExplicitAny: attributes of any shape, which a test knows.
  readonly resource: Record<string, Record<string, Record<string, any>>>;
}

/** Takes a resource, by its type and the beginning of its name, out of a stack's JSON, and what waits for it needs not wait. */
export function remove(stack: StackJson, type: string, name: string): void {
  const key = Object.keys(stack.resource[type] ?? {}).find((key) => key.startsWith(name));
  if (key === undefined) {
    throw new Error(`the stack has no ${type}.${name}`);
  }
  delete stack.resource[type]?.[key];
  for (const waiting of Object.values(stack.resource).flatMap((named) => Object.values(named))) {
    if (Array.isArray(waiting.depends_on)) {
      waiting.depends_on = waiting.depends_on.filter((address) => address !== `${type}.${key}`);
    }
  }
}

export function editJson(file: string, edit: (stack: StackJson) => void): void {
  const stack = JSON.parse(readFileSync(file, "utf8"));
  edit(stack);
  writeFileSync(file, JSON.stringify(stack));
}

/** A stack in Terraform's own language, deployed to an emulator. */
export class HandWrittenStack {
  private constructor(
    private readonly source: string,
    private readonly folder: string,
    readonly terraform: Terraform,
  ) {}

  static async deploy(source: string, region: string, archive: Uint8Array): Promise<HandWrittenStack> {
    const emulator = await startEmulator();
    afterwards(() => emulator.stop());
    await makeStateBucket(emulator.url, region);
    const folder = tempFolder();
    cpSync(source, folder, { recursive: true });
    writeFileSync(path.join(folder, "restart.zip"), archive);
    writeFileSync(path.join(folder, "provider.tf.json"), JSON.stringify(PROVIDER));
    const environment = emulatorEnvironment(emulator.url, region);
    const terraform = new Terraform({ folder, environment });
    await terraform.init();
    await terraform.apply();
    return new HandWrittenStack(source, folder, terraform);
  }

  /** The plan of the stack with texts replaced, each of which must be there. */
  async planned(
    replacements: Readonly<Record<string, readonly (readonly [string, string])[]>>,
    ...options: string[]
  ): Promise<string> {
    for (const file of ["main.tf", "storage/main.tf"]) {
      let text = readFileSync(path.join(this.source, file), "utf8");
      for (const [from, to] of replacements[file] ?? []) {
        if (!text.includes(from)) {
          throw new Error(`${file} has no ${from}`);
        }
        text = text.replace(from, to);
      }
      writeFileSync(path.join(this.folder, file), text);
    }
    return plannedJson(this.terraform, ...options);
  }
}

// Endpoint, region and credentials are the environment's.
const PROVIDER = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } } },
  provider: { aws: { s3_use_path_style: true, skip_credentials_validation: true } },
};
