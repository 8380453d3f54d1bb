import { oneLine } from "../shared/alert-message";
import { type ApiCall, apiCallOf, text } from "../shared/api-call";
import { type Aws, withHeadStart } from "./aws";
import { concernOf, PARTS, type Part } from "./concern";
import { type DeclaredState, digestOf, readDeclaredState } from "./declared-state";
import type { Difference } from "./difference";
import { DONE_BY_EXEMPT, isExempt } from "./exempt";
import {
  countRepair,
  type Memory,
  memoryText,
  type OpenIncident,
  print,
  readMemory,
  repairsWithin,
  unixSeconds,
} from "./memory";
import type { Observation } from "./observe";
import { readParameters, type StoredTexts } from "./parameters";
import { judgePause, type PauseVerdict } from "./pause";
import { type Decision, describe, type Finding, reconcile, whyUnseen } from "./reconcile";
import { type Report, reportMessage } from "./report";
import type { GuardSettings } from "./settings";
import { isUnseen, rowOf, takesAway, touches } from "./telling";

export interface GuardLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

export interface Guard {
  readonly settings: GuardSettings;
  readonly aws: Aws;
  readonly log: GuardLog;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What became of an event. */
export interface Outcome {
  /** `ignored`: not about this deployment; `as declared`: nothing to do or to tell. */
  readonly kind: "ignored" | "as declared" | "told";
  /** Ids of the differences that were undone, and of those that were not. */
  readonly restored: readonly string[];
  readonly left: readonly string[];
}

/**
 * Makes the deployment as declared and tells people what it found and did.
 *
 * An event of an API call has the part looked at that the call touched; a scheduled event has all of it. What the event says
 * decides nothing: only what is observed is acted on, so that old, repeated and forged events are harmless.
 *
 * @throws what AWS answers with where something could not be seen, done or told: Lambda then runs it again, and in the end
 * hands the event to the dead-letter queue
 */
export async function handleEvent(event: unknown, guard: Guard): Promise<Outcome> {
  const call = apiCallOf(event);
  const reason = reasonToIgnore(event, call, guard.settings);
  if (reason !== undefined) {
    guard.log.info("ignored", { reason });
    return { kind: "ignored", restored: [], left: [] };
  }
  // A stopped trail is the one thing that each second counts for.
  const isUrgent = call?.eventName === "StopLogging" && call.errorCode === undefined;
  const status = { Name: guard.settings.trailArn };
  const aws = isUrgent ? withHeadStart(guard.aws, "cloudtrail:GetTrailStatus", status) : guard.aws;
  for (let run = 1; ; run += 1) {
    const stored = await readParameters(aws, guard.settings.parameters);
    const outcome = await new Run({ ...guard, aws }, stored, call).run();
    if (outcome !== "outdated") {
      return outcome;
    }
    if (run === MOST_RUNS) {
      throw new Error("not restored: the declared state changed each time that it was read");
    }
  }
}

/** Terraform doesn't change the declared state as often as that while one event is handled. */
const MOST_RUNS = 3;

function reasonToIgnore(
  event: unknown,
  call: ApiCall | undefined,
  settings: GuardSettings,
): string | undefined {
  if (call === undefined) {
    return text(event, "detail-type") === "Scheduled Event"
      ? undefined
      : "neither an API call nor the schedule";
  }
  return call.principal.roleOrUserArn === settings.roleArn ? "the guard's own call" : undefined;
}

/** The part of differences in the guard's own parameters, which any run sees. */
const OWN_PART = "parameters";
const UNREADABLE = "declared-state";
/** Stands for the outcome of what people have yet to be told of. */
const UNTOLD = "";

/** Terraform takes less from one parameter to the next. */
const DESTROYING_MILLISECONDS = 1000;

/** Longer than the function's time-out. */
const LONGEST_RUN_MILLISECONDS = 120_000;

/** One run, from what is stored to what people are told. */
class Run {
  private readonly startedAt: Date;
  private readonly memory: Memory;
  private readonly notices: string[] = [];
  private readonly errors: Error[] = [];
  /** Whether nothing that is missing is made, since Terraform may be at work on it. */
  private holdsBack = false;
  /** Whether the declared state was changed during the run, or may have been: then nothing is decided by it. */
  private isOutdated = false;

