import { beginSearch, findEvents, type Search } from "../../../../lambda-src/notifier/find-events";
import { LOG_GROUP, SETTINGS } from "./support/deployment";
import { loggedCall, PERIOD_MS, START } from "./support/events";
import { AwsError, FakeAws } from "./support/fake-aws";
import { FakeTime } from "./support/fake-time";

const SEARCH: Search = {
  logGroupName: LOG_GROUP,
  filterPattern: "{ $.eventName = AttachUserPolicy }",
  window: { start: new Date(START), end: new Date(START + PERIOD_MS) },
  expected: undefined,
};

/** When the search begins. */
const NOW = START + PERIOD_MS + 20_000;

function scene(...events: readonly ReturnType<typeof loggedCall>[]) {
  const time = new FakeTime(NOW);
  const fake = new FakeAws(time, LOG_GROUP, SETTINGS.tableName);
  fake.logEvents.push(...events);
  const find = (search: Partial<Search> = {}, seconds = 80, begun?: ReturnType<typeof beginSearch>) => {
    const deadline = new Date(NOW + seconds * 1000);
    return time.run(
      findEvents(fake.aws, { ...SEARCH, ...search }, { now: time.now, sleep: time.sleep, deadline }, begun),
    );
  };
  return { time, fake, find, slept: () => time.time - NOW };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, n) => loggedCall({ at: START + n, eventId: `e${n}` }));

describe("findEvents", () => {
  it("finds what matches in the window, its first moment included and its end not", async () => {
    const times = [START - 1, START, START + PERIOD_MS - 1, START + PERIOD_MS];
    const { find, fake } = scene(
      ...times.map((at) => loggedCall({ at, eventId: String(at - START) })),
      loggedCall({ eventName: "ListUsers" }),
    );

    const { calls, ...found } = await find();

    expect(calls.map(({ eventId }) => eventId)).toEqual(["0", "299999"]);
    expect(found).toEqual({ count: 2, isCut: false });
    expect(fake.calls).toHaveLength(1);
  });

  it("reads page by page, keeps the first ten and counts all", async () => {
    const { find, fake } = scene(...many(25));
    fake.pageSize = 4;

    const { calls, count, isCut } = await find();

    expect(calls.map(({ eventId }) => eventId)).toEqual(Array.from({ length: 10 }, (_, n) => `e${n}`));
    expect([count, isCut]).toEqual([25, false]);
    expect(fake.calls).toHaveLength(7);
  });

  it("stops after a hundred pages", async () => {
    const { find, fake } = scene(...many(205));
    fake.pageSize = 2;

    await expect(find()).resolves.toMatchObject({ count: 200, isCut: true, calls: { length: 10 } });
    expect(fake.calls).toHaveLength(100);
  });

  it("takes a hundred pages without an event for no end", async () => {
    const others = many(205).map((event) => ({ ...event, message: "{}" }));
    const { find, fake } = scene(...others);
    fake.pageSize = 2;

    await expect(find()).resolves.toEqual({ calls: [], count: 0, isCut: true });
  });

  it("begins no page after the deadline", async () => {
    const { find, fake } = scene(...many(10));
    fake.pageSize = 2;
    fake.latency = () => 1000;

    await expect(find({}, 5)).resolves.toMatchObject({ count: 6, isCut: true });
  });

  it("waits for events that come late, until all that were counted are there", async () => {
    const late = loggedCall({ at: START + 1, eventId: "late" }, NOW + 6000);
    const { find, slept } = scene(loggedCall({ eventId: "early" }), late);

    const { calls, count } = await find({ expected: 2 });

    expect(calls.map(({ eventId }) => eventId)).toEqual(["early", "late"]);
    expect(count).toBe(2);
    expect(slept()).toBe(7000);
  });

  it("looks again for at least one where nobody knows how many there are", async () => {
    const { find, slept } = scene(loggedCall({}, NOW + 1000));

    await expect(find()).resolves.toMatchObject({ count: 1 });
    expect(slept()).toBe(2000);
  });

  it("gives up after half a minute, with what it has", async () => {
    const { find, fake, slept } = scene(loggedCall());

    await expect(find({ expected: 3 })).resolves.toMatchObject({ count: 1, isCut: false });
    expect(slept()).toBe(32_000);
    expect(fake.calls).toHaveLength(5);
  });

  it("waits no longer than until the deadline", async () => {
    const { find, slept } = scene();

    await expect(find({}, 10)).resolves.toEqual({ calls: [], count: 0, isCut: false });
    expect(slept()).toBe(7000);
  });

  it("tells why events could not be read, and doesn't look again", async () => {
    const { find, fake, slept } = scene();
    fake.faultOf = () => "failed";

    const { error, ...found } = await find();

    expect(found).toEqual({ calls: [], count: 0, isCut: false });
    expect(error).toBeInstanceOf(AwsError);
    expect(slept()).toBe(0);
  });

  it("keeps what it had read when a page fails", async () => {
    const { find, fake } = scene(...many(10));
    fake.pageSize = 4;
    fake.faultOf = () => (fake.calls.length === 2 ? "failed" : undefined);

    await expect(find()).resolves.toMatchObject({
      count: 4,
      isCut: true,
      calls: { length: 4 },
      error: { name: "ServiceUnavailable" },
    });
  });

  it("keeps what it had found when it looks again and fails", async () => {
    const { find, fake } = scene(...many(2));
    fake.faultOf = () => (fake.calls.length === 2 ? "failed" : undefined);

    await expect(find({ expected: 3 })).resolves.toMatchObject({
      count: 2,
      isCut: false,
      calls: { length: 2 },
      error: { name: "ServiceUnavailable" },
    });
  });

  it("counts what matches and is no record, and shows the next one", async () => {
    const { find } = scene({ at: START, message: "AttachUserPolicy, somebody says" }, loggedCall());

    const { calls, count } = await find({ filterPattern: "AttachUserPolicy" });

    expect(calls).toHaveLength(1);
    expect(count).toBe(2);
  });
});

