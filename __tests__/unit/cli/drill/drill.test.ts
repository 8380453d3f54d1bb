import fc from "fast-check";
import { RefusedError } from "../../../../cli/drill/aws-error";
import { drill, type Outcome, type TrailStatus } from "../../../../cli/drill/drill";

/** What becomes of a call: carried out or not, answered or not; a late one is carried out seconds after it was given up. */
const FATES = ["answered", "refused", "lost", "carried out and lost", "late", "stale"] as const;
/** In vain: answered and not carried out, of which AWS would have to be guilty. */
type Fate = (typeof FATES)[number] | "in vain";

interface Course {
  /** Of the calls, in their order; of those beyond, the last. */
  readonly fates: readonly Fate[];
  /** Milliseconds after a stop at which the guard starts the trail. */
  readonly guardAfter: number | undefined;
  /** Milliseconds after the beginning at which the drill is interrupted. */
  readonly abortAt: number | undefined;
}

/** A trail that logs, in a time of its own. */
class FakeTrail {
  readonly calls: string[] = [];
  readonly failures: string[] = [];
  readonly controller = new AbortController();
  time = 0;
  private readonly history: TrailStatus[] = [
    { isLogging: true, startedAt: new Date(-1000), stoppedAt: new Date(-2000) },
  ];
  private readonly due: { at: number; action: () => void }[] = [];
  /** Answers are at most as old as what the drill saw before it stopped the trail. */
  private firstShown = 0;

  constructor(private readonly course: Course) {
    if (course.abortAt !== undefined) {
      this.due.push({ at: course.abortAt, action: () => this.controller.abort(new Error("interrupted")) });
    }
  }

  get status(): TrailStatus {
    return this.history.at(-1) ?? fail();
  }

  /** Lets pass what is still on its way. */
  settle(): void {
    this.pass(60_000);
  }

  async drill(limitSeconds = 20): Promise<Outcome> {
    return drill({
      trail: {
        startLogging: async () => {
          await this.call("start", () => this.set(true));
        },
        stopLogging: async () => {
          await this.call("stop", () => this.stop());
        },
        status: async () => {
          const fate = await this.call("status", () => undefined);
          if (fate !== "stale") {
            this.firstShown = this.calls.includes("stop") ? this.firstShown : this.history.length - 1;
            return this.status;
          }
          return this.history[this.firstShown] ?? fail();
        },
      },
      limitSeconds,
      clock: {
        now: () => this.time,
        date: () => new Date(this.time),
        sleep: async (milliseconds, signal) => {
          const until = this.time + milliseconds;
          while (this.time < until && signal?.aborted !== true) {
            this.pass(Math.min(50, until - this.time));
          }
        },
      },
      signal: this.controller.signal,
      talk: {
        watching: () => undefined,
        healing: () => undefined,
        failing: (problem) => this.failures.push(problem),
      },
    });
  }

  private async call(name: string, carryOut: () => void): Promise<Fate> {
    const fate = this.course.fates[this.calls.length] ?? this.course.fates.at(-1) ?? "answered";
    this.calls.push(name);
    this.pass(100);
    if (fate === "refused") {
      throw new RefusedError(`${name} refused`);
    }
    if (fate === "late") {
      this.due.push({ at: this.time + 8000, action: carryOut });
    } else if (fate !== "lost" && fate !== "in vain") {
      carryOut();
    }
    if (fate === "lost" || fate === "carried out and lost" || fate === "late") {
      throw new Error(`${name} not answered`);
    }
    return fate;
  }

  private stop(): void {
    this.set(false);
    if (this.course.guardAfter !== undefined) {
      this.due.push({ at: this.time + this.course.guardAfter, action: () => this.set(true) });
    }
  }

  private set(isLogging: boolean): void {
    const { status, time } = this;
    this.history.push({
      isLogging,
      startedAt: isLogging && !status.isLogging ? new Date(time) : status.startedAt,
      stoppedAt: isLogging ? status.stoppedAt : new Date(time),
    });
  }

  private pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const due of this.due.filter(({ at }) => at <= this.time)) {
      this.due.splice(this.due.indexOf(due), 1);
      due.action();
    }
  }
}

