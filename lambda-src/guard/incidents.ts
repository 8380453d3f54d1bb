import type { ApiCall } from "../shared/api-call";
import type { Concern, Part } from "./concern";
import type { Difference } from "./difference";
import { DONE_BY_EXEMPT } from "./exempt";
import { type Memory, type OpenIncident, print, unixSeconds } from "./memory";
import type { Observation } from "./observe";
import { type Finding, whyUnseen } from "./reconcile";
import type { GuardSettings } from "./settings";
import { isUnseen, rowOf, takesAway, touches } from "./telling";

/** The part of differences in the guard's own parameters, which any run sees. */
export const OWN_PART = "parameters";
/** Id of the difference that the declared state can't be read. */
export const UNREADABLE = "declared-state";
/** Stands for the outcome of what people have yet to be told of. */
export const UNTOLD = "";

/** Longer than the function's time-out. */
const LONGEST_RUN_MILLISECONDS = 120_000;

/** What people know of, and what is news to them: by the memory of earlier runs, which it keeps. */
export class Incidents {
  constructor(
    private readonly memory: Memory,
    private readonly call: ApiCall | undefined,
    private readonly startedAt: Date,
    private readonly modes: GuardSettings["modes"],
  ) {}

  /** What the lines that this run notes begin with. */
  get note(): string {
    return `${this.startedAt.toISOString()}: `;
  }

  isTouched({ id }: Difference): boolean {
    return this.call !== undefined && touches(this.call, id);
  }

  /** What is known of a difference that an exempt principal made, unless somebody else has made it since. */
  leftToExempt(difference: Difference): OpenIncident | undefined {
    const open = this.memory.open[difference.id];
    if (open?.exemptAt === undefined || open.what !== print(difference.what)) {
      return undefined;
    }
    // An event can come late, or twice: an older call than the exempt one didn't make it.
    const isNewer = this.call !== undefined && !(callSeconds(this.call) < open.exemptAt);
    return isNewer && this.isTouched(difference) ? undefined : open;
  }

  isNews({ difference, fate, why }: Finding): boolean {
    const open = this.memory.open[difference.id];
    const isKnown = open?.what === print(difference.what) && open.outcome === outcomePrint(fate, why);
    return fate === "restored" || (fate !== "passed over" && !isKnown);
  }

  /** Whether a line was noted by a run that is over, since it can't last so long, and didn't tell. */
  isAbandoned(line: string): boolean {
    return (
      this.startedAt.getTime() - Date.parse(line.slice(0, line.indexOf(": "))) > LONGEST_RUN_MILLISECONDS
    );
  }

  /** Ids of what people were told of and that has vanished since, by other hands. */
  rightAgain(findings: readonly Finding[], observations: readonly Observation[]): string[] {
    if (findings.some(({ difference }) => difference.id === UNREADABLE)) {
      return [];
    }
    const found = new Set(findings.map(({ difference }) => difference.id));
    const isSeenRight = (id: string, observation: Observation) =>
      whyUnseen(id, observation) === undefined && !observation.differences.some((one) => one.id === id);
    return Object.entries(this.memory.open)
      .filter(([id, { part }]) => {
        const observation = observations.find((one) => one.part === part);
        return part === OWN_PART || (observation !== undefined && isSeenRight(id, observation));
      })
      .map(([id]) => id)
      .filter((id) => !found.has(id));
  }

  /** Whether people are told of the call, once, even if all is as declared by now. */
  tellsCall(news: readonly Finding[], concern: Pick<Concern, "part"> | undefined): boolean {
    const { call } = this;
    if (call === undefined || concern === undefined || this.memory.told[callPrint(call)] !== undefined) {
      return call !== undefined && news.length > 0;
    }
    if (this.modes[rowOf(call)] === "off") {
      return news.length > 0;
    }
    return (
      news.length > 0 ||
      call.errorCode !== undefined ||
      takesAway(call) ||
      isUnseen(call, concern.part) ||
      this.explains(call, concern.part)
    );
  }

  /** Whether a call may be what the guard undid on its regular look, before the call's event arrived. */
  private explains(call: ApiCall, part: Part | undefined): boolean {
    const repairedAt = this.memory.unexplained[part ?? ""];
    return repairedAt !== undefined && callSeconds(call) <= repairedAt + 1;
  }

  remember(findings: readonly Finding[], rightAgain: readonly string[], tellsCall: boolean): void {
    const { memory, call } = this;
    memory.untold = memory.untold.filter((line) => !this.isAbandoned(line) && !line.startsWith(this.note));
    for (const id of rightAgain) {
      delete memory.open[id];
    }
    for (const finding of findings) {
      const { part, difference, fate, why } = finding;
      if (fate === "restored") {
        delete memory.open[difference.id];
        if (!this.isTouched(difference)) {
          memory.unexplained[part] = unixSeconds(this.startedAt);
        }
      } else if (fate !== "passed over") {
        memory.open[difference.id] = this.openIncident(finding, outcomePrint(fate, why));
      }
    }
    if (call !== undefined && tellsCall) {
      memory.told[callPrint(call)] = unixSeconds(this.startedAt);
    }
  }

  private openIncident({ part, difference, why }: Finding, outcome: string): OpenIncident {
    const known = this.memory.open[difference.id]?.exemptAt;
    const isByCall = this.call !== undefined && this.isTouched(difference);
    const calledAt = isByCall ? callSeconds(this.call) || unixSeconds(this.startedAt) : undefined;
    const exemptAt =
      known === undefined || calledAt === undefined ? (calledAt ?? known) : Math.max(known, calledAt);
    return {
      part,
      what: print(difference.what),
      outcome,
      ...(why === DONE_BY_EXEMPT && exemptAt !== undefined ? { exemptAt } : {}),
    };
  }

  /** What an exempt principal made is left all the same. */
  forgetTelling(before: string, findings: readonly Finding[]): void {
    const { open, told, pause, unexplained } = JSON.parse(before) as Memory;
    Object.assign(this.memory, { open, told, unexplained });
    for (const finding of findings.filter(({ fate, why }) => fate === "left" && why === DONE_BY_EXEMPT)) {
      open[finding.difference.id] = this.openIncident(finding, UNTOLD);
    }
    if (pause === undefined) {
      delete this.memory.pause;
    } else {
      this.memory.pause = pause;
    }
  }
}

/** An attempt is told of once for a caller and a call, however often it is made; what AWS carried out, each time. */
function callPrint({ errorCode, principal, eventName, eventId }: ApiCall): string {
  return errorCode === undefined ? print(eventId) : print("attempt", principal.arn, eventName);
}

/** When a call was made, in Unix seconds. */
function callSeconds({ time }: ApiCall): number {
  return Date.parse(time) / 1000;
}

/** An error's text can differ each time: that it failed is told once. */
function outcomePrint(fate: Finding["fate"], why?: string): string {
  return fate === "left" ? print(fate, why ?? "") : fate;
}
