import fc from "fast-check";
import { PARAMETER_CAPACITY } from "../../../../lambda-src/guard/declared-state";
import {
  countRepair,
  emptyMemory,
  type Memory,
  memoryText,
  type OpenIncident,
  print,
  readMemory,
  repairsWithin,
} from "../../../../lambda-src/guard/memory";

const NOW = new Date("2026-03-25T05:40:30Z");
const SECONDS = NOW.getTime() / 1000;
const MINUTE = Math.floor(SECONDS / 60);

function kept(memory: Partial<Memory>): Memory {
  return readMemory(memoryText({ ...emptyMemory(), ...memory }, NOW, 15));
}

function incidents(count: number): Record<string, OpenIncident> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `alarm.prod-trailwarden-something-${index}`,
      { part: "alarms", what: print(`${index}`), outcome: print("left") },
    ]),
  );
}

describe("memory", () => {
  it("comes back as it was written", () => {
    const memory: Memory = {
      repairs: { [MINUTE]: 2, [MINUTE - 14]: 1 },
      open: {
        "trail.logging": { part: "trail", what: "11111111", outcome: "failed" },
        "bucket.policy": { part: "bucket", what: "22222222", outcome: "", exemptAt: SECONDS - 5 },
        "key.state": { part: "key", what: "33333333", outcome: "" },
      },
      told: { aaaaaaaa: SECONDS, bbbbbbbb: SECONDS - 3599 },
      untold: ["2026-03-25T05:40:00.000Z: the trail does not log"],
      unexplained: { trail: SECONDS - 10 },
      pause: { id: "12345678", isOver: false },
      unsettledSince: SECONDS - 100,
    };

    expect(kept(memory)).toEqual(memory);
  });

  it("forgets what is past", () => {
    expect(
      kept({
        repairs: { [MINUTE - 16]: 9 },
        told: { aaaaaaaa: SECONDS - 3600 },
        unexplained: { trail: SECONDS - 3600 },
      }),
    ).toEqual(emptyMemory());
  });

  it("keeps the newest of what was told, and of what wasn't", () => {
    const told = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [print(`${index}`), SECONDS - index]),
    );
    const untold = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    const memory = kept({ told, untold });

    expect(Object.values(memory.told).sort()).toEqual(Object.values(told).sort().slice(-40));
    expect(memory.untold).toEqual(untold.slice(4));
  });

  it("gives up what was told before any incident, and of incidents the oldest", () => {
    const told = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [print(`${index}`), SECONDS - index]),
    );
    const some = kept({ told, open: incidents(45) });
    expect(Object.keys(some.open)).toHaveLength(45);
    expect(some.told[print("0")]).toBe(SECONDS);

    const open = incidents(200);
    const many = Object.keys(kept({ told, open }).open);
    expect(many.length).toBeGreaterThan(45);
    expect(many).toEqual(Object.keys(open).slice(-many.length));
  });

  it("always fits into its parameter", () => {
    const anyMemory = fc.record({
      repairs: fc.dictionary(fc.integer({ min: MINUTE - 15, max: MINUTE }).map(String), fc.nat(1000)),
      open: fc.nat(300).map(incidents),
      told: fc.dictionary(fc.string({ minLength: 8, maxLength: 8 }), fc.constant(SECONDS)),
      untold: fc.array(fc.string({ unit: "binary", maxLength: 200 })),
      unexplained: fc.dictionary(fc.string(), fc.constant(SECONDS)),
    });
    fc.assert(
      fc.property(anyMemory, (memory) => {
        expect(memoryText(memory, NOW, 15).length).toBeLessThanOrEqual(PARAMETER_CAPACITY);
      }),
    );
  });

  it("is read of any text, and what was read can be written and read again", () => {
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            repairs: value,
            open: value,
            told: value,
            untold: value,
            unexplained: value,
            pause: value,
            unsettledSince: value,
          },
          { requiredKeys: [] },
        )
        .map((memory) => JSON.stringify(memory)),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const memory = readMemory(text);
        const again = readMemory(memoryText(memory, NOW, 15));
        expect(readMemory(memoryText(again, NOW, 15))).toEqual(again);
        expect(repairsWithin(memory, NOW, 15)).not.toBeNaN();
      }),
      { numRuns: 300 },
    );
  });
});

describe("the count of repairs", () => {
  it("is never less than that of any window that ends now, and forgets what is a minute older", () => {
    const repairs = fc.array(fc.nat(30 * 60), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(repairs, fc.integer({ min: 1, max: 20 }), (secondsAgo, windowMinutes) => {
        const memory = emptyMemory();
        for (const seconds of secondsAgo) {
          countRepair(memory, new Date(NOW.getTime() - seconds * 1000));
        }
        const within = (minutes: number) => secondsAgo.filter((seconds) => seconds < minutes * 60).length;
        const count = repairsWithin(memory, NOW, windowMinutes);
        expect(count).toBeGreaterThanOrEqual(within(windowMinutes));
        expect(count).toBeLessThanOrEqual(within(windowMinutes + 1));
        const stored = readMemory(memoryText(memory, NOW, windowMinutes));
        expect(repairsWithin(stored, NOW, windowMinutes)).toBe(count);
      }),
    );
  });

  it("counts no repairs of the future, by which somebody could keep the guard from repairing", () => {
    const memory = readMemory(JSON.stringify({ repairs: { 99999999: 1000, Infinity: 5, soon: 5 } }));

    expect(repairsWithin(memory, NOW, 15)).toBe(0);
  });
});

describe("print", () => {
  it("is eight characters, another for each text", () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `text ${index}`);

    expect(print("text")).toMatch(/^[0-9a-f]{8}$/);
    expect(new Set(texts.map((text) => print(text))).size).toBe(1000);
    expect(print("a", "b")).not.toBe(print("ab"));
  });
});
