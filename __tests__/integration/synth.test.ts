import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { DEFAULT_CONFIG, npx, ProjectCopy } from "./support/project-copy";

jest.setTimeout(60_000);

/** Every file below a folder, by its path, with a hash of its bytes. */
function files(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(path.join(folder, name)))
          .digest("hex"),
      ]),
  );
}

describe("synthesizing", () => {
  let first: Record<string, string>;

  beforeAll(async () => {
    const { folder } = new ProjectCopy(DEFAULT_CONFIG);
    const { status } = await npx(["tsx", "main.ts"], folder);
    expect(status).toBe(0);
    first = files(path.join(folder, "cdktf.out/stacks"));
  });

  it("writes the Terraform JSON and the archives of guard and notifier", () => {
    expect(Object.keys(first)).toEqual([
      expect.stringMatching(/^main\/assets\/guard_.*\/function\.zip$/),
      expect.stringMatching(/^main\/assets\/notifier_.*\/function\.zip$/),
      "main/cdk.tf.json",
    ]);
  });

  it.each([
    ["with tsx in another folder and time zone", ["tsx", "main.ts"]],
    ["with the CDKTF CLI", ["cdktf", "synth"]],
  ])("writes the same bytes %s", async (_, command) => {
    const { folder } = new ProjectCopy(DEFAULT_CONFIG);

    const { status } = await npx(command, folder, { ...process.env, TZ: "Pacific/Kiritimati" });

    expect(status).toBe(0);
    expect(files(path.join(folder, "cdktf.out/stacks"))).toEqual(first);
  });
});

describe("a configuration that is not valid", () => {
  const config = `
    export default {
      environments: {
        main: {
          region: "Seoul",
          alerts: { emails: ["security@example.com", "nobody"] },
          retention: { logGroupDays: 42 },
          detections: { disabled: ["everything"] },
          backend: { type: "ftp" },
          gaurd: { mode: "off" },
        },
      },
    };
  `;
  const problems = [
    /environments\.main\.region: "Seoul" is no AWS region/,
    /environments\.main\.alerts\.emails\[1\]: "nobody" is no e-mail address/,
    /environments\.main\.retention\.logGroupDays: 42 is not one of 1, 3, 5/,
    /environments\.main\.detections\.disabled\[0\]: "everything" is not one of security-group-changes/,
    /environments\.main\.backend\.type: "ftp" is not one of s3/,
    /environments\.main\.gaurd: no such setting; allowed are region/,
  ];

  it("is told whole, without a stack trace, and nothing is written", async () => {
    const { folder } = new ProjectCopy(config);

    const { status, stdout, stderr } = await npx(["tsx", "main.ts"], folder);

    expect(status).toBe(1);
    for (const problem of problems) {
      expect(stderr).toMatch(problem);
    }
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(path.join(folder, "cdktf.out"))).toBe(false);
  });

  it("is told by the CDKTF CLI as well", async () => {
    const { folder } = new ProjectCopy(config);

    const { status, stdout, stderr } = await npx(["cdktf", "synth"], folder);

    expect(status).not.toBe(0);
    for (const problem of problems) {
      expect(stdout + stderr).toMatch(problem);
    }
  });
});
