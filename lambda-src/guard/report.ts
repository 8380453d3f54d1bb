import { type Alert, type Fact, type Severity, TRAIL_GUARD_DETECTION } from "../shared/alert";
import type { ApiCall } from "../shared/api-call";
import { oneLine } from "../shared/text";
import { DONE_BY_EXEMPT } from "./exempt";
import type { Finding } from "./reconcile";

/** What people are told of one run of the guard. */
export interface Report {
  readonly trailArn: string;
  /** The call that woke the guard; absent for its regular look, which knows no caller. */
  readonly call?: ApiCall | undefined;
  /** What the call touched, e.g. `bucket acme-logs`. */
  readonly touched?: string | undefined;
  readonly isExempt: boolean;
  readonly findings: readonly Finding[];
  /** What could not be seen, and why. */
  readonly unseen: readonly string[];
  /** Seconds from the call, or from the moment something was found, until it was read back as declared. */
  readonly seconds: number;
  /** Whole sentences: pauses, limits, what is right again, what could not be told before. */
  readonly notices: readonly string[];
  /** Whether only Terraform can mend what the call changed. */
  readonly needsTerraform: boolean;
}

/** @returns undefined where there is nothing to tell */
export function reportAlert(report: Report): Alert | undefined {
  const { call, findings, notices, trailArn } = report;
  if (call === undefined && findings.length === 0 && notices.length === 0) {
    return undefined;
  }
  const trail = trailArn.slice(trailArn.lastIndexOf("/") + 1);
  const title = `Trail guard: ${headlineOfSubject(report)}`;
  return {
    subject: `${title} - ${trail}`,
    title,
    severity: severityOf(report),
    detection: TRAIL_GUARD_DETECTION,
    summary: headline(report),
    calls: call === undefined ? [] : [call],
    facts: [...callerUnknown(report), { label: "Trail", lines: [trailArn] }],
    items: [...findings.map((finding) => findingLine(finding, report)), ...report.unseen],
    notices,
    steps: toDo(report),
    links: [],
  };
}

function severityOf({ call, findings, isExempt, needsTerraform, unseen }: Report): Severity {
  const open = findings.filter(({ fate }) => fate !== "restored");
  if (open.some(({ why }) => why !== DONE_BY_EXEMPT) || (needsTerraform && !isExempt)) {
    return "critical";
  }
  if (open.length < findings.length || unseen.length > 0) {
    return "high";
  }
  if (call?.errorCode !== undefined) {
    return "medium";
  }
  // What is as declared again may have been undone by an earlier run, which didn't know who did it.
  return call === undefined || isExempt ? "low" : "high";
}

function headlineOfSubject(report: Report): string {
  const { call, findings, notices, unseen } = report;
  const undone = findings.filter(({ fate }) => fate === "restored").length;
  const open = findings.length - undone;
  const exempt = findings.filter(({ why }) => why === DONE_BY_EXEMPT).length;
  const what = call === undefined ? undefined : oneLine(call.eventName, 40);
  if (call?.errorCode !== undefined) {
    return `attempt ${what}`;
  }
  if (open > 0 && open === exempt && what !== undefined) {
    return `${what} by an exempt principal`;
  }
  if (open > 0) {
    return `ACTION NEEDED, ${what ?? `${open} ${open === 1 ? "difference" : "differences"}`}`;
  }
  if (report.needsTerraform) {
    return `ACTION NEEDED, ${what}`;
  }
  if (undone > 0) {
    return what === undefined ? `${undone} restored` : `${what} undone`;
  }
  if (what !== undefined && unseen.length > 0) {
    return `NOT CHECKED, ${what}`;
  }
  return what ?? oneLine(notices[0] ?? "", 60);
}

function headline(report: Report): string {
  const { call, findings, isExempt, touched, unseen } = report;
  const undone = findings.filter(({ fate }) => fate === "restored").length;
  const open = findings.length - undone;
  if (call?.errorCode !== undefined) {
    return `An attempt that AWS refused: ${oneLine(call.eventName)} on ${oneLine(touched ?? "the trail")}. Nothing was changed.`;
  }
  const done =
    call === undefined
      ? "The guard looked"
      : `${oneLine(call.eventName)} on ${oneLine(touched ?? "the trail")}`;
  const unsure = unseen.length > 0 ? ", and not all of it could be seen" : "";
  if (open > 0) {
    const rest = undone > 0 ? `, ${undone} restored` : "";
    return `${done}: ${open} ${open === 1 ? "thing is" : "things are"} NOT as declared${rest}${unsure}.`;
  }
  if (undone > 0) {
    return `${done}: ${undone === 1 ? "it was" : `${undone} things were`} not as declared and ${undone === 1 ? "is" : "are"} restored${unsure}.`;
  }
  if (call === undefined) {
    return "News of the guard.";
  }
  if (report.needsTerraform) {
    return `${done}: the guard can't see or restore what this changes.`;
  }
  if (unseen.length > 0) {
    return `${done}: the guard could not see whether all of it is as declared.`;
  }
  return `${done}${isExempt ? ", by an exempt principal" : ""}: all of it is as declared now.`;
}

function callerUnknown({ call, findings }: Report): Fact[] {
  return call !== undefined || findings.length === 0
    ? []
    : [{ label: "Who", lines: ["unknown: found by the regular look, with no event of a call"] }];
}

function findingLine({ difference, fate, why = "" }: Finding, { seconds, call }: Report): string {
  const outcome = {
    restored: `restored, ${Math.max(0, Math.round(seconds * 10) / 10)} s after ${call === undefined ? "it was found" : "the call"}`,
    failed: `NOT restored: ${oneLine(why, 400)}`,
    left: `left: ${oneLine(why, 400)}`,
    "passed over": `left for now: ${oneLine(why, 400)}`,
  }[fate];
  return `${oneLine(difference.what, 400)}: ${outcome}`;
}

function toDo({ call, findings, isExempt, needsTerraform, unseen }: Report): string[] {
  const open = findings.filter(({ fate }) => fate !== "restored");
  const onlyTerraform = needsTerraform || open.some(({ difference }) => difference.kind !== "stronger");
  const steps = [
    ...(onlyTerraform && call?.errorCode === undefined ? ["run terraform apply"] : []),
    ...(unseen.length > 0 ? ["run terraform plan, which sees what the guard could not"] : []),
    ...(open.some(({ difference }) => difference.kind === "stronger")
      ? ["declare what is more than declared, or take it back yourself"]
      : []),
    ...(call === undefined && findings.length > 0 ? ["see in CloudTrail's event history who did it"] : []),
    ...(call === undefined || isExempt
      ? []
      : ["if you don't know the caller, disable its credentials and read what else it did"]),
  ];
  return steps.length === 0 ? ["nothing"] : steps;
}
