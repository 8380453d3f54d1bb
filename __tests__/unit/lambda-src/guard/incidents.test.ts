import type { Difference } from "../../../../lambda-src/guard/difference";
import { DONE_BY_EXEMPT } from "../../../../lambda-src/guard/exempt";
import { Incidents, OWN_PART, UNREADABLE, UNTOLD } from "../../../../lambda-src/guard/incidents";
import { emptyMemory, type Memory } from "../../../../lambda-src/guard/memory";
import type { Observation } from "../../../../lambda-src/guard/observe";
import type { Finding } from "../../../../lambda-src/guard/reconcile";
import { type ApiCall, apiCallOf } from "../../../../lambda-src/shared/api-call";
import { modesOf } from "./support/deployment";
import { type CallOfEvent, eventOf, MALLORY } from "./support/events";
import { START } from "./support/scene";
import { STOP_LOGGING } from "./support/tampering";

const DIFFERENCE: Difference = {
  id: "trail.logging",
  row: "stop-logging",
  kind: "weaker",
  what: "the trail does not log",
};

function call(details: Partial<CallOfEvent> = {}): ApiCall {
  return apiCallOf(eventOf({ ...STOP_LOGGING.call, at: START - 1000, ...details })) as ApiCall;
}

function finding(fate: Finding["fate"], why?: string, difference = DIFFERENCE): Finding {
  return { part: "logging", difference, fate, ...(why === undefined ? {} : { why }) };
}

function incidents(memory: Memory, of?: ApiCall, minutesLater = 0): Incidents {
  return new Incidents(memory, of, new Date(START + minutesLater * 60_000), modesOf("enforce"));
}

function seen(...differences: Difference[]): Observation {
  return { part: "logging", differences, unseen: new Map() };
}

describe("news", () => {
  it("is each repair, and each other fate once for how it differs and why it was left", () => {
    const memory = emptyMemory();
    const known = incidents(memory);
    const tell = (one: Finding) => {
      const isNews = known.isNews(one);
      known.remember([one], [], false);
      return isNews;
    };

    expect(tell(finding("left", "paused"))).toBe(true);
    expect(tell(finding("left", "paused"))).toBe(false);
    expect(tell(finding("left", "limit"))).toBe(true);
    expect(tell(finding("failed", "an error"))).toBe(true);
    expect(tell(finding("failed", "another error"))).toBe(false);
    expect(tell(finding("failed", "x", { ...DIFFERENCE, what: "worse" }))).toBe(true);
    expect(tell(finding("restored"))).toBe(true);
    expect(tell(finding("restored"))).toBe(true);
    expect(tell(finding("failed", "an error"))).toBe(true);
  });

  it("is never what was passed over", () => {
    const memory = emptyMemory();
    const known = incidents(memory);

    expect(known.isNews(finding("passed over", "an apply"))).toBe(false);
    known.remember([finding("passed over", "an apply")], [], false);
    expect(memory.open).toEqual({});
  });
});

describe("a call", () => {
  it("is told of once: what AWS carried out by its event, an attempt by its caller and name", () => {
    const memory = emptyMemory();
    const tells = (of: ApiCall) => {
      const known = incidents(memory, of);
      const isTold = known.tellsCall([], { part: "logging" });
      known.remember([], [], isTold);
      return isTold;
    };
    const refused = { errorCode: "AccessDenied" };
    const alice = { ...MALLORY, arn: `${MALLORY.arn}-alice` };

    expect([tells(call()), tells(call())]).toEqual([true, false]);
    expect(tells(call({ eventId: "e2" }))).toBe(true);
    expect([tells(call(refused)), tells(call({ ...refused, eventId: "e3" }))]).toEqual([true, false]);
    expect(tells(call({ ...refused, userIdentity: alice }))).toBe(true);
    expect(tells(call({ ...refused, eventName: "DeleteTrail" }))).toBe(true);
  });

  it("that takes nothing away is told of only with news, or as the cause of an earlier repair", () => {
    const memory = emptyMemory();
    const update = call({ eventName: "UpdateTrail" });
    expect(incidents(memory, update).tellsCall([], { part: "trail" })).toBe(false);
    expect(incidents(memory, update).tellsCall([finding("restored")], { part: "trail" })).toBe(true);

    incidents(memory).remember([{ ...finding("restored"), part: "trail" }], [], false);
    expect(incidents(memory, update, 1).tellsCall([], { part: "trail" })).toBe(true);
    expect(incidents(memory, update, 1).tellsCall([], { part: "bucket" })).toBe(false);
    const later = call({ eventName: "UpdateTrail", at: START + 5000 });
    expect(incidents(memory, later, 1).tellsCall([], { part: "trail" })).toBe(false);
  });

  it("of a row that is off is told of only with news", () => {
    const known = new Incidents(
      emptyMemory(),
      call(),
      new Date(START),
      modesOf("enforce", { "stop-logging": "off" }),
    );

    expect(known.tellsCall([], { part: "logging" })).toBe(false);
    expect(known.tellsCall([finding("restored")], { part: "logging" })).toBe(true);
  });
});