  constructor(
    private readonly guard: Guard,
    private stored: StoredTexts,
    private readonly call: ApiCall | undefined,
  ) {
    this.startedAt = guard.now();
    this.memory = readMemory(stored.memory?.text ?? "");
  }

  async run(): Promise<Outcome | "outdated"> {
    const before = JSON.stringify(this.memory);
    const declared = this.declaredState();
    if (declared instanceof Error) {
      return this.end(before, this.unreadable(declared), [], undefined);
    }
    const concern = this.call === undefined ? undefined : concernOf(this.call, declared);
    if (this.call !== undefined && concern === undefined) {
      this.guard.log.info("ignored", { reason: "not about this deployment", eventName: this.call.eventName });
      return { kind: "ignored", restored: [], left: [] };
    }
    const pause = this.pause();
    const ownFindings = this.settling();
    const isAttempt = this.call?.errorCode !== undefined;
    const parts =
      this.call === undefined
        ? PARTS
        : concern?.part === undefined || isAttempt
          ? []
          : partsWith(concern.part);
    const { findings, observations } = await reconcile({
      aws: this.guard.aws,
      declared,
      parts,
      recheck: () => this.recheck(),
      decide: (difference) => this.decide(difference, pause),
      besideRepairs: (differences) => this.noteRepairs(differences),
      onRepair: () => countRepair(this.memory, this.guard.now()),
      sleep: this.guard.sleep,
    });
    this.errors.push(...observations.flatMap(({ unseen }) => [...unseen.values()]));
    if (this.isOutdated && this.errors.length === 0 && findings.every(({ fate }) => fate === "passed over")) {
      return "outdated";
    }
    return this.end(before, [...ownFindings, ...findings], observations, concern);
  }

  private async recheck(): Promise<void> {
    const { aws, settings } = this.guard;
    try {
      const stored = await readParameters(aws, settings.parameters);
      this.isOutdated ||= stored.declaredState?.text !== this.stored.declaredState?.text;
      this.stored = { ...this.stored, appliedState: stored.appliedState };
      this.settling();
    } catch (error) {
      this.errors.push(error as Error);
      this.isOutdated = true;
    }
  }

  private declaredState(): DeclaredState | Error {
    const { declaredState } = this.stored;
    try {
      return declaredState === undefined ? new Error("it is gone") : readDeclaredState(declaredState.text);
    } catch (error) {
      return error as Error;
    }
  }

  private unreadable(problem: Error): Finding[] {
    const { declaredState } = this.guard.settings.parameters;
    const what = `the declared state in the parameter ${declaredState} can't be read: ${problem.message}`;
    return [ownFinding(UNREADABLE, what, "the guard repairs nothing until it can")];
  }

  /** The pause that lasts now; tells of one that began, changed, ended or was refused. */
  private pause(): PauseVerdict {
    const { pause: parameter } = this.stored;
    const { settings } = this.guard;
    const verdict: PauseVerdict =
      parameter === undefined
        ? { kind: "none" }
        : judgePause(parameter.text, {
            setAt: parameter.modifiedAt,
            now: this.startedAt,
            longestMinutes: settings.longestPauseMinutes,
          });
    const known = this.memory.pause;
    const id = print(parameter?.text ?? "");
    const isNew = known?.id !== id;
    // One that was refused may be taken later: it is counted from when it was written last.
    if (verdict.kind === "active" && (isNew || known.isOver)) {
      const { by, reason, until } = verdict.pause;
      const verb = known !== undefined && !known.isOver ? "was changed" : "has begun";
      this.notices.push(
        `A pause ${verb}: until ${until.toISOString()} the guard restores nothing and only tells. By ${by}: ${reason}`,
      );
    }
    if (verdict.kind === "refused" && isNew) {
      this.notices.push(`A pause was refused, the guard goes on as before: ${verdict.problem}.`);
    }
    if (
      (verdict.kind === "over" && (isNew || !known.isOver)) ||
      (verdict.kind === "none" && known?.isOver === false)
    ) {
      this.notices.push("The pause is over: the guard restores again.");
    }
    if (verdict.kind === "none") {
      delete this.memory.pause;
    } else {
      this.memory.pause = { id, isOver: verdict.kind !== "active" };
    }
    return verdict;
  }

