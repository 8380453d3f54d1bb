import { CloudTrailClient, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { emulatorEnvironment } from "../../local/environment";
import { parseFaults } from "../../local/event-plane/faults";
import { Command, until } from "./support/command";
import { DEFAULT_CONFIG, ProjectCopy } from "./support/project-copy";
import { type Rehearsed, rehearsed } from "./support/rehearsed";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(300_000);

const REGION = "ap-northeast-2";
const PEOPLE = "security@example.com";
const TRAIL = `arn:aws:cloudtrail:${REGION}:123456789012:trail/trailwarden`;
const PAUSE = "/trailwarden/enable_trail/pause";

let deployed: Rehearsed;

beforeAll(async () => {
  deployed = await rehearsed({ region: REGION, alerts: { emails: [PEOPLE] } });
});

afterEach(() => {
  deployed.plane.faults.set([]);
});

/** Starts the drill with credentials of its own, as in an account. */
function npmRunDrill(...options: string[]): Command {
  const { folder } = new ProjectCopy(DEFAULT_CONFIG);
  return new Command("npm", ["run", "drill", "--", "--environment", "main", "--json", ...options], folder, {
    ...emulatorEnvironment(deployed.endpoint, REGION, "alice"),
    TMPDIR: tempFolder(),
  });
}

function reportOf(stdout: string): unknown {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

async function isLogging(): Promise<boolean | undefined> {
  const client = new CloudTrailClient(deployed.clientSettings);
  return (await client.send(new GetTrailStatusCommand({ Name: TRAIL }))).IsLogging;
}

describe("npm run drill", () => {
  it("stops the trail, sees the guard start it, and that its alert was published", async () => {
    const { plane } = deployed;
    const from = plane.clock.now();

    const { status, stdout, stderr } = await npmRunDrill("--yes").ended;

    expect({ status, report: reportOf(stdout) }).toEqual({
      status: 0,
      report: {
        environment: "main",
        account: "123456789012",
        region: REGION,
        trailArn: TRAIL,
        limitSeconds: 390,
        guard: "enable_trail",
        outcome: "healed",
        loggingAgainAfterSeconds: expect.any(Number),
        alert: {
          invocations: expect.any(Number),
          errors: 0,
          messagesPublished: expect.any(Number),
          notificationsFailed: 0,
        },
        passed: true,
        problems: [],
      },
    });
    expect(stderr).toContain("This stops a trail.");
    expect(await isLogging()).toBe(true);
    const [mail] = plane.inbox.since(from, PEOPLE);
    expect(mail?.subject).toBe("Trail guard: StopLogging undone - trailwarden");
    expect(mail?.mail).toContain("user/alice");
    expect(mail?.mail).toContain("trailwarden-drill");
  });

  it("starts the trail itself where nobody does within the limit", async () => {
    deployed.plane.faults.set(parseFaults("cut"));

    const { status, stdout, stderr } = await npmRunDrill("--yes", "--limit", "5").ended;

    expect(status).toBe(1);
    expect(reportOf(stdout)).toMatchObject({ outcome: "healed by the drill", passed: false });
    expect(stderr).toContain("nobody started it within 5 s");
    expect(await isLogging()).toBe(true);
  });

  it("starts the trail at once on Ctrl-C", async () => {
    deployed.plane.faults.set(parseFaults("cut"));
    const drill = npmRunDrill("--yes");
    await until("the trail is stopped", async () => (await isLogging()) === false, 120_000);

    drill.signal("SIGINT");
    const ended = await drill.ended;

    expect(ended.status).toBe(130);
    expect(await isLogging()).toBe(true);
  });

  it("stops nothing without a terminal to ask at", async () => {
    const from = deployed.plane.clock.now();

    const { status, stderr } = await npmRunDrill().ended;

    expect(status).toBe(1);
    expect(stderr).toContain("there is no terminal to ask at, and --yes isn't given");
    expect(deployed.plane.journal.since(from, "recorded")).toEqual([]);
  });

  it("stops nothing while the guard is paused", async () => {
    const ssm = new SSMClient(deployed.clientSettings);
    const until = new Date(Date.now() + 3600_000).toISOString();
    const Value = JSON.stringify({ until, reason: "maintenance", by: "alice" });
    await ssm.send(new PutParameterCommand({ Name: PAUSE, Value, Type: "String", Overwrite: true }));
    await deployed.plane.idle();
    const from = deployed.plane.clock.now();
    try {
      const { status, stderr } = await npmRunDrill("--yes").ended;

      expect(status).toBe(1);
      expect(stderr).toContain("the guard is paused until");
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(deployed.plane.journal.since(from, "recorded")).toEqual([]);
    } finally {
      await ssm.send(
        new PutParameterCommand({ Name: PAUSE, Value: "none", Type: "String", Overwrite: true }),
      );
    }
  });
});
