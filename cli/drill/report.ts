import { type AlertCounts, describeCounts } from "./alert";
import type { Outcome } from "./drill";
import type { Drilled } from "./look-around";

/** A drill from beginning to end. */
export interface Drill {
  readonly environment: string;
  readonly region: string;
  readonly drilled: Drilled;
  readonly limitSeconds: number;
  readonly outcome: Outcome;
  /** The counts, or why they aren't known; undefined where there was no alert to look for. */
  readonly alert: AlertCounts | string | undefined;
}

/** What `--json` prints. */
export interface DrillReport {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly trailArn: string;
  readonly limitSeconds: number;
  /** Absent without a guard that should have started the trail. */
  readonly guard?: string;
  readonly outcome: Outcome["kind"];
  /** Seconds from stop to logging again, to the millisecond; absent if only the drill started it, or it wasn't stopped. */
  readonly loggingAgainAfterSeconds?: number;
  /** Absent if it wasn't looked for or couldn't be read. */
  readonly alert?: AlertCounts;
  /** Whether a guard started the trail, and its alert was published. */
  readonly passed: boolean;
  /** Why not. */
  readonly problems: readonly string[];
}

export function drillReport(drill: Drill): DrillReport {
  const { environment, region, drilled, limitSeconds, outcome, alert } = drill;
  const problems = problemsOf(drill);
  return {
    environment,
    account: drilled.caller.accountId,
    region,
    trailArn: drilled.trail.arn,
    limitSeconds,
    ...(drilled.guard === undefined ? {} : { guard: drilled.guard.functionName }),
    outcome: outcome.kind,
    ...(outcome.kind === "healed"
      ? { loggingAgainAfterSeconds: Math.round(outcome.seconds * 1000) / 1000 }
      : {}),
    ...(typeof alert === "object" ? { alert } : {}),
    passed: problems.length === 0,
    problems,
  };
}

function problemsOf({ drilled, outcome, alert }: Drill): string[] {
  switch (outcome.kind) {
    case "not stopped":
      return [`the trail was not stopped: ${outcome.why}`];
    case "healed by the drill":
      return [`the guard did not start the trail, the drill did: ${outcome.why}`];
    case "may be stopped":
      return [
        `THE TRAIL MAY BE STOPPED: ${outcome.why}; and the drill could not start it: ${outcome.problem}`,
      ];
    case "healed":
      return drilled.guard === undefined
        ? ["the trail logs again, started by somebody else than a guard that was sure to do it"]
        : problemsOfAlert(alert);
  }
}

function problemsOfAlert(alert: AlertCounts | string | undefined): string[] {
  if (typeof alert !== "object") {
    return [`whether the alert was published is not known: ${alert ?? "it was not looked for"}`];
  }
  const { invocations, errors, messagesPublished, notificationsFailed } = alert;
  return [
    ...(invocations > 0 ? [] : ["CloudWatch knows of no run of the guard function since the stop"]),
    ...(errors > 0 ? [`the guard function failed: ${errors}`] : []),
    ...(messagesPublished > 0 ? [] : ["CloudWatch knows of no message to the guard's topic since the stop"]),
    ...(notificationsFailed > 0 ? [`notifications that SNS could not deliver: ${notificationsFailed}`] : []),
  ];
}

/** Rows of a table: what, and how it was. */
export function drillRows({ drilled, outcome, alert }: Drill): string[][] {
  return [
    ["trail", drilled.trail.arn],
    ["logging", describeOutcome(outcome)],
    ["guard", drilled.guard?.functionName ?? drilled.guardProblems.join("; ")],
    ...(alert === undefined
      ? []
      : [["alert, as CloudWatch counts it", typeof alert === "string" ? alert : describeCounts(alert)]]),
  ];
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "not stopped":
      return "all the time: it was not stopped";
    case "healed":
      return `again ${outcome.seconds.toFixed(1)} s after the stop`;
    case "healed by the drill":
      return "again, by the drill";
    case "may be stopped":
      return "NOT KNOWN: IT MAY BE STOPPED";
  }
}

/** Commands by which a person sees whether a trail logs, and starts it. */
export function byHand(region: string, trailArn: string): string {
  return [
    `  aws cloudtrail get-trail-status --region ${region} --name ${trailArn}`,
    `  aws cloudtrail start-logging --region ${region} --name ${trailArn}`,
  ].join("\n");
}
