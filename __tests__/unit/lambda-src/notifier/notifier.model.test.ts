import fc from "fast-check";
import { type Folded, fold } from "../../../../lambda-src/notifier/fold";
import {
  changeLine,
  type InstanceChange,
  instanceChangeOf,
} from "../../../../lambda-src/notifier/instance-change";
import {
  DETECTION_TOPIC,
  INSTANCES_TOPIC,
  LOG_GROUP,
  OWN_TOPIC,
  ROUTE_TOPIC,
  SETTINGS,
} from "./support/deployment";
import { alarmFields, instanceEvent, loggedCall, PERIOD_MS, START, snsEvent } from "./support/events";
import { FakeAws, type Fault } from "./support/fake-aws";
import { FakeTime } from "./support/fake-time";
import { Scene } from "./support/scene";

const SECOND = 1000;
const FAULTS: readonly Fault[] = ["failed", "answer lost", "made twice"];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How AWS is in one run: how long its calls take, and which of them go wrong. */
interface Weather {
  readonly seed: number;
  /** Of all calls, the part that fails. */
  readonly faults: number;
}

const FAIR = fc.nat().map((seed): Weather => ({ seed, faults: 0 }));
const FOUL = fc.record({ seed: fc.nat(), faults: fc.constantFrom(0.02, 0.1, 0.3, 0.6) });

function letItRain(fake: FakeAws, { seed, faults }: Weather): () => number {
  const random = randomOf(seed);
  fake.latency = () => 1 + random() * 100;
  fake.faultOf = () => (random() < faults ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined);
  return random;
}

