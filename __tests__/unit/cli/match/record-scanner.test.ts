import fc from "fast-check";
import { LogFormatError, RecordScanner } from "../../../../cli/match/record-scanner";

type Json = fc.JsonValue;

/** What the scanner cuts out of a log that comes in chunks of these lengths, over and over. */
function recordsOf(log: string, lengths: readonly number[] = [log.length + 1]): unknown[] {
  const records: unknown[] = [];
  const scanner = new RecordScanner(undefined, (json) => records.push(JSON.parse(json.toString())));
  const bytes = Buffer.from(log);
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const end = start + (lengths[turn % lengths.length] as number);
    scanner.write(bytes.subarray(start, end));
    start = end;
  }
  scanner.end();
  return records;
}

const record = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue(), { maxKeys: 4 });
const records = fc.array(record, { minLength: 1, maxLength: 5 });
const lengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });

describe("RecordScanner", () => {
  it.each<[string, (values: readonly Json[]) => string]>([
    ["as CloudTrail writes it", (values) => JSON.stringify({ Records: values })],
    [
      "with more beside Records",
      (values) => JSON.stringify({ Records: values, Other: [{ a: ["}"] }] }, null, 2),
    ],
    ["an array", (values) => JSON.stringify(values, null, 1)],
    ["JSON lines", (values) => values.map((value) => JSON.stringify(value)).join("\n")],
    [
      "several logs, one after another",
      (values) => `${JSON.stringify({ Records: values })}\n[]\n{"Records":[]}`,
    ],
  ])("cuts the records out of a log %s, whatever the chunks", (_, write) => {
    fc.assert(
      fc.property(records, lengths, (values, chunkLengths) => {
        const expected = JSON.parse(JSON.stringify(values));
        expect(recordsOf(write(values), chunkLengths)).toEqual(expected);
      }),
    );
  });

  it("hands over only records that hold a place worth a look, and the first", () => {
    const log = Buffer.from('{"Records":[{"n":0},{"n":1},{"n":2},{"n":3}]}');
    const place = log.indexOf('"n":2');
    const seen: string[] = [];
    const scanner = new RecordScanner(
      (chunk) => (chunk.includes('"n":2') ? [place] : []),
      (json) => seen.push(json.toString()),
    );

    scanner.write(log);
    scanner.end();

    expect(seen).toEqual(['{"n":0}', '{"n":2}']);
    expect(scanner.records).toBe(4);
  });

  it.each([
    ["", "it is empty"],
    ["  \n", "it is empty"],
    ['{"Records":[{"a":1},{"b":', "it ends in the middle of record 2"],
    ['{"a":"\\', "it ends in the middle of record 1"],
    ['{"Records":[{"a":1}', "it ends after 1 records, before the bracket that closes them"],
    ['{"Records":[{"a":1},7]}', "after 1 records it holds 7 where one should stand"],
    ["[[]]", "after 0 records it holds [ where one should stand"],
    ["2026-01-01 INFO started", "after 0 records it holds 2 where one should stand"],
    ["\u0000\u0001", "after 0 records it holds the byte 0x0 where one should stand"],
    ["{}]", "after 1 records it holds ] where one should stand"],
  ])("refuses %j: %s", (log, message) => {
    expect(() => recordsOf(log)).toThrow(new LogFormatError(message));
  });

  it("refuses nothing but by a LogFormatError, and follows any depth", () => {
    const scan = (log: string): void => {
      const scanner = new RecordScanner(undefined, () => {});
      scanner.write(Buffer.from(log));
      scanner.end();
    };
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 7a\n') }), (log) => {
        try {
          scan(log);
        } catch (error) {
          expect(error).toBeInstanceOf(LogFormatError);
        }
      }),
    );
    expect(() => scan(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`)).not.toThrow();
  });
});
