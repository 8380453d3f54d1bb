/** The bytes aren't those of a CloudTrail log; the message says what is wrong with them. */
export class LogFormatError extends Error {
  override readonly name = "LogFormatError";
}

/** What stands around the records: nothing, an array, or the array `Records` of an object. */
type Place = "top" | "array" | "Records" | "after Records";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
/** The bit in which `[` differs from `{`, and `]` from `}`. */
const BRACE_BIT = 0x20;
const NOTHING = Buffer.alloc(0);
const BETWEEN_RECORDS: ReadonlySet<number> = new Set(Buffer.from(" \t\r\n,"));
const BYTE_ORDER_MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);

/** How an object around records begins, in its first {@link LOOKAHEAD} bytes. */
const AROUND_RECORDS = /^\{\s*"Records"\s*:\s*\[/;
const LOOKAHEAD = 64;

/** CloudTrail's own limit is a fraction of it. */
const LONGEST_RECORD = 32 * 1024 * 1024;

/**
 * Cuts the records out of the bytes of a log as they come, without parsing them: it follows strings and brackets only.
 * It takes `{"Records": […]}` as CloudTrail writes it, arrays of records, records one after another (JSON lines), and
 * any of these one after another.
 */
export class RecordScanner {
  /** How many records were begun. */
  records = 0;

  private place: Place = "top";
  private isEmpty = true;
  /** Brackets open in the record at hand, or in what follows `Records`. 0 between records. */
  private depth = 0;
  private inString = false;
  /** Bytes at the beginning of the next chunk that a backslash has taken. */
  private escaped = 0;
  /** What earlier chunks held of the record at hand, and its length. */
  private pieces: Buffer[] = [];
  private length = 0;
  /** The end of the last chunk, where more must be seen. */
  private rest: Buffer = NOTHING;

  /**
   * @param placesOf finds the places in bytes of the log that make the record around them worth a look, in order;
   * without it all records are
   * @param onRecord takes the bytes of a record that is worth a look, as the first one always is, for the time of the call
   */
  constructor(
    private readonly placesOf: ((bytes: Buffer) => readonly number[]) | undefined,
    private readonly onRecord: (json: Buffer) => void,
  ) {}

  /** @throws LogFormatError */
  write(chunk: Buffer): void {
    this.scan(this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]), LOOKAHEAD);
  }

  /** @throws LogFormatError if the bytes end in the middle, or there were none */
  end(): void {
    this.scan(this.rest, 0);
    if (this.depth > 0 && this.place !== "after Records") {
      throw new LogFormatError(`it ends in the middle of record ${this.records}`);
    }
    if (this.place !== "top") {
      throw new LogFormatError(`it ends after ${this.records} records, before the bracket that closes them`);
    }
    if (this.isEmpty) {
      throw new LogFormatError("it is empty");
    }
  }

  /** @param lookahead bytes that must follow the beginning of an object at the top; if fewer do, it waits in `rest` */
  private scan(chunk: Buffer, lookahead: number): void {
    this.rest = NOTHING;
    const places = this.placesOf?.(chunk);
    let place = 0;
    let index = 0;
    while (index < chunk.length) {
      if (this.depth === 0) {
        index = this.findRecord(chunk, index, lookahead);
        if (index === chunk.length) {
          return;
        }
      }
      const start = index;
      index = this.passRecord(chunk, start);
      if (this.place === "after Records") {
        this.place = this.depth === 0 ? "top" : this.place;
      } else if (this.depth > 0) {
        this.keep(chunk.subarray(start, index));
      } else if (this.pieces.length > 0) {
        this.keep(chunk.subarray(start, index));
        const json = Buffer.concat(this.pieces);
        this.pieces = [];
        this.length = 0;
        this.emit(json, this.placesOf?.(json).length !== 0);
      } else {
        while (places !== undefined && (places[place] ?? Infinity) < start) {
          place++;
        }
        this.emit(chunk.subarray(start, index), places === undefined || (places[place] ?? Infinity) < index);
      }
    }
  }

  private emit(json: Buffer, hasPlace: boolean): void {
    if (hasPlace || this.records === 1) {
      this.onRecord(json);
    }
  }

  private keep(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > LONGEST_RECORD) {
      throw new LogFormatError(`record ${this.records} is longer than ${LONGEST_RECORD / 1024 / 1024} MB`);
    }
    // A copy, which doesn't hold on to the rest of the chunk.
    this.pieces.push(Buffer.from(piece));
  }

  /** @returns where the next record begins, or what follows `Records`, or the chunk's end */
  private findRecord(chunk: Buffer, from: number, lookahead: number): number {
    let index = from;
    while (index < chunk.length) {
      const byte = chunk[index] as number;
      if (BETWEEN_RECORDS.has(byte) || (this.isEmpty && BYTE_ORDER_MARK.has(byte))) {
        index++;
        continue;
      }
      this.isEmpty = false;
      if (byte === OPEN_BRACE) {
        if (this.place === "top") {
          if (chunk.length - index < lookahead) {
            this.rest = Buffer.from(chunk.subarray(index));
            return chunk.length;
          }
          const around = AROUND_RECORDS.exec(chunk.toString("latin1", index, index + LOOKAHEAD));
          if (around !== null) {
            this.place = "Records";
            index += around[0].length;
            continue;
          }
        }
        this.records++;
        return index;
      }
      if (byte === OPEN_BRACKET && this.place === "top") {
        this.place = "array";
        index++;
      } else if (byte === CLOSE_BRACKET && this.place === "array") {
        this.place = "top";
        index++;
      } else if (byte === CLOSE_BRACKET && this.place === "Records") {
        // The object around the records is open still.
        this.place = "after Records";
        this.depth = 1;
        return index + 1;
      } else {
        throw new LogFormatError(
          `after ${this.records} records it holds ${describe(byte)} where one should stand`,
        );
      }
    }
    return index;
  }

  /** @returns where the record that is open ends, or the chunk's end */
  private passRecord(chunk: Buffer, from: number): number {
    let { depth } = this;
    let index = this.inString ? passString(chunk, from + this.escaped) : from;
    while (index < chunk.length) {
      const byte = chunk[index++] as number;
      if (byte === QUOTE) {
        index = passString(chunk, index);
      } else if ((byte | BRACE_BIT) === OPEN_BRACE) {
        depth++;
      } else if ((byte | BRACE_BIT) === CLOSE_BRACE && --depth === 0) {
        break;
      }
    }
    this.depth = depth;
    this.inString = index > chunk.length;
    this.escaped = this.inString ? index - chunk.length - 1 : 0;
    return Math.min(index, chunk.length);
  }
}

/**
 * @param from index within a string
 * @returns where the string ends. Where it goes on in the next chunk, one more than the chunk's length, and another one
 * more if the next chunk's first byte is escaped.
 */
function passString(chunk: Buffer, from: number): number {
  // Most bytes of a log stand in strings: this search takes several at once.
  let quote = chunk.indexOf(QUOTE, from);
  while (quote >= 0 && isEscaped(chunk, quote, from)) {
    quote = chunk.indexOf(QUOTE, quote + 1);
  }
  return quote >= 0 ? quote + 1 : chunk.length + (isEscaped(chunk, chunk.length, from) ? 2 : 1);
}

/** Whether an odd number of backslashes stands before a byte of a string. */
function isEscaped(chunk: Buffer, index: number, from: number): boolean {
  let first = index;
  while (first > from && chunk[first - 1] === BACKSLASH) {
    first--;
  }
  return (index - first) % 2 === 1;
}

function describe(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `the byte 0x${byte.toString(16)}`;
}