  /**
   * Whether Terraform may be at work: the declared state isn't the one whose apply finished last. For a while nothing that is
   * missing is made then, since Terraform may be about to make it, or have just taken it away.
   */
  private settling(): Finding[] {
    const { declaredState, appliedState } = this.stored;
    this.holdsBack = false;
    if (declaredState === undefined || appliedState?.text === digestOf(declaredState.text)) {
      delete this.memory.unsettledSince;
      return [];
    }
    this.memory.unsettledSince ??= unixSeconds(this.startedAt);
    // A guard that has lost its memory can't know since when: it would wait for ever.
    const seenSince = this.stored.memory === undefined ? 0 : this.memory.unsettledSince;
    const since = Math.max(seenSince, unixSeconds(declaredState.modifiedAt));
    const minutes = (unixSeconds(this.startedAt) - since) / 60;
    this.holdsBack = minutes < this.guard.settings.gracePeriodMinutes;
    if (this.holdsBack) {
      return [];
    }
    const what = "the last terraform apply has not finished, or somebody changed the guard's parameters";
    return [ownFinding("applied-state", what, "Terraform writes them")];
  }

  private decide(difference: Difference, pause: PauseVerdict): Decision {
    const { settings } = this.guard;
    const mode = settings.modes[difference.row];
    if (mode === "off") {
      return { kind: "passed over" };
    }
    if (difference.kind === "missing" && this.holdsBack) {
      return { kind: "passed over", why: "a terraform apply may be at work" };
    }
    if (this.isOutdated && difference.row !== "stop-logging") {
      return { kind: "passed over", why: "what is declared may have changed just now" };
    }
    if (difference.kind === "stronger") {
      return left("it is more than declared, which the guard never reduces");
    }
    if (this.isExempt && this.isTouched(difference)) {
      return left(DONE_BY_EXEMPT);
    }
    const leftToExempt = this.leftToExempt(difference);
    if (leftToExempt !== undefined) {
      return leftToExempt.outcome === UNTOLD
        ? left(DONE_BY_EXEMPT)
        : { kind: "passed over", why: DONE_BY_EXEMPT };
    }
    if (difference.repair === undefined) {
      return left("the guard can't make it again");
    }
    if (pause.kind === "active") {
      return left(`the guard is paused until ${pause.pause.until.toISOString()}`);
    }
    if (mode === "observe") {
      return left("the guard only observes");
    }
    if (repairsWithin(this.memory, this.guard.now(), settings.repairWindowMinutes) >= settings.repairLimit) {
      return left(
        `LIMIT REACHED: ${settings.repairLimit} repairs in ${settings.repairWindowMinutes} minutes. The guard restores nothing until they are over`,
      );
    }
    return { kind: "repair" };
  }

  /** What the lines that this run notes begin with. */
  private get note(): string {
    return `${this.startedAt.toISOString()}: `;
  }

  private get isExempt(): boolean {
    return this.call !== undefined && isExempt(this.call.principal, this.guard.settings.exemptPrincipals);
  }

  private isTouched({ id }: Difference): boolean {
    return this.call !== undefined && touches(this.call, id);
  }

