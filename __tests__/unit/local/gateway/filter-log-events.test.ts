import fc from "fast-check";
import { jsonInputOf } from "../../../../local/gateway/call";
import { type FoundLogEvent, filterLogEvents } from "../../../../local/gateway/filter-log-events";
import { answered, Emulated } from "./emulated";
import { signedCall } from "./support";

const TARGET = {
  "x-amz-target": "Logs_20140328.FilterLogEvents",
  "content-type": "application/x-amz-json-1.1",
};

function call(input: object) {
  return signedCall("logs", { headers: TARGET, body: Buffer.from(JSON.stringify(input)) });
}

function event(id: number, message: string, logStreamName = "s"): FoundLogEvent {
  return { logStreamName, timestamp: 1000 + id, ingestionTime: 1000 + id, message, eventId: String(id) };
}

/** Answers in pages as moto does, whose tokens name the last event of a page. */
function emulatorWith(events: readonly FoundLogEvent[]): Emulated {
  return new Emulated((asked) => {
    const { nextToken, limit = 10_000, logGroupName } = jsonInputOf(asked);
    const tokenOf = (one: FoundLogEvent | undefined) =>
      one && `${logGroupName}@${one.logStreamName}@${one.eventId}`;
    const from = nextToken === undefined ? 0 : events.findIndex((one) => tokenOf(one) === nextToken) + 1;
    const page = events.slice(from, from + Number(limit));
    const isLast = from + page.length === events.length;
    return JSON.stringify({ events: page, nextToken: isLast ? null : tokenOf(page.at(-1)) });
  });
}

interface Found {
  readonly events: readonly FoundLogEvent[];
  readonly nextToken?: string;
}

/** All pages of a search. */
async function pagesOf(
  input: object,
  events: readonly FoundLogEvent[],
  later: readonly FoundLogEvent[] = [],
): Promise<string[][]> {
  const emulator = emulatorWith(events);
  const mend = filterLogEvents(() => later);
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const { body } = await emulator.told(mend, call({ logGroupName: "g", ...input, nextToken }));
    const found: Found = JSON.parse(body);
    pages.push(found.events.map(({ message }) => message));
    nextToken = found.nextToken;
  } while (nextToken !== undefined);
  return pages;
}

const NUMBERED = Array.from({ length: 5000 }, (_, id) => event(id, `{"n":${id}}`));

describe("the gateway's FilterLogEvents", () => {
  it("asks the emulator for everything of the group, and matches itself", async () => {
    const emulator = emulatorWith([event(1, '{"a":1}'), event(2, '{"a":2}')]);
    const input = {
      logGroupIdentifier: "arn:aws:logs:eu-central-1:123456789012:log-group:/g",
      filterPattern: "{ $.a = 2 }",
      startTime: 5,
    };

    const { body } = await emulator.told(
      filterLogEvents(() => []),
      call(input),
    );

    expect(JSON.parse(body)).toEqual({ events: [event(2, '{"a":2}')], searchedLogStreams: [] });
    expect(emulator.calls.map(jsonInputOf)).toEqual([
      { logGroupName: "/g", limit: 2000, interleaved: true, startTime: 5 },
    ]);
  });

  it("keeps to times, bounds included, and to streams", async () => {
    const events = [event(1, "a"), event(2, "b", "t"), event(3, "c"), event(4, "d", "st")];
    const found = async (input: object) => (await pagesOf(input, [], events)).flat().join("");

    expect(await found({ startTime: 1002, endTime: 1003 })).toBe("bc");
    expect(await found({ endTime: 0 })).toBe("");
    expect(await found({ logStreamNames: ["s", "st"] })).toBe("acd");
    expect(await found({ logStreamNames: [] })).toBe("abcd");
    expect(await found({ logStreamNamePrefix: "s" })).toBe("acd");
  });

  it("goes on where a page ended, in the emulator's events and in later ones", async () => {
    const later = [event(6000, "later one"), event(6001, "later two"), event(6002, "later three")];

    expect(await pagesOf({ limit: 2, filterPattern: "later" }, NUMBERED, later)).toEqual([
      ["later one", "later two"],
      ["later three"],
    ]);
    expect(await pagesOf({ limit: 3, filterPattern: "{ $.n = 4998 || $.n > 4998 }" }, NUMBERED)).toEqual([
      ['{"n":4998}', '{"n":4999}'],
    ]);
  });

  it("ends a page after ten thousand events that don't match, with a token", async () => {
    const many = Array.from({ length: 10_001 }, (_, id) => event(id, id === 10_000 ? "found" : "other"));

    expect(await pagesOf({ filterPattern: "found" }, many)).toEqual([[], ["found"]]);
  });

  it("ends a page before it has more than a megabyte, and has one event at least", async () => {
    const sized = (...sizes: readonly number[]) =>
      sizes.map((size, id) => event(id, "é".repeat((size - 26) / 2)));
    const sizes = async (...events: readonly number[]) =>
      (await pagesOf({}, sized(...events))).map((page) => page.map((one) => Buffer.byteLength(one) + 26));

    expect(await sizes(524_288, 524_288, 100)).toEqual([[524_288, 524_288], [100]]);
    expect(await sizes(524_288, 524_290, 100)).toEqual([[524_288], [524_290, 100]]);
    expect(await sizes(2_000_000, 100)).toEqual([[2_000_000], [100]]);
  });

  it("finds each matching event once and in order, whatever the limit", async () => {
    const messages = fc.array(fc.constantFrom("x", "y"), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(messages, messages, fc.integer({ min: 1, max: 5 }), async (kept, late, limit) => {
        const events = kept.map((word, id) => event(id, `${word} ${id}`));
        const later = late.map((word, id) => event(100 + id, `${word} ${100 + id}`));
        const all = [...events, ...later].map(({ message }) => message);

        const pages = await pagesOf({ filterPattern: "x", limit }, events, later);

        expect(pages.flat()).toEqual(all.filter((message) => message.startsWith("x")));
        expect(pages.every((page) => page.length <= limit)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [{ filterPattern: "{ $.a = }" }, "Invalid filter pattern: "],
    [{ limit: 0 }, "limit is a number from 1 to 10000, not 0"],
    [{ limit: 10_001 }, "limit is a number from 1 to 10000, not 10001"],
    [{ limit: "5" }, "limit is a number"],
  ])("refuses %j", async (input, why) => {
    const emulator = emulatorWith([]);

    const { status, body } = await emulator.told(
      filterLogEvents(() => []),
      call({ logGroupName: "g", ...input }),
    );

    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      __type: "InvalidParameterException",
      message: expect.stringContaining(why),
    });
    expect(emulator.calls).toEqual([]);
  });

  it("passes on why the emulator doesn't search", async () => {
    const refusal = answered('{"__type":"ResourceNotFoundException"}', 400);

    expect(await filterLogEvents(() => [])(call({ logGroupName: "g" }), async () => refusal)).toBe(refusal);
  });
});
