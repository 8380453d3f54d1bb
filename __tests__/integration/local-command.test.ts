import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { findTool } from "../../local/tools";
import { Command, until } from "./support/command";
import { descendants, running } from "./support/processes";
import { DEFAULT_CONFIG, ProjectCopy } from "./support/project-copy";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(300_000);

/** Starts the command in a copy of the project with a folder of its own for temporary files. */
function npmRunLocal(environment: NodeJS.ProcessEnv = process.env) {
  const temporary = tempFolder();
  const { folder } = new ProjectCopy(DEFAULT_CONFIG);
  const command = new Command("npm", ["run", "local", "--", "--json"], folder, {
    ...environment,
    TMPDIR: temporary,
  });
  // Node's and tsx's caches are theirs to keep.
  const leftBehind = () =>
    readdirSync(temporary).filter((name) => !/^(?:node-compile-cache|tsx-)/.test(name));
  return { command, leftBehind };
}

/** A PATH that has what npm needs, and one tool. */
function pathWith(tool: string): string {
  const folder = path.join(tempFolder(), "bin");
  mkdirSync(folder);
  for (const name of ["node", "npm", "sh", tool]) {
    symlinkSync(findTool(name), path.join(folder, name));
  }
  return folder;
}

describe("npm run local -- --json", () => {
  it.concurrent("deploys, stops the trail, which the guard restores, plans and destroys", async () => {
    const { command, leftBehind } = npmRunLocal();

    const { status, stdout } = await command.ended;

    expect(status).toBe(0);
    const report = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(report).toMatchObject({
      environment: "main",
      region: "ap-northeast-2",
      applied: { change: 0, remove: 0 },
      attacks: [
        {
          attack: "stop",
          detectedBy: ["rule enable_trail"],
          notified: ["security@example.com"],
          healed: "healed",
          ok: true,
          why: [],
          mails: [expect.stringContaining("Subject: Trail guard: StopLogging undone - trailwarden\n")],
        },
      ],
      planEmpty: true,
      destroyed: { add: 0, change: 0, remove: report.applied.add },
    });
    expect(report.applied.add).toBeGreaterThan(40);
    expect(leftBehind()).toEqual([]);
  });

  it.concurrent("stops what it started and cleans up at Ctrl-C in the middle of the apply", async () => {
    // Given
    const { command, leftBehind } = npmRunLocal();
    await until("Terraform makes resources", () => /^ {2}aws_\S+: .*[Cc]reat/m.test(command.output));
    const started = descendants(command.pid);
    for (const program of ["moto_server", "terraform apply", "terraform-provider-aws"]) {
      expect(started.map(({ commandLine }) => commandLine)).toContainEqual(expect.stringContaining(program));
    }

    // When
    command.signal("SIGINT");
    const { status, stderr } = await command.ended;

    // Then
    expect(status).toBe(130);
    expect(stderr).toContain("interrupted");
    await until("nothing of it runs", () => running(started).length === 0, 10_000);
    expect(leftBehind()).toEqual([]);
  });

  it.concurrent.each([
    [
      "terraform",
      "moto_server",
      "Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install",
    ],
    ["moto_server", "terraform", 'pip install "moto[server]==5.2.1"'],
  ])("says how to get %s where there is none", async (missing, present, howToGetIt) => {
    const { command } = npmRunLocal({ ...process.env, PATH: pathWith(present) });

    const { status, stderr } = await command.ended;

    expect(status).toBe(1);
    expect(stderr).toContain(`${missing} is not on the PATH`);
    expect(stderr).toContain(howToGetIt);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