describe("beginSearch", () => {
  it("reads the first page, of which findEvents goes on", async () => {
    const { find, fake } = scene(...many(25));
    fake.pageSize = 10;
    const begun = beginSearch(fake.aws, SEARCH);
    const [first] = fake.calls.slice();

    const { calls, count } = await find({}, 80, begun);

    expect(first?.input).toMatchObject({ startTime: START, endTime: START + PERIOD_MS - 1 });
    expect([calls.length, count]).toEqual([10, 25]);
    expect(fake.calls.map(({ input }) => "nextToken" in input && input.nextToken)).toEqual([
      undefined,
      "10",
      "20",
    ]);
  });

  it("is done once: who looks again reads anew", async () => {
    const { find, fake } = scene(loggedCall({}, NOW + 1000));

    await expect(find({}, 80, beginSearch(fake.aws, SEARCH))).resolves.toMatchObject({ count: 1 });
    expect(fake.calls).toHaveLength(2);
  });

  it("tells findEvents of its error, and nobody where nobody asks", async () => {
    const { find, fake } = scene(...many(2));
    fake.faultOf = () => (fake.calls.length <= 2 ? "failed" : undefined);
    // An error that nobody handles fails a test here.
    beginSearch(fake.aws, SEARCH);
    const begun = beginSearch(fake.aws, SEARCH);
    await new Promise((resolve) => setImmediate(resolve));

    await expect(find({}, 80, begun)).resolves.toMatchObject({
      count: 0,
      error: { name: "ServiceUnavailable" },
    });
    expect(fake.calls).toHaveLength(2);
  });

  it("isn't waited for after the deadline", async () => {
    const { find, fake } = scene(...many(2));

    await expect(find({}, 0, beginSearch(fake.aws, SEARCH))).resolves.toEqual({
      calls: [],
      count: 0,
      isCut: true,
    });
  });
});
