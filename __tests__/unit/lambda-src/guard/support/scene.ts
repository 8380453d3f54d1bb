import type { DeclaredState } from "../../../../../lambda-src/guard/declared-state";
import { digestOf } from "../../../../../lambda-src/guard/declared-state";
import { type Guard, handleEvent, type Outcome } from "../../../../../lambda-src/guard/guard";
import type { GuardSettings } from "../../../../../lambda-src/guard/settings";
import { DECLARED, guardSettingsOf, PARAMETERS, textOf } from "./deployment";
import { type CallOfEvent, eventOf, REGULAR_LOOK } from "./events";
import { cloudAsDeclared, FakeAws, type Process, type PublishedMessage } from "./fake-aws";
import type { Tampering } from "./tampering";

export const START = Date.parse("2026-03-25T05:40:00Z");

const TEXT = textOf(DECLARED);

const SILENT = { info() {}, warn() {} };

/** A guard, the deployment that it keeps, and a clock. */
export class Scene {
  readonly fake: FakeAws;
  readonly declared: DeclaredState;
  /** Milliseconds of Unix time. */
  time = START;
  settings: GuardSettings;
  log: Guard["log"] = SILENT;
  private nextEventId = 1;

  constructor({
    declared = DECLARED,
    settings = {},
  }: { declared?: DeclaredState; settings?: Parameters<typeof guardSettingsOf>[0] } = {}) {
    this.declared = declared;
    this.settings = guardSettingsOf(settings);
    this.fake = new FakeAws(cloudAsDeclared(declared, declared === DECLARED ? TEXT : textOf(declared)));
    this.fake.now = () => this.time;
  }

  get cloud() {
    return this.fake.cloud;
  }

  guardOf({ aws }: Process): Guard {
    return {
      settings: this.settings,
      aws,
      log: this.log,
      now: () => new Date(this.time),
      sleep: async (milliseconds) => {
        this.time += milliseconds;
      },
    };
  }

  /** The guard's regular look. */
  look(): Promise<Outcome> {
    return this.handle(REGULAR_LOOK);
  }

  /** The guard hears of a call. */
  hear(call: CallOfEvent): Promise<Outcome> {
    return this.handle(this.event(call));
  }

  /** Somebody changes something, a second ago, and the guard hears of it. */
  suffer({ change, call }: Tampering, details: Partial<CallOfEvent> = {}): Promise<Outcome> {
    change(this.cloud);
    return this.hear({ ...call, at: this.time - 1000, ...details });
  }

  event(call: CallOfEvent) {
    return eventOf({ at: this.time, eventId: `event-${this.nextEventId++}`, ...call });
  }

  /** @throws Killed where the fake ends the process */
  handle(event: unknown): Promise<Outcome> {
    const process = this.fake.process();
    const outcome = handleEvent(event, this.guardOf(process));
    outcome.catch(() => {});
    return Promise.race([outcome, process.killed]);
  }

  pass(minutes: number): void {
    this.time += minutes * 60_000;
  }

  /** Terraform takes the digest away before it changes anything. */
  beginApply(): void {
    this.cloud.parameters.delete(PARAMETERS.appliedState);
  }

  endApply(): void {
    this.fake.setParameter(
      PARAMETERS.appliedState,
      digestOf(this.cloud.parameters.get(PARAMETERS.declaredState)?.text ?? ""),
    );
  }

  declare(text: string): void {
    this.fake.setParameter(PARAMETERS.declaredState, text);
  }

  setPause(text: string): void {
    this.fake.setParameter(PARAMETERS.pause, text);
  }

  /** What people were told since this was asked last. */
  told(): PublishedMessage[] {
    return this.fake.takeMessages();
  }
}

export function pauseText(until: number, by = "Kim", reason = "moving the bucket"): string {
  return JSON.stringify({ until: new Date(until).toISOString(), reason, by });
}
