import fs, { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { logFiles } from "../../../../cli/match/log-files";

const root = mkdtempSync(path.join(tmpdir(), "trailwarden-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string) => path.join(root, name);
for (const name of ["b/2.json.gz", "b/10.json.gz", "b/a/deep.json", "a.json", "c.json", ".hidden"]) {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), "");
}
mkdirSync(at("empty"));

describe("the files to be read", () => {
  it("are those of folders and of theirs, by name", () => {
    const found = [...logFiles([root])].map((file) => path.relative(root, file.path));
    expect(found).toEqual([".hidden", "a.json", "b/10.json.gz", "b/2.json.gz", "b/a/deep.json", "c.json"]);
  });

  it("are by name however the system lists them", () => {
    const list = fs.readdirSync as (...args: unknown[]) => fs.Dirent[];
    const backwards = (...args: unknown[]) => list(...args).reverse();
    const spy = jest.spyOn(fs, "readdirSync").mockImplementation(backwards as never);
    const found = [...logFiles([at("b")])].map((file) => path.relative(root, file.path));
    spy.mockRestore();
    expect(found).toEqual(["b/10.json.gz", "b/2.json.gz", "b/a/deep.json"]);
  });

  it("are in the order in which they are named, be they there or not", () => {
    expect([...logFiles([at("c.json"), "-", at("b/a"), at("none"), at("empty")])]).toEqual([
      { path: at("c.json") },
      { path: "-" },
      { path: at("b/a/deep.json") },
      { path: at("none") },
    ]);
  });

  it("are links to files, and not links to folders, to nothing or in a circle", () => {
    mkdirSync(at("links"));
    symlinkSync("circle", at("links/circle"));
    symlinkSync(at("a.json"), at("links/file"));
    symlinkSync(at("b"), at("links/folder"));
    symlinkSync(at("none"), at("links/nothing"));
    const problem = "neither a file nor a folder; links to folders are not followed";
    expect([...logFiles([at("links"), at("links/circle")])]).toEqual([
      { path: at("links/circle"), problem },
      { path: at("links/file") },
      { path: at("links/folder"), problem },
      { path: at("links/nothing"), problem },
      { path: at("links/circle") },
    ]);
  });

  it("are listed no sooner than they are wanted", () => {
    const files = logFiles([at("a.json"), at("later")]);
    expect(files.next().value).toEqual({ path: at("a.json") });
    mkdirSync(at("later"));
    writeFileSync(at("later/x"), "");
    expect(files.next().value).toEqual({ path: at("later/x") });
  });
});
