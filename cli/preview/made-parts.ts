import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { StackSettings } from "../../config";
import type { DashboardBody } from "../../constructs/dashboard/body";
import { DEPLOYMENT_FILE, type Deployment } from "../../lambda-src/notifier/deployment";
import { synthesize } from "../synthesize";

/** What of an environment's stack people see the work of, as it is deployed. */
export interface MadeParts {
  /** What the notifier is told of its deployment; undefined where there is no notifier. */
  readonly deployment: Deployment | undefined;
  readonly dashboard: DashboardBody;
}

/** The Terraform JSON of a stack, as far as it is read. */
interface StackJson {
  readonly resource: {
    readonly aws_cloudwatch_dashboard: Resources<{ readonly dashboard_body: string }>;
    readonly aws_lambda_function?: Resources<{ readonly filename: string }>;
  };
}

type Resources<Resource> = Readonly<Record<string, Resource>>;

/** Synthesizes an environment into a folder that is deleted again, and reads what was made. */
export function madeParts(name: string, settings: StackSettings): MadeParts {
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-preview-"));
  try {
    const folder = synthesize(name, settings, outdir);
    const { resource }: StackJson = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
    const [dashboard] = Object.values(resource.aws_cloudwatch_dashboard);
    if (dashboard === undefined) {
      throw new Error(`the stack ${name} has no dashboard`);
    }
    const archives = Object.values(resource.aws_lambda_function ?? {}).map(({ filename }) =>
      readFileSync(path.join(folder, filename)),
    );
    return {
      deployment: archives.map(deploymentIn).find((deployment) => deployment !== undefined),
      dashboard: JSON.parse(dashboard.dashboard_body),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function deploymentIn(archive: Uint8Array): Deployment | undefined {
  const { [DEPLOYMENT_FILE]: file } = unzipSync(archive, { filter: ({ name }) => name === DEPLOYMENT_FILE });
  return file === undefined ? undefined : JSON.parse(strFromU8(file));
}