function fail(): never {
  throw new Error("no history");
}

const FINE: Course = { fates: ["answered"], guardAfter: undefined, abortAt: undefined };

describe("drill", () => {
  it("measures from the call that stops the trail to the first look that sees it log", async () => {
    const trail = new FakeTrail({ ...FINE, guardAfter: 1300 });

    const outcome = await trail.drill();

    expect(outcome).toEqual({ kind: "healed", seconds: expect.any(Number) });
    expect(outcome.kind === "healed" && outcome.seconds).toBeGreaterThanOrEqual(1.3);
    expect(outcome.kind === "healed" && outcome.seconds).toBeLessThan(2);
    expect(trail.calls.slice(0, 3)).toEqual(["start", "status", "stop"]);
    expect(trail.calls.filter((call) => call !== "status")).toEqual(["start", "stop"]);
  });

  it("measures a guard that is quicker than the first look", async () => {
    const trail = new FakeTrail({ ...FINE, guardAfter: 10 });

    await expect(trail.drill()).resolves.toMatchObject({ kind: "healed" });
  });

  it("does not stop a trail that the caller may not start", async () => {
    const trail = new FakeTrail({ ...FINE, fates: ["refused"] });

    await expect(trail.drill()).resolves.toEqual({ kind: "not stopped", why: "start refused" });
    expect(trail.calls).toEqual(["start"]);
  });

  it("does nothing where it was interrupted before", async () => {
    const trail = new FakeTrail(FINE);
    trail.controller.abort(new Error("interrupted"));

    await expect(trail.drill()).resolves.toEqual({ kind: "not stopped", why: "interrupted" });
    expect(trail.calls).toEqual([]);
  });

  it("does not stop a trail once it is interrupted", async () => {
    const trail = new FakeTrail({ ...FINE, abortAt: 150 });

    await expect(trail.drill()).resolves.toEqual({ kind: "not stopped", why: "interrupted" });
    expect(trail.calls).not.toContain("stop");
  });

  it("has nothing to start where AWS refused to stop it", async () => {
    const trail = new FakeTrail({ ...FINE, fates: ["answered", "answered", "refused"] });

    await expect(trail.drill()).resolves.toEqual({ kind: "not stopped", why: "stop refused" });
    expect(trail.calls).toEqual(["start", "status", "stop"]);
  });

  it("starts a trail itself that nobody has started within the limit, and no sooner", async () => {
    const trail = new FakeTrail(FINE);

    const outcome = await trail.drill(20);

    expect(outcome).toEqual({ kind: "healed by the drill", why: "nobody started it within 20 s" });
    expect(trail.status.isLogging).toBe(true);
    expect(trail.time).toBeGreaterThan(20_000);
    expect(trail.time).toBeLessThan(22_000);
  });

  it("starts it at once when it is interrupted", async () => {
    const trail = new FakeTrail({ ...FINE, abortAt: 5000 });

    const outcome = await trail.drill();

    expect(outcome).toEqual({ kind: "healed by the drill", why: "interrupted" });
    expect(trail.time).toBeLessThan(5500);
  });

  it("takes no answer of before the stop for a trail that logs again", async () => {
    const trail = new FakeTrail({ ...FINE, fates: ["answered", "answered", "answered", "stale"] });

    await expect(trail.drill()).resolves.toMatchObject({ kind: "healed by the drill" });
  });

  it.each(["carried out and lost", "late", "lost"] as const)(
    "starts it when the answer to the stop does not come: %s",
    async (fate) => {
      const trail = new FakeTrail({ ...FINE, fates: ["answered", "answered", fate, "answered"] });

      const outcome = await trail.drill();

      trail.settle();
      expect(outcome).toEqual({
        kind: "healed by the drill",
        why: "it may have been stopped: stop not answered",
      });
      expect(trail.status.isLogging).toBe(true);
    },
  );

  it("starts it when it is out of sight for half a minute", async () => {
    const trail = new FakeTrail({
      ...FINE,
      fates: [...fill(3, "answered"), ...fill(50, "lost"), "answered"],
    });

    const outcome = await trail.drill(300);

    expect(outcome).toMatchObject({ kind: "healed by the drill", why: expect.stringContaining("30 s") });
    expect(trail.time).toBeLessThan(60_000);
  });

  it("goes on trying while the network is away", async () => {
    const trail = new FakeTrail({
      ...FINE,
      abortAt: 1000,
      fates: [...fill(5, "answered"), ...fill(20, "lost"), "answered"],
    });

    const outcome = await trail.drill();

    expect(outcome).toEqual({ kind: "healed by the drill", why: "interrupted" });
    expect(trail.failures.length).toBeGreaterThan(5);
    expect(trail.failures[0]).toBe("start not answered");
  });

  it("says after a quarter of an hour that it may be stopped", async () => {
    const trail = new FakeTrail({ ...FINE, abortAt: 1000, fates: [...fill(5, "answered"), "lost"] });

    const outcome = await trail.drill();

    expect(outcome).toEqual({ kind: "may be stopped", why: "interrupted", problem: "start not answered" });
    expect(trail.time).toBeGreaterThan(15 * 60_000);
    expect(trail.status.isLogging).toBe(false);
  });

  it("takes no answer of before the stop for a trail that it has started", async () => {
    const trail = new FakeTrail({
      ...FINE,
      abortAt: 350,
      fates: [...fill(4, "answered"), "lost", "stale", "lost"],
    });

    await expect(trail.drill()).resolves.toMatchObject({ kind: "may be stopped" });
  });

  it("takes no start for done before the trail logs", async () => {
    const trail = new FakeTrail({
      ...FINE,
      abortAt: 350,
      fates: [...fill(4, "answered"), "in vain", "answered"],
    });

    await expect(trail.drill()).resolves.toMatchObject({ kind: "healed by the drill" });
    expect(trail.failures).toEqual(["it was started and doesn't log"]);
    expect(trail.status.isLogging).toBe(true);
  });

  it("takes it that somebody else has started it while it couldn't", async () => {
    const trail = new FakeTrail({
      ...FINE,
      abortAt: 1000,
      guardAfter: 5000,
      fates: [...fill(5, "answered"), ...fill(10, "lost"), "refused", "answered", "lost"],
    });

    await expect(trail.drill()).resolves.toEqual({ kind: "healed by the drill", why: "interrupted" });
  });

  it("leaves a trail that logs, or says that it may not, whatever becomes of its calls", async () => {
    const course = fc.record({
      fates: fc.array(fc.constantFrom(...FATES), { maxLength: 30 }),
      endsWell: fc.boolean(),
      guardAfter: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
      abortAt: fc.option(fc.integer({ min: 0, max: 6000 }), { nil: undefined }),
      limitSeconds: fc.integer({ min: 1, max: 20 }),
      healthyCalls: fc.integer({ min: 0, max: 5 }),
    });

    await fc.assert(
      fc.asyncProperty(course, async ({ fates, endsWell, healthyCalls, limitSeconds, ...times }) => {
        const trail = new FakeTrail({
          ...times,
          fates: [...fill(healthyCalls, "answered"), ...fates, endsWell ? "answered" : "lost"],
        });

        const outcome = await trail.drill(limitSeconds);

        const startsOfTheDrill = trail.calls.slice(1).filter((call) => call === "start").length;
        const { isLogging } = trail.status;
        trail.settle();
        switch (outcome.kind) {
          case "not stopped":
            expect(trail.status).toMatchObject({ isLogging: true, stoppedAt: new Date(-2000) });
            break;
          case "healed":
            expect(isLogging).toBe(true);
            expect(times.guardAfter).toBeDefined();
            expect(startsOfTheDrill).toBe(0);
            break;
          case "healed by the drill":
            expect(trail.status.isLogging).toBe(true);
            expect(startsOfTheDrill).toBeGreaterThan(0);
            break;
          case "may be stopped":
            expect(endsWell).toBe(false);
            expect(outcome.problem).not.toBe("");
            break;
        }
      }),
      { numRuns: 500 },
    );
  });
});

function fill(length: number, fate: Fate): Fate[] {
  return Array.from({ length }, () => fate);
}
