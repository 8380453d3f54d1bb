import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { type DeployedFunction, invoke, unpack } from "../../../local/function-runner";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true });
  }
});

function unpacked(files: Record<string, string>): string {
  const entries = Object.entries(files).map(([name, content]) => [name, strToU8(content)]);
  const folder = unpack(zipSync(Object.fromEntries(entries)));
  folders.push(folder);
  return folder;
}

const FOLDER = unpacked({
  "index.js": `
    exports.echo = async (event, context) => ({ event, context, env: process.env });
    exports.nothing = () => undefined;
    exports.throws = async () => { throw new TypeError("no such thing"); };
    exports.throwsText = async () => { throw "just a text"; };
    exports.exits = () => process.exit(3);
    exports.hangs = () => new Promise(() => setInterval(() => undefined, 1000));
    exports.lingers = async () => { console.log("done"); setInterval(() => console.log("still here"), 10); return 1; };
    exports.prints = async () => { console.log("out"); console.error("err"); };
    exports.hoards = async () => { const all = []; for (;;) all.push(new Array(100000).fill({})); };
    exports.dates = async () => ({
      now: Date.now(), made: new Date().toISOString(), given: new Date(0).toISOString(), parsed: Date.parse("2026-11-22"),
      text: Date.parse(Date()), ofFile: require("node:fs").statSync(__filename).mtime instanceof Date,
    });
  `,
  "inner/file.js": "exports.handler = async () => require('./other').value;",
  "inner/other.js": "exports.value = 'other';",
});

interface Dates {
  readonly now: number;
  readonly made: string;
  readonly given: string;
  readonly parsed: number;
  readonly text: number;
  readonly ofFile: boolean;
}

function run(handler: string, settings: Partial<DeployedFunction> = {}, event: unknown = {}) {
  return invoke(
    {
      name: "test",
      folder: FOLDER,
      handler,
      environment: {},
      timeoutSeconds: 20,
      memoryMegabytes: 128,
      ...settings,
    },
    event,
  );
}

describe("unpack", () => {
  it("makes a folder of its own of each archive", () => {
    const folder = unpacked({ "index.js": "", "a/b/c.txt": "c" });
    expect(folder).not.toBe(FOLDER);
    expect(existsSync(path.join(folder, "a/b/c.txt"))).toBe(true);
  });

  it("refuses what is no archive", () => {
    expect(() => unpack(strToU8("no archive"))).toThrow("invalid zip data");
  });
});

describe("invoke", () => {
  it("gives the function its event, context and environment, and none of this process's own", async () => {
    const settings = { environment: { GREETING: "hello" }, memoryMegabytes: 256, requestId: "request-1" };
    const { result, log } = await run("index.echo", settings, { a: [1] });
    expect(result).toMatchObject({
      event: { a: [1] },
      context: { functionName: "test", awsRequestId: "request-1" },
      env: {
        GREETING: "hello",
        AWS_LAMBDA_FUNCTION_NAME: "test",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      },
    });
    expect(result).not.toHaveProperty("env.PATH");
    expect(log).toBe("");
  });

  it("runs a handler in a folder of the archive", async () => {
    expect(await run("inner/file.handler")).toEqual({ result: "other", log: "" });
  });

  it("has what the function printed", async () => {
    const { result, log } = await run("index.prints");
    expect(result).toBeNull();
    expect(log.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it.each([
    ["index.throws", { name: "TypeError", message: "no such thing" }],
    ["index.throwsText", { name: "Error", message: "just a text" }],
    ["index.missing", { name: "TypeError", message: expect.stringContaining("is not a function") }],
    ["missing.handler", { name: "Error", message: expect.stringContaining("Cannot find module") }],
    ["index.exits", { name: "Runtime.ExitError", message: "the process ended with status 3 and no answer" }],
  ])("has the error of %s", async (handler, error) => {
    expect((await run(handler)).error).toEqual(error);
  });

  it("ends a function that takes longer than its time-out", async () => {
    const { error } = await run("index.hangs", { timeoutSeconds: 0.2 });
    expect(error).toEqual({ name: "Runtime.ExitError", message: "task timed out after 0.2 seconds" });
  });

  it("doesn't wait for what a function has left to do once it has answered", async () => {
    const began = Date.now();
    const { result, log } = await run("index.lingers");
    expect(result).toBe(1);
    expect(log).toMatch(/^done\n/);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it("ends a function that takes more memory than it has", async () => {
    const { error, log } = await run("index.hoards", { memoryMegabytes: 16 });
    expect(error?.message).toMatch(/^the process ended with status \w+ and no answer$/);
    expect(log).toContain("heap out of memory");
  });

  it("has the function's clock ahead of this machine's", async () => {
    const ahead = 36 * 3_600_000;
    const { result } = await run("index.dates", { clockAheadMilliseconds: ahead });
    const { now, made, given, parsed, text, ofFile } = result as Dates;
    for (const time of [now, Date.parse(made), text]) {
      expect(Math.abs(time - Date.now() - ahead)).toBeLessThan(20_000);
    }
    expect(given).toBe("1970-01-01T00:00:00.000Z");
    expect(parsed).toBe(Date.parse("2026-11-22"));
    expect(ofFile).toBe(true);
  });

  it("has this machine's clock if it isn't told otherwise", async () => {
    const { result } = await run("index.dates");
    expect(Math.abs((result as Dates).now - Date.now())).toBeLessThan(20_000);
  });
});
