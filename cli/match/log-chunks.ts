import { createReadStream, readFileSync, statSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip, gunzipSync } from "node:zlib";
import { LogFormatError } from "./record-scanner";

/** The file that stands for standard input. */
export const STANDARD_INPUT = "-";

const MEGABYTE = 1024 * 1024;
/** What is read, and unpacked, in one piece, which takes less time than a stream. CloudTrail's files are smaller. */
const LARGEST_FILE = 8 * MEGABYTE;
const LARGEST_UNPACKED = 32 * MEGABYTE;
/** V8 allocates a text of 128 KB and more one by one, which costs more than all that is done with it. */
const CHUNK = 120 * 1024;

/**
 * Reads a log in chunks, unpacked where it is gzip, by its first bytes and not by its name. A chunk is good until the
 * next one is asked for.
 *
 * @throws LogFormatError for gzip that is broken or cut short, after the chunks of what is before
 */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const content = readSmallFile(path);
  const unpacked = content === undefined || !isGzip(content) ? content : unpackAtOnce(content);
  if (unpacked === undefined) {
    yield* streamChunks(path);
    return;
  }
  for (let start = 0; start < unpacked.length; start += CHUNK) {
    yield unpacked.subarray(start, start + CHUNK);
  }
  release(unpacked);
}

/** Gives memory back now. The garbage collector would leave that of many files until it becomes too much. */
function release({ buffer }: Buffer): void {
  // Small buffers share theirs. Node 20 has no way to do it.
  if (buffer.byteLength > Buffer.poolSize) {
    (buffer as { transfer?: (length: number) => unknown }).transfer?.(0);
  }
}

function readSmallFile(path: string): Buffer | undefined {
  if (path === STANDARD_INPUT) {
    return undefined;
  }
  const stats = statSync(path);
  return stats.isFile() && stats.size <= LARGEST_FILE ? readFileSync(path) : undefined;
}

function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** @returns `undefined` for what is better read as a stream, be it that it is large or that it is broken */
function unpackAtOnce(packed: Buffer): Buffer | undefined {
  // Gzip ends with the length of what it holds; if that is wrong, it costs time only.
  const length = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  if (length > LARGEST_UNPACKED) {
    return undefined;
  }
  try {
    return gunzipSync(packed, { chunkSize: Math.max(length + 64, CHUNK), maxOutputLength: LARGEST_UNPACKED });
  } catch {
    return undefined;
  }
}

async function* streamChunks(path: string): AsyncGenerator<Buffer> {
  const stream =
    // By its descriptor: process.stdin belongs to the main thread.
    path === STANDARD_INPUT
      ? createReadStream("", { fd: 0, autoClose: false, highWaterMark: CHUNK })
      : createReadStream(path, { highWaterMark: CHUNK });
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    start = Buffer.concat([start, next.value]);
    // A pipe may give its first bytes one by one.
    if (start.length > 1) {
      break;
    }
  }
  const all = prepend(start, chunks);
  if (!isGzip(start)) {
    yield* all;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // An error of either is thrown where the chunks are taken.
  pipeline(Readable.from(all), gunzip, () => {});
  try {
    yield* gunzip;
  } catch (error) {
    throw isZlibError(error) ? new LogFormatError(`its gzip is broken: ${error.message}`) : error;
  }
}

async function* prepend(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) {
    yield start;
  }
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    yield next.value;
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return /^Z_/.test(String((error as NodeJS.ErrnoException | null)?.code));
}