describe("what is right again", () => {
  it("is what people know of, and was looked at and not found", () => {
    const memory = emptyMemory();
    const known = incidents(memory);
    known.remember([finding("left", "paused")], [], false);

    expect(known.rightAgain([], [seen()])).toEqual(["trail.logging"]);
    expect(known.rightAgain([], [seen(DIFFERENCE)])).toEqual([]);
    expect(known.rightAgain([finding("restored")], [seen()])).toEqual([]);
    expect(known.rightAgain([], [])).toEqual([]);
    expect(known.rightAgain([], [{ ...seen(), part: "trail" }])).toEqual([]);
    const unseen = new Map([["trail.logging", new Error("denied")]]);
    expect(known.rightAgain([], [{ ...seen(), unseen }])).toEqual([]);
  });

  it("is nothing while the declared state can't be read", () => {
    const memory = emptyMemory();
    const known = incidents(memory);
    const own: Finding = { ...finding("left", "x", { ...DIFFERENCE, id: UNREADABLE }), part: OWN_PART };
    known.remember([{ ...own, difference: { ...DIFFERENCE, id: "applied-state" } }], [], false);

    expect(known.rightAgain([own], [])).toEqual([]);
    expect(known.rightAgain([], [])).toEqual(["applied-state"]);
  });
});

describe("what an exempt principal made", () => {
  it("is left to it until a newer call of somebody else's, or until it differs in another way", () => {
    const memory = emptyMemory();
    const other = { ...DIFFERENCE, what: "worse" };
    incidents(memory, call()).remember([finding("left", DONE_BY_EXEMPT)], [], true);

    expect(incidents(memory).leftToExempt(DIFFERENCE)).toBeDefined();
    expect(incidents(memory).leftToExempt(other)).toBeUndefined();
    expect(incidents(memory, call({ at: START - 2000 })).leftToExempt(DIFFERENCE)).toBeDefined();
    expect(incidents(memory, call({ at: START + 2000 })).leftToExempt(DIFFERENCE)).toBeUndefined();
    const another = call({ at: START + 2000, eventName: "PutBucketPolicy" });
    expect(incidents(memory, another).leftToExempt(DIFFERENCE)).toBeDefined();
  });

  it("stays left where people could not be told; the rest is as if it hadn't been seen", () => {
    const memory = emptyMemory();
    const known = incidents(memory, call());
    const before = JSON.stringify(memory);
    known.remember([finding("failed", "x", { ...DIFFERENCE, id: "key" })], [], true);

    known.forgetTelling(before, [
      finding("left", DONE_BY_EXEMPT),
      finding("left", "limit", { ...DIFFERENCE, id: "key" }),
    ]);

    expect(memory.told).toEqual({});
    expect(Object.keys(memory.open)).toEqual(["trail.logging"]);
    expect(memory.open["trail.logging"]).toMatchObject({ outcome: UNTOLD, exemptAt: START / 1000 - 1 });
    expect(incidents(memory).isNews(finding("left", DONE_BY_EXEMPT))).toBe(true);
  });
});

describe("a noted line", () => {
  it("is abandoned once no run that noted it can still be at work", () => {
    const memory = emptyMemory();
    const line = `${incidents(memory).note}the trail does not log`;
    memory.untold = [line];

    expect(incidents(memory, undefined, 1.9).isAbandoned(line)).toBe(false);
    expect(incidents(memory, undefined, 2.1).isAbandoned(line)).toBe(true);
    incidents(memory, undefined, 1).remember([], [], false);
    expect(memory.untold).toEqual([line]);
    incidents(memory).remember([], [], false);
    expect(memory.untold).toEqual([]);
  });
});
