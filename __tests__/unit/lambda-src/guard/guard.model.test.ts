import fc from "fast-check";
import type { AwsCallName } from "../../../../lambda-src/guard/aws";
import {
  BUCKET,
  DECLARED,
  KEY_ARN,
  KEY_ID,
  LOG_GROUP,
  TRAIL_ARN,
  TRAIL_SETTINGS,
} from "./support/deployment";
import { GUARD_ITSELF, MALLORY, REGULAR_LOOK, TERRAFORM, TERRAFORM_ROLE_ARN } from "./support/events";
import {
  AwsError,
  cloudAsDeclared,
  FAULTS,
  type Fault,
  isWrite,
  Killed,
  type PublishedMessage,
  type RecordedCall,
} from "./support/fake-aws";
import { pauseText, Scene } from "./support/scene";
import { strengths, weaknesses } from "./support/strength";
import { IRREPARABLE, RESTORABLE, STRONGER, type Tampering, tampering } from "./support/tampering";

/** What goes wrong in a run: with which of its calls, and how. */
type FaultsOfRun = readonly { readonly nth: number; readonly fault: Fault }[];

/** One thing that happens. An event waits until it is heard; which one is heard is counted among those that wait. */
type Step =
  | { readonly does: "tamper"; readonly what: string; readonly by: "mallory" | "terraform" }
  /** AWS refuses the call. */
  | { readonly does: "try"; readonly what: string }
  /** The guard's own call has an event too. */
  | { readonly does: "echo"; readonly what: string }
  | { readonly does: "hear"; readonly nth: number; readonly again: boolean; readonly faults: FaultsOfRun }
  | { readonly does: "look"; readonly faults: FaultsOfRun }
  /** Two runs at once; `nth` as above, `undefined` for a regular look. */
  | {
      readonly does: "hear both";
      readonly nth: readonly (number | undefined)[];
      readonly seed: number;
      readonly faults: FaultsOfRun;
    }
  | { readonly does: "wait"; readonly minutes: number }
  | { readonly does: "pause"; readonly minutes: number }
  | { readonly does: "begin apply" }
  | { readonly does: "end apply" };

const names = (tamperings: readonly Tampering[]) => tamperings.map(({ name }) => name);
const what = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...names(RESTORABLE)) },
  { weight: 2, arbitrary: fc.constantFrom(...names(STRONGER)) },
  { weight: 1, arbitrary: fc.constantFrom(...names(IRREPARABLE)) },
);
const nth = fc.nat(5);
const faults = fc.oneof(
  { weight: 2, arbitrary: fc.constant<FaultsOfRun>([]) },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ nth: fc.nat(40), fault: fc.constantFrom(...FAULTS) }), {
      minLength: 1,
      maxLength: 4,
    }),
  },
);
const tamper = fc.record({
  does: fc.constant("tamper" as const),
  what,
  by: fc.constantFrom("mallory" as const, "mallory" as const, "terraform" as const),
});
const hear = fc.record({ does: fc.constant("hear" as const), nth, again: fc.boolean(), faults });
const look = fc.record({ does: fc.constant("look" as const), faults });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: tamper },
  { weight: 7, arbitrary: hear },
  { weight: 4, arbitrary: look },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("hear both" as const),
      nth: fc.tuple(fc.option(nth, { nil: undefined }), fc.option(nth, { nil: undefined })),
      seed: fc.nat(),
      faults,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("try" as const), what }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("echo" as const), what }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("pause" as const), minutes: fc.integer({ min: 1, max: 500 }) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ does: "begin apply" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ does: "end apply" }) },
);

const AS_DECLARED = strengths(cloudAsDeclared(DECLARED), DECLARED);
const MINUTE = 60_000;
const MOST_CALLS_OF_A_RUN = 150;

const TRAIL_CALLS: readonly AwsCallName[] = [
  "cloudtrail:StartLogging",
  "cloudtrail:UpdateTrail",
  "cloudtrail:PutEventSelectors",
  "cloudtrail:PutInsightSelectors",
  "cloudtrail:AddTags",
];
const BUCKET_CALLS: readonly AwsCallName[] = [
  "s3:PutBucketPolicy",
  "s3:PutBucketLifecycleConfiguration",
  "s3:PutBucketVersioning",
  "s3:PutBucketEncryption",
  "s3:PutPublicAccessBlock",
  "s3:PutBucketOwnershipControls",
];

