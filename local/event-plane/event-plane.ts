import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { emulatorClientSettings } from "../environment";
import type { CloudTrailRecord } from "../event-of-record";
import type { Around } from "../gateway";
import type { LaterLogEvents } from "../gateway/filter-log-events";
import { RolePolicies } from "../iam/role-policies";
import { ApiCalls } from "./api-calls";
import { Callers } from "./callers";
import { Clock } from "./clock";
import { CloudWatch } from "./cloudwatch";
import { Deployed } from "./deployed";
import { Faults } from "./faults";
import { Functions } from "./functions";
import { Inbox } from "./inbox";
import { Intake } from "./intake";
import { Journal } from "./journal";
import { LogGroups } from "./log-groups";
import { MetricData } from "./metric-data";
import { MINUTE_MS } from "./metrics";
import { Queues } from "./queues";
import { type SignIn, signInRecord } from "./record";
import { Rules } from "./rules";
import { Topics } from "./topics";
import { TrailDelivery } from "./trails";
import { Work } from "./work";

/**
 * Makes what was deployed to the emulator act: each write call that passes the gateway becomes a CloudTrail record; while a
 * trail logs, the record goes to its log group, where metric filters count it and alarms fire, and its event to the event
 * rules and their targets. The functions among these run, and their calls pass the gateway with what their role allows.
 *
 * Nothing is told here of what was deployed: all is read from the emulator's API.
 */
export class EventPlane {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly inbox = new Inbox();
  readonly faults = new Faults();

  readonly #work: Work;
  #started:
    | { calls: ApiCalls; intake: Intake; functions: Functions; logGroups: LogGroups; accountId: string }
    | undefined;

  constructor(private readonly emulatorUrl: string) {
    const report = (error: unknown): void =>
      this.journal.note("unknown", "event plane", error instanceof Error ? error.message : String(error));
    this.clock = new Clock(report);
    this.journal = new Journal(() => this.clock.now());
    this.#work = new Work(report);
  }

  /** @param endpoint of the gateway: where functions find AWS */
  async start(endpoint: string): Promise<void> {
    const { emulatorUrl, clock, journal, inbox, faults } = this;
    const sts = new STSClient(emulatorClientSettings(emulatorUrl, "us-east-1"));
    const { Account: accountId = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const work = this.#work;
    // Through the gateway: what the emulator gets wrong is mended there.
    const deployed = new Deployed(endpoint);
    const roles = new RolePolicies(endpoint);
    const callers = new Callers(accountId);
    const metricData = new MetricData(emulatorUrl, clock);
    const shared = {
      emulatorUrl,
      endpoint,
      accountId,
      deployed,
      roles,
      callers,
      inbox,
      journal,
      clock,
      faults,
      work,
      metricData,
    };
    const queues = new Queues(emulatorUrl, deployed);
    const topics = new Topics({
      ...shared,
      queues,
      // Functions that fail publish, too.
      functions: { queue: (...args) => functions.queue(...args) },
    });
    const cloudWatch = new CloudWatch({ ...shared, topics });
    const logGroups = new LogGroups(shared);
    const functions: Functions = new Functions({ ...shared, logGroups, queues, topics });
    const rules = new Rules({ ...shared, functions, topics, queues });
    const delivery = new TrailDelivery({ ...shared, logGroups });
    const intake = new Intake({ ...shared, rules, delivery });
    const calls = new ApiCalls({ ...shared, functions, rules, topics, intake, logGroups });
    this.#started = { calls, intake, functions, logGroups, accountId };
    this.#eachMinute((at) => {
      for (const region of calls.regions) {
        work.begin(cloudWatch.evaluate(region, at));
      }
    });
  }

  /** Waits for what is under way, and does nothing that is due later. */
  async stop(): Promise<void> {
    this.clock.stop();
    await this.#ended();
    this.#started?.functions.close();
  }

  /** For the gateway. Until the plane is started, calls pass as they are. */
  readonly around: Around = (call, pass) => this.#started?.calls.around(call, pass) ?? pass();

  /** For the gateway, too. */
  readonly later: LaterLogEvents = (...group) => this.#started?.logGroups.later(...group) ?? [];

  /** A sign-in to the console, which is no call that could pass the gateway. */
  async signIn(signIn: Omit<SignIn, "accountId" | "time">): Promise<void> {
    const { accountId } = this.#parts;
    await this.take(signInRecord({ ...signIn, accountId, time: this.clock.now() }));
  }

  /** A record of what didn't pass the gateway. */
  async take(record: CloudTrailRecord): Promise<void> {
    const { calls, intake } = this.#parts;
    intake.take(record, await calls.trails());
  }

  /**
   * Waits until nothing is under way: no event that is being delivered, no function that runs. What waits for the clock, such
   * as a function's next try, is left.
   */
  async idle(): Promise<void> {
    await this.#ended();
    this.#started?.intake.release();
    await this.#ended();
  }

  /** Turns the clock on; what is due on the way is done, and all that follows from it. */
  async turn(milliseconds: number): Promise<void> {
    await this.idle();
    await this.clock.turn(milliseconds, () => this.idle());
  }

  /** What came due by itself begins work, and no work makes anything due at once. */
  async #ended(): Promise<void> {
    await this.clock.ended();
    await this.#work.ended();
  }

  #eachMinute(work: (at: Date) => void): void {
    const at = new Date((Math.floor(this.clock.now().getTime() / MINUTE_MS) + 1) * MINUTE_MS);
    this.clock.at(at, async () => {
      this.#eachMinute(work);
      work(at);
    });
  }

  get #parts() {
    if (this.#started === undefined) {
      throw new Error("the event plane has not been started");
    }
    return this.#started;
  }
}
