import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { EnvironmentConfig } from "../../config";
import { regularLookEvent } from "../../local/call-event";
import { afterwards } from "./support/afterwards";
import { DeployedGuard } from "./support/deployed-guard";
import { Mailbox } from "./support/mailbox";
import { type Checkout, Sandbox } from "./support/sandbox";

jest.setTimeout(600_000);

const PLACE = { region: "ap-northeast-2", accountId: "123456789012" };
const ENVIRONMENT: EnvironmentConfig = {
  region: PLACE.region,
  alerts: { emails: ["security@example.com"], topics: "shared" },
  trail: { forceDestroy: true },
};

/** Runs the guard's regular look over and over, with the code and the settings that are deployed at the moment. */
class TightLoop {
  readonly results: unknown[] = [];
  private isStopped = false;
  private ended: Promise<void> | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly checkout: Checkout,
  ) {
    afterwards(() => this.stop());
  }

  start(): void {
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.ended;
  }

  private async run(): Promise<void> {
    let guard = await DeployedGuard.of(this.sandbox, this.checkout);
    while (!this.isStopped) {
      const { result, error } = await guard.invoke(regularLookEvent(PLACE));
      this.results.push(error ?? result);
      // Once the function is destroyed it goes on as a run would that had just begun.
      guard = await DeployedGuard.of(this.sandbox, this.checkout).catch(() => guard);
    }
  }
}

describe("Terraform, while the guard looks without a pause", () => {
  let sandbox: Sandbox;
  let loop: TightLoop;
  let mailbox: Mailbox;

  beforeAll(async () => {
    sandbox = await Sandbox.open(ENVIRONMENT);
    const checkout = sandbox.checkout();
    await checkout.terraform.init();
    await checkout.terraform.apply();
    mailbox = await Mailbox.of(sandbox, `arn:aws:sns:${PLACE.region}:${PLACE.accountId}:trailwarden-alerts`);
    loop = new TightLoop(sandbox, checkout);
    loop.start();
  });

  async function changed(environment: EnvironmentConfig): Promise<Checkout> {
    const checkout = sandbox.checkout(environment);
    await checkout.terraform.init();
    return checkout;
  }

  it("changes every setting of the trail", async () => {
    const settings = sandbox.clientSettings();
    await sandbox.makeBucket("central-logs");
    await new CloudWatchLogsClient(settings).send(new CreateLogGroupCommand({ logGroupName: "/central" }));
    const { KeyMetadata } = await new KMSClient(settings).send(new CreateKeyCommand({}));
    const { terraform } = await changed({
      ...ENVIRONMENT,
      tags: { team: "security" },
      trail: {
        existingBucket: "central-logs",
        existingLogGroup: "/central",
        existingKey: KeyMetadata?.Arn,
        insights: ["ApiCallRateInsight"],
      },
    });

    await terraform.apply();

    expect(await sandbox.account.trails()).toMatchObject([
      {
        Name: "trailwarden",
        S3BucketName: "central-logs",
        KmsKeyId: KeyMetadata?.Arn,
        CloudWatchLogsLogGroupArn: expect.stringMatching(/:log-group:\/central:\*$/),
        IsLogging: true,
      },
    ]);
    expect(await terraform.plan()).toMatchObject({ empty: true });
  });

  it("gives the trail another name, and with it its bucket, log group and role", async () => {
    const { terraform } = await changed({ ...ENVIRONMENT, trail: { name: "renamed", forceDestroy: true } });

    await terraform.apply();

    expect(await sandbox.account.trails()).toMatchObject([
      { Name: "renamed", S3BucketName: `renamed-${PLACE.accountId}-${PLACE.region}`, IsLogging: true },
    ]);
    expect(await terraform.plan()).toMatchObject({ empty: true });
  });

  it("replaces the trail by one of the same name", async () => {
    const checkout = await changed({ ...ENVIRONMENT, trail: { name: "renamed", forceDestroy: true } });
    const address = checkout.resources().find((resource) => resource.startsWith("aws_cloudtrail."));

    const { status, stderr } = await checkout.start("apply", "-auto-approve", `-replace=${address}`).ended;

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await sandbox.account.trails()).toMatchObject([{ Name: "renamed", IsLogging: true }]);
    expect(await checkout.terraform.plan()).toMatchObject({ empty: true });
  });

  it("destroys it all", async () => {
    const { terraform } = await changed({ ...ENVIRONMENT, trail: { name: "renamed", forceDestroy: true } });
    const mails = await mailbox.read();

    await terraform.destroy();
    await loop.stop();

    expect(await sandbox.account.trails()).toEqual([]);
    expect(await sandbox.account.metricFilters()).toEqual([]);
    const { Parameters } = await new SSMClient(sandbox.clientSettings()).send(
      new GetParametersByPathCommand({ Path: "/trailwarden", Recursive: true }),
    );
    expect(Parameters).toEqual([]);
    expect(loop.results.length).toBeGreaterThan(30);
    // A look between Terraform's writing of the new state and its making makes it first, and says so; nothing else is told.
    const subjects = mails.map(({ Subject }) => Subject);
    expect(subjects.filter((subject) => !/^Trail guard: \d+ restored - /.test(subject))).toEqual([]);
  });
});