/** Calls and what they may name: all that the declared state gives reason for. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...TRAIL_CALLS.map((call) => `${call} ${TRAIL_ARN}`),
  `cloudtrail:CreateTrail trailwarden, ${TRAIL_SETTINGS.bucketName}`,
  ...BUCKET_CALLS.map((call) => `${call} ${BUCKET}`),
  `kms:CancelKeyDeletion ${KEY_ID}`,
  `kms:EnableKey ${KEY_ID}`,
  `logs:PutRetentionPolicy ${LOG_GROUP}`,
  `logs:AssociateKmsKey ${LOG_GROUP}, ${KEY_ARN}`,
  ...DECLARED.logGroup.metricFilters.map(({ name }) => `logs:PutMetricFilter ${LOG_GROUP}, ${name}`),
  ...DECLARED.alarms.map(({ name }) => `cloudwatch:EnableAlarmActions ${name}`),
  ...DECLARED.rules.map((name) => `events:EnableRule ${name}`),
]);

function signatures({ name, input }: RecordedCall): string[] {
  const { AlarmNames, ...named } = input as Readonly<Record<string, string>> & { AlarmNames?: string[] };
  if (AlarmNames !== undefined) {
    return AlarmNames.map((alarm) => `${name} ${alarm}`);
  }
  const resource =
    named.Name ??
    named.TrailName ??
    named.ResourceId ??
    named.Bucket ??
    named.KeyId?.replace(/^.*\//, "") ??
    named.logGroupName;
  const detail =
    name === "cloudtrail:CreateTrail" ? named.S3BucketName : (named.filterName ?? named.kmsKeyId);
  return [`${name} ${[resource, detail].filter((part) => part !== undefined).join(", ")}`];
}

/** A deployment, its guard and what happens to both, with what must hold at each moment. */
class Model {
  readonly scene: Scene;
  /** Events that wait, newest last. */
  private readonly events: unknown[] = [];
  /** Ids of what an exempt principal may have changed: it may stay so. */
  private readonly exempt = new Set<string>();
  private isBroken = false;
  private applyBeganAt: number | undefined;
  private pausedUntil = 0;
  private readonly wrong: string[] = [];
  private readonly messages: string[] = [];
  private readonly callsAllowed: number;

  constructor(steps: readonly Step[], repairLimit: number) {
    this.scene = new Scene({ settings: { exemptPrincipals: [TERRAFORM_ROLE_ARN], repairLimit } });
    this.scene.fake.around = (call, effect) => this.watched(call, effect);
    // A run that is cut off, or beside another, may not know of all repairs.
    const unsure = steps.filter(
      (step) => "faults" in step && (step.does === "hear both" || step.faults.length > 0),
    );
    // A repair takes four calls at most.
    this.callsAllowed = 4 * repairLimit * (1 + unsure.length);
  }

  private watched(call: RecordedCall, effect: () => object): object {
    if (!isWrite(call)) {
      return effect();
    }
    // The guard takes what is thrown here for an answer of AWS: what is wrong is kept until the run is over.
    this.wrong.push(...signatures(call).filter((signature) => !ALLOWED.has(signature)));
    if (call.at < this.pausedUntil) {
      this.wrong.push(`${call.name} in a pause`);
    }
    const applies = this.applyBeganAt === undefined ? Number.POSITIVE_INFINITY : call.at - this.applyBeganAt;
    if (call.name === "cloudtrail:CreateTrail" && applies < this.scene.settings.gracePeriodMinutes * MINUTE) {
      this.wrong.push("cloudtrail:CreateTrail during an apply");
    }
    const before = strengths(this.scene.cloud, DECLARED);
    const output = effect();
    const weaker = weaknesses(strengths(this.scene.cloud, DECLARED), before);
    this.wrong.push(...weaker.map((aspect) => `${call.name} weakened ${aspect}`));
    return output;
  }

  async take(step: Step): Promise<void> {
    const { scene } = this;
    scene.time += 1000;
    switch (step.does) {
      case "tamper": {
        const { change, call, difference } = tampering(step.what);
        change(scene.cloud);
        this.isBroken ||= names(IRREPARABLE).includes(step.what);
        const isExempt = step.by === "terraform";
        if (isExempt) this.exempt.add(idOf(difference));
        this.events.push(scene.event({ ...call, userIdentity: isExempt ? TERRAFORM : MALLORY }));
        return;
      }
      case "try":
        this.events.push(scene.event({ ...tampering(step.what).call, errorCode: "AccessDenied" }));
        return;
      case "echo": {
        const calls = scene.fake.calls.length;
        await scene.hear({ ...tampering(step.what).call, userIdentity: GUARD_ITSELF });
        if (scene.fake.calls.length > calls) this.wrong.push("calls for a call of its own");
        return;
      }
      case "hear":
        return this.run([this.eventOf(step.nth, step.again)], step.faults);
      case "look":
        return this.run([REGULAR_LOOK], step.faults);
      case "hear both": {
        scene.fake.delay = randomDelay(step.seed);
        await this.run(
          step.nth.map((nth) => (nth === undefined ? REGULAR_LOOK : this.eventOf(nth, true))),
          step.faults,
        );
        scene.fake.delay = () => 0;
        return;
      }
      case "wait":
        scene.pass(step.minutes);
        return;
      case "pause": {
        const until = scene.time + step.minutes * MINUTE;
        scene.setPause(pauseText(until));
        this.pausedUntil = step.minutes <= scene.settings.longestPauseMinutes ? until : 0;
        return;
      }
      case "begin apply":
        this.applyBeganAt ??= scene.time;
        scene.beginApply();
        return;
      case "end apply":
        this.applyBeganAt = undefined;
        scene.endApply();
    }
  }

