import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { StackSettings } from "../../config";
import type { EventPlane } from "../../local/event-plane/event-plane";
import type { Fault } from "../../local/event-plane/faults";
import type { Attack } from "./attacks";
import { expectationOf } from "./expectation";
import { type Rehearsed, rehearse } from "./rehearse";
import { Target } from "./target";

export interface RehearsalSettings {
  readonly settings: StackSettings;
  readonly endpoint: string;
  readonly plane: EventPlane;
  /** Terraform's, of the deployment. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

const MINUTE_MS = 60_000;
/** An alarm of five minutes falls back some periods after its last data point; one that stays isn't waited for. */
const QUIET_LIMIT_MINUTES = 20;

/** A deployment that is attacked again and again, each time from a state in which all is well. */
export class Rehearsal {
  private constructor(
    private readonly options: RehearsalSettings,
    private readonly target: Target,
  ) {}

  static async of(options: RehearsalSettings): Promise<Rehearsal> {
    const { endpoint, plane, outputs, settings } = options;
    const target = await Target.of({
      endpoint,
      region: settings.region,
      trailArn: String(outputs.trail_arn),
      guardFunctionName: String(outputs.guard_function_name),
      plane,
    });
    const rehearsal = new Rehearsal(options, target);
    await rehearsal.settle();
    return rehearsal;
  }

  get trailArn(): string {
    return this.target.trail.arn;
  }

  /** @param faults that happen from the attack on until it is answered */
  async attack(attack: Attack, faults: readonly Fault[]): Promise<Rehearsed> {
    const { settings, plane, signal } = this.options;
    await this.untilQuiet();
    plane.faults.set(faults);
    try {
      return await rehearse(attack, {
        target: this.target,
        expectation: expectationOf(attack, settings),
        eventsAreCut: faults.some(({ kind }) => kind === "cut"),
        signal,
      });
    } finally {
      plane.faults.set([]);
    }
  }

  /** Lets what an apply sets off itself come to an end: the guard has looked once, and is not taken for silent. */
  async settle(): Promise<void> {
    const { plane, settings } = this.options;
    await plane.turn(((settings.guard?.everyMinutes ?? 5) + 1) * MINUTE_MS);
  }

  /** Waits until no alarm is set off any more: alarms tell of a change only. */
  private async untilQuiet(): Promise<void> {
    const { plane, signal } = this.options;
    for (let minute = 0; minute < QUIET_LIMIT_MINUTES && (await this.isSetOff()); minute++) {
      signal?.throwIfAborted();
      await plane.turn(MINUTE_MS);
    }
  }

  private async isSetOff(): Promise<boolean> {
    const { MetricAlarms = [] } = await this.target.cloudWatch.send(
      new DescribeAlarmsCommand({ StateValue: "ALARM" }),
    );
    return MetricAlarms.length > 0;
  }
}
