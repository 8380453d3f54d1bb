import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

jest.setTimeout(60_000);

const ROOT = path.join(__dirname, "../../..");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "trailwarden-match-"));
  mkdirSync(path.join(folder, "logs/2026"), { recursive: true });
  const log = (name: string, records: readonly object[]): void =>
    writeFileSync(path.join(folder, "logs", name), gzipSync(JSON.stringify({ Records: records })));
  log("2026/a.json.gz", [call("DeleteSecurityGroup"), call("DescribeInstances")]);
  log("b.json.gz", [{ ...call("StopLogging"), eventSource: "cloudtrail.amazonaws.com" }]);
  writeFileSync(path.join(folder, "logs/c.txt"), "no log at all");
  log("d.json.gz", [call("AttachRolePolicy\u001b[31m\u202e")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(eventName: string): object {
  return {
    eventTime: "2026-03-02T09:14:27Z",
    eventSource: "ec2.amazonaws.com",
    eventName,
    eventType: "AwsApiCall",
    eventID: `id-of-${eventName.slice(0, 12)}`,
    awsRegion: "ap-northeast-2",
    recipientAccountId: "111122223333",
    sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::111122223333:assumed-role/Operator/alice" },
  };
}

function match(
  args: readonly string[],
  input = "",
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(
    process.execPath,
    [path.join(ROOT, "node_modules/tsx/dist/cli.mjs"), "cli/match.ts", ...args],
    {
      cwd: ROOT,
      encoding: "utf8",
      input,
    },
  );
}

describe("npm run match", () => {
  it("prints a line for each match, in the order of the files, and names what is no log", () => {
    const { status, stdout, stderr } = match([path.join(folder, "logs")]);

    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["time", "detection", "eventName", "who", "from", "eventID"],
      [
        "2026-03-02T09:14:27Z",
        "security-group-changes",
        "DeleteSecurityGroup",
        "role Operator/alice",
        "203.0.113.24",
        "id-of-DeleteSecuri",
      ],
      [
        "2026-03-02T09:14:27Z",
        "rule enable_trail",
        "StopLogging",
        "role Operator/alice",
        "203.0.113.24",
        "id-of-StopLogging",
      ],
    ]);
    expect(stderr.trimEnd().split("\n")).toEqual([
      `${path.join(folder, "logs/c.txt")}: after 0 records it holds n where one should stand`,
      "4 records in 4 files, 2 matches; files with problems: 1",
    ]);
    expect(status).toBe(1);
  });

  it("prints lines of JSON, and reads standard input", () => {
    const { status, stdout } = match(["--json", "-"], `${JSON.stringify(call("CreatePolicy"))}\n`);

    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ detection: "iam-policy-changes", eventName: "CreatePolicy", file: "-" }),
    ]);
    expect(status).toBe(0);
  });

  it("prints counts", () => {
    const { status, stdout } = match(["--summary", path.join(folder, "logs/b.json.gz")]);

    expect(stdout).toMatch(/rule enable_trail\s+│ 1/);
    expect(stdout).toMatch(/iam-policy-changes\s+│ 0/);
    expect(status).toBe(0);
  });

  it("lets no text of a record touch the terminal", () => {
    const { stdout } = match(
      ["-"],
      JSON.stringify({ ...call("CreatePolicy"), sourceIPAddress: "\u001b[31m\u202e\n" }),
    );

    expect(stdout).toContain("\\u001b[31m\\u202e");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toContain("\u202e");
  });

  it.each([
    [[], "no FILE is named"],
    [["--environment", "nowhere", "-"], 'no environment "nowhere"; there is main'],
    [["--bogus", "-"], "Unknown option '--bogus'"],
  ])("says what is wrong with %j, in a sentence", (args, message) => {
    const { status, stderr } = match(args);

    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });
});