  /** What is known of a difference that an exempt principal made, unless somebody else has made it since. */
  private leftToExempt(difference: Difference): OpenIncident | undefined {
    const open = this.memory.open[difference.id];
    if (open?.exemptAt === undefined || open.what !== print(difference.what)) {
      return undefined;
    }
    // An event can come late, or twice: an older call than the exempt one didn't make it.
    const isNewer = this.call !== undefined && !(callSeconds(this.call) < open.exemptAt);
    return isNewer && this.isTouched(difference) ? undefined : open;
  }

  /** So that people hear of it even if the function is cut off before it can tell. */
  private async noteRepairs(differences: readonly Difference[]): Promise<void> {
    const [first, second, ...others] = differences.map(({ what }) => what);
    const lines = [first, second, others.length > 1 ? `${others.length} more` : others[0]];
    this.memory.untold.push(
      ...lines.filter((line) => line !== undefined).map((line) => oneLine(`${this.note}${line}`)),
    );
    // Counted ahead: a run that is cut off has made them.
    const ahead = structuredClone(this.memory);
    for (const _ of differences) {
      countRepair(ahead, this.guard.now());
    }
    await this.save(ahead);
  }

  /** Tells what is new, remembers it, and throws what went wrong. */
  private async end(
    before: string,
    findings: readonly Finding[],
    observations: readonly Observation[],
    concern: { part: Part | undefined; what: string } | undefined,
  ): Promise<Outcome> {
    const untoldEarlier = this.memory.untold.filter((line) => this.isAbandoned(line));
    const news = findings.filter((finding) => this.isNews(finding));
    const rightAgain = this.rightAgain(findings, observations);
    const tellsCall = this.tellsCall(news, concern);
    const report: Report = {
      trailArn: this.guard.settings.trailArn,
      call: tellsCall ? this.call : undefined,
      touched: concern?.what,
      isExempt: this.isExempt,
      findings: tellsCall ? findings : news,
      unseen: observations.flatMap(({ unseen }) =>
        [...unseen].map(([what, error]) => `${what} could not be seen: ${describe(error)}`),
      ),
      seconds: (this.guard.now().getTime() - this.begunAt()) / 1000,
      notices: [
        ...this.notices,
        ...rightAgain.map((id) => `As declared again, and not by the guard: ${id}.`),
        ...untoldEarlier.map(
          (line) => `Found earlier, and a message about it may not have been sent: ${line}.`,
        ),
      ],
      needsTerraform:
        tellsCall &&
        this.call !== undefined &&
        concern !== undefined &&
        this.call.errorCode === undefined &&
        isUnseen(this.call, concern),
    };
    const message = reportMessage(report);
    if (message !== undefined) {
      this.guard.log.warn("told", {
        subject: message.subject,
        findings: news.map(({ difference, fate }) => `${difference.id} ${fate}`),
      });
    }
    if (message === undefined || (await this.publish(message))) {
      this.remember(findings, rightAgain, tellsCall);
    } else {
      // Told by the next run that can.
      this.forgetTelling(before, findings);
    }
    if (JSON.stringify(this.memory) !== before) {
      await this.save();
    }
    this.throwErrors(findings);
    return {
      kind: message === undefined ? "as declared" : "told",
      restored: idsOf(findings, "restored"),
      left: [...idsOf(findings, "left"), ...idsOf(findings, "failed")],
    };
  }

  /** When it began, in milliseconds: the call's time, unless that is of another clock or day. */
  private begunAt(): number {
    const time = Date.parse(this.call?.time ?? "");
    const isLately = time <= this.startedAt.getTime() && time > this.startedAt.getTime() - 24 * 3600_000;
    return isLately ? time : this.startedAt.getTime();
  }

  private isNews({ difference, fate, why }: Finding): boolean {
    const open = this.memory.open[difference.id];
    const isKnown = open?.what === print(difference.what) && open.outcome === outcomePrint(fate, why);
    return fate === "restored" || (fate !== "passed over" && !isKnown);
  }