/** As Lambda does it: the same event twice more, after a minute and after two. @returns the last error, if it gave up */
async function invoke(time: FakeTime, attempt: () => Promise<unknown>): Promise<string | undefined> {
  for (const wait of [60, 120]) {
    try {
      await attempt();
      return undefined;
    } catch {
      await time.sleep(wait * SECOND);
    }
  }
  return attempt().then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** One change of an instance, and how many seconds after it its event is delivered, each time in another invocation. */
interface Delivered {
  readonly second: number;
  readonly after: readonly number[];
}

function changes(seconds: number, after: fc.Arbitrary<number>): fc.Arbitrary<Delivered[]> {
  const one = fc.record({
    second: fc.nat(seconds - 1),
    after: fc.array(after, { minLength: 1, maxLength: 2 }),
  });
  return fc.array(one, { minLength: 1, maxLength: 100, size: "max" });
}

/** Runs them all; `told` are the ids of each message, by place. */
async function runFold(delivered: readonly Delivered[], weather: Weather) {
  const time = new FakeTime(START);
  const fake = new FakeAws(time, LOG_GROUP, SETTINGS.tableName);
  const random = letItRain(fake, weather);
  const told = new Map<string, string[][]>([
    ["a", []],
    ["b", []],
  ]);
  const isDown = () => random() < weather.faults;
  const tell = async (
    { changes, arrived }: Folded,
    note: (arrived: ReadonlySet<string>) => Promise<void>,
  ) => {
    await time.sleep(1 + random() * 300);
    const places = new Set(arrived);
    for (const [place, messages] of told) {
      if (!arrived.has(place) && !isDown()) {
        messages.push(changes.map(({ eventId }) => eventId));
        places.add(place);
      }
    }
    if (places.size < told.size) {
      await note(places);
      throw new Error("not everybody was told");
    }
  };
  const all: InstanceChange[] = [];
  const givenUp: string[] = [];
  let invocations = 0;
  const work = delivered.flatMap(({ second, after }, id) => {
    const change = instanceChangeOf(instanceEvent(id, { at: START + second * SECOND }));
    if (change === undefined) {
      throw new Error("no change");
    }
    all.push(change);
    return after.map(async (seconds) => {
      const invocationId = `i${invocations++}`;
      await time.sleep((second + seconds) * SECOND);
      const { now, sleep } = time;
      const options = { aws: fake.aws, tableName: SETTINGS.tableName, invocationId, now, sleep };
      givenUp.push((await invoke(time, () => fold(change, tell, options))) ?? "");
    });
  });
  await time.run(Promise.all(work));
  return { all, told: [...told.values()], errors: givenUp.filter((error) => error !== "") };
}

function spanOf({ time }: InstanceChange): string {
  return new Date(Math.floor(Date.parse(time) / 15_000) * 15_000).toISOString();
}

describe("a storm of changes", () => {
  const soon = fc.double({ min: 0, max: 1.5, noNaN: true });
  const anytime = fc.oneof(soon, fc.double({ min: 0, max: 700, noNaN: true }));

  it("makes one message of each span where events come in time, with each change in it", async () => {
    await fc.assert(
      fc.asyncProperty(changes(30, soon), FAIR, async (delivered, weather) => {
        const { all, told, errors } = await runFold(delivered, weather);

        for (const messages of told) {
          expect(messages).toHaveLength(new Set(all.map(spanOf)).size);
          expect(messages.flat().sort()).toEqual(all.map(({ eventId }) => eventId).sort());
        }
        expect(errors).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("is told whole, each change exactly once, whenever and however often its events come", async () => {
    await fc.assert(
      fc.asyncProperty(changes(60, anytime), FAIR, async (delivered, weather) => {
        const { all, told, errors } = await runFold(delivered, weather);

        for (const messages of told) {
          expect(messages.flat().sort()).toEqual(all.map(({ eventId }) => eventId).sort());
        }
        expect(errors).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("loses no change, whatever fails: it is told, or an error that people get names it or where it stands", async () => {
    const seen = { told: 0, named: 0, pointed: 0 };
    await fc.assert(
      fc.asyncProperty(changes(60, anytime), FOUL, async (delivered, weather) => {
        const { all, told, errors } = await runFold(delivered, weather);

        for (const messages of told) {
          const ids = new Set(messages.flat());
          for (const change of all) {
            const isTold = ids.has(change.eventId);
            const isNamed = errors.some((error) => error.includes(changeLine(change)));
            const isPointed = errors.some((error) => error.includes(`ec2-state-change ${spanOf(change)}`));
            seen[isTold ? "told" : isNamed ? "named" : "pointed"] += 1;
            expect([change, isTold || isNamed || isPointed]).toEqual([change, true]);
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(seen.told).toBeGreaterThan(1000);
    expect(seen.named).toBeGreaterThan(0);
  });
});

/** Something that people have to be told of, and how many seconds from the start it is delivered, each time anew. */
interface Happening {
  readonly kind: "alarm" | "change" | "message";
  readonly at: readonly number[];
}

const happenings = fc.array(
  fc.record({
    kind: fc.constantFrom("alarm" as const, "change" as const, "message" as const),
    at: fc.array(fc.double({ min: 0, max: 900, noNaN: true }), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const TOPICS = { alarm: DETECTION_TOPIC, change: INSTANCES_TOPIC, message: OWN_TOPIC };

/** Runs them all, each delivery in an invocation of its own; `marks` tell one happening from another. */
async function runAll(all: readonly Happening[], weather: Weather) {
  const scene = new Scene();
  const { time, fake } = scene;
  const random = letItRain(fake, weather);
  let refusals = 0;
  const revokedAt = random() < weather.faults ? START + random() * 1200 * SECOND : undefined;
  scene.slack = () => {
    if (revokedAt !== undefined && time.time >= revokedAt) {
      refusals += 1;
      return { kind: "refused", status: 404, reason: "no_service" };
    }
    if (random() >= weather.faults) {
      return { kind: "sent" };
    }
    scene.posts.pop();
    return { kind: "unavailable", reason: "answered with 500" };
  };
  const marks = all.map((_, n) => `mark-${n}-`);
  const givenUp = new Set<string>();
  const errors: string[] = [];
  let invocations = 0;
  const work = all.flatMap(({ kind, at }, n) => {
    const mark = marks[n] ?? "";
    const start = START - n * PERIOD_MS;
    fake.logEvents.push(loggedCall({ at: start }));
    const events = {
      alarm: (messageId: string) =>
        snsEvent({ ...alarmFields({ start }), AlarmDescription: mark }, { messageId }),
      change: () => instanceEvent(n, { state: mark }),
      message: () => snsEvent(mark, { messageId: mark }),
    };
    return at.map(async (seconds) => {
      const id = `i${invocations++}`;
      await time.sleep(seconds * SECOND);
      const event = events[kind](id);
      const error = await invoke(time, () => scene.begin(event, id));
      if (error !== undefined) {
        givenUp.add(mark);
        errors.push(error);
      }
    });
  });
  await time.run(Promise.all(work));
  /** How often each happening was told there. */
  const toldAt = (texts: readonly string[]) =>
    marks.map((mark) => texts.filter((text) => text.includes(mark)).length);
  const publishedTo = (arn: string) =>
    fake.publications.filter(({ topicArn }) => topicArn === arn).map(({ alert }) => JSON.stringify(alert));
  return {
    marks,
    givenUp,
    errors,
    refusals,
    refusalsTold: publishedTo(OWN_TOPIC).filter((text) => text.includes("Slack refuses alerts")).length,
    own: all.map(({ kind }, n) => toldAt(publishedTo(TOPICS[kind]))[n] ?? 0),
    route: toldAt(publishedTo(ROUTE_TOPIC)),
    slack: toldAt(scene.posts.map(({ payload }) => JSON.stringify(payload))),
  };
}

describe("alarms, changes and messages of any order, delivered up to three times", () => {
  it("are told once, at each place", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, FAIR, async (all, weather) => {
        const { own, route, slack, errors } = await runAll(all, weather);
        const once = all.map(() => 1);

        expect({ own, route, slack, errors }).toEqual({ own: once, route: once, slack: once, errors: [] });
      }),
      { numRuns: 60 },
    );
  });

  it("are told everywhere, whatever fails, or end in an error that people get", async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(happenings, FOUL, async (all, weather) => {
        const run = await runAll(all, weather);
        const { marks, givenUp, errors, own, route, slack, refusals, refusalsTold } = run;

        marks.forEach((mark, n) => {
          // Lambda sends people the event itself; others' changes stand in the error.
          const isInError = givenUp.has(mark) || errors.some((error) => error.includes(mark));
          const isPointed =
            all[n]?.kind === "change" && errors.some((error) => error.includes("ec2-state-change"));
          const isTold = [own, route, slack].every((told) => (told[n] ?? 0) > 0);
          expect([mark, isTold || isInError || isPointed]).toEqual([mark, true]);
        });
        refused += refusalsTold;
        expect(refusals === 0 || refusalsTold > 0 || errors.length > 0).toBe(true);
      }),
      { numRuns: 120 },
    );
    expect(refused).toBeGreaterThan(0);
  });
});
