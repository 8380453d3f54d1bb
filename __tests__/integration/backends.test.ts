import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { synthesize } from "../../cli/synthesize";
import { parseConfig, type StackSettings } from "../../config";
import { backendSchema } from "../../config/backends";
import { findTool, TERRAFORM } from "../../local/tools";
import { BACKENDS } from "./support/backends";
import { Command, type Ended } from "./support/command";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(60_000);

type BackendName = keyof typeof BACKENDS;

/**
 * Nothing of a backend is there, so `terraform init` fails, but only once it has taken the block's arguments: what it
 * says then tells how far it came.
 */
const AS_FAR_AS: Readonly<Record<BackendName, RegExp>> = {
  s3: /failed to get shared config profile, nobody/,
  gcs: /no-such-credentials\.json: no such file or directory/,
  azurerm: /authoriz/i,
  http: /Failed to get state: .* connection refused/,
  pg: /connection refused/,
  consul: /no-such-certificate\.pem: no such file or directory/,
  kubernetes: /connection refused/,
  "remote, one workspace": /Failed to request discovery document: .* connection refused/,
  "remote, workspaces with a prefix": /Failed to request discovery document: .* connection refused/,
  "cloud, one workspace": /Failed to request discovery document: .* connection refused/,
  "cloud, workspaces with tags": /Failed to request discovery document: .* connection refused/,
  local: /successfully initialized/,
};

/** Runs `terraform init` with the backend of a synthesized stack, and without its provider, which takes no part. */
async function initialize(backend: BackendName, more: Record<string, string> = {}): Promise<Ended> {
  const environment = { region: "ap-northeast-2", guard: { mode: "off" }, backend: BACKENDS[backend] };
  const settings = parseConfig({ environments: { main: environment } }).main as StackSettings;
  const stackFile = path.join(synthesize("main", settings, tempFolder()), "cdk.tf.json");
  const { cloud, backend: block } = JSON.parse(readFileSync(stackFile, "utf8")).terraform;

  const folder = tempFolder();
  const [type, given] = Object.entries(block ?? { cloud })[0] as [string, object];
  const blockWithMore = { ...given, ...more };
  writeFileSync(
    path.join(folder, "cdk.tf.json"),
    JSON.stringify({
      terraform: cloud === undefined ? { backend: { [type]: blockWithMore } } : { cloud: blockWithMore },
    }),
  );
  return new Command(findTool(TERRAFORM), ["init", "-input=false", "-no-color"], folder, {
    // Nothing of the developer's: no credentials, no profiles.
    HOME: folder,
    GOOGLE_APPLICATION_CREDENTIALS: path.join(folder, "no-such-credentials.json"),
    PG_CONN_STR: "postgres://127.0.0.1:1/terraform",
    CHECKPOINT_DISABLE: "1",
  }).ended;
}

const names = Object.keys(BACKENDS) as BackendName[];

describe("the backend block", () => {
  it.each(names)("is taken by Terraform with all its arguments: %s", async (backend) => {
    const { stdout, stderr } = await initialize(backend);

    expect(stdout + stderr).toMatch(AS_FAR_AS[backend]);
  });

  it.each(names)("is refused by Terraform with one that it doesn't know: %s", async (backend) => {
    const { status, stderr } = await initialize(backend, { no_such_argument: "value" });

    expect(status).toBe(1);
    expect(stderr).toContain('No argument or block type is named "no_such_argument"');
  });

  it.each(backendSchema.options.map(({ shape }) => [shape.type.value, Object.keys(shape)] as const))(
    "is tried with every argument of the configuration: %s",
    (type, settings) => {
      const tried = Object.values(BACKENDS).filter((backend) => backend.type === type);

      expect(new Set(tried.flatMap(Object.keys))).toEqual(new Set(settings));
    },
  );
});
