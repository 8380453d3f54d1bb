import type { Alert } from "../shared/alert";
import type { ApiCall } from "../shared/api-call";
import { type Publication, publicationOf } from "../shared/publication";
import { oneLine } from "../shared/text";
import { type Concern, concernOf, PARTS, type Part } from "./concern";
import { type DeclaredState, digestOf, readDeclaredState } from "./declared-state";
import type { Difference } from "./difference";
import { DONE_BY_EXEMPT, isExempt } from "./exempt";
import type { Guard, Outcome } from "./guard";
import { Incidents, OWN_PART, UNREADABLE, UNTOLD } from "./incidents";
import {
  countRepair,
  type Memory,
  memoryText,
  print,
  readMemory,
  repairsWithin,
  unixSeconds,
} from "./memory";
import type { Observation } from "./observe";
import { readParameters, type StoredTexts } from "./parameters";
import { judgePause, type PauseVerdict, pauseNotices } from "./pause";
import { type Decision, describe, type Finding, reconcile } from "./reconcile";
import { type Report, reportAlert } from "./report";
import { isUnseen } from "./telling";

/** Terraform takes less from one parameter to the next. */
const DESTROYING_MILLISECONDS = 1000;

/** One run, from what is stored to what people are told. */
export class Run {
  private readonly startedAt: Date;
  private readonly memory: Memory;
  private readonly incidents: Incidents;
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
    this.incidents = new Incidents(this.memory, call, this.startedAt, guard.settings.modes);
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
    this.notices.push(...pauseNotices(verdict, known?.id !== id, known?.isOver));
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
      const what = `its memory, the parameter ${this.guard.settings.parameters.memory}, is gone`;
      return this.stored.memory === undefined
        ? [ownFinding("memory", what, "without it the guard counts no repairs and repeats itself")]
        : [];
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
    if (
      this.holdsBack &&
      (difference.kind === "missing" || (this.call === undefined && !isForGuard(difference)))
    ) {
      return { kind: "passed over", why: "a terraform apply may be at work" };
    }
    if (this.isOutdated && difference.row !== "stop-logging") {
      return { kind: "passed over", why: "what is declared may have changed just now" };
    }
    if (difference.kind === "stronger") {
      return left("it is more than declared, which the guard never reduces");
    }
    if (this.isExempt && this.incidents.isTouched(difference)) {
      return left(DONE_BY_EXEMPT);
    }
    const leftToExempt = this.incidents.leftToExempt(difference);
    if (leftToExempt !== undefined) {
      return leftToExempt.outcome === UNTOLD
        ? left(DONE_BY_EXEMPT)
        : { kind: "passed over", why: DONE_BY_EXEMPT };
    }
    if (difference.repair === undefined) {
      return left(
        difference.row === "irreparable"
          ? "the guard can't make it again"
          : "it keeps more than declared, which the guard never reduces",
      );
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

  private get isExempt(): boolean {
    return this.call !== undefined && isExempt(this.call.principal, this.guard.settings.exemptPrincipals);
  }

  /** So that people hear of it even if the function is cut off before it can tell. */
  private async noteRepairs(differences: readonly Difference[]): Promise<void> {
    const [first, second, ...others] = differences.map(({ what }) => what);
    const lines = [first, second, others.length > 1 ? `${others.length} more` : others[0]];
    this.memory.untold.push(
      ...lines.filter((line) => line !== undefined).map((line) => oneLine(`${this.incidents.note}${line}`)),
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
    concern: Concern | undefined,
  ): Promise<Outcome> {
    const untoldEarlier = this.memory.untold.filter((line) => this.incidents.isAbandoned(line));
    const news = findings.filter((finding) => this.incidents.isNews(finding));
    const rightAgain = this.incidents.rightAgain(findings, observations);
    const tellsCall = this.incidents.tellsCall(news, concern);
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
        isUnseen(this.call, concern.part) &&
        !(isOfParameter(this.call) && this.memory.unsettledSince === undefined),
    };
    const alert = reportAlert(report);
    if (alert !== undefined) {
      this.guard.log.warn("told", {
        subject: alert.subject,
        findings: news.map(({ difference, fate }) => `${difference.id} ${fate}`),
      });
    }
    if (alert === undefined || (await this.publish(alert))) {
      this.incidents.remember(findings, rightAgain, tellsCall);
    } else {
      // Told by the next run that can.
      this.incidents.forgetTelling(before, findings);
    }
    if (JSON.stringify(this.memory) !== before) {
      await this.save();
    }
    this.throwErrors(findings);
    return {
      kind: alert === undefined ? "as declared" : "told",
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

  /** @returns whether people have it: routes get it after them, and what goes wrong there isn't told to people twice */
  private async publish(alert: Alert): Promise<boolean> {
    const { topicArn, routesTopicArn } = this.guard.settings;
    const publication = publicationOf(alert);
    const isTold = await this.publishTo(topicArn, publication);
    if (routesTopicArn !== undefined) {
      await this.publishTo(routesTopicArn, publication);
    }
    return isTold;
  }

  private async publishTo(topicArn: string, publication: Publication): Promise<boolean> {
    try {
      await this.guard.aws("sns:Publish", { TopicArn: topicArn, ...publication });
      return true;
    } catch (error) {
      this.errors.push(error as Error);
      return false;
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

/** A pause, or a declared state that Terraform has applied, leaves nothing to do. */
function isOfParameter({ eventName, eventSource }: ApiCall): boolean {
  return eventSource === "ssm.amazonaws.com" && eventName === "PutParameter";
}

/** That a trail is gone is seen with its logging. */
function partsWith(part: Part): Part[] {
  return part === "trail" ? ["logging", part] : [part];
}

/** Whether the guard would repair it: what it can only tell of can wait until Terraform is done with it. */
function isForGuard({ kind, repair }: Difference): boolean {
  return kind !== "stronger" && repair !== undefined;
}

function left(why: string): Decision {
  return { kind: "left", why };
}

function ownFinding(id: string, what: string, why: string): Finding {
  return { part: OWN_PART, difference: { id, row: "irreparable", kind: "weaker", what }, fate: "left", why };
}

function idsOf(findings: readonly Finding[], fate: Finding["fate"]): string[] {
  return findings.filter((finding) => finding.fate === fate).map(({ difference }) => difference.id);
}
