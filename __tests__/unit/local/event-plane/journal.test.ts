import { Journal } from "../../../../local/event-plane/journal";

const START = Date.parse("2026-11-22T05:42:00Z");

describe("Journal", () => {
  it("has what happened since a time, in its order, of the kinds that are asked for", () => {
    let second = 0;
    const journal = new Journal(() => new Date(START + 1000 * second));
    journal.note("recorded", "one");
    second = 1;
    journal.note("not delivered", "two", "because");
    second = 2;
    journal.note("recorded", "three");
    const names = (...args: Parameters<Journal["since"]>) => journal.since(...args).map(({ what }) => what);
    expect(names(new Date(START))).toEqual(["one", "two", "three"]);
    expect(names(new Date(START + 1000))).toEqual(["two", "three"]);
    expect(names(new Date(START), "recorded", "alarm")).toEqual(["one", "three"]);
    expect(journal.since(new Date(START + 1000), "not delivered")).toEqual([
      { at: new Date(START + 1000), kind: "not delivered", what: "two", detail: "because" },
    ]);
  });

  it("forgets the oldest before it fills the memory", () => {
    const journal = new Journal(() => new Date(START));
    for (let index = 0; index < 100_000; index++) {
      journal.note("recorded", String(index));
    }
    const entries = journal.since(new Date(0));
    expect(entries.length).toBeLessThanOrEqual(40_000);
    expect(entries.length).toBeGreaterThanOrEqual(20_000);
    expect(entries.at(-1)?.what).toBe("99999");
    expect(entries.at(0)?.what).toBe(String(100_000 - entries.length));
  });
});
