import { accessSync, constants } from "node:fs";
import path from "node:path";

/** A program outside npm that is needed and isn't there; the message says how to get it. */
export class MissingToolError extends Error {
  override readonly name = "MissingToolError";
}

const HOW_TO_GET: Readonly<Record<string, string>> = {
  moto_server: 'the AWS emulator moto: pip install "moto[server]==5.2.1" (https://docs.getmoto.org)',
  terraform: "Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install",
};

/** Terraform's command; as for the CDKTF CLI, TERRAFORM_BINARY_NAME names another, such as OpenTofu's. */
export const TERRAFORM = process.env.TERRAFORM_BINARY_NAME ?? "terraform";

/**
 * @returns the path of a program on the PATH
 * @throws MissingToolError if there is none
 */
export function findTool(name: string): string {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  const hint = HOW_TO_GET[name] ?? HOW_TO_GET.terraform;
  throw new MissingToolError(`${name} is not on the PATH; it is ${hint}`);
}
