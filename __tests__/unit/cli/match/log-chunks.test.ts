import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { readChunks } from "../../../../cli/match/log-chunks";

const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-chunks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is read of a file of this content before its end or an error, and the message of that. */
async function read(content: Buffer): Promise<{ bytes: Buffer; largest: number; error?: string }> {
  const file = path.join(folder, "log");
  writeFileSync(file, content);
  const chunks: Buffer[] = [];
  const found = () => ({
    bytes: Buffer.concat(chunks),
    largest: Math.max(0, ...chunks.map(({ length }) => length)),
  });
  try {
    for await (const chunk of readChunks(file)) {
      // A chunk is good until the next one only.
      chunks.push(Buffer.from(chunk));
    }
    return found();
  } catch (error) {
    return { ...found(), error: (error as Error).message };
  }
}

const text = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `line ${index * 7919}\n`).join(""));
const MEGABYTE = 1024 * 1024;

describe("the chunks of a file", () => {
  it.each([
    ["plain", text],
    ["gzip", gzipSync(text)],
    ["gzip of two members", Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(text.subarray(9))])],
    ["gzip that ends with a short member", Buffer.concat([gzipSync(text.subarray(0, -3)), gzipSync("24\n")])],
  ])("hold what it holds: %s", async (_, content) => {
    const { bytes, largest, error } = await read(content);
    expect(error).toBeUndefined();
    expect(bytes.subarray(0, -3).equals(text.subarray(0, -3))).toBe(true);
    expect(bytes).toHaveLength(text.length);
    expect(largest).toBeLessThan(128 * 1024);
  });

  it.each([
    ["nothing", Buffer.alloc(0), ""],
    ["a byte", Buffer.from("x"), "x"],
    ["half of what gzip begins with", Buffer.from([0x1f]), "\x1f"],
    ["gzip of nothing", gzipSync(""), ""],
  ])("hold what a tiny file holds: %s", async (_, content, expected) => {
    expect((await read(content)).bytes.toString("latin1")).toBe(expected);
  });

  it("leave the memory that small buffers share as it is", async () => {
    const neighbour = Buffer.from("neighbour");
    await read(Buffer.from("small"));
    await read(gzipSync("small"));
    expect(neighbour.toString()).toBe("neighbour");
  });

  it("come as a stream where the file is large, packed or not, or says that it is smaller", async () => {
    const large = Buffer.alloc(9 * MEGABYTE, "x");
    expect((await read(large)).bytes).toHaveLength(large.length);
    const huge = Buffer.alloc(40 * MEGABYTE, "x");
    const unpacked = await read(gzipSync(huge));
    expect(unpacked.bytes).toHaveLength(huge.length);
    expect(unpacked.largest).toBeLessThan(128 * 1024);
    expect((await read(Buffer.concat([gzipSync(huge), gzipSync("y")]))).bytes).toHaveLength(huge.length + 1);
  });

  it("end with an error where gzip is cut short, after all that was before", async () => {
    const packed = gzipSync(text);
    const { bytes, error } = await read(packed.subarray(0, packed.length / 2));
    expect(error).toBe("its gzip is broken: unexpected end of file");
    expect(bytes.length).toBeGreaterThan(text.length / 4);
    expect(bytes.equals(text.subarray(0, bytes.length))).toBe(true);
  });

  it.each([
    ["in its middle", (packed: Buffer) => packed.fill(0xff, packed.length / 2, packed.length / 2 + 20)],
    ["in its checksum", (packed: Buffer) => packed.fill(0, packed.length - 8, packed.length - 4)],
    ["behind its first bytes", (packed: Buffer) => packed.fill(0xff, 2, 8)],
  ])("end with an error where gzip is wrong %s", async (_, spoil) => {
    expect((await read(spoil(gzipSync(text)))).error).toMatch(/^its gzip is broken: /);
  });
});
