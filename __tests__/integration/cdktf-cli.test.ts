import path from "node:path";
import type { EnvironmentConfig } from "../../config";
import { inventory } from "../../local/inventory";
import { npx, ProjectCopy } from "./support/project-copy";
import { Checkout, Sandbox } from "./support/sandbox";

jest.setTimeout(180_000);

const REGION = "ap-northeast-2";

// What takes longest to make is left out: a bucket's lifecycle, a queue.
const ENVIRONMENT: EnvironmentConfig = {
  region: REGION,
  alerts: { emails: ["security@example.com"] },
  trail: { existingBucket: "log-files" },
  detections: { disabled: ["console-sign-in-failures", "iam-policy-changes"] },
  ec2States: [],
  guard: { mode: "off" },
};

describe("the CDKTF CLI, with state in S3", () => {
  let sandbox: Sandbox;
  let project: ProjectCopy;

  beforeAll(async () => {
    sandbox = await Sandbox.open(ENVIRONMENT);
    await sandbox.makeBucket("log-files");
    const { endpoint } = sandbox;
    const main: EnvironmentConfig = {
      ...ENVIRONMENT,
      provider: {
        endpoint,
        s3UsePathStyle: true,
        skipCredentialsValidation: true,
        skipMetadataApiCheck: true,
      },
      backend: {
        type: "s3",
        bucket: "terraform-state",
        key: "trailwarden/main.tfstate",
        region: REGION,
        useLockfile: true,
        endpoints: { s3: endpoint },
        usePathStyle: true,
        skipCredentialsValidation: true,
        skipMetadataApiCheck: true,
        skipRequestingAccountId: true,
      },
    };
    project = new ProjectCopy(`export default ${JSON.stringify({ environments: { main } })};\n`);
  });

  const cdktf = (...args: string[]) =>
    npx(["cdktf", ...args, "main", "--skip-provider-lock"], project.folder, sandbox.environment());

  const resources = () =>
    new Checkout(path.join(project.folder, "cdktf.out/stacks/main"), sandbox.environment()).resources();

  it("deploys", async () => {
    const { status, stdout } = await cdktf("deploy", "--auto-approve");

    expect(status).toBe(0);
    expect(stdout).toContain(
      `Apply complete! Resources: ${resources().length} added, 0 changed, 0 destroyed.`,
    );
    expect((await sandbox.stateResources()).sort()).toEqual(resources().sort());
    expect(await sandbox.account.trails()).toMatchObject([{ Name: "trailwarden", IsLogging: true }]);
    expect((await sandbox.account.alarms()).map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "Security group configuration changes",
      "alarm_notifier_dead_letters",
      "alarm_notifier_errors",
      "alarm_notifier_throttles",
    ]);
  });

  it("finds no difference afterwards", async () => {
    const { status, stdout } = await cdktf("diff");

    expect(status).toBe(0);
    expect(stdout).toContain("No changes.");
  });

  it("destroys", async () => {
    const { status, stdout } = await cdktf("destroy", "--auto-approve");

    expect(status).toBe(0);
    expect(stdout).toContain(`Destroy complete! Resources: ${resources().length} destroyed.`);
    expect(await inventory(sandbox.endpoint, sandbox.region)).toEqual([]);
    expect(await sandbox.stateResources()).toEqual([]);
  });
});