  private eventOf(nth: number, again: boolean): unknown {
    const index = Math.max(0, this.events.length - 1 - nth);
    const event = this.events[index] ?? REGULAR_LOOK;
    if (!again) this.events.splice(index, 1);
    return event;
  }

  private async run(events: readonly unknown[], faults: FaultsOfRun): Promise<void> {
    const { fake } = this.scene;
    const first = fake.calls.length;
    let calls = 0;
    fake.faultOf = () => {
      calls += 1;
      return faults.find(({ nth }) => nth === calls)?.fault;
    };
    for (const result of await Promise.allSettled(events.map((event) => this.scene.handle(event)))) {
      if (result.status === "rejected") this.expectHonest(result.reason);
    }
    fake.heal();
    if (fake.calls.length - first > events.length * MOST_CALLS_OF_A_RUN) {
      this.wrong.push(`${fake.calls.length - first} calls in a run`);
    }
  }

  private expectHonest(error: unknown): void {
    if (error instanceof Killed || (error instanceof AwsError && error.isInjected)) {
      return;
    }
    if (!(error instanceof Error) || !error.message.startsWith("not restored:")) {
      throw error;
    }
  }

  /** Nothing goes wrong any more: regular looks make it as declared, and then are quiet. */
  async settle(): Promise<void> {
    const { scene } = this;
    scene.endApply();
    scene.setPause("none");
    this.applyBeganAt = undefined;
    this.pausedUntil = 0;
    for (let look = 1, writes = 1; writes > 0 && look <= 30; look += 1) {
      scene.pass(16);
      const before = scene.fake.writes.length;
      await this.run([REGULAR_LOOK], []);
      writes = this.isHampered ? Number(look < 6) : scene.fake.writes.length - before;
    }
    const weak = weaknesses(strengths(scene.cloud, DECLARED), AS_DECLARED).filter((aspect) =>
      this.mustHold(aspect),
    );
    this.wrong.push(...weak.map((aspect) => `${aspect} is left weak`));
    if (!this.isHampered) {
      this.messages.push(...textsOf(scene.told()));
      scene.pass(16);
      const { kind, restored } = await scene.look();
      if (kind !== "as declared" || restored.length > 0 || scene.told().length > 0) {
        this.wrong.push("the last look has something to do, or to tell");
      }
    }
  }

  /** Whether an aspect must be as declared in the end: what is gone, or left as it is, may keep another from it. */
  private mustHold(aspect: string): boolean {
    const { trail } = this.scene.cloud;
    const isExempt = [...this.exempt].some((id) => aspect.startsWith(`${id}/`));
    const isKept = this.isHampered && /^(?:trail|bucket|key|log-group|metric-filter)/.test(aspect);
    return (
      !isExempt &&
      (!isKept || (aspect === "trail.logging/" && trail !== undefined && !this.exempt.has("trail")))
    );
  }

  private get isHampered(): boolean {
    return (
      this.isBroken ||
      ["trail", "trail.event-selectors", "bucket.policy", "key.state"].some((id) => this.exempt.has(id))
    );
  }

  /** What must not have happened, and did. */
  whatWentWrong(): readonly string[] {
    const { fake, settings } = this.scene;
    const times = fake.writes.map(({ at }) => at);
    const window = settings.repairWindowMinutes * MINUTE;
    const most = times.map((start, index) => times.slice(index).filter((at) => at < start + window).length);
    const messages = [...this.messages, ...textsOf(fake.messages)];
    const unreadable = messages.filter((message) => /undefined|\[object|NaN/.test(message));
    return [
      ...this.wrong,
      ...(Math.max(0, ...most) > this.callsAllowed ? [`${Math.max(...most)} writes in a window`] : []),
      ...unreadable,
    ];
  }
}

function textsOf(messages: readonly PublishedMessage[]): string[] {
  return messages.map(({ subject, body }) => `${subject}\n${body}`);
}

/** A call that makes one thing stronger may make it weaker too; one that changes an alarm may disable its actions. */
function idOf(difference: string): string {
  return difference.startsWith("alarm.") ? "alarms.actions" : difference.replace(".stronger", "");
}

/** Numbers that look random, the same for the same seed. */
function randomDelay(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state % 7;
  };
}

describe("the guard, whatever happens", () => {
  it("makes it as declared in the end, weakens nothing, touches nothing else and stays within its limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.constantFrom(2, 5, 100),
        async (steps, repairLimit) => {
          const model = new Model(steps, repairLimit);
          for (const step of steps) {
            await model.take(step);
          }
          await model.settle();
          expect(model.whatWentWrong()).toEqual([]);
        },
      ),
      { numRuns: 1200 },
    );
  });
});