  /** Whether a line was noted by a run that is over, since it can't last so long, and didn't tell. */
  private isAbandoned(line: string): boolean {
    return (
      this.startedAt.getTime() - Date.parse(line.slice(0, line.indexOf(": "))) > LONGEST_RUN_MILLISECONDS
    );
  }

  /** Ids of what people were told of and that has vanished since, by other hands. */
  private rightAgain(findings: readonly Finding[], observations: readonly Observation[]): string[] {
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
  private tellsCall(news: readonly Finding[], concern: { part: Part | undefined } | undefined): boolean {
    const { call } = this;
    if (call === undefined || concern === undefined || this.memory.told[callPrint(call)] !== undefined) {
      return call !== undefined && news.length > 0;
    }
    if (this.guard.settings.modes[rowOf(call)] === "off") {
      return news.length > 0;
    }
    return (
      news.length > 0 ||
      call.errorCode !== undefined ||
      takesAway(call) ||
      isUnseen(call, { part: concern.part, what: "" }) ||
      this.explains(call, concern.part)
    );
  }

  /** Whether a call may be what the guard undid on its regular look, before the call's event arrived. */
  private explains(call: ApiCall, part: Part | undefined): boolean {
    const repairedAt = this.memory.unexplained[part ?? ""];
    return repairedAt !== undefined && callSeconds(call) <= repairedAt + 1;
  }

  private async publish({ subject, body }: { subject: string; body: string }): Promise<boolean> {
    try {
      await this.guard.aws("sns:Publish", {
        TopicArn: this.guard.settings.topicArn,
        Subject: subject,
        Message: body,
      });
      return true;
    } catch (error) {
      this.errors.push(error as Error);
      return false;
    }
  }

  private remember(findings: readonly Finding[], rightAgain: readonly string[], tellsCall: boolean): void {
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
  private forgetTelling(before: string, findings: readonly Finding[]): void {
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

  private async save(memory = this.memory): Promise<void> {
    const { settings, aws, now } = this.guard;
    try {
      if (await this.hasMemory()) {
        await aws("ssm:PutParameter", {
          Name: settings.parameters.memory,
          Value: memoryText(memory, now(), settings.repairWindowMinutes),
          Overwrite: true,
        });
      }
    } catch (error) {
      this.errors.push(error as Error);
    }
  }

  /**
   * Whether the memory's parameter is still there. Only Terraform makes it: written anew after it was destroyed, it would
   * stand in the way of the next apply. Terraform destroys the declared state right before it.
   */
  private async hasMemory(): Promise<boolean> {
    const { aws, settings, sleep } = this.guard;
    let stored =
      this.stored.memory === undefined ? undefined : await readParameters(aws, settings.parameters);
    if (stored !== undefined && stored.declaredState === undefined) {
      await sleep(DESTROYING_MILLISECONDS);
      stored = await readParameters(aws, settings.parameters);
    }
    return stored?.memory !== undefined;
  }

  private throwErrors(findings: readonly Finding[]): void {
    for (const error of this.errors) {
      this.guard.log.warn("failed", { error: describe(error) });
    }
    const [first] = this.errors;
    if (first !== undefined) {
      throw first;
    }
    const failed = findings.find(({ fate }) => fate === "failed");
    if (failed !== undefined) {
      throw new Error(`not restored: ${failed.difference.what}: ${failed.why}`);
    }
  }
}

/** That a trail is gone is seen with its logging. */
function partsWith(part: Part): Part[] {
  return part === "trail" ? ["logging", part] : [part];
}

function left(why: string): Decision {
  return { kind: "left", why };
}

function ownFinding(id: string, what: string, why: string): Finding {
  return { part: OWN_PART, difference: { id, row: "irreparable", kind: "weaker", what }, fate: "left", why };
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

function idsOf(findings: readonly Finding[], fate: Finding["fate"]): string[] {
  return findings.filter((finding) => finding.fate === fate).map(({ difference }) => difference.id);
}
